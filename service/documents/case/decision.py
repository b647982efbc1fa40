"""What follows the committee's record on paper: 《问责决定书》, proof of service, notices, letters about an appeal.

Made from the records alone: no table that may be confirmed or replaced later (influence periods) tells in a decision.
Source: art-9.2.2.d, art-9.3, art-9.4; art-8.2, art-8.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from models.case.choices import NOT_APPLICABLE
from models.case.duties import filed_appeals
from models.case.parts import Decision, Finding
from models.records.record import Record, told
from rules.book.contract.case_effects import (
    JUDGEMENTS,
    AppealReviewed,
    FactMaterialServed,
    Notified,
    Reported,
    ReviewTold,
    Served,
)
from rules.book.contract.effect import Reasoned
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson
from rules.reasoning.calendar import CalendarUnknown, WorkCalendar, add_months
from service.documents.parts.paper import Paper
from service.documents.writing.case_words import (
    cited,
    duty,
    ended,
    evidence_words,
    items_by_question,
    items_groups,
    noted,
    ordered,
)
from service.documents.writing.dossier import Dossier, IssuedDecision, review_of
from service.documents.writing.laid_out import laid_out
from service.documents.writing.wording import day

DECISION, RECEIPT, NOTICE, ACCEPTED, REVIEWED = (
    "问责决定书",
    "送达回证",
    "问责情况抄告",
    "申诉受理告知书",
    "复查结果告知书",
)
_DUTIES = ("personal_file", "formalities", "ratings", "influence_period")


def decision_paper(dossier: Dossier, issued: IssuedDecision) -> Paper:
    """The decision as it was issued; a mark where it no longer stands."""
    book, made = dossier.book, issued.deciding.effect
    receipt = dossier.evaluation(issued.person.id, issued.decision.receipt_id)  # what the committee had before it
    found = [one for one in ordered(issued.person, book) if one.element not in JUDGEMENTS]
    judged = [one for one in ordered(issued.person, book) if one.element in JUDGEMENTS]
    return _of_decision(
        "decision",
        DECISION,
        dossier,
        issued,
        reason=(made.reason or "") if isinstance(made, Reasoned) else "",
        facts=_facts(dossier, issued),
        established=_by_group(found, items_groups(book, receipt)),
        judged=[one for one in judged if one.element != "distinct_periods"],
        pieces=_pieces,
        notes=partial(_notes, book=book),
        receipt=receipt,
        provisions=_provisions(issued, book, receipt),
        ratings_lost=ratings_words(issued.decision, book),
        beside_items=items_by_question(book, issued.person, receipt),
    )


def service_receipt(dossier: Dossier, issued: IssuedDecision) -> Paper:
    """A page for the person and one for the unit: what was signed, or that it was refused and who saw it."""
    served: dict[str, tuple[Record | None, Served]] = {
        to: (None, Served(person="", to=to)) for to in ("person", "unit")
    }
    served |= {said.to: (record, said) for record, said in told(issued.records, Served)}
    return _of_decision("service-receipt", RECEIPT, dossier, issued, f"《{DECISION}》", served=served)


def notices(dossier: Dossier, issued: IssuedDecision) -> Paper:
    """A letter to each department, with what the regulation asks of it."""
    sent = {said.department: record for record, said in told(issued.records, Notified)}
    asked_of = partial(_asked_of, issued=issued, dossier=dossier)
    return _of_decision("notice", NOTICE, dossier, issued, f"《{DECISION}》", sent=sent, asked_of=asked_of)


def appeal_accepted(dossier: Dossier, issued: IssuedDecision, appeal: Record) -> Paper:
    """To the appellant: the appeal has come in, who reviews it, and that execution goes on; what there is to say of its day.

    After the review: who reviewed it, and why where that is whoever decided.
    """
    person, book = issued.person, dossier.book
    all_filed = filed_appeals(dossier.case, person.id, book, dossier.calendar)
    filed = next(one for one in all_filed if one.appeal.number == appeal.number)
    at = [one.number for one in dossier.records("appeal", person.id)].index(appeal.number)
    review = next((said for _, said in dossier.told(AppealReviewed, person.id)[at : at + 1]), None)
    subject = f"{ACCEPTED}（{person.name}）"
    return _laid_out("appeal-accepted", subject, dossier, issued, appeal=appeal, filed=filed, review=review)


def review_result(dossier: Dossier, issued: IssuedDecision, review: Record) -> Paper:
    """A letter to the appellant and one to the unit: the result, and what becomes of the decision and of what it brought about."""
    person, book = issued.person, dossier.book
    then = dossier.as_of(review.number).persons[person.id]
    ids = {one.id for one in then.owed}
    return _laid_out(
        "review-result",
        f"{REVIEWED}（{person.name}）",
        dossier,
        issued,
        review=review_of(review),
        decided=then.decision,
        appeal=[one for one in dossier.records("appeal", person.id) if one.number < review.number][-1],
        informed={to: _informed(dossier, person.id, review, to) for to in ("appellant", "unit")},
        owed=[rule.label for rule in book.proceedings.consequences.values() if rule.id in ids],
    )


def _of_decision(
    template: str, title: str, dossier: Dossier, issued: IssuedDecision, what: str = "", **values: Any
) -> Paper:
    """A paper with the mark of a decision that was revoked or changed, and the day of the review or correction."""
    subject, end = f"{title}（{issued.number}，{issued.person.name}）", issued.overturned
    paper = _laid_out(template, subject, dossier, issued, **values)
    if end is None:
        return paper
    said = "已撤销" if end.result == "revoked" else "已变更"
    how = "复查" if isinstance(end, AppealReviewed) else "纠正"
    note = f"{what}{day(end.meeting.held_on)}经{end.meeting.body}{how}"
    return replace(paper, mark=said, mark_note=note)


def _laid_out(template: str, subject: str, dossier: Dossier, issued: IssuedDecision, **values: Any) -> Paper:
    measures = measure_words(issued.decision, dossier.book)
    return laid_out(
        template,
        subject,
        dossier.book,
        case=dossier.case,
        issued=issued,
        about=issued.person,
        measures=list(zip(issued.decision.measures, measures, strict=True)),
        **values,
    )


def _facts(dossier: Dossier, issued: IssuedDecision) -> str | None:
    """The report's own words where it is about this person alone, else those of the fact material."""
    reports, served = dossier.told(Reported), dossier.told(FactMaterialServed, issued.person.id)
    if len(dossier.as_of(issued.at).persons) == 1 and reports:
        return reports[-1][1].groups["facts"]
    return served[-1][1].text if served else None


def _by_group(found: list[Finding], apart: set[str]) -> Mapping[str, list[Finding]]:
    """What was established by the groups of the regulation, but the items that stand in a part of their own."""
    groups: dict[str, list[Finding]] = {}
    for one in found:
        group = one.element.rpartition(".")[0]
        if one.value == "established" and group not in apart:
            groups.setdefault(group, []).append(one)
    return groups


def _pieces(found: list[Finding]) -> list[str]:
    """Every piece of their evidence, once."""
    return list(dict.fromkeys(piece for one in found for piece in evidence_words(one.evidence).split("\n") if piece))


def _notes(found: list[Finding], book: Rulebook) -> str:
    return "\n".join(noted(one, book) for one in found)


def _provisions(issued: IssuedDecision, book: Rulebook, receipt: AnsweredPerson | None) -> list[str]:
    """Of the situations of the receipt that lay before the committee, the measures, the questions it answered."""
    decision, situations = issued.decision, receipt.situations if receipt else {}
    names = [name for name, status in situations.items() if status == "established"]
    provisions = [book.rules[name].provision for name in names if name in book.rules]
    provisions += [book.ladder[measure] for measure in decision.measures]
    provisions += [
        choice.provision
        for choice, _ in book.discretion
        if choice.id in decision.slots and decision.slots[choice.id]["choice"] != NOT_APPLICABLE
    ]
    return [name for name in dict.fromkeys(provisions) if book.provisions[name].kind != "meta"]


def measure_words(decision: Decision, book: Rulebook) -> list[str]:
    """The measures with how they are taken."""
    how = {row["measure"]: (choice.id, row["label"]) for choice, row in book.discretion if "measure" in row}
    said = []
    for measure in decision.measures:
        slot, called = how[measure]
        chosen = decision.slots.get(slot, {}).get("choice")
        if slot == "organisational_kind":
            chosen = decision.organisational_kind or chosen
        label = book.vocabulary.enumerations["measure"][measure]
        said.append(f"{label}（{called}：{chosen}）" if chosen else label)
    return said


def ratings_words(decision: Decision, book: Rulebook) -> str:
    """What is lost of the year's ratings, with the year of the decision (A-12)."""
    what: str = duty("ratings", book)["what"]
    return what.replace("决定当年", f"{decision.decided_on.year}年")


def _asked_of(department: str, issued: IssuedDecision, dossier: Dossier) -> Iterator[str]:
    book = dossier.book
    for name in _DUTIES:
        row = duty(name, book)
        measure = row.get("when_measure")
        if department in row["who"] and (measure is None or measure in issued.decision.measures):
            what = ratings_words(issued.decision, book) if name == "ratings" else row["what"].partition("；")[0]
            yield ended(f"{what}（{cited(row['provision'], book)}）{_until(row.get('due'), issued, dossier.calendar)}")


def _until(due: Mapping[str, Any] | None, issued: IssuedDecision, calendar: WorkCalendar) -> str:
    """By when, counted from the day of the decision (A-17); the actual day is not guessed."""
    if due is None or "months" not in due:
        return ""
    nominal = add_months(issued.decision.decided_on, due["months"])
    try:
        actual = calendar.roll(nominal)
    except CalendarUnknown as unknown:
        return f"，自决定之日起{due['months']}个月内（至{day(nominal)}；{unknown}）"
    rolled = f"，遇休息日顺延至{day(actual)}" if actual != nominal else ""
    return f"，自决定之日起{due['months']}个月内，即至{day(nominal)}{rolled}"


def _informed(dossier: Dossier, person: str, review: Record, to: str) -> Record | None:
    """The record of telling this result: the first one to whom it goes tells of the first review, and so on."""
    at = [one.number for one in dossier.records("review_appeal", person)].index(review.number)
    informed = [one for one, said in dossier.told(ReviewTold, person) if said.to == to]
    return informed[at] if at < len(informed) else None
