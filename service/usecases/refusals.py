"""What a refusal says, in the same words on every edge: what forbids it, and by which provision."""

from __future__ import annotations

from models.case.act import PersonUnknown, WrongStage
from models.case.involvements import OtherHand
from models.matter.act import ActRefused, WrongDay, WrongState
from models.office.inspection import InspectionIncomplete
from models.office.ratings import UnitNotNamed
from models.records.damage import ROW, CaseDamaged, MatterDamaged
from models.records.record import Record
from models.schemas.errors import CaseFileError
from models.schemas.reading import Unreadable
from rules.book.rulebook import Guard
from rules.reasoning.editions import Books
from service.usecases.cases.act_on_case import CaseUnknown, ChoicesRefused, StaleCase
from service.usecases.matters.act_on_matter import EntryImpossible, MatterUnknown, Stale
from service.usecases.matters.inspect import InspectionUnknown

REFUSALS = (
    CaseFileError, Unreadable, ActRefused, WrongState, WrongDay, EntryImpossible, Stale, MatterUnknown, UnitNotNamed,
    InspectionIncomplete, InspectionUnknown, CaseUnknown, CaseDamaged, MatterDamaged, PersonUnknown, WrongStage, OtherHand,
)  # fmt: skip
"""Everything that an entry into the ledger may be refused with, from the reading of it on."""
_POLICY = "本校管理要求，不是规章的规定；参照"
_BACKDATED = "；改定时限、变更承办单位的，录入时已过时限的亦同"
_HANDS = {"inquiry": "参加调查", "decision": "参加决定", "review": "参加复查"}
_NAMESAKE = "只写有姓名的记录不能分辨：如系同名的另一人，请管理员核对该姓名是登记中的哪一人，或者改由他人参加"
_MISSING = {"task": "督查的任务（task）", "members": "办公室以外的成员单位（members）", "kind": "种类（kind）"}


def explained(error: Exception, books: Books) -> str:
    """One Chinese sentence for one of ``REFUSALS``."""
    if isinstance(error, ActRefused):
        faults = [fault.message for fault in error.faults] if isinstance(error, ChoicesRefused) else []
        return "；".join([*(f"{text}（{citation}）" for text, citation in _guards(error, books)), *faults])
    if isinstance(error, (WrongState, WrongStage)):
        return _wrong_state(error, books)
    if isinstance(error, WrongDay):
        return f"办理日期不得早于此前的办理（{error.earliest}）"
    if isinstance(error, Stale):
        return _stale(error, books)
    if isinstance(error, UnitNotNamed):
        return explained(ActRefused((error.guard,)), books)
    if isinstance(error, InspectionIncomplete):
        return _incomplete(error, books)
    if isinstance(error, InspectionUnknown):
        return "没有这次督查"
    if isinstance(error, CaseDamaged):
        where = "登记行损坏" if error.number == ROW else f"第{error.number}条记录损坏或者缺失"
        return f"案件的{where}，不能据以办理；请由备份恢复，记录的核对见 wenze case checkup"
    if isinstance(error, MatterDamaged):
        where = "在台账中的登记行损坏或者缺失" if error.number == ROW else f"的第{error.number}条记录损坏或者缺失"
        return f"事项{where}，不能据以办理，也没有计入统计；请由备份恢复"
    if isinstance(error, OtherHand):
        unless = "，除非写明由其复查的理由" if (error.before, error.now) == ("decision", "review") else ""
        return f"{error.name}已在本案中{_HANDS[error.before]}，不能再{_HANDS[error.now]}{unless}；{_NAMESAKE}"
    if isinstance(error, CaseUnknown):
        return "没有这个案件"
    if isinstance(error, PersonUnknown):
        return "本案没有这名调查对象"
    return "没有这个事项" if isinstance(error, MatterUnknown) else str(error)


def _guards(error: ActRefused, books: Books) -> list[tuple[str, str]]:
    book = books.usual
    guards = [book.guards[name] for name in error.guards]
    cited = [book.provisions[guard.provision].citation for guard in guards]
    return [
        (said_of(guard), f"{_POLICY}{citation}{_BACKDATED}" if guard.policy else citation)
        for guard, citation in zip(guards, cited, strict=True)
    ]


def said_of(guard: Guard) -> str:
    """What a guard forbids; where it keeps people apart, that a record of a mere name may mean a namesake."""
    return f"{guard.text}；{_NAMESAKE}" if guard.by_name else guard.text


def _wrong_state(error: WrongState | WrongStage, books: Books) -> str:
    book = books.usual
    what, states = ("事项", book.ledger.states) if isinstance(error, WrongState) else ("案件", book.proceedings.states)
    now = states.get(error.state, "尚未提出")
    allowed = "、".join(states[state] for state in error.action.sources) or f"新{what}"
    cited = book.provisions[error.action.provision].citation
    return f"{what}现为“{now}”，不能{error.action.label}；须为：{allowed}（{cited}）"


def incomplete(error: InspectionIncomplete) -> str:
    """What an inspection lacks, without the provision."""
    return f"{error.form}须写明{'、'.join(_MISSING[name] for name in error.missing)}"


def _incomplete(error: InspectionIncomplete, books: Books) -> str:
    return f"{incomplete(error)}（{books.usual.provisions[error.provision].citation}）"


def _stale(error: Stale, books: Books) -> str:
    said = "；".join(f"{record.on} {record.actor.name}：{label_of(error, record, books)}" for record in error.since)
    return f"{'案件' if isinstance(error, StaleCase) else '事项'}已有新的记录（{said}），请核对后再办理"


def label_of(error: Stale, record: Record, books: Books) -> str:
    """What a record that the caller has not seen is called."""
    book = books.usual
    if isinstance(error, StaleCase):
        return book.proceedings.actions[record.action].label
    return book.ledger.actions[record.action].label
