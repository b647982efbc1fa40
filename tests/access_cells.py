"""Cases, matters and receipts at every stage, and one account for each relation to them: the cells of the table of access."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from werkzeug.routing import Rule

from models.people import accounts
from models.people.accounts import Account, RoleGrant, WebSession
from models.people.units import Unit
from models.store.database import writing
from service.usecases.people.log_in import open_session
from tests.conftest import example
from tests.integration.case_office import proposed, taken
from tests.integration.ledger_office import opened
from tests.integration.test_cases_api import STEPS
from tests.lawful_case import MEMBERS, OFFICE_NAME, first, stands_down, until, with_details
from tests.registered import register

ABSENT = "00000000-0000-0000-0000-000000000000"
OUTSIDER, MEMBER, RECUSED, SUBJECT, BOUND, AWAY = "旁人", "组员甲", "组员丙", "张某", "小张", "委员九"
"""BOUND: not by name, but by the grant of the role; AWAY: stayed away from the meeting for a conflict of interest."""
NAMES = (OUTSIDER, MEMBER, RECUSED, SUBJECT, BOUND, AWAY)
OWN_UNIT = {OUTSIDER: "甲处"}
"""For which unit a role of a unit is held; everybody else's is one that has nothing in hand."""
REACHED = 418
"""What a view answers that was reached; nothing else answers so."""
_JOINED = with_details(first("form_team"), members=(*MEMBERS, {"name": RECUSED, "unit": OFFICE_NAME, "head": False}))
_GONE = stands_down(RECUSED, "2026-05-14")
_DECIDE = first("decide", STEPS)
_MEETING = {**_DECIDE.details["meeting"], "recused": (AWAY,)}
_WITH_ONE_AWAY = with_details(_DECIDE, meeting=_MEETING)


@dataclass(frozen=True)
class World:
    """things: kind → name → id. clients: account → a client that is logged in; token: one that acts for nobody."""

    app: Flask
    things: dict[str, dict[str, str]]
    clients: dict[str, FlaskClient]
    token: FlaskClient

    def grant(self, role: str, unit: str | None = None) -> None:
        """Everybody holds this role, and no other. unit: instead of the usual ones."""
        with writing(self.app.extensions["database"]) as session:
            session.execute(delete(RoleGrant))
            ids = dict(session.execute(select(Account.name, Account.id)).all())
            for name in NAMES:
                session.add(self._grant(ids[name], name, role, unit))

    def _grant(self, account: str, name: str, role: str, unit: str | None) -> RoleGrant:
        bound = role == "person_investigated" and name == BOUND
        return RoleGrant(
            id=str(uuid.uuid4()), account_id=account, role=role, unit=unit or OWN_UNIT.get(name, "丙处"),
            case_id=self.things["case"]["investigating"] if bound else None, person="P1" if bound else None,
            from_on=date(2020, 1, 1), granted_by="测试", granted_at=datetime.now(UTC),
        )  # fmt: skip


def built(app: Flask, office: FlaskClient, token: FlaskClient) -> World:
    """Everything that the cells need, entered by ``office`` over HTTP; then every view only tells that it was reached."""
    with writing(app.extensions["database"]) as session:
        session.add_all([Unit(name=name, from_on=date(2020, 1, 1)) for name in ("甲处", "乙处", "丙处")])
    cases, receipts = _cases(office)
    receipts["bare"] = office.post("/api/v1/recommendations", json=example("plan-task-missed")).json["id"]
    matters = {
        "of case": office.get(f"/api/v1/cases/{cases['investigating']}").json["matters"][0],
        "of co-unit": opened(office, lead_unit="乙处", co_units=["甲处"]).json["id"],
        "of another": opened(office, lead_unit="乙处").json["id"],
    }
    clients = {name: _logged_in(app, name) for name in NAMES}
    for endpoint in app.view_functions:
        app.view_functions[endpoint] = lambda **_: Response("reached", REACHED)
    return World(app, {"case": cases, "matter": matters, "receipt": receipts}, clients, token)


def _cases(office: FlaskClient) -> tuple[dict[str, str], dict[str, str]]:
    steps = [one if one.action != "decide" else _WITH_ONE_AWAY for one in STEPS[1:]]
    at = next(number for number, one in enumerate(steps) if one.action == "form_team")
    steps[at : at + 1] = [_JOINED, _GONE]
    made = {"proposed": proposed(office).json}
    for name, next_one in (("investigating", "discuss"), ("submitted", "decide"), ("decided", "serve_decision")):
        made[name] = taken(office, proposed(office).json, *until(next_one, tuple(steps)))
    made["closed"] = taken(office, proposed(office).json, *steps)
    receipts = {name: case["persons"][0]["evaluations"][0] for name, case in made.items() if name != "proposed"}
    return {name: case["id"] for name, case in made.items()}, receipts


def _logged_in(app: Flask, name: str) -> FlaskClient:
    """A client with the session of a new account of this name; it sends what a page of ours would send."""
    now = datetime.now(UTC)
    with writing(app.extensions["database"]) as session:
        person = register(session, [name])[name]
        account = accounts.by_person(session, str(person.id))  # who has acted in a case has one
        if account is None:
            account = Account(id=name, login=name, name=name, person_id=person.id, must_change=False, created_at=now)
            session.add(account)
            session.flush()
        opened = open_session(session, account, old=None, now=now)
        session.execute(
            update(WebSession).values(confirmed_at=now + timedelta(days=1))
        )  # what is confirmed is no matter of roles
    client = app.test_client()
    client.set_cookie("wenze", opened.secret)
    client.environ_base["HTTP_X_CSRF_TOKEN"] = opened.csrf
    return client


def address(rule: Rule, about: str, thing: str) -> str:
    """The address of a route with this id in it."""
    return re.sub(
        r"<(?:(\w+):)?(\w+)>",
        lambda found: thing if found[2] == f"{about}_id" else "1" if found[1] == "int" else "x",
        rule.rule,
    )


def methods(rule: Rule) -> Iterator[str]:
    """Of a route; OPTIONS reaches no view, and is answered for the address rather than the route."""
    yield from sorted((rule.methods or set()) - {"OPTIONS"})


def outcome(client: FlaskClient, method: str, path: str) -> tuple[str, Any]:
    """reached, hidden (404), refused (403) or the status; and the body without what differs from request to request."""
    answer = client.open(path, method=method)
    answer.close()
    told = answer.json if answer.is_json and answer.data else {}
    body = {name: value for name, value in told.items() if name != "request_id"}
    if answer.status_code == REACHED:
        return "reached", None
    return {403: "refused", 404: "hidden"}.get(answer.status_code, str(answer.status_code)), body
