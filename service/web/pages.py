"""A page: a template, with what every page has, under the strictest policy that it can live with."""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, render_template

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def page(template: str, status: int = 200, *, policy: str = CSP, **values: Any) -> Response:
    """A template of ours, filled in."""
    response = make_response(render_template(template, principal=g.get("principal"), csrf=g.get("csrf", ""), **values), status)
    response.headers["Content-Security-Policy"] = policy
    return response
