"""Every change and every sensitive read leaves exactly one event, and nothing else does: held at every route of the interface.

A client tells after each request how many events it left. What is asked for is set against the map of addresses: a route
that changes something, or that is declared a sensitive read, and is not asked for here fails the test. The routes of
entries share one way through the code; each way is gone by all steps of a lawful case.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from models.audit import events as audit
from models.audit.events import AuditEvent
from models.people.units import Unit
from models.store.database import reading, writing
from rules.book.loading import load_rulebook
from service.app import routes
from service.audit import Shows
from service.usecases.administration.verify_trail import Verdict, verify_trail
from service.usecases.people.api_tokens import create_token
from tests.conftest import example
from tests.entering import CLERK, Entering
from tests.integration.case_office import entry, proposed, take, taken
from tests.integration.conftest import TOKEN, new_token
from tests.integration.ledger_office import LEADER, opened
from tests.integration.ledger_office import OFFICE as CLERK_OF_MATTERS
from tests.integration.test_attachments import send_to
from tests.integration.test_cases_api import STEPS
from tests.integration.test_hands import DECISION, answered, asking, bearer
from tests.integration.test_hands import entered as entered_for
from tests.lawful_case import COMMITTEE, HEAD, LAWFUL, OFFICE, first
from tests.people import ENTERING

API = "/api/v1"
CANARY = "金丝雀甲7391"
UNITS = "单位,起,止\n甲处,2020-01-01,\n{},2020-01-01,\n"
PEOPLE = "工号,姓名,单位,职务,职级,干部管理,起,止\n1,金丝雀甲7391,甲处,处长,正职,学校党委管理,2020-01-01,\n"

HANDS = {CLERK, CLERK_OF_MATTERS["name"], "周清", LEADER["name"], *(one.name for one in (OFFICE, HEAD, COMMITTEE))}
"""Who enters: the clerk, for whoever acts on paper, those for whom nobody enters anything; a clerk who asks, and who answers."""
OF_ACCOUNTS = ("ledger", "cases", "attachments", "office")


class Watching(Entering):
    """Beside each answer, the events that it left. left: endpoint, method, status, query, its events."""

    left: list[tuple[str, str, int, str, list[AuditEvent]]]
    before: int

    def open(self, *words: Any, **named: Any) -> Any:
        self.before = self._head()
        answer = super().open(*words, **named)
        with reading(self.application.extensions["database"]) as session:
            events = list(session.scalars(select(AuditEvent).where(AuditEvent.number > self.before)))
        sent = answer.request
        found = self.application.url_map.bind("localhost").match(sent.path, sent.method)
        self.left.append((found[0], sent.method, answer.status_code, sent.query_string.decode(), events))
        return answer

    def _with_paper(self, *words: Any) -> Any:
        """What the paper itself leaves is not the request's."""
        body = super()._with_paper(*words)
        self.before = self._head()
        return body

    def _head(self) -> int:
        with reading(self.application.extensions["database"]) as session:
            return audit.head(session)[0]


@pytest.fixture
def client(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watching:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    made = Watching.at(app, new_token(app))
    made.left = []
    with writing(app.extensions["database"]) as session:
        session.add(Unit(name="甲处", from_on=LAWFUL[0].on.replace(year=2020)))
    return made


def table(client: FlaskClient, name: str, content: str, query: str = "apply=true") -> Any:
    data = {"file": (io.BytesIO(content.encode()), "表.csv")}
    return client.post(f"{API}/imports/{name}?{query}", data=data)


def changes(client: Watching) -> str:
    """One request at least of every route that changes something; the id of the case."""
    case = taken(client, proposed(client).json, *STEPS[1:])
    matter_id = case["matters"][0]
    for place in (f"/matters/{matter_id}", f"/cases/{case['id']}"):
        assert send_to(client, f"{API}{place}/attachments", "记录.pdf").status_code == 201
    question = example("plan-task-missed")
    assert client.post(f"{API}/recommendations", json=question).status_code == 201
    question.pop("matter")
    for query in ("", "?store=false"):
        client.post(f"{API}/matters/{matter_id}/recommendations{query}", json=question)
    done = {"form": "special", "on": "2026-01-05", "task": CANARY, "note": CANARY}
    made = client.post(f"{API}/inspections", json=done).json
    client.post(f"{API}/inspections/{made['id']}/report", json={"to": CANARY, "on": "2026-01-06"})
    bar = {"decision_number": "文号1", "decided_on": "2026-01-05", "kind": "person", "name": CANARY, "unit": "甲处"}
    client.post(f"{API}/rating-bars", json=bar)
    table(client, "units", UNITS.format("丁处"))
    table(client, "people", PEOPLE)
    ledger = (
        f"工作任务,事项来源,立项依据,交办日期,牵头单位,办结时限\n{CANARY},规划计划,要点,2026-01-05,甲处,2026-04-30\n"
    )
    table(client, "ledger", ledger)
    sheet = client.get(f"{API}/status-table?cutoff=2026-05-25&submit_by=2026-05-28&format=xlsx").data
    query = "unit=甲处&on=2026-05-26&apply=true"
    client.post(f"{API}/imports/status-table?{query}", data={"file": (io.BytesIO(sheet), "表.xlsx")})
    clerk, leader = bearer(client, "周清", "office_clerk"), bearer(client, LEADER["name"], "school_leader")
    asked = entered_for(client, asking(client), "decide_extension", LEADER, DECISION, clerk).json
    assert len(client.get(f"{API}/confirmations", headers=leader).json) == 1
    assert answered(client, asked, "confirm", leader) == 204
    return str(case["id"])


def reads(client: Watching, case_id: str) -> None:
    """Every sensitive read."""
    case = client.get(f"{API}/cases/{case_id}").json
    matter_id, receipt = case["matters"][0], case["persons"][0]["evaluations"][0]
    for place in (f"/cases/{case_id}/attachments", f"/matters/{matter_id}/attachments"):
        found = client.get(f"{API}{place}").json
        client.get(f"{API}{place}/{found[0]['id']}")
    for name in ("points", "duties", "checkup", "papers", "papers/decision?person=P1", "archive-package", "history"):
        client.get(f"{API}/cases/{case_id}/{name}")
    for name in ("recommendations", "archive-package"):
        client.get(f"{API}/matters/{matter_id}/{name}")
    for place in (
        "/cases",
        f"/recommendations/{receipt}",
        f"/recommendations/{receipt}/admissible",
        f"/recommendations/{receipt}/proof",
        "/export",
        "/audit",
    ):
        client.get(f"{API}{place}")


def owed(app: Flask) -> set[str]:
    """Endpoints of the interface that have to leave an event."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(API)]
    return {
        rule.endpoint
        for rule in rules
        if isinstance(routes(load_rulebook())[rule.endpoint].audit, Shows)
        or (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    }


def test_every_change_and_every_sensitive_read_leaves_exactly_one_event(app: Flask, client: Watching) -> None:
    case_id = changes(client)
    reads(client, case_id)
    answered = set()
    for endpoint, method, status, query, events in client.left:
        done = 200 <= status < 300 and (method == "POST" or isinstance(routes(load_rulebook())[endpoint].audit, Shows))
        assert len(events) == (1 if done else 0), (endpoint, method, status, query)
        if not done:
            continue
        answered.add(endpoint)
        part = endpoint.split(".")[0]
        entered = part == "confirmations" or (method == "POST" and part in OF_ACCOUNTS)
        assert (events[0].action, events[0].actor_kind) == (endpoint, "account" if entered else "token")
        assert events[0].actor in (HANDS if entered else {TOKEN})
        assert events[0].outcome == ("read" if method == "GET" else "tried" if "store=false" in query else "done")
    shared = ("ledger.act_", "cases.act_")
    assert {endpoint for endpoint in owed(app) - answered if not endpoint.startswith(shared)} == set()
    assert len([endpoint for endpoint in answered if endpoint.startswith(shared)]) > 20
    with reading(app.extensions["database"]) as session:
        assert verify_trail(session) == Verdict(audit.head(session)[0], 0, None)
        for name in ("audit_events", "audit_records", "audit_head"):
            assert "金丝雀" not in str(session.execute(text(f"SELECT * FROM {name}")).all())


def test_no_address_of_a_case_or_a_receipt_is_read_without_an_event(app: Flask) -> None:
    about = {"case_id", "receipt_id"}
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments & about and "GET" in (rule.methods or ())]
    assert len(rules) > 10
    assert {
        rule.endpoint for rule in rules if not isinstance(routes(load_rulebook())[rule.endpoint].audit, Shows)
    } == set()


def test_what_is_refused_leaves_no_event(client: Watching) -> None:
    case = proposed(client).json
    client.left.clear()
    refusals = [
        take(client, case | {"version": 9}, first("approve")), take(client, case, first("submit")),
        take(client, case | {"id": "nobody"}, first("approve")),
        client.post(f"{API}/cases", json={"on": "2026-01-01"}), client.post(f"{API}/cases", data="{"),
        client.get(f"{API}/cases/nobody"), client.get(f"{API}/cases/nobody/history"), client.get(f"{API}/audit?limit=0"),
        client.get(f"{API}/cases/{case['id']}/papers/decision?person={CANARY}"),
        client.get(f"{API}/cases/{case['id']}", headers={"Authorization": "Bearer x"}),
        table(client, "units", UNITS.format("丁处").replace("2020", "昨天")),
    ]  # fmt: skip
    assert all(answer.status_code >= 400 for answer in refusals), [answer.status_code for answer in refusals]
    assert [row[0] for row in client.left if row[4]] == []


def test_a_request_submitted_twice_leaves_one_event_each_time(client: Watching) -> None:
    case = proposed(client, "k1").json
    body = entry(LAWFUL[0])
    body["details"]["matters"] = case["matters"]
    again = client.post(f"{API}/cases", json=body, headers={"Idempotency-Key": "k1"})
    approved = take(client, case, first("approve"), "k2")
    assert (again.json["repeated"], approved.status_code) == (True, 200)
    assert take(client, case, first("approve"), "k2").json["repeated"]
    about = [(events[0].outcome, events[0].subject_id) for name, *_, events in client.left if name.startswith("cases.")]
    assert about == [(outcome, case["id"]) for outcome in ("done", "repeated", "done", "repeated")]


def test_a_trial_of_an_import_leaves_one_event_and_reading_what_is_not_sensitive_none(client: Watching) -> None:
    assert table(client, "units", UNITS.format("丁处"), "").status_code == 200
    matter = opened(client).json
    for name in (f"matters/{matter['id']}", "matters", "todo", "rulebooks", "units"):
        assert client.get(f"{API}/{name}").status_code == 200
    question = example("plan-task-missed")
    assert client.post(f"{API}/recommendations?store=false", json=question).status_code == 200
    assert [events[0].outcome for *_, events in client.left if events] == ["tried", "done"]


def test_events_are_read_page_by_page_and_are_of_the_documented_shape(client: Watching) -> None:
    document = client.get(f"{API}/openapi.json").json
    case = proposed(client).json
    client.get(f"{API}/cases/{case['id']}")
    found, after = [], 0
    while after is not None:
        page = client.get(f"{API}/audit?after={after}&limit=2").json
        schema = {"$ref": "#/components/schemas/AuditPage", "components": document["components"]}
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(page)
        found, after = [*found, *page["events"]], page["next"]
        if len(found) > 20:  # every page that is read is one more event
            break
    assert [row["number"] for row in found] == list(range(1, len(found) + 1))
    opening = next(row for row in found if row["action"] == "cases.open_one")
    assert (opening["subject_id"], [row["number"] for row in opening["records"]]) == (case["id"], [1])
    for query in ("after=-1", "limit=501", "after=x", "colour=red", "after=1&after=2"):
        assert client.get(f"{API}/audit?{query}").status_code == 400


def test_the_history_of_a_case_tells_what_was_written_and_who_looked(client: Watching) -> None:
    case = taken(client, proposed(client).json, first("approve"))
    client.get(f"{API}/cases/{case['id']}/papers")
    rows = client.get(f"{API}/cases/{case['id']}/history").json
    assert [(row["kind"], row["record"], row["label"]) for row in rows] == [
        ("record", 1, "提出问责调查"), ("record", 2, "批准启动问责调查"),
        ("other", None, "上传附件"), ("read", None, "查阅文书一览"),
    ]  # fmt: skip
    assert [row["by"] for row in rows] == [OFFICE.name, CLERK, ENTERING, TOKEN]
    assert client.get(f"{API}/cases/{case['id']}/history").json[-1]["label"] == "查阅案件经过"
    with writing(client.application.extensions["database"]) as session:
        clerk = create_token(session, "办事员", now=datetime.now(UTC), expires_at=None, scopes=("case",))
    assert client.get(f"{API}/audit", headers={"Authorization": f"Bearer {clerk}"}).status_code == 403


def test_without_its_event_a_sensitive_read_is_not_answered(
    client: Watching, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = proposed(client, **{"title": CANARY}).json
    client.get(f"{API}/cases/{case['id']}/papers")
    taken(client, case, first("approve"))  # puts the paper there, which the test aid else writes for itself
    case = client.get(f"{API}/cases/{case['id']}").json

    def full(*_: Any) -> int:
        raise OperationalError(CANARY, {}, Exception(CANARY))

    monkeypatch.setattr(audit, "append", full)
    answer = client.get(f"{API}/cases/{case['id']}")
    assert (answer.status_code, CANARY in answer.text) == (503, False)
    changed = take(client, case, first("form_team"))
    assert (changed.status_code, CANARY in changed.text) == (503, False)
    monkeypatch.undo()
    assert client.get(f"{API}/cases/{case['id']}").json["version"] == 2
    assert CANARY not in capsys.readouterr().err
