"""``wenze ledger``: an existing ledger brought in, and everything out again."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from models.records.record import Actor
from models.schemas.ledger_table import COLUMNS, read_mapping
from models.schemas.tables import IGNORED, TableRead, TableRow, read_table
from models.store.database import snapshot
from service.books import books
from service.cli.db import ledger_session, opened_database
from service.cli.files import read_file, show, whole_file
from service.cli.options import FILE, MADE, format_option
from service.cli.trail import clerk, looked
from service.usecases.chosen import by_person
from service.usecases.exchange.export import FORMATS, write_export
from service.usecases.exchange.import_ledger import OFFICE, Bringer, LedgerFile, import_ledger
from service.usecases.exchange.import_report import OUTCOMES, ImportReport

_MANY = 500
"""More rows than this are long work: a terminal sees how far it has come."""
_HEADER = ("行", "工作任务", "结果", "立项编号", "不对之处")


@click.group("ledger")
def command() -> None:
    """整个台账：由既有台账转入，整体导出。"""


@command.command("import")
@click.argument("table", type=FILE, metavar="台账.xlsx")
@click.option(
    "--map",
    "renamed",
    multiple=True,
    metavar="列=字段",
    help=f"表中的列是台账的哪一字段，可以写多次；不导入的写 列={IGNORED}",
)
@click.option("--mapping", type=FILE, metavar="对应表.yaml", help="同 --map，写在 YAML 或者 JSON 文件中")
@click.option("--sheet", help="工作表的名称；只有一张的不必写")
@click.option("--actor", default=OFFICE, show_default=True, help="办公室一方的办理人，记入台账")
@click.option("--again", is_flag=True, help="台账中或者表中已有的行，也另立为新的事项；不加此项只说明，不写入")
@click.option("--apply", is_flag=True, help="写入；不加此项只试办，逐行说明问题")
@click.option("--report", type=MADE, metavar="结果.xlsx", help="逐行的结果写入文件")
def import_command(
    table: Path,
    renamed: tuple[str, ...],
    mapping: Path | None,
    sheet: str | None,
    actor: str,
    again: bool,
    apply: bool,
    report: Path | None,
) -> None:
    """转入既有台账：每行一个事项，逐项按本系统的办理和限制记入；有一行不对即全部不写。同一文件的同一行只转入一次；
    原编号相同，或者工作任务、牵头单位、交办日期相同的，为已有，说明在哪里，不写入。

    列：工作任务、事项来源、立项依据、交办日期（以上必有），牵头单位、协办单位、办结时限、立项日期、原编号、督办日期、催办日期、报结日期、
    办结日期、结项日期、完成情况、理由。几个单位或者日期用、隔开。

    退出码：0 完成；2 表有误（逐行说明）；1 其他错误。
    """
    names = _names(renamed, mapping)
    raw = read_file(table)
    found = read_table(raw, table.name, COLUMNS, sheet=sheet, renamed=names)
    file = LedgerFile(table.name, hashlib.sha256(raw).hexdigest(), found.title)
    with ledger_session(write=True) as session:
        office = Actor(actor, "office")
        bringer = Bringer(office if actor == OFFICE else by_person(session, office), clerk())
        now = datetime.now(UTC)
        done = import_ledger(session, books(), _followed(found), file, bringer, apply=apply, again=again, now=now)
    if report is not None:
        _write(report, done)
    for row in done.known:
        click.echo(f"第{row.line}行 {row.subject}：{'；'.join(row.problems)}（--again）", err=True)
    show(done, apply=apply)


@command.command("export")
@format_option(FORMATS, FORMATS[0])
@click.option("--out", type=MADE, metavar="文件", help="写入文件；不写的，送到标准输出")
def export_command(kind: str, out: Path | None) -> None:
    """导出单位、任职、事项、记录、附件目录、督查、处理建议：jsonl 每行一个对象，可以再读入；xlsx 每类一张表。"""
    if out is None and kind == "xlsx" and sys.stdout.isatty():
        raise click.UsageError("xlsx 不能显示在终端上，请用 --out 写明文件")
    with _everything() as session:
        if out is None:
            write_export(session, books(), kind, sys.stdout.buffer, now=datetime.now(UTC))
            return
        with whole_file(out) as unfinished:
            write_export(session, books(), kind, unfinished, now=datetime.now(UTC))


@contextmanager
def _everything() -> Iterator[Session]:
    """One moment of the database; that it is taken out is in the trail before anything of it is."""
    with opened_database() as engine:
        looked(engine)
        with snapshot(engine) as session:
            yield session


def _names(pairs: tuple[str, ...], mapping: Path | None) -> dict[str, str]:
    names = read_mapping(read_file(mapping), mapping.name) if mapping is not None else {}
    for pair in pairs:
        theirs, sign, ours = pair.partition("=")
        if not (sign and theirs.strip() and ours.strip()):
            raise click.BadParameter(f"--map 应为 列=字段，现为“{pair}”")
        names[theirs.strip()] = ours.strip()
    return names


def _followed(table: TableRead) -> Iterable[TableRow]:
    """The rows; a terminal sees how far a long table has come."""
    if len(table.rows) <= _MANY or not sys.stderr.isatty():
        return table.rows
    from tqdm import tqdm  # here, since a short table has no bar

    return tqdm(table.rows, unit="行", file=sys.stderr, leave=False)


def _write(path: Path, report: ImportReport) -> None:
    from service.documents.parts.plain_sheets import PlainWorkbook  # here, since few ask for it

    with PlainWorkbook(str(path)) as book:
        rows = ((r.line, r.subject, OUTCOMES[r.outcome], r.number, "\n".join(r.problems)) for r in report.rows)
        book.write("转入结果", _HEADER, rows)
