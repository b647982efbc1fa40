"""``wenze inspection``: regular, special and joint inspections, and what the periods of a year ask for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

from models.office import inspections
from models.office.inspection import Done
from rules.book.rulebook import Rulebook
from service.books import books
from service.cli.db import ledger_session
from service.cli.listed import ChoiceOfBook
from service.cli.options import DAY, today
from service.cli.trail import clerk
from service.usecases.matters.inspect import inspection_duties, record_inspection, report_inspection

_STATES = {"done": "已完成", "due": "本期应进行", "overdue": "已逾期", "unreported": "尚未书面报告"}


def _forms(book: Rulebook) -> list[str]:
    forms = book.inspections.forms
    return [*forms, *(form.label for form in forms.values())]


@click.group("inspection")
def command() -> None:
    """定期、专项、联合督查。"""


@command.command("record")
@click.argument("form", type=ChoiceOfBook(_forms), metavar="形式")
@click.option(
    "--kind", type=ChoiceOfBook(lambda book: [rule.id for rule in book.inspections.regular]), help="定期督查的种类"
)
@click.option("--on", type=DAY, required=True, help="督查日期")
@click.option("--task", help="专项、联合督查的任务")
@click.option("--member", "members", multiple=True, help="联合督查组成员单位，可以写多次")
@click.option("--note", help="督查情况")
def record(form: str, kind: str | None, on: date, task: str | None, members: tuple[str, ...], note: str | None) -> None:
    """登记一次督查（regular 定期、special 专项、joint 联合），打印其编号。"""
    name = next(found.id for found in books().usual.inspections.forms.values() if form in (found.id, found.label))
    done = Done(name, kind, on, task=task, members=members)
    with ledger_session(write=True) as session:
        click.echo(record_inspection(session, books(), done, note=note, now=datetime.now(UTC), entered_by=clerk()))


@command.command("report")
@click.argument("inspection_id", metavar="编号")
@click.option("--to", required=True, help="向哪位校领导书面报告")
@click.option("--on", type=DAY, required=True, help="报告日期")
def report(inspection_id: str, to: str, on: date) -> None:
    """登记督查的书面报告。"""
    with ledger_session(write=True) as session:
        report_inspection(session, inspection_id, to=to, on=on, now=datetime.now(UTC))
    click.echo("已登记", err=True)


@command.command("list")
@click.option("--year", type=click.IntRange(2000, 2200), help="年度（默认今年）")
def list_command(year: int | None) -> None:
    """一个年度应进行的定期督查及其状态，以及已经进行的督查。"""
    asked = year or today().year
    with ledger_session() as session:
        for duty in inspection_duties(session, books(), asked, today=today()):
            ends = duty.due_on or f"{duty.last}（该年日历未导入，未扣除休息日）"
            click.echo(f"{duty.first} 至 {duty.last}　{_STATES[duty.state]}　最后一个工作日 {ends}　{duty.label}")
        for row in inspections.rows_of_year(session, asked):
            told = f"　{row.reported_on or ''} 已向{row.reported_to}书面报告" if row.reported_to else ""
            click.echo(
                f"{row.id}　{row.done_on}　{books().usual.inspections.forms[row.form].label}　{row.task or row.kind or ''}{told}"
            )
