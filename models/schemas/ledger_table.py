"""An existing ledger as a table: which columns it has, and what a row of it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.schemas.cells import Cells
from models.schemas.reading import Unreadable, read_json, read_yaml
from models.schemas.tables import IGNORED, TableColumn, TableRow, TableUnreadable, several
from rules.book.rulebook import Rulebook

COLUMNS = (
    TableColumn("序号", unused=True),
    TableColumn("工作任务", ("任务名称", "事项名称", "督办事项"), required=True),
    TableColumn("事项来源", ("来源",), required=True),
    TableColumn("理由", ("来源为其他的理由",)),
    TableColumn("立项依据", ("依据",), required=True),
    TableColumn("牵头单位", ("承办单位", "承办部门", "牵头部门")),
    TableColumn("协办单位", ("协办部门", "配合单位")),
    TableColumn("办结时限", ("完成时限", "时限")),
    TableColumn("立项日期", ("立项时间",)),
    TableColumn("交办日期", ("交办时间", "布置时间"), required=True),
    TableColumn("原编号", ("编号",)),
    TableColumn("督办日期"),
    TableColumn("催办日期"),
    TableColumn("报结日期"),
    TableColumn("办结日期"),
    TableColumn("结项日期"),
    TableColumn("完成情况", ("落实情况", "进展情况")),
)
_MOST_UNITS, _MOST_DAYS = 50, 100


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A matter as an existing ledger has it; days that are not there are None."""

    line: int
    title: str
    category: str
    reason: str | None
    basis: str
    lead_unit: str | None
    co_units: tuple[str, ...]
    due_on: date | None
    registered_on: date | None
    assigned_on: date
    original_number: str | None
    supervised_on: tuple[date, ...]
    urged_on: tuple[date, ...]
    reported_on: date | None
    accepted_on: date | None
    closed_on: date | None
    result: str | None


def read_row(row: TableRow, book: Rulebook) -> tuple[LedgerRow | None, list[str]]:
    """What a row says, None where something essential is missing; and everything that is wrong with it."""
    cells = Cells(row)
    sources = {chinese: word for word, chinese in book.vocabulary.enumerations["category"].items()}
    title, category = cells.text("工作任务", 500), cells.word("事项来源", sources)
    reason, basis = cells.text("理由", 20_000, required=False, long=True), cells.text("立项依据", 2000)
    lead, others = cells.text("牵头单位", 200, required=False), _units(cells)
    due, registered, assigned = cells.day("办结时限"), cells.day("立项日期"), cells.day("交办日期", required=True)
    number = cells.text("原编号", 100, required=False)
    supervised, urged = _days(cells, "督办日期"), _days(cells, "催办日期")
    reported, accepted, closed = cells.day("报结日期"), cells.day("办结日期"), cells.day("结项日期")
    result = cells.text("完成情况", 20_000, required=False, long=True)
    if not (title and category and basis and assigned):
        return None, cells.problems
    found = LedgerRow(
        row.line,
        title,
        category,
        reason,
        basis,
        lead,
        others,
        due,
        registered,
        assigned,
        number,
        supervised,
        urged,
        reported,
        accepted,
        closed,
        result,
    )
    if not cells.problems:
        cells.problems += _contradictions(found)
    return found, cells.problems


def read_mapping(raw: bytes, name: str) -> dict[str, str]:
    """Their columns → ours, from a YAML or JSON file. Raises TableUnreadable."""
    try:
        found = read_json(raw) if name.lower().endswith(".json") else read_yaml(raw)
    except Unreadable as error:
        raise TableUnreadable(f"列名对应表：{error}") from None
    return checked_mapping(found)


def checked_mapping(found: object) -> dict[str, str]:
    """An object of texts. Raises TableUnreadable."""
    if not isinstance(found, Mapping) or not all(isinstance(part, str) for pair in found.items() for part in pair):
        raise TableUnreadable(f"列名对应表应为“表中的列: 台账的字段”，不导入的列写“{IGNORED}”")
    return dict(found)


def _units(cells: Cells) -> tuple[str, ...]:
    found = several(cells.row["协办单位"])
    if len(found) > _MOST_UNITS:
        cells.problems.append(f"“协办单位”最多{_MOST_UNITS}个")
    cells.problems += [f"“协办单位”最多200个字，现为{len(unit)}个字" for unit in found if len(unit) > 200]
    return tuple(found)


def _days(cells: Cells, name: str) -> tuple[date, ...]:
    found = cells.days(name)
    if len(set(found)) < len(found):
        cells.problems.append(f"“{name}”中有重复的日期")
    if len(found) > _MOST_DAYS:
        cells.problems.append(f"“{name}”最多{_MOST_DAYS}个日期")
    return tuple(sorted(found))


def _contradictions(row: LedgerRow) -> list[str]:
    """What cannot be true together, before the ledger is asked."""
    problems = []
    if row.registered_on is not None and row.registered_on > row.assigned_on:
        problems.append(f"“立项日期”（{row.registered_on}）不得晚于“交办日期”（{row.assigned_on}）")
    if row.reported_on is not None and row.result is None:
        problems.append("有“报结日期”的，须有“完成情况”")
    if row.accepted_on is not None and row.reported_on is None:
        problems.append("有“办结日期”的，须有“报结日期”")
    if row.closed_on is not None and row.accepted_on is None:
        problems.append("有“结项日期”的，须有“办结日期”")
    return problems
