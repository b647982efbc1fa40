"""A token of no person acts for nobody: what people do is refused to it; reading, importing and asking for a recommendation remain.

The acts are generated from the rulebook and the map of addresses: whatever changes something and is not named here as
remaining has to be refused, in every spelling of a token of no person, those of 0.1.0 among them.
"""

from __future__ import annotations

import hashlib
import io
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import func, inspect, select, text

from models.audit.events import AuditEvent
from models.people.tokens import Token
from models.people.units import Unit
from models.records.record import Actor
from models.store.database import reading, writing
from rules.book.loading import load_rulebook
from service.access import access
from service.app import routes
from service.usecases.people.api_tokens import SCOPES as PARTS
from service.usecases.people.api_tokens import create_token, in_effect
from service.usecases.people.principals import Held, Principal, of_token
from tests.conftest import example
from tests.entering import Entering, token_of
from tests.integration.case_office import entry, proposed
from tests.integration.ledger_office import OFFICE, OPINION, opened
from tests.lawful_case import LAWFUL, first

FORBIDDEN = "urn:wenze:problem:acts-for-nobody"
REMAINING = {
    "/api/v1/recommendations", "/api/v1/matters/<matter_id>/recommendations",
    "/api/v1/imports/units", "/api/v1/imports/people", "/api/v1/imports/status-table", "/api/v1/imports/ledger",
    "/imports/<table>", "/audit/verify", "/password", "/logout", "/api/logout",
}  # fmt: skip
"""What a token of no person may send: it evaluates, it brings in tables, it has the trail verified, it goes."""
ASKED_OF_ME = "/api/v1/confirmations"
"""What waits for the word of a person: of nobody nothing is asked."""
_BEFORE = "rulebook:read documentation:read"
_LEDGER = "ledger:list ledger:read ledger:open ledger:write office:read office:write"
_CASE = "case:list case:open case:read case:write case:own case:check recommendation:read"
_WHOLE = f"recommendation:evaluate recommendation:read ledger:evaluate {_LEDGER} {_CASE} audit:read access:read"
OF_0_1_0 = {"0.1.0": f"{_BEFORE} {_WHOLE}", "0.1.0, ledger alone": f"{_BEFORE} {_LEDGER}",
            "0.1.0, cases alone": f"{_BEFORE} {_CASE}"}  # fmt: skip
"""What the tokens made by 0.1.0 have stored."""
SCOPES = {"whole": (), "ledger alone": ("ledger",), "cases alone": ("case",)}


@dataclass(frozen=True)
class School:
    """A proposed matter and a proposed case. tokens: of no person, by how they were made."""

    app: Flask
    matter: Any
    case: Any
    tokens: dict[str, str]

    @property
    def ids(self) -> dict[str, str]:
        return {"matter_id": self.matter["id"], "case_id": self.case["id"]}

    def client(self, token: str) -> FlaskClient:
        made = self.app.test_client()
        made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return made


@pytest.fixture(scope="module")
def school(embedded: Flask, token: str) -> School:
    now, old = datetime.now(UTC), {name: f"secret of {name}" for name in OF_0_1_0}
    with writing(embedded.extensions["database"]) as session:
        session.add_all([Unit(name=name, from_on=date(2020, 1, 1)) for name in ("甲处", "乙处")])
        made = {
            name: create_token(session, name, now=now, expires_at=None, scopes=scopes)
            for name, scopes in SCOPES.items()
        }
        for name, secret in old.items():
            session.add(stored_token(name, secret, OF_0_1_0[name]))
    office = Entering.at(embedded, token)
    return School(embedded, opened(office).json, proposed(office).json, made | old)


def stored_token(name: str, secret: str, permissions: str, account_id: str | None = None) -> Token:
    hashed = hashlib.sha256(secret.encode()).hexdigest()
    return Token(id=str(uuid.uuid4()), name=name, secret_sha256=hashed, permissions=permissions,
                 created_at=datetime.now(UTC), account_id=account_id)  # fmt: skip


def changing(school: School) -> Iterator[tuple[str, str]]:
    """Rule and address of whatever changes something and does not remain; one that names an action, for each of them."""
    book = load_rulebook()
    for rule in school.app.url_map.iter_rules():
        if (
            routes(load_rulebook())[rule.endpoint].permission is None
            or rule.rule in REMAINING
            or not (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
        ):
            continue
        about = book.ledger.actions if "/matters" in rule.rule else book.proceedings.actions
        for action in about if "action" in rule.arguments else ("",):
            yield rule.rule, filled(rule.rule, {**school.ids, "action": action})


def filled(rule: str, known: Mapping[str, str]) -> str:
    """The address of a rule, with 1 for whatever is not known."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known.get(found[1], "1"), rule)


def told(school: School) -> dict[str, int]:
    """How many rows every table has."""
    with reading(school.app.extensions["database"]) as session:
        names = inspect(session.connection()).get_table_names()
        return {name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}


def test_every_act_is_refused_to_a_token_of_no_person_and_nothing_is_written(school: School) -> None:
    before, wrong, tried = told(school), [], set()
    for name, token in school.tokens.items():
        client = school.client(token)
        for rule, path in changing(school):
            body = {"on": "2026-01-06", "actor": OFFICE, "details": {}}
            answer = client.post(path, json=body, headers={"If-Match": '"1"', "Accept": "application/json"})
            tried.add(path)
            if (answer.status_code, (answer.json or {}).get("type")) != (403, FORBIDDEN):
                wrong.append((name, rule, path, answer.status_code))
    assert not wrong
    assert told(school) == before
    book = load_rulebook()
    acts = [
        ("matters", school.matter["id"], book.ledger.actions),
        ("cases", school.case["id"], book.proceedings.actions),
    ]
    for kind, thing, actions in acts:
        opening = {"propose", "carry_over"}
        entered = [action for action, one in actions.items() if one.entered and action not in opening]
        assert {f"/api/v1/{kind}/{thing}/actions/{action}" for action in entered} <= tried
        assert f"/api/v1/{kind}" in tried
    assert any(path.startswith("/api/v1/confirmations/") for path in tried)


def test_a_whole_and_lawful_entry_is_refused_as_well_and_told_what_to_do(school: School) -> None:
    before, client = told(school), school.client(school.tokens["0.1.0"])
    registered = {"on": "2026-01-06", "actor": OFFICE, "details": {"route": "direct"}}
    opinion = {"on": "2026-01-05", "actor": OFFICE, "details": OPINION}
    proposal = entry(LAWFUL[0])
    proposal["details"]["matters"] = [school.matter["id"]]
    inspection = {"form": "special", "on": "2026-01-05", "task": "专项督查"}
    bar = {"decision_number": "文号1", "decided_on": "2026-01-05", "kind": "person", "name": "张某", "unit": "甲处"}
    whole = [
        ("matters", opinion), (f"matters/{school.matter['id']}/actions/register", registered), ("cases", proposal),
        (f"cases/{school.case['id']}/actions/approve", entry(first("approve"))), ("inspections", inspection),
        ("rating-bars", bar),
    ]  # fmt: skip
    for path, body in whole:
        answer = client.post(f"/api/v1/{path}", json=body, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.json["type"]) == (403, FORBIDDEN), path
        assert "wenze token create --for 账号" in answer.json["detail"]
    for path in (f"matters/{school.matter['id']}", f"cases/{school.case['id']}"):
        data = {"file": (io.BytesIO(b"%PDF-1.4"), "纪要.pdf")}
        assert client.post(f"/api/v1/{path}/attachments", data=data).json["type"] == FORBIDDEN
    assert told(school) == before


def test_a_browser_is_told_the_same_as_a_page(school: School) -> None:
    client = school.client(school.tokens["whole"])
    answer = client.post(f"/matters/{school.matter['id']}/act/register", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert "wenze token create --for 账号" in answer.text


@pytest.mark.parametrize(
    "kind", ["office", "unit", "leader", "team", "person", "committee", "organisation", "personnel"]
)
def test_a_token_of_no_person_is_no_actor_in_its_own_name_either(kind: Any) -> None:
    assert not of_token("1", "对接", frozenset(access().permissions)).may_act_as(Actor("对接", kind, "甲处"))


def test_every_read_of_the_interface_remains(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = {endpoint: lambda **_: Response("reached") for endpoint in school.app.view_functions}
    monkeypatch.setattr(school.app, "view_functions", reached)
    client, ids = school.client(school.tokens["0.1.0"]), school.ids
    reads = [
        filled(rule.rule, ids) for rule in school.app.url_map.iter_rules()
        if routes(load_rulebook())[rule.endpoint].permission and rule.rule.startswith("/api/v1") and "GET" in (rule.methods or ())
    ]  # fmt: skip
    assert len(reads) > 30
    refused = {path: client.get(path) for path in reads if client.get(path).text != "reached"}
    assert refused.keys() == {ASKED_OF_ME}
    assert (refused[ASKED_OF_ME].status_code, refused[ASKED_OF_ME].json["type"]) == (403, FORBIDDEN)


def test_importing_and_asking_for_a_recommendation_remain(school: School) -> None:
    for at, name in enumerate(("0.1.0", "0.1.0, ledger alone", "whole", "ledger alone")):
        client = school.client(school.tokens[name])
        assert client.get(f"/api/v1/matters/{school.matter['id']}").json["version"] == 1
        table = {"file": (io.BytesIO(f"单位,起,止\n{at}号处,2020-01-01,\n".encode()), "表.csv")}
        assert client.post("/api/v1/imports/units?apply=true", data=table).json["applied"], name
        sent = {client.post(f"/api/v1/imports/{kind}").status_code for kind in ("people", "ledger", "status-table")}
        assert not sent & {401, 403, 404}
    question = example("plan-task-missed")
    client = school.client(school.tokens["0.1.0"])
    assert client.post("/api/v1/recommendations", json=question).status_code == 201
    del question["matter"]
    asked = client.post(f"/api/v1/matters/{school.matter['id']}/recommendations?store=false", json=question)
    assert asked.status_code == 200
    with reading(school.app.extensions["database"]) as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.actor == "0.1.0"))


def test_a_token_of_an_account_made_by_0_1_0_imports_and_acts_as_before(school: School) -> None:
    with writing(school.app.extensions["database"]) as session:
        token_of(session, "李四", "office_clerk")
        account_id = session.scalars(select(Token.account_id).where(Token.name == "李四")).first()
        session.add(stored_token("李四", "secret of an account", OF_0_1_0["0.1.0, ledger alone"], account_id))
    client = school.client("secret of an account")
    table = {"file": (io.BytesIO("单位,起,止\n丁处,2020-01-01,\n".encode()), "表.csv")}
    assert client.post("/api/v1/imports/units?apply=true", data=table).json["applied"]
    assert (
        client.post("/api/v1/matters", json={"on": "2026-01-05", "actor": OFFICE, "details": OPINION}).status_code
        == 201
    )
    done = {"form": "special", "on": "2026-01-05", "task": "专项督查"}
    assert client.post("/api/v1/inspections", json=done).status_code == 201


def test_a_token_of_no_person_reads_imports_and_asks_for_recommendations_and_nothing_else() -> None:
    held = {one.id for one in access().permissions.values() if access().relations_of(one.id, "integration")}
    reading_alone = {one for one in held if one.endswith((":read", ":list", ":check", ":find"))}
    assert held - reading_alone == {"office:import", "recommendation:evaluate", "ledger:evaluate"}
    assert not held & {"privileges:read", "accounts:read"}


@pytest.mark.parametrize("role", [role for role in access().roles if role != "integration"])
def test_a_token_of_an_account_may_never_do_more_than_its_person(role: str) -> None:
    person = Principal("1", "李四", (Held(access().roles[role]),))
    for scopes in (tuple(PARTS), *((one,) for one in PARTS)):
        wanted = in_effect((one for scope in scopes for one in PARTS[scope]), "1")
        token = Principal("1", "李四", person.roles, frozenset(wanted))
        assert all(token.relations(one) <= person.relations(one) for one in access().permissions)
        changes_accounts = ("accounts:manage", "roles:grant", "adoption:record")
        assert not any(token.relations(one) for one in changes_accounts)
