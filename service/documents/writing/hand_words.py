"""Who wrote a record down and what shows whose act it is, and what is asked and answered about it: the one place for these words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from models.case.checkup import CheckUp
from models.records.fold import as_far_as
from models.records.record import Actor, Hand, Record, Vouched
from rules.book.actions import Action
from rules.book.contract.asking import Aside, ConfirmationAsked, OfEarlier, ReasonedAnswer
from rules.book.contract.guards import ActorKind
from service.documents.writing.wording import day

VOUCHED: Mapping[Vouched, str] = {
    "self": "本人办理",
    "paper": "据纸面材料录入",
    "asked": "待本人确认，尚未生效",
    "confirmed": "本人确认",
    "system": "据导入的表格或者OA回执",
    "earlier": "升级前登记",
}


def vouched_words(record: Record) -> str:
    """What shows whose act it is."""
    hand = record.hand
    words = VOUCHED[hand.vouched]
    return f"{words}（第{hand.asked}号记录）" if hand.vouched == "confirmed" else words


def entered_words(record: Record) -> str:
    """When and by whom it was written down, what shows whose act it is, and why it was not written down on its day."""
    said = f"{record.entered_on} 由{record.entered_by}录入，{vouched_words(record)}"
    return f"补录：{said}；{why_late(record)}" if record.late else said


def why_late(record: Record) -> str:
    """Why it was not written down on its day."""
    return f"理由：{record.late_reason}" if record.late_reason else "没有写明理由"


def aside_words(record: Record, actions: Mapping[str, Action], said: Callable[[Record], str]) -> str:
    """What is asked about an act, or answered. said: the words of a record."""
    match record.effect:
        case ConfirmationAsked() as says:
            of = "、".join(map(str, says.of))
            head = f"请{of}确认：{actions[says.action].label}，{day(says.done_on)}，{says.actor.name}（尚未生效）"
            return f"{head}\n{said(asked_act(record, actions))}".strip()
        case ReasonedAnswer(to=to, reason=reason):
            return f"第{to}号记录\n理由：{reason}"
        case OfEarlier(to=to):
            return f"第{to}号记录"
    return ""


def asked_act(record: Record, actions: Mapping[str, Action]) -> Record:
    """The act that is asked for as the record that it may become."""
    says = record.effect
    assert isinstance(says, ConfirmationAsked)
    actor = Actor(says.actor.name, cast(ActorKind, says.actor.kind), says.actor.unit, says.actor.id)
    effect = as_far_as(actions[says.action], says.details)
    hand = Hand(actor, record.entered_by, record.hand.enterer, "asked")
    return Record(record.number, says.action, says.done_on, hand, says.details, record.recorded_at, effect)


def checked_remarks(found: CheckUp) -> list[str]:
    """What a check-up says of hands beside its grades: nobody decides it by that."""
    said = [
        f"{record.actor.name}（出席人员）于{day(record.on)}对第{about}号会议记录提出异议（第{record.number}号记录），由学校党委审查，系统不作判断。"
        for record, about in found.objections
    ]
    numbers = "、".join(map(str, found.on_paper))
    return [*said, *([f"据纸面材料录入的记录：第{numbers}号。"] if numbers else [])]


def is_aside(record: Record) -> bool:
    """Whether a record is only about an act."""
    return isinstance(record.effect, Aside)
