"""Log-in and log-out of the pages, the change of a password, and who one is."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from models.people import accounts
from models.people.accounts import Account
from models.schemas.errors import CaseFileError
from models.store.database import reading, writing
from service import audit
from service.audit import By
from service.auth import DOCS_COOKIE, session_cookie
from service.request_context import context
from service.routes import OPEN, Routes, Writes
from service.usecases.people.accounts import change_password, used_before
from service.usecases.people.api_tokens import holder
from service.usecases.people.attempts import Counted, TryLater, end_attempt, forget_old, is_login, learn_device
from service.usecases.people.log_in import LONGEST, NotLoggedIn, account_of, end_session, open_session
from service.usecases.people.second_factor import has_factor, is_untold
from service.web.pages import cookie, page, see_other
from service.web.proving import MOST, begun, device_cookie, from_known_device, locked, shows_password, there

routes = Routes(Blueprint("web", __name__, template_folder="templates"))
_DOCS_SECONDS = 12 * 3600


@routes.get("/login", OPEN, None)
def login_page() -> Response:
    return page("login.html", error=None)


@routes.post("/login", OPEN, Writes("登录"))
def log_in() -> Response:
    """A log-in name and a password open a session; what was wrong is not told."""
    _from_here()
    login, password = (request.form.get(name, "") for name in ("login", "password"))
    try:
        return _opened(login, password)
    except NotLoggedIn:
        return page("login.html", 401, error="登录名或者密码不对，或者账号已停用")
    except TryLater as error:
        return page("login.html", 429, error=f"连续登录失败，请在{error.seconds}秒后再试")


def _failed(login: str, attempt: Counted, now: datetime) -> None:
    """The event of a log-in that failed: for which account, where there is one; what was typed is not kept."""
    with writing(current_app.extensions["database"]) as session:
        forget_old(session, now=now)
        account = accounts.by_login(session, login)
        facts = {"account": account.id} if account is not None else {}
        if attempt.tells:
            who = By("（尚未登录）", "stranger")
            audit.record(session, "web.log_in", who, now=now, outcome="refused", facts=facts)


def _from_here() -> None:
    """Nobody is logged in by a page of another site. Raises Forbidden."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden


def _opened(login: str, password: str) -> Response:
    """Counted, then compared while nobody waits for the database, then opened if what was compared is still the password.

    What nobody can have as log-in name or password costs nothing: neither a count nor a comparison. Raises NotLoggedIn, TryLater.
    """
    if not is_login(login) or len(password) > MOST:
        raise NotLoggedIn
    engine, now = current_app.extensions["database"], datetime.now(UTC)
    with writing(engine) as session:
        attempt = begun(session, login, now)
    try:
        with reading(engine) as session:
            compared = account_of(session, login, password)
        with writing(engine) as session:
            end_attempt(session, attempt)
            account = locked(session, compared.id)
            if account.password_hash != compared.password_hash:
                raise NotLoggedIn
            opened = open_session(session, account, old=request.cookies.get(session_cookie()), now=now)
            device = None
            if not has_factor(session, account.id):  # else that is learnt once the code was right
                device = learn_device(session, account, request.cookies.get(device_cookie(login)), now=now)
            goes_to = _goes_to(session, account)
            audit.record(session, "web.log_in", By(account.name, "account", account.id), now=now)
    except NotLoggedIn:
        _failed(login, attempt, now)
        raise
    answer = with_session(see_other(goes_to), opened.secret)
    return answer if device is None else from_known_device(answer, login, device)


def _goes_to(session: Session, account: Account) -> str:
    """Where a log-in leads; what comes before anything else, the check of the next request tells."""
    if account.must_change:
        return "/password"
    return "/second-factor" if is_untold(session, account.id) else "/"


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
        known = 0 < len(secret) <= MOST and holder(session, secret, now=datetime.now(UTC)) is not None
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
    engine, now = current_app.extensions["database"], datetime.now(UTC)
    with reading(engine) as session:
        before = there(session, account_id).password_hash
    fits = shows_password(account_id, old, "web.set_password")
    with reading(engine) as session:
        used = fits and used_before(session, there(session, account_id), new)
    with writing(engine) as session:
        account = locked(session, account_id)
        fits = fits and account.password_hash == before  # not changed meanwhile
        change_password(session, context().books, account, old, new, fits=fits, used=used, now=now)
        opened = open_session(session, account, old=None, now=now, code_at=g.get("code_at"))
    return with_session(see_other("/"), opened.secret)
