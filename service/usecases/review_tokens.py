"""What to look at after 0.1.0, where a token of no person could enter an act of anybody."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.store import tokens
from models.store.cases import CaseRecordRow
from models.store.matters import RecordRow
from models.store.records import RecordColumns
from models.store.tokens import Token
from service.access import access
from service.usecases.api_tokens import CALENDAR, in_effect

_KINDS = {"office": "督查督办工作办公室", "unit": "单位", "leader": "校领导", "team": "调查组", "person": "调查对象", "committee": "学校党委",
          "organisation": "组织部门", "personnel": "人事部门"}  # fmt: skip


def rows(session: Session) -> Iterator[str]:
    """The tokens of no person that are not revoked, then the acts of people that were entered under the name of such a token.

    What an older ledger brought in, in one moment with its matter, is no act of a person. A record of 0.1.0 keeps the name of the token alone, which an account may bear too: a line asks to look, it does not accuse.
    """
    found = [one for one in tokens.every(session) if one.account_id is None and CALENDAR not in one.permissions.split()]
    for token in found:
        if token.revoked_at is None:
            yield _token(token)
    names = {token.name for token in found}
    brought = aliased(RecordRow)
    imported = (
        select(brought.number)
        .where(brought.matter_id == RecordRow.matter_id, brought.recorded_at == RecordRow.recorded_at)
        .where(brought.action == "carry_over")
    )
    yield from _entered(session, "事项", RecordRow, RecordRow.matter_id, names, ~imported.exists())
    yield from _entered(session, "案件", CaseRecordRow, CaseRecordRow.case_id, names)


def _entered(
    session: Session, where: str, table: type[RecordColumns], owner: InstrumentedAttribute[str], names: set[str],
    *more: ColumnElement[bool],
) -> Iterator[str]:  # fmt: skip
    wanted = select(owner, table.number, table.actor_kind, table.actor_name, table.entered_by)
    among = wanted.where(table.entered_by.in_(names), table.actor_kind.in_(_KINDS), *more)
    for thing, number, kind, actor, entered_by in session.execute(among.order_by(owner, table.number)):
        yield (
            f"{where} {thing} 记录{number}：{_KINDS[kind]}“{actor}”的办理，"
            f"录入人“{entered_by}”与不代表个人的令牌同名，请核对"
        )


def _token(token: Token) -> str:
    until = f"有效期至 {token.expires_at:%Y-%m-%d}" if token.expires_at else "长期有效"
    allowed = (access().permissions[one].label for one in in_effect(token.permissions.split(), None))
    return f"令牌“{token.name}”（{token.id}）不代表任何账号，不能办理，{until}，准许：{'；'.join(allowed)}"
