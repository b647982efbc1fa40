"""What follows a decision on paper: proof of service, notices to the departments, letters about an appeal. Source: art-9.3, art-9.4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from models.domain.cases.duties import FiledAppeal, filed_appeals
from models.domain.matter import Record
from models.records.record import told
from rules.calendar import CalendarUnknown, WorkCalendar, add_months
from rules.contract.case_effects import Appealed, AppealReviewed, Notified, ReviewTold, Served
from rules.rulebook import Rulebook
from service.documents.case_decision import DECISION, measure_words, overturned, ratings_words
from service.documents.case_dossier import Dossier, Issued, review_of
from service.documents.case_words import (
    BLANK_DAY,
    by_whom_decided,
    cited,
    committee,
    duty,
    ended,
    of_action,
    of_guard,
    paged,
    paragraphs,
    regulation,
)
from service.documents.forms import day, office_signature
from service.documents.paper import Block, Cell, Line, Paper, Table, cell

RECEIPT, NOTICE, ACCEPTED, REVIEWED = "送达回证", "问责情况抄告", "申诉受理告知书", "复查结果告知书"
_WIDTHS, _ROW, _TALL = (40.0, 116.0), 16.0, 30.0
_DUTIES = ("personal_file", "formalities", "ratings", "influence_period")


def service_receipt(dossier: Dossier, issued: Issued) -> Paper:
    """A page for the person and one for the unit: what was signed, or that it was refused and who saw it."""
    about = issued.person

    def one(to: str, receiver: str) -> Iterator[Block]:
        served = [row for row in told(issued.records, Served) if row[1].to == to]
        return _receipt(dossier, issued, receiver, *(served[-1] if served else (None, _BLANK)))

    blocks = paged(one(to, receiver) for to, receiver in (("person", about.name), ("unit", about.unit)))
    return overturned(Paper(f"{RECEIPT}（{issued.number}，{about.name}）", blocks), issued, f"《{DECISION}》")


_BLANK = Served(person="", to="person")
"""What is said where nothing was served yet."""


def _receipt(dossier: Dossier, issued: Issued, receiver: str, served: Record | None, said: Served) -> Iterator[Block]:
    fields = (
        ("案由", dossier.case.title, _ROW), ("送达文书", f"《{DECISION}》", _ROW), ("文号", issued.number, _ROW),
        ("受送达人", receiver, _ROW), ("收到日期", day(said.received_on) or BLANK_DAY, _ROW),
        ("签收人", said.signed_by or "", _ROW),
        ("拒绝签收的情况", said.refusal_note or "", _TALL), ("见证人", said.witness or "", _ROW),
        ("送达人", served.actor.name if served else "", _ROW),
    )  # fmt: skip
    rows = tuple(
        (cell(label, "label"), Cell(tuple(Line(part, "cell") for part in text.split("\n"))))
        for label, text, _ in fields
    )
    yield Line(RECEIPT, "title")
    yield Table(_WIDTHS, rows, heights=tuple(height for _, _, height in fields))
    book = dossier.book
    yield Line(
        f"依据：《{book.title}》{of_action(book, 'serve_decision')}。{book.guards['receipt_recorded'].text}。", "below"
    )


def notices(dossier: Dossier, issued: Issued) -> Paper:
    """A letter to each department, with what the regulation asks of it."""
    sent = {said.department: one for one, said in told(issued.records, Notified)}
    departments = dossier.book.proceedings.words["departments"].items()
    blocks = paged(_notice(dossier, issued, label, sent.get(name)) for name, label in departments)
    return overturned(Paper(f"{NOTICE}（{issued.number}，{issued.person.name}）", blocks), issued, f"《{DECISION}》")


def _notice(dossier: Dossier, issued: Issued, department: str, told: Record | None) -> Iterator[Block]:
    book, about, decision = dossier.book, issued.person, issued.decision
    replaced = f"该决定书代替原《{DECISION}》（{issued.former}）。" if issued.former else ""
    yield Line(NOTICE, "title")
    yield Line(f"{department}：", "plain")
    yield Line(
        f"{about.name}（{about.unit}{about.post}）因“{dossier.case.title}”受到问责。《{DECISION}》（{issued.number}）于"
        f"{day(issued.on)}印发，问责方式为{'、'.join(measure_words(decision, book))}。{replaced}"
        f"依照{regulation(book)}{of_action(book, 'notify_department')}的规定，现予通报。"
    )
    asked = list(_asked_of(department, issued, dossier))
    if asked:
        yield Line("请依照规定办理下列事项：")
    yield from (Line(f"{at}. {text}") for at, text in enumerate(asked, 1))
    yield Line(f"附件：《{DECISION}》（{issued.number}）", "last")
    yield Line(office_signature(book), "sign")
    yield Line(day(told.on) if told else BLANK_DAY, "date")


def _asked_of(department: str, issued: Issued, dossier: Dossier) -> Iterator[str]:
    book = dossier.book
    for name in _DUTIES:
        row = duty(book, name)
        measure = row.get("when_measure")
        if department in row["who"] and (measure is None or measure in issued.decision.measures):
            what = ratings_words(issued.decision, book) if name == "ratings" else row["what"].partition("；")[0]
            yield ended(f"{what}（{cited(book, row['provision'])}）{_until(row.get('due'), issued, dossier.calendar)}")


def _until(due: Mapping[str, Any] | None, issued: Issued, calendar: WorkCalendar) -> str:
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


def appeal_accepted(dossier: Dossier, issued: Issued, appeal: Record) -> Paper:
    """To the appellant: the appeal has come in, who reviews it, and that execution goes on; what there is to say of its day."""
    book, about = dossier.book, issued.person
    filed = next(
        one
        for one in filed_appeals(dossier.case, about.id, book, dossier.calendar)
        if one.appeal.number == appeal.number
    )
    taken = "已经收到，予以受理" if filed.late is False else "已经收到"
    guards, kept = book.guards, ("reviewers_not_involved", "same_body_reasoned")
    blocks = (
        Line(ACCEPTED, "title"),
        Line(f"{about.name}：", "plain"),
        Line(f"你于{day(appeal.on)}对《{DECISION}》（{issued.number}）提出的书面申诉{taken}。"),
        *_of_its_day(filed, book),
        Line(f"依照{regulation(book)}{of_action(book, 'review_appeal')}的规定，由学校党委对申诉进行复查，复查结果将告知你及你所在单位。"),
        Line(f"该决定由{issued.meeting.body}作出；本办法没有规定由另一机关复查。{'。'.join(guards[name].text.partition('；')[0] for name in kept)}"
             f"（解释{'、'.join(guards[name].reading or '' for name in kept)}，不是本办法的规定）。"),
        *_under_review(dossier, appeal),
        Line(ended(f"{book.guards['appeal_does_not_suspend'].text}（{of_guard(book, 'appeal_does_not_suspend')}）"), "last"),
        Line(committee(book), "sign"),
        Line(BLANK_DAY, "date"),
    )  # fmt: skip
    return Paper(f"{ACCEPTED}（{about.name}）", blocks)


def _under_review(dossier: Dossier, appeal: Record) -> Iterator[Line]:
    """Who reviewed it, and why where that is whoever decided; nothing before the review."""
    assert isinstance(appeal.effect, Appealed)
    person = appeal.effect.person
    at = [one.number for one in dossier.records("appeal", person)].index(appeal.number)
    for _, review in dossier.told(AppealReviewed, person)[at : at + 1]:
        yield from paragraphs(f"本次申诉由{review.meeting.body}复查。{by_whom_decided(review)}")


def _of_its_day(filed: FiledAppeal, book: Rulebook) -> Iterator[Line]:
    """That an appeal came after its window, or that this cannot be told; nothing of one that came in time. People decide."""
    provision, window = cited(book, book.tracked["appeal"].provision), filed.window
    if filed.late is False:
        return
    if filed.received_on is None or window is None:
        yield Line(f"没有记载你收到该决定书的日期，申诉是否在期限之内不能推算，由学校党委核实（{provision}）。")
        return
    received = f"你于{day(filed.received_on)}收到该决定书，"
    if window.actual is None:
        nominal = f"书面申诉的期限按月计算至{day(window.nominal)}；" if window.nominal else ""
        yield Line(f"{received}{nominal}{window.warning}，申诉是否逾期不能推算，由学校党委核实（{provision}）。")
        return
    rolled = "（遇休息日顺延）" if window.actual != window.nominal else ""
    caution = f"{window.warning}。" if window.warning else ""
    yield Line(
        f"{received}提出书面申诉的最后一日为{day(window.actual)}{rolled}，本次申诉逾期提出（{provision}）。{caution}"
        "逾期申诉如何处理，本办法没有规定，由学校党委决定；此处只作提示，不因逾期拒绝申诉。"
    )


def review_result(dossier: Dossier, issued: Issued, review: Record) -> Paper:
    """A letter to the appellant and one to the unit."""
    about = issued.person
    receivers = (("appellant", about.name), ("unit", about.unit))
    blocks = paged(
        _result(dossier, issued, review, (receiver, _informed(dossier, about.id, review, to)))
        for to, receiver in receivers
    )
    return Paper(f"{REVIEWED}（{about.name}）", blocks)


def _informed(dossier: Dossier, person: str, review: Record, to: str) -> Record | None:
    """The record of telling this result: the first one to whom it goes tells of the first review, and so on."""
    at = [one.number for one in dossier.records("review_appeal", person)].index(review.number)
    informed = [one for one, said in dossier.told(ReviewTold, person) if said.to == to]
    return informed[at] if at < len(informed) else None


def _result(dossier: Dossier, issued: Issued, review: Record, to: tuple[str, Record | None]) -> Iterator[Block]:
    book, about, said = dossier.book, issued.person, review_of(review)
    appeal = [one for one in dossier.records("appeal", about.id) if one.number < review.number][-1]
    receiver, informed = to
    same = by_whom_decided(said)
    yield Line(REVIEWED, "title")
    yield Line(f"{receiver}：", "plain")
    yield Line(
        f"{about.name}（{about.unit}{about.post}）对《{DECISION}》（{issued.number}）不服，于{day(appeal.on)}提出书面申诉。"
        f"依照{regulation(book)}{of_action(book, 'review_appeal')}的规定，{day(said.meeting.held_on)}经{said.meeting.body}复查，"
        f"决定{book.proceedings.words['reviews'][said.result]}。现将复查结果告知。"
    )
    reasons = list(paragraphs(f"理由：{ended(said.reason or '')}"))
    yield from reasons
    yield from paragraphs(f"复查{same}" if same else "")
    yield Line(_following(dossier, issued, review), "last")
    yield Line(committee(book), "sign")
    yield Line(day(informed.on) if informed else BLANK_DAY, "date")


def _following(dossier: Dossier, issued: Issued, review: Record) -> str:
    """What becomes of the decision, and of what it brought about."""
    if review_of(review).result == "upheld":
        return f"《{DECISION}》（{issued.number}）继续执行。"
    then = dossier.as_of(review.number).persons[issued.person.id]
    ids = {one.id for one in then.owed}
    labels = [rule.label for rule in dossier.book.proceedings.consequences.values() if rule.id in ids]
    unwound = f"已经产生的后果依照规定回转：{'；'.join(labels)}。" if labels else ""
    if then.decision is None:
        return f"《{DECISION}》（{issued.number}）予以撤销。{unwound}"
    held = then.decision.outcome == "held"
    outcome = dossier.book.proceedings.words["outcomes"][then.decision.outcome]
    anew = f"变更后的《{DECISION}》另行印发、送达" if held else f"变更为：{outcome}"
    return f"《{DECISION}》（{issued.number}）不再执行，{anew}。{unwound}"
