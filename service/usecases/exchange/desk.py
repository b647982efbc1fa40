"""What lies on somebody's desk: what waits for them in matters and cases, by what they act as and who they are.

Whoever acts for the Office sees the whole round, what others have in hand among it, since it urges them on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import get_args

from sqlalchemy.orm import Session

from models.case import sight as case_sight
from models.case.awaited import is_for, lookout
from models.case.cases import CaseRow
from models.case.request import CaseRequest
from models.matter import matters
from models.matter.waiting import AWAITING_OPINION, IN_HAND, Thresholds, waiting
from models.records.damage import Damaged
from models.records.record import Actor
from rules.book.contract.guards import ActorKind
from rules.book.contract.matter_effects import ExtensionAsked, ExtensionDecided
from rules.reasoning.editions import Books
from service.usecases.cases.duties import awaited_in
from service.usecases.chosen import competent
from service.usecases.confirming import OpenQuestion, open_questions
from service.usecases.exchange.patrol import (
    ToLookAt,
    awaited_act,
    damaged_case,
    finding,
    round_of_matters,
    round_of_office,
)
from service.usecases.matters.act_on_matter import stored_matters
from service.usecases.people.principals import Principal

_KINDS: tuple[ActorKind, ...] = get_args(ActorKind)
_MOST = 200
"""So many cases are looked at for one desk, and so many requests of matters."""


@dataclass(frozen=True, slots=True)
class ForMe:
    """Something that waits for whoever asks."""

    found: ToLookAt


@dataclass(frozen=True, slots=True)
class ForOthers:
    """Something that others have in hand, for whoever urges them on."""

    found: ToLookAt


@dataclass(frozen=True, slots=True)
class ForInformation:
    """Something that others have in hand, of which whoever asks is to know."""

    found: ToLookAt


@dataclass(frozen=True, slots=True)
class ForConfirmation:
    """An act that others entered as that of whoever asks, who is to say whether it is."""

    question: OpenQuestion


Waits = ForMe | ForOthers | ForInformation | ForConfirmation
"""The kinds of things that lie on a desk; whoever shows them tells them apart by ``match``."""


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom a desk is looked at, and by what. approvers: the leaders configured as competent to approve, empty where none is."""

    principal: Principal
    books: Books
    today: date
    thresholds: Thresholds
    approvers: frozenset[str]

    @property
    def sees_everything(self) -> bool:
        """Whether what all the others have in hand is shown too."""
        listing = bool(self.principal.relations("ledger:list"))
        return listing and (not self.principal.personal or "office" in self.principal.kinds)


def on_desk(session: Session, asker: Asker, *, most: int) -> tuple[list[Waits], bool]:
    """What lies there, and whether there may be more. most: so much of the matters, and so much of the rest that the Office looks at."""
    parts = [list(islice(part, most + 1)) for part in _round(session, asker)]
    cases, more = _cases(session, asker)
    own = (*_of_leader(session, asker), *cases, *_of_person(session, asker))
    asked = [ForConfirmation(one) for one in open_questions(session, asker.books, asker.principal, most=_MOST)]
    found = [*asked, *own, *(one for part in parts for one in part[:most])]
    return found, more or len(asked) == _MOST or any(len(part) > most for part in parts)


def _round(session: Session, asker: Asker) -> Iterator[Iterator[Waits]]:
    """The parts of what the daily round finds for the units of whoever asks, or for everybody."""
    who, books, today = asker.principal, asker.books, asker.today
    if not who.relations("ledger:list"):
        return
    for unit in [None] if asker.sees_everything else sorted(who.units):
        part = round_of_matters(session, books, today=today, unit=unit, thresholds=asker.thresholds)
        yield (ForMe(found) if unit is not None or _own(who, found) else ForOthers(found) for found in part)
    if asker.sees_everything:
        rest = round_of_office(session, books, today=today, sight=who.sight("case:read"), most=None)
        yield (ForMe(found) if _own(who, found) else ForOthers(found) for found in rest)


def _own(who: Principal, found: ToLookAt) -> bool:
    """Whether the Office does it, or its director, who asks."""
    return "office" in found.by or ("director" in found.by and "director" in who.kinds)


def _of_leader(session: Session, asker: Asker) -> Iterator[Waits]:
    """What no leader has decided yet: requests for more time, registrations, closing opinions."""
    if "leader" not in asker.principal.kinds or not asker.principal.relations("ledger:write"):
        return
    book = asker.books.usual
    asking, answering = (
        [action.id for action in book.ledger.actions.values() if issubclass(action.effect, effect)]
        for effect in (ExtensionAsked, ExtensionDecided)
    )
    rows = matters.unanswered(session, IN_HAND, asking, answering, also=AWAITING_OPINION, limit=_MOST)
    for row, matter in stored_matters(session, asker.books, rows) if rows else ():
        for found in (
            waiting(matter, asker.today, asker.thresholds, book.ledger) if not isinstance(matter, Damaged) else ()
        ):
            told = finding(found, row, asker.today, book)
            if "leader" in told.by:
                yield ForMe(told)


def _cases(session: Session, asker: Asker) -> tuple[list[Waits], bool]:
    """What cases wait for, of whoever asks: the person investigated and the Office have their own ways."""
    who, book = asker.principal, asker.books.usual
    kinds = who.kinds & set(book.proceedings.actors) - {"office", "person"}
    sight, there = who.sight("case:read"), lookout(book, kinds | who.informed_of)
    if not sight.relations or not kinds | who.informed_of:
        return [], False
    rows = case_sight.waiting(session, sight, there, asker.today, after=0, limit=_MOST)
    return list(_in_cases(session, asker, rows, kinds)), len(rows) == _MOST


def _in_cases(session: Session, asker: Asker, rows: Sequence[CaseRow], kinds: frozenset[str]) -> Iterator[Waits]:
    who, book, able = asker.principal, asker.books.usual, competent(session, asker.approvers)
    own_id = who.person.id if who.person else None
    for row, case, waits in awaited_in(session, asker.books, rows, today=asker.today) if rows else ():
        if isinstance(case, Damaged):
            yield ForInformation(damaged_case(row, case, asker.books))
            continue
        for one in waits:
            found = awaited_act(one, row, asker.today, book)
            actors = [Actor(who.name, kind, None, own_id) for kind in _KINDS if kind in kinds.intersection(one.by)]
            request = CaseRequest(case, {}, Actor(who.name, "office", None, own_id), asker.today, book, able)
            if any(is_for(one, actor, request) for actor in actors):
                yield ForMe(found)
            elif who.informed_of.intersection(one.by):
                yield ForInformation(found)


def _of_person(session: Session, asker: Asker) -> Iterator[Waits]:
    """What waits for the person of a case that their role is held for."""
    who, book, able = asker.principal, asker.books.usual, competent(session, asker.approvers)
    own_id, sight = who.person.id if who.person else None, who.sight("case:own")
    rows = case_sight.bound(session, sight) if who.reader.bound and sight.relations else ()
    for row, case, waits in awaited_in(session, asker.books, rows, today=asker.today) if rows else ():
        if isinstance(case, Damaged):
            continue
        request = CaseRequest(case, {}, Actor(who.name, "person", None, own_id), asker.today, book, able)
        for one in waits:
            if (row.id, one.person) in who.reader.bound and is_for(one, request.actor, request):
                yield ForMe(awaited_act(one, row, asker.today, book))
