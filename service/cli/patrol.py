"""``wenze patrol``: the daily round, for cron or systemd."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime

import click
import orjson
from sqlalchemy import Engine

from models.people import units
from models.store.database import reading
from service import logs
from service.books import books
from service.cli.anchoring import anchor_daily
from service.cli.db import opened_database
from service.cli.mail_round import mail_lists
from service.cli.options import text_or_json, today, today_option
from service.config import ConfigError, MailSettings, audit_anchor, data_folder, mail, thresholds
from service.usecases.exchange.patrol import ToLookAt, patrol
from service.usecases.exchange.todo_lists import OFFICE, grouped, row, shown


@click.command("patrol")
@today_option
@click.option("--unit", help="只看一个单位的待办")
@text_or_json("json：每行一项")
@click.option("--mail", "by_mail", is_flag=True, help="把待办发到各单位和办公室的邮箱，每日每个邮箱一次")
def command(day: date, unit: str | None, form: str, by_mail: bool) -> None:
    """每日巡查：到期、逾期、未答复、应督查的事项。只提示，不代为办理；重复运行结果相同。"""
    if by_mail and unit is not None:
        raise click.UsageError("--mail 发送全部单位的待办，不能与 --unit 同用")
    try:
        limits = thresholds()
        audit_anchor()
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    with opened_database() as engine:
        with reading(engine) as session:
            named = units.aliases(session).get(unit, unit) if unit is not None else None
            findings = list(patrol(session, books(), today=day, unit=named, thresholds=limits))
        _show(findings, form)
        failed = False
        # before the mail, which may be set wrongly, fail, or wait
        for line in anchor_daily(engine, today()):
            failed = True
            click.echo(line, err=True)
        if by_mail and not ((settings := _mail_settings()) and _mail(engine, settings, findings, day)):
            failed = True
    if failed:
        sys.exit(1)


def _show(findings: Sequence[ToLookAt], form: str) -> None:
    if form == "json":
        for finding in findings:
            click.echo(orjson.dumps(row(finding, books())))
    else:
        click.echo(shown(grouped(findings), books()) or "没有待办事项")


def _mail_settings() -> MailSettings | None:
    """The settings of the mail; where there are none that can be used, that is said."""
    try:
        found = mail()
    except ConfigError as error:
        click.echo(str(error), err=True)
        return None
    if found is None:
        click.echo("没有设置邮件：请设置 WENZE_SMTP_HOST、WENZE_SMTP_FROM，以及 WENZE_OFFICE_EMAIL", err=True)
    return found


def _mail(engine: Engine, settings: MailSettings, findings: Sequence[ToLookAt], day: date) -> bool:
    """Send the lists and say what came of it; whether everybody has theirs."""
    logs.configure()
    mailed = mail_lists(engine, settings, findings, folder=data_folder(), day=day, clock=lambda: datetime.now(UTC))
    said = f"已发送 {mailed.sent} 封，此前已发送 {mailed.done} 封，没有发出 {len(mailed.failed)} 封"
    for recipient, why in mailed.failed:
        click.echo(f"没有发出：{_printable(recipient)}：{why}", err=True)
    if mailed.without:
        click.echo(f"有待办而没有登记邮箱的单位：{'、'.join(mailed.without)}", err=True)
    if settings.office is None:
        click.echo(f"没有设置 WENZE_OFFICE_EMAIL，没有发给{OFFICE}", err=True)
    click.echo(said, err=True)
    return not mailed.failed


def _printable(address: str) -> str:
    return "".join(character if character.isprintable() else "�" for character in address)
