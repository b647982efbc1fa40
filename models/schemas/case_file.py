"""The case file: what an investigation team hands in, checked whole, every fault at once. Source: contract, section 1."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from models.schemas.dates import order_faults
from models.schemas.errors import CaseFileError, FieldError, load, shown
from models.schemas.fields import Block, Day, Flag, Items, KnownWord, StrictField, Text
from models.schemas.finding_fields import LONG, EvidenceField, EvidenceList, FindingField, FindingsField
from rules.book.rulebook import Rulebook
from rules.reasoning.facts import Act, CaseFacts, ExtensionFacts, MatterFacts, PersonFacts, PlannedDays


class _Anything(StrictField):
    """The ``expected`` block of a worked case: not read."""

    def allowed(self) -> str:
        return ""

    def json_schema(self) -> dict[str, Any]:
        return {"title": self.label, "description": "不读取"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> None:
        return None


@lru_cache(8)
def case_file_block(book: Rulebook) -> Block:
    """The whole case file, in the words of a book."""
    words = book.vocabulary.enumerations
    act = {
        "date": Day("日期", required=True, attribute="on"),
        "kind": KnownWord("督办行为的种类", words["act_kind"], required=True),
        "by": Text("行为人", 200, nullable=True),
        "channel": Text("渠道", 200, nullable=True),
        "matter": Text("所涉事项", 500, nullable=True),
        "entered_on": Day("录入日期", nullable=True),
        "supported": Flag("是否有材料证明当时已经办理（录入晚于办理日期的必须填写）", nullable=True),
    }
    extension = {
        "requested_on": Day("申请日期", nullable=True),
        "reason": Text("延期原因", LONG, long=True, nullable=True),
        "decided_on": Day("决定日期", nullable=True),
        "decided_by": KnownWord("决定人", words["decided_by"], nullable=True),
        "granted": Flag("是否准予延期", nullable=True),
        "new_due_on": Day("延期后的办结时限", nullable=True),
    }
    matter = {
        "name": Text("事项名称", 500, required=True),
        "category": KnownWord("事项来源", words["category"], required=True),
        "lead_unit": Text("牵头单位", 200, required=True),
        "co_units": Items("协办单位", Text("协办单位", 200), 200, nullable=True, null_means=tuple),
        "registered": Flag("是否立项登记", nullable=True),
        "assignment_record": KnownWord("交办凭据", words["assignment_record"], nullable=True),
        "assigned_on": Day("交办日期", nullable=True),
        "due_on": Day("办结时限", required=True, nullable=True),
        "extension": Block("延期", ExtensionFacts, extension, nullable=True),
        "reported_on": Day("报结日期", nullable=True),
        "review": KnownWord("审查结果", words["review"], nullable=True),
        "returned_on": Day("退回日期", nullable=True),
        "redone_on": Day("补办重办报结日期", nullable=True),
        "redo_review": KnownWord("补办重办审查结果", words["review"], nullable=True),
        "acts": Items("督办记录", Block("督办记录", Act, act), 10_000, nullable=True, null_means=tuple),
    }
    person = {
        "id": Text("人员编号", 100, required=True),
        "name": Text("姓名", 200, nullable=True),
        "post": Text("职务", 200, nullable=True),
        "managed_by": KnownWord("干部管理权限", words["managed_by"], required=True),
        "party_member": Flag("是否中共党员", required=True),
        "role": KnownWord("责任角色", words["role"], nullable=True, null_means=lambda: "undetermined"),
        "conduct": KnownWord("执行情况", words["conduct"], nullable=True),
        "harm": KnownWord("损害程度", words["harm"], nullable=True),
        "unfit_for_post": KnownWord(
            "不适宜担任现职", words["status"], labels_too=True, nullable=True, null_means=lambda: "open"
        ),
        "distinct_periods": Flag("是否属不同时段", nullable=True, null_means=lambda: False),
        "findings": FindingsField(book),
        "evidence": EvidenceField(book.vocabulary),
    }
    planned = {
        "decided_on": Day("拟作出决定之日", nullable=True),
        "received_on": Day("拟送达之日", nullable=True),
    }
    return Block(
        "案卷",
        dict,
        {
            "title": Text("标题", 500, nullable=True),
            "trigger_date": Day("提出问责之日", required=True),
            "matter": Block("事项", MatterFacts, matter, required=True),
            "narrative": Text("案情", 200_000, long=True, nullable=True),
            "persons": Items("人员", Block("人员", PersonFacts, person), 200, least=1, required=True),
            "planned": Block("拟定日期", PlannedDays, planned, nullable=True, null_means=PlannedDays),
            "expected": _Anything("预期结果"),
        },
    )


def load_case(data: Any, book: Rulebook) -> CaseFacts:
    """The case file as typed facts. Raises CaseFileError with every fault at once."""
    loaded: dict[str, Any] = load(case_file_block(book), data)
    loaded.pop("expected", None)
    case = CaseFacts(**loaded)
    faults = order_faults(case, book) + _repeated_ids(case)
    if faults:
        raise CaseFileError(faults)
    return case


def case_file_schemas(book: Rulebook) -> dict[str, dict[str, Any]]:
    """The case file as JSON Schema, and the parts that it refers to, by component name."""
    finding = FindingField("认定", book.vocabulary)
    whole = case_file_block(book).json_schema()
    asked = {name: shape for name, shape in whole["properties"].items() if name != "matter"}
    required = [name for name in whole["required"] if name != "matter"]
    return {
        "CaseFile": whole,
        "CaseWithoutMatter": whole | {"title": "案卷，事项由台账生成", "properties": asked, "required": required},
        "Finding": finding.block.json_schema(),
        "Evidence": EvidenceList("证据").json_schema(),
    }


def _repeated_ids(case: CaseFacts) -> list[FieldError]:
    ids = [person.id for person in case.persons]
    return [
        FieldError(f"persons[{at}].id", f"人员编号“{shown(name)}”重复")
        for at, name in enumerate(ids)
        if name in ids[:at]
    ]
