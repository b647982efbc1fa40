"""The persons that an entry names: each by its id or number in the registry; the record keeps the id, and the name as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from models.people import persons
from models.records.record import Actor
from models.schemas.errors import CaseFileError, FieldError, shown
from rules.book.actions import Action
from rules.book.contract.fields import Field, Part, Plain
from rules.book.contract.people import PersonRef
from service.usecases.entry import Entry

_ACTOR = "actor.name"


def with_persons(session: Session, action: Action, entry: Entry, *, by_name: bool = False) -> Entry:
    """The entry with everybody whom it names as the registry knows them. by_name: whether a name will do that one person alone bears,
    also of who acts, who else is known before.

    Raises CaseFileError, with every one whom it does not know.
    """
    named = dict(_named("details", action.fields, entry.details))
    if by_name and entry.actor.id is None:
        named[_ACTOR] = entry.actor.name
    found = dict(persons.named(session, set(named.values())))
    if by_name:
        found |= persons.alone(session, {given for given in named.values() if given not in found})
    faults = [FieldError(path, unknown(given)) for path, given in named.items() if given not in found]
    if faults:
        raise CaseFileError(faults)
    actor = replace(entry.actor, **_actor(found[named[_ACTOR]])) if _ACTOR in named else entry.actor
    return replace(entry, details=_with(action.fields, entry.details, found), actor=actor)


def by_person(session: Session, actor: Actor) -> Actor:
    """Who acts, named by an id, a number, or a name that one person alone bears. Raises CaseFileError."""
    given = {actor.name}
    found = persons.named(session, given).get(actor.name) or persons.alone(session, given).get(actor.name)
    if found is None:
        raise CaseFileError([FieldError("actor", unknown(actor.name))])
    return replace(actor, name=found.name, id=found.id)


def competent(session: Session, approvers: frozenset[str]) -> frozenset[PersonRef] | None:
    """The leaders configured as competent to approve, by id or number, as far as the registry knows them; None where none is."""
    return frozenset(persons.named(session, approvers).values()) if approvers else None


def unknown_approvers(session: Session, approvers: frozenset[str]) -> list[str]:
    """A sentence for each leader who is configured as competent and whom the registry does not know: nobody approves as that one."""
    known = persons.named(session, approvers)
    return [
        f"WENZE_APPROVERS 中的“{shown(one)}”不是人员登记中的工号：应写工号，以“、”分隔；改正之前，无人能以此批准启动调查"
        for one in sorted(approvers - known.keys())
    ]


def unknown(given: str) -> str:
    """What is said of somebody whom the registry does not know."""
    return f"人员登记中没有工号或者标识为“{shown(given)}”的人：请查找并选定其中一人；校外人员先登记，与另一人同名的先由另一人核实"


def _actor(person: PersonRef) -> dict[str, Any]:
    return {"name": person.name, "id": person.id}


def _named(path: str, fields: Sequence[Field], said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Path → whom it names, for every field of a person."""
    for field in fields:
        value: Any = said.get(field.id)
        many = isinstance(value, (list, tuple))
        for at, one in enumerate(value if many else (value,)):
            here = f"{path}.{field.id}[{at}]" if many else f"{path}.{field.id}"
            if field.kind is Plain.PERSON and isinstance(one, str):
                yield here, one
            elif isinstance(field.kind, Part) and isinstance(one, Mapping):
                yield from _named(here, field.kind.fields, one)


def _with(fields: Sequence[Field], said: Mapping[str, Any], found: Mapping[str, PersonRef]) -> dict[str, Any]:
    def one(kind: object, value: Any) -> Any:
        if kind is Plain.PERSON and isinstance(value, str):
            return {"id": found[value].id, "name": found[value].name}
        return _with(kind.fields, value, found) if isinstance(kind, Part) and isinstance(value, Mapping) else value

    kinds = {field.id: field.kind for field in fields}
    return {
        name: tuple(one(kinds.get(name), part) for part in value)
        if isinstance(value, (list, tuple))
        else one(kinds.get(name), value)
        for name, value in said.items()
    }
