"""The documents of a case, each declared once: when there is one of this case, how it is drawn, who has received it. Source: art-9.

API, page, command, the case's file and the person's own page derive from ``KINDS``; what is declared without a drawer is no document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Literal, NamedTuple

from models.case.parts import Person
from models.matter.act import ActRefused
from models.records.record import Record
from service.documents.case import checkup, inquiry
from service.documents.case import decision as case_decision
from service.documents.parts.paper import Paper
from service.documents.writing.case_words import cited
from service.documents.writing.dossier import Dossier, IssuedDecision, StoredCase, issued_decisions
from service.documents.writing.wording import day

DRAFT, SENT_BACK = "草稿", "已退回"
State = Literal["exists", "draft", "not_yet"]
STATES: dict[State, str] = {"exists": "已有", "draft": "草稿", "not_yet": "尚不能制作"}
Make = Callable[[], Paper]


class PaperNotYet(ActRefused):
    """A document that nothing may be made of yet; ``guards`` say what forbids it."""


class PersonToName(ValueError):
    """A document that is made for one person was asked for without one, or one of the whole case with a person."""

    def __init__(self, kind: PaperKind) -> None:
        super().__init__(
            f"{kind.title}按人制作，请写明调查对象（person）"
            if kind.per_person
            else f"{kind.title}是全案的文书，不写调查对象（person）"
        )


class Available(NamedTuple):
    """What there is of a document. papers: each time that it was made, the last one being the one that counts; draft: None
    where there is none. why, provision, guard: what is lacking."""

    papers: tuple[Make, ...]
    draft: Make | None = None
    why: str = ""
    provision: str | None = None
    guard: str | None = None


@dataclass(frozen=True, slots=True)
class PaperKind:
    """What every document declares, beside when there is one and how it is drawn."""

    name: str
    title: str
    per_person: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class OfCase(PaperKind):
    """A document of the whole case."""

    available: Callable[[Dossier], Available]


@dataclass(frozen=True, slots=True)
class OfPerson(PaperKind):
    """A document about one person. received: whether it was handed to them as it stands; never, where nothing is declared."""

    available: Callable[[Dossier, str], Available]
    received: Callable[[Person], bool] = lambda _: False
    per_person: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class OfRecords(PaperKind):
    """An internal paper on the records as they are stored, whether or not they make a case: never a draft, handed to nobody."""

    drawn: Callable[[StoredCase], Paper]


@dataclass(frozen=True, slots=True)
class PaperStanding:
    """How it stands with one document; person: None where it is the case's. The rest as in ``Available``."""

    kind: PaperKind
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


def standings(dossier: Dossier) -> Iterator[PaperStanding]:
    """Every document of the case, in the order of the procedure, person by person."""
    for kind in KINDS.values():
        for person in dossier.case.persons if kind.per_person else (None,):
            yield standing(dossier, kind, person)


def standing(dossier: Dossier, kind: PaperKind, person: str | None) -> PaperStanding:
    """How it stands with one document; one of records, as of the last of them. Raises PersonToName."""
    match kind, person:
        case OfPerson(), str():
            return PaperStanding(kind, person, *kind.available(dossier, person))
        case OfCase(), None:
            return PaperStanding(kind, None, *kind.available(dossier))
        case OfRecords(), None:
            return PaperStanding(kind, None, (partial(kind.drawn, dossier.stored()),))
    raise PersonToName(kind)


def _inquiry(dossier: Dossier, action: str, papers: tuple[Make, ...], draft: Make | None) -> Available:
    """What exists as a draft from the proposal on. action: the one that makes it more than that."""
    if draft is None:
        return Available(papers)
    rule = dossier.book.proceedings.actions[action]
    again = "退回补充调查之后" if dossier.last("send_back") else ""
    return Available(papers, draft, f"{again}尚未{rule.label}", rule.provision)


def _once(dossier: Dossier, action: str, make: Make, done: object) -> Available:
    return _inquiry(dossier, action, (make,) if done else (), None if done else make)


def _approval(dossier: Dossier) -> Available:
    answered = dossier.last("approve") or dossier.last("refuse")
    return _once(dossier, "approve", partial(inquiry.approval_form, dossier), answered)


def _facts(dossier: Dossier, person: str) -> Available:
    make = partial(inquiry.fact_material, dossier, person)
    papers = tuple(partial(make, record) for record in dossier.records("serve_fact_material", person))
    return _inquiry(dossier, "serve_fact_material", papers, None if papers else partial(make, None))


def _hearing(dossier: Dossier, person: str) -> Available:
    return _once(dossier, "hear", partial(inquiry.hearing_record, dossier, person), dossier.last("hear", person))


def _report(dossier: Dossier) -> Available:
    """A report that was sent back stays, and says so; the next one is a draft until it is made."""
    papers = tuple(partial(_reported, dossier, record) for record in dossier.records("report"))
    draft = None if dossier.stands("report") else partial(inquiry.report_paper, dossier, None)
    return _inquiry(dossier, "report", papers, draft)


def _reported(dossier: Dossier, made: Record) -> Paper:
    paper = inquiry.report_paper(dossier, made)
    back = next((one for one in dossier.records("send_back") if one.number > made.number), None)
    return paper if back is None else replace(paper, mark=SENT_BACK, mark_note=f"{day(back.on)}退回补充调查")


def _review(dossier: Dossier, person: str) -> Available:
    make = partial(inquiry.review_material, dossier, person)
    return _once(dossier, "submit", make, dossier.stands("submit"))


def _decided(
    makes: Callable[[Dossier, IssuedDecision], Iterator[Make]], lacking: str
) -> Callable[[Dossier, str], Available]:
    """What there is nothing of before the committee's record and an issued number. lacking: the guard where these are there."""

    def available(dossier: Dossier, person: str) -> Available:
        issued, book = issued_decisions(dossier, person), dossier.book
        if papers := tuple(make for one in issued for make in makes(dossier, one)):
            return Available(papers)
        decision = dossier.case.persons[person].decision
        held = decision is not None and decision.outcome == "held"
        guard = book.guards[lacking if issued else "decision_issued" if held else "held_accountable"]
        return Available((), None, f"{guard.text}（{cited(guard.provision, book)}）", guard.provision, guard.id)

    return available


def _of_decision(draw: Callable[[Dossier, IssuedDecision], Paper]) -> Callable[[Dossier, str], Available]:
    """A document of every decision that was issued."""
    return _decided(lambda dossier, issued: iter((partial(draw, dossier, issued),)), "decision_issued")


def _of_record(
    action: str, draw: Callable[[Dossier, IssuedDecision, Record], Paper], lacking: str
) -> Callable[[Dossier, str], Available]:
    """A document of every record of an action about an issued decision."""
    return _decided(
        lambda dossier, issued: (
            partial(draw, dossier, issued, record) for record in issued.records if record.action == action
        ),
        lacking,
    )


def _told_of_review(person: Person) -> bool:
    reviewed = [one for one in person.appeals if one.review]
    return bool(reviewed) and all("appellant" in one.informed for one in reviewed)


_DECLARED = (
    OfCase("approval-form", inquiry.APPROVAL, _approval),
    OfPerson("fact-material", inquiry.FACTS, _facts, received=lambda person: bool(person.fact_materials)),
    OfPerson("hearing-record", inquiry.HEARING, _hearing, received=lambda person: bool(person.hearings)),
    OfCase("report", inquiry.REPORT, _report),
    OfPerson("review-material", inquiry.REVIEW, _review),
    OfPerson(
        "decision",
        case_decision.DECISION,
        _of_decision(case_decision.decision_paper),
        received=lambda person: "person" in person.served,
    ),
    OfPerson("service-receipt", case_decision.RECEIPT, _of_decision(case_decision.service_receipt)),
    OfPerson("notice", case_decision.NOTICE, _of_decision(case_decision.notices)),
    OfPerson(
        "appeal-accepted", case_decision.ACCEPTED, _of_record("appeal", case_decision.appeal_accepted, "appeal_pending")
    ),
    OfPerson(
        "review-result",
        case_decision.REVIEWED,
        _of_record("review_appeal", case_decision.review_result, "review_done"),
        received=_told_of_review,
    ),
    OfRecords("checkup", checkup.CHECKUP, checkup.checkup_paper),
)
KINDS: dict[str, PaperKind] = {kind.name: kind for kind in _DECLARED}
"""Name → document, in the order of the procedure; the check-up, which is of no stage, last."""
