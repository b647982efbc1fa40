"""What a role allows while the work goes on: until which day, for which name, and not one request longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.records.record import Actor
from models.store.database import writing
from rules.book.contract.people import PersonRef
from rules.book.loading import load_rulebook
from service.access import access
from service.app import routes
from service.usecases.people.accounts import Asked, revoke_role, set_disabled
from service.usecases.people.api_tokens import holder, revoke_token
from service.usecases.people.principals import Held, Principal
from tests.entering import paper_of
from tests.integration.case_office import entry, proposed, take, taken
from tests.integration.ledger_office import LEADER, OFFICE, OPINION, UNIT, act, opened
from tests.integration.test_cases_api import STEPS
from tests.lawful_case import MEMBERS, OFFICE_NAME, first, found, stands_down, until, with_details
from tests.people import LONG_AGO, Clock, by_token, logged_in, made

Enter = Callable[[Flask, str], FlaskClient]
ENTER = pytest.mark.parametrize("enter", [logged_in, by_token], ids=["session", "token"])
CLERK, MEMBER = Asked("office_clerk", LONG_AGO), Asked("team_member", LONG_AGO)
MATTERS, ME = "/api/v1/matters", "/api/v1/me"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    given = Clock()
    monkeypatch.setattr("service.request_context.datetime", given)
    return given


@ENTER
@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-03-01T23:59:59", 403),
        ("2026-03-02T00:00:00", 200),
        ("2026-03-04T23:59:59", 200),
        ("2026-03-05T00:00:00", 403),
    ],
    ids=["the day before", "the first day", "the last day", "the day after"],
)
def test_a_role_is_held_from_its_first_to_its_last_day_in_shanghai(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch, enter: Enter, moment: str, status: int
) -> None:
    made(app, "li", Asked("office_clerk", date(2026, 3, 2), date(2026, 3, 4)))
    monkeypatch.setattr("service.web.log_in.datetime", clock)
    clock.at = datetime.fromisoformat(f"{moment}+08:00")
    assert enter(app, "li").get(MATTERS).status_code == status


@ENTER
def test_the_request_after_a_revocation_is_refused(app: Flask, enter: Enter) -> None:
    (grant_id,) = made(app, "li", CLERK)
    client = enter(app, "li")
    assert client.get(MATTERS).status_code == 200
    with writing(app.extensions["database"]) as session:
        revoke_role(session, grant_id, by="测试", now=datetime.now(UTC))
    assert client.get(MATTERS).status_code == 403


@ENTER
def test_the_request_after_an_account_is_disabled_is_refused(app: Flask, enter: Enter) -> None:
    made(app, "li", CLERK)
    client = enter(app, "li")
    assert client.get(MATTERS).status_code == 200
    with writing(app.extensions["database"]) as session:
        set_disabled(session, "li", True, now=datetime.now(UTC))
    assert client.get(MATTERS).status_code == 401


@ENTER
def test_a_role_that_ends_meanwhile_ends_at_midnight(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch, enter: Enter
) -> None:
    made(app, "li", Asked("office_clerk", LONG_AGO, date(2026, 3, 4)))
    monkeypatch.setattr("service.web.log_in.datetime", clock)
    clock.at = datetime(2026, 3, 4, 15, 59, 59, tzinfo=UTC)
    client = enter(app, "li")
    assert client.get(MATTERS).status_code == 200
    clock.later(seconds=1)
    assert client.get(MATTERS).status_code == 403


@pytest.mark.parametrize("end", ["expired", "revoked"])
def test_a_token_of_an_account_ends_at_once(app: Flask, end: str, clock: Clock) -> None:
    made(app, "li", CLERK)
    client = by_token(app, "li", expires_at=clock.at.replace(microsecond=0))
    clock.later(seconds=-2)
    assert client.get(MATTERS).status_code == 200
    if end == "expired":
        clock.later(seconds=2)
    else:
        secret = client.environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
        with writing(app.extensions["database"]) as session:
            known = holder(session, secret, now=clock.at)
            assert known is not None
            revoke_token(session, known.id, now=clock.at)
    assert client.get(MATTERS).status_code == 401


def investigated(office: FlaskClient) -> Any:
    """A case with a fourth member, who may leave."""
    fourth = {"name": "组员丙", "unit": OFFICE_NAME, "head": False}
    joined = with_details(first("form_team"), members=(*MEMBERS, fourth))
    return taken(office, proposed(office).json, *until("form_team", STEPS)[1:], joined)


@ENTER
def test_the_request_after_a_recusal_finds_no_case(app: Flask, office: FlaskClient, enter: Enter) -> None:
    made(app, "bing", MEMBER, CLERK, name="组员丙")
    case = investigated(office)
    client = enter(app, "bing")
    path = f"/api/v1/cases/{case['id']}"
    assert client.get(path).json["title"] == case["title"]
    assert [row["id"] for row in client.get("/api/v1/cases").json] == [case["id"]]
    gone = stands_down("组员丙", "2026-05-14")
    case = taken(office, case, gone)
    finding = take(client, case, found("harm", "grave"))
    absent = client.post("/api/v1/cases/absent/actions/find")
    for answer in (client.get(path), finding, client.get(f"{path}/attachments"), absent):
        assert (answer.status_code, answer.json["type"]) == (404, "urn:wenze:problem:not-found")
    assert client.get("/api/v1/cases").json == []
    assert office.get(path).json["version"] == case["version"]


def test_the_person_investigated_is_told_what_was_written_and_not_the_case(app: Flask, office: FlaskClient) -> None:
    case = taken(office, proposed(office).json, *until("raise_point", STEPS)[1:])
    made(app, "zhang", Asked("person_investigated", LONG_AGO, case_id=case["id"], person="P1"), name="张某")
    client, raised = by_token(app, "zhang"), first("raise_point", STEPS)
    stale = take(client, case | {"version": 1}, raised)
    assert (stale.status_code, stale.json["since"]) == (412, [])
    assert "组长" not in stale.text
    done = take(client, case, raised)
    assert (done.status_code, done.data, done.headers["ETag"]) == (204, b"", f'"{case["version"] + 1}"')
    assert client.get(f"/api/v1/cases/{case['id']}").status_code == 403
    assert office.get(f"/api/v1/cases/{case['id']}").json["persons"][0]["points"][0]["text"] == raised.details["text"]


def test_no_page_that_the_person_investigated_may_write_to_shows_the_case(app: Flask, office: FlaskClient) -> None:
    case = taken(office, proposed(office).json, *until("decide", STEPS)[1:])
    made(app, "zhang", Asked("person_investigated", LONG_AGO, case_id=case["id"], person="P1"), name="张某")
    client, asked = logged_in(app, "zhang"), 0
    for rule in app.url_map.iter_rules():
        if routes(load_rulebook())[rule.endpoint].permission != "case:write":
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for action in ("raise_point", "find", "decide") if "action" in rule.arguments else ("",):
                path = rule.rule.replace("<case_id>", case["id"]).replace("<action>", action)
                answer, asked = (
                    client.open(path, method=method, data={"key": "1"} if method == "POST" else None),
                    asked + 1,
                )
                told = [word for word in ("组长", "组员乙", "会议纪要", "讨论记录") if word in answer.text]
                assert not told, (method, path, answer.status_code)
    assert asked > 40


def principal(*held: Held, name: str = "李四") -> Principal:
    return Principal("1", name, held, person=PersonRef(name))


def role(name: str, unit: str | None = None) -> Held:
    return Held(access().roles[name], unit)


@pytest.mark.parametrize(
    ("held", "actor", "may"),
    [
        (role("office_clerk"), Actor("李四", "office"), True),
        (role("office_clerk"), Actor("他人", "office"), False),
        (role("office_clerk"), Actor("校领导", "leader"), True),
        (role("office_clerk"), Actor("王五", "unit", "甲处"), True),
        (role("office_clerk"), Actor("张某", "person"), True),
        (role("office_clerk"), Actor("组长", "team"), False),
        (role("office_clerk"), Actor("李四", "team"), False),
        (role("office_clerk"), Actor("秘书", "committee"), False),
        (role("school_leader"), Actor("李四", "leader"), True),
        (role("school_leader"), Actor("书记", "leader"), False),
        (role("unit_liaison", "甲处"), Actor("李四", "unit", "甲处"), True),
        (role("unit_liaison", "甲处"), Actor("李四", "unit", "乙处"), False),
        (role("unit_liaison", "甲处"), Actor("李四", "unit"), False),
        (role("unit_liaison", "甲处"), Actor("王五", "unit", "甲处"), False),
        (role("team_member"), Actor("李四", "team"), True),
        (role("team_member"), Actor("组长", "team"), False),
        (role("team_member"), Actor("张某", "person"), True),
        (role("committee_secretary"), Actor("李四", "committee"), True),
        (role("committee_secretary"), Actor("他人", "committee"), False),
        (role("committee_member"), Actor("李四", "committee"), False),
        (role("person_investigated"), Actor("李四", "person"), True),
        (role("person_investigated"), Actor("张某", "person"), False),
        (role("auditor"), Actor("李四", "office"), False),
        (role("system_administrator"), Actor("李四", "office"), False),
        (role("integration"), Actor("组长", "team"), False),
    ],
    ids=lambda value: f"{value.role.id} {value.unit or ''}" if isinstance(value, Held) else str(value),
)
def test_an_entry_is_made_in_ones_own_name_or_for_whom_one_enters(held: Held, actor: Actor, may: bool) -> None:
    assert principal(held).may_act_as(actor) is may


def test_an_entry_in_anothers_name_is_refused_and_nothing_is_written(app: Flask, office: FlaskClient) -> None:
    made(app, "wang", Asked("unit_liaison", LONG_AGO, unit="甲处"), name="王五")
    made(app, "zu", MEMBER, name="组长")
    matter, liaison = opened(office).json, logged_in(app, "wang")
    body = {"on": "2026-01-05", "actor": OFFICE, "details": OPINION}
    for actor in (OFFICE, LEADER, UNIT | {"name": "他人"}, UNIT | {"unit": "乙处"}):
        answer = liaison.post(MATTERS, json=body | {"actor": actor})
        assert (answer.status_code, answer.json["type"]) == (403, "urn:wenze:problem:not-this-actor"), actor
    refused = act(liaison, matter, "register", "2026-01-06", OFFICE, route="direct")
    assert (refused.status_code, list(refused.json["errors"])) == (403, ["actor"])
    assert [row["version"] for row in office.get(MATTERS).json] == [1]
    case = investigated(office)
    bare = take(by_token(app, "zu"), case, found("harm", "grave", second="组员甲"))
    assert (bare.status_code, list(bare.json["errors"])) == (422, ["papers"])
    with writing(app.extensions["database"]) as session:
        paper = paper_of(session, "case", case["id"])
    body = entry(found("harm", "grave", second="组员甲")) | {"papers": [paper]}
    second = by_token(app, "zu").post(
        f"/api/v1/cases/{case['id']}/actions/find", json=body, headers={"If-Match": f'"{case["version"]}"'}
    )
    assert second.status_code == 200
    theirs = entry(found("role", "principal")) | {"actor": {"name": "组员甲", "kind": "team"}}
    client = by_token(app, "zu")
    answer = client.post(
        f"/api/v1/cases/{case['id']}/actions/find", json=theirs, headers={"If-Match": f'"{case["version"] + 1}"'}
    )
    assert answer.status_code == 403


def test_a_unit_lists_its_own_matters_alone(app: Flask, office: FlaskClient) -> None:
    made(app, "wang", Asked("unit_liaison", LONG_AGO, unit="甲处"))
    made(app, "both", Asked("unit_liaison", LONG_AGO, unit="甲处"), Asked("unit_head", LONG_AGO, unit="乙处"))
    ours, theirs = opened(office).json["id"], opened(office, lead_unit="乙处").json["id"]
    liaison, both = logged_in(app, "wang"), logged_in(app, "both")
    assert [row["id"] for row in liaison.get(MATTERS).json] == [ours]
    assert [row["id"] for row in both.get(f"{MATTERS}?unit=乙处").json] == [theirs]
    for path in (MATTERS, "/api/v1/todo"):
        assert liaison.get(f"{path}?unit=乙处").status_code == 403
        assert both.get(path).status_code == 400
    assert {row["id"] for row in office.get(MATTERS).json} == {ours, theirs}
