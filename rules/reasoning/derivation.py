"""What follows from the case file by dates and counting alone: the due date, the derived elements, the counted acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec import UNSET

from rules.book.logic import ESTABLISHED, OPEN, REFUTED, Status, Value
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import ActRecord
from rules.reasoning.calendar import add_months
from rules.reasoning.facts import Act, CaseFacts, MatterFacts, PersonFacts


def due_date(matter: MatterFacts) -> date | None:
    """The day by which the matter had to be done: the granted new day, else the set one. Source: art-6.5.2.a."""
    extension = matter.extension
    return extension.new_due_on if extension and extension.granted else matter.due_on


def _when(condition: bool) -> Status:
    return ESTABLISHED if condition else REFUTED


def completed_by(matter: MatterFacts, day: date) -> Status:
    """Whether accepted work was reported by ``day``; open where work was in by then and is not yet reviewed.

    Source: art-6.5.1.a and .b; reading A-52 (redone work counts from the day on which it was redone).
    """
    reports = ((matter.reported_on, matter.review), (matter.redone_on, matter.redo_review))
    in_time = [review for reported_on, review in reports if reported_on is not None and reported_on <= day]
    if "accepted" in in_time:
        return ESTABLISHED
    return OPEN if None in in_time else REFUTED


@dataclass(frozen=True, slots=True)
class DaysCounted:
    """The distinct days of the Office's acts by each way of counting, and each act with the reason why it counts or not."""

    days: dict[str, tuple[date, ...]]
    records: tuple[ActRecord, ...]


def count_supervision(case: CaseFacts, book: Rulebook) -> DaysCounted:
    """Count the Office's acts on this matter up to the trigger date, one a day. Readings A-09, A-10."""
    words, counts = book.vocabulary.enumerations["act_kind"], book.vocabulary.counts
    days: dict[str, list[date]] = {name: [] for name in counts}
    seen: set[date] = set()
    records = []
    for act in sorted(case.matter.acts, key=lambda act: (act.on, act.kind, act.by or "", act.channel or "")):
        reason = _not_counted(act, case, book)
        if reason is None:
            for name, count in counts.items():
                if act.kind in count.kinds and act.on not in days[name]:
                    days[name].append(act.on)
            reason = "同一日已计一次" if act.on in seen else None
            seen.add(act.on)
        text = reason or f"办公室的{words[act.kind]}，计一次"
        entered_on = UNSET if act.entered_on is None else act.entered_on
        records.append(ActRecord(act.on, act.kind, act.by or book.office, reason is None, text, entered_on))
    return DaysCounted({reading: tuple(found) for reading, found in days.items()}, tuple(records))


def _not_counted(act: Act, case: CaseFacts, book: Rulebook) -> str | None:
    if not any(act.kind in count.kinds for count in book.vocabulary.counts.values()):
        return f"{book.vocabulary.enumerations['act_kind'][act.kind]}不属于督办或者催办，不计"
    if act.by is not None and act.by not in book.office_names:
        return f"不是{book.office}的行为，不计"
    if act.matter is not None and act.matter != case.matter.name:
        return "不是本事项，不计"
    if act.on > case.trigger_date:
        return "在提出问责之日以后，不计"
    if act.supported is False:
        return "录入过迟，没有材料证明当时已经办理，不计（本系统采用的做法，规章没有规定录入期限）"
    return None


def derive_matter(case: CaseFacts, count: DaysCounted, book: Rulebook) -> dict[str, Value]:
    """The derived elements and counts of the matter; the same for every person of the case."""
    matter, due = case.matter, due_date(case.matter)
    record: dict[str, Value] = {
        "registered": OPEN if matter.registered is None else _when(matter.registered),
        "recorded_assignment": {"written": ESTABLISHED, "oral": OPEN}.get(matter.assignment_record or "", REFUTED),
    }
    if due is None:
        unset = ("due_in_force", "accepted_in_time", "after_due", "within_rolling_year", "same_calendar_year")
        record |= dict.fromkeys(unset, OPEN)
    else:
        record |= {
            "due_in_force": _when(due >= book.in_force_from),
            "accepted_in_time": completed_by(matter, due),
            "after_due": _when(case.trigger_date > due),
            "within_rolling_year": _when(due <= case.trigger_date <= add_months(due, _number(book, "months"))),
            "same_calendar_year": _when(due.year == case.trigger_date.year),
        }
    for name, days in count.days.items():
        fields = book.vocabulary.counts[name]
        record[fields.field] = len(days)
        record[fields.unfulfilled] = _unfulfilled(matter, days, _number(book, "still_unfulfilled_after"))
    return record


def carried(book: Rulebook, name: str) -> int | None:
    """The one number of this name that a rule of the book carries; None where none does."""
    return next((getattr(rule, name) for rule in book.rules.values() if getattr(rule, name) is not None), None)


def _number(book: Rulebook, name: str) -> int:
    number = carried(book, name)
    if number is None:
        raise LookupError(name)
    return number


def numbered(book: Rulebook, name: str) -> str:
    """The name of a derived element with the number or the day of the book on which it depends.

    The same element of two books with other numbers is another fact.
    """
    depends: dict[str, Any] = {
        count.unfulfilled: f"{carried(book, 'still_unfulfilled_after')}/{'+'.join(sorted(count.kinds))}"
        for count in book.vocabulary.counts.values()
    }
    depends |= {"within_rolling_year": carried(book, "months"), "due_in_force": book.in_force_from}
    return f"{name}@{depends[name]}" if name in depends else name


def _unfulfilled(matter: MatterFacts, days: tuple[date, ...], number: int) -> Status:
    if len(days) < number:
        return REFUTED
    done = completed_by(matter, sorted(days)[number - 1])
    return {ESTABLISHED: REFUTED, OPEN: OPEN, REFUTED: ESTABLISHED}[done]


def derive_person(person: PersonFacts) -> dict[str, Value]:
    """The derived elements of one person. Source: art-8.0.b."""
    return {
        "managed_by_school_committee": _when(person.managed_by == "school_committee"),
        "role_found": OPEN if person.role == "undetermined" else ESTABLISHED,
    }


def element_record(person: PersonFacts, book: Rulebook) -> dict[str, Value]:
    """The status of every element of the vocabulary: a group not listed counts as refuted, a missing element as open."""
    record: dict[str, Value] = {}
    for group in book.vocabulary.groups.values():
        found = person.findings.get(group.id)
        for element in group.elements:
            if found is None:
                record[f"{group.id}.{element}"] = REFUTED
            else:
                record[f"{group.id}.{element}"] = found[element].status if element in found else OPEN
    return record
