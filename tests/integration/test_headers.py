"""Every answer tells a browser to keep nothing, to run nothing that is not ours, and to lend itself to nobody."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from models.store.database import upgrade
from service.app import create_app

ALWAYS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
UNSAFE = ("unsafe-eval", "'unsafe-inline'", "*", "http:", "https:")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


def without_headers(answer: TestResponse) -> list[str]:
    """What is missing or too wide, in words."""
    said = [
        f"{name}: {answer.headers.get(name)}" for name, value in ALWAYS.items() if answer.headers.get(name) != value
    ]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy:
        said.append(f"Content-Security-Policy: {policy}")
    scripts = [part for part in policy.split(";") if part.strip().startswith(("script-src", "default-src"))]
    said += [part for part in scripts if any(word in part for word in UNSAFE)]
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        said.append("Permissions-Policy")
    return said


def asked(client: FlaskClient, rule: Rule) -> Iterator[tuple[str, TestResponse]]:
    """The route by every method, its variables filled in at random, bare and with a body that is none."""
    adapter = client.application.url_map.bind("localhost")
    values = {name: 1 if "int" in type(rule._converters[name]).__name__.lower() else "x" for name in rule.arguments}
    path = adapter.build(
        rule.endpoint, values, method=next(iter((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"}), "GET")
    )
    for method in METHODS:
        with client.open(path, method=method) as answer:
            yield method, answer
    with client.post(path, data=b"{", content_type="application/json", headers={"If-Match": "1"}) as answer:
        yield "POST", answer


@pytest.mark.parametrize("holder", ["anonymous", "user"])
def test_every_answer_of_every_route_has_its_headers(embedded: Flask, user: FlaskClient, holder: str) -> None:
    client = embedded.test_client() if holder == "anonymous" else user
    seen: dict[int, int] = {}
    wrong = []
    for rule in embedded.url_map.iter_rules():
        for method, answer in asked(client, rule):
            seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
            wrong += [f"{method} {rule.rule} {answer.status_code} {said}" for said in without_headers(answer)]
            if answer.headers.get("Strict-Transport-Security"):
                wrong.append(f"{rule.rule}: HSTS")
    assert wrong == []
    assert sum(seen.values()) > 500
    assert {200, 401} <= set(seen) if holder == "anonymous" else {200, 400, 404, 405} <= set(seen)


def test_a_browser_keeps_what_pages_need_for_good_since_other_bytes_have_another_address(
    embedded: Flask, user: FlaskClient
) -> None:
    shown = user.get("/me", headers={"Accept": "text/html"}).text + embedded.test_client().get("/login").text
    addresses = set(re.findall('(?:href|src)="(/static/[^"]+)"', shown))
    assert {one.rpartition("/")[2] for one in addresses} >= {"tabler.min.css", "pages.css", "htmx.min.js", "style.css"}
    for address in addresses:
        mark, _, name = address.removeprefix("/static/").partition("/")
        with embedded.test_client().get(address) as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert hashlib.sha256(answer.data).hexdigest().startswith(mark)
            assert len(mark) == 16
        with embedded.test_client().get(
            f"/static/{mark[::-1]}/{name}"
        ) as answer:  # of a page that another release made
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_errors_that_nobody_expects_have_them_too(user: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.api.rulebooks.RulebookRow", lambda *_: {}["none"])
    answers = [user.get("/api/v1/rulebooks"), user.get("/%00"), user.post("/login", data=b"x" * (2 << 20))]
    assert answers[0].status_code == 500
    assert [without_headers(answer) for answer in answers] == [[], [], []]


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Flask]:
    """The application behind a proxy that ends TLS."""
    monkeypatch.setenv("WENZE_BEHIND_TLS", "true")
    url = f"sqlite:///{tmp_path / 'test.sqlite3'}"
    upgrade(url)
    made = create_app(url)
    yield made
    made.extensions["database"].dispose()


FORWARDED = {
    "X-Forwarded-For": "192.0.2.1, 198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "wenze.example.edu.cn",
}


def told_of(app: Flask) -> tuple[str | None, bool, str]:
    """What the application takes for the client's address, the security of the line and its own name."""
    found: list[tuple[str | None, bool, str]] = []

    @app.after_request
    def keep(response: Response) -> Response:
        found.append((request.remote_addr, request.is_secure, request.host))
        return response

    app.test_client().get("/healthz", headers=FORWARDED)
    return found[0]


def test_a_proxy_is_believed_by_one_step_and_only_where_it_is_declared(behind: Flask, tmp_path: Path) -> None:
    assert told_of(behind) == ("198.51.100.7", True, "wenze.example.edu.cn")


def test_nobody_is_believed_where_no_proxy_is_declared(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'plain.sqlite3'}"
    upgrade(url)
    app = create_app(url)
    assert told_of(app) == ("127.0.0.1", False, "localhost")
    app.extensions["database"].dispose()


def test_behind_tls_every_answer_forbids_the_plain_address(behind: Flask) -> None:
    client = behind.test_client()
    for rule in behind.url_map.iter_rules():
        for method, answer in asked(client, rule):
            assert answer.headers.get("Strict-Transport-Security") == "max-age=31536000", f"{method} {rule.rule}"
