"""An accountability case over HTTP, from a matter of the ledger to its end; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.store.database import writing
from service.usecases.people.api_tokens import create_token
from tests.integration.case_office import entry, proposed, take, taken
from tests.lawful_case import (
    DECISION,
    INQUIRY,
    LAWFUL,
    ORGANISATION,
    SLOTS,
    first,
    found,
    later,
    step,
    until,
    with_details,
)

AGGRAVATED = {"id": "aggravation", "choice": "从重", "reason": "催办三次仍未完成"}
DECIDE = with_details(first("decide"), decisions=({**DECISION, "slots": (*SLOTS, AGGRAVATED)},))
STEPS = tuple(DECIDE if one.action == "decide" else one for one in LAWFUL)


@pytest.fixture
def case(office: FlaskClient) -> Any:
    return proposed(office).json


def test_a_case_goes_from_a_matter_of_the_ledger_to_its_end(office: FlaskClient, case: Any) -> None:
    done = taken(office, case, *STEPS[1:])
    person = done["persons"][0]
    assert (done["state"], person["decision_number"], person["remaining"]) == ("closed", "问责决定〔2026〕1号", [])
    receipt = office.get(f"/api/v1/recommendations/{person['evaluations'][0]}").json
    assert receipt["persons"]["P1"]["outcome"] == "accountable"
    assert receipt["persons"]["P1"]["aggravation"] == ["art-8.3.3.1.b"]
    assert office.get(f"/api/v1/cases/{case['id']}").json["version"] == len(LAWFUL)
    assert [row["state"] for row in office.get("/api/v1/cases?state=closed").json] == ["closed"]


def test_a_refusal_names_its_provision_and_writes_nothing(office: FlaskClient, case: Any) -> None:
    approved = taken(office, case, *until("form_team")[1:])
    alone = with_details(first("form_team"), members=first("form_team").details["members"][:1])
    answer = take(office, approved, alone)
    assert (answer.status_code, {row["provision"] for row in answer.json["refusals"]}) == (409, {"art-9.1.a"})
    assert office.get(f"/api/v1/cases/{case['id']}").json["version"] == 2


def test_a_choice_without_a_reason_is_refused_by_the_questions_of_the_stored_recommendation(
    office: FlaskClient, case: Any
) -> None:
    submitted = taken(office, case, *until("decide", STEPS)[1:])
    answer = take(office, submitted, first("decide"))  # says nothing of the aggravation that the receipt asks about
    assert {row["guard"] for row in answer.json["refusals"]} == {"discretion_reasoned"}
    assert taken(office, submitted, DECIDE)["state"] == "decided"


def test_every_evaluation_stays_and_a_reversal_keeps_the_former_finding(office: FlaskClient, case: Any) -> None:
    before = taken(office, case, *INQUIRY[1:-2])
    turned = found(
        "art-8.1.1.affects_overall", "refuted", "2026-06-01", evidence=(), reason="另有说明", second="组员甲"
    )
    evaluated = step("evaluate", INQUIRY[-1].actor, "2026-06-01", person="P1")
    after = taken(office, before, turned, evaluated)
    person = after["persons"][0]
    finding = next(row for row in person["findings"] if row["element"] == "art-8.1.1.affects_overall")
    assert (finding["value"], [row["value"] for row in finding["was"]]) == ("refuted", ["established"])
    outcomes = [office.get(f"/api/v1/recommendations/{receipt}").json["persons"]["P1"]["outcome"]
                for receipt in person["evaluations"]]  # fmt: skip
    assert outcomes == ["accountable", "no_situation"]


def test_what_a_point_would_change_equals_a_new_evaluation(office: FlaskClient, case: Any) -> None:
    accepting = ({"element": "art-8.1.1.no_just_reason", "value": "refuted"},)
    point = with_details(first("raise_point"), kind="fact_denied", step="art-8.1.1", accepting=accepting)
    steps = tuple(point if one.action == "raise_point" else one for one in INQUIRY[1:-2])
    before = taken(office, case, *steps)
    (effect,) = office.get(f"/api/v1/cases/{case['id']}/points").json
    assert (effect["known"], effect["changes"]["outcome"]) == (True, {"now": "accountable", "then": "no_situation"})
    turned = found("art-8.1.1.no_just_reason", "refuted", "2026-06-01", evidence=(), reason="采纳", second="组员甲")
    after = taken(office, before, turned, step("evaluate", INQUIRY[-1].actor, "2026-06-01", person="P1"))
    receipt = after["persons"][0]["evaluations"][-1]
    assert office.get(f"/api/v1/recommendations/{receipt}").json["persons"]["P1"]["outcome"] == "no_situation"


def test_a_decision_submitted_twenty_times_at_once_exists_once(office: FlaskClient, case: Any) -> None:
    submitted = taken(office, case, *until("decide", STEPS)[1:])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: take(office, submitted, DECIDE, "decide-1"), range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    assert sorted(answer.json["repeated"] for answer in answers) == [False, *[True] * 19]
    with ThreadPoolExecutor(8) as pool:
        issue = first("issue_decision")
        answers = list(pool.map(lambda at: take(office, answers[0].json, issue, f"issue-{at}"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 7]


def test_a_key_of_another_action_is_refused_and_nothing_is_lost(office: FlaskClient, case: Any) -> None:
    approved = take(office, case, first("approve"), "k1").json
    answer = take(office, approved, first("form_team"), "k1")
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"Idempotency-Key"})
    assert take(office, approved, first("form_team"), "k2").json["state"] == "investigating"


def test_another_finding_under_a_known_key_is_refused_and_the_same_one_is_not(office: FlaskClient, case: Any) -> None:
    begun = taken(office, case, *until("find", STEPS)[1:])
    find = first("find")
    found = take(office, begun, find, "k1")
    assert (found.status_code, take(office, begun, find, "k1").json["repeated"]) == (200, True)
    for change in ({"value": "open"}, {"element": "harm", "value": "grave"}, {"reason": "另有理由"}):
        answer = take(office, found.json, with_details(find, **change), "k1")
        assert (answer.status_code, set(answer.json["errors"])) == (422, {"Idempotency-Key"}), change


def test_the_second_of_two_is_told_what_changed(office: FlaskClient, case: Any) -> None:
    taken(office, case, first("approve"))
    answer = take(office, case, step("refuse", first("approve").actor, "2026-05-13", reason="不需要"))
    assert (answer.status_code, [row["label"] for row in answer.json["since"]]) == (412, ["批准启动问责调查"])


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"matters": ["nobody"]}, {"details.matters[0]"}),
        ({"situations": ["art-9.9"], "colour": "红"}, {"details.situations[0]", "details.colour"}),
        ({"persons": []}, {"details.persons"}),
        ({"persons": entry(LAWFUL[0])["details"]["persons"] * 2}, {"details.persons[1].id"}),
    ],
    ids=["no such matter", "no such situation", "nobody", "twice"],
)
def test_what_is_wrong_with_an_entry_is_told_by_field(office: FlaskClient, change: Any, fields: set[str]) -> None:
    answer = proposed(office, **change)
    assert (answer.status_code, set(answer.json["errors"])) == (422, fields)
    assert office.get("/api/v1/cases").json == []


def test_a_value_has_to_be_one_of_its_element(office: FlaskClient, case: Any) -> None:
    before = taken(office, case, *until("find")[1:])
    answer = take(office, before, found("harm", "established"))
    assert set(answer.json["errors"]) == {"details.value"}
    assert "grave" in answer.json["errors"]["details.value"][0]
    stranger = take(office, before, with_details(found("harm", "grave"), person="P9"))
    assert set(stranger.json["errors"]) == {"details.person"}
    assert office.get("/api/v1/cases/nobody").status_code == 404


def test_only_a_configured_leader_approves(office: FlaskClient, case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_APPROVERS", "校长、副书记")
    answer = take(office, case, first("approve"))
    assert {row["guard"] for row in answer.json["refusals"]} == {"competent_approver"}
    monkeypatch.setenv("WENZE_APPROVERS", "校长、书记")
    assert take(office, case, first("approve")).status_code == 200


def test_a_revocation_restores_the_ratings_that_the_decision_took(office: FlaskClient, case: Any) -> None:
    barred = taken(office, case, *until("review_appeal", STEPS)[1:])
    assert [row["name"] for row in office.get("/api/v1/rating-bars?year=2026").json] == ["张某"]
    revoked = with_details(first("review_appeal"), result="revoked")
    after = taken(office, barred, revoked)
    assert "ratings" in after["persons"][0]["owed"]
    after = taken(office, after, step("unwind", ORGANISATION, "2026-08-20", person="P1", consequence="ratings"))
    assert "ratings" not in after["persons"][0]["owed"]
    assert office.get("/api/v1/rating-bars?year=2026").json == []


def test_what_a_decision_leaves_to_be_done_is_told_for_the_case_and_by_the_patrol(
    office: FlaskClient, case: Any
) -> None:
    served = taken(office, case, *until("notify_department", STEPS)[1:])
    (told,) = office.get(f"/api/v1/cases/{case['id']}/duties").json
    states = {row["id"]: (row["state"], row["actual"]) for row in told["duties"]}
    assert states["appeal"][1] == "2026-07-27"  # received on 25 June; 25 July is a Saturday
    assert {row["state"] for row in told["duties"]} >= {"done", "overdue"}
    kinds = [row for row in office.get("/api/v1/todo").json["findings"] if row["kind"] == "case_duty_overdue"]
    assert kinds
    assert all("张某" not in row["title"] + row["what"] for row in kinds)
    late = later(first("appeal"), 60)
    appealed = taken(office, served, late)
    (told,) = office.get(f"/api/v1/cases/{case['id']}/duties").json
    assert (told["late_appeals"], appealed["state"]) == (["2026-09-08"], "decided")


def test_a_token_confined_to_the_ledger_does_not_open_cases(app: Flask, office: FlaskClient, case: Any) -> None:
    with writing(app.extensions["database"]) as session:
        secret = create_token(session, "台账", now=datetime.now(UTC), expires_at=None, scopes=["ledger"])
    clerk = app.test_client()
    clerk.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    assert clerk.get("/api/v1/matters").status_code == 200
    parts = ("", "/points", "/duties", "/checkup", "/papers")
    for path in ("", *(f"/{case['id']}{part}" for part in parts)):
        assert clerk.get(f"/api/v1/cases{path}").status_code == 403, path
