"""The guards after the decision: service, notices, filing, execution, appeal, review, unwinding, period. Source: art-9.3 – art-9.5."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from models.case.case import Case
from models.case.discretion import attending, decisions
from models.case.parts import Decision, Person
from models.case.request import CaseRequest, Check
from models.people.identity import may_hold, may_meet
from models.people.names import bare, bares
from models.records.record import told
from models.records.signs import says
from rules.book.contract.case_effects import Executed, Meeting, OfMeeting, Reviewed, Served, Unwound
from rules.book.rulebook import Period, Rulebook
from rules.reasoning.calendar import add_months

MEASURE_OF: Mapping[str, str] = {
    "self_examination": "notice_of_criticism", "rectification": "notice_of_criticism",
    "circulation": "notice_of_criticism", "admonition": "admonition", "organisational_measure": "organisational_measure",
}  # fmt: skip
"""What is carried out → the measure that it belongs to."""


def period_of(decision: Decision, book: Rulebook) -> Period | None:
    """The longest confirmed row of the influence-period table that applies to a decision; None where none is confirmed.

    A row that starts on another day than the decision's is not applied: that day is not among the records.
    """
    applying = [
        row for row in book.periods if row.applied and row.ladder in decision.measures and _same_kind(row, decision)
    ]
    return max(applying, key=lambda row: row.months or 0, default=None)


def _same_kind(row: Period, decision: Decision) -> bool:
    """Within organisational measures the row is that of the very measure which was taken; another or an unnamed one has none."""
    return row.ladder != "organisational_measure" or row.label == decision.organisational_kind


def period_ends(decision: Decision, book: Rulebook) -> date | None:
    """The last day of the influence period: the corresponding day, no roll (A-50); None without a confirmed row."""
    row = period_of(decision, book)
    return add_months(decision.decided_on, row.months) if row is not None and row.months else None


def period_rested_on(decision: Decision, book: Rulebook) -> Mapping[str, str | int | date | None] | None:
    """What the end of an influence period rests on, for its record: the row, its months, its last day, who confirmed it on what."""
    row, ends = period_of(decision, book), period_ends(decision, book)
    if row is None or row.confirmed is None or ends is None:
        return None
    by, on = row.confirmed["by"], date.fromisoformat(row.confirmed["on"])
    return {"row": row.id, "label": row.label, "months": row.months, "ends_on": ends, "confirmed_by": by,
            "confirmed_on": on, "document": row.confirmed["document"]}  # fmt: skip


def _receipt(request: CaseRequest) -> bool:
    served = request.of(Served)
    signed = served.signed_by is not None or (says(served.refusal_note) and served.witness is not None)
    return served.received_on is not None and served.received_on <= request.on and signed


def _measure(request: CaseRequest) -> bool:
    decision = request.person.decision
    return decision is not None and MEASURE_OF[request.of(Executed).kind] in decision.measures


def _appealed(request: CaseRequest) -> Decision | None:
    """The decision against which an appeal is pending."""
    return request.person.decision if request.person.pending_appeal is not None else None


def _heavier(request: CaseRequest) -> bool:
    """While an appeal is pending no measure is added to the ones that were decided, nor one above them (A-19)."""
    before, rank = _appealed(request), request.book.rank
    if before is None:
        return True
    if any(len(set(made.measures)) > len(set(before.measures)) for made in decisions(request)):
        return False
    highest = max((rank[measure] for measure in before.measures), default=-1)
    return all(rank.get(one, -1) <= highest for decision in decisions(request) for one in decision.measures)


def _kind_kept(request: CaseRequest) -> bool:
    """While an appeal is pending the kind of an organisational measure stays: the law does not say which is heavier (A-68)."""
    before = _appealed(request)
    if before is None:
        return True
    measure = "organisational_measure"
    return all(
        made.organisational_kind == before.organisational_kind
        for made in decisions(request)
        if measure in before.measures and measure in made.measures
    )


def _deciding(case: Case, person_id: str) -> list[Meeting]:
    """The meetings that took a decision on a person, also one that was changed since."""
    return [
        made.meeting
        for _, made in told(case.records, OfMeeting)
        if not isinstance(made, Reviewed) or (made.person == person_id and made.decision is not None)
    ]


def _reviewers(request: CaseRequest) -> bool:
    """Who reviews, and who prepares it, took no part in the inquiry or in what they were recused from."""
    there, away = attending(request)
    apart = (*away, *(member.name for member in request.case.team))
    named = (*there, *request.of(Reviewed).prepared_by)
    return not any(may_hold(apart, one) or request.involved(one) for one in named)


def _same_body(request: CaseRequest) -> bool:
    """Whoever decided may review: with a reason, and who prepared it. The reason is given only then. Source: reading A-70."""
    review, there = request.of(Reviewed), attending(request)[0]
    before = _deciding(request.case, request.person.id)
    same = bare(review.meeting.body) in bares(one.body for one in before) or may_meet(
        there, [one for meeting in before for one in meeting.attendance]
    )
    return says(review.same_body_reason) is same and (not same or bool(review.prepared_by))


def _review_changes(request: CaseRequest) -> bool:
    """A changed decision is told, nothing else is; and only a decision that stands can be changed."""
    review = request.of(Reviewed)
    changed = review.result == "changed"
    stands = request.person.decision is not None
    return changed is (review.decision is not None) and (stands or not changed)


def remaining(person: Person, book: Rulebook) -> tuple[str, ...]:
    """What is still to be done about a person before the case can be closed: names of actions."""
    owed = ["unwind"] if person.owed else []
    if person.pending_appeal is not None:
        owed.append("review_appeal")
    if any(appeal.review is not None and appeal.informed != {"appellant", "unit"} for appeal in person.appeals):
        owed.append("inform_of_review")
    decision = person.held
    if decision is None:
        return tuple(owed)
    done = {
        "issue_decision": person.decision_number is not None,
        "serve_decision": set(person.served) == {"person", "unit"},
        "notify_department": set(person.notified) == {"organisation", "personnel"},
        "file_decision": person.filed_on is not None,
        "bar_ratings": person.ratings_barred_on is not None,
        "execute": all(kind in person.executed for kind, measure in MEASURE_OF.items() if measure in decision.measures),
        "complete_formalities": (
            "organisational_measure" not in decision.measures or person.formalities_on is not None
        ),
        "end_period": period_of(decision, book) is None or person.period_ended_on is not None,
    }
    return (*owed, *(name for name, is_done in done.items() if not is_done))


def _period_over(request: CaseRequest) -> bool:
    decision = request.person.decision
    ends = period_ends(decision, request.book) if decision else None
    return ends is not None and request.on >= ends


OUTCOME_GUARDS: Mapping[str, Check] = {
    "held_accountable": lambda request: request.person.held is not None,
    "not_issued_before": lambda request: request.person.decision_number is None,
    "decision_issued": lambda request: request.person.in_force,
    "receipt_recorded": _receipt,
    "by_organisation_department": lambda request: request.actor.kind == "organisation",
    "by_personnel_department": lambda request: request.actor.kind == "personnel",
    "by_own_unit": lambda request: request.actor.kind == "unit" and request.actor.unit == request.person.unit,
    "organisational_measure_taken": lambda request: (
        request.person.decision is not None and "organisational_measure" in request.person.decision.measures
    ),
    "measure_decided": _measure,
    "appeal_does_not_suspend": lambda request: False,
    "appeal_pending": lambda request: request.person.pending_appeal is not None,
    "reviewers_not_involved": _reviewers,
    "same_body_reasoned": _same_body,
    "heavier_not_on_appeal": _heavier,
    "kind_kept_on_appeal": _kind_kept,
    "review_tells_decision": _review_changes,
    "review_done": lambda request: any(appeal.review is not None for appeal in request.person.appeals),
    "unwinding_due": lambda request: (
        request.of(Unwound).consequence in {one.id for one in request.person.owed}
        and request.procedure.consequences[request.of(Unwound).consequence].by == request.actor.kind
    ),
    "period_confirmed": lambda request: (
        request.person.decision is not None and period_of(request.person.decision, request.book) is not None
    ),
    "period_over": _period_over,
    "duties_done": lambda request: not any(remaining(person, request.book) for person in request.case.persons.values()),
}
"""Guard id → whether the request keeps it."""
