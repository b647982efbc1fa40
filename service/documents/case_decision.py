"""《问责决定书》: of a decision that the committee took and that has a number. Source: art-9.2.2.d, art-9.3, art-9.4; art-8.2, art-8.3."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from models.domain.cases.choices import NOT_APPLICABLE
from models.domain.cases.inquiry import JUDGEMENTS
from models.domain.cases.parts import Decision, Finding
from rules.answer import AnsweredPerson
from rules.contract.case_effects import FactMaterialServed, Reported
from rules.contract.effect import Reasoned
from rules.rulebook import Rulebook
from service.documents.case_dossier import Dossier, Issued
from service.documents.case_words import (
    by_whom_decided,
    chosen,
    cited,
    committee,
    duty,
    ended,
    established_items,
    evidence_words,
    finding_value,
    headed,
    items_by_question,
    items_groups,
    noted,
    of_action,
    of_guard,
    ordered,
    paragraphs,
    points_said,
    regulation,
)
from service.documents.forms import day
from service.documents.paper import Block, Line, Paper

DECISION = "问责决定书"
_HEARD_AS = {"decide": "审议", "review_appeal": "复查", "correct": "审议纠正"}


def decision_paper(dossier: Dossier, issued: Issued) -> Paper:
    """The decision as it was issued; a mark where it no longer stands.

    Made from the records alone: no table that may be confirmed or replaced later (influence periods) tells in it.
    """
    book, about, meeting = dossier.book, issued.person, issued.meeting
    opening = (
        f"你（{about.unit}{about.post}）涉及“{dossier.case.title}”的问责事宜，业经调查组调查，听取你的陈述和申辩，形成调查报告。"
        f"依照{regulation(book)}{of_action(book, issued.deciding.action)}的规定，{day(meeting.held_on)}经{meeting.body}{_HEARD_AS[issued.deciding.action]}，决定如下。"
    )
    blocks = (
        Line(DECISION, "title"),
        Line(issued.number, "number"),
        Line(f"{about.name}：", "plain"),
        Line(opening),
        *_replacing(issued),
        *headed((
            ("查明的事实", _facts(dossier, issued)),
            ("陈述和申辩", _defence(dossier, issued)),
            ("从宽从严的情形", established_items(book, issued.person, _receipt(dossier, issued), slots=issued.decision.slots)),
            ("问责的依据", _basis(dossier, issued)),
            ("问责决定", _measures(issued, book)),
            ("裁量及其理由", _discretion(dossier, issued)),
            ("申诉", _appeal(book)),
        )),
        Line(committee(book), "sign"),
        Line(day(issued.on), "date"),
        Line(f"送：{about.name}，{about.unit}。抄送：{'，'.join(book.proceedings.words['departments'].values())}。", "note"),
    )  # fmt: skip
    return overturned(Paper(f"{DECISION}（{issued.number}，{about.name}）", blocks), issued)


def _replacing(issued: Issued) -> Iterator[Line]:
    """Which decision this one replaces, and why."""
    if issued.former:
        made, same = issued.deciding, by_whom_decided(issued.deciding.effect)
        reason = made.effect.reason or "" if isinstance(made.effect, Reasoned) else ""
        why = f"变更的理由：{ended(reason)}{f'{_HEARD_AS[made.action]}{same}' if same else ''}"
        yield from paragraphs(f"本决定书代替原《{DECISION}》（{issued.former}）。{why}")


def overturned(paper: Paper, issued: Issued, what: str = "") -> Paper:
    """The paper with the mark of a decision that was revoked or changed, and the day of the review or correction."""
    end = issued.overturned
    if end is None:
        return paper
    said = "已撤销" if end.result == "revoked" else "已变更"
    note = f"{what}{day(end.on)}经{end.body}{'复查' if end.on_appeal else '纠正'}"
    return replace(paper, mark=said, mark_note=note)


def _facts(dossier: Dossier, issued: Issued) -> Iterator[Block]:
    """The report's own words where it is about this person alone, else those of the fact material; then what was established."""
    then = dossier.as_of(issued.at)
    reports, served = dossier.told(Reported), dossier.told(FactMaterialServed, issued.person.id)
    if len(then.persons) == 1 and reports:
        yield from paragraphs(reports[-1][1].groups["facts"])
    elif served:
        yield from paragraphs(served[-1][1].text)
    yield from _established(issued, dossier.book, items_groups(dossier.book, _receipt(dossier, issued)))


def _established(issued: Issued, book: Rulebook, apart: Collection[str]) -> Iterator[Line]:
    """What was established, but the items that stand in a part of their own."""
    found = [one for one in ordered(issued.person, book) if one.element.rpartition(".")[0] not in apart]
    groups: dict[str, list[Finding]] = {}
    for one in found:
        if one.element not in JUDGEMENTS and one.value == "established":
            groups.setdefault(one.element.rpartition(".")[0], []).append(one)
    for at, (group, rows) in enumerate(groups.items(), 1):
        provision = book.vocabulary.groups[group].provision
        labels = "；".join(book.vocabulary.label(one.element) for one in rows)
        yield Line(f"{at}. {cited(book, provision)}：已查明：{labels}。")
        proof = dict.fromkeys(piece for one in rows for piece in evidence_words(one.evidence).split("\n") if piece)
        yield Line(f"证据：{'；'.join(proof) or '见调查报告'}。")
        yield from (line for one in rows for line in noted(one, book))
    judgements = [one for one in found if one.element in JUDGEMENTS and one.element != "distinct_periods"]
    judged = [f"{book.vocabulary.label(one.element)}为{finding_value(one, book)}" for one in judgements]
    if judged:
        yield Line(f"经认定，{'，'.join(judged)}。")
    yield from (line for one in judgements for line in noted(one, book))


def _defence(dossier: Dossier, issued: Issued) -> Iterator[Line]:
    points = [one for one in issued.person.points.values() if not one.withdrawn]
    if not points:
        yield Line("你没有提出须答复的申辩意见。")
    yield from points_said(points, dossier.book, answers=True)


def _basis(dossier: Dossier, issued: Issued) -> Iterator[Line]:
    """The situations of the receipt that lay before the committee, the measures, the questions it answered: each with its text."""
    book, decision = dossier.book, issued.decision
    found = _receipt(dossier, issued)
    situations = found.situations if found else {}
    names = [name for name, status in situations.items() if status == "established"]
    provisions = [book.rules[name].provision for name in names if name in book.rules]
    provisions += [book.ladder[measure] for measure in decision.measures]
    provisions += [
        choice.provision
        for choice, _ in book.discretion
        if choice.id in decision.slots and decision.slots[choice.id]["choice"] != NOT_APPLICABLE
    ]
    yield Line(f"依照{regulation(book)}的下列规定：")
    said = [name for name in dict.fromkeys(provisions) if book.provisions[name].kind != "meta"]
    for at, provision in enumerate(said, 1):
        yield Line(f"{at}. {cited(book, provision)}：“{book.provisions[provision].text}”")


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
    what: str = duty(book, "ratings")["what"]
    return what.replace("决定当年", f"{decision.decided_on.year}年")


def _measures(issued: Issued, book: Rulebook) -> Iterator[Line]:
    decision, ratings, period = issued.decision, duty(book, "ratings"), duty(book, "influence_period")
    yield Line(f"决定对{issued.person.name}予以问责，采取下列问责方式：")
    for at, (measure, said) in enumerate(zip(decision.measures, measure_words(decision, book), strict=True), 1):
        yield Line(f"{at}. {said}（{cited(book, book.ladder[measure])}）。")
    yield Line(f"依照{cited(book, ratings['provision'])}，{ratings_words(decision, book)}。")
    yield Line(f"影响期依照{cited(book, period['provision'])}，按上级文件的规定执行。")
    if decision.referral:
        guard = book.guards["discipline_by_referral"]
        note = ended(decision.referral_note) if decision.referral_note else ""
        yield from paragraphs(
            f"有关问题移送纪检监察机构研判；本决定书不作出纪律处分（{cited(book, guard.provision)}）。{note}"
        )


def _receipt(dossier: Dossier, issued: Issued) -> AnsweredPerson | None:
    """What the committee had before it."""
    return dossier.evaluation(issued.person.id, issued.decision.receipt_id)


def _discretion(dossier: Dossier, issued: Issued) -> Iterator[Line]:
    """Every choice of the committee with its reason, but those that stand beside the items that they rest on.

    How it stands to the recommendation is no ground and is not told here.
    """
    book = dossier.book
    told = items_by_question(book, issued.person, _receipt(dossier, issued))
    for choice, _ in book.discretion:
        if choice.id not in told:
            yield from chosen(book, choice.id, issued.decision.slots)


def _appeal(book: Rulebook) -> Iterator[Line]:
    appeal = duty(book, "appeal")
    yield Line(
        f"对本决定不服的，可以自收到本决定书之日起{appeal['due']['months']}个月内，向{committee(book)}提出书面申诉"
        f"（{cited(book, appeal['provision'])}）。", "last"
    )  # fmt: skip
    yield Line(
        ended(f"{book.guards['appeal_does_not_suspend'].text}（{of_guard(book, 'appeal_does_not_suspend')}）"), "last"
    )
