"""Persons of the registry for the names that tests write: each is entered where it is named, under its name as number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models.people import persons
from models.people.names import name_fault
from models.store.database import reading, writing
from rules.book.actions import Action
from rules.book.contract.people import PersonRef
from rules.reasoning.editions import Books
from service.usecases.cases import act_on_case as use_cases
from service.usecases.cases.act_on_case import CaseOutcome
from service.usecases.chosen import with_persons
from service.usecases.entry import Entry
from service.usecases.matters import act_on_matter as use_matters
from service.usecases.matters.act_on_matter import MatterOutcome

FIELDS = frozenset(
    {"name", "approved_by", "signed_by", "responsible", "contact", "second", "witness", "present", "participants"}
    | {"actor", "signatures", "attendance", "recused", "prepared_by"}
)
"""The fields of persons; one called ``person`` is the number of somebody in a case, or the receiver of an assignment."""
LONGEST = persons.LONGEST_NUMBER
_ONE_AT_A_TIME = Lock()


def register(session: Session, names: Iterable[str]) -> dict[str, PersonRef]:
    """Entries for these names, where there are none."""
    wanted = {name for name in names if name and len(name) <= LONGEST and name_fault(name) is None}
    found = dict(persons.named(session, wanted))
    now = datetime.now(UTC)
    for name in sorted(wanted - found.keys()):
        found[name] = persons.add(session, name, number=name, by="测试", now=now, proved=True)
    return found


def named_in(said: Any) -> Iterator[str]:
    """Every name in what is sent."""
    if isinstance(said, Mapping):
        for field, value in said.items():
            key = str(field).split("[")[0].rpartition(".")[2]
            if key in FIELDS or (key == "person" and value != "P1"):
                yield from _texts(value)
            else:
                yield from named_in(value)
    elif isinstance(said, list | tuple):
        for value in said:
            yield from named_in(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (line.strip() for line in value.splitlines())
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, Mapping):
        yield from named_in(value)


class Registering(FlaskClient):
    """A client in whose database everybody is entered whom its requests name. late_reason: why what it enters is entered only today;
    None: each on its own day."""

    late_reason: str | None = None

    def open(self, *words: Any, **named: Any) -> Any:
        if self.late_reason and isinstance(named.get("json"), dict) and "on" in named["json"]:
            named["json"] = {"late_reason": self.late_reason, **named["json"]}
        said = [part for part in (named.get("json"), named.get("data")) if isinstance(part, Mapping)]
        names = {name for part in said for name in named_in(part)}
        if names and named.get("method", "GET") != "GET" and not str(words[0] if words else "").startswith("/admin"):
            self._enter({name for name in names if len(name) <= LONGEST and name_fault(name) is None})
        return super().open(*words, **named)

    def _enter(self, names: set[str]) -> None:
        """Nothing is written where they are all there: a test may hold the database meanwhile."""
        engine = self.application.extensions["database"]
        with reading(engine) as session:
            missing = names - persons.named(session, names).keys()
        if missing:
            with _ONE_AT_A_TIME, writing(engine) as session:
                register(session, missing)


def entered(session: Session, actions: Mapping[str, Action], entry: Entry) -> Entry:
    """The entry of somebody who is registered, naming persons who are; nobody is asked whether it is theirs, as of what is brought in."""
    register(session, [entry.actor.name, *named_in(entry.details)])
    return replace(with_persons(session, actions[entry.action], entry, by_name=True), brought_in=True)


def open_matter(session: Session, books: Books, entry: Entry, **more: Any) -> MatterOutcome:
    return use_matters.open_matter(session, books, entered(session, books.usual.ledger.actions, entry), **more)


def act_on_matter(session: Session, books: Books, matter_id: str, entry: Entry, **more: Any) -> MatterOutcome:
    known = entered(session, books.usual.ledger.actions, entry)
    return use_matters.act_on_matter(session, books, matter_id, known, **more)


def open_case(session: Session, books: Books, entry: Entry, *, approvers: frozenset[str], **more: Any) -> CaseOutcome:
    register(session, approvers)
    known = entered(session, books.usual.proceedings.actions, entry)
    return use_cases.open_case(session, books, known, approvers=approvers, **more)


def act_on_case(
    session: Session, books: Books, case_id: str, entry: Entry, *, approvers: frozenset[str], **more: Any
) -> CaseOutcome:
    register(session, approvers)
    known = entered(session, books.usual.proceedings.actions, entry)
    return use_cases.act_on_case(session, books, case_id, known, approvers=approvers, **more)


def ref(name: str) -> PersonRef:
    """Somebody of this name in a registry that a test makes up."""
    return PersonRef(name, f"#{name}")


def matched(said: Any) -> Any:
    """Details in which everybody is named as a record names persons of that registry."""
    if isinstance(said, Mapping):
        return {field: _matched(value) if field in FIELDS else matched(value) for field, value in said.items()}
    return tuple(map(matched, said)) if isinstance(said, list | tuple) else said


def _matched(value: Any) -> Any:
    if isinstance(value, str):
        return {"id": ref(value).id, "name": value}
    return tuple(map(_matched, value)) if isinstance(value, list | tuple) else matched(value)
