"""The check-up of procedure: every duty of procedure graded by the records alone, with its remedy. Source: art-9.

The records need not have been allowed: imported and tampered ones are graded as they stand. What each duty is, and what makes up
for it, is data (``checkup.yaml``); how the records show it is in ``checkup_inquiry`` and ``checkup_outcome``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from models.case import checkup_inquiry, checkup_outcome
from models.case.checkup_inquiry import Seen
from models.case.trail import Trail
from models.records.fold import as_far_as
from models.records.record import Record
from rules.book.contract.asking import MinutesObjected
from rules.book.procedure import CheckupDuty
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import WorkCalendar, deadline


@dataclass(frozen=True, slots=True)
class GradedDuty:
    """One duty of procedure, graded. person: None where it is the case's; grade: kept, curable, incurable, not_due or
    not_regulated; records: numbers of the records that show it; remedy: None where nothing is to be done."""

    duty: str
    person: str | None
    provision: str
    label: str
    grade: str
    records: tuple[int, ...] = ()
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class CheckUp:
    """A case as it was checked. on: the local day as of which; names: person → name, the id where the records tell none.

    objections: the records by which somebody objects to minutes, and of whose; on_paper: those whose hand rests on paper.
    """

    title: str
    on: date
    names: Mapping[str, str]
    rows: tuple[GradedDuty, ...]
    objections: tuple[tuple[Record, int], ...] = ()
    on_paper: tuple[int, ...] = ()

    def count(self, grade: str) -> int:
        return sum(row.grade == grade for row in self.rows)

    def parts(self) -> Iterator[tuple[str, tuple[GradedDuty, ...]]]:
        """What was found of the case, then of each person by name."""
        for person, name in ((None, "全案"), *self.names.items()):
            yield name, tuple(row for row in self.rows if row.person == person)


def check_up(title: str, records: Iterable[Record], on: date, book: Rulebook, calendar: WorkCalendar) -> CheckUp:
    """Check a case of this title as of a local day. Never raises."""
    known = tuple(records)
    names = {person: _shown(said.name or person) for person, said in Trail(known, book).persons.items()}
    on_paper = tuple(record.number for record in known if record.hand.vouched == "paper")
    return CheckUp(title, on, names, checked(known, on, book, calendar), tuple(_objections(known, book)), on_paper)


def _objections(records: Iterable[Record], book: Rulebook) -> Iterator[tuple[Record, int]]:
    actions = {name: action for name, action in book.proceedings.actions.items() if action.effect is MinutesObjected}
    for record in records:
        if record.action in actions:
            effect = as_far_as(actions[record.action], record.details)
            yield record, effect.to if isinstance(effect, MinutesObjected) else 0


def _shown(name: object) -> str:
    """A name without what cannot be printed."""
    return "".join(filter(str.isprintable, str(name)))


def checked(records: Iterable[Record], today: date, book: Rulebook, calendar: WorkCalendar) -> tuple[GradedDuty, ...]:
    """Every duty of procedure as the records show it on a local day, in the order of the regulation. Never raises."""
    trail = Trail(records, book)
    of_case = {**checkup_inquiry.CASE_CHECKS, **checkup_outcome.CASE_CHECKS}
    of_person = {**checkup_inquiry.PERSON_CHECKS, **checkup_outcome.person_checks(calendar)}
    found = []
    for duty in book.checkup.duties.values():
        if duty.person:
            found += [
                _row(duty, person, of_person[duty.id](trail, person), trail, today, calendar)
                for person in trail.persons
            ]
        else:
            found.append(_row(duty, None, of_case[duty.id](trail), trail, today, calendar))
    return tuple(found)


def _row(
    duty: CheckupDuty, person: str | None, seen: Seen, trail: Trail, today: date, calendar: WorkCalendar
) -> GradedDuty:
    grade = _grade(duty, seen, trail, today, calendar)
    remedy = {"curable": duty.remedy, "incurable": duty.beyond or duty.remedy}.get(grade)
    numbers = tuple(sorted({event.record.number for event in seen.by}))
    return GradedDuty(duty.id, person, duty.provision, duty.label, grade, numbers, remedy)


def _grade(duty: CheckupDuty, seen: Seen, trail: Trail, today: date, calendar: WorkCalendar) -> str:
    """What a fault means at the stage that the case has come to."""
    if seen.state in ("kept", "not_due", "not_regulated"):
        return seen.state
    if seen.state in ("formal", "late"):
        return "curable" if seen.state == "formal" else "incurable"
    if seen.state == "missing" and not _due(duty, seen, trail, today, calendar):
        return "not_due"
    if seen.state == "missing" and duty.reminder is not None:
        return "curable"
    return duty.once_decided if trail.stage == trail.book.checkup.stages[-1] else "curable"


def _due(duty: CheckupDuty, seen: Seen, trail: Trail, today: date, calendar: WorkCalendar) -> bool:
    """Whether what is missing should be there by now."""
    stages = trail.book.checkup.stages
    if trail.dropped:
        return False
    if duty.reminder is None:
        return stages.index(trail.stage) >= stages.index(duty.stage)
    if seen.start is None:
        return False
    ends = deadline(seen.start, calendar, **trail.book.tracked[duty.reminder].period)
    return trail.closed or ends.over(today) is True
