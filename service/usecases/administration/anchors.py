"""Anchor the audit trail outside: the head as a line of a file, as a letter, as a page to be printed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from models.audit import events
from models.audit.events import AuditEvent
from models.office import mail
from service import config
from service.exchange.anchor_file import Anchor
from service.exchange.post import Letter


def head_anchor(session: Session, *, now: datetime) -> Anchor:
    """The head of the trail as it stands."""
    number, found = events.head(session)
    event = session.get(AuditEvent, number)
    algorithm = event.algorithm if event is not None else config.audit_hash()
    return Anchor(now.astimezone(UTC).isoformat(timespec="seconds"), number, algorithm, found)


def anchor_letter(anchor: Anchor, recipient: str) -> Letter:
    """The anchor for whoever keeps it."""
    text = (
        "下面一行是审计记录的锚点（时间、末条的序号、散列算法、散列值）。请长期保存本邮件；"
        f"核对时把这一行放入文件，执行 wenze audit verify --anchor 文件。\n\n{anchor}\n"
    )
    return Letter(recipient, f"审计记录锚点（第{anchor.number}条）", text, f"audit {anchor}")


def was_mailed(session: Session, recipient: str, day: date) -> bool:
    """Whether the anchor of a local day has gone out."""
    return mail.was_sent(session, day, _key(recipient))


def mark_anchor_mailed(session: Session, recipient: str, day: date, *, now: datetime) -> None:
    """The mail server has accepted it; a second mark changes nothing."""
    if not was_mailed(session, recipient, day):
        mail.mark_sent(session, day, _key(recipient), now=now)


def _key(recipient: str) -> str:
    """Apart from the to-do list that the same mailbox may get."""
    return f"audit {recipient}"
