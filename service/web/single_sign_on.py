"""Log-in by the school's single sign-on: away to CAS or to OpenID Connect, and back with a proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import NotFound

from models.store.database import writing
from service import config, logs
from service.auth import session_cookie
from service.exchange import cas
from service.exchange.sign_on import AGAIN, ATTEMPT_SECONDS, Attempt, Identity, NotProven, ProviderDown
from service.routes import OPEN, Routes
from service.usecases.people.log_in import NotLoggedIn
from service.usecases.people.single_sign_on import NotEnabled, confirm_sign_on, sign_off, sign_on
from service.web.log_in import with_session
from service.web.pages import cookie, page, see_other

routes = Routes(Blueprint("single-sign-on", __name__))
_Settings = TypeVar("_Settings")
_NOT_PROVEN = "统一身份认证没有通过，请重新登录"
_CONFIRMED = "身份已经确认，请关闭本页，回到原来的页面点“已在统一身份认证确认，继续”。"
_NOT_ASKED = "本次登录不是从本页开始的，或者已经过期，请重新登录"


def ways() -> dict[str, Any]:
    """For the log-in page: the ways that are configured, and the way out."""
    both = config.cas() is not None and config.oidc() is not None
    rows = [
        {"address": f"/login/{name}", "label": f"统一身份认证登录（{label}）" if both else "统一身份认证登录"}
        for name, label, settings in (("cas", "CAS", config.cas), ("oidc", "OIDC", config.oidc))
        if settings() is not None
    ]
    return {"single_sign_on": rows, "sign_out": config.sign_out()}


@routes.get("/login/cas", OPEN, None)
def to_cas() -> Response:
    settings = _configured(config.cas())
    return _away("cas", lambda attempt: cas.login_address(settings, attempt))


@routes.get("/login/cas/back", OPEN, None)
def from_cas() -> Response:
    settings = _configured(config.cas())
    return _back("cas", lambda attempt, _: cas.identity(settings, attempt, request.args.get("ticket", "")))


@routes.post("/login/cas/back", OPEN, None)
def ended_by_cas() -> Response:
    """Single log-out: knowing the ticket is what entitles to it."""
    _configured(config.cas())
    ticket = cas.ended_ticket(request.form.get("logoutRequest", ""))
    if ticket is not None:
        with writing(current_app.extensions["database"]) as session:
            sign_off(session, "cas", ticket, now=datetime.now(UTC))
    return Response(status=204)


@routes.get("/login/oidc", OPEN, None)
def to_oidc() -> Response:
    from service.exchange import oidc  # here, since its libraries are wanted by few

    settings = _configured(config.oidc())
    return _away("oidc", lambda attempt: oidc.login_address(settings, attempt))


@routes.get("/login/oidc/back", OPEN, None)
def from_oidc() -> Response:
    from service.exchange import oidc

    settings = _configured(config.oidc())
    answered = oidc.Answered(request.args.get("code", ""), request.args.get("iss"))
    return _back("oidc", lambda attempt, now: oidc.identity(settings, attempt, answered, now=now))


def _configured(settings: _Settings | None) -> _Settings:
    if settings is None:
        raise NotFound
    return settings


def _away(way: str, address: Callable[[Attempt], str]) -> Response:
    """To the provider; the browser keeps what ties its answer to this attempt. ?again: to be shown once more who one is."""
    attempt = Attempt.begun(f"{way}{AGAIN}" if "again" in request.args else way, now=datetime.now(UTC))
    try:
        response = see_other(address(attempt))
    except ProviderDown as error:
        return _down(way, error)
    response.set_cookie(_cookie(), attempt.cookie(), max_age=ATTEMPT_SECONDS, **cookie())
    return response


def _back(way: str, proven: Callable[[Attempt, datetime], Identity]) -> Response:
    """Only an answer to what this browser asked is looked at; whatever comes of it, it is looked at once."""
    now, state = datetime.now(UTC), request.args.get("state", "")
    held = (Attempt.of_cookie(one, request.cookies.get(_cookie(), ""), now=now) for one in (way, way + AGAIN))
    attempt = next((one for one in held if one is not None and one.answers(state)), None)
    if attempt is None:
        return page("login.html", 400, error=_NOT_ASKED)
    response = _entered(attempt, lambda: proven(attempt, now), now)
    response.delete_cookie(_cookie(), **cookie())
    return response


def _entered(attempt: Attempt, proven: Callable[[], Identity], now: datetime) -> Response:
    way = attempt.way.removesuffix(AGAIN)
    try:
        identity = proven()
        with writing(current_app.extensions["database"]) as session:
            if attempt.again:
                confirm_sign_on(session, identity, request.cookies.get(session_cookie(), ""), now=now)
                return page("told.html", title="已经确认", said=_CONFIRMED, back="/")
            opened = sign_on(session, way, identity, old=request.cookies.get(session_cookie()), now=now)
    except NotProven as error:
        logs.event("single-sign-on", way=way, reason=error.reason)
        return page("login.html", 401, error=_NOT_PROVEN)
    except NotLoggedIn:
        return page("login.html", 401, error="登录已经结束，请重新登录")
    except NotEnabled as error:
        return page("login.html", 403, error=f"您的统一身份（{error.subject}）尚未开通，请联系管理员")
    except ProviderDown as error:
        return _down(way, error)
    return with_session(see_other("/"), opened.secret)


def _down(way: str, error: ProviderDown) -> Response:
    logs.event("single-sign-on", way=way, reason=str(error))
    return page("login.html", 503, error=f"统一身份认证暂时不能使用（{error}），请稍后再试，或者用登录名和密码登录")


def _cookie() -> str:
    return "__Host-wenze-sign-on" if request.is_secure else "wenze-sign-on"
