"""From the ledger to a recommendation, and what the ledger says afterwards; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import example
from tests.integration.ledger_office import LEADER, OFFICE, UNIT, act, assigned


@pytest.fixture
def question() -> dict[str, Any]:
    """The persons of a worked case; the matter comes from the ledger."""
    case = example("plan-task-missed") | {"trigger_date": "2026-05-18"}
    return {name: value for name, value in case.items() if name not in ("matter", "expected")}


@pytest.fixture
def urged(office: FlaskClient) -> Any:
    """A matter that was checked once, supervised once and urged twice, with an extension that nobody answered."""
    matter = assigned(office)
    matter = act(office, matter, "check", "2026-03-10", OFFICE, method="check").json
    matter = act(office, matter, "supervise", "2026-04-10", OFFICE, note="督办").json
    matter = act(office, matter, "request_extension", "2026-04-28", UNIT, reason="等数据", progress="七成").json
    matter = act(office, matter, "urge", "2026-05-04", OFFICE).json
    return act(office, matter, "urge", "2026-05-08", OFFICE).json


def ask(client: FlaskClient, matter: Any, question: Any, store: str = "true") -> Any:
    return client.post(f"/api/v1/matters/{matter['id']}/recommendations?store={store}", json=question)


def test_each_act_is_shown_with_its_record_and_whether_it_counted(
    office: FlaskClient, urged: Any, question: Any
) -> None:
    answer = ask(office, urged, question, "false").json
    number = urged["number"]
    assert [(row["record"], row["label"], row["counted"]) for row in answer["ledger"]["acts"]] == [
        (f"{number}#4", "交办", False), (f"{number}#5", "定期检查", False), (f"{number}#6", "督办", True),
        (f"{number}#8", "催办", True), (f"{number}#9", "催办", True),
    ]  # fmt: skip
    assert answer["persons"]["P1"]["aggravation"] == ["art-8.3.3.1.b"]
    assert answer["ledger"]["version"] == urged["version"]


def test_what_speaks_for_the_person_stands_beside_what_speaks_against(
    office: FlaskClient, urged: Any, question: Any
) -> None:
    rows = {row["rule"]: row for row in ask(office, urged, question, "false").json["ledger"]["persons"]["P1"]}
    task = rows["art-8.1.1"]
    assert [row["element"] for row in task["against"]] == [
        "art-8.1.1.task_in_plan", "art-8.1.1.main_task_assigned", "art-8.1.1.not_completed",
    ]  # fmt: skip
    assert [(row["search"], row["records"]) for row in task["for"]] == [
        ("extension_unanswered", [f"{urged['number']}#7"]),
    ]  # fmt: skip
    counted = rows["art-8.3.3.1.b"]["against"]
    assert [row["records"] for row in counted] == [[f"{urged['number']}#{at}" for at in (6, 8, 9)]]
    urging = {row["search"] for row in rows["art-8.3.3.1.b"]["for"]}
    assert urging == {"extension_unanswered", "urging_unconfirmed"}


def test_a_change_after_the_evaluation_is_shown_and_the_receipt_stays(
    office: FlaskClient, urged: Any, question: Any
) -> None:
    kept = ask(office, urged, question)
    place = f"/api/v1/matters/{urged['id']}/recommendations"
    assert [(row["id"], row["current"]) for row in office.get(place).json] == [(kept.json["id"], True)]
    changed = {"granted": True, "new_due_on": "2026-05-31"}
    act(office, urged, "decide_extension", "2026-05-12", LEADER, **changed)
    (row,) = office.get(place).json
    assert (row["current"], [since["label"] for since in row["since"]]) == (False, ["决定是否准予延期"])
    assert office.get(f"/api/v1/recommendations/{kept.json['id']}").data == kept.data
    again = ask(office, urged, question).json
    assert again["persons"]["P1"]["gates"]["failure"] == "refuted"
    assert kept.json["persons"]["P1"]["gates"]["failure"] == "established"
    assert [row["current"] for row in office.get(place).json] == [False, True]


def test_the_matter_cannot_be_typed_in(office: FlaskClient, urged: Any, question: Any) -> None:
    answer = ask(office, urged, question | {"matter": example("plan-task-missed")["matter"]})
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"matter"})
    assert set(ask(office, urged, {"persons": []}).json["errors"]) == {"trigger_date", "persons"}
    assert ask(office, urged, [1]).status_code == 422
    assert ask(office, {"id": "nobody"}, question).status_code == 404
    assert office.get(f"/api/v1/matters/{urged['id']}/recommendations").json == []
