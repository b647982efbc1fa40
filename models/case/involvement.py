"""Who is involved in a case, and how, as its records tell: access to it and the parting of hands rest on that.

What lets somebody in is their name exactly as it was written; what keeps somebody out is the name as it is compared
(``names.bare``), whoever else bears it. Source: art-2.d, art-9.1, art-9.4; reading A-70.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.case.case import Case
from models.people.names import bare
from models.records.record import Record
from rules.book.contract.case_effects import Decided, InquiryProposed, MembersAdded, OfMeeting, Recused, Reviewed

HANDS = ("inquiry", "decision", "review")
"""Of these a name has one in a case, for each person: nobody decides or reviews who investigated."""
RELATIONS = ("investigated", "recused", "assigned", *HANDS)


@dataclass(frozen=True, slots=True, order=True)
class Involvement:
    """relation: one of RELATIONS. person: the id of whom it is about, empty where it is the whole case."""

    relation: str
    name: str
    person: str = ""


def involvements(case: Case) -> dict[Involvement, int]:
    """Everybody's part in a case → the number of the record since which they have it. Of two hands the first is kept."""
    found: dict[Involvement, int] = {}
    parted: set[tuple[str, str]] = set()
    active = frozenset(member.name for member in case.active)
    for record in case.records:
        for one in _told(record, case, active):
            found.setdefault(one, record.number)
        for _, one in hands(record, case.persons):
            if (one.person, one.name) not in parted:
                parted.add((one.person, one.name))
                found[one] = record.number
    return found


def hands(record: Record, persons: Iterable[str]) -> Iterator[tuple[str, Involvement]]:
    """Whose hand a record is, each by the name as it is written there. persons: the ids of everybody whom the case is about."""
    match record.effect:
        case MembersAdded(members=members):
            names, hand, about = tuple(member.name for member in members), "inquiry", tuple(persons)
        case Decided(meeting=meeting):
            names, hand, about = meeting.attendance, "decision", tuple(persons)
        case Reviewed(meeting=meeting, person=person):
            names, hand, about = meeting.attendance, "review", (person,)
        case _:
            return
    yield from ((name, Involvement(hand, bare(name), person)) for name in names for person in about)


def _told(record: Record, case: Case, active: frozenset[str]) -> Iterator[Involvement]:
    match record.effect:
        case InquiryProposed():
            yield from (Involvement("investigated", bare(person.name), person.id) for person in case.persons.values())
        case Recused(name=name):
            yield Involvement("recused", bare(name))
        case MembersAdded(members=members):
            yield from (Involvement("assigned", member.name) for member in members if member.name in active)
        case OfMeeting(meeting=meeting):
            yield from (Involvement("recused", bare(name)) for name in meeting.recused)
