"""A person, as a record names one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonRef:
    """name: as it was when the record was written, for reading; id: in the registry of persons, None where it is not known which
    person a record from before there was one names."""

    name: str
    id: str | None = None

    def __str__(self) -> str:
        return self.name
