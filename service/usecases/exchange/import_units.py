"""Bring in the school's units from a table: every row's problems are shown, and nothing is written by halves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.people import posts, units
from models.people.organisation import Post
from models.schemas.cells import Cells
from models.schemas.errors import shown
from models.schemas.tables import TableColumn, TableRead, TableRow, several
from service.usecases.exchange.import_report import ImportReport, RowReport, as_a_whole, outcome_of

COLUMNS = (
    TableColumn("单位", ("单位名称", "部门", "部门名称"), required=True),
    TableColumn("起", ("起始日期", "成立日期"), required=True),
    TableColumn("止", ("终止日期", "撤销日期")),
    TableColumn("别名", ("简称", "其他名称")),
    TableColumn("邮箱", ("电子邮箱", "电子邮件")),
)
_MOST = 200
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_TOLD = 3


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit as it stands, or shall stand."""

    name: str
    from_on: date
    to_on: date | None
    email: str | None
    aliases: frozenset[str]


def import_units(session: Session, table: TableRead, *, apply: bool) -> ImportReport:
    """New units, and new days, other names and addresses of known ones; what the table has no column for stays."""
    return as_a_whole(session, lambda: _bring_in(session, table), apply=apply)


def _bring_in(session: Session, table: TableRead) -> Iterator[RowReport]:
    known = _known(session)
    read = [_read(row, known) for row in table.rows]
    wanted = [unit for unit, _ in read if unit is not None]
    beside = _Beside(wanted, known, posts.every(session))
    problems = [[*cells.problems, *(beside.told(unit) if unit else ())] for unit, cells in read]
    if not any(problems):
        _write(session, [unit for unit in wanted if known.get(unit.name) != unit])
    for (unit, cells), wrong in zip(read, problems, strict=True):
        outcome = "refused" if wrong or unit is None else outcome_of(known.get(unit.name), unit)
        yield RowReport(cells.row.line, cells.row["单位"], outcome, tuple(wrong))


def _known(session: Session) -> dict[str, _Unit]:
    named: dict[str, set[str]] = {}
    for alias, unit in units.aliases(session).items():
        named.setdefault(unit, set()).add(alias)
    return {
        row.name: _Unit(row.name, row.from_on, row.to_on, row.email, frozenset(named.get(row.name, ())))
        for row in units.every(session)
    }


def _read(row: TableRow, known: dict[str, _Unit]) -> tuple[_Unit | None, Cells]:
    """The unit of a row, None where it has no name or no first day; and what is wrong with its cells."""
    cells = Cells(row)
    name = cells.name("单位", _MOST)
    first, last = cells.span()
    before = known.get(name or "")
    email = before.email if before else None
    if "邮箱" in row.cells:
        email = cells.text("邮箱", _MOST, required=False)
        if email is not None and _ADDRESS.fullmatch(email) is None:
            cells.problems.append(f"“邮箱”应为一个电子邮箱地址，现为“{shown(email)}”")
    named = several(row["别名"]) if "别名" in row.cells else sorted(before.aliases if before else ())
    for alias in named:
        cells.named("别名", alias)
        if len(alias) > _MOST:
            cells.problems.append(f"“别名”最多{_MOST}个字")
    unit = _Unit(name, first, last, email, frozenset(named)) if name and first else None
    return unit, cells


class _Beside:
    """A unit beside the others: those of the table, and those that the table leaves as they are."""

    def __init__(self, wanted: list[_Unit], known: dict[str, _Unit], held: Sequence[Post]) -> None:
        self.times = Counter(unit.name for unit in wanted)
        self.known, self.held = known, held
        self.bearers: dict[str, set[str]] = {}
        after = {name: unit for name, unit in known.items() if name not in self.times}
        self.names = {*after, *self.times}
        for unit in (*after.values(), *wanted):
            for alias in unit.aliases:
                self.bearers.setdefault(alias, set()).add(unit.name)

    def told(self, unit: _Unit) -> Iterator[str]:
        """What is wrong with it."""
        if self.times[unit.name] > 1:
            yield "单位重复"
        for alias in sorted(unit.aliases):
            if alias in self.names:
                yield f"别名“{alias}”是单位“{alias}”的名称"
            for other in sorted(self.bearers[alias] - {unit.name})[:_TOLD]:
                yield f"别名“{alias}”也是单位“{other}”的别名"
        for other in sorted(self.bearers.get(unit.name, set()) - {unit.name})[:_TOLD]:
            yield f"单位名称是“{other}”的别名"
        before = self.known.get(unit.name)
        if before is not None and (before.from_on, before.to_on) != (unit.from_on, unit.to_on):
            yield from self._left_outside(unit)

    def _left_outside(self, unit: _Unit) -> Iterator[str]:
        """Posts that the unit's new days would leave without a unit."""
        for post in self.held:
            if post.unit == unit.name and not within(post.from_on, post.to_on, unit.from_on, unit.to_on):
                span = f"{post.from_on} 至 {post.to_on or '今'}"
                yield f"{post.name}（{post.post}，{span}）的任职不在单位的起止之内，请先更新人员表"


def within(first: date, last: date | None, outer_first: date, outer_last: date | None) -> bool:
    """Whether the first span of days lies in the second; None: without an end."""
    return outer_first <= first and (outer_last is None or (last is not None and last <= outer_last))


def _write(session: Session, changed: list[_Unit]) -> None:
    """Other names are given up first, since one may pass from a unit to another."""
    for names_too in (False, True):
        for unit in changed:
            row = units.Unit(name=unit.name, from_on=unit.from_on, to_on=unit.to_on, email=unit.email)
            units.write(session, row, sorted(unit.aliases) if names_too else ())
