"""Confirming a row of the influence-period table and withdrawing it, as they are asked for; the table as it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from models.schemas.errors import load
from models.schemas.fields import Block, Day, KnownWord, Text
from models.schemas.whole_number import WholeNumber
from rules.answering import Value, about
from rules.book.rulebook import Rulebook

STARTS = {"decision": "问责决定之日", "approval": "处分批准之日"}
_MOST_MONTHS = 120
CONFIRM = Block(
    "确认影响期", dict,
    {
        "by": Text("确认机构", 200, required=True), "on": Day("确认日期", required=True),
        "document": Text("文件", 500, required=True), "months": WholeNumber("月数", _MOST_MONTHS, nullable=True),
        "start": KnownWord("起点", STARTS, nullable=True),
    },
)  # fmt: skip
WITHDRAW = Block("撤回确认", dict, {"reason": Text("撤回的理由", 2000, long=True, required=True)})


def load_period_act(act: Block, data: Mapping[str, Any], book: Rulebook) -> dict[str, Any]:
    """The row that an act is on, and its fields. Raises CaseFileError with every fault at once."""
    rows = {row.id: row.label for row in book.periods}
    shape = Block(
        act.label, dict, {"row": KnownWord("影响期表的行", rows, labels_too=True, required=True), **act.fields}
    )
    found: dict[str, Any] = load(shape, dict(data))
    return found


class PeriodView(Value, frozen=True):
    """A row as it applies now. confirmed_by, confirmed_on, document: null where no confirmation stands; then it drives nothing."""

    id: Annotated[str, about("行")]
    label: Annotated[str, about("问责方式")]
    months: Annotated[int | None, about("月数；没有查到期限的没有")]
    start: Annotated[str | None, about("起点", *STARTS, None)]
    effect: Annotated[str, about("影响")]
    basis: Annotated[str, about("出处")]
    mark: Annotated[str, about("项目对出处的核对标记", "V", "S", "M")]
    confirmed_by: Annotated[str | None, about("确认机构")]
    confirmed_on: Annotated[date | None, about("确认日期")]
    document: Annotated[str | None, about("确认所依据的文件")]
    applied: Annotated[bool, about("是否据以推算影响期：已确认、有月数、自决定之日起算")]
