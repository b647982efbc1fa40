"""Which cases somebody sees, and how they stand to them: asked of rows, one question for one case as for a page of a list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, exists, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from models.case.awaited import Lookout
from models.case.cases import CaseMatter, CaseRow
from models.case.involvements import InvolvementRow
from models.people.identity import keys
from rules.book.contract.people import PersonRef

_DECIDED, _SUBMITTED = ("decided", "closed"), ("submitted",)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads. person: None for a token of no person, which stands in no relation to any case; bound: the cases, and the persons
    in them, that roles are held for; former: other names of theirs."""

    person: PersonRef | None
    bound: frozenset[tuple[str, str]] = frozenset()
    former: frozenset[str] = frozenset()

    @property
    def known_as(self) -> tuple[PersonRef, ...]:
        """Whom a record may mean by this person, where that keeps them out."""
        one = self.person
        return () if one is None else (one, *(PersonRef(name, one.id) for name in sorted(self.former)))

    @property
    def keys(self) -> frozenset[str]:
        """By what rows that keep somebody out may name this person."""
        return frozenset().union(*map(keys, self.known_as))


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader sees: the cases to which they stand in one of these relations."""

    reader: Reader
    relations: frozenset[str]


def relation(reader: Reader) -> ColumnElement[str | None]:
    """How somebody stands to a case, as a column; nothing where the rows of who is involved are not those of its records.

    Only the role bound to the case makes its subject. Who is investigated or recused in it is kept out as by a recusal; by name where
    the record does not say which person it means, however that is written and whoever else bears it: nobody sees more by that.
    """
    if reader.person is None:
        return literal("none")
    bound = [and_(CaseRow.id == case_id, involved("investigated", person=person)) for case_id, person in reader.bound]
    away = involved("investigated", "recused", who=reader.keys)
    return case(
        (or_(CaseRow.involved.is_(None), CaseRow.involved != CaseRow.version), null()),
        *((one, literal("subject")) for one in bound),
        (away, literal("recused")),
        (involved("assigned", who={own_id(reader)}), literal("assigned")),
        (CaseRow.state.in_(_DECIDED), literal("decided")),
        (CaseRow.state.in_(_SUBMITTED), literal("submitted")),
        else_=literal("none"),
    )


def involved(*relations: str, who: Collection[str] | None = None, person: str | None = None) -> ColumnElement[bool]:
    """Whether somebody has one of these relations to the case. who: as rows may name them; person: about whom in the case."""
    wanted = select(InvolvementRow.since).where(InvolvementRow.case_position == CaseRow.position)
    wanted = wanted.where(InvolvementRow.relation.in_(relations))
    if who is not None:
        wanted = wanted.where(InvolvementRow.who.in_(who))
    if person is not None:
        wanted = wanted.where(InvolvementRow.person == person)
    return exists(wanted.correlate(CaseRow))


def relation_to(session: Session, reader: Reader, case_id: str) -> str | None:
    """How somebody stands to a case; None where there is no such case."""
    return session.scalar(select(relation(reader)).where(CaseRow.id == case_id))


def relations_about(session: Session, reader: Reader, matter_id: str) -> Sequence[tuple[CaseRow, str | None]]:
    """The cases that are about a matter, each with how somebody stands to it."""
    of_matter = select(CaseMatter.case_id).where(CaseMatter.matter_id == matter_id)
    found = session.execute(select(CaseRow, relation(reader)).where(CaseRow.id.in_(of_matter)))
    return [(row[0], row[1]) for row in found]


def page(
    session: Session,
    sight: Sight,
    *,
    every: Collection[str],
    behind: int | None,
    limit: int,
    states: Collection[str] | None = None,
    newest_first: bool = True,
) -> Sequence[tuple[CaseRow, str]]:
    """The cases that the reader sees, each with how they stand to it, by the order in which they came in.

    every: the states that there are; states: only cases in one of these. behind: the position from behind which on. One question, which costs what it finds: each way
    to see a case is followed by an index of its own, and no further than the page.
    """
    place = CaseRow.position.desc() if newest_first else CaseRow.position.asc()

    def first(wanted: Select[int]) -> Select[int]:
        if behind is not None:
            wanted = wanted.where(CaseRow.position < behind if newest_first else CaseRow.position > behind)
        return wanted.where(_seen(sight)).order_by(place).limit(limit)

    ways = [first(way).subquery() for way in _ways(sight, states, every)]
    if not ways:
        return []
    found = union_all(*(select(way.c.position) for way in ways))
    wanted = select(CaseRow, relation(sight.reader)).where(CaseRow.position.in_(found)).order_by(place).limit(limit)
    return [(row[0], row[1] or "") for row in session.execute(wanted)]


def waiting(
    session: Session, sight: Sight | None, there: Lookout, today: date, *, after: int, limit: int
) -> Sequence[CaseRow]:
    """Cases in which something may wait on a day, from behind ``after`` on. sight: None for all of them."""
    ways = [select(CaseRow.position).where(one) for one in _awaiting(there, today)]
    if not ways:
        return []
    wanted = select(CaseRow).where(CaseRow.position > after, CaseRow.position.in_(union_all(*ways)))
    wanted = wanted if sight is None else wanted.where(_seen(sight))
    return session.scalars(wanted.order_by(CaseRow.position).limit(limit)).all()


def _awaiting(there: Lookout, today: date) -> Iterator[ColumnElement[bool]]:
    if there.states:
        yield CaseRow.state.in_(there.states)
    if there.after_recusal:
        yield and_(CaseRow.state.in_(there.after_recusal), involved("recused"))
    if there.dated:
        yield CaseRow.look_until >= today
        yield CaseRow.look_on <= today


def bound(session: Session, sight: Sight) -> Sequence[CaseRow]:
    """The cases that roles of the reader are held for, as far as they see them."""
    wanted = select(CaseRow).where(CaseRow.id.in_([case_id for case_id, _ in sight.reader.bound]), _seen(sight))
    return session.scalars(wanted.order_by(CaseRow.position)).all()


def _seen(sight: Sight) -> ColumnElement[bool]:
    return relation(sight.reader).in_(sight.relations)


def _ways(sight: Sight, states: Collection[str] | None, every: Collection[str]) -> Iterator[Select[int]]:
    """The ways to come to what the reader sees: by the state of the cases, and by being of their teams."""
    each, known = select(CaseRow.position), states or every
    if sight.reader.person is None or sight.relations & {"subject", "recused"}:
        by_state: Sequence[str] = tuple(known)
    else:
        by_state = [state for state in known if _standing(state) in sight.relations]
    if states is None and len(by_state) == len(known):
        yield each
        return
    yield from (each.where(CaseRow.state == state) for state in by_state)
    if "assigned" in sight.relations and len(by_state) < len(known):
        mine = each.join(InvolvementRow, InvolvementRow.case_position == CaseRow.position)
        mine = mine.where(InvolvementRow.relation == "assigned", InvolvementRow.who == own_id(sight.reader))
        yield mine if states is None else mine.where(CaseRow.state.in_(states))


def own_id(reader: Reader) -> str:
    """What a row names a reader by that lets them in; nothing is named so where it is not known which person an account is of."""
    return (reader.person and reader.person.id) or ""


def _standing(state: str) -> str:
    """How whoever has no part in a case stands to it."""
    return "decided" if state in _DECIDED else "submitted" if state in _SUBMITTED else "none"
