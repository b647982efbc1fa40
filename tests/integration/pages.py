"""Somebody of each role at the pages, and how often a page asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from service.usecases.people.accounts import Asked
from tests.people import LONG_AGO, logged_in, made

NAMES = {
    "office_clerk": "李四", "office_director": "主任", "school_leader": "书记", "unit_head": "王五", "team_member": "组长",
    "committee_member": "委员一", "auditor": "审计员", "system_administrator": "管理员", "security_administrator": "安全员", "audit_administrator": "审计管理员",
}  # fmt: skip
"""Role → the name in which the histories of the tests act in it."""


def signed_in(app: Flask, role: str, unit: str | None = None) -> FlaskClient:
    """The browser of somebody of this role, whose log-in name it is too; it sends the token of the forms."""
    made(app, role, Asked(role, LONG_AGO, unit=unit), name=NAMES[role])
    client = logged_in(app, role)
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    asked: list[str] = []
    engine = app.extensions["database"]

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)
