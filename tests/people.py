"""Accounts with a known password, their clients, and a clock that tests set."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from models.people import accounts, persons
from models.people.accounts import Account, RoleGrant
from models.store.database import writing
from service.usecases.people.accounts import HASHER, Asked, grant_role
from service.usecases.people.api_tokens import create_token

PASSWORD = "correct-horse-42"
_HASH = HASHER.hash(PASSWORD)
LONG_AGO = date(2020, 1, 1)
AUDITOR = Asked("auditor", LONG_AGO)
ENTERING = "录入"
"""Who gave the roles by which a test enters what it needs; a test that is about the account gives others in their stead."""


class Clock:
    """Stands where a module asks ``datetime`` for the time."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self, zone: tzinfo) -> datetime:
        return self.at.astimezone(zone)

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


def made(app: Flask, login: str, *roles: Asked, name: str | None = None, **columns: Any) -> Sequence[str]:
    """An account that has chosen its password, an auditor where nothing else is said; the ids of its grants."""
    now = datetime.now(UTC)
    fields = {"login": login, "password_hash": _HASH, "must_change": False, **columns}
    with writing(app.extensions["database"]) as session:
        known = persons.named(session, [name or login]).get(name or login)
        person = known or persons.add(session, name or login, number=name or login, by="测试", now=now, proved=True)
        account = accounts.by_person(session, str(person.id))
        if account is None:
            account = Account(id=str(uuid.uuid4()), name=person.name, person_id=person.id, created_at=now)
            session.add(account)
        for column, value in fields.items():
            setattr(account, column, value)
        session.flush()
        session.execute(delete(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.granted_by == ENTERING))
        return [grant_role(session, login, role, by="测试", now=now) for role in roles or (AUDITOR,)]


def attempt(client: FlaskClient, login: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/login", data={"login": login, "password": password}, **more)


def logged_in(app: Flask, login: str) -> FlaskClient:
    """A client that has logged in and sends what a page of ours would send."""
    client = app.test_client()
    assert attempt(client, login).status_code == 303
    return with_csrf(client)


def with_csrf(client: FlaskClient) -> FlaskClient:
    found = re.search('name="csrf" value="([^"]+)"', client.get("/password").text)
    assert found is not None
    client.environ_base["HTTP_X_CSRF_TOKEN"] = found[1]
    return client


def by_token(app: Flask, login: str, expires_at: datetime | None = None) -> FlaskClient:
    """A client with a token that acts for an account."""
    with writing(app.extensions["database"]) as session:
        secret = create_token(session, "测试", now=datetime.now(UTC), expires_at=expires_at, login=login)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client
