"""A page: a template, with what every page has, under the strictest policy that it can live with."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, Response, g, make_response, redirect, render_template, request

from service.routes import asked_route
from service.usecases.people.principals import Principal
from service.usecases.send_once import FormSent

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ERRORS = {401: "请先登录", 403: "没有此项权限", 404: "没有找到", 413: "内容过大", 429: "请稍后再试"}
_KEY = re.compile("[0-9A-Za-z-]{1,64}")
CONFIRM_WITH = "confirm_with"
"""The field in which the password or a one-time password is shown again."""
_OWN = ("csrf", CONFIRM_WITH)
_NAVIGATION = (
    ("/", "我的工作", "documentation:read"),
    ("/confirmations", "待我确认", "confirmation:answer"),
    ("/matters", "事项台账", "ledger:list"),
    ("/office", "督查与通报", "office:read"),
    ("/cases", "问责案件", "case:list"),
    ("/people", "人员", "persons:manage"),
    ("/regulation", "规章", "rulebook:read"),
    ("/audit", "审计记录", "audit:read"),
    ("/admin", "管理", "accounts:read"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A column of the navigation. here: whether the page is in it."""

    address: str
    label: str
    here: bool


def navigation(principal: Principal | None) -> list[Item]:
    """What the roles of whoever asks lead to."""
    if principal is None:
        return []
    return [
        Item(address, label, request.path == address or (address != "/" and request.path.startswith(f"{address}/")))
        for address, label, permission in _NAVIGATION
        if principal.relations(permission)
    ]


def number(given: str) -> int:
    """A number as a page is asked for it; 0 where it is none."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def form_key() -> str | None:
    """The key of the form that was sent: what comes twice under one key happens once."""
    given = request.form.get("key", "")
    return given if _KEY.fullmatch(given) else None


def next_key() -> str:
    """The key of a form: the same again where it comes back to be mended."""
    return form_key() or uuid.uuid4().hex


def _may(permission: str) -> bool:
    """Whether whoever asks has a permission, whatever it is for."""
    return bool(g.principal.relations(permission))


def sent_form(*files: bytes) -> FormSent:
    """The form that was sent, so that it is carried out once: its key, and the hash of who sent it and what. files: that came with it."""
    filled = [(name, value) for name, value in request.form.items(multi=True) if name not in (*_OWN, "key")]
    hashes = [hashlib.sha256(raw).hexdigest() for raw in files]
    told = orjson.dumps([g.principal.id, request.path, sorted(filled), hashes])
    return FormSent(form_key(), hashlib.sha256(told).hexdigest())


def page(template: str, status: int = 200, *, policy: str = CSP, **values: Any) -> Response:
    """A template of ours, filled in."""
    principal = g.get("principal")
    common = {"principal": principal, "csrf": g.get("csrf", ""), "navigation": navigation(principal), "may": _may}
    response = make_response(render_template(template, key=next_key, **common, **values), status)
    response.headers["Content-Security-Policy"] = policy
    return response


def cookie(path: str = "/", samesite: str = "Lax") -> dict[str, Any]:
    """How a cookie of ours is bound, where it is set and where it is deleted."""
    return {"path": path, "httponly": True, "samesite": samesite, "secure": request.is_secure}


def see_other(address: str) -> Response:
    """On to another page, whatever the method was that led here."""
    return make_response(redirect(address, 303))


def confirm_page() -> Response:
    """Asks for the password or a one-time password, and holds all that was filled in, so that it goes on from there."""
    filled = [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN]
    fault = g.get("confirm_fault", "")
    return page("confirm.html", 403, filled=filled, fault=fault, about=asked_route().audit)


def errors_as_pages(app: Flask) -> None:
    """Problem details become a page where a browser asked for one."""
    app.after_request(_as_page)


def _as_page(response: Response) -> Response:
    if response.mimetype != "application/problem+json" or request.path.startswith("/api/"):
        return response
    if not request.accept_mimetypes.accept_html:
        return response
    told = orjson.loads(response.get_data())
    title = _ERRORS.get(response.status_code, "没有完成")
    if told["title"] == "confirm-first":
        return confirm_page()
    shown = page("told.html", response.status_code, title=title, said=told["detail"], back="/")
    for name in ("Retry-After", "Allow"):
        if name in response.headers:
            shown.headers[name] = response.headers[name]
    return shown
