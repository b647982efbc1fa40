"""From the ledger to a case: the ``matter`` block of a case file, and which record each part of it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from models.matter.matter import Matter
from models.matter.searches import found_against, found_for
from models.matter.support import counted_actions, supported
from models.people import posts
from models.records.record import Record
from rules.book.contract.matter_effects import Assigned, AssignmentSupplemented, Urged
from rules.reasoning.editions import Books
from rules.reasoning.ledger_answer import MatterCase, PostHeld, RecordReference, SpeaksAgainst, SpeaksFor
from service.usecases.adopting.calendar_years import calendar_in_use


def matter_case(matter: Matter, reference: str, books: Books, people: Iterable[PostHeld] = ()) -> MatterCase:
    """The case file's ``matter`` as the records show it; the acts are those of the Office, none typed in.

    reference: number or id of the matter, to which the records belong. A matter that was returned twice is told by its last
    return: the case file has room for one.
    """
    last = matter.submissions[-1] if matter.submissions else None
    returned = next((sent for sent in reversed(matter.submissions) if sent.accepted is False), None)
    first = returned or last
    block: dict[str, Any] = {
        "name": matter.title,
        "category": matter.category,
        "lead_unit": matter.lead_unit or "（未明确）",
        "co_units": list(matter.co_units),
        "registered": matter.registered_on is not None,
        "assigned_on": _day(matter.assigned_on),
        "due_on": _day(matter.due_on if matter.due_set_on_return else matter.set_due_on),
        "reported_on": _day(first.on) if first else None,
        "review": None if first is None or first.accepted is None else "accepted" if first.accepted else "returned",
        "acts": _acts(matter, books),
    }
    if block["registered"] is False:
        block["assignment_record"] = "written" if matter.has("assign") else "none"
    if returned is not None:
        block["returned_on"] = _day(returned.returned_on)
        if last is not None and last is not returned:
            block["redone_on"] = _day(last.on)
            block["redo_review"] = None if last.accepted is None else "accepted"
    if matter.extensions and not matter.due_set_on_return:
        block["extension"] = _extension(matter)
    return MatterCase(
        block,
        tuple(_references(matter, reference, books)),
        tuple(_speaks_for(matter, reference, books)),
        tuple(_speaks_against(matter, reference, books)),
        tuple(people),
    )


def who_held_posts(session: Session, matter: Matter) -> Iterator[PostHeld]:
    """Who held which post in the handling units when the matter was due, as far as the organisation lists them.

    It serves to find the persons concerned; whose responsibility it is, people find.
    """
    day = matter.due_on or matter.assigned_on
    if day is not None:
        for post in posts.of_units(session, matter.units, day):
            yield PostHeld(post.name, post.unit, post.post, post.rank, post.managed_by, day)


def _speaks_for(matter: Matter, reference: str, books: Books) -> Iterator[SpeaksFor]:
    """What the ledger holds for the person, beside each adverse rule that it bears on. Nothing is concluded from it."""
    searches = books.usual.searches
    for name, numbers in found_for(matter, counted_actions(books.usual)).items():
        rules = tuple(rule for rule, paired in searches.favourable.items() if name in paired)
        yield SpeaksFor(name, searches.labels[name], _named(reference, numbers), rules)


def _speaks_against(matter: Matter, reference: str, books: Books) -> Iterator[SpeaksAgainst]:
    """The records behind each adverse element that the ledger can speak to."""
    book = books.usual
    for element, numbers in found_against(matter, book.searches.adverse).items():
        yield SpeaksAgainst(element, book.vocabulary.label(element), _named(reference, numbers))


def _named(reference: str, numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(f"{reference}#{number}" for number in numbers)


def _acts(matter: Matter, books: Books) -> list[dict[str, Any]]:
    book = books.usual
    kinds = {action.id: action.counts_as for action in book.ledger.actions.values() if action.counts_as}
    return [
        {
            "date": record.on.isoformat(),
            "kind": kinds[record.action],
            "by": book.office,
            **_channel(record),
            **_entered(record),
        }
        for record in matter.records
        if record.action in kinds
    ]


def _entered(record: Record) -> dict[str, Any]:
    """When an act was entered; where that was later than its day, whether something shows that it was done then (A-75)."""
    shown = {"supported": supported(record, calendar_in_use())} if record.late else {}
    return {"entered_on": record.entered_on.isoformat(), **shown}


def _channel(record: Record) -> dict[str, Any]:
    match record.effect:
        case (
            Assigned(channel=str() as channel)
            | AssignmentSupplemented(channel=channel)
            | Urged(channel=str() as channel)
        ):
            return {"channel": channel}
    return {}


def _extension(matter: Matter) -> dict[str, Any]:
    """The last request that was granted, else the last one."""
    granted = [found for found in matter.extensions if found.granted]
    found = (granted or list(matter.extensions))[-1]
    block: dict[str, Any] = {"requested_on": _day(found.requested_on), "reason": found.reason, "granted": found.granted}
    if found.granted is not None:
        block |= {"decided_on": _day(found.decided_on), "decided_by": "school_leader"}
    return block | ({"new_due_on": _day(found.new_due_on)} if found.granted else {})


def _references(matter: Matter, reference: str, books: Books) -> Iterator[RecordReference]:
    """Each record, so that a finding can cite it; with who entered it, and whether later than its day."""
    actions = books.usual.ledger.actions
    for record in matter.records:
        action = actions[record.action]
        yield RecordReference(
            record=f"{reference}#{record.number}",
            on=record.on,
            action=action.id,
            label=action.label,
            provision=action.provision,
            by=record.actor.name,
            entered_by=record.entered_by,
            entered_on=record.entered_on,
            late=record.late,
            late_reason=record.late_reason,
        )


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()
