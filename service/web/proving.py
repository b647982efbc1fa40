"""What whoever sits at a browser shows of themselves: a password, a one-time password. Each time it is counted before it is looked at."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from models.people import accounts
from models.people.accounts import Account
from models.store.audit_notes import keep_silent
from models.store.database import reading, writing
from service import audit
from service.audit import By
from service.auth import SAFE, check_confirmed, session_cookie
from service.routes import asked_route
from service.usecases.people.accounts import password_fits
from service.usecases.people.attempts import (
    KNOWN_FOR,
    Counted,
    TryLater,
    begin_attempt,
    begin_code,
    end_attempt,
    forget_old,
    hashed,
    is_known_device,
)
from service.usecases.people.log_in import NotLoggedIn, confirm_session
from service.usecases.people.second_factor import is_code, is_proof
from service.web.pages import CONFIRM_WITH, cookie

MOST = 200
"""How many signs of a password are looked at; a longer one is nobody's."""
_SIGNS = 8


def begun(session: Session, login: str, now: datetime) -> Counted:
    """An attempt of this browser to show a password. Raises TryLater."""
    held = request.cookies.get(device_cookie(login))
    return begin_attempt(session, login, address=request.remote_addr or "", device=held, now=now)


def device_cookie(login: str) -> str:
    """Each account has one of its own, so that what somebody else planted is good for nothing."""
    return f"{session_cookie()}-device-{hashed(login)[:_SIGNS]}"


def from_known_device(response: Response, login: str, device: str) -> Response:
    """The answer with the cookie by which the browser is known again."""
    response.set_cookie(device_cookie(login), device, max_age=int(KNOWN_FOR.total_seconds()), **cookie())
    return response


def there(session: Session, account_id: str) -> Account:
    """The account. Raises NotLoggedIn."""
    return _usable(accounts.find(session, account_id))


def locked(session: Session, account_id: str) -> Account:
    """The account, which nobody changes or disables until the transaction ends. Raises NotLoggedIn."""
    return _usable(accounts.lock(session, account_id))


def _usable(account: Account | None) -> Account:
    if account is None or account.disabled_at is not None:
        raise NotLoggedIn
    return account


def shows_password(account_id: str, password: str, action: str) -> bool:
    """Whether this is the password of whoever is logged in. action: of the event of a failure. Raises NotLoggedIn, TryLater."""
    engine, now = current_app.extensions["database"], datetime.now(UTC)
    with writing(engine) as session:
        attempt = begun(session, there(session, account_id).login, now)
        keep_silent(session)
    with reading(engine) as session:
        fits = len(password) <= MOST and password_fits(there(session, account_id), password)
    with writing(engine) as session:
        _ended(session, account_id, attempt, fits, action, now)
    return fits


def shows_code(account_id: str, given: str, action: str) -> bool:
    """The same of a one-time password or a recovery code; it is used by that."""
    engine, now = current_app.extensions["database"], datetime.now(UTC)
    with writing(engine) as session:
        login = there(session, account_id).login
        held = request.cookies.get(device_cookie(login))
        known = held if held is not None and is_known_device(session, login, held, now=now) else None
        attempt = begin_code(session, account_id, device=known, now=now)
        keep_silent(session)
    with writing(engine) as session:
        fits = len(given) <= MOST and is_proof(session, account_id, given, now=now)
        _ended(session, account_id, attempt, fits, action, now)
    return fits


def _ended(session: Session, account_id: str, attempt: Counted, fits: bool, action: str, now: datetime) -> None:
    """What came of an attempt, and the event of a failure."""
    if fits:
        end_attempt(session, attempt)
    else:
        forget_old(session, now=now)
        if attempt.tells:
            by = By(there(session, account_id).name, "account", account_id)
            audit.record(session, action, by, now=now, outcome="refused")
    keep_silent(session)


def register(app: Flask) -> None:
    """Call it after the check of permissions: what is to be confirmed first is not carried out before."""
    app.before_request(_confirmed)


def _confirmed() -> None:
    """What was filled in to confirm is looked at, wherever it comes with; then what the route asks for holds. Raises ConfirmFirst."""
    if request.method in SAFE or "session_secret" not in g:
        return
    if given := request.form.get(CONFIRM_WITH):
        _take(given)
    if asked_route().confirms:
        check_confirmed()


def _take(given: str) -> None:
    show = shows_code if is_code(given) else shows_password
    try:
        if not show(g.principal.id, given, "confirm"):
            g.confirm_fault = "不对，请重新填写"
            return
        now = datetime.now(UTC)
        with writing(current_app.extensions["database"]) as session:
            confirm_session(session, g.session_secret, by_code=is_code(given), now=now)
            keep_silent(session)
        g.confirmed_at = now
    except NotLoggedIn:
        g.confirm_fault = "登录已经结束，请在另一页重新登录，再回到本页"
    except TryLater as error:
        g.confirm_fault = f"连续填错，请在{error.seconds}秒后再试"
