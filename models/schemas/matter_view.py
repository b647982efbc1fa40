"""What the ledger answers."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from models.records.record import Vouched
from rules.answering import Day, Id, Moment, Value, about


class RecordView(Value, frozen=True, rename={"as_": "as"}):
    number: Annotated[int, about("序号")]
    action: Annotated[str, about("办理")]
    label: Annotated[str, about("办理名称")]
    provision: Annotated[str, about("所依据的条款")]
    on: Annotated[Day, about("办理日期")]
    by: Annotated[str, about("办理人")]
    as_: Annotated[str, about(None, "office", "unit", "leader")]
    unit: Annotated[str | None, about("所在单位")]
    details: Annotated[dict[str, Any], about("内容")]
    entered_by: Annotated[str, about("录入人；对本人写录入人的角色")]
    entered_on: Annotated[Day, about("录入日期")]
    vouched: Annotated[str, about("以何证明是本人的办理", *get_args(Vouched))]
    papers: Annotated[list[dict[str, str]], about("所依据的纸面材料：附件和散列值")]
    late: Annotated[bool, about("是否补录：录入晚于办理日期")]
    late_reason: Annotated[str | None, about("补录理由")]


class MatterView(Value, frozen=True):
    """A matter as its records leave it."""

    id: Id
    number: Annotated[str | None, about("立项编号")]
    state: Annotated[str, about("状态", of="matter_state")]
    version: Annotated[int, about("版本")]
    title: Annotated[str, about("工作任务")]
    category: Annotated[str, about("事项来源", of="category")]
    basis: Annotated[str, about("立项依据")]
    lead_unit: Annotated[str | None, about("牵头单位")]
    co_units: Annotated[tuple[str, ...], about("协办单位")]
    set_due_on: Annotated[Day | None, about("原办结时限")]
    due_on: Annotated[Day | None, about("现办结时限")]
    project_leader: Annotated[dict[str, Any] | None, about("项目负责人")]
    repeated: Annotated[bool, about("重复提交，此次未再办理")]
    records: Annotated[tuple[RecordView, ...], about("记录")]


class MatterLine(Value, frozen=True):
    """A matter in a list."""

    position: Annotated[int, about("位置")]
    id: Id
    number: Annotated[str | None, about("立项编号")]
    title: Annotated[str, about("工作任务")]
    category: Annotated[str, about("事项来源", of="category")]
    lead_unit: Annotated[str | None, about("牵头单位")]
    state: Annotated[str, about("状态", of="matter_state")]
    due_on: Annotated[Day | None, about("办结时限")]
    version: Annotated[int, about("版本")]
    damaged: Annotated[bool, about("登记行损坏，各项不足为据；完好的没有这一项")] = False


class SinceThen(Value, frozen=True):
    number: Annotated[int, about("序号")]
    label: Annotated[str, about("办理名称")]
    on: Annotated[Day, about("办理日期")]
    by: Annotated[str, about("办理人")]
    entered_by: Annotated[str, about("录入人")]
    entered_on: Annotated[Day, about("录入日期")]
    late: Annotated[bool, about("是否补录：录入晚于办理日期")]


class EvaluationView(Value, frozen=True):
    """An evaluation of a matter, and what the ledger has got since."""

    id: Annotated[Id, about("回执编号")]
    version: Annotated[int, about("推算时事项的版本")]
    at: Annotated[Moment, about("时间")]
    by: Annotated[str, about("推算人")]
    current: Annotated[bool, about("此后台账没有新的记录")]
    since: Annotated[tuple[SinceThen, ...], about("此后新增的记录")]


class AttachmentView(Value, frozen=True):
    """A file attached to a matter or a case, without its bytes."""

    id: Id
    file_name: Annotated[str, about("文件名")]
    media_type: Annotated[str, about("类型")]
    size: Annotated[int, about("字节数")]
    sha256: Annotated[str, about("散列值")]
    uploaded_at: Annotated[Moment, about("上传时间")]
    uploaded_by: Annotated[str, about("上传人")]
