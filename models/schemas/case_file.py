"""The case file: what an investigation team hands in, checked whole, every fault at once. Source: contract, section 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError

from models.schemas.dates import order_faults
from models.schemas.errors import CaseFileError, FieldError, flatten, shown
from models.schemas.fields import Choice, Day, Flag, Items, StrictField, Text, kind_of, object_schema, text_fault
from rules.facts import Act, CaseFacts, Extension, Finding, Matter, Person, Planned
from rules.loading import load_rulebook
from rules.rulebook import Vocabulary

_BOOK = load_rulebook()
_WORDS = _BOOK.vocabulary.enumerations
_LONG = 20_000
_EVIDENCE_KEYS = 20


class _Block(StrictField):
    """A nested object: unknown fields are refused by name; the object becomes ``kind``."""

    def __init__(self, label: str, kind: type, fields: Mapping[str, StrictField], **options: Any) -> None:
        super().__init__(label, **options)
        self.kind = kind
        self.schema = Schema.from_dict(dict(fields))(unknown=EXCLUDE)
        self.parts = fields
        self.names = {field.data_key or name for name, field in fields.items()}

    def allowed(self) -> str:
        return "应为对象"

    def json_schema(self) -> dict[str, Any]:
        return object_schema(self.label, self.parts, nullable=self.allow_none)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if type(value) is not dict:
            raise self.refuse(value)
        faults: dict[str, Any] = {
            name: [f"不认识的字段；“{self.label}”可用的字段：{'、'.join(sorted(self.names))}"]
            for name in value
            if name not in self.names
        }
        try:
            loaded = self.schema.load(value)
        except ValidationError as error:
            faults |= error.messages_dict
        if faults:
            raise ValidationError(faults)
        return self.kind(**loaded)


class EvidenceList(StrictField):
    """A text, or a list of texts and of objects of plain values."""

    def allowed(self) -> str:
        return "应为文字，或者由文字、对象组成的列表"

    def json_schema(self) -> dict[str, Any]:
        text = Text(self.label, _LONG, long=True).json_schema()
        number = {"type": "integer", "minimum": 1 - 2**53, "maximum": 2**53 - 1}
        plain = {"anyOf": [text, number, {"type": "boolean"}, {"type": "null"}]}
        keys = {"minLength": 1, "maxLength": 100, "pattern": Text("", 100).metadata["pattern"]}
        count = {"minProperties": 1, "maxProperties": _EVIDENCE_KEYS}
        entry = {"type": "object", "propertyNames": keys, "additionalProperties": plain, **count}
        items = {"type": "array", "maxItems": 200, "items": {"anyOf": [text, entry]}}
        return {"title": self.label, "anyOf": [text, entry, items]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        items = value if type(value) is list else [value]
        if len(items) > 200:
            raise ValidationError(f"“{self.label}”最多200项")
        return tuple(self._one(item) for item in items)

    def _one(self, item: Any) -> Any:
        if type(item) is str:
            fault = text_fault(item, _LONG, long=True)
            if fault:
                raise ValidationError(f"“{self.label}”{fault}")
            return item
        if type(item) is not dict or not item or len(item) > _EVIDENCE_KEYS:
            raise ValidationError(
                f"“{self.label}”{self.allowed()}，对象至多{_EVIDENCE_KEYS}个字段，现为{kind_of(item)}"
            )
        for key, value in item.items():
            plain = type(value) is bool or value is None or (type(value) is int and abs(value) < 2**53)
            fault = (
                text_fault(value, _LONG, long=True)
                if type(value) is str
                else None
                if plain
                else "只能是文字、整数或者真假值"
            )
            fault = fault or text_fault(key, 100, long=False)
            if fault:
                raise ValidationError(f"“{self.label}”的字段“{shown(key)}”{fault}")
        return item


class FindingField(StrictField):
    """A status (English or Chinese), or an object with status, evidence, found_by, found_on and note."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.status = Choice(label, _WORDS["status"], labels_too=True, required=True)
        self.block = _Block(
            label,
            Finding,
            {
                "status": self.status,
                "evidence": EvidenceList("证据"),
                "found_by": Text("认定人", 200, nullable=True),
                "found_on": Day("认定日期", nullable=True),
                "note": Text("说明", _LONG, long=True, nullable=True),
            },
        )

    def allowed(self) -> str:
        return self.status.allowed()

    def json_schema(self) -> dict[str, Any]:
        return {"title": self.label, "anyOf": [self.status.json_schema(), {"$ref": "#/components/schemas/Finding"}]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Finding:
        if type(value) is dict:
            return self.block.deserialize(value)  # type: ignore[no-any-return]
        return Finding(self.status.deserialize(value))


class FindingsField(StrictField):
    """Groups of the vocabulary, each with its elements."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__("认定", nullable=True, null_means=dict)
        self.groups = {
            group.id: {element: FindingField(label) for element, label in group.elements.items()}
            for group in vocabulary.groups.values()
        }

    def allowed(self) -> str:
        return "应为对象：条款（或者 条款/情形）→ 要素 → 认定"

    def json_schema(self) -> dict[str, Any]:
        groups = {
            name: object_schema(_BOOK.provisions[_BOOK.vocabulary.groups[name].provision].citation, elements)
            for name, elements in self.groups.items()
        }
        kind = {"type": ["object", "null"], "additionalProperties": False}
        return {"title": self.label, **kind, "properties": groups}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, dict[str, Finding]]:
        if type(value) is not dict:
            raise self.refuse(value)
        result: dict[str, dict[str, Finding]] = {}
        faults: dict[str, Any] = {}
        for name, elements in value.items():
            known = self.groups.get(name)
            if known is None:
                faults[name] = [_unknown_group(name, self.groups)]
            elif type(elements) is not dict:
                faults[name] = [f"应为对象：要素 → 认定；可用的要素：{'、'.join(known)}"]
            else:
                result[name], wrong = _elements(known, elements)
                if wrong:
                    faults[name] = wrong
        if faults:
            raise ValidationError(faults)
        return result


def _elements(known: Mapping[str, FindingField], given: Mapping[str, Any]) -> tuple[dict[str, Finding], dict[str, Any]]:
    found: dict[str, Finding] = {}
    faults: dict[str, Any] = {}
    for element, value in given.items():
        field = known.get(element)
        if field is None:
            faults[element] = [f"词汇表中没有这个要素；可用：{'、'.join(known)}"]
            continue
        try:
            found[element] = field.deserialize(value)
        except ValidationError as error:
            faults[element] = error.messages
    return found, faults


def _unknown_group(name: str, groups: Mapping[str, Any]) -> str:
    rule = _BOOK.rules.get(name)
    if rule is not None and name not in groups and not any(group.startswith(f"{name}/") for group in groups):
        return f"{_BOOK.provisions[rule.provision].citation}由系统按 matter.acts 计次，不在此处认定"
    alternatives = [group for group in groups if group.startswith(f"{name}/")]
    if alternatives:
        return f"请写明其中哪一种：{'、'.join(alternatives)}"
    what = "本条款没有可认定的要素" if name in _BOOK.provisions else "没有这个条款"
    return f"{what}；可用：{'、'.join(groups)}"


class EvidenceField(StrictField):
    """Evidence by ``group.element``, ``group``, harm, role, conduct or unfit_for_post."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__("证据", nullable=True, null_means=dict)
        self.keys = {"harm", "role", "conduct", "unfit_for_post", *vocabulary.groups}
        self.keys |= {f"{group.id}.{element}" for group in vocabulary.groups.values() for element in group.elements}
        self.example = next(
            f"{group.id}.{element}" for group in vocabulary.groups.values() for element in group.elements
        )
        self.item = EvidenceList("证据")

    def allowed(self) -> str:
        return f"应为对象：要素（如 {self.example}）→ 证据"

    def json_schema(self) -> dict[str, Any]:
        item = {"$ref": "#/components/schemas/Evidence"}
        kind = {"type": ["object", "null"], "additionalProperties": item}
        return {"title": self.label, **kind, "propertyNames": {"enum": sorted(self.keys)}}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, tuple[Any, ...]]:
        if type(value) is not dict:
            raise self.refuse(value)
        result, faults = {}, {}
        for key, item in value.items():
            try:
                if key not in self.keys:
                    raise ValidationError(
                        "词汇表中没有这个要素；应写作“条款.要素”，或者 harm、role、conduct、unfit_for_post"
                    )
                result[key] = self.item.deserialize(item)
            except ValidationError as error:
                faults[key] = error.messages
        if faults:
            raise ValidationError(faults)
        return result


class _Anything(StrictField):
    """The ``expected`` block of a worked case: not read."""

    def allowed(self) -> str:
        return ""

    def json_schema(self) -> dict[str, Any]:
        return {"title": self.label, "description": "不读取"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> None:
        return None


_ACT = {
    "date": Day("日期", required=True, attribute="on"),
    "kind": Choice("督办行为的种类", _WORDS["act_kind"], required=True),
    "by": Text("行为人", 200, nullable=True),
    "channel": Text("渠道", 200, nullable=True),
    "matter": Text("所涉事项", 500, nullable=True),
}
_EXTENSION = {
    "requested_on": Day("申请日期", nullable=True),
    "reason": Text("延期原因", _LONG, long=True, nullable=True),
    "decided_on": Day("决定日期", nullable=True),
    "decided_by": Choice("决定人", _WORDS["decided_by"], nullable=True),
    "granted": Flag("是否准予延期", nullable=True),
    "new_due_on": Day("延期后的办结时限", nullable=True),
}
_MATTER = {
    "name": Text("事项名称", 500, required=True),
    "category": Choice("事项来源", _WORDS["category"], required=True),
    "lead_unit": Text("牵头单位", 200, required=True),
    "co_units": Items("协办单位", Text("协办单位", 200), 200, nullable=True, null_means=tuple),
    "registered": Flag("是否立项登记", nullable=True),
    "assignment_record": Choice("交办凭据", _WORDS["assignment_record"], nullable=True),
    "assigned_on": Day("交办日期", nullable=True),
    "due_on": Day("办结时限", required=True, nullable=True),
    "extension": _Block("延期", Extension, _EXTENSION, nullable=True),
    "reported_on": Day("报结日期", nullable=True),
    "review": Choice("审查结果", _WORDS["review"], nullable=True),
    "returned_on": Day("退回日期", nullable=True),
    "redone_on": Day("补办重办报结日期", nullable=True),
    "redo_review": Choice("补办重办审查结果", _WORDS["review"], nullable=True),
    "acts": Items("督办记录", _Block("督办记录", Act, _ACT), 10_000, nullable=True, null_means=tuple),
}
_PERSON = {
    "id": Text("人员编号", 100, required=True),
    "name": Text("姓名", 200, nullable=True),
    "post": Text("职务", 200, nullable=True),
    "managed_by": Choice("干部管理权限", _WORDS["managed_by"], required=True),
    "party_member": Flag("是否中共党员", required=True),
    "role": Choice("责任角色", _WORDS["role"], nullable=True, null_means=lambda: "undetermined"),
    "conduct": Choice("执行情况", _WORDS["conduct"], nullable=True),
    "harm": Choice("损害程度", _WORDS["harm"], nullable=True),
    "unfit_for_post": Choice(
        "不适宜担任现职", _WORDS["status"], labels_too=True, nullable=True, null_means=lambda: "open"
    ),
    "distinct_periods": Flag("是否属不同时段", nullable=True, null_means=lambda: False),
    "findings": FindingsField(_BOOK.vocabulary),
    "evidence": EvidenceField(_BOOK.vocabulary),
}
_PLANNED = {
    "decided_on": Day("拟作出决定之日", nullable=True),
    "received_on": Day("拟送达之日", nullable=True),
}
_CASE = _Block(
    "案卷",
    dict,
    {
        "title": Text("标题", 500, nullable=True),
        "trigger_date": Day("提出问责之日", required=True),
        "matter": _Block("事项", Matter, _MATTER, required=True),
        "narrative": Text("案情", 200_000, long=True, nullable=True),
        "persons": Items("人员", _Block("人员", Person, _PERSON), 200, least=1, required=True),
        "planned": _Block("拟定日期", Planned, _PLANNED, nullable=True, null_means=Planned),
        "expected": _Anything("预期结果"),
    },
)


def load_case(data: Any) -> CaseFacts:
    """The case file as typed facts. Raises CaseFileError with every fault at once."""
    try:
        loaded: dict[str, Any] = _CASE.deserialize(data)
    except ValidationError as error:
        raise CaseFileError(list(flatten(error.messages))) from None
    loaded.pop("expected", None)
    case = CaseFacts(**loaded)
    faults = order_faults(case, _BOOK) + _repeated_ids(case)
    if faults:
        raise CaseFileError(faults)
    return case


def case_file_schemas() -> dict[str, dict[str, Any]]:
    """The case file as JSON Schema, and the parts that it refers to, by component name."""
    finding = FindingField("认定")
    return {
        "CaseFile": _CASE.json_schema(),
        "Finding": finding.block.json_schema(),
        "Evidence": EvidenceList("证据").json_schema(),
    }


def _repeated_ids(case: CaseFacts) -> list[FieldError]:
    seen: set[str] = set()
    faults = []
    for position, person in enumerate(case.persons):
        if person.id in seen:
            faults.append(FieldError(f"persons[{position}].id", f"人员编号“{shown(person.id)}”重复"))
        seen.add(person.id)
    return faults
