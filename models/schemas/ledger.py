"""What is written into the ledger, action by action: the details of each, and who did it on which day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from models.domain.late_entries import REASON, counted_actions
from models.domain.matter import Actor
from models.domain.organisation import RANKS
from models.schemas.errors import CaseFileError, FieldError, flatten
from models.schemas.fields import Block, Choice, Day, Flag, Items, Name, StrictField, Text
from rules.loading import load_rulebook

_BOOK = load_rulebook()
_WORDS = _BOOK.vocabulary.enumerations
_LONG = 20_000
_UNITS = 50
_CHANNELS = {"oa": "OA", "written": "书面", "telephone": "电话", "oral": "口头"}
_METHODS = {
    "check": "检查",
    "meeting": "专题工作会议",
    "interview": "个别访谈",
    "site_visit": "实地调查",
    "other": "其他",
}
_KINDS = {"office": "督查督办工作办公室", "unit": "承办单位", "leader": "校领导"}
_RANKS = dict.fromkeys(RANKS, "")


def _note(label: str, *, required: bool = False) -> Text:
    return Text(label, _LONG, long=True, nullable=not required, required=required)


def _leader() -> Block:
    fields = {"name": Name("姓名", required=True), "rank": Choice("职级", _RANKS, required=True)}
    return Block("项目负责人", dict, fields, nullable=True)


def _milestone() -> Block:
    fields = {
        "title": Text("阶段目标", 200, required=True),
        "due_on": Day("时限", required=True),
        "unit": Text("承担单位", 200, nullable=True),
    }
    return Block("阶段目标", dict, fields)


_UNITS_FIELDS: Mapping[str, StrictField] = {
    "lead_unit": Text("牵头单位", 200, nullable=True),
    "co_units": Items("协办单位", Text("协办单位", 200), _UNITS, nullable=True),
    "due_on": Day("办结时限", nullable=True),
}
_REASON = _note("理由（办结时限早于办理之日的）")
_LEADER_APPROVES: Mapping[str, StrictField] = {
    "reason": _note("理由（办结时限早于办理之日，或者超过时限后变更承办单位的）"),
    "approved_by": Name("批准的校领导（办结时限早于办理之日，或者超过时限后变更承办单位的）", nullable=True),
}
_SUPERVISION: Mapping[str, StrictField] = {
    "method": Choice("方式", _METHODS, nullable=True),
    "problems": _note("发现的问题"),
    "coordination": _note("协调情况"),
}
_FIELDS: Mapping[str, Mapping[str, StrictField]] = {
    "propose": {
        "title": Text("工作任务", 500, required=True),
        "category": Choice("事项来源", _WORDS["category"], required=True),
        "reason": _note("理由（来源为其他，或者办结时限早于办理之日的）"),
        "basis": Text("立项依据", 2000, required=True),
        "consulted_with": Text("沟通协调的单位", 500, nullable=True),
        "consulted_on": Day("沟通协调日期", nullable=True),
        "items": Choice("事项数", {"1": "一事一项", "2": "两项以上"}, nullable=True),
        "major": Flag("是否重大事项", nullable=True),
        "comprehensive": Flag("是否综合性事项", nullable=True),
        **_UNITS_FIELDS,
    },
    "register": {
        "route": Choice("立项方式", {"direct": "直接立项", "leader": "报校领导批准"}, required=True),
        "approved_by": Name("审定或者批准人", nullable=True),
        "approved_on": Day("审定或者批准日期", nullable=True),
        "opinion": _note("意见"),
        "reason": _REASON,
    },
    "carry_over": {
        "title": Text("工作任务", 500, required=True),
        "category": Choice("事项来源", _WORDS["category"], required=True),
        "reason": _note("来源为其他的理由"),
        "basis": Text("立项依据", 2000, required=True),
        **_UNITS_FIELDS,
        "registered_on": Day("立项日期", nullable=True),
        "assigned_on": Day("交办日期", required=True),
        "project_leader": _leader(),
        "original_number": Text("原编号", 100, nullable=True),
        "source": Text("来源文件和行", 500, required=True),
    },
    "arrange": {
        **_UNITS_FIELDS,
        "plan": _note("方案和进度"),
        "division": _note("分工"),
        "milestones": Items("阶段目标", _milestone(), 100, nullable=True),
        "project_leader": _leader(),
        **_LEADER_APPROVES,
    },
    "assign": {
        "channel": Choice("渠道", _CHANNELS, required=True),
        "message_id": Text("OA 流程编号", 200, nullable=True),
        "person": Name("接收人", nullable=True),
        **_LEADER_APPROVES,
    },
    "supplement_assignment": {
        "channel": Choice("渠道", _CHANNELS, required=True),
        "person": Name("接收人", required=True),
        "note": _note("内容"),
    },
    "acknowledge": {"signed_by": Name("签收人", required=True)},
    "progress": {
        "note": _note("进展情况", required=True),
        "milestones_reached": Items("已完成的阶段目标", Text("阶段目标", 200), 100, nullable=True),
    },
    "check": _SUPERVISION,
    "supervise": {**_SUPERVISION, "note": _note("督办内容", required=True)},
    "urge": {
        "responsible": Name("责任人", nullable=True),
        "contact": Name("联系人", nullable=True),
        "phone": Text("电话", 50, nullable=True),
        "channel": Choice("渠道", _CHANNELS, nullable=True),
        "message_id": Text("OA 流程编号", 200, nullable=True),
    },
    "record_urging": {"signed_by": Name("签收人", nullable=True), "contact_note": _note("联系记录")},
    "request_extension": {"reason": _note("原因"), "progress": _note("进展情况")},
    "decide_extension": {
        "granted": Flag("是否准予延期", required=True),
        "new_due_on": Day("新的办结时限", nullable=True),
        "measures": _note("相应措施"),
        "reason": _REASON,
    },
    "special_report": {
        "meeting": Choice(
            "会议", {"standing_committee": "党委常委会", "president_meeting": "校长办公会"}, required=True
        ),
        "note": _note("汇报内容"),
    },
    "report": {"result": _note("完成情况", required=True)},
    "accept": {"opinion": _note("审查意见")},
    "return": {
        "kind": Choice("退回方式", {"supplement": "补办", "redo": "重办"}, nullable=True),
        "reason": _note("不符合交办要求之处"),
        "new_due_on": Day("新的时限", nullable=True),
    },
    "close": {
        "office_agrees": Flag("党校办意见", required=True),
        "leader_agrees": Flag("校领导意见", required=True),
        "remarks": _note("备注"),
    },
    "feed_back": {
        "to": Text("报告对象", 200, required=True),
        "note": _note("报告内容"),
        "circulated_to": Text("通报范围", 500, nullable=True),
    },
    "archive": {"contents": Items("归档材料", Choice("归档材料", _BOOK.ledger.archive), 100, required=True)},
}
_ACTOR = Block(
    "办理人", Actor,
    {"name": Name("姓名", required=True), "kind": Choice("身份", _KINDS, required=True),
     "unit": Text("所在单位", 200, nullable=True)}, required=True,
)  # fmt: skip
OPENING = ("propose", "carry_over")
"""The actions that make a new matter."""


_COUNTED = counted_actions(_BOOK)


def _with_common(action: str, fields: Mapping[str, StrictField]) -> Mapping[str, StrictField]:
    """An act that counts may say why it was not entered in time; every action on a matter may name what was attached before."""
    if action in OPENING:
        return fields
    late = {REASON: _note("补录理由")} if action in _COUNTED else {}
    return {**fields, **late, "attachments": Items("附件", Text("附件编号", 36), 50, nullable=True)}


STORED = {action: _with_common(action, fields) for action, fields in _FIELDS.items()}
"""What a record of each action holds."""
ENTRIES = {
    action: Block(
        "办理", dict,
        {"on": Day("办理日期", required=True), "actor": _ACTOR,
         "details": Block(_BOOK.ledger.actions[action].label, dict, _with_common(action, fields), required=True)},
    )
    for action, fields in _FIELDS.items()
}  # fmt: skip
"""Action → the shape of its entry."""


def entry_schemas() -> dict[str, dict[str, Any]]:
    """The entries as JSON Schema, by component name."""
    return {f"Entry.{action}": entry.json_schema() for action, entry in ENTRIES.items()}


def load_entry(action: str, data: Any) -> dict[str, Any]:
    """on, actor and details of an entry. Raises CaseFileError with every fault at once; KeyError for an unknown action."""
    try:
        loaded: dict[str, Any] = ENTRIES[action].deserialize(data)
    except ValidationError as error:
        raise CaseFileError(list(flatten(error.messages))) from None
    if action == "arrange" and not any(value is not None for value in loaded["details"].values()):
        labels = "、".join(field.label for field in _FIELDS[action].values())
        raise CaseFileError([FieldError("details", f"至少写明一项：{labels}")])
    if loaded["details"].get("items") is not None:
        loaded["details"]["items"] = int(loaded["details"]["items"])
    return loaded
