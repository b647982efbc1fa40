"""Bring in who holds which post from a table: every row's problems are shown, and nothing is written by halves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from models.people import persons, posts, units
from models.people.names import name_fault
from models.people.organisation import RANKS, Post
from models.schemas.cells import Cells
from models.schemas.errors import shown
from models.schemas.tables import TableColumn, TableRead, TableRow
from rules.reasoning.editions import Books
from service.usecases.exchange.import_report import ImportReport, RowReport, as_a_whole, outcome_of
from service.usecases.exchange.import_units import within
from service.usecases.exchange.known_rows import near_units

COLUMNS = (
    TableColumn("工号", ("职工号", "人员编号"), required=True),
    TableColumn("姓名", required=True),
    TableColumn("单位", ("部门", "所在单位"), required=True),
    TableColumn("职务", ("岗位",), required=True),
    TableColumn("职级", ("职务级别",), required=True),
    TableColumn("干部管理", ("管理权限", "干部管理权限"), required=True),
    TableColumn("起", ("任职起", "任职日期"), required=True),
    TableColumn("止", ("任职止", "免职日期")),
    TableColumn("电话", ("联系电话", "手机")),
    TableColumn("邮箱", ("电子邮箱",)),
)
_Key = tuple[str, str, str, object]


def import_people(
    session: Session, books: Books, table: TableRead, *, apply: bool, by: str, now: datetime
) -> ImportReport:
    """New posts, and what has changed of known ones (same person, unit, post and first day).

    A person is known by the number: another name of a post that lasts is a new one of theirs, and the report says so.
    """
    return as_a_whole(session, lambda: _bring_in(session, books, table, by, now), apply=apply)


def _bring_in(session: Session, books: Books, table: TableRead, by: str, now: datetime) -> Iterator[RowReport]:
    known = {_key(post): post for post in posts.every(session)}
    there, named = {unit.name: unit for unit in units.every(session)}, units.aliases(session)
    read = [_read(row, there, named, books) for row in table.rows]
    people = {
        row.number: row.name for row in persons.by_numbers(session, {post.staff_number for post, _ in read if post})
    }
    beside = _Beside([post for post, _ in read if post is not None])
    problems = [[*cells.problems, *(beside.told(post) if post else ())] for post, cells in read]
    if not any(problems):
        for post, cells in read:
            if post is not None:
                if known.get(_key(post)) != post:
                    posts.write(session, post, by=by, now=now)
                persons.reach(session, post.staff_number, cells.row["电话"] or None, cells.row["邮箱"] or None)
    for (found, cells), wrong in zip(read, problems, strict=True):
        outcome = "refused" if wrong or found is None else outcome_of(known.get(_key(found)), found)
        renamed = people.get(found.staff_number) if found is not None and found.to_on is None else None
        renamed = renamed if found is not None and renamed != found.name else None
        said = f"（更名，原为{renamed}）" if renamed is not None else ""
        subject = f"{cells.row['姓名']}{said}　{cells.row['职务']}"
        yield RowReport(cells.row.line, subject, outcome, tuple(wrong), renamed=renamed)


def _key(post: Post) -> _Key:
    return (post.staff_number, post.unit, post.post, post.from_on)


def _read(
    row: TableRow, there: dict[str, units.Unit], named: dict[str, str], books: Books
) -> tuple[Post | None, Cells]:
    """The post of a row, None where a part is missing; and what is wrong with its cells."""
    managed = {chinese: word for word, chinese in books.usual.vocabulary.enumerations["managed_by"].items()}
    cells = Cells(row)
    number, name = cells.name("工号", 50), cells.name("姓名", 200)
    unseen = name_fault(name) if name else None
    if unseen is not None:
        cells.problems.append(unseen)
    unit = cells.text("单位", 200)
    post = cells.name("职务", 200)
    rank = cells.word("职级", {rank: rank for rank in RANKS})
    managed_by = cells.word("干部管理", managed)
    first, last = cells.span()
    for contact, longest in (("电话", 50), ("邮箱", 200)):
        cells.text(contact, longest, required=False)
    unit = named.get(unit, unit) if unit else None
    if unit is not None and unit not in there:
        near = near_units(unit, {name: name for name in there} | named)
        cells.problems.append(f"没有单位“{shown(unit)}”{f'，相近的：{near}' if near else ''}，请先导入单位")
    elif unit is not None and first is not None and not within(first, last, there[unit].from_on, there[unit].to_on):
        ends = there[unit].to_on or "今"
        cells.problems.append(f"任职的起止不在单位“{unit}”的起止（{there[unit].from_on} 至 {ends}）之内")
    if not (number and name and unit and post and rank and managed_by and first):
        return None, cells
    return Post(number, name, unit, post, rank, managed_by, first, last), cells


class _Beside:
    """A post beside the others of the table."""

    def __init__(self, wanted: list[Post]) -> None:
        self.times = Counter(_key(post) for post in wanted)
        self.names: dict[str, set[str]] = {}
        for post in wanted:
            self.names.setdefault(post.staff_number, set()).add(post.name)

    def told(self, post: Post) -> Iterator[str]:
        """What is wrong with it."""
        if self.times[_key(post)] > 1:
            yield "同一人在同一单位的同一职务、同一起日重复"
        if len(self.names[post.staff_number]) > 1:
            yield f"工号 {post.staff_number} 的姓名不一致：{'、'.join(sorted(self.names[post.staff_number]))}"
