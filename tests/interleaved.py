"""Pairs of actions on one case, begun at the same moment by two people who both try again when they are told of the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask.testing import FlaskClient

from tests.integration.case_office import take, taken
from tests.lawful_case import (
    COMMITTEE,
    LEADER,
    PERSON,
    REVIEW_MEETING,
    SAME_BODY,
    SLOTS,
    Step,
    by,
    first,
    stands_down,
    step,
    until,
    with_details,
)  # fmt: skip

AGGRAVATED = {"id": "aggravation", "choice": "从重", "reason": "催办三次仍未完成"}
DECIDE = with_details(
    first("decide"), decisions=({**first("decide").details["decisions"][0], "slots": (*SLOTS, AGGRAVATED)},)
)  # fmt: skip


def persistent(client: FlaskClient, case: Any, one: Step, barrier: Barrier) -> int:
    """Try a step, again with what is new whenever somebody else was faster; the last answer's status."""
    barrier.wait()
    for _ in range(5):
        answer = take(client, case, one)
        if answer.status_code != 412:
            return int(answer.status_code)
        case = client.get(f"/api/v1/cases/{case['id']}").json
    return 412


def both(client: FlaskClient, case: Any, one: Step, other: Step) -> tuple[int, int, list[str]]:
    """The answers to the two, and the actions in the order in which they were written."""
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(persistent, client, case, found, barrier) for found in (one, other)]
        answers = [future.result() for future in futures]
    records = client.get(f"/api/v1/cases/{case['id']}").json["records"][case["version"] :]
    return answers[0], answers[1], [record["action"] for record in records]


def approve_against_recuse(client: FlaskClient, case: Any) -> None:
    """Whoever is recused first does not approve."""
    recuse = stands_down(LEADER.name, "2026-05-13")
    approved, recused, order = both(client, case, by(first("approve"), LEADER), recuse)
    assert recused == 200
    assert (approved, order) in ((200, ["approve", "recuse"]), (409, ["recuse"])), (approved, order)


def decide_against_appeal(client: FlaskClient, case: Any) -> None:
    """An appeal and a correction of what it is about: the review never finds a decision that is gone."""
    before = taken(client, case, *until("decide")[1:], DECIDE, first("issue_decision"))
    correct = step("correct", COMMITTEE, "2026-07-10", person="P1", meeting=REVIEW_MEETING | {"held_on": "2026-07-09"},
                   result="revoked", reason="事实有误", **SAME_BODY)  # fmt: skip
    corrected, appealed, order = both(client, before, correct, first("appeal"))
    assert corrected == 200
    assert (appealed, order) in ((200, ["appeal", "correct"]), (409, ["correct"])), (appealed, order)


def answer_against_withdraw(client: FlaskClient, case: Any) -> None:
    """A point that was withdrawn is not answered afterwards."""
    before = taken(client, case, *until("answer_point")[1:])
    withdraw = step("withdraw_point", PERSON, "2026-05-28", person="P1", point="1", reason="不再坚持")
    answered, withdrawn, order = both(client, before, first("answer_point"), withdraw)
    assert withdrawn == 200
    assert (answered, order) in ((200, ["answer_point", "withdraw_point"]), (409, ["withdraw_point"])), (
        answered,
        order,
    )


PAIRS: dict[str, Callable[[FlaskClient, Any], None]] = {
    "approve against recuse": approve_against_recuse,
    "correct against appeal": decide_against_appeal,
    "answer against withdraw": answer_against_withdraw,
}
