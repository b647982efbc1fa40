"""What is written into an accountability case, action by action. Source: art-9; the words are the rulebook's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from marshmallow import ValidationError

from models.domain.matter import Actor
from models.schemas.case_evidence import CaseEvidence
from models.schemas.errors import CaseFileError, FieldError, flatten
from models.schemas.fields import Block, Choice, Day, Flag, Items, Name, StrictField, Text, listing
from models.schemas.whole_number import Whole
from rules.loading import load_rulebook

_BOOK = load_rulebook()
_PROCEDURE, _WORDS = _BOOK.proceedings, _BOOK.vocabulary.enumerations
_LONG = 20_000
ACTOR_KINDS = {
    "office": "督查督办工作办公室", "leader": "校领导", "team": "调查组成员", "person": "调查对象", "committee": "学校党委",
    "organisation": "党委组织部", "personnel": "人事处", "unit": "所在单位",
}  # fmt: skip
ELEMENTS: Mapping[str, Mapping[str, str]] = {
    **{
        f"{group.id}.{element}": _WORDS["status"]
        for group in _BOOK.vocabulary.groups.values()
        for element in group.elements
    },
    "harm": _WORDS["harm"], "role": _WORDS["role"], "conduct": _WORDS["conduct"], "unfit_for_post": _WORDS["status"],
    "distinct_periods": {"true": "属不同时段", "false": "同一时段"},
}  # fmt: skip
"""Element that can be found → the values it may have."""
_SITUATIONS = {rule.id: rule.label for rule in _BOOK.of_kind("situation")}


def _note(label: str, *, required: bool = False) -> Text:
    return Text(label, _LONG, long=True, nullable=not required, required=required)


def _name(label: str, *, required: bool = True) -> Text:
    return Text(label, 200, required=required, nullable=not required)


def _one(label: str, *, required: bool = True) -> Name:
    return Name(label, required=required, nullable=not required)


def _names(label: str) -> Items:
    return Items(label, Name(label), 100, least=1, required=True)


def _element() -> Choice:
    return Choice("要素", dict.fromkeys(ELEMENTS, ""), required=True)


_ABOUT: Mapping[str, StrictField] = {"person": Text("调查对象编号", 100, required=True)}
_MEMBER = Block(
    "成员", dict, {"name": _one("姓名"), "unit": _name("单位"), "head": Flag("是否组长", nullable=True)}
)  # fmt: skip
_MEMBERS = Items("成员", _MEMBER, 50, least=1, required=True)
_PERSON = Block(
    "调查对象", dict,
    {
        "id": Text("编号", 100, required=True), "name": _one("姓名"), "post": _name("职务"), "unit": _name("单位"),
        "managed_by": Choice("干部管理权限", _WORDS["managed_by"], required=True),
        "party_member": Flag("是否中共党员", required=True),
    },
)  # fmt: skip
_MEETING = Block(
    "会议", dict,
    {
        "body": _name("会议名称"), "held_on": Day("会议日期", required=True), "attendance": _names("出席人员"),
        "recused": Items("回避人员", Name("回避人员"), 100, nullable=True),
        "votes": Block(
            "表决", dict,
            {"for": Whole("赞成", 1000, required=True), "against": Whole("反对", 1000, required=True),
             "abstain": Whole("弃权", 1000, required=True)}, required=True,
        ),
    }, required=True,
)  # fmt: skip


class Answer(Block):
    """The answer to a question of discretion: one of its options, where it has options. What decides is the book's word on each."""

    questions: Mapping[str, tuple[str, Sequence[str]]] = {
        choice.id: (str(row["question"]), tuple(row["options"])) for choice, row in _BOOK.discretion
    }

    def json_schema(self) -> dict[str, Any]:
        closed = [
            {"properties": {"id": {"const": name}, **({"choice": {"enum": list(options)}} if options else {})}}
            for name, (_, options) in self.questions.items()
        ]
        return {**super().json_schema(), "oneOf": closed}


_SLOT = Answer(
    "裁量", dict,
    {"id": Choice("裁量事项", {name: asked for name, (asked, _) in Answer.questions.items()}, required=True), "choice": Text("选择", 500, required=True),
     "reason": _note("理由", required=True)},
)  # fmt: skip
_DECISION: Mapping[str, StrictField] = {
    "outcome": Choice("结果", _PROCEDURE.words["outcomes"], required=True),
    "measures": Items("问责方式", Choice("问责方式", _WORDS["measure"]), 3, nullable=True),
    "organisational_kind": Text("组织措施的种类", 100, nullable=True),
    "slots": Items("裁量事项", _SLOT, 20, nullable=True),
    "departure": _note("在建议区间以外的理由"),
    "referral": Flag("是否移送纪检监察机构", nullable=True),
    "referral_note": _note("移送或者衔接的说明"),
}
_POINT: Mapping[str, StrictField] = {**_ABOUT, "point": Text("申辩意见编号", 10, required=True)}
_CHANGED = Block("变更后的决定", dict, _DECISION, nullable=True)
_REASON: Mapping[str, StrictField] = {"reason": _note("理由")}
_SAME_BODY: Mapping[str, StrictField] = {
    "same_body_reason": _note("由作出决定的会议或者参加过表决的人员复查的理由"),
    "prepared_by": Items("复查材料的准备人", Name("复查材料的准备人"), 20, nullable=True),
}
"""Both only where whoever decided reviews. Source: reading A-70."""
FIELDS: Mapping[str, Mapping[str, StrictField]] = {
    "propose": {
        "title": Text("标题", 500, required=True),
        "matters": Items("所涉事项", Text("事项标识", 36), 50, required=True),
        "situations": Items("发现的问责情形", Choice("问责情形", _SITUATIONS), 20, required=True),
        "persons": Items("调查对象", _PERSON, 50, least=1, required=True),
        **_REASON,
    },
    "approve": {"opinion": _note("批准意见")},
    "approve_again": {"opinion": _note("批准意见")},
    "refuse": _REASON,
    "form_team": {"members": _MEMBERS, "led_by_other": _note("不由办公室牵头的理由")},
    "recuse": {
        "name": _one("回避人"), "ground": Choice("回避事由", _PROCEDURE.words["recusal_grounds"], required=True), **_REASON
    },
    "add_member": {"members": _MEMBERS},
    "find": {
        **_ABOUT, "element": _element(), "value": Text("认定", 50, required=True), "evidence": CaseEvidence("证据"),
        **_REASON, "second": _one("共同确认的成员", required=False),
    },
    "evaluate": {**_ABOUT, "matter": Text("所依据的事项", 36, nullable=True)},
    "serve_fact_material": {**_ABOUT, "text": _note("事实材料", required=True)},
    "hear": {**_ABOUT, "place": _name("地点", required=False), "present": _names("在场人员"), "text": _note("陈述和申辩")},
    "raise_point": {
        **_ABOUT, "kind": Choice("申辩意见的种类", _PROCEDURE.words["point_kinds"], required=True),
        "step": Text("针对的条款或者要素", 200, required=True), "text": _note("申辩意见", required=True),
        "accepting": Items(
            "如被采纳的认定",
            Block("认定", dict, {"element": _element(), "value": Text("认定", 50, required=True)}), 50, nullable=True,
        ),
    },
    "withdraw_point": {**_POINT, **_REASON},
    "answer_point": {
        **_POINT, "reasonable": Flag("是否合理", required=True), "adopted": Flag("是否采纳", required=True), **_REASON
    },
    "sign": {
        **_ABOUT, "kind": Choice("签署", _PROCEDURE.words["signatures"], required=True), "text": _note("签署的意见"),
        "note": _note("调查组的说明或者注明"),
    },
    "discuss": {"participants": _names("参加人员"), "minutes": _note("讨论记录")},
    "report": {
        "groups": Block(
            "调查报告的内容", dict,
            {name: _note(label) for name, label in _PROCEDURE.words["report_groups"].items()}, required=True,
        ),
        "signatures": _names("签名"),
    },
    "submit": {"note": _note("说明")},
    "send_back": _REASON,
    "decide": {
        "meeting": _MEETING,
        "decisions": Items("决定", Block("决定", dict, {**_ABOUT, **_DECISION}), 50, least=1, required=True),
    },
    "issue_decision": _ABOUT,
    "serve_decision": {
        **_ABOUT, "to": Choice("送达对象", {"person": "本人", "unit": "所在单位"}, required=True),
        "received_on": Day("收到日期", nullable=True), "signed_by": _one("签收人", required=False),
        "refusal_note": _note("拒绝签收的情况"), "witness": _one("见证人", required=False),
    },
    "notify_department": {**_ABOUT, "department": Choice("部门", _PROCEDURE.words["departments"], required=True)},
    "file_decision": {**_ABOUT, "reference": Text("归档位置", 500, nullable=True)},
    "complete_formalities": {**_ABOUT, "note": _note("手续办理情况")},
    "bar_ratings": {**_ABOUT, "rating_final": Flag("当年考核是否已经评定", nullable=True)},
    "execute": {
        **_ABOUT, "kind": Choice("执行事项", _PROCEDURE.words["executions"], required=True), "text": _note("执行情况")
    },
    "suspend_execution": {**_ABOUT, **_REASON},
    "appeal": {**_ABOUT, "text": _note("申诉书")},
    "review_appeal": {
        **_ABOUT, "meeting": _MEETING, "result": Choice("复查结果", _PROCEDURE.words["reviews"], required=True), **_REASON,
        **_SAME_BODY, "decision": _CHANGED,
    },
    "inform_of_review": {
        **_ABOUT, "to": Choice("告知对象", {"appellant": "申诉人", "unit": "所在单位"}, required=True),
        "form": _name("告知形式"),
    },
    "correct": {
        **_ABOUT, "meeting": _MEETING,
        "result": Choice("纠正结果", {"changed": "变更", "revoked": "撤销"}, required=True), **_REASON,
        **_SAME_BODY, "decision": _CHANGED,
    },
    "unwind": {
        **_ABOUT,
        "consequence": Choice(
            "回转事项", {rule.id: rule.label for rule in _PROCEDURE.consequences.values()}, required=True
        ),
        "note": _note("回转情况"),
    },
    "end_period": {**_ABOUT, "note": _note("期满时的表现")},
    "close": {"note": _note("说明")},
    "withdraw": _REASON,
}  # fmt: skip


def fields_of(action: str, *kinds: str) -> dict[str, StrictField]:
    """The fields of an action that actors of these kinds fill; the label says who, where not all of them do."""
    return {
        name: _said(action, name, _narrowed(action, name, one, kinds), kinds)
        for name, one in FIELDS[action].items()
        if set(kinds) & set(_who(action, name, kinds))
    }


def _who(action: str, name: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Who fills a field, or chooses a word of one (``field.word``)."""
    return _PROCEDURE.actions[action].filled_by.get(name, kinds)


def _narrowed(action: str, name: str, one: StrictField, kinds: tuple[str, ...]) -> StrictField:
    """The field with the words that one of them may choose."""
    if not isinstance(one, Choice):
        return one
    words = {
        word: told for word, told in one.chinese.items() if set(kinds) & set(_who(action, f"{name}.{word}", kinds))
    }
    return one if words == one.chinese else Choice(one.label, words, required=one.required, nullable=one.allow_none)


def _said(action: str, name: str, one: StrictField, kinds: tuple[str, ...]) -> StrictField:
    who = _who(action, name, kinds)
    if set(kinds) <= set(who):
        return one
    found = copy(one)
    found.label = f"{one.label}（只由{_names_of(who)}填写）"
    return found


def _names_of(kinds: tuple[str, ...]) -> str:
    return "、".join(ACTOR_KINDS[kind] for kind in kinds)


_ACTOR = Block(
    "办理人", Actor,
    {"name": _one("姓名"), "kind": Choice("身份", ACTOR_KINDS, required=True), "unit": _name("所在单位", required=False)},
    required=True,
)  # fmt: skip
CASE_ENTRIES = {
    action: Block(
        "办理", dict,
        {"on": Day("办理日期", required=True), "actor": _ACTOR,
         "details": Block(_PROCEDURE.actions[action].label, dict, fields, required=True)},
    )
    for action, fields in FIELDS.items()
}  # fmt: skip
"""Action → the shape of its entry."""


def entry_block(action: str, kinds: tuple[str, ...]) -> Block:
    """The entry as it is offered to actors of these kinds."""
    whole = CASE_ENTRIES[action]
    details = Block(whole.fields["details"].label, dict, fields_of(action, *kinds), required=True)
    return Block(whole.label, dict, {**whole.fields, "details": details})


def case_entry_schemas() -> dict[str, dict[str, Any]]:
    """The entries as JSON Schema, by component name."""
    return {f"CaseEntry.{action}": _entry_schema(action) for action in CASE_ENTRIES}


def _entry_schema(action: str) -> dict[str, Any]:
    """What each kind of actor fills: where one of them does not fill everything, by the kind."""
    rule, found = _PROCEDURE.actions[action], CASE_ENTRIES[action].json_schema()
    if rule.filled_by:
        found["allOf"] = [
            {"if": {"properties": {"actor": {"properties": {"kind": {"const": kind}}}}},
             "then": {"properties": {"details": entry_block(action, (kind,)).fields["details"].json_schema()}}}
            for kind in rule.actors if fields_of(action, kind) != FIELDS[action]
        ]  # fmt: skip
    return found


def load_case_entry(action: str, data: Any) -> dict[str, Any]:
    """on, actor and details of an entry. Raises CaseFileError with every fault at once; KeyError for an unknown action."""
    try:
        loaded: dict[str, Any] = CASE_ENTRIES[action].deserialize(data)
    except ValidationError as error:
        raise CaseFileError(list(flatten(error.messages))) from None
    faults = [
        *_value_faults(action, loaded["details"]), *_repeated(loaded["details"]),
        *others_fields(action, loaded["actor"].kind, loaded["details"]),
    ]  # fmt: skip
    if faults:
        raise CaseFileError(faults)
    return loaded


def _value_faults(action: str, details: Mapping[str, Any]) -> Iterator[FieldError]:
    """A value has to be one of those that its element may have."""
    rows = [("details.value", details)] if action == "find" else []
    rows += [(f"details.accepting[{at}].value", row) for at, row in enumerate(details.get("accepting") or ())]
    for path, row in rows:
        words = ELEMENTS[row["element"]]
        if row["value"] not in words:
            yield FieldError(path, f"“认定”只能取：{listing(words)}；现为“{row['value']}”")


def others_fields(action: str, kind: str, details: Mapping[str, Any]) -> Iterator[FieldError]:
    """Nobody fills what is for somebody else to say."""
    for name, who in _PROCEDURE.actions[action].filled_by.items():
        field, _, word = name.partition(".")
        if kind in who or details.get(field) is None or word not in ("", details[field]):
            continue
        one = FIELDS[action][field]
        said = f"选择“{one.chinese[word]}”" if isinstance(one, Choice) and word else "填写"
        yield FieldError(f"details.{field}", f"“{one.label}”只能由{_names_of(who)}{said}，{ACTOR_KINDS[kind]}不得代填")


def _repeated(details: Mapping[str, Any]) -> Iterator[FieldError]:
    made = [(f"details.decisions[{at}]", row) for at, row in enumerate(details.get("decisions") or ())]
    for path, row in [*made, ("details.decision", details.get("decision") or {})]:
        measures = row.get("measures") or ()
        if len(set(measures)) < len(measures):
            yield FieldError(f"{path}.measures", "同一问责方式只能写一次")
    for name in ("persons", "decisions"):
        key = "id" if name == "persons" else "person"
        seen: set[str] = set()
        for at, row in enumerate(details.get(name) or ()):
            if row[key] in seen:
                yield FieldError(f"details.{name}[{at}].{key}", "编号重复")
            seen.add(row[key])
