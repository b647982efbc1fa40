"""``wenze audit``: the trail verified, listed, and anchored outside."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from models.audit import events
from models.audit.events import AuditEvent
from models.store.database import snapshot
from rules.reasoning.calendar import LOCAL
from service import config
from service.audit import OUTCOMES
from service.cli.anchoring import current_anchor, keep_anchor, mail_anchor
from service.cli.db import ledger_session, opened_database
from service.cli.files import put
from service.cli.options import FILE, MADE, end, format_option, out_option, today
from service.cli.trail import label
from service.exchange.anchor_file import Anchor, NoAnchor, kept_anchors
from service.usecases.administration.verify_trail import verify_trail

_ANCHORS = "锚点文件，可以写多次；默认为 WENZE_AUDIT_ANCHOR"


@click.group("audit")
def command() -> None:
    """审计记录：每次办理和查阅一条，前后以散列值相接。核对、列出，把末条的散列值存到系统之外。"""


@command.command("verify")
@click.option("--anchor", "files", multiple=True, type=FILE, metavar="文件", help=_ANCHORS)
def verify(files: tuple[Path, ...]) -> None:
    """逐条核对审计记录，并与其所写的各行、附件的文件和锚点核对，指出第一处不符；写明核对了什么，没有核对什么。

    退出码：0 完整；1 不完整；2 输入有误。
    """
    anchors = [anchor for path in files for anchor in kept_anchors(path)] if files else _usual()
    with opened_database() as engine, snapshot(engine) as session:
        found = verify_trail(session, anchors, files=config.attachments_folder())
    click.echo(str(found))
    sys.exit(0 if found.broken is None else 1)


def _usual() -> list[Anchor | NoAnchor]:
    path, _ = _settings()
    return kept_anchors(path) if path is not None else []


@command.command("list")
@click.option("--after", type=click.IntRange(0), default=0, help="从这一序号之后")
@click.option("--limit", type=click.IntRange(1, 10_000), default=200, show_default=True)
def list_command(after: int, limit: int) -> None:
    """按序号列出审计记录；本次查阅也记入。"""
    with ledger_session() as session:
        for event in events.page(session, after=after, limit=limit):
            click.echo(_line(event))


def _line(event: AuditEvent) -> str:
    at = f"{datetime.fromisoformat(event.at).astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
    about = f"　{event.subject_kind} {event.subject_id}" if event.subject_id else ""
    return f"{event.number}　{at}　{event.actor}　{label(event.action)}{about}　{OUTCOMES.get(event.outcome, event.outcome)}"


@command.command("anchor")
@click.option("--out", type=MADE, metavar="文件", help="写入的文件；默认为 WENZE_AUDIT_ANCHOR")
def anchor_command(out: Path | None) -> None:
    """把末条的序号和散列值作为一行存到系统之外的文件；设有 WENZE_AUDIT_MAIL 的，同时发出邮件。"""
    path, recipient = _settings()
    paths = [found for found in dict.fromkeys((out, path)) if found is not None]
    if not paths and recipient is None:
        raise click.UsageError("请用 --out 写明文件，或者设置 WENZE_AUDIT_ANCHOR")
    with opened_database() as engine:
        anchor = current_anchor(engine)
        failed = [keep_anchor(found, anchor) for found in paths]
        if recipient is not None:
            failed.append(mail_anchor(engine, anchor, recipient, today(), again=True))
    click.echo(str(anchor))
    said = [line for line in failed if line is not None]
    for line in said:
        click.echo(line, err=True)
    sys.exit(1 if said else 0)


def _settings() -> tuple[Path | None, str | None]:
    try:
        return config.audit_anchor(), config.audit_mail()
    except config.ConfigError as error:
        end(str(error))


@command.command("page")
@format_option(("docx", "pdf"), "docx")
@out_option
def page(kind: str, out: Path | None) -> None:
    """打印用的每日页：末条的序号和散列值、锚点，由系统管理员以外的人签字保存。"""
    from service.documents.administration.audit_page import (
        audit_page,  # here, since its libraries take half of a start-up
    )
    from service.documents.drawing.formats import PAGES

    with opened_database() as engine:
        found = current_anchor(engine)
    made = audit_page(today(), found.number, found.algorithm, found.hash, str(found))
    put(PAGES[kind](made), kind, out)
