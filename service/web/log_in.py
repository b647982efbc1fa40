"""Log-in and log-out of the pages, the change of a password, and who one is."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from models.people import accounts
from models.people.accounts import Account
from models.schemas.errors import CaseFileError
from models.store.audit_notes import keep_silent
from models.store.database import reading, writing
from service import audit
from service.audit import By
from service.auth import DOCS_COOKIE, session_cookie
from service.request_context import context
from service.routes import OPEN, Routes, Writes
from service.usecases.people.accounts import change_password, password_fits
from service.usecases.people.api_tokens import holder
from service.usecases.people.log_in import (
    LONGEST,
    NotLoggedIn,
    TryLater,
    account_of,
    begin_attempt,
    end_attempt,
    end_session,
    is_login,
    open_session,
)
from service.web.pages import cookie, page, see_other

routes = Routes(Blueprint("web", __name__, template_folder="templates"))
_DOCS_SECONDS = 12 * 3600
_MOST = 200


@routes.get("/login", OPEN, None)
def login_page() -> Response:
    return page("login.html", error=None)


@routes.post("/login", OPEN, Writes("登录"))
def log_in() -> Response:
    """A log-in name and a password open a session; what was wrong is not told."""
    _from_here()
    login, password = (request.form.get(name, "")[:_MOST] for name in ("login", "password"))
    try:
        return _opened(login, password)
    except NotLoggedIn:
        if is_login(login):
            _failed(login)
        return page("login.html", 401, error="登录名或者密码不对，或者账号已停用")
    except TryLater as error:
        return page("login.html", 429, error=f"连续登录失败，请在{error.seconds}秒后再试")


def _failed(login: str) -> None:
    """The event of a log-in that failed: for which account, where there is one; what was typed is not kept."""
    with writing(current_app.extensions["database"]) as session:
        account = accounts.by_login(session, login)
        facts = {"account": account.id} if account is not None else {}
        who = By("（尚未登录）", "stranger")
        audit.record(session, "web.log_in", who, now=datetime.now(UTC), outcome="refused", facts=facts)


def _from_here() -> None:
    """Nobody is logged in by a page of another site. Raises Forbidden."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden


def _opened(login: str, password: str) -> Response:
    """Counted, then compared while nobody waits for the database, then opened if what was compared is still the password."""
    engine, address, now = current_app.extensions["database"], request.remote_addr or "", datetime.now(UTC)
    with writing(engine) as session:
        begin_attempt(session, login, address=address, now=now)
    with reading(engine) as session:
        compared = account_of(session, login, password)
    with writing(engine) as session:
        end_attempt(session, login, address=address, now=now)
        account = _locked(session, compared.id)
        if account.password_hash != compared.password_hash:
            raise NotLoggedIn
        opened = open_session(session, account, old=request.cookies.get(session_cookie()), now=now)
        audit.record(session, "web.log_in", By(account.name, "account", account.id), now=now)
        goes_to = "/password" if account.must_change else "/"
    return with_session(see_other(goes_to), opened.secret)


def with_session(response: Response, secret: str) -> Response:
    """The answer with the cookie of a session."""
    response.set_cookie(session_cookie(), secret, max_age=int(LONGEST.total_seconds()), **cookie())
    return response


@routes.post("/login/token", OPEN, None)
def log_in_with_token() -> Response:
    """A token opens the documentation, and nothing else: the interface itself asks for the bearer header."""
    _from_here()
    secret = request.form.get("token", "").strip()
    with reading(current_app.extensions["database"]) as session:
        known = 0 < len(secret) <= _MOST and holder(session, secret, now=datetime.now(UTC)) is not None
    if not known:
        return page("login.html", 401, error="令牌无效、已过期或者已撤销")
    response = see_other("/api/docs")
    response.set_cookie(DOCS_COOKIE, secret, max_age=_DOCS_SECONDS, **cookie("/api", "Strict"))
    return response


@routes.post("/api/logout", "documentation:read", Writes("退出登录"), by_docs_cookie=True, before_change=True)
@routes.post("/logout", "documentation:read", Writes("退出登录"), endpoint="log_out_of_pages", before_change=True)
def log_out() -> Response:
    response = see_other("/login")
    secret = g.get("session_secret")
    if secret:
        with writing(current_app.extensions["database"]) as session:
            end_session(session, secret, now=datetime.now(UTC))
        response.delete_cookie(session_cookie(), **cookie())
    response.delete_cookie(DOCS_COOKIE, **cookie("/api", "Strict"))
    return response


@routes.get("/password", "documentation:read", None, before_change=True)
def password_page() -> Response:
    return page("password.html", errors=[])


@routes.post("/password", "documentation:read", Writes("修改密码"), before_change=True)
def set_password() -> Response:
    """A password of one's own; every session of the account ends, and a new one begins. The old one is guessed as at the log-in."""
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        return page("password.html", 422, errors=["两次填写的新密码不一致"])
    try:
        return _changed(g.principal.id, old, new)
    except NotLoggedIn:
        return see_other("/login")
    except TryLater as error:
        return page("password.html", 429, errors=[f"原密码连续填错，请在{error.seconds}秒后再试"])
    except CaseFileError as error:
        return page("password.html", 422, errors=[f"{fault.path}：{fault.message}" for fault in error.errors])


def _changed(account_id: str, old: str, new: str) -> Response:
    """Counted, then compared while nobody waits for the database, then written. Raises NotLoggedIn, TryLater, CaseFileError."""
    engine, address, now = current_app.extensions["database"], request.remote_addr or "", datetime.now(UTC)
    with writing(engine) as session:
        begin_attempt(session, _there(session, account_id).login, address=address, now=now)
        keep_silent(session)
    with reading(engine) as session:
        compared = _there(session, account_id)
        fits = password_fits(compared, old)
    with writing(engine) as session:
        if fits:
            end_attempt(session, compared.login, address=address, now=now)
            keep_silent(session)
        else:
            who = By(compared.name, "account", compared.id)
            audit.record(session, "web.set_password", who, now=now, outcome="refused")
    with writing(engine) as session:
        account = _locked(session, account_id)
        fits = fits and account.password_hash == compared.password_hash  # not changed meanwhile
        change_password(session, context().books, account, old, new, fits=fits, now=now)
        opened = open_session(session, account, old=None, now=now)
    return with_session(see_other("/"), opened.secret)


def _there(session: Session, account_id: str) -> Account:
    """The account. Raises NotLoggedIn."""
    return _usable(accounts.find(session, account_id))


def _locked(session: Session, account_id: str) -> Account:
    """The account, which nobody changes or disables until the transaction ends. Raises NotLoggedIn."""
    return _usable(accounts.lock(session, account_id))


def _usable(account: Account | None) -> Account:
    if account is None or account.disabled_at is not None:
        raise NotLoggedIn
    return account
