"""The ledger over HTTP, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from models.people import posts
from models.people.organisation import Post
from models.people.units import UnitAlias
from models.store.database import writing
from models.store.sent_forms import SentForm
from rules.reasoning.calendar import LOCAL
from service.books import books
from service.usecases.recommending.recommend import recommend
from tests.answers import answered
from tests.approved import AGREED, DIRECTOR, as_json
from tests.conftest import example
from tests.integration.ledger_office import LEADER, OFFICE, UNIT, act, approved, assigned, opened


def test_matters_are_numbered_by_year_without_gaps(office: FlaskClient) -> None:
    numbers = []
    for _ in range(2):
        matter = opened(office).json
        assert act(office, matter, "register", "2026-01-06", OFFICE, route="direct").status_code == 409
        done = approved(office, matter, "register", "2026-01-06", route="direct")
        numbers.append(done.json["number"])
    assert numbers == ["督〔2026〕1号", "督〔2026〕2号"]


def test_a_refusal_names_every_provision_and_writes_nothing(office: FlaskClient) -> None:
    answer = opened(office, consulted_with=None, lead_unit="校外公司")
    assert answer.status_code == 409
    assert {row["provision"] for row in answer.json["refusals"]} == {"art-6.1.a", "art-3.2.a"}
    assert "第六条" in answer.json["detail"]
    assert office.get("/api/v1/matters").json == []


def test_an_action_out_of_turn_says_which_state_it_needs(office: FlaskClient) -> None:
    answer = act(office, opened(office).json, "report", "2026-04-29", UNIT, result="完成")
    assert (answer.status_code, answer.json["title"]) == (409, "wrong-state")
    assert "办理中" in answer.json["detail"]


def test_what_is_wrong_with_an_entry_is_told_by_field(office: FlaskClient) -> None:
    answer = act(office, assigned(office), "decide_extension", "2026-02-30", LEADER, granted="true", colour="红")
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"on", "details.granted", "details.colour"}


def test_the_second_of_two_clerks_is_told_what_changed(office: FlaskClient) -> None:
    matter = assigned(office)
    with ThreadPoolExecutor(2) as pool:
        found = list(
            pool.map(lambda note: act(office, matter, "supervise", "2026-03-01", OFFICE, note=note), ["甲", "乙"])
        )
    assert sorted(answer.status_code for answer in found) == [200, 412]
    stale = next(answer for answer in found if answer.status_code == 412)
    assert [row["label"] for row in stale.json["since"]] == ["督办"]
    assert len(office.get(f"/api/v1/matters/{matter['id']}").json["records"]) == 5


def test_a_request_submitted_twice_happens_once(office: FlaskClient) -> None:
    matter = assigned(office)
    first, again = (act(office, matter, "supervise", "2026-03-01", OFFICE, "k1", note="督办") for _ in range(2))
    assert (first.status_code, first.json["repeated"], again.status_code, again.json["repeated"]) == (
        200,
        False,
        200,
        True,
    )
    assert len(again.json["records"]) == 5


def test_a_matter_opened_twice_by_one_request_exists_once(office: FlaskClient) -> None:
    first, again = opened(office, "open-1"), opened(office, "open-1")
    assert (first.status_code, again.json["id"], again.json["repeated"]) == (201, first.json["id"], True)
    assert len(office.get("/api/v1/matters").json) == 1


def test_twenty_submissions_of_one_request_at_once_are_one(office: FlaskClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: opened(office, "open-1"), range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json["repeated"] for answer in answers) == [False, *[True] * 19]
    matter = answers[0].json
    matter = act(office, matter, "endorse_registration", "2026-01-06", as_json(DIRECTOR), **AGREED).json
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: act(office, matter, "register", "2026-01-06", OFFICE, "k1", route="direct"), range(20))
        )
    assert [answer.json["number"] for answer in answers] == ["督〔2026〕1号"] * 20
    assert office.get(f"/api/v1/matters/{matter['id']}").json["version"] == 3


def test_matters_registered_at_once_get_numbers_without_gap_or_repetition(office: FlaskClient) -> None:
    matters = [opened(office, title=f"事项{at}").json for at in range(12)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: approved(office, one, "register", "2026-01-06", route="direct"), matters))
    assert sorted(int(answer.json["number"][7:-1]) for answer in answers) == list(range(1, 13))


def test_a_day_to_come_and_a_day_before_its_turn_are_refused(office: FlaskClient) -> None:
    matter = assigned(office)
    tomorrow = (datetime.now(LOCAL).date() + timedelta(days=1)).isoformat()
    for day in (tomorrow, "2026-01-07"):
        answer = act(office, matter, "supervise", day, OFFICE, note="督办")
        assert (answer.status_code, set(answer.json["errors"])) == (422, {"on"})


def test_a_unit_is_known_by_its_other_names(app: Flask, office: FlaskClient) -> None:
    with writing(app.extensions["database"]) as session:
        session.add(UnitAlias(alias="甲部", unit="甲处"))
    assert opened(office, lead_unit="甲部").json["lead_unit"] == "甲处"


def test_the_project_leader_is_who_the_organisation_says_leads_the_unit(app: Flask, office: FlaskClient) -> None:
    held = [("赵六", "赵六", "正职"), ("钱七", "钱七", "副职")]
    with writing(app.extensions["database"]) as session:
        for number, name, rank in held:
            posts.write(
                session,
                Post(number, name, "甲处", "处长", rank, "school_committee", date(2020, 1, 1)),
                by="测试",
                now=datetime.now(UTC),
            )
    matter = opened(office, co_units=["乙处"]).json
    for name, rank, status in (("钱七", "正职", 409), ("外人", "正职", 409), ("赵六", "正职", 200)):
        answer = act(office, matter, "arrange", "2026-01-06", OFFICE, project_leader={"name": name, "rank": rank})
        assert answer.status_code == status, name


def test_a_version_is_asked_for(office: FlaskClient) -> None:
    path = f"/api/v1/matters/{assigned(office)['id']}/actions/supervise"
    body = {"on": "2026-03-01", "actor": OFFICE, "details": {"note": "督办"}}
    assert office.post(path, json=body).status_code == 428
    assert office.post(path, json=body, headers={"If-Match": "abc"}).status_code == 400


def test_urged_three_times_is_counted_from_the_records(office: FlaskClient) -> None:
    matter = assigned(office)
    matter = act(office, matter, "check", "2026-03-10", OFFICE, method="check").json
    matter = act(office, matter, "supervise", "2026-04-10", OFFICE, note="督办").json
    assert act(office, matter, "urge", "2026-04-30", OFFICE).status_code == 409
    for on in ("2026-05-04", "2026-05-08"):
        matter = act(office, matter, "urge", on, OFFICE, responsible="张某").json
    case = example("plan-task-missed") | {"trigger_date": "2026-05-18"}
    found = office.get(f"/api/v1/matters/{matter['id']}/case").json
    case["matter"] = found["matter"]
    answer = answered(recommend(case, "台账", books()))["persons"]["P1"]
    assert answer["aggravation"] == ["art-8.3.3.1.b"]
    assert answer["supervision_count"]["office_acts"] == 3
    assert [act["counted"] for act in answer["supervision_count"]["records"]] == [False, False, True, True, True]
    assert len(found["records"]) == matter["version"]


def test_the_case_names_who_held_which_post_when_it_was_due(app: Flask, office: FlaskClient) -> None:
    with writing(app.extensions["database"]) as session:
        for name, from_on, to_on in (("赵六", date(2020, 1, 1), date(2026, 3, 31)), ("孙九", date(2026, 4, 1), None)):
            posts.write(
                session,
                Post(name, name, "甲处", "处长", "正职", "school_committee", from_on, to_on),
                by="测试",
                now=datetime.now(UTC),
            )
    found = office.get(f"/api/v1/matters/{assigned(office)['id']}/case").json
    assert [(row["name"], row["managed_by"], row["as_of"]) for row in found["people"]] == [
        ("孙九", "school_committee", "2026-04-30")
    ]  # fmt: skip


def test_a_return_with_a_new_date_moves_the_due_date_of_the_case(office: FlaskClient) -> None:
    matter = assigned(office)
    matter = act(office, matter, "report", "2026-04-29", UNIT, result="完成").json
    matter = act(office, matter, "return", "2026-05-03", OFFICE, reason="缺数据", new_due_on="2026-05-20").json
    matter = act(office, matter, "report", "2026-05-19", UNIT, result="补齐").json
    matter = act(office, matter, "accept", "2026-05-20", OFFICE).json
    block = office.get(f"/api/v1/matters/{matter['id']}/case").json["matter"]
    assert (block["due_on"], block["redone_on"], block["redo_review"]) == ("2026-05-20", "2026-05-19", "accepted")
    case = example("plan-task-missed") | {"trigger_date": "2026-06-18", "matter": block}
    assert answered(recommend(case, "台账", books()))["persons"]["P1"]["gates"]["failure"] == "refuted"


def test_lists_are_filtered_and_paged(office: FlaskClient) -> None:
    for number in range(5):
        opened(office, title=f"事项{number}")
    first = office.get("/api/v1/matters?limit=3&state=proposed").json
    rest = office.get(f"/api/v1/matters?limit=3&after={first[-1]['position']}&unit=甲处").json
    assert [row["title"] for row in first + rest] == [f"事项{number}" for number in range(5)]
    assert office.get("/api/v1/matters?due_before=2026-04-30").json == []
    assert office.get("/api/v1/matters?state=lost").status_code == 400
    assert office.get("/api/v1/matters?limit=10000").status_code == 400


def test_a_key_that_was_used_for_something_else_is_refused_and_nothing_is_lost(office: FlaskClient) -> None:
    matter = assigned(office)
    checked = act(office, matter, "check", "2026-02-01", OFFICE, key="key-1")
    other = act(office, checked.json, "supervise", "2026-02-02", OFFICE, note="督办", key="key-1")
    assert (other.status_code, set(other.json["errors"])) == (422, {"Idempotency-Key"})
    assert act(office, matter, "check", "2026-02-01", OFFICE, key="key-1").json["repeated"] is True
    first = opened(office, key="key-2")
    assert opened(office, key="key-2").json["id"] == first.json["id"]
    assert set(opened(office, key="key-2", title="另一件事").json["errors"]) == {"Idempotency-Key"}


@pytest.mark.parametrize(
    "changed",
    [
        {"note": "另一次督办"},
        {"method": None, "problems": "有"},
        {"on": "2026-02-03"},
        {"actor": {**OFFICE, "name": "别人"}},
    ],
    ids=["another text", "another field", "another day", "another actor"],
)
def test_a_request_that_differs_in_anything_under_a_known_key_is_refused(
    office: FlaskClient, changed: dict[str, Any]
) -> None:
    matter = assigned(office)
    told: dict[str, Any] = {"on": "2026-02-02", "actor": OFFICE, "note": "督办"}
    first = act(office, matter, "supervise", told["on"], told["actor"], note=told["note"], key="key-1")
    same = act(office, matter, "supervise", told["on"], told["actor"], note=told["note"], key="key-1")
    assert (first.status_code, same.json["repeated"]) == (200, True)
    asked = {**told, **changed}
    on, actor = asked.pop("on"), asked.pop("actor")
    other = act(office, matter, "supervise", on, actor, key="key-1", **asked)
    assert (other.status_code, set(other.json["errors"])) == (422, {"Idempotency-Key"}), other.json
    said = "".join(other.json["errors"]["Idempotency-Key"])
    assert f"第{first.json['version']}条记录（督办，2026-02-02，" in said
    assert f"现在要办理的是督办，{on}，{actor['name']}" in said
    assert len(office.get(f"/api/v1/matters/{matter['id']}").json["records"]) == first.json["version"]


def test_the_same_request_is_told_by_what_was_asked_and_not_by_what_it_became(app: Flask, office: FlaskClient) -> None:
    with writing(app.extensions["database"]) as session:
        session.add(UnitAlias(alias="甲", unit="甲处"))
    first = opened(office, key="key-1", lead_unit="甲")
    assert (first.status_code, first.json["lead_unit"]) == (201, "甲处")
    with writing(app.extensions["database"]) as session:
        session.execute(delete(UnitAlias))  # what the alias meant then is forgotten
    assert opened(office, key="key-1", lead_unit="甲").json["id"] == first.json["id"]
    assert set(opened(office, key="key-1", lead_unit="甲处").json["errors"]) == {"Idempotency-Key"}
    with writing(app.extensions["database"]) as session:
        session.execute(delete(SentForm))  # as after an upgrade: only the record is left
    assert opened(office, key="key-1", lead_unit="甲处").json["repeated"] is True
    assert set(opened(office, key="key-1", lead_unit="乙处").json["errors"]) == {"Idempotency-Key"}
    acted = act(office, first.json, "register", "2026-01-06", OFFICE, key="key-1", route="direct")
    assert (acted.status_code, set(acted.json["errors"])) == (422, {"Idempotency-Key"})


def test_a_past_deadline_and_a_move_of_an_overdue_matter_are_refused_as_policy_and_then_recorded(
    office: FlaskClient,
) -> None:
    """No provision forbids them: the refusal says so in words and as data."""
    late = opened(office, due_on="2026-01-05").json
    refused = approved(office, late, "register", "2026-01-06", route="direct")
    assert (refused.status_code, [(row["guard"], row["policy"]) for row in refused.json["refusals"]]) == (
        409, [("past_due_reasoned", True), ("past_due_approved", True)]
    )  # fmt: skip
    assert "须写明理由（reason）（本校管理要求，不是规章的规定；参照第六条第（五）款" in refused.json["detail"]
    late = office.get(f"/api/v1/matters/{late['id']}").json
    done = approved(office, late, "register", "2026-01-06", route="leader", reason="会议所定").json
    assert done["state"] == "registered"
    matter = assigned(office)
    moved = {"lead_unit": "乙处"}
    refused = act(office, matter, "arrange", "2026-05-06", OFFICE, **moved)
    assert [row["guard"] for row in refused.json["refusals"]] == ["moved_overdue_approved"]
    matter = act(office, matter, "approve_change", "2026-05-06", LEADER, **moved, **AGREED).json
    done = act(office, matter, "arrange", "2026-05-06", OFFICE, **moved, reason="职责调整").json
    assert done["lead_unit"] == "乙处"
