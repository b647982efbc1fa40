"""What is answered about an accountability case."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from models.records.record import Vouched
from models.schemas.matter_view import SinceThen
from rules.answering import Day, Id, Value, about


class CaseRecordView(Value, frozen=True, rename={"as_": "as"}):
    number: Annotated[int, about("序号")]
    action: Annotated[str, about("办理")]
    label: Annotated[str, about("办理名称")]
    provision: Annotated[str, about("所依据的条款")]
    on: Annotated[Day, about("办理日期")]
    by: Annotated[str, about("办理人")]
    as_: Annotated[str, about(None, of="case_actor")]
    details: Annotated[dict[str, Any], about("内容")]
    entered_by: Annotated[str, about("录入人")]
    entered_on: Annotated[Day, about("录入日期")]
    vouched: Annotated[str, about("以何证明是本人的办理", *get_args(Vouched))]
    papers: Annotated[list[dict[str, str]], about("所依据的纸面材料：附件和散列值")]
    late: Annotated[bool, about("是否补录：录入晚于办理日期")]
    late_reason: Annotated[str | None, about("补录理由")]


class FindingView(Value, frozen=True):
    """A finding as it stands; ``was`` are the findings that it replaced, the last first."""

    element: Annotated[str, about("要素")]
    label: Annotated[str, about("要素名称")]
    value: Annotated[str, about("认定")]
    evidence: Annotated[tuple[Any, ...], about("证据")]
    by: Annotated[tuple[str, ...], about("认定人")]
    on: Annotated[Day, about("认定日期")]
    record: Annotated[int, about("记录")]
    reason: Annotated[str | None, about("更改的理由")]
    was: Annotated[list[dict[str, Any]], about("此前的认定")]


class PointView(Value, frozen=True):
    id: Annotated[str, about("编号")]
    kind: Annotated[str, about("种类")]
    step: Annotated[str, about("针对的条款或者要素")]
    text: Annotated[str, about("申辩意见")]
    accepting: Annotated[dict[str, Any], about("如被采纳的认定")]
    withdrawn: bool
    reasonable: Annotated[bool | None, about("是否合理")]
    adopted: Annotated[bool | None, about("是否采纳")]
    answer: Annotated[str | None, about("答复的理由")]


class CasePersonView(Value, frozen=True):
    id: Annotated[str, about("编号")]
    name: Annotated[str, about("姓名")]
    person_id: Annotated[str | None, about("人员标识；记录早于人员登记而没有核对的，没有")]
    post: Annotated[str, about("职务")]
    unit: Annotated[str, about("单位")]
    findings: Annotated[tuple[FindingView, ...], about("认定")]
    points: Annotated[tuple[PointView, ...], about("申辩意见")]
    signature: Annotated[str | None, about("签署")]
    evaluations: Annotated[tuple[str, ...], about("历次处理建议的回执")]
    decision: Annotated[dict[str, Any] | None, about("现行的决定")]
    decision_number: Annotated[str | None, about("决定书文号")]
    appeals: Annotated[list[dict[str, Any]], about("申诉")]
    owed: Annotated[list[str], about("待回转的后果")]
    remaining: Annotated[tuple[str, ...], about("尚待办理")]


class CaseView(Value, frozen=True):
    """A case as its records leave it."""

    id: Id
    state: Annotated[str, about("状态", of="case_state")]
    version: Annotated[int, about("版本")]
    title: Annotated[str, about("标题")]
    matters: Annotated[tuple[str, ...], about("所涉事项")]
    situations: Annotated[tuple[str, ...], about("发现的问责情形")]
    team: Annotated[list[dict[str, Any]], about("调查组")]
    recused: Annotated[dict[str, Any], about("回避人员及事由")]
    persons: Annotated[tuple[CasePersonView, ...], about("调查对象")]
    repeated: Annotated[bool, about("重复提交，此次未再办理")]
    records: Annotated[tuple[CaseRecordView, ...], about("记录")]


class CaseLine(Value, frozen=True):
    position: Annotated[int, about("位置")]
    id: Id
    title: Annotated[str, about("标题")]
    state: Annotated[str, about("状态", of="case_state")]
    version: Annotated[int, about("版本")]


class PointBasis(Value, frozen=True):
    """The recommendation that a point is weighed on, and what came after it and is not counted."""

    receipt_id: Annotated[Id, about("处理建议的回执")]
    matter_id: Annotated[Id, about("所依的事项")]
    version: Annotated[int, about("推算时事项的记录数")]
    since: Annotated[tuple[SinceThen, ...], about("此后事项新增的记录")]
    findings: Annotated[tuple[int, ...], about("此后另有的认定，案件记录的序号")]


class PointEffect(Value, frozen=True):
    """What accepting a point of the defence would change of the recommendation; empty where nothing."""

    person: Annotated[str, about("调查对象")]
    point: Annotated[str, about("申辩意见")]
    known: Annotated[bool, about("能否推算：已请求过处理建议，并写明了采纳后的认定")]
    changes: Annotated[dict[str, Any], about("会改变的结果：现值和采纳后的值")]
    basis: Annotated[PointBasis | None, about("所依的处理建议；尚未请求的，没有")]


class CheckedView(Value, frozen=True):
    """A duty of procedure as it was graded; remedy is null where nothing is to be made up."""

    duty: Annotated[str, about("职责")]
    person: Annotated[str | None, about("调查对象；全案的职责没有")]
    provision: Annotated[str, about("条款")]
    label: Annotated[str, about("职责名称")]
    grade: Annotated[str, about("结论", of="grade")]
    records: Annotated[tuple[int, ...], about("所依据的记录的序号")]
    remedy: Annotated[str | None, about("补正办法；不可补正的，如何处理")]
    citation: Annotated[str, about("条款的出处")]
    grade_label: Annotated[str, about("结论名称")]
