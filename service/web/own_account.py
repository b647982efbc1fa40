"""One's own account: who one is, the log-ins and tokens that are open for it, and what administrators did to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound

from models.audit import events
from models.audit.events import AuditEvent
from models.people import accounts, tokens
from models.people.accounts import Account, RoleGrant
from models.store.audit_notes import tell
from models.store.database import reading, writing
from rules.reasoning.calendar import LOCAL
from service import config
from service.access import access
from service.auth import ActsForNobody
from service.request_context import context
from service.routes import Routes, Writes, label, privileged_actions
from service.usecases.people.accounts import end_sessions
from service.usecases.people.api_tokens import revoke_token
from service.usecases.people.log_in import is_open
from service.usecases.people.principals import Principal
from service.web.pages import number, page, see_other

routes = Routes(Blueprint("own-account", __name__, template_folder="templates"))
_MOST = 50


@dataclass(frozen=True, slots=True)
class AccountAct:
    """What an administrator or a command did to an account. role: given or taken, with its days; account: whose, as listed."""

    number: int
    at: datetime
    by: str
    called: str
    role: str
    account: str


def acts_on(session: Session) -> Sequence[AccountAct]:
    """What was done to the account of whoever is logged in, and that they have not taken note of, the newest first."""
    after, last = g.get("untold", (0, 0))
    if last <= after:
        return ()
    subject = ("account", g.principal.id)
    return _acts(session, events.of_actions(session, privileged_actions(), subject, after=after, limit=_MOST))


def _acts(session: Session, found: Sequence[AuditEvent]) -> Sequence[AccountAct]:
    facts = {row.number: orjson.loads(row.facts) for row in found}
    given = accounts.grants_by_id(session, [one["grant"] for one in facts.values() if "grant" in one])
    named = accounts.by_ids(session, [row.subject_id for row in found if row.subject_kind == "account"])
    return [
        AccountAct(
            row.number,
            datetime.fromisoformat(row.at).astimezone(LOCAL),
            row.actor,
            label(row.action),
            _role(given.get(facts[row.number].get("grant"))),
            _named(named.get(row.subject_id or "")),
        )
        for row in found
    ]


def _role(grant: RoleGrant | None) -> str:
    if grant is None:
        return ""
    role = access().roles.get(grant.role)
    unit = f"（{grant.unit}）" if grant.unit else ""
    return f"{role.label if role else grant.role}{unit}，{grant.from_on} 至 {grant.to_on or '长期'}"


def _named(account: Account | None) -> str:
    return f"{account.name}（{account.login}）" if account is not None else ""


@routes.get("/admin/acts", "privileges:read", None)
def acts() -> Response:
    """What was done to accounts, roles and tokens, the newest first, a page at a time; or up to the number that is asked for."""
    until = number(request.args.get("last", "")) or None
    with reading(current_app.extensions["database"]) as session:
        found = events.of_actions(session, privileged_actions(), None, until=until, limit=_MOST + 1)
        shown = _acts(session, found[:_MOST])
    return page("admin/acts.html", acts=shown, more=shown[-1].number - 1 if len(found) > _MOST else None)


@routes.get("/me", "documentation:read", None, own=True)
def me() -> Response:
    """Who I am, with which roles, what these allow; and by which ways somebody is or can be in under my name."""
    principal: Principal = g.principal
    allowed = [found.label for name, found in access().permissions.items() if principal.relations(name)]
    with reading(current_app.extensions["database"]) as session:
        opened = accounts.open_sessions(session, principal.id) if principal.personal else ()
        held = tokens.valid_of(session, principal.id) if principal.personal else ()
    now = context().now
    return page(
        "me.html",
        allowed=allowed,
        sessions=[one for one in opened if is_open(one, config.session_idle(), now)],
        here=g.get("session_id"),
        tokens=[one for one in held if one.expires_at is None or one.expires_at > now],
        local=LOCAL,
    )


@routes.post("/me/sessions/end", "documentation:read", Writes("退出本人其他的登录"), own=True)
def end_others() -> Response:
    """End one's other log-ins, or the one that the form names."""
    here, named = _here(), request.form.get("session", "")
    with writing(current_app.extensions["database"]) as session:
        tell(session, subject=("account", g.principal.id))
        end_sessions(session, g.principal.id, now=context().now, only=named or None, but=None if named else here)
    return see_other("/login" if named == here else "/me")


@routes.post("/me/tokens/<token_id>/revoke", "documentation:read", Writes("撤销本人的令牌"), own=True)
def revoke(token_id: str) -> Response:
    """End a token of one's own."""
    _here()
    with writing(current_app.extensions["database"]) as session:
        found = tokens.by_id(session, token_id)
        if found is None or found.account_id != g.principal.id:
            raise NotFound
        revoke_token(session, token_id, now=context().now)
    return see_other("/me")


@routes.post("/me/acts", "documentation:read", Writes("知悉本人账号的变动"), own=True)
def take_note() -> Response:
    """One has seen what was done to one's account, up to what the page showed."""
    _here()
    with writing(current_app.extensions["database"]) as session:
        account = accounts.lock(session, g.principal.id)
        if account is None:
            raise NotFound
        tell(session, subject=("account", account.id))
        upto = min(number(request.form.get("upto", "")), events.head(session)[0])
        account.acknowledged = max(account.acknowledged, upto)
    return see_other("/")


def _here() -> str:
    """The session by which one asks; what is one's own is not for a token. Raises Forbidden, ActsForNobody."""
    if "session_id" not in g:
        raise Forbidden if g.principal.personal else ActsForNobody
    found: str = g.session_id
    return found
