"""``wenze matter``: the ledger on the command line, by the same use cases as the interface."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from models.matter import matters
from models.people import units
from models.schemas.entries import matter_entries
from models.store.audit_notes import tell
from rules.answering import written
from rules.reasoning.answer import read
from service import config
from service.books import books
from service.cli.db import ledger_session
from service.cli.entering import action_of, described, entered, entry_options, read_entry, record_line, version_option
from service.cli.listed import ChoiceOfBook
from service.cli.options import DAY, FILE, minute, text_or_json
from service.cli.trail import clerk
from service.documents.writing.recommendation import RecommendationInWords
from service.usecases.cases.attach import Upload, attach
from service.usecases.chosen import with_persons
from service.usecases.entry import Entry
from service.usecases.matters.act_on_matter import (
    MatterOutcome,
    act_on_matter,
    matter_id_of,
    open_matter,
    read_matter,
    shown_number,
)
from service.usecases.recommending.evaluate_matter import evaluate_matter, evaluations_of, keep_evaluation
from service.usecases.recommending.recommend import book_of, unstored

_ACTIONS = "wenze matter actions"
_named = click.argument("named", metavar="事项")


@click.group("matter")
def command() -> None:
    """督查督办事项：提出、办理、查看，由台账请求处理建议。事项可以用编号（督〔2026〕1号）或者标识指明。"""


@command.command("actions")
@click.argument("action", required=False, metavar="[办理]")
def actions(action: str | None) -> None:
    """列出各项办理及所依据的条款；指明一项的，列出其字段。"""
    book = books().usual
    if action is None:
        for found in matter_entries(book).actions.values():
            cited = book.provisions[found.provision].citation
            who = "、".join(book.ledger.actors[kind] for kind in found.actors)
            click.echo(f"{found.id}　{found.label}（{cited}）　由{who}办理")
        return
    for line in described(
        matter_entries(books().usual).blocks[action_of(action, matter_entries(book).actions, (), _ACTIONS)]
    ):
        click.echo(line)


@command.command("list")
@click.option("--state", type=ChoiceOfBook(lambda book: book.ledger.states), help="状态")
@click.option("--unit", help="牵头单位（可以用别名）")
@click.option("--due-before", type=DAY, help="办结时限在此日之前")
@click.option("--after", type=click.IntRange(0), default=0, help="从这个位置之后")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
def list_command(state: str | None, unit: str | None, due_before: date | None, after: int, limit: int) -> None:
    """按提出先后列出事项。"""
    states = books().usual.ledger.states
    with ledger_session() as session:
        named_unit = units.aliases(session).get(unit, unit) if unit is not None else None
        for row in matters.page(session, state=state, unit=named_unit, due_before=due_before, after=after, limit=limit):
            named = shown_number(row) or row.id
            ends = f"　时限 {row.due_on}" if row.due_on else ""
            state_now = states.get(row.state, row.state)
            ends += "　登记行损坏，须核对" if row.is_torn(states) else ""
            click.echo(f"{row.position}　{named}　{state_now}　{row.lead_unit or '（未明确）'}　{row.title}{ends}")


@command.command("show")
@_named
def show(named: str) -> None:
    """一个事项及其全部记录。"""
    with ledger_session() as session:
        _print(read_matter(session, books(), matter_id_of(session, named)))


@command.command("open")
@click.argument("entry", type=FILE, metavar="立项意见.yaml")
def open_command(entry: Path) -> None:
    """提出立项意见；文件含 on（日期）、actor（办理人的 name、kind）、details（内容）三部分。

    内容的字段见 wenze matter actions 提出立项意见；办公室提出的，kind 为 office。
    """
    with ledger_session(write=True) as session:
        opinion = _entry("propose", read_entry(entry))
        made = with_persons(session, books().usual.ledger.actions["propose"], opinion, by_name=True)
        _print(open_matter(session, books(), made, now=datetime.now(UTC)))


@command.command("act")
@_named
@entry_options
@click.option("--unit", help="承办单位办理的，写明单位")
@version_option
def act(named: str, action: str, by: str, unit: str | None, version: int | None, **typed: Any) -> None:
    """办理一个事项，如：wenze matter act 督〔2026〕1号 催办 --by 李四 --set responsible=张某"""
    name = action_of(action, matter_entries(books().usual).actions, matter_entries(books().usual).opening, _ACTIONS)
    kind = books().usual.ledger.actions[name].actors[0]
    entry = _entry(name, entered(**typed, name=by, kind=kind, unit=unit))
    with ledger_session(write=True) as session:
        matter_id = matter_id_of(session, named)
        seen = version if version is not None else read_matter(session, books(), matter_id).matter.version
        entry = with_persons(session, books().usual.ledger.actions[name], entry, by_name=True)
        _print(act_on_matter(session, books(), matter_id, entry, expected=seen, now=datetime.now(UTC)))


@command.command("attach")
@_named
@click.argument("file", type=FILE, metavar="文件")
def attach_command(named: str, file: Path) -> None:
    """为事项附加材料，打印附件编号；办理时在 attachments 中引用。"""
    upload, folder = Upload(file.name, file.read_bytes()), config.attachments_folder()
    with ledger_session(write=True) as session:
        matter_id = matter_id_of(session, named)
        found = attach(session, "matter", matter_id, upload, folder=folder, now=datetime.now(UTC), entered_by=clerk())
        click.echo(found.id)


@command.command("recommend")
@_named
@click.argument("persons", type=FILE, metavar="人员.yaml")
@click.option("--store", is_flag=True, help="存为不可更改的回执")
@text_or_json()
def recommend_command(named: str, persons: Path, store: bool, form: str) -> None:
    """就台账中的事项请求处理建议；文件同案卷，但不含 matter：该部分由台账的记录生成。"""
    question = read_entry(persons)
    with ledger_session(write=store) as session:
        matter_id = matter_id_of(session, named)
        if store:
            receipt_id, body = keep_evaluation(
                session, books(), matter_id, question, actor=clerk(), now=datetime.now(UTC)
            )
            answer = read(body)
        else:
            tell(session, subject=("matter", matter_id))
            answer = unstored(evaluate_matter(session, books(), matter_id, question)[1])
    if form == "json":
        click.echo(written(answer).decode())
        return
    names = {person["id"]: person.get("name") for person in question["persons"]}
    click.echo(RecommendationInWords(book_of(answer, books())).render(answer, names))
    click.echo(f"回执 {receipt_id}" if store else answer.stored_notice, err=True)


@command.command("evaluations")
@_named
def evaluations(named: str) -> None:
    """事项的历次处理建议，以及此后台账的变化。"""
    labels = books().usual.ledger.actions
    with ledger_session() as session:
        matter_id = matter_id_of(session, named)
        tell(session, subject=("matter", matter_id))
        for found in evaluations_of(session, books(), matter_id):
            since = "；".join(f"{record.on} {labels[record.action].label}" for record in found.since)
            state = f"此后台账有新的记录：{since}" if since else "此后台账没有变化"
            at = minute(found.at)
            click.echo(f"{found.receipt_id}　{at}　{found.by}　推算时共 {found.version} 条记录　{state}")


def _entry(action: str, data: Any) -> Entry:
    return Entry(action, **matter_entries(books().usual).load(action, data), entered_by=clerk())


def _print(outcome: MatterOutcome) -> None:
    book, matter = books().usual, outcome.matter
    click.echo(f"{outcome.number or outcome.id}　{matter.title}　【{book.ledger.states[matter.state]}】")
    click.echo(
        f"牵头单位：{matter.lead_unit or '（未明确）'}　协办单位：{'、'.join(matter.co_units) or '无'}"
        f"　办结时限：{matter.due_on or '（未定）'}　标识：{outcome.id}　版本：{matter.version}"
    )
    for record in matter.records:
        click.echo(record_line(record, book.ledger.actions[record.action], book))
