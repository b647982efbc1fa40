"""A demonstration year: a school that does not exist, brought in by the same use cases as a real one. Its days, names and steps are
data (``demonstration.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from models.office.inspection import Done
from models.people import accounts, persons, posts, units
from models.people.accounts import Account
from models.people.organisation import Post
from models.people.units import Unit
from models.schemas.entries import case_entries, matter_entries
from models.whole import demonstration
from rules.book.actions import Action
from rules.book.contract.case_effects import OfMeeting, PointRaised, Signed, Stated
from rules.packaged import packaged
from rules.reasoning.calendar import LOCAL
from rules.reasoning.editions import Books
from rules.strict_yaml import parse
from service.access import access
from service.usecases.adopting.calendar_years import calendar_in_use
from service.usecases.cases.act_on_case import act_on_case, open_case
from service.usecases.chosen import with_persons
from service.usecases.entry import Entry
from service.usecases.hands import others
from service.usecases.matters.act_on_matter import act_on_matter, open_matter
from service.usecases.matters.inspect import record_inspection
from service.usecases.people.accounts import Asked, add_account, grant_role, reset_password

BY = "示范数据"
"""Who wrote all of it, and by whose grants it is known again."""
CLERK = "clerk"
"""The log-in name of its clerk, for whom the first token is made."""
_YEAR = packaged("service/usecases/administration/demonstration.yaml")
_DAY = re.compile(r"\$([tsd])([+-]\d+)\Z")
_NAMED = re.compile(r"\$(\w+)")
_LONG_AGO = timedelta(days=3650)


class NotEmpty(Exception):
    """The database holds something else than a demonstration."""


@dataclass(frozen=True, slots=True)
class LogIn:
    """An account of the demonstration. role: in words."""

    login: str
    name: str
    role: str
    password: str


@dataclass(slots=True)
class _Thing:
    """A matter or a case on its way. bases: the days that its steps count from; values: what they take from it."""

    of_case: bool
    bases: Mapping[str, date]
    values: dict[str, Any]
    version: int = 0
    steps: list[list[Any]] = field(default_factory=list)


def is_demonstration(session: Session) -> bool:
    """Whether a demonstration year was written into this database."""
    return demonstration.any_granted_by(session, BY)


def seed(session: Session, books: Books, *, now: datetime) -> list[LogIn]:
    """Write the year, up to today, and an account for each role; no day lies ahead, nor in a year whose calendar is not known.

    Raises NotEmpty.
    """
    if not demonstration.is_empty(session):
        raise NotEmpty
    today = now.astimezone(LOCAL).date()
    anchor = min(today, date(max(calendar_in_use().years), 12, 31))
    _organisation(session, anchor, now)
    matters = {thing.values["key"]: thing for thing in _matters(anchor)}
    cases = {thing.values["key"]: thing for thing in _cases(anchor)}
    for thing in cases.values():
        thing.values["of"] = matters[thing.values["of"]].values
    things = [*matters.values(), *cases.values()]
    dated = [(_day(one[1], thing.bases), thing, one) for thing in things for one in thing.steps]
    for _, thing, one in sorted(dated, key=lambda found: found[0]):
        _take(session, books, thing, one, now)
    _inspections(session, books, anchor, now)
    return list(_accounts(session, books, cases, today, now))


def new_passwords(session: Session, books: Books, *, now: datetime) -> list[LogIn]:
    """Another random password for every account of the demonstration; none has to be changed at the log-in."""
    found = []
    for account, grant in demonstration.granted_by(session, BY):
        password = reset_password(session, books, account.login, now=now)
        account.must_change, account.unconfirmed_at = False, None
        found.append(_log_in(account, grant.role, grant.unit, password))
    place = {row["login"]: at for at, row in enumerate(_data()["accounts"])}
    return sorted(found, key=lambda one: place.get(one.login, len(place)))


def _log_in(account: Account, role: str, unit: str | None, password: str) -> LogIn:
    return LogIn(account.login, account.name, access().roles[role].label + (f"（{unit}）" if unit else ""), password)


@cache
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = parse(_YEAR.read_text(encoding="utf-8"), _YEAR.name)
    return found


def _organisation(session: Session, anchor: date, now: datetime) -> None:
    for name in _data()["units"]:
        units.write(session, Unit(name=name, from_on=anchor - _LONG_AGO), ())
    for row in _data()["posts"]:
        post = Post(**row, managed_by="school_committee", from_on=anchor - _LONG_AGO)
        posts.write(session, post, by=BY, now=now)
    for name in _data()["persons"]:
        persons.add(session, name, by=BY, now=now, proved=True)


def _matters(anchor: date) -> Iterator[_Thing]:
    for row in _data()["matters"]:
        bases = {"t": anchor, "s": anchor + timedelta(days=row["start"]), "d": anchor + timedelta(days=row["due"])}
        values = {"key": row["title"], **_data()["defaults"], **row}
        yield _Thing(False, bases, values, steps=_course("courses", row["course"]))


def _cases(anchor: date) -> Iterator[_Thing]:
    for row in _data()["cases"]:
        bases = {"t": anchor, "s": anchor + timedelta(days=row["start"])}
        yield _Thing(True, bases, dict(row), steps=_course("proceedings", row["course"]))


def _course(kind: str, name: str) -> list[list[Any]]:
    """The steps of a course, those of the courses before it first."""
    found = _data()[kind][name]
    return [*(_course(kind, found["after"]) if "after" in found else ()), *found["steps"]]


def _take(session: Session, books: Books, thing: _Thing, one: list[Any], now: datetime) -> None:
    """One step, as it would have been entered on its day."""
    (action, who), day, details = _filled([one[0], one[2]], thing), one[1], one[3]
    if thing.of_case and not thing.version:
        thing.values |= {name: thing.values["of"][name] for name in ("id", "number")}
    on = _day(day, thing.bases)
    asked = {"on": on.isoformat(), "actor": _filled(_data()["actors"][who], thing), "details": _filled(details, thing)}
    loaded = (case_entries(books.usual).load if thing.of_case else matter_entries(books.usual).load)(action, asked)
    then = min(now, datetime.combine(on, time(10), LOCAL))
    actions = (books.usual.proceedings if thing.of_case else books.usual.ledger).actions
    entry = with_persons(session, actions[action], Entry(action, **loaded, entered_by=BY), by_name=True)
    entry = _by_own_hand(entry, actions[action])
    _write(session, books, thing, entry, then)
    thing.version += 1


def _by_own_hand(entry: Entry, action: Action) -> Entry:
    """The entry as whoever did it would have made it; what others have to vouch for, as the table of the demonstration says it."""
    own = replace(entry, entered_by=entry.actor.name, enterer=entry.actor.id)
    of_others = issubclass(action.effect, Stated | Signed | PointRaised | OfMeeting) and entry.actor.kind != "person"
    return replace(entry, brought_in=True) if of_others or others(action, own, ()) else own


def _write(session: Session, books: Books, thing: _Thing, entry: Entry, now: datetime) -> None:
    if thing.of_case and thing.version:
        act_on_case(
            session, books, thing.values["case_id"], entry, expected=thing.version, now=now, approvers=frozenset()
        )
    elif thing.of_case:
        thing.values["case_id"] = open_case(session, books, entry, now=now, approvers=frozenset()).id
    elif thing.version:
        made = act_on_matter(session, books, thing.values["id"], entry, expected=thing.version, now=now)
        thing.values["number"] = made.number
    else:
        thing.values["id"] = open_matter(session, books, entry, now=now).id


def _day(given: str, bases: Mapping[str, date]) -> date:
    found = _DAY.match(given)
    if found is None:
        raise ValueError(f"{_YEAR.name}：{given} 不是日期")
    return bases[found[1]] + timedelta(days=int(found[2]))


def _filled(given: Any, thing: _Thing) -> Any:
    """The data of a step with the days and values of what it is about."""
    if isinstance(given, Mapping):
        return {name: _filled(value, thing) for name, value in given.items()}
    if isinstance(given, list):
        return [_filled(value, thing) for value in given]
    if not isinstance(given, str) or "$" not in given:
        return given
    if _DAY.match(given):
        return _day(given, thing.bases).isoformat()
    named = _NAMED.fullmatch(given)
    return thing.values[named[1]] if named else _NAMED.sub(lambda found: str(thing.values[found[1]]), given)


def _inspections(session: Session, books: Books, anchor: date, now: datetime) -> None:
    bases = {"t": anchor}
    for row in _data()["inspections"]:
        for ago in range(row.get("times", 1)):
            on = _day(row["on"], bases) - ago * timedelta(days=row.get("every", 0))
            done = Done(
                row["form"],
                row["kind"],
                on,
                row["reported_to"],
                row.get("task"),
                tuple(row.get("members", ())),
                on if row["reported_to"] else None,
            )
            record_inspection(session, books, done, note=row["note"], now=now, entered_by=BY)


def _accounts(
    session: Session, books: Books, cases: Mapping[str, _Thing], today: date, now: datetime
) -> Iterator[LogIn]:
    for row in _data()["accounts"]:
        person = persons.alone(session, {row["name"]}).get(row["name"])
        number = person.id if person else None
        password = add_account(session, books, row["login"], row["name"], now=now, person=number)
        case_id = cases[row["case"]].values["case_id"] if "case" in row else None
        asked = Asked(row["role"], today, None, row.get("unit"), case_id, row.get("person"))
        grant_role(session, row["login"], asked, by=BY, now=now)
        account = accounts.by_login(session, row["login"])
        if account is not None:
            account.must_change = False
            yield _log_in(account, asked.role, asked.unit, password)
