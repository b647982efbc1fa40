"""Anchor the audit trail outside: in a file, by mail. Each once a day by the patrol; the file also at every ``wenze audit anchor``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine

from models.store.audit_notes import keep_silent
from models.store.database import reading, writing
from rules.reasoning.calendar import LOCAL
from service import config
from service.exchange.anchor_file import Anchor, append_anchor, last_anchor
from service.exchange.post import MailConnection, NoServer, NotSent
from service.usecases.administration.anchors import anchor_letter, head_anchor, mark_anchor_mailed, was_mailed


def current_anchor(engine: Engine) -> Anchor:
    """The head of the trail now."""
    with reading(engine) as session:
        return head_anchor(session, now=datetime.now(UTC))


def keep_anchor(path: Path, anchor: Anchor) -> str | None:
    """Put it into a file; why that failed, in Chinese."""
    try:
        append_anchor(path, anchor)
    except OSError as error:
        return f"锚点没有写入 {path}（{error.strerror}）"
    return None


def anchor_daily(engine: Engine, day: date) -> Iterator[str]:
    """What the settings ask for and the local day has not had yet; a sentence for each failure."""
    path = config.audit_anchor()
    recipient: str | None = None
    try:
        recipient = config.audit_mail()
    except config.ConfigError as error:
        yield str(error)
    anchor = current_anchor(engine) if path is not None or recipient is not None else None
    if anchor is None:
        return
    if path is not None and (failed := _file_of_day(path, anchor, day)) is not None:
        yield failed
    if recipient is not None and (failed := mail_anchor(engine, anchor, recipient, day, again=False)) is not None:
        yield failed


def _file_of_day(path: Path, anchor: Anchor, day: date) -> str | None:
    try:
        known = last_anchor(path)
    except OSError as error:
        return f"锚点文件 {path} 不能读取（{error.strerror}）"
    if known is not None and datetime.fromisoformat(known.at).astimezone(LOCAL).date() >= day:
        return None
    return keep_anchor(path, anchor)


def mail_anchor(engine: Engine, anchor: Anchor, recipient: str, day: date, *, again: bool) -> str | None:
    """Send it; why that failed, in Chinese. again: also where the day's has gone out."""
    settings = config.mail()
    with reading(engine) as session:
        if settings is None or (was_mailed(session, recipient, day) and not again):
            return None
    now = datetime.now(UTC)
    try:
        with MailConnection(settings) as post:
            post.send(anchor_letter(anchor, recipient), now=now)
    except (NotSent, NoServer) as error:
        return f"锚点没有发出：{error}"
    with writing(engine) as session:
        mark_anchor_mailed(session, recipient, day, now=now)
        keep_silent(session)
    return None
