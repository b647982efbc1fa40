"""Whoever investigates does not decide, and whoever decides reviews only with a reason: else the database refuses, whatever the code
above does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.case import act, cases, involvements
from models.case.cases import CaseRecordRow, CaseRow
from models.case.involvement import HANDS
from models.case.involvements import InvolvementRow, OtherHand
from models.people.persons import PersonRow
from models.records.fold import as_far_as
from models.records.record import Actor, Hand, Record
from models.records.stored import values_of
from models.store.database import reading, writing
from service.books import books
from service.usecases.administration import review
from service.usecases.cases.act_on_case import stored_case
from service.usecases.entry import Entry
from tests.integration.case_office import proposed, take, taken
from tests.integration.test_cases_api import DECIDE, STEPS
from tests.lawful_case import HEAD, REVIEW_MEETING, first, until, with_details
from tests.registered import entered

FREE = {name: lambda _: True for name in act.GUARDS}
"""The guards of the procedure, all removed."""


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(act, "GUARDS", FREE)


def met(one: Any, *attendance: str) -> Any:
    return with_details(one, meeting={**one.details["meeting"], "attendance": attendance})


def hands(app: Flask, case: Any) -> set[tuple[str, str]]:
    with reading(app.extensions["database"]) as session:
        who = func.coalesce(PersonRow.name, InvolvementRow.who)
        wanted = (
            select(who, InvolvementRow.relation).join(CaseRow).outerjoin(PersonRow, PersonRow.id == InvolvementRow.who)
        )
        wanted = wanted.where(CaseRow.id == case["id"], InvolvementRow.relation.in_(HANDS))
        return {(row[0], row[1]) for row in session.execute(wanted)}


def keep(session: Session, case_id: str, record: Record) -> None:
    """One more record of a case, as far as it tells of hands; past every guard above."""
    row = cases.lock(session, case_id)
    assert row is not None
    case = stored_case(session, books(), case_id)
    action = books().usual.proceedings.actions[record.action]
    made = Entry(action.id, record.details, record.actor, record.on, "测试")
    record = replace(record, effect=as_far_as(action, entered(session, {action.id: action}, made).details))
    involvements.keep(session, row.position, replace(case, records=(*case.records, record)))


@pytest.mark.usefixtures("unguarded")
def test_a_member_of_the_team_does_not_decide(app: Flask, office: FlaskClient) -> None:
    case = taken(office, proposed(office).json, *until("decide", STEPS)[1:])
    refused = take(office, case, met(DECIDE, "委员一", HEAD.name, "委员三"))
    assert (refused.status_code, refused.json["type"]) == (409, "urn:wenze:problem:other-hand")
    assert office.get(f"/api/v1/cases/{case['id']}").json["version"] == case["version"]
    assert ("委员一", "decision") not in hands(app, case)  # nothing is half-written
    assert taken(office, case, DECIDE)["state"] == "decided"


@pytest.mark.usefixtures("unguarded")
def test_whoever_decided_reviews_only_with_a_recorded_reason_and_whoever_investigated_never(
    app: Flask, office: FlaskClient
) -> None:
    case = taken(office, proposed(office).json, *until("review_appeal", STEPS)[1:])
    review = first("review_appeal", STEPS)
    for name, reason in (("委员二", None), ("组员甲", None), ("组员甲", "规定由学校党委复查")):
        one = with_details(met(review, "委员四", name, "委员六"), same_body_reason=reason)
        refused = take(office, case, one)
        assert (refused.status_code, refused.json["type"]) == (409, "urn:wenze:problem:other-hand"), name
    taken(office, case, met(review, "委员二", "委员五", "委员六"))
    assert {("委员二", "decision"), ("委员五", "review"), ("组员甲", "inquiry")} <= hands(app, case)


@pytest.mark.usefixtures("unguarded")
def test_whoever_decided_does_not_join_the_team(office: FlaskClient) -> None:
    case = taken(office, proposed(office).json, *until("issue_decision", STEPS)[1:])
    record = Record(
        99,
        "add_member",
        date(2026, 6, 23),
        Hand(Actor("主任", "office")),
        {"members": ({"name": "委员一"},)},
        datetime.now(UTC),
    )
    with (
        writing(office.application.extensions["database"]) as session,
        pytest.raises(OtherHand, match="decision → inquiry"),
    ):
        keep(session, case["id"], record)


def meeting(action: str, name: str) -> Record:
    details = {"person": "P1", "meeting": {**REVIEW_MEETING, "attendance": (name,)}}
    return Record(99, action, date(2026, 6, 23), Hand(Actor("秘书", "committee")), details, datetime.now(UTC))


def test_of_two_hands_at_the_same_moment_one_is_refused(app: Flask, office: FlaskClient) -> None:
    case, engine = proposed(office).json, app.extensions["database"]

    def kept(one: Record, barrier: Barrier) -> str:
        barrier.wait()
        try:
            with writing(engine) as session:
                keep(session, case["id"], one)
        except OtherHand:
            return "refused"
        return "kept"

    for at in range(5):
        barrier, pair = Barrier(2), [meeting(action, f"委员{at}") for action in ("decide", "review_appeal")]
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(kept, pair, [barrier, barrier]))
        assert sorted(found) == ["kept", "refused"]
        assert [name for name, _ in hands(app, case)] == [f"委员{at}"]


def test_the_database_itself_holds_one_hand_for_each_name_and_person(app: Flask, office: FlaskClient) -> None:
    case, engine = proposed(office).json, app.extensions["database"]
    with reading(engine) as session:
        found = cases.find(session, case["id"])
    assert found is not None
    row = {"case_position": found.position, "person": "P1", "who": "委员一", "relation": "decision", "since": 1}
    with writing(engine) as session:
        session.execute(insert(InvolvementRow).values(row))
        session.execute(insert(InvolvementRow).values(row | {"person": "P2", "relation": "review"}))
        session.execute(insert(InvolvementRow).values(row | {"relation": "recused"}))
    for change in (
        {"relation": "review"},
        {"who": "委员二", "relation": "audience"},
        {"who": "委员二", "case_position": 99},
    ):
        with pytest.raises(IntegrityError), writing(engine) as session:
            session.execute(insert(InvolvementRow).values(row | change))
    assert len(hands(app, case)) == 2


def test_stored_names_to_look_at_are_told_with_their_place(app: Flask, office: FlaskClient) -> None:
    case = taken(office, proposed(office).json, *until("form_team", STEPS)[1:])
    with writing(app.extensions["database"]) as session:
        old = Record(
            99, "recuse", date(2026, 6, 23), Hand(Actor("张某 ", "office")), {"name": "张\u200b某"}, datetime.now(UTC)
        )
        values = values_of(old, request_key=None)
        session.execute(insert(CaseRecordRow).values(case_id=case["id"], **values))
        told = list(review.names(session))
        session.rollback()
    assert any("U+200B" in line and f"案件 {case['id']} 记录 99" in line for line in told)
    assert any("按同一姓名比较" in line for line in told)
