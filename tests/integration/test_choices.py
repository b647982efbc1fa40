"""What the committee chooses, by every action that decides: closed to the options, and told with all else that forbids it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from models.schemas.entries import case_entries
from rules.book.loading import load_rulebook
from tests.integration.case_office import proposed, take, taken
from tests.integration.page_case import browser, entering
from tests.integration.paper_cases import CHANGED, STEPS, before
from tests.integration.test_pages_committee import error_at, form_of, slot
from tests.lawful_case import SAME_BODY, Step, first, step, with_details

BOOK = load_rulebook()
CLOSED = {choice.id: row["options"] for choice, row in BOOK.discretion if row["options"]}
CORRECTED = step(
    "correct",
    CHANGED.actor,
    "2026-08-12",
    **{**CHANGED.details, "reason": "有误", **SAME_BODY},
)
DECIDING = {"decide": first("decide", STEPS), "review_appeal": CHANGED, "correct": CORRECTED}


def deciding(one: Step, slots: list[dict[str, str]]) -> Step:
    """The step with other answers to the questions."""
    if "decisions" in one.details:
        return with_details(one, decisions=({**one.details["decisions"][0], "slots": slots},))
    return with_details(one, decision={**one.details["decision"], "slots": slots})


def slots_of(one: Step) -> list[dict[str, str]]:
    made = one.details["decisions"][0] if "decisions" in one.details else one.details["decision"]
    return [dict(slot) for slot in made["slots"]]


@pytest.mark.parametrize("action", DECIDING)
@pytest.mark.parametrize("question", [choice.id for choice, _ in BOOK.discretion])
def test_the_documented_entry_is_closed_to_the_options_of_each_question(action: str, question: str) -> None:
    details = case_entries(load_rulebook()).schemas()[f"CaseEntry.{action}"]["properties"]["details"]["properties"]
    made = details["decisions"]["items"] if action == "decide" else details["decision"]
    fits = Draft202012Validator(made["properties"]["slots"]["items"]).is_valid
    for choice in CLOSED.get(question, ["校内"]):
        assert fits({"id": question, "choice": choice, "reason": "理由"})
    assert fits({"id": question, "choice": "都不", "reason": "理由"}) is (question not in CLOSED)


def test_what_cannot_be_chosen_is_refused_by_every_action_that_decides_with_all_else_at_once(
    app: Flask, office: FlaskClient
) -> None:
    case = proposed(office).json
    for at, (action, one) in enumerate(DECIDING.items()):
        steps = (
            before("decide", STEPS)[1:] if at == 0 else before("review_appeal", STEPS)[len(before("decide", STEPS)) :]
        )
        case = taken(office, case, *steps) if at < 2 else case
        path = "details.decisions[0]" if action == "decide" else "details.decision"
        kept = slots_of(one)
        where = next(at for at, row in enumerate(kept) if row["id"] == "aggravation")
        for choice in ("不适用", "都不", " 从重", "从轻"):
            wrong = deciding(one, [row | {"choice": choice} if row["id"] == "aggravation" else row for row in kept])
            refused = take(office, case, wrong)
            assert refused.status_code == 422, (action, refused.json)
            assert "须为：从重、加重" in refused.json["errors"][f"{path}.slots[{where}].choice"][0]
        neither = take(office, case, deciding(one, [row for row in kept if row["id"] != "aggravation"]))
        assert "discretion_reasoned" in {row["guard"] for row in neither.json["refusals"]}
        both = deciding(with_details(one, meeting={**one.details["meeting"], "attendance": ("委员一", "组员甲", "委员三")}),
                        [row | {"choice": "都不"} if row["id"] == "combination" else row for row in kept
                         if row["id"] != "aggravation"])  # fmt: skip
        told = take(office, case, both)
        assert told.status_code == 409
        assert {"discretion_reasoned"} < {row["guard"] for row in told.json["refusals"]}
        assert [path for path in told.json["errors"] if path.endswith("].choice")]
        assert "须为：单独使用、合并使用" in told.json["detail"]
        assert office.get(f"/api/v1/cases/{case['id']}").json["version"] == case["version"]
    assert taken(office, case, CHANGED)["version"] == case["version"] + 1


@pytest.mark.parametrize("action", ["review_appeal", "correct"])
def test_the_form_of_a_review_or_correction_gives_the_options_and_tells_faults_at_their_question(
    app: Flask, action: str
) -> None:
    entry = entering(app)
    case = taken(entry, proposed(entry).json, *before("review_appeal", STEPS)[1:])
    secretary = browser(app, "secretary", "党委秘书", "committee_secretary")
    address, one = f"/cases/{case['id']}/act/{action}", DECIDING[action]
    page = secretary.get(address).text
    form, decision = form_of(page), "details.decision"
    for question, options in CLOSED.items():
        select = page.split(f'name="{slot(form, decision, question)}.choice"', 1)[1].split("</select>", 1)[0]
        assert re.findall(r'<option value="([^"]+)"', select) == options
        assert " selected" not in select
    sent = form | {"papers": re.findall(r'name="papers" value="([^"]+)"', page)[0]} | {
        "on": "2026-08-12", "actor.name": "党委秘书", "actor.kind": "committee", "details.person": "P1",
        "details.result": "changed", "details.reason": "后果轻于原认定", "details.same_body_reason": "规定由学校党委复查",
        "details.prepared_by": "党委秘书", "details.meeting.body": "党委常委会", "details.meeting.held_on": "2026-08-10",
        "details.meeting.attendance": "委员一\n委员二\n委员三", "details.meeting.votes.for": "3",
        "details.meeting.votes.against": "0", "details.meeting.votes.abstain": "0",
        f"{decision}.outcome": "held", f"{decision}.measures": "notice_of_criticism", f"{decision}.departure": "影响已经消除",
    }  # fmt: skip
    for row in slots_of(one):
        path = slot(form, decision, row["id"])
        sent |= {f"{path}.choice": row["choice"], f"{path}.reason": row["reason"]}
    combination = slot(form, decision, "combination")
    refused = secretary.post(address, data=sent | {f"{combination}.choice": "合并使用"})
    assert refused.status_code == 422
    assert "而所采取的问责方式有1项" in str(error_at(refused.text, f"{combination}.choice"))
    half = secretary.post(address, data=sent | {f"{combination}.reason": ""})
    assert "缺少必填字段" in str(error_at(half.text, f"{combination}.reason"))
    both = secretary.post(address, data=sent | {f"{combination}.choice": "合并使用", "details.same_body_reason": ""})
    assert both.status_code == 422
    assert error_at(both.text, f"{combination}.choice")
    assert "须写明理由和复查材料由谁准备" in str(error_at(both.text, "details.same_body_reason"))
    empty = {name: value for name, value in sent.items() if not name.startswith(f"{decision}.") or name.endswith(".id")}
    assert "变更的须写明变更后的决定" in secretary.post(address, data=empty).text
    done = secretary.post(address, data=sent)
    assert done.status_code == 303, re.findall(r'-error">([^<]+)<', done.text)
