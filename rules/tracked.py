"""The duties that are followed up after a decision, as the rulebook lists them. Source: art-9.2.2.d – art-9.5, art-7.2.b."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rules.book_file import BookFile
from rules.procedure import TrackedDuty
from rules.rulebook import Provision, Reading

_TAKEN_OVER = ("provision", "who", "what", "source", "due", "when_measure")


def tracked_of(
    file: BookFile, provisions: Mapping[str, Provision], readings: Mapping[str, Reading]
) -> Mapping[str, TrackedDuty]:
    """The file's tracked duties; one ``of`` a duty takes over what it does not say itself. Raises RulebookError."""
    duties = {row["id"]: row for row in file.data["duties"]}
    found: dict[str, TrackedDuty] = {}
    for position, row in enumerate(file.data["tracked"]):
        place = ("tracked", position)
        if row["id"] in found:
            raise file.error(place, f"职责 {row['id']} 重复")
        base = {}
        if "of" in row:
            file.known(place, row["of"], duties, "职责")
            base = {name: duties[row["of"]][name] for name in _TAKEN_OVER if name in duties[row["of"]]}
        made = TrackedDuty(**{**base, **{name: value for name, value in row.items() if name != "of"}})
        file.known(place, made.provision, provisions, "条款")
        if made.reading is not None:
            file.known(place, made.reading, readings, "解释")
        found[made.id] = made
    return MappingProxyType(found)
