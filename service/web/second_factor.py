"""The pages of one-time passwords: asked for at the log-in, set up by their owner, taken away by an administrator."""

from __future__ import annotations

from datetime import UTC, datetime

import segno
from flask import Blueprint, Response, current_app, g, request
from markupsafe import Markup
from werkzeug.exceptions import Forbidden, NotFound

from models.people import accounts, log_ins
from models.store.database import reading, writing
from rules.reasoning.calendar import LOCAL
from service.auth import ActsForNobody
from service.routes import Routes, Writes
from service.usecases.people.attempts import TryLater, hashed, learn_device
from service.usecases.people.log_in import NotLoggedIn, confirm_session
from service.usecases.people.second_factor import (
    FactorThere,
    address_of,
    begin_factor,
    confirm_factor,
    give_up,
    has_factor,
    is_asked_of,
    is_untold,
    new_codes,
    pending_secret,
    seen_by_owner,
    take_away,
)
from service.web.pages import page, see_other
from service.web.proving import device_cookie, from_known_device, locked, shows_code

routes = Routes(Blueprint("second-factor", __name__, template_folder="templates"))
_HOME = "/second-factor"
_GROUP = 4
_WRONG = "动态验证码不对。请核对手机的时间，等待下一个验证码再填"


@routes.form("/login/code", "documentation:read", Writes("填写动态验证码"), before_change=True)
def code() -> Response:
    """The second step of a log-in: a one-time password or a recovery code; before it nothing is open."""
    _logged_in()
    if not g.awaits_code:
        return see_other("/")
    if request.method == "GET":
        return page("code.html", error=None)
    try:
        if not shows_code(g.principal.id, request.form.get("code", ""), "second-factor.code"):
            return page("code.html", 422, error="动态验证码或者恢复码不对；每个只能用一次")
        return _entered()
    except NotLoggedIn:
        return see_other("/login")
    except TryLater as error:
        return page("code.html", 429, error=f"连续填错，请在{error.seconds}秒后再试")


def _entered() -> Response:
    """The session is open from now on, and its browser known. Raises NotLoggedIn."""
    now = datetime.now(UTC)
    with writing(current_app.extensions["database"]) as session:
        account = locked(session, g.principal.id)
        confirm_session(session, g.session_secret, by_code=True, now=now)
        login = account.login
        device = learn_device(session, account, request.cookies.get(device_cookie(login)), now=now)
        goes_to = _HOME if is_untold(session, account.id) else "/"
    return from_known_device(see_other(goes_to), login, device)


@routes.get("/second-factor", "documentation:read", None, before_change=True)
def home() -> Response:
    """Whether one-time passwords are asked of whoever is logged in, and what can be done."""
    _logged_in()
    with reading(current_app.extensions["database"]) as session:
        found = log_ins.second_factor(session, g.principal.id)
        left, untold = log_ins.codes_left(session, g.principal.id), is_untold(session, g.principal.id)
        devices = log_ins.devices(session, g.principal.id)
    return page(
        "second_factor.html",
        found=found,
        left=left,
        untold=untold,
        devices=devices,
        asked=is_asked_of(g.principal),
        local=LOCAL,
    )


@routes.post(
    "/second-factor/new", "documentation:read", Writes("开始设置动态验证码"), before_change=True, confirms=True
)
def begin() -> Response:
    """A new secret with its picture; it counts once its first code was right."""
    _logged_in()
    try:
        with writing(current_app.extensions["database"]) as session:
            account = locked(session, g.principal.id)
            login, secret = account.login, begin_factor(session, account, now=datetime.now(UTC))
    except FactorThere:
        return see_other(_HOME)
    return _shown(secret, login)


def _shown(secret: str, login: str, error: str | None = None) -> Response:
    picture = segno.make(address_of(secret, login), error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff")
    groups = " ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP))
    return page("second_factor_new.html", 422 if error else 200, picture=Markup(picture), secret=groups, error=error)


@routes.post(
    "/second-factor/confirm", "documentation:read", Writes("启用动态验证码"), before_change=True, confirms=True
)
def confirm() -> Response:
    """The first code; from now on they are asked for, and every other session of the account ends."""
    _logged_in()
    now = datetime.now(UTC)
    with writing(current_app.extensions["database"]) as session:
        account = locked(session, g.principal.id)
        codes = confirm_factor(session, account.id, request.form.get("code", ""), now=now)
        if codes is not None:
            confirm_session(session, g.session_secret, by_code=True, now=now)
            for other in accounts.open_sessions(session, account.id):
                if other.id_sha256 != hashed(g.session_secret):
                    other.ended_at = now
            return page("recovery_codes.html", codes=codes)
        login, secret = account.login, pending_secret(session, account.id)
    return _shown(secret, login, _WRONG) if secret is not None else see_other(_HOME)


@routes.post("/second-factor/codes", "documentation:read", Writes("换发恢复码"), before_change=True, confirms=True)
def renew_codes() -> Response:
    """New recovery codes, shown here alone; those of before are worth nothing."""
    _logged_in()
    with writing(current_app.extensions["database"]) as session:
        account = locked(session, g.principal.id)
        if not has_factor(session, account.id):
            raise NotFound
        return page("recovery_codes.html", codes=new_codes(session, account.id, now=datetime.now(UTC)))


@routes.post("/second-factor/off", "documentation:read", Writes("停用动态验证码"), before_change=True, confirms=True)
def off() -> Response:
    """The owner does without one-time passwords, where nobody asks for them."""
    _logged_in()
    if is_asked_of(g.principal):
        said = "您的角色须用动态验证码登录，不能停用；换手机的，请管理员停用后重新设置"
        return page("told.html", 409, title="没有停用", said=said, back=_HOME)
    with writing(current_app.extensions["database"]) as session:
        give_up(session, locked(session, g.principal.id), now=datetime.now(UTC))
    return see_other(_HOME)


@routes.post("/second-factor/seen", "documentation:read", Writes("知悉动态验证码已被停用"), before_change=True)
def seen() -> Response:
    """The owner has read who took the second factor away."""
    _logged_in()
    with writing(current_app.extensions["database"]) as session:
        seen_by_owner(session, g.principal.id, now=datetime.now(UTC))
    return see_other(_HOME)


@routes.post("/second-factor/devices", "documentation:read", Writes("不再记得登录过的设备"), before_change=True)
def forget_devices() -> Response:
    """No device is known any more: what is guessed counts the same everywhere."""
    _logged_in()
    with writing(current_app.extensions["database"]) as session:
        log_ins.end_devices(session, g.principal.id, now=datetime.now(UTC))
    return see_other(_HOME)


@routes.post(
    "/admin/accounts/<account_id>/second-factor",
    "accounts:manage",
    Writes("停用账号的动态验证码", privileged=True),
    confirms=True,
)
def reset(account_id: str) -> Response:
    """For somebody who lost the device and the codes; the owner is told."""
    back = f"/admin/accounts/{account_id}"
    if account_id == g.principal.id:
        return page("told.html", 409, title="没有办理", said="不能停用自己的，请由另一位管理员办理", back=back)
    with writing(current_app.extensions["database"]) as session:
        account = accounts.find(session, account_id)
        if account is None:
            raise NotFound
        take_away(session, account.login, by=g.actor, now=datetime.now(UTC))
    return see_other(back)


def _logged_in() -> None:
    """A token has no second factor. Raises Forbidden, ActsForNobody."""
    if "session_secret" not in g:
        raise Forbidden if g.principal.personal else ActsForNobody
