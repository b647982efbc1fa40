"""``wenze case``: accountability cases on the command line, by the same use cases as the interface."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from models.domain.cases.checkup import Checked
from models.domain.cases.outcome import remaining
from models.schemas.entries import case_entries
from models.schemas.errors import CaseFileError
from models.store import cases
from rules.answering import written
from service import config
from service.books import books
from service.cli.case_files import attach_command, attachments_command
from service.cli.case_history import history_command
from service.cli.entry_input import described, read_entry, setting
from service.cli.files import package_option, whole_file
from service.cli.ledger_session import clerk, end, ledger_session
from service.cli.listed import Listed
from service.documents.case_basis import moved_since_last
from service.usecases.act_on_case import CaseOutcome, act_on_case, open_case, read_case
from service.usecases.act_on_matter import LOCAL, Entry, read_matters
from service.usecases.case_duties import case_duties
from service.usecases.case_package import write_case_package
from service.usecases.case_papers import dossier_of
from service.usecases.check_up import check_up
from service.usecases.weigh_points import weigh_points

_DAY = click.DateTime(["%Y-%m-%d"])
_FIRST = "propose"
_DUTY_STATES = {"done": "已办", "open": "待办", "overdue": "逾期", "not_due": "未到期", "unknown": "不能推算"}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("case")
def command() -> None:
    """问责程序：提出、批准、调查、听取申辩、报告、审议、决定、送达、申诉、复查。系统只整理和核对，不作决定。"""


command.add_command(attach_command)
command.add_command(attachments_command)
command.add_command(history_command)


@command.command("actions")
@click.argument("action", required=False, metavar="[办理]")
def actions(action: str | None) -> None:
    """列出各项办理、由谁办理和所依据的条款；指明一项的，列出其字段。"""
    book = books().usual
    if action is None:
        for found in book.proceedings.actions.values():
            cited = book.provisions[found.provision].citation
            who = "、".join(books().usual.proceedings.actors[kind] for kind in found.actors)
            click.echo(f"{found.id}　{found.label}（{cited}）　由{who}办理")
        return
    name = _action(action, opening=True)
    for line in described(case_entries(books().usual).block(name, book.proceedings.actions[name].actors)):
        click.echo(line)


@command.command("open")
@click.argument("entry", type=_FILE, metavar="提出.yaml")
def open_command(entry: Path) -> None:
    """提出问责调查；文件含 on（日期）、actor（办理人）、details（内容）三部分。"""
    loaded = _entry(_FIRST, read_entry(entry))
    with ledger_session(write=True) as session:
        _print(open_case(session, books(), loaded, now=datetime.now(UTC), approvers=config.approvers()))


@command.command("act")
@click.argument("case_id", metavar="案件")
@click.argument("action", metavar="办理")
@click.argument("details", required=False, type=_FILE, metavar="[内容.yaml]")
@click.option("--set", "settings", multiple=True, metavar="字段=值", help="内容的一个字段，可以写多次")
@click.option("--on", type=_DAY, help="办理日期（默认今天，北京时间）")
@click.option("--by", required=True, help="办理人姓名")
@click.option(
    "--as",
    "kind",
    type=Listed(lambda book: book.proceedings.actors),
    help="办理人的身份（默认为该项办理的第一种）",
)
@click.option("--unit", help="所在单位")
@click.option("--version", type=click.IntRange(0), help="所见的版本；他人已先行办理的，不再办理")
def act(
    case_id: str, action: str, details: Path | None, settings: tuple[str, ...], on: datetime | None, by: str,
    kind: str | None, unit: str | None, version: int | None,
) -> None:  # fmt: skip
    """办理一个案件，如：wenze case act 案件 批准启动问责调查 --by 书记"""
    name = _action(action)
    day = on.date() if on else datetime.now(LOCAL).date()
    content = (read_entry(details) if details else {}) | dict(setting(text) for text in settings)
    who = {"name": by, "kind": kind or books().usual.proceedings.actions[name].actors[0]}
    actor = who | ({"unit": unit} if unit else {})
    entry = _entry(name, {"on": day.isoformat(), "actor": actor, "details": content})
    with ledger_session(write=True) as session:
        seen = version if version is not None else read_case(session, books(), case_id).case.version
        _print(
            act_on_case(
                session, books(), case_id, entry, expected=seen, now=datetime.now(UTC), approvers=config.approvers(),
                decision_prefix=config.decision_prefix(),
            )
        )  # fmt: skip


@command.command("list")
@click.option("--state", type=Listed(lambda book: book.proceedings.states), help="状态")
@click.option("--after", type=click.IntRange(0), default=0, help="从这个位置之后")
def list_command(state: str | None, after: int) -> None:
    """按提出先后列出案件。"""
    with ledger_session(write=False) as session:
        for row in cases.page(session, state=state, after=after, limit=200):
            click.echo(f"{row.position}　{row.id}　{books().usual.proceedings.states[row.state]}　{row.title}")


@command.command("show")
@click.argument("case_id", metavar="案件")
def show(case_id: str) -> None:
    """一个案件：调查对象、尚待办理的事项和全部记录。"""
    with ledger_session(write=False) as session:
        _print(read_case(session, books(), case_id))


@command.command("points")
@click.argument("case_id", metavar="案件")
def points(case_id: str) -> None:
    """每条申辩意见如被采纳会改变什么（重新推算所得，不作认定）。"""
    with ledger_session(write=False) as session:
        outcome = read_case(session, books(), case_id)
        found, case = (
            dossier_of(session, books(), outcome, read_matters(session, books(), outcome.case.matters)),
            outcome.case,
        )
        for person in case.persons.values():
            if after := moved_since_last(found, person.id):
                click.echo(f"{person.name}　{''.join(after)}")
        for effect in weigh_points(session, books(), found):
            point = case.persons[effect.person].points[effect.point]
            changes = "；".join(
                f"{name}：{row['now']} → {row['then']}" for name, row in orjson.loads(written(effect.changes)).items()
            )
            said = (
                (changes or "结果不变")
                if effect.known
                else "不能推算：尚未请求处理建议，没有写明采纳后的认定，或者处理建议所依的规则库没有留存"
            )
            answered = "尚未答复" if point.adopted is None else ("已采纳" if point.adopted else "未采纳")
            click.echo(f"{case.persons[effect.person].name}　第{point.id}条　{point.text}　{answered}　{said}")


@command.command("duties")
@click.argument("case_id", metavar="案件")
@click.option("--today", type=_DAY, help="按哪一天（默认今天，北京时间）")
def duties(case_id: str, today: datetime | None) -> None:
    """决定之后的职责：由谁、做什么、到哪一天、是否已办。"""
    day = today.date() if today else datetime.now(LOCAL).date()
    with ledger_session(write=False) as session:
        case = read_case(session, books(), case_id)
        for found in case_duties(case, today=day):
            click.echo(f"【{case.case.persons[found.person].name}】")
            for duty in found.duties:
                cited = books().usual.provisions[duty.provision].citation
                ends = f"　期满 {duty.actual or duty.nominal}" if duty.nominal else ""
                done = f"　{duty.done_on} 已办" if duty.done_on else ""
                told = f"　{duty.warning}" if duty.warning else ""
                click.echo(f"　{_DUTY_STATES[duty.state]}　{duty.who}：{duty.what}（{cited}）{ends}{done}{told}")
            for on in found.late_appeals:
                click.echo(f"　{on} 的申诉逾期提出，由人处理")


@command.command("checkup")
@click.argument("case_id", metavar="案件")
@click.option("--today", type=_DAY, help="按哪一天（默认今天，北京时间）")
def checkup(case_id: str, today: datetime | None) -> None:
    """程序体检：逐项核对程序职责是否合规，缺失的如何补正；只看记录，不作决定。"""
    day = today.date() if today else datetime.now(LOCAL).date()
    with ledger_session(write=False) as session:
        found = check_up(session, books(), case_id, today=day)
    grades = books().usual.checkup.grades
    counts = "、".join(f"{label}{found.count(grade)}项" for grade, label in grades.items())
    click.echo(f"{found.title}　截至{found.on}：{counts}")
    for name, rows in found.parts():
        click.echo(f"【{name}】")
        for row in rows:
            click.echo(_checked(row))


@command.command("package")
@click.argument("case_id", metavar="案件")
@package_option
def package(case_id: str, out: Path) -> None:
    """一个案件的案卷：已有的文书、全部记录、历次处理建议、附件、目录和各文件的散列值。同一案件每次生成的文件相同。"""
    with whole_file(out) as made, ledger_session(write=False) as session:
        write_case_package(session, books(), case_id, made, folder=config.attachments_folder())


def _checked(row: Checked) -> str:
    book = books().usual
    shown = f"　记录{'、'.join(map(str, row.records))}" if row.records else ""
    remedy = f"　{row.remedy}" if row.remedy else ""
    return (
        f"　{book.checkup.grades[row.grade]}　{row.label}（{book.provisions[row.provision].citation}）{remedy}{shown}"
    )


def _action(given: str, *, opening: bool = False) -> str:
    """The action of this id or Chinese name. opening: also the one that opens a case."""
    for found in books().usual.proceedings.actions.values():
        if given in (found.id, found.label) and (opening or found.id != _FIRST):
            return found.id
    raise click.BadParameter(f"没有“{given}”这项办理；见 wenze case actions")


def _entry(action: str, data: Any) -> Entry:
    try:
        return Entry(action, **case_entries(books().usual).load(action, data), entered_by=clerk())
    except CaseFileError as error:
        end(*(str(fault) for fault in error.errors))


def _print(outcome: CaseOutcome) -> None:
    book, case = outcome.book, outcome.case
    procedure = book.proceedings
    click.echo(f"{outcome.id}　{case.title}　【{procedure.states[case.state]}】　版本：{case.version}")
    for person in case.persons.values():
        owed = "、".join(procedure.actions[name].label for name in remaining(person, book)) or "无"
        number = f"　{person.decision_number}" if person.decision_number else ""
        click.echo(f"{person.id}　{person.name}（{person.unit}{person.post}）{number}　决定之后尚待办理：{owed}")
    for record in case.records:
        action = procedure.actions[record.action]
        cited = book.provisions[action.provision].citation
        entered = f"{record.entered_on} 由{record.entered_by}录入"
        click.echo(f"{record.number:>4}　{record.on}　{action.label}　{record.actor.name}（{cited}）　{entered}")
