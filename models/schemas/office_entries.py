"""What the Office writes down beside matters: inspections, their written reports, and what decisions say of ratings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from marshmallow import ValidationError

from models.office.inspection import Done
from models.office.ratings import RatingBar
from models.schemas.errors import CaseFileError, flatten
from models.schemas.fields import Block, Day, Flag, Items, KnownWord, Name, Text
from rules.answering import Id, Value, about
from rules.book.rulebook import Rulebook

_REPORT = Block(
    "书面报告", dict, {"to": Text("报告对象", 200, required=True), "on": Day("报告日期", required=True)}
)  # fmt: skip
_RATING_BAR = Block(
    "取消评优评先资格", dict,
    {
        "decision_number": Text("决定书文号", 100, required=True),
        "decided_on": Day("决定日期", required=True),
        "kind": KnownWord("对象", {"person": "党政领导干部", "unit": "二级单位"}, required=True),
        "name": Name("姓名", nullable=True),
        "unit": Text("单位", 200, required=True),
        "statement": Text("决定中写明的文字", 2000, long=True, nullable=True),
        "rating_final": Flag("当年考核是否已经评定", nullable=True),
    },
)  # fmt: skip


@lru_cache(8)
def office_entries(book: Rulebook) -> Mapping[str, Block]:
    """Component name → the shape of what is written down."""
    forms = {form.id: form.label for form in book.inspections.forms.values()}
    kinds = {rule.id: rule.label for rule in book.inspections.regular}
    inspection = Block(
        "督查",
        dict,
        {
            "form": KnownWord("督查形式", forms, required=True),
            "kind": KnownWord("定期督查的种类", kinds, nullable=True),
            "on": Day("督查日期", required=True),
            "task": Text("督查的任务", 500, nullable=True),
            "members": Items("督查组成员单位", Text("成员单位", 200), 50, nullable=True),
            "reported_to": Text("报告对象", 200, nullable=True),
            "reported_on": Day("报告日期", nullable=True),
            "note": Text("督查情况", 20_000, long=True, nullable=True),
        },
    )
    return {"Inspection": inspection, "InspectionReport": _REPORT, "RatingBar": _RATING_BAR}


def load_office_entry(name: str, data: Any, book: Rulebook) -> dict[str, Any]:
    """The entry as it is meant. Raises CaseFileError with every fault at once."""
    try:
        loaded: dict[str, Any] = office_entries(book)[name].deserialize(data)
    except ValidationError as error:
        raise CaseFileError(list(flatten(error.messages))) from None
    return loaded


def inspection_of(entry: Mapping[str, Any]) -> Done:
    """The inspection that an entry tells of; its note stands beside it."""
    told = {name: value for name, value in entry.items() if name not in ("kind", "members", "note")}
    return Done(kind=entry.get("kind"), members=tuple(entry.get("members") or ()), **told)


def rating_bar_of(entry: Mapping[str, Any]) -> RatingBar:
    """What an entry tells of a decision on ratings."""
    told = {name: value for name, value in entry.items() if name not in ("name", "rating_final")}
    return RatingBar(name=entry.get("name") or "", rating_final=bool(entry.get("rating_final")), **told)


def office_entry_schemas(book: Rulebook) -> dict[str, dict[str, Any]]:
    """The entries as JSON Schema, by component name."""
    return {name: block.json_schema() for name, block in office_entries(book).items()}


class InspectionView(Value, frozen=True):
    id: Id
    form: Annotated[str, about("督查形式", of="inspection_form")]
    kind: Annotated[str | None, about("定期督查的种类", of="inspection")]
    on: Annotated[date, about("督查日期")]
    reported_to: Annotated[str | None, about("报告对象")]
    task: Annotated[str | None, about("督查的任务")]
    members: Annotated[tuple[str, ...], about("督查组成员单位")]
    reported_on: Annotated[date | None, about("报告日期")]
    note: Annotated[str | None, about("督查情况")]


class RatingBarView(Value, frozen=True):
    decision_number: Annotated[str, about("决定书文号")]
    decided_on: Annotated[date, about("决定日期")]
    kind: Annotated[str, about("对象", "person", "unit")]
    name: Annotated[str, about("姓名或者单位")]
    unit: Annotated[str, about("单位")]
    statement: Annotated[str | None, about("决定中写明的文字")]
    rating_final: Annotated[bool, about("当年考核已经评定，须由人处理")]
    year: Annotated[int, about("取消资格的年度：决定当年")]
