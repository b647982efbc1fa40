"""A page: a template, with what every page has, under the strictest policy that it can live with."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Response, g, make_response, redirect, render_template, request

from service.usecases.principals import Principal

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_KEY = re.compile("[0-9A-Za-z-]{1,64}")
_NAVIGATION = (
    ("/", "我的工作", "documentation:read"),
    ("/matters", "事项台账", "ledger:list"),
    ("/office", "督查与通报", "office:read"),
    ("/cases", "问责案件", "case:list"),
    ("/regulation", "规章", "rulebook:read"),
    ("/audit", "审计记录", "audit:read"),
    ("/admin", "管理", "accounts:manage"),
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


def page(template: str, status: int = 200, *, policy: str = CSP, **values: Any) -> Response:
    """A template of ours, filled in."""
    principal = g.get("principal")
    common = {"principal": principal, "csrf": g.get("csrf", ""), "navigation": navigation(principal)}
    response = make_response(render_template(template, key=next_key, **common, **values), status)
    response.headers["Content-Security-Policy"] = policy
    return response


def see_other(address: str) -> Response:
    """On to another page, whatever the method was that led here."""
    return make_response(redirect(address, 303))
