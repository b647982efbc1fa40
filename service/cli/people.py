"""``wenze people``: the registry of persons, and whom the names in records from before it mean."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from models.people import merges, persons
from models.schemas.errors import load
from service.books import books
from service.cli.db import ledger_session
from service.cli.options import today
from service.cli.trail import clerk
from service.usecases.administration.match_names import Unmatched, resolve, unmatched
from service.usecases.people.registry import (
    CHANGES,
    PERSON,
    change_person,
    entry_of_person,
    found,
    register_person,
    tell_apart,
)

_MOST = 50
_KINDS = {"事项": "matter", "案件": "case", "账号": "account"}
_LABELS = {kind: label for label, kind in _KINDS.items()}
_number = click.argument("number", metavar="工号")
_about = (
    click.option("--organisation", help="校外人员所在单位"),
    click.option("--phone", help="电话"),
    click.option("--mail", help="邮箱"),
)


@click.group("people")
def command() -> None:
    """人员登记：查找、登记、更名，合并的提议，核对此前记录中的姓名。"""


@command.command("list")
@click.argument("containing", metavar="词")
def list_command(containing: str) -> None:
    """按姓名（含曾用名）、工号、单位、职务查找，最多列出五十人。"""
    with ledger_session() as session:
        for one in found(session, containing, today(), limit=_MOST):
            click.echo(one.words)


@command.command("apart")
@_number
def apart(number: str) -> None:
    """核实与另一人同名的登记确是两个人；由登记的人以外的人办理。是同一人的，在页面上合并。"""
    with ledger_session(write=True) as session:
        tell_apart(session, number, by=clerk())
    click.echo("已核实", err=True)


@command.command("show")
@_number
def show(number: str) -> None:
    """一个人的登记：曾用名、任职、电话、邮箱、账号，并入的登记。"""
    with ledger_session() as session:
        one = entry_of_person(session, number)
        row = one.row
        click.echo("　".join(filter(None, (row.number, row.name, "校外" if row.outside else "", row.organisation))))
        said = {
            "曾用名": one.former, "电话": (row.phone,), "邮箱": (row.mail,), "账号": one.accounts,
            "并入的登记": tuple(f"{other.name}（{other.number}）" for other in one.merged),
            "已经并入": (f"{one.into.name}（{one.into.number}）",) if one.into is not None else (),
        }  # fmt: skip
        for label, values in said.items():
            if any(values):
                click.echo(f"　　{label}：{'、'.join(filter(None, values))}")
        for post in one.posts:
            click.echo(f"　　{post.unit}　{post.post}　{post.rank}　{post.from_on} 至 {post.to_on or '今'}")


def _told(**said: Any) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


@command.command("add")
@click.argument("name", metavar="姓名")
@click.option("--number", help="工号；校外人员不写，由系统编号")
@_about[0]
@_about[1]
@_about[2]
def add(**said: Any) -> None:
    """登记一人；显示其编号。"""
    with ledger_session(write=True) as session:
        made = register_person(session, load(PERSON, _told(**said)), by=clerk(), now=datetime.now(UTC))
        row = persons.find(session, str(made.id))
        click.echo(row.number if row is not None else "")


@command.command("rename")
@_number
@click.argument("name", metavar="新姓名")
def rename(number: str, name: str) -> None:
    """更名；原来的姓名留作曾用名。"""
    with ledger_session(write=True) as session:
        change_person(session, number, load(CHANGES, {"name": name}), today=today())
    click.echo("已更名", err=True)


@command.command("change")
@_number
@_about[0]
@_about[1]
@_about[2]
def change(number: str, **said: Any) -> None:
    """改电话、邮箱、校外人员所在单位；没有写的不变。"""
    with ledger_session(write=True) as session:
        change_person(session, number, load(CHANGES, _told(**said)), today=today())
    click.echo("已改", err=True)


@command.command("merges")
def merges_command() -> None:
    """列出待确认的合并。提出和确认由两个账号在页面“人员”中办理，命令行不能代替。"""
    with ledger_session() as session:
        for row in merges.pending(session):
            names = {
                one.id: f"{one.name}（{one.number}）" for one in persons.rows(session, {row.person_id, row.into_id})
            }
            what = "从此撤出" if row.undoes else "并入"
            click.echo(f"{row.id}　{names[row.person_id]}{what}{names[row.into_id]}：{row.reason}")


@command.command("names")
def names() -> None:
    """列出升级之前的记录中不能确定是谁的姓名、不能确定是谁的账号。没有核对的，只限制，不授权。"""
    with ledger_session() as session:
        for one in unmatched(session):
            click.echo(in_words(one))


def in_words(one: Unmatched) -> str:
    bearing = f"登记中有{len(one.bearing)}人：{'、'.join(one.bearing)}" if one.bearing else "登记中没有此人"
    return f"{_LABELS[one.kind]}　{one.id}　{one.name}　{bearing}"


@command.command("resolve")
@click.argument("kind", metavar="事项|案件|账号", type=click.Choice(list(_KINDS)))
@click.argument("id", metavar="标识")
@click.argument("name", metavar="姓名")
@click.argument("person", metavar="工号")
def resolve_command(kind: str, id: str, name: str, person: str) -> None:
    """写明一处姓名是登记中的哪一人；wenze people names 列出的，一次一处。"""
    with ledger_session(write=True) as session:
        resolve(session, books(), _KINDS[kind], id, name, person)
    click.echo("已核对", err=True)
