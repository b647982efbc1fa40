"""Every form that creates something carries a key, and what is sent twice under one key happens once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from io import BytesIO
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models.audit.events import AuditEvent
from models.office.inspections import InspectionRow
from models.office.rating_bars import RatingBarRow
from models.people.accounts import Account, RoleGrant
from models.store.attachments import Attachment
from models.store.database import reading
from tests.integration.case_office import proposed
from tests.integration.ledger_office import OFFICE, act, assigned
from tests.integration.pages import signed_in
from tests.people import made

BAR = {
    "decision_number": "问责〔2026〕1号",
    "decided_on": "2026-06-30",
    "kind": "person",
    "name": "张某",
    "unit": "甲处",
}
KINDS: Mapping[str, tuple[str, str, dict[str, str], type]] = {
    "inspection": ("office_clerk", "/office/inspections/new", {"form": "joint", "on": "2026-03-20", "task": "专项", "members": "乙处"},
                   InspectionRow),
    "rating bar": ("office_clerk", "/office/ratings/new", BAR, RatingBarRow),
    "account": ("system_administrator", "/admin/accounts/new", {"login": "zhang", "name": "张三"}, Account),
    "role": ("security_administrator", "/admin/accounts/{account}/grants", {"role": "auditor", "from_on": "2026-02-01"}, RoleGrant),
    "file of a matter": ("office_clerk", "/matters/{matter}/files", {}, Attachment),
    "file of a case": ("office_clerk", "/cases/{case}/files", {}, Attachment),
}  # fmt: skip
"""What is created → by whom, where, with what, in which table."""


@pytest.fixture
def things(app: Flask, office: FlaskClient) -> dict[str, str]:
    made(app, "li", name="李某")
    with reading(app.extensions["database"]) as session:
        account = session.scalars(select(Account.id).where(Account.login == "li")).one()
    return {"account": account, "matter": assigned(office)["id"], "case": proposed(office).json["id"]}


def rows(app: Flask, table: type) -> int:
    with reading(app.extensions["database"]) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def outcomes(app: Flask) -> list[str]:
    with reading(app.extensions["database"]) as session:
        return list(session.scalars(select(AuditEvent.outcome).order_by(AuditEvent.number)))


def key_of(client: FlaskClient, address: str) -> str:
    """The key that the form on a page carries, by its action; the page is the form's own, or the one above it."""
    shown = client.get(address if address.endswith("new") else address.rpartition("/")[0]).text
    form = shown if address.endswith("new") else shown.partition(f'action="{address}"')[2].partition("</form>")[0]
    found = re.search(r'name="key" value="([0-9a-f]{32})"', form)
    assert found is not None, address
    return found[1]


def sent(client: FlaskClient, address: str, data: Mapping[str, Any]) -> Any:
    file = {"file": (BytesIO(b"text"), "a.txt")} if address.endswith("/files") else {}
    return client.post(address, data={**data, **file})


def test_what_is_sent_twice_is_done_once_whatever_is_created(app: Flask, things: dict[str, str]) -> None:
    clients = {
        role: signed_in(app, role) for role in ("office_clerk", "system_administrator", "security_administrator")
    }
    for kind, (role, place, data, table) in KINDS.items():
        client, address = clients[role], place.format(**things)
        keys = {key_of(client, address) for _ in range(2)}
        assert len(keys) == 2, kind
        before, filled = rows(app, table), {**data, "key": keys.pop()}
        first, again = sent(client, address, filled), sent(client, address, filled)
        assert (rows(app, table) - before, outcomes(app)[-1]) == (1, "repeated"), kind
        assert again.status_code < 400, kind
        assert again.location == first.location, kind


def test_something_else_under_the_same_key_is_refused_rather_than_lost(app: Flask, things: dict[str, str]) -> None:
    _, address, data, table = KINDS["inspection"]
    client = signed_in(app, "office_clerk")
    assert sent(client, address, {**data, "key": "a"}).status_code == 303
    other = sent(client, address, {**data, "task": "另一项", "key": "a"})
    assert (other.status_code, rows(app, table)) == (422, 1)
    assert "请重新打开表单填写" in other.text


def test_what_was_refused_can_be_mended_under_the_same_key(app: Flask, things: dict[str, str]) -> None:
    _, address, data, table = KINDS["inspection"]
    client = signed_in(app, "office_clerk")
    refused = sent(client, address, {**data, "task": "", "key": "a"})
    assert refused.status_code == 422
    assert 'name="key" value="a"' in refused.text
    assert (sent(client, address, {**data, "key": "a"}).status_code, rows(app, table)) == (303, 1)


def test_the_password_of_an_account_is_not_shown_again(app: Flask, things: dict[str, str]) -> None:
    client = signed_in(app, "system_administrator")
    form = {"login": "zhang", "name": "张三", "key": "a"}
    first, again = (client.post("/admin/accounts/new", data=form) for _ in range(2))
    assert 'class="secret"' in first.text
    assert 'class="secret"' not in again.text
    assert "请在账号页重设密码" in again.text


def test_a_double_click_at_one_moment_is_one_record(app: Flask, things: dict[str, str]) -> None:
    _, address, data, table = KINDS["inspection"]
    clients = [signed_in(app, "office_clerk")]
    clients += [clients[0].application.test_client() for _ in range(3)]
    cookie = clients[0].get_cookie("wenze")
    assert cookie is not None
    answers, start = [], Barrier(len(clients))
    for client in clients:
        client.environ_base = dict(clients[0].environ_base)
        client.set_cookie("wenze", cookie.value)

    def send(client: FlaskClient) -> None:
        start.wait(10)
        answers.append(sent(client, address, {**data, "key": "a"}).status_code)

    threads = [Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (answers, rows(app, table)) == ([303] * 4, 1)


@pytest.mark.parametrize("first", ["form", "request"])
def test_no_key_of_a_form_is_that_of_a_request(app: Flask, office: FlaskClient, first: str) -> None:
    _, address, data, table = KINDS["inspection"]
    matter, client = assigned(office), signed_in(app, "office_clerk")
    key = hashlib.sha256(f"{matter['id']} abc".encode()).hexdigest()
    steps = {
        "form": lambda: sent(client, address, {**data, "key": key}).status_code,
        "request": lambda: act(office, matter, "check", "2026-02-01", OFFICE, key="abc").status_code,
    }
    in_order = sorted(steps, key=lambda step: step != first)
    assert [(step, steps[step]()) for step in in_order * 2] == [
        (step, {"form": 303, "request": 200}[step]) for step in in_order * 2
    ]
    assert rows(app, table) == 1


def test_a_key_that_no_form_carries_counts_as_none(app: Flask, things: dict[str, str]) -> None:
    _, address, data, table = KINDS["inspection"]
    client = signed_in(app, "office_clerk")
    for number, key in enumerate(("x" * 65, "有", "a\x00"), 1):
        assert [sent(client, address, {**data, "key": key}).status_code for _ in range(2)] == [303, 303]
        assert rows(app, table) == 2 * number
