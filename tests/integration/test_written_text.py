"""A NUL, which no database takes, comes in nowhere: not by an address, a query, a form or JSON, at any route that takes text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import ValidationError

from models.people import accounts
from models.schemas.entries import case_entries, matter_entries
from models.schemas.fields import Block, Items, StrictField, Text
from models.schemas.office_entries import office_entries
from models.store.database import writing
from rules.book.loading import load_rulebook
from service.access import access
from service.app import routes
from tests.entering import CLERK, token_of
from tests.people import LONG_AGO
from tests.registered import register

NUL = "a\x00b"
FORMS = {
    **matter_entries(load_rulebook()).blocks,
    **case_entries(load_rulebook()).blocks,
    **office_entries(load_rulebook()),
}
QUERY = ("unit", "x")
_GONE = {"/logout", "/api/logout", "/login", "/login/token", "/password"}


def somebody(app: Flask) -> FlaskClient:
    """Somebody who may call every route that one may call at all, which no account may: the grants are written as they are."""
    roles = [role.id for role in access().roles.values() if not (role.of_token or role.of_unit or role.of_case)]
    now = datetime.now(UTC)
    with writing(app.extensions["database"]) as session:
        secret = token_of(session, CLERK, "office_clerk")
        account = accounts.by_person(session, str(register(session, [CLERK])[CLERK].id))
        assert account is not None
        session.add_all(
            accounts.RoleGrant(
                id=role, account_id=account.id, role=role, from_on=LONG_AGO, granted_by="测试", granted_at=now
            )
            for role in roles
            if role != "office_clerk"
        )
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


@pytest.fixture(scope="module")
def known(embedded: Flask) -> FlaskClient:
    return somebody(embedded)


def texts(path: str, field: StrictField) -> Iterator[tuple[str, Text]]:
    """Every text of a form, under its path."""
    if isinstance(field, Block):
        for name, one in field.fields.items():
            yield from texts(f"{path}.{name}" if path else name, one)
    elif isinstance(field, Items):
        yield from texts(f"{path}[0]" if isinstance(field.item, Block) else path, field.item)
    elif isinstance(field, Text):
        yield path, field


def served(app: Flask, method: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The addresses that one has to be known for, with the names of the texts in them."""
    for rule in app.url_map.iter_rules():
        if (
            method in (rule.methods or ())
            and routes(load_rulebook())[rule.endpoint].permission
            and rule.rule not in _GONE
        ):
            words = re.findall(r"<(\w+)>", rule.rule)
            yield re.sub(r"<int:\w+>", "1", rule.rule), frozenset(words)


def filled(rule: str, **known: str) -> str:
    return re.sub(r"<(\w+)>", lambda found: known.get(found[1], "x"), rule)


def test_an_address_with_a_nul_is_none_of_ours(embedded: Flask, known: FlaskClient) -> None:
    asked = {
        (method, rule, filled(rule, **{name: "a%00b"}))
        for method in ("GET", "POST") for rule, names in served(embedded, method) for name in names
    }  # fmt: skip
    assert len(asked) > 100
    assert {
        (rule, method) for method, rule, path in asked if known.open(path, method=method).status_code != 404
    } == set()


def test_a_query_with_a_nul_is_refused(embedded: Flask, known: FlaskClient) -> None:
    found = {rule: {known.get(filled(rule), query_string={name: NUL}).status_code for name in QUERY}
             for rule, _ in served(embedded, "GET")}  # fmt: skip
    assert {rule: said for rule, said in found.items() if not said <= {400, 403, 404}} == {}
    assert sum(said == {400} for said in found.values()) > 40


def test_a_form_or_json_with_a_nul_is_refused_on_both_databases(app: Flask) -> None:
    known = somebody(app)
    form = {path: NUL for block in FORMS.values() for path, _ in texts("", block)}
    form |= dict.fromkeys(("login", "name", "subject", "role", "case_id", "person", "mapping", "sheet", "year"), NUL)
    body = {"on": "2026-01-05", "actor": {"name": NUL, "kind": "office"}, "details": dict.fromkeys(form, NUL), NUL: NUL}
    wrong = {}
    for rule, _ in served(app, "POST"):
        path, sent = filled(rule), {"json": body} if rule.startswith("/api/") else {"data": form}
        said = known.post(path, **sent, headers={"If-Match": "1"}).status_code
        if not 400 <= said < 500 and rule != "/audit/verify":
            wrong[rule] = said
    assert wrong == {}


def test_every_text_of_an_entry_refuses_a_nul() -> None:
    found = [(name, path, field) for name, block in FORMS.items() for path, field in texts("", block)]
    assert len(found) > 100
    for _, _, field in found:
        with pytest.raises(ValidationError):
            field.deserialize(NUL)
