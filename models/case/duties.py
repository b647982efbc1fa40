"""What is to be done about a person after the decision: by whom, until when, and whether it was. Source: art-9.3 – art-9.5, art-7.2.b.

The words come from the rulebook (``duties.yaml``, ``tracked``). A day that cannot be computed is not guessed: it is None, with a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from models.case.case import Case
from models.case.outcome import MEASURE_OF, period_ends, period_of
from models.case.parts import Appeal, Decision, Person
from rules.answering import about
from rules.book.contract.case_effects import AboutPerson, Appealed, Reviewed, Served
from rules.book.procedure import TrackedDuty
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import Deadline, WorkCalendar, deadline


@dataclass(frozen=True, slots=True)
class CaseDuty:
    """One thing to be done after a decision, on a day.

    source: law, superior, policy or unconfirmed. state: done, open, overdue, not_due (its time has not come), or unknown (a day
    that it depends on is not known). nominal, actual: last day as counted, and as rest days move it. late: whether it was done
    after the actual day, None where that is not known or it has not been done. soft: the deadline only reminds. lapsed: a
    right whose time ran out unused.
    """

    id: Annotated[str, about("职责")]
    provision: Annotated[str, about("条款")]
    who: Annotated[str, about("由谁")]
    what: Annotated[str, about("做什么")]
    source: Annotated[str, about("来源", "law", "superior", "policy", "unconfirmed")]
    state: Annotated[str, about("状态", "done", "open", "overdue", "not_due", "unknown")]
    nominal: Annotated[date | None, about("名义期满")] = None
    actual: Annotated[date | None, about("实际期满")] = None
    done_on: Annotated[date | None, about("办理日期")] = None
    late: Annotated[bool | None, about("是否逾期办理")] = None
    soft: Annotated[bool, about("仅为工作提醒")] = False
    lapsed: Annotated[bool, about("权利期满未行使")] = False
    reading: Annotated[str | None, about("解释")] = None
    warning: Annotated[str | None, about("提示")] = None


@dataclass(frozen=True, slots=True)
class FiledAppeal:
    """An appeal against its window. late: None where receipt or calendar is unknown; a late one is told, never refused."""

    appeal: Appeal
    received_on: date | None
    window: Deadline | None

    @property
    def late(self) -> bool | None:
        return self.window.over(self.appeal.on) if self.window else None


def duties_of(case: Case, person_id: str, today: date, book: Rulebook, calendar: WorkCalendar) -> tuple[CaseDuty, ...]:
    """Every duty after the decision on a person, as it stands on a local day; empty while nothing was decided.

    Source: art-9.2.2.d – art-9.5, art-7.2.b, art-8.4; readings A-12, A-16 – A-18, A-48, A-50.
    """
    person = case.persons[person_id]
    clock = _Clock(today, book, calendar)
    found: list[CaseDuty] = []
    if person.held is not None:
        found += _of_decision(person, person.held, clock)
        found.append(_window(case, person, clock))
    found += _of_appeals(person, clock)
    if person.held is not None:
        found.append(_period(person, person.held, clock))
    return (*found, *_unwinding(person, clock))


def filed_appeals(case: Case, person_id: str, book: Rulebook, calendar: WorkCalendar) -> tuple[FiledAppeal, ...]:
    """Every appeal of a person with the window that ran when it was filed, also where the decision has fallen since.

    Source: art-9.4.a; reading A-16. The first receipt of the decision counts; a receipt of an earlier decision does not.
    """
    received, found = _receipts(case, person_id), []
    for appeal in case.persons[person_id].appeals:
        day = received.get(appeal.number)
        window = _deadline(book.tracked["appeal"], day, calendar) if day else None
        found.append(FiledAppeal(appeal, day, window))
    return tuple(found)


def received_on(case: Case, person_id: str) -> date | None:
    """The day on which the person first received the decision that now stands; None without receipt."""
    return _receipts(case, person_id).get(case.version + 1)


def _receipts(case: Case, person_id: str) -> dict[int, date]:
    """Record number of an appeal (and the next record's) → receipt of the decision that stood then."""
    day: date | None = None
    found: dict[int, date] = {}
    for record in case.records:
        effect = record.effect
        if not isinstance(effect, AboutPerson) or effect.person != person_id:
            continue
        if isinstance(effect, Appealed) and day is not None:
            found[record.number] = day
        day = _received_after(effect, day)
    return found | ({case.version + 1: day} if day else {})


def _received_after(effect: AboutPerson, day: date | None) -> date | None:
    match effect:
        case Served(to="person"):
            return day or effect.received_on
        case Reviewed(result="changed" | "revoked"):
            return None
    return day


def _deadline(row: TrackedDuty, start: date, calendar: WorkCalendar) -> Deadline | None:
    return deadline(start, calendar, **row.period) if row.period else None


@dataclass(frozen=True, slots=True)
class _Clock:
    """The day on which the duties are looked at, and what they are computed with."""

    today: date
    book: Rulebook
    calendar: WorkCalendar

    def duty(self, name: str, done_on: date | None, start: date | None = None, *, due: bool = True) -> CaseDuty:
        """A duty of the book: its deadline from ``start``, its state today; ``due``: whether its time has come."""
        row = self.book.tracked[name]
        ends = _deadline(row, start, self.calendar) if start else None
        made = CaseDuty(
            row.id,
            row.provision,
            row.who,
            row.what,
            row.source,
            _state(done_on, ends, self.today),
            done_on=done_on,
            soft=row.soft,
            reading=row.reading,
        )
        if ends is not None:
            late = ends.over(done_on) if done_on else None
            made = replace(made, nominal=ends.nominal, actual=ends.actual, warning=ends.warning, late=late)
        return made if due or done_on else replace(made, state="not_due")


def _state(done_on: date | None, ends: Deadline | None, today: date) -> str:
    if done_on is not None:
        return "done"
    if ends is None:
        return "open"
    over = ends.over(today)
    return "unknown" if over is None else "overdue" if over else "open"


def _of_decision(person: Person, decision: Decision, clock: _Clock) -> Iterator[CaseDuty]:
    """What follows from a decision that holds the person accountable, in the order of the regulation."""
    day = decision.decided_on
    yield clock.duty("issue", person.issued_on, day)
    for to in ("person", "unit"):
        yield clock.duty(f"service_{to}", person.served.get(to), day)
    yield clock.duty("execution", _executed_on(person, decision), day)
    for department in ("organisation", "personnel"):
        yield clock.duty(f"notice_{department}", person.notified.get(department), day)
    yield clock.duty("personal_file", person.filed_on, day)
    if clock.book.tracked["formalities"].when_measure in decision.measures:
        yield clock.duty("formalities", person.formalities_on, day)
    yield clock.duty("ratings", person.ratings_barred_on, day)


def _executed_on(person: Person, decision: Decision) -> date | None:
    """The day on which the last of the decided measures was carried out; None while one of them was not."""
    wanted = [kind for kind, measure in MEASURE_OF.items() if measure in decision.measures]
    days = [person.executed.get(kind) for kind in wanted]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _window(case: Case, person: Person, clock: _Clock) -> CaseDuty:
    """The window of the appeal: a right, not a duty; it cannot be computed before the person has received the decision."""
    received = received_on(case, person.id)
    number = person.decision.number if person.decision else 0
    filed = next((appeal.on for appeal in person.appeals if appeal.number > number), None)
    made = clock.duty("appeal", filed, received)
    if filed is not None:
        return made
    if received is None:
        return replace(made, state="unknown")
    return replace(made, state="done", lapsed=True) if made.state == "overdue" else made


def _of_appeals(person: Person, clock: _Clock) -> Iterator[CaseDuty]:
    """The review of every appeal, and telling the appellant and the unit of its result."""
    for appeal in person.appeals:
        yield clock.duty("review", appeal.reviewed_on, appeal.on)
        for to in ("appellant", "unit"):
            yield clock.duty(f"tell_{to}", appeal.told_on.get(to), appeal.reviewed_on, due=appeal.review is not None)


def _period(person: Person, decision: Decision, clock: _Clock) -> CaseDuty:
    """The end of the influence period, from a confirmed row only; it is not moved by rest days (A-50)."""
    made = clock.duty("influence_period", person.period_ended_on)
    if person.period_rested_on is not None:
        last = person.period_rested_on.ends_on
        return replace(made, source="superior", nominal=last, actual=last)
    row, ends = period_of(decision, clock.book), period_ends(decision, clock.book)
    if row is None or ends is None:
        return made if made.done_on else replace(made, state="unknown")
    made = replace(made, source="superior", nominal=ends, actual=ends)
    return made if made.done_on or clock.today >= ends else replace(made, state="not_due")


def _unwinding(person: Person, clock: _Clock) -> Iterator[CaseDuty]:
    """One row for each kind of consequence of a decision that has fallen or was changed."""
    procedure = clock.book.proceedings
    names = {"office": clock.book.office, **procedure.words["departments"]}
    fallen = [one for one in person.consequences if one.number < person.overturned_at]
    for rule in procedure.consequences.values():
        days = [one.undone_on for one in fallen if one.id == rule.id]
        if days:
            known = [day for day in days if day is not None]
            made = clock.duty("unwinding", max(known) if len(known) == len(days) else None)
            yield replace(
                made, provision=rule.provision, who=names[rule.by], what=rule.label, id=f"unwinding.{rule.id}"
            )
