"""A client that reads by a token of no person, and carries out every act by the account of whoever the entry says did it.

Where that is somebody who has none, or others are named whose own act it is too, a paper is bound to the entry.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Self

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import cases
from models.case.cases import CaseRow
from models.matter import matters
from models.matter.matters import MatterRow
from models.people import accounts
from models.people.accounts import Account
from models.store import attachments
from models.store.attachments import Attachment, Owner
from models.store.database import connect, reading, writing
from service import config
from service.access import access
from service.audit import By, record
from service.cli.db import ready_database
from service.usecases.people.accounts import Asked, grant_role
from service.usecases.people.api_tokens import create_token
from tests.people import ENTERING, LONG_AGO
from tests.registered import Registering, register

PAPER = "签字的纸面材料.pdf"
PAPER_RAW = b"%PDF-1.7 signed"
SENDER = By(ENTERING, "token", None)
CLERK = "测试"
"""Who enters for those who act on paper, and whatever names nobody."""
_ROLE_OF = {"office": "office_clerk", "team": "team_member", "committee": "committee_secretary"}
"""Kinds of actors for whom nobody enters anything: they act by an account of their own."""
_ACTION = re.compile(r"(?:/api/v1)?/(matter|case)s/([^/]+)/actions/(\w+)")
_OF_OTHERS = frozenset({"second", "participants", "signatures", "approved_by", "meeting"})
_STATEMENTS = frozenset({"hear", "raise_point", "sign"})
"""Fields of those whose own act it is too, and what the team writes down of the person investigated."""
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
            if "json" in named and (found := _ACTION.fullmatch(str(path))) is not None:
                named["json"] = self._with_paper(named["json"], *found.groups())
            named["headers"] = {**headers, "Authorization": f"Bearer {secret}"}
        return super().open(*words, **named)

    def _with_paper(self, body: Any, owner: Owner, owner_id: str, action: str) -> Any:
        """The entry with a paper where it needs one; what says itself which, or is no entry, stays as it is.

        Nothing is written where the paper is there: a test may hold the database meanwhile.
        """
        if not isinstance(body, dict) or "papers" in body or not _on_paper(body, action):
            return body
        engine = self.application.extensions["database"]
        with _ONE_AT_A_TIME:
            with reading(engine) as session:
                paper = _bound(session, owner, owner_id)
            if paper is None:
                with writing(engine) as session:
                    paper = paper_of(session, owner, owner_id)
        return {**body, "papers": [paper]} if paper is not None else body

    def _secret(self, body: Any) -> str:
        name, kind = _who(body)
        with _ONE_AT_A_TIME:
            if (name, kind) not in self.secrets:
                with writing(self.application.extensions["database"]) as session:
                    self.secrets[name, kind] = token_of(session, name, _ROLE_OF[kind])
        return self.secrets[name, kind]


def _on_paper(body: Mapping[str, Any], action: str) -> bool:
    """Whether somebody else than whoever enters it has to vouch for it."""
    details = body.get("details")
    named = isinstance(details, Mapping) and any(details.get(name) for name in _OF_OTHERS)
    return named or action in _STATEMENTS or _who(body)[0] == CLERK


def _bound(session: Session, owner: Owner, owner_id: str) -> str | None:
    """The paper that is there already."""
    return next((one.id for one in attachments.of(session, owner, owner_id) if one.file_name == PAPER), None)


def paper_of(session: Session, owner: Owner, owner_id: str) -> str | None:
    """A paper of a matter or a case, which is there once; None where there is no such one."""
    row = matters.find(session, owner_id) if owner == "matter" else cases.find(session, owner_id)
    if row is None:
        return None
    there = _bound(session, owner, owner_id)
    if there is None:
        there = str(uuid.uuid4())
        sha256 = hashlib.sha256(PAPER_RAW).hexdigest()
        if "WENZE_DATA_DIR" in os.environ:
            attachments.put_content(config.attachments_folder(), PAPER_RAW)
        at = datetime.now(UTC)
        told = {
            "id": there,
            "sha256": sha256,
            "file_name": PAPER,
            "media_type": "application/pdf",
            "size": len(PAPER_RAW),
        }
        made = Attachment(**told, **{f"{owner}_id": owner_id}, uploaded_at=at, uploaded_by=ENTERING)
        attachments.add(session, made)
        facts = {"attachment": there, "sha256": sha256}
        record(session, "attachments.send", SENDER, now=at, subject=(owner, owner_id), facts=facts)
    return there


def on_paper(kind: Owner, words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a command; where it carries out an act on the last matter or case, with a paper."""
    if words[0] != "act":
        return words
    with writing(connect(ready_database(new=True))) as session:
        row = MatterRow if kind == "matter" else CaseRow
        last = session.scalar(select(row.id).order_by(row.position.desc()))
        paper = paper_of(session, kind, last) if last is not None else None
    return (*words, "--paper", paper) if paper is not None else words


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
