"""``wenze case``: accountability cases on the command line, by the same use cases as the interface."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from models.case import cases
from models.case.checkup import GradedDuty
from models.case.outcome import remaining
from models.schemas.entries import case_entries
from models.store import attachments
from models.store.audit_notes import tell
from rules.answering import written
from rules.reasoning.calendar import LOCAL
from service import config
from service.audit import OUTCOMES
from service.books import books
from service.cli.db import ledger_session
from service.cli.entering import action_of, described, entered, entry_options, read_entry, record_line, version_option
from service.cli.files import put, whole_file
from service.cli.listed import ChoiceOfBook
from service.cli.options import FILE, out_option, package_option, today_option
from service.cli.trail import clerk, label
from service.documents.case.basis import moved_since_last
from service.documents.writing.hand_words import checked_remarks
from service.usecases.cases.act_on_case import CaseOutcome, act_on_case, open_case, read_case
from service.usecases.cases.attach import Upload, attach, attached
from service.usecases.cases.check_up import check_up
from service.usecases.cases.duties import case_duties
from service.usecases.cases.history import Happened, case_history
from service.usecases.cases.papers import dossier_of
from service.usecases.cases.weigh_points import weigh_points
from service.usecases.chosen import with_persons
from service.usecases.entry import Entry
from service.usecases.exchange.case_package import write_case_package
from service.usecases.matters.act_on_matter import read_matters

_FIRST, _ACTIONS = "propose", "wenze case actions"
_DUTY_STATES = {"done": "已办", "open": "待办", "overdue": "逾期", "not_due": "未到期", "unknown": "不能推算"}
_case = click.argument("case_id", metavar="案件")


@click.group("case")
def command() -> None:
    """问责程序：提出、批准、调查、听取申辩、报告、审议、决定、送达、申诉、复查。系统只整理和核对，不作决定。"""


@command.command("actions")
@click.argument("action", required=False, metavar="[办理]")
def actions(action: str | None) -> None:
    """列出各项办理、由谁办理和所依据的条款；指明一项的，列出其字段。"""
    book = books().usual
    if action is None:
        for found in case_entries(book).actions.values():
            cited = book.provisions[found.provision].citation
            who = "、".join(book.proceedings.actors[kind] for kind in found.actors)
            click.echo(f"{found.id}　{found.label}（{cited}）　由{who}办理")
        return
    name = action_of(action, case_entries(book).actions, (), _ACTIONS)
    for line in described(case_entries(book).block(name, book.proceedings.actions[name].actors)):
        click.echo(line)


@command.command("open")
@click.argument("entry", type=FILE, metavar="提出.yaml")
def open_command(entry: Path) -> None:
    """提出问责调查；文件含 on（日期）、actor（办理人）、details（内容）三部分。"""
    loaded = _entry(_FIRST, read_entry(entry))
    with ledger_session(write=True) as session:
        loaded = with_persons(session, books().usual.proceedings.actions[_FIRST], loaded, by_name=True)
        _print(open_case(session, books(), loaded, now=datetime.now(UTC), approvers=config.approvers()))


@command.command("act")
@_case
@entry_options
@click.option(
    "--as",
    "kind",
    type=ChoiceOfBook(lambda book: book.proceedings.actors),
    help="办理人的身份（默认为该项办理的第一种）",
)
@click.option("--unit", help="所在单位")
@version_option
def act(
    case_id: str, action: str, by: str, kind: str | None, unit: str | None, version: int | None, **typed: Any
) -> None:
    """办理一个案件，如：wenze case act 案件 批准启动问责调查 --by 书记"""
    name = action_of(action, case_entries(books().usual).actions, (_FIRST,), _ACTIONS)
    acting = kind or books().usual.proceedings.actions[name].actors[0]
    entry = _entry(name, entered(**typed, name=by, kind=acting, unit=unit))
    approvers, prefix = config.approvers(), config.decision_prefix()
    with ledger_session(write=True) as session:
        seen = version if version is not None else read_case(session, books(), case_id).case.version
        entry = with_persons(session, books().usual.proceedings.actions[name], entry, by_name=True)
        now = datetime.now(UTC)
        _print(
            act_on_case(
                session, books(), case_id, entry, expected=seen, now=now, approvers=approvers, decision_prefix=prefix
            )
        )


@command.command("list")
@click.option("--state", type=ChoiceOfBook(lambda book: book.proceedings.states), help="状态")
@click.option("--after", type=click.IntRange(0), default=0, help="从这个位置之后")
def list_command(state: str | None, after: int) -> None:
    """按提出先后列出案件。"""
    with ledger_session() as session:
        for row in cases.page(session, state=state, after=after, limit=200):
            states = books().usual.proceedings.states
            state_now = "登记行损坏，须核对" if row.is_torn(states) else states[row.state]
            click.echo(f"{row.position}　{row.id}　{state_now}　{row.title}")


@command.command("show")
@_case
def show(case_id: str) -> None:
    """一个案件：调查对象、尚待办理的事项和全部记录。"""
    with ledger_session() as session:
        _print(read_case(session, books(), case_id))


@command.command("points")
@_case
def points(case_id: str) -> None:
    """每条申辩意见如被采纳会改变什么（重新推算所得，不作认定）。"""
    with ledger_session() as session:
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
@_case
@today_option
def duties(case_id: str, day: date) -> None:
    """决定之后的职责：由谁、做什么、到哪一天、是否已办。"""
    with ledger_session() as session:
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
@_case
@today_option
def checkup(case_id: str, day: date) -> None:
    """程序体检：逐项核对程序职责是否合规，缺失的如何补正；只看记录，不作决定。"""
    with ledger_session() as session:
        found = check_up(session, books(), case_id, today=day)
    grades = books().usual.checkup.grades
    counts = "、".join(f"{label}{found.count(grade)}项" for grade, label in grades.items())
    click.echo(f"{found.title}　截至{found.on}：{counts}")
    for name, rows in found.parts():
        click.echo(f"【{name}】")
        for row in rows:
            click.echo(_checked(row))
    for said in checked_remarks(found):
        click.echo(said)


@command.command("package")
@_case
@package_option
def package(case_id: str, out: Path) -> None:
    """一个案件的案卷：已有的文书、全部记录、历次处理建议、附件、目录和各文件的散列值。同一案件每次生成的文件相同。"""
    with whole_file(out) as made, ledger_session() as session:
        write_case_package(session, books(), case_id, made, folder=config.attachments_folder())


@command.command("attach")
@_case
@click.argument("file", type=FILE, metavar="文件")
def attach_command(case_id: str, file: Path) -> None:
    """为案件附加证据材料，打印附件编号；认定时在 evidence 中以 attachment 引用。"""
    upload, folder = Upload(file.name, file.read_bytes()), config.attachments_folder()
    with ledger_session(write=True) as session:
        found = attach(session, "case", case_id, upload, folder=folder, now=datetime.now(UTC), entered_by=clerk())
        click.echo(found.id)


@command.command("attachments")
@_case
@click.argument("attachment_id", required=False, metavar="[附件编号]")
@out_option
def attachments_command(case_id: str, attachment_id: str | None, out: Path | None) -> None:
    """列出案件的附件材料；指明一个附件的，核对散列值之后取出，如：wenze case attachments 案件 编号 --out 记录.pdf"""
    raw = None
    with ledger_session() as session:
        files = attached(session, "case", case_id)
        if attachment_id is not None:
            wanted = next((found for found in files if found.id == attachment_id), None)
            if wanted is None:
                raise click.BadParameter("本案没有这个附件；见 wenze case attachments 案件")
            tell(session, attachment=wanted.id)
            raw = attachments.content(config.attachments_folder(), wanted.sha256)
        else:
            for found in files:
                click.echo(f"{found.id}　{found.file_name}　{found.size:,} 字节　sha256 {found.sha256}")
    if raw is not None:
        put(raw, "附件", out)


@command.command("history")
@_case
def history_command(case_id: str) -> None:
    """一个案件的经过：全部记录，以及何人何时查阅；本次查阅也记入。"""
    with ledger_session() as session:
        for row in case_history(session, books(), case_id, label):
            click.echo(_happened(row))


def _happened(row: Happened) -> str:
    at = f"{datetime.fromisoformat(row.at).astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
    what = f"第{row.record}号记录　{row.label}" if row.record is not None else row.label
    trail = f"　审计第{row.event}条" if row.event is not None else "　没有审计记录"
    return f"{at}　{what}　{row.by}　{OUTCOMES[row.outcome]}{trail}"


def _checked(row: GradedDuty) -> str:
    book = books().usual
    shown = f"　记录{'、'.join(map(str, row.records))}" if row.records else ""
    remedy = f"　{row.remedy}" if row.remedy else ""
    return (
        f"　{book.checkup.grades[row.grade]}　{row.label}（{book.provisions[row.provision].citation}）{remedy}{shown}"
    )


def _entry(action: str, data: Any) -> Entry:
    return Entry(action, **case_entries(books().usual).load(action, data), entered_by=clerk())


def _print(outcome: CaseOutcome) -> None:
    book, case = outcome.book, outcome.case
    procedure = book.proceedings
    click.echo(f"{outcome.id}　{case.title}　【{procedure.states[case.state]}】　版本：{case.version}")
    for person in case.persons.values():
        owed = "、".join(procedure.actions[name].label for name in remaining(person, book)) or "无"
        number = f"　{person.decision_number}" if person.decision_number else ""
        click.echo(f"{person.id}　{person.name}（{person.unit}{person.post}）{number}　决定之后尚待办理：{owed}")
    for record in case.records:
        click.echo(record_line(record, procedure.actions[record.action], book))
