"""The audit trail: every change and every sensitive read leaves exactly one event; what is refused leaves none.

An edge sets ``models.store.database.closing`` to a function made of ``close``: the event of a change is thereby in its
transaction, and no route can forget it. The event of a read is committed after the reading and before the answer goes out: no
answer without its event, and no writer waits for a document that is being drawn. Events hold identifiers, never texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.audit import events
from models.audit.hashes import RECORDS
from models.people import accounts
from models.store.audit_head import Head
from models.store.audit_notes import Subject, keep_silent, told
from service import config


@dataclass(frozen=True, slots=True)
class Shows:
    """It shows what is sensitive: an event wherever it was answered. asked: what of the query belongs to the event."""

    label: str
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writes:
    """It changes something: the event stands in the transaction of what was written.

    privileged: whose account it is about is told, and so is the administrator of the audit trail.
    """

    label: str
    privileged: bool = False


Audit = Shows | Writes | None


def is_privileged(declared: Audit) -> bool:
    return isinstance(declared, Writes) and declared.privileged


COMMANDS: Mapping[str, Shows | Writes] = {
    "case show": Shows("查阅案件"), "case list": Shows("查阅案件一览"), "case points": Shows("查阅申辩意见的作用"),
    "case duties": Shows("查阅决定之后的职责"), "case checkup": Shows("程序体检"), "case package": Shows("取得案卷"),
    "case attachments": Shows("查阅附件"), "case history": Shows("查阅案件经过"), "case-paper": Shows("取得文书"),
    "matter evaluations": Shows("查阅历次处理建议"), "matter recommend": Shows("试算处理建议"), "proof export": Shows("取得证明包"),
    "archive": Shows("取得归档材料"), "ledger export": Shows("整体导出"), "audit list": Shows("查阅审计记录"),
    "replay": Shows("重放处理建议"), "periods confirm": Writes("登记影响期的确认"), "periods withdraw": Writes("撤回影响期的确认"),
    "case attach": Writes("上传附件"), "db upgrade": Writes("纳入此前的记录"), "backup": Writes("备份"),
    "user add": Writes("建立账号", privileged=True), "user bind": Writes("绑定统一身份", privileged=True),
    "user grant": Writes("授予角色", privileged=True), "user revoke": Writes("撤销角色", privileged=True),
    "user disable": Writes("停用账号", privileged=True), "user enable": Writes("恢复账号", privileged=True),
    "user password": Writes("重设密码", privileged=True), "user confirm": Writes("核实本人", privileged=True),
    "user second-factor": Writes("停用账号的动态验证码", privileged=True),
    "token create": Writes("生成令牌", privileged=True), "token revoke": Writes("撤销令牌", privileged=True),
    "confirm": Writes("再次确认身份"),
    "single-sign-on.cas": Writes("统一身份认证登录"), "single-sign-on.oidc": Writes("统一身份认证登录"),
}  # fmt: skip
"""What comes over no route of its own: commands, confirmations, and log-ins that the school's single sign-on vouches for."""
OUTCOMES = {
    "done": "已办理",
    "refused": "被拒绝",
    "repeated": "重复提交，没有再办",
    "tried": "只试办，没有写入",
    "read": "已查阅",
}


@dataclass(frozen=True, slots=True)
class By:
    """Who: name, whether a token, an account, a command, and its id."""

    name: str
    kind: str
    id: str | None = None


def record(
    session: Session,
    action: str,
    by: By,
    *,
    now: datetime,
    outcome: str = "done",
    subject: Subject | None = None,
    facts: Mapping[str, Any] | None = None,
    seen: Head | None = None,
    privileged: bool = False,
) -> None:
    """Write one event now, in this transaction, with the records that it wrote; the edge then adds none.

    seen: the last event a moment ago, where that is known. privileged: whose account it is about has something to be told.

    Call it last: from here on every other appender waits for this transaction.
    """
    found = told(session)
    draft = events.Draft(
        now.astimezone(UTC).isoformat(timespec="microseconds"),
        by.name,
        by.kind,
        by.id,
        action,
        outcome,
        found.subject or subject,
        {**(facts or {}), **found.facts},
        tuple(found.records),
    )
    number = events.append(session, draft, config.audit_hash(), seen)
    if privileged and draft.subject is not None and draft.subject[0] == "account":
        accounts.to_be_told(session, draft.subject[1], number)
    found.records.clear()
    keep_silent(session)


def close(
    session: Session,
    action: str,
    by: By,
    *,
    now: datetime,
    subject: Subject | None,
    facts: Mapping[str, Any],
    seen: Head | None = None,
    privileged: bool = False,
) -> bool:
    """The event of a transaction that is about to be committed; whether there is one, now or before."""
    found = told(session)
    if found.silent and not found.records:
        return False
    record(
        session,
        action,
        by,
        now=now,
        outcome=found.outcome,
        subject=subject,
        facts=facts,
        seen=seen,
        privileged=privileged,
    )
    return True


_BATCH = 1000


def adopt(session: Session, by: By, *, now: datetime) -> None:
    """Take in what was there before the trail vouched for its kind; from then on a row without an event stays one."""
    kinds = sorted(RECORDS.keys() - events.taken_in(session))
    keys = list(events.unvouched(session, kinds))
    for at in range(0, len(keys) or len(kinds[:1]), _BATCH):
        told(session).records.update(dict.fromkeys(keys[at : at + _BATCH]))
        record(session, events.TAKEN_IN, by, now=now, facts={"kinds": kinds})
