"""``wenze db``: migrations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import NoReturn

import click
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from models.case import cases
from models.receipts import rulebooks
from models.store.audit_notes import keep_silent
from models.store.database import connect, is_current, reading, upgrade, writing
from models.whole.dumps import opened
from rules.reasoning.calendar import LOCAL
from service.cli.options import end
from service.cli.trail import arm, looking, take_in
from service.config import approvers, database_url, embedded_path
from service.usecases.people.accounts import first_administrators, wanting_administrators


@click.group("db")
def command() -> None:
    """数据库。"""


@command.command("upgrade")
@click.option("--new", is_flag=True, help="没有设置 DATABASE_URL、数据文件夹里也没有数据库的，新建一个")
def upgrade_command(new: bool) -> None:
    """把数据库结构升级到当前版本。"""
    url = chosen_database(new=new or bool(os.environ.get("DATABASE_URL")))
    try:
        upgrade(url)
    except DBAPIError as error:
        _unreachable(url, error)
    tell_database(url)
    click.echo("数据库结构已是当前版本", err=True)
    arm()
    _take_in(url)
    _tell_books(url)
    make_first_administrators(url)


@command.command("review")
def review() -> None:
    """列出升级之后请核对的数据：令牌及其录入的办理、姓名、他人代填的字段、补录而没有理由的督办和催办、已过的时限、有误或者缺规则库的处理建议、
    与办理记录不符的案件相关人员和待确认的办理。"""
    from service.books import books
    from service.usecases.administration.review import reviewed  # here, since every command imports this module

    with ledger_session() as session:
        for line in reviewed(session, books()):
            click.echo(line)


def chosen_database(*, new: bool) -> str:
    """The URL of the database that the settings name, which may be one that is not there yet only if ``new``.

    Ends the command with one line otherwise: a setting that was forgotten must not make an empty database. An empty file is none.
    """
    try:
        place = embedded_path()
        if place is None:
            make_url(database_url()).get_dialect()
    except ArgumentError:
        raise click.ClickException("DATABASE_URL 应为 postgresql://用户@主机/库；不设的用嵌入式数据库") from None
    if place is not None and not new and not (place.exists() and place.stat().st_size):
        raise click.ClickException(
            f"没有数据库 {place}，没有新建：请设置 DATABASE_URL（或者 WENZE_DATA_DIR）；要新建的，执行 wenze db upgrade --new"
        )
    return database_url()


def tell_database(url: str) -> None:
    """Say which database the command works on."""
    click.echo(f"数据库：{_named(url)}", err=True)


def _named(url: str) -> str:
    """A database without the password, and without what else the address may carry."""
    found = make_url(url)
    if found.drivername.startswith("sqlite"):
        return found.database or ""
    place = {"host": found.query["host"]} if "host" in found.query else {}  # a socket's folder
    return found.set(drivername=found.get_backend_name(), query=place).render_as_string()


def ready_database(*, new: bool = False) -> str:
    """The URL of a database whose schema is current; the embedded one is brought up to date on the way.

    new: whether it may be one that is not there yet. Ends the command with one line where it is not there, cannot be
    reached or has not been upgraded.
    """
    url = chosen_database(new=new)
    engine = connect(url)
    try:
        current = is_current(engine) and _made(engine)
    except DBAPIError as error:
        _unreachable(url, error)
    finally:
        engine.dispose()
    tell_database(url)
    arm()
    if not current and url.startswith("sqlite"):
        upgrade(url)
        _take_in(url)
    elif not current:
        end("数据库结构不是当前版本，请先执行 wenze db upgrade", status=1)
    return url


@contextmanager
def opened_database() -> Iterator[Engine]:
    """An engine over a ready database, closed when the command ends."""
    engine = connect(ready_database())
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def ledger_session(*, write: bool = False) -> Iterator[Session]:
    """Committed when the block ends well, if ``write``; nothing is left of it otherwise. What is raised in it ends the command."""
    with opened_database() as engine, (writing if write else looking)(engine) as session:
        yield session


def make_first_administrators(url: str) -> None:
    """Where there is no account yet, one of each; else what to do where one of them is not named."""
    from service.books import books  # here, since every command imports this module

    engine, now = connect(url), datetime.now(UTC)
    today = now.astimezone(LOCAL).date()
    try:
        with writing(engine) as session:
            made = first_administrators(session, books(), now=now, today=today)
            if not made:
                keep_silent(session)
            wanting = list(wanting_administrators(session, today))
    finally:
        engine.dispose()
    for one in made:
        click.echo(f"已建立{one.role}账号 {one.login}，初始密码（只在此处显示，首次登录须修改）：{one.password}")
    for line in wanting:
        click.echo(line, err=True)


def unknown_approvers(url: str) -> list[str]:
    """What the registry does not know of those who are configured as competent to approve; nothing where there is no current database."""
    from service.usecases import chosen  # here, since every command imports this module

    if not approvers():
        return []
    engine = connect(url)
    try:
        if not is_current(engine):
            return []
        with reading(engine) as session:
            return chosen.unknown_approvers(session, approvers())
    except DBAPIError:
        return []
    finally:
        engine.dispose()


def _made(engine: Engine) -> bool:
    """Whether what access to cases rests on has been made of all their records: an upgrade may have been broken off."""
    from service.usecases.administration.match_names import (
        any_unmatched,  # here, since every command imports this module
    )

    with reading(engine) as session:
        return not cases.unmade(session, after=0, limit=1) and not any_unmatched(session)


def _take_in(url: str) -> None:
    engine = connect(url)
    try:
        take_in(engine)
        _keep_earlier(engine)
    finally:
        engine.dispose()


def _keep_earlier(engine: Engine) -> None:
    """What is made of stored records, rulebooks and receipts, some at a time: broken off, it goes on later."""
    from service.books import books  # here, since every command imports this module
    from service.usecases.administration import make_asked
    from service.usecases.administration.make_involvements import make_next
    from service.usecases.administration.match_names import match_next, register_known
    from service.usecases.recommending.kept_books import keep_earlier_books
    from service.usecases.recommending.kept_receipts import keep_earlier_proofs

    with writing(engine) as session:
        keep_earlier_books(session, books(), now=datetime.now(UTC))
        register_known(session, now=datetime.now(UTC))
    for step in (
        match_next,
        partial(make_next, every=False),
        partial(make_next, every=True),
        partial(make_asked.make_next, kind="matter"),
        partial(make_asked.make_next, kind="case"),
        keep_earlier_proofs,
    ):
        after: int | None = 0
        while after is not None:
            with writing(engine) as session:
                after = step(session, books(), after)
                keep_silent(session)


def _tell_books(url: str) -> None:
    """The rulebooks that receipts were made by and that are nowhere to be found."""
    with opened(url) as session:
        for sha256, count in rulebooks.wanting(session):
            click.echo(
                f"{count} 份回执所依的规则库（{sha256[:16]}）不在本程序中，没有留存：回执原文照常可查，但不能推算裁量空间、制作证明包。"
                "有当时的规则库文件夹的，原样放到程序的 rules/kept 之下，再执行 wenze db upgrade",
                err=True,
            )


def _unreachable(url: str, error: DBAPIError) -> NoReturn:
    end(f"无法连接数据库 {_named(url)}，请检查 DATABASE_URL 和数据库服务（{type(error.orig).__name__}）", status=1)
