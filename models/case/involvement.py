"""Who is involved in a case, and how, as its records tell: access to it and the parting of hands rest on that.

What lets somebody in is the person's id; what keeps somebody out is that, or the name as it is compared (``names.bare``) where a
record does not say which person it means. Source: art-2.d, art-9.1, art-9.4; reading A-70.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.case.case import Case
from models.people.identity import holds, key
from models.records.record import Record
from rules.book.contract.case_effects import Decided, InquiryProposed, MembersAdded, OfMeeting, Reviewed
from rules.book.contract.people import PersonRef

HANDS = ("inquiry", "decision", "review")
"""Of these somebody has one in a case, for each person: nobody decides or reviews who investigated."""
RELATIONS = ("investigated", "recused", "assigned", *HANDS)


@dataclass(frozen=True, slots=True, order=True)
class Involvement:
    """relation: one of RELATIONS. who: as ``identity.key`` names a person; person: the id in the case of whom it is about, empty
    where it is the whole case."""

    relation: str
    who: str
    person: str = ""


def involvements(case: Case) -> dict[Involvement, int]:
    """Everybody's part in a case → the number of the record since which they have it. Of two hands the first is kept."""
    found: dict[Involvement, int] = {}
    parted: set[tuple[str, str]] = set()
    active = tuple(member.name for member in case.active)
    for record in case.records:
        for one in _told(record, case, active):
            found.setdefault(one, record.number)
        for _, one in hands(record, case.persons):
            if (one.person, one.who) not in parted:
                parted.add((one.person, one.who))
                found[one] = record.number
    for name, gone in case.recused.items():
        one = Involvement("recused", key(name))
        found[one] = min(found.get(one, gone.since), gone.since)
    return found


def hands(record: Record, persons: Iterable[str]) -> Iterator[tuple[PersonRef, Involvement]]:
    """Whose hand a record is. persons: the ids of everybody whom the case is about."""
    match record.effect:
        case MembersAdded(members=members):
            names, hand, about = tuple(member.name for member in members), "inquiry", tuple(persons)
        case Decided(meeting=meeting):
            names, hand, about = meeting.attendance, "decision", tuple(persons)
        case Reviewed(meeting=meeting, person=person):
            names, hand, about = meeting.attendance, "review", (person,)
        case _:
            return
    yield from ((one, Involvement(hand, key(one), person)) for one in names for person in about)


def _told(record: Record, case: Case, active: tuple[PersonRef, ...]) -> Iterator[Involvement]:
    match record.effect:
        case InquiryProposed():
            yield from (Involvement("investigated", key(person.name), person.id) for person in case.persons.values())
        case MembersAdded(members=members):
            yield from (Involvement("assigned", key(one.name)) for one in members if holds(active, one.name))
        case OfMeeting(meeting=meeting):
            yield from (Involvement("recused", key(one)) for one in meeting.recused)
