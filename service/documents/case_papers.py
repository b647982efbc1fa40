"""The documents of a case by name: which exist, which are drafts, which cannot be made yet and what forbids it. Source: art-9."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from models.domain.ledger import Refused
from models.domain.matter import Record
from service.documents import case_checkup, case_decision, case_inquiry, case_letters, case_report, case_review
from service.documents.case_dossier import Dossier, Issued, issued_decisions
from service.documents.case_words import cited
from service.documents.forms import day
from service.documents.paper import Paper

DRAFT, SENT_BACK = "草稿", "已退回"
State = Literal["exists", "draft", "not_yet"]
Make = Callable[[], Paper]


class PaperNotYet(Refused):
    """A document that nothing may be made of yet; ``guards`` say what forbids it."""


class PersonToName(ValueError):
    """A document that is made for one person was asked for without one, or one of the whole case with a person."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(
            f"{kind.title}按人制作，请写明调查对象（person）"
            if kind.per_person
            else f"{kind.title}是全案的文书，不写调查对象（person）"
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """A document. action: the one that makes it more than a draft, None where there is no draft of it."""

    name: str
    title: str
    per_person: bool
    action: str | None = None


KINDS = {
    kind.name: kind
    for kind in (
        Kind("approval-form", case_inquiry.APPROVAL, False, "approve"),
        Kind("fact-material", case_inquiry.FACTS, True, "serve_fact_material"),
        Kind("hearing-record", case_inquiry.HEARING, True, "hear"),
        Kind("report", case_report.REPORT, False, "report"),
        Kind("review-material", case_review.REVIEW, True, "submit"),
        Kind("decision", case_decision.DECISION, True),
        Kind("service-receipt", case_letters.RECEIPT, True),
        Kind("notice", case_letters.NOTICE, True),
        Kind("appeal-accepted", case_letters.ACCEPTED, True),
        Kind("review-result", case_letters.REVIEWED, True),
        Kind("checkup", case_checkup.CHECKUP, False),
    )
}
"""Name → document, in the order of the procedure; the check-up, which is of no stage, last."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a document. papers: each time that it was made, the last one being the one that counts; draft: None
    where there is none. why, guard: what is lacking."""

    kind: Kind
    person: str | None
    papers: tuple[Make, ...]
    draft: Make | None = None
    why: str = ""
    provision: str | None = None
    guard: str | None = None

    @property
    def state(self) -> State:
        return "draft" if self.draft else "exists" if self.papers else "not_yet"

    def paper(self) -> Paper:
        """The document as it stands, a draft with its mark. Raises PaperNotYet."""
        if self.draft is not None:
            return replace(self.draft(), mark=DRAFT, mark_note=self.why)
        if not self.papers:
            raise PaperNotYet((self.guard or "",))
        return self.papers[-1]()


def standings(dossier: Dossier) -> Iterator[Standing]:
    """Every document of the case, in the order of the procedure, person by person."""
    for kind in KINDS.values():
        for person in dossier.case.persons if kind.per_person else (None,):
            yield standing(dossier, kind, person)


def standing(dossier: Dossier, kind: Kind, person: str | None) -> Standing:
    """How it stands with one document. Raises PersonToName."""
    if kind.per_person is not (person is not None):
        raise PersonToName(kind)
    if kind.action is not None:
        return _of_inquiry(dossier, kind, person or "")
    if person is None:
        return Standing(kind, None, (partial(case_checkup.filed_checkup, dossier),))
    return _of_outcome(dossier, kind, person)


def _of_inquiry(dossier: Dossier, kind: Kind, person: str) -> Standing:
    """What exists as a draft from the proposal on."""
    papers, draft = _INQUIRY[kind.name](dossier, person)
    action = dossier.book.proceedings.actions[kind.action or ""]
    back = dossier.last("send_back")
    again = "退回补充调查之后" if back is not None and kind.action in ("report", "submit") else ""
    why = f"{again}尚未{action.label}" if draft else ""
    return Standing(kind, person or None, papers, draft, why, action.provision if draft else None)


def _of_outcome(dossier: Dossier, kind: Kind, person: str) -> Standing:
    """What there is nothing of before the committee's record and an issued number, and an appeal where it is about one."""
    issued = issued_decisions(dossier, person)
    papers = _OUTCOME[kind.name](dossier, issued)
    if papers:
        return Standing(kind, person, papers)
    guard = dossier.book.guards[_guard(dossier, kind, person, issued)]
    return Standing(
        kind, person, (), None, f"{guard.text}（{cited(dossier.book, guard.provision)}）", guard.provision, guard.id
    )


def _guard(dossier: Dossier, kind: Kind, person: str, issued: tuple[Issued, ...]) -> str:
    if not issued:
        decision = dossier.case.persons[person].decision
        return "decision_issued" if decision is not None and decision.outcome == "held" else "held_accountable"
    return "appeal_pending" if kind.name == "appeal-accepted" else "review_done"


Inquiry = tuple[tuple[Make, ...], Make | None]


def _approval(dossier: Dossier, person: str) -> Inquiry:
    make = partial(case_inquiry.approval_form, dossier)
    answered = dossier.last("approve") or dossier.last("refuse")
    return ((make,), None) if answered else ((), make)


def _facts(dossier: Dossier, person: str) -> Inquiry:
    served = list(dossier.records("serve_fact_material", person))
    papers = tuple(partial(case_inquiry.fact_material, dossier, person, record) for record in served)
    return papers, None if papers else partial(case_inquiry.fact_material, dossier, person, None)


def _hearing(dossier: Dossier, person: str) -> Inquiry:
    make = partial(case_inquiry.hearing_record, dossier, person)
    return ((make,), None) if dossier.last("hear", person) else ((), make)


def _report(dossier: Dossier, person: str) -> Inquiry:
    """A report that was sent back stays, and says so; the next one is a draft until it is made."""
    papers = tuple(partial(_reported, dossier, record) for record in dossier.records("report"))
    return papers, None if dossier.stands("report") else partial(case_report.report_paper, dossier, None)


def _reported(dossier: Dossier, made: Record) -> Paper:
    paper = case_report.report_paper(dossier, made)
    back = next((one for one in dossier.records("send_back") if one.number > made.number), None)
    return paper if back is None else replace(paper, mark=SENT_BACK, mark_note=f"{day(back.on)}退回补充调查")


def _review(dossier: Dossier, person: str) -> Inquiry:
    make = partial(case_review.review_material, dossier, person)
    return ((make,), None) if dossier.stands("submit") else ((), make)


_INQUIRY: dict[str, Callable[[Dossier, str], Inquiry]] = {
    "approval-form": _approval,
    "fact-material": _facts,
    "hearing-record": _hearing,
    "report": _report,
    "review-material": _review,
}


def _accepted(dossier: Dossier, issued: tuple[Issued, ...]) -> tuple[Make, ...]:
    return tuple(
        partial(case_letters.appeal_accepted, dossier, one, record)
        for one in issued
        for record in one.records
        if record.action == "appeal"
    )


def _reviewed(dossier: Dossier, issued: tuple[Issued, ...]) -> tuple[Make, ...]:
    return tuple(
        partial(case_letters.review_result, dossier, one, record)
        for one in issued
        for record in one.records
        if record.action == "review_appeal"
    )


_OUTCOME: dict[str, Callable[[Dossier, tuple[Issued, ...]], tuple[Make, ...]]] = {
    "decision": lambda dossier, issued: tuple(partial(case_decision.decision_paper, dossier, one) for one in issued),
    "service-receipt": lambda dossier, issued: tuple(
        partial(case_letters.service_receipt, dossier, one) for one in issued
    ),
    "notice": lambda dossier, issued: tuple(partial(case_letters.notices, dossier, one) for one in issued),
    "appeal-accepted": _accepted,
    "review-result": _reviewed,
}
