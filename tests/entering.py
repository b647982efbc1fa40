"""A client that reads by a token of no person, and carries out every act by the account of whoever the entry says did it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Self

from flask import Flask
from sqlalchemy.orm import Session

from models.people import accounts
from models.people.accounts import Account
from models.store.database import writing
from service.access import access
from service.usecases.people.accounts import Asked, grant_role
from service.usecases.people.api_tokens import create_token
from tests.people import ENTERING, LONG_AGO
from tests.registered import Registering, register

CLERK = "测试"
"""Who enters for those who act on paper, and whatever names nobody."""
_ROLE_OF = {"office": "office_clerk", "team": "team_member", "committee": "committee_secretary"}
"""Kinds of actors for whom nobody enters anything: they act by an account of their own."""
_ACT = re.compile(r"(/api/v1)?/(matters|cases|inspections|rating-bars)\b(?!.*/recommendations\b)")

_ONE_AT_A_TIME = Lock()


class Entering(Registering):
    """secrets: of the tokens made so far, by whom they act for and as what."""

    secrets: dict[tuple[str, str], str]

    @classmethod
    def at(cls, app: Flask, secret: str) -> Self:
        """A client that reads by this token."""
        made = cls(app, app.response_class, use_cookies=True)
        made.secrets = {}
        made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return made

    def open(self, *words: Any, **named: Any) -> Any:
        path, headers = words[0] if words else "", named.get("headers") or {}
        if named.get("method", "GET") != "GET" and "Authorization" not in headers and _ACT.match(str(path)):
            secret = self._secret(named.get("json"))
            named["headers"] = {**headers, "Authorization": f"Bearer {secret}"}
        return super().open(*words, **named)

    def _secret(self, body: Any) -> str:
        name, kind = _who(body)
        with _ONE_AT_A_TIME:
            if (name, kind) not in self.secrets:
                with writing(self.application.extensions["database"]) as session:
                    self.secrets[name, kind] = token_of(session, name, _ROLE_OF[kind])
        return self.secrets[name, kind]


def _who(body: Any) -> tuple[str, str]:
    """The name and the kind of whose account an entry is for; the clerk's where it names nobody who acts alone."""
    actor = body.get("actor") if isinstance(body, Mapping) else None
    name, kind = (actor.get("name"), actor.get("kind")) if isinstance(actor, Mapping) else (None, None)
    usable = isinstance(name, str) and name.isprintable() and 0 < len(name.strip()) <= 100
    return (str(name), str(kind)) if usable and kind in _ROLE_OF else (CLERK, "office")


def token_of(session: Session, name: str, *roles: str) -> str:
    """A token of the account of this name, which is made, and given each role, where it has none such."""
    now = datetime.now(UTC)
    person = register(session, [name])[name]
    account = accounts.by_person(session, str(person.id))
    if account is None:
        login = str(uuid.uuid4())
        account = Account(id=login, login=login, name=name, person_id=person.id, must_change=False, created_at=now)
        session.add(account)
        session.flush()
    held = [access().roles[one.role] for one in accounts.held_by(session, [account.id], now.date())[account.id]]
    for role in roles:
        acts_as = set(access().roles[role].acts_as)
        if not any(role == one.id or acts_as & set(one.acts_as) for one in held):
            grant_role(session, account.login, Asked(role, LONG_AGO), by=ENTERING, now=now)
    return create_token(session, name, now=now, expires_at=None, login=account.login)
