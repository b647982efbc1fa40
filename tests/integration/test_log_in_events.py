"""What a log-in leaves in the audit trail; and that every page of a case or a receipt is declared a sensitive read."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from models.audit.events import AuditEvent
from models.store.database import reading
from rules.book.loading import load_rulebook
from service.access import access
from service.app import routes
from service.audit import Shows
from service.usecases.administration.verify_trail import verify_trail
from tests.people import attempt, logged_in, made


def events(app: Flask) -> list[tuple[str, str, str, str]]:
    with reading(app.extensions["database"]) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
        return [(row.action, row.outcome, row.actor, row.actor_kind) for row in rows]


def test_a_log_in_and_a_log_out_leave_one_event_each(app: Flask) -> None:
    made(app, "li", name="李四")
    before = len(events(app))
    client = logged_in(app, "li")
    assert events(app)[before:] == [("web.log_in", "done", "李四", "account")]
    client.post("/logout")
    assert events(app)[before + 1 :] == [("web.log_out_of_pages", "done", "李四", "account")]


@pytest.mark.parametrize("login", ["li", "nobody", "金丝雀甲7391"])
def test_a_log_in_that_fails_leaves_one_event_without_what_was_typed(app: Flask, login: str) -> None:
    made(app, "li", name="李四")
    before = len(events(app))
    assert attempt(app.test_client(), login, "金丝雀乙8264-wrong").status_code == 401
    assert events(app)[before:] == [("web.log_in", "refused", "（尚未登录）", "stranger")]
    with reading(app.extensions["database"]) as session:
        facts = session.scalars(select(AuditEvent.facts).order_by(AuditEvent.number.desc())).first() or b""
        assert "金丝雀".encode() not in facts
        assert (b"account" in facts) is (login == "li")
        assert verify_trail(session).broken is None


def test_every_address_that_shows_a_case_or_a_receipt_is_a_sensitive_read(embedded: Flask) -> None:
    permissions = access().permissions
    shown = {
        rule.endpoint
        for rule in embedded.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and (needed := routes(load_rulebook())[rule.endpoint].permission) is not None
        and permissions[needed].about in ("case", "receipt")
    }
    assert len(shown) > 10
    assert {name for name in shown if not isinstance(routes(load_rulebook())[name].audit, Shows)} == set()
