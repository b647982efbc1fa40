"""``wenze oa``: what goes out to OA, and the receipts that come back."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service import logs
from service.books import books
from service.cli.db import ledger_session, opened_database
from service.cli.oa_round import SendingRound, Taken, send_due, take_receipts
from service.cli.options import end, minute
from service.config import ConfigError, FolderSettings, WebhookSettings, oa
from service.exchange.folder import Folder, reason
from service.exchange.webhook import Webhook
from service.usecases.exchange.deliver_parcels import retry_parcel
from service.usecases.exchange.deliveries import Delivery, outbox_state


@click.group("oa")
def command() -> None:
    """OA 下发和回执。"""


@command.command("run")
@click.option("--watch", type=click.IntRange(1, 86_400), metavar="秒", help="每隔若干秒再来一次；不加此项只做一次")
def run(watch: int | None) -> None:
    """发送待下发的附件，读取回执。没有送达的自动重试；中断之后可能再发一次，编号相同。"""
    settings = _settings()
    logs.configure()
    with opened_database() as engine:
        whole = _once(engine, settings)
        while watch is not None:
            time.sleep(watch)
            _once(engine, settings)
    sys.exit(0 if whole else 1)


def _settings() -> WebhookSettings | FolderSettings:
    try:
        found = oa()
    except ConfigError as error:
        end(str(error), status=1)
    if found is None:
        end("没有设置 OA：请设置 WENZE_OA_URL 和 WENZE_OA_SECRET，或者设置 WENZE_OA_FOLDER", status=1)
    return found


def _once(engine: Engine, settings: WebhookSettings | FolderSettings) -> bool:
    """One round; whether it could be done at all. What it could not do is done by the next one."""
    try:
        if isinstance(settings, WebhookSettings):
            click.echo(_line(send_due(engine, Webhook(settings), _now)))
            return True
        click.echo(_line(send_due(engine, Folder(settings), _now), take_receipts(engine, settings.folder, _now)))
        return True
    except (DBAPIError, PoolTimeout, TimeoutError) as error:  # the last: another writer held the file for too long
        logs.fault("database", error)
        click.echo("数据库暂时不能使用，下次再办", err=True)
    except OSError as error:
        click.echo(f"交换文件夹不能使用：{reason(error)}", err=True)
    return False


def _line(sent: SendingRound, taken: Taken | None = None) -> str:
    said = f"送达 {sent.delivered} 件，稍后再试 {sent.later} 件，放弃 {sent.given_up} 件"
    if taken is None:
        return said
    return f"{said}；回执记入 {taken.recorded} 件，退回 {taken.refused} 件，留待下次 {taken.left} 件"


@command.command("status")
def status() -> None:
    """待发送、已送达和放弃的件数；没有送达的逐件说明原因。"""
    with ledger_session() as session:
        state = outbox_state(session, books())
    click.echo(f"待发送 {len(state.waiting)} 件，已送达 {state.delivered} 件，放弃 {len(state.given_up)} 件")
    for delivery in state.waiting:
        again = f"，下次 {minute(delivery.next_try_at)}" if delivery.next_try_at else ""
        why = f"：{delivery.error}" if delivery.error else ""
        click.echo(f"{_about(delivery)}　待发送，已试 {delivery.tries} 次{again}{why}")
    for delivery in state.given_up:
        click.echo(f"{_about(delivery)}　放弃，已试 {delivery.tries} 次：{delivery.error or '原因不明'}")


@command.command("retry")
@click.argument("number", type=click.IntRange(1, 2**31 - 1), metavar="编号")
def retry(number: int) -> None:
    """让放弃或者等待的一件立即再试；编号见 wenze oa status。"""
    with ledger_session(write=True) as session:
        retry_parcel(session, number, now=_now())
    click.echo("已排入发送，下次 wenze oa run 时发出", err=True)


def _about(delivery: Delivery) -> str:
    return f"{delivery.number}　{delivery.matter_number or ''}{delivery.title}　{delivery.form_name}"


def _now() -> datetime:
    return datetime.now(UTC)
