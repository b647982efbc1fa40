"""Whose hand an act is, and what shows it: nobody's word for another does."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.store.database import writing
from rules.reasoning.calendar import LOCAL
from tests.entering import token_of
from tests.integration.case_office import entry, proposed, taken
from tests.integration.ledger_office import LEADER, UNIT, act, assigned
from tests.integration.page_case import browser
from tests.integration.paper_cases import DECIDE
from tests.integration.test_attachments import RAW, send
from tests.lawful_case import until
from tests.people import Clock

DECISION = {"granted": True, "new_due_on": "2026-06-30", "reason": "补录"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))


def bearer(client: FlaskClient, name: str, *roles: str) -> dict[str, str]:
    """The headers of somebody's own account."""
    with writing(client.application.extensions["database"]) as session:
        return {"Authorization": f"Bearer {token_of(session, name, *roles)}"}


def entered(client: FlaskClient, matter: Any, action: str, by: Any, details: Any, who: Any, **beside: Any) -> Any:
    """An entry by the account of ``who``."""
    body = {"on": "2026-04-29", "actor": by, "details": details, **beside}
    headers = {"If-Match": f'"{matter["version"]}"', **who}
    return client.post(f"/api/v1/matters/{matter['id']}/actions/{action}", json=body, headers=headers)


def asking(client: FlaskClient) -> Any:
    """A matter whose unit asked for more time."""
    return act(client, assigned(client), "request_extension", "2026-04-28", UNIT, reason="等数据", progress="七成").json


def answered(client: FlaskClient, matter: Any, given: str, who: Any, **body: Any) -> int:
    number = matter["records"][-1]["number"]
    address = f"/api/v1/confirmations/matter/{matter['id']}/{number}/{given}"
    status: int = client.post(address, json=body, headers=who).status_code
    return status


def test_papers_are_bound_by_the_hashes_of_their_bytes_and_vouch_for_whoever_did_it(office: FlaskClient) -> None:
    clerk, matter, other = bearer(office, "周清", "office_clerk"), asking(office), assigned(office)
    ours, theirs = send(office, matter, "a.pdf").json["id"], send(office, other, "b.pdf").json["id"]
    refused = entered(office, matter, "decide_extension", LEADER, DECISION, clerk, papers=[ours, theirs])
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"papers[1]"})
    done = entered(office, matter, "decide_extension", LEADER, DECISION, clerk, papers=[ours, ours]).json
    assert (done["due_on"], done["records"][-1]["vouched"]) == ("2026-06-30", "paper")
    assert done["records"][-1]["papers"] == [{"attachment": ours, "sha256": hashlib.sha256(RAW).hexdigest()}]


def test_what_is_said_of_a_leader_counts_only_when_they_confirm_it(office: FlaskClient) -> None:
    clerk, leader = bearer(office, "周清", "office_clerk"), bearer(office, "校领导", "school_leader")
    other, matter = bearer(office, "别的领导", "school_leader"), asking(office)
    asked = entered(office, matter, "decide_extension", LEADER, DECISION, clerk).json
    assert (asked["records"][-1]["action"], asked["records"][-1]["vouched"]) == ("ask_confirmation", "asked")
    assert (asked["due_on"], asked["state"]) == (matter["due_on"], matter["state"])
    mine = office.get("/api/v1/confirmations", headers=leader)
    assert mine.status_code == 200, mine.text
    assert [one["record"] for one in mine.json] == [asked["version"]]
    assert [answered(office, asked, given, other) for given in ("confirm", "decline")] == [404, 422]
    assert office.get("/api/v1/confirmations", headers=clerk).json == []
    assert answered(office, asked, "confirm", leader) == 204
    now = office.get(f"/api/v1/matters/{matter['id']}").json
    assert [one["action"] for one in now["records"][-3:]] == ["ask_confirmation", "confirm", "decide_extension"]
    assert (now["due_on"], now["records"][-1]["vouched"], now["records"][-1]["entered_by"]) == (
        "2026-06-30",
        "confirmed",
        "周清",
    )
    assert answered(office, asked, "confirm", leader) == 404
    assert office.get("/api/v1/confirmations", headers=leader).json == []


@pytest.mark.parametrize("why", [None, "经办人出差"])
def test_what_is_confirmed_on_a_later_day_was_entered_when_it_was_asked(
    office: FlaskClient, monkeypatch: pytest.MonkeyPatch, why: str | None
) -> None:
    clerk, leader, matter = (
        bearer(office, "周清", "office_clerk"),
        bearer(office, "校领导", "school_leader"),
        asking(office),
    )
    on, asked_on, clock = "2026-04-29", "2026-05-15" if why else "2026-04-29", Clock()
    for module in ("service.api.ledger", "service.answering"):
        monkeypatch.setattr(f"{module}.datetime", clock)
    clock.at = datetime.fromisoformat(asked_on).replace(hour=17, tzinfo=LOCAL)
    late = {"late_reason": why} if why else {}
    asked = entered(office, matter, "decide_extension", LEADER, DECISION, clerk, on=on, **late).json
    clock.at += timedelta(days=20)
    assert answered(office, asked, "confirm", leader) == 204
    made = office.get(f"/api/v1/matters/{matter['id']}").json["records"][-1]
    assert (made["action"], made["vouched"], made["on"]) == ("decide_extension", "confirmed", on)
    assert (made["entered_on"], made["late"], made["late_reason"]) == (asked_on, why is not None, why)


@pytest.mark.parametrize(("given", "name"), [("decline", "校领导"), ("withdraw", "周清")])
def test_what_is_declined_or_withdrawn_is_never_made(office: FlaskClient, given: str, name: str) -> None:
    clerk, leader = bearer(office, "周清", "office_clerk"), bearer(office, "校领导", "school_leader")
    matter = asking(office)
    asked = entered(office, matter, "decide_extension", LEADER, DECISION, clerk).json
    who = {"校领导": leader, "周清": clerk}[name]
    assert answered(office, asked, given, who) == 422
    assert answered(office, asked, given, who, reason="没有作过这个决定") == 204
    assert answered(office, asked, "confirm", leader) == 404
    now = office.get(f"/api/v1/matters/{matter['id']}").json
    assert (now["due_on"], now["version"]) == (matter["due_on"], matter["version"] + 2)


def test_whoever_has_no_account_is_vouched_for_by_paper_alone(office: FlaskClient) -> None:
    clerk, matter = bearer(office, "周清", "office_clerk"), asking(office)
    refused = entered(office, matter, "decide_extension", LEADER, DECISION, clerk)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"papers"})
    assert "没有可用的账号" in refused.json["errors"]["papers"][0]


def test_what_is_asked_is_checked_again_when_it_is_confirmed(office: FlaskClient) -> None:
    clerk, leader = bearer(office, "周清", "office_clerk"), bearer(office, "校领导", "school_leader")
    asked = entered(office, asking(office), "decide_extension", LEADER, DECISION, clerk).json
    decided = entered(office, asked, "decide_extension", LEADER, DECISION, leader).json
    assert decided["records"][-1]["vouched"] == "self"
    assert answered(office, asked, "confirm", leader) == 409
    assert office.get(f"/api/v1/matters/{asked['id']}").json["version"] == decided["version"]


def test_one_account_alone_takes_no_case_to_the_committee_and_with_papers_each_hand_is_told(
    office: FlaskClient,
) -> None:
    alone = bearer(office, "主任", "office_clerk", "team_member", "committee_secretary")
    case = proposed(office).json
    for one in until("decide")[1:]:
        headers = {"If-Match": f'"{case["version"]}"', **alone}
        address = f"/api/v1/cases/{case['id']}/actions/{one.action}"
        answer = office.post(address, json={**entry(one), "papers": []}, headers=headers)
        assert answer.status_code in (403, 404, 409, 422), one.action
    assert office.get(f"/api/v1/cases/{case['id']}").json["state"] == "proposed"
    done = taken(office, case, *until("decide")[1:])
    assert done["state"] == "submitted"
    hands = {one["action"]: one["vouched"] for one in done["records"]}
    on_paper = {"approve", "hear", "raise_point", "sign", "discuss", "report"}
    assert {action for action, vouched in hands.items() if vouched == "paper"} == on_paper
    assert set(hands.values()) == {"paper", "self"}


def test_what_a_meeting_did_needs_its_minutes_and_who_attended_may_object(office: FlaskClient) -> None:
    case, decide = taken(office, proposed(office).json, *until("decide")[1:]), DECIDE
    headers = {"If-Match": f'"{case["version"]}"'}
    address = f"/api/v1/cases/{case['id']}/actions/decide"
    refused = office.post(address, json={**entry(decide), "papers": []}, headers=headers)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"papers"})
    case = taken(office, case, decide)
    member, other = bearer(office, "委员一", "committee_member"), bearer(office, "旁人", "committee_member")
    at = f"/api/v1/confirmations/case/{case['id']}/{case['version']}/object"
    assert office.post(at, json={"reason": "没有这样表决"}, headers=other).status_code == 404
    assert office.post(at, json={}, headers=member).status_code == 422
    assert office.post(at, json={"reason": "没有这样表决"}, headers=member).status_code == 204
    now = office.get(f"/api/v1/cases/{case['id']}").json
    assert (now["state"], now["records"][-1]["action"], now["records"][-1]["by"]) == (
        "decided",
        "object_to_minutes",
        "委员一",
    )


def test_what_waits_for_ones_confirmation_lies_on_the_desk_and_is_answered_from_its_page(office: FlaskClient) -> None:
    leader = browser(office.application, "leader", "校领导", "school_leader")
    clerk, matter = bearer(office, "周清", "office_clerk"), asking(office)
    entered(office, matter, "decide_extension", LEADER, DECISION, clerk)
    assert "待我确认" in leader.get("/").text
    shown = leader.get("/confirmations").text
    assert all(
        words in shown for words in ("决定是否准予延期", "由周清录入", "尚未生效", "新的办结时限：2026年6月30日")
    )
    address = re.findall(r'action="([^"]*/confirm)"', shown)[0]
    csrf = re.findall(r'name="csrf" value="([^"]*)"', shown)[0]
    assert leader.post(address.replace("confirm", "decline", 1), data={"csrf": csrf}).status_code in (404, 405)
    refused = leader.post(f"{address.removesuffix('confirm')}decline", data={"csrf": csrf, "key": "k1"})
    assert (refused.status_code, "请写明理由" in refused.text) == (422, True)
    done = leader.post(address, data={"csrf": csrf, "key": "k2"})
    assert (done.status_code, done.headers["Location"]) == (303, "/confirmations")
    assert "现在没有待您确认的办理" in leader.get("/confirmations").text
    assert "本人确认（第" in leader.get(f"/matters/{matter['id']}").text
