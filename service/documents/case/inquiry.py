"""The documents up to the committee: proposal and approval, fact material, record of the hearing, report, what the committee reads.

In what the committee reads, findings and evidence come first, the recommendation of the stored receipt behind them, and every choice is
left blank. Source: art-9.0, art-9.2.1, art-9.2.2, art-8.2, art-8.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from models.case.case import Case
from models.case.parts import Person
from models.records.record import Record
from rules.book.contract.case_effects import (
    AboutPerson,
    Approved,
    FactMaterialServed,
    Heard,
    NotApproved,
    Reported,
    Signed,
)
from rules.book.contract.effect import Reasoned
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson, Because, Step
from service.documents.case.basis import moved
from service.documents.case.receipts import receipt_lines
from service.documents.parts.paper import Paper
from service.documents.writing.case_words import cited, evidence_words, titled
from service.documents.writing.dossier import Dossier
from service.documents.writing.laid_out import laid_out
from service.documents.writing.recommendation import BASES, RecommendationInWords

APPROVAL, FACTS, HEARING, REPORT, REVIEW = (
    "问责调查审批表",
    "事实材料",
    "谈话（听取陈述申辩）笔录",
    "调查报告",
    "审议材料",
)
_PROCESS = frozenset(
    {
        "propose",
        "approve",
        "form_team",
        "add_member",
        "recuse",
        "propose_recusal",
        "decide_recusal",
        "lift_recusal",
        "approve_again",
        "serve_fact_material",
        "hear",
        "sign",
        "discuss",
    }
)
"""The steps of the inquiry that the report tells of."""


def approval_form(dossier: Dossier) -> Paper:
    """The proposal, and what the leader wrote under it."""
    case, book = dossier.case, dossier.book
    proposal, answer = case.records[0], dossier.last("approve") or dossier.last("refuse")
    match answer.effect if answer else None:
        case Approved(opinion=said) | NotApproved(reason=said):
            opinion = said
        case _:
            opinion = None
    rules = [book.rules[name] for name in case.situations]
    return laid_out(
        "approval-form",
        f"{APPROVAL}（{case.title}）",
        book,
        case=case,
        proposal=proposal,
        answer=answer,
        opinion=opinion,
        reason=proposal.effect.reason if isinstance(proposal.effect, Reasoned) else None,
        matters=[titled(one) for one in dossier.matters],
        persons=[f"{one.name}，{one.unit}{one.post}" for one in case.persons.values()],
        situations=[f"{found.label}（{cited(found.provision, book)}）" for found in rules],
    )


def fact_material(dossier: Dossier, person: str, served: Record | None) -> Paper:
    """The text that was served with the findings as they then stood, and the place to sign. served: None for a draft.

    Items are told by the last receipt before the material was served; by the findings and the ledger where none had been asked for.
    """
    case = dossier.as_of(served.number) if served else dossier.case
    number = served.number if served else len(dossier.case.records) + 1
    last = next((one for one in reversed(dossier.evaluations.get(person, ())) if one.record.number < number), None)
    signed = list(_signed(dossier, person, served))
    own = [one for one in signed if one[0].actor.kind == "person"]
    return laid_out(
        "fact-material",
        f"{FACTS}（{case.persons[person].name}）",
        dossier.book,
        case=case,
        about=case.persons[person],
        served=served,
        said=served.effect.text if served and isinstance(served.effect, FactMaterialServed) else None,
        answer=last.of(person) if last else dossier.by_ledger(case, person, served),
        moved=moved(dossier, case, person, last),
        matters=dossier.matters,
        name=dossier.case.persons[person].name,
        signed=next(reversed(own or signed), None),
        under=[record for record, _ in signed],
        noted=next((one for one in reversed(signed) if one[0].actor.kind == "team"), None),
    )


def _signed(dossier: Dossier, person: str, served: Record | None) -> Iterator[tuple[Record, Signed]]:
    """What was written under this material, not under a later one."""
    if served:
        later = (one.number for one in dossier.records("serve_fact_material", person) if one.number > served.number)
        until = min(later, default=len(dossier.case.records) + 1)
        yield from (one for one in dossier.told(Signed, person) if served.number < one[0].number < until)


def hearing_record(dossier: Dossier, person: str) -> Paper:
    """Every hearing of the person, each on a page of its own, with the points raised until the next one."""
    case, about = dossier.case, dossier.case.persons[person]
    heard: list[tuple[Record | None, Heard]] = [*dossier.told(Heard, person)]
    heard = heard or [(None, Heard(person=person, present=()))]
    starts = [0, *(record.number for record, _ in heard[1:] if record), len(case.records) + 1]
    hearings = [
        (record, said, [one for one in about.points.values() if start <= one.number < until])
        for (record, said), (start, until) in zip(heard, pairwise(starts), strict=True)
    ]
    return laid_out(
        "hearing-record", f"{HEARING}（{about.name}）", dossier.book, case=case, about=about, hearings=hearings
    )


def report_paper(dossier: Dossier, made: Record | None) -> Paper:
    """The report as it was made, its six groups in the order of the regulation, each with the records that belong to it.

    made: None for a draft, of what the records hold so far.
    """
    case = dossier.as_of(made.number) if made else dossier.case

    def evaluated(person: Person) -> tuple[AnsweredPerson | None, Iterable[str]]:
        last = dossier.evaluated(person.id, person.receipt_id)
        return last.of(person.id) if last else None, moved(dossier, case, person.id, last)

    return laid_out(
        "report",
        f"{case.title}的问责{REPORT}",
        dossier.book,
        case=case,
        made=made,
        evaluated=evaluated,
        said=made.effect if made and isinstance(made.effect, Reported) else Reported(groups={}, signatures=()),
        steps=[(record, _about(case, record)) for record in case.records if record.action in _PROCESS],
        matters=dossier.matters,
        until=dossier.moment(case),  # a draft tells of everything
    )


def _about(case: Case, record: Record) -> str:
    return case.persons[record.effect.person].name.name if isinstance(record.effect, AboutPerson) else ""


def review_material(dossier: Dossier, person: str) -> Paper:
    """The material on one person, and the record that the committee fills in."""
    book, about, then = dossier.book, dossier.case.persons[person], dossier.deliberated(person)
    evaluations = dossier.evaluations.get(person, ())
    last = evaluations[-1] if evaluations else None
    reports = dossier.told(Reported) if dossier.stands("report") else []
    raised = last.of(person).discretion if last else ()
    return laid_out(
        "review-material",
        f"{REVIEW}（{about.name}）",
        book,
        case=dossier.case,
        about=about,
        evaluations=evaluations,
        lines=receipt_lines(dossier, person),
        last=last,
        matters=dossier.matters,
        until=dossier.moment(then),
        opinion=reports[-1][1].groups["opinion"] if reports else None,
        reported=reports[-1][0] if reports else None,
        signatures=[record for record, _ in dossier.told(Signed, person)],
        moved=moved(dossier, then, person, last),
        says=_Steps(last.book) if last else None,
        outcome=lambda one: one.book.vocabulary.enumerations["outcome"][one.of(person).outcome],
        bounds=_bounds,
        raised=raised,
        others=[slot for slot in book.slots() if slot.slot not in {one.slot for one in raised}],
    )


def _bounds(bounds: Iterable[str] | None, book: Rulebook) -> str:
    """Both ends of a range, also where they are the same: it is a range, no measure that is recommended."""
    if bounds is None:
        return "不产生区间"
    low, high = (book.vocabulary.enumerations["measure"][one] for one in bounds)
    return f"下限：{low}；上限：{high}"


class _Steps(RecommendationInWords):
    """The reasoning of a receipt, in the words of the printed report."""

    def headed(self, step: Step) -> str:
        state = self.state(step.status)
        return f"{step.label}{f'：{state}' if state else ''}\n（{BASES[step.basis]}）"

    def because(self, step: Step) -> Iterator[str]:
        """What a step rests on, and the readings used."""
        for because in step.because:
            yield f"{because.label}：{self.state(because.status)}{self._rests_on(because)}"
        for reading in step.readings:
            yield f"解释{reading.reading}（不是规章内容）：{reading.text}"

    def _rests_on(self, because: Because) -> str:
        if self.book.vocabulary.is_derived(because.element):
            return "（由案卷日期和记录推算）"
        said = evidence_words(because.evidence).replace("\n", "；")
        return f"（证据：{said}）" if said else ""

    def changing(self, person: AnsweredPerson) -> Iterator[str]:
        """What is open, and what would change the result: findings, then readings."""
        if person.open_facts:
            yield f"未查明：{'；'.join(self.fact(fact) for fact in person.open_facts)}。"
        for (was, to, new), facts in self.changes(person.flips).items():
            yield f"{'；'.join(facts)}：由“{was}”变为“{to}”的，{new}。"
        for row in person.readings:
            changes = self.altered(row.differs) if row.differs else "结果不变"
            yield f"{row.question}，如按“{row.text}”（解释{row.reading}）：{changes}。"
