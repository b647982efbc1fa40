"""Accountability cases: opened, acted on, listed; what each point of the defence would change; the check-up of procedure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, g
from flask_smorest import Blueprint

from models.domain.cases.checkup import Checked
from models.domain.cases.outcome import remaining
from models.domain.cases.parts import Finding, Person
from models.schemas.case_view import CaseLine, CaseView, CheckedView, PointEffect
from models.schemas.entries import case_entries
from models.store import case_sight
from models.store.database import reading, writing
from rules.rulebook import Rulebook
from service import config
from service.api.answers import as_json
from service.api.asked import LAST_POSITION, asks, state_of, whole
from service.api.entries import KEY, about, action_route, body_of, json_body, request_key
from service.api.evaluations import since_then
from service.api.openapi import Operations, answers, many
from service.auth import check_actor, check_own_part, may_see_case
from service.documents.case_basis import Basis
from service.request_context import context
from service.routes import Shows, Writes
from service.usecases.act_on_case import CaseOutcome, StaleCase, act_on_case, open_case, read_case
from service.usecases.act_on_matter import Entry, read_matters
from service.usecases.case_duties import case_duties
from service.usecases.case_papers import dossier_of
from service.usecases.check_up import check_up
from service.usecases.weigh_points import weigh_points

blueprint = Blueprint("cases", __name__, description="问责程序")
routes = Operations(blueprint)
_FIRST = "propose"
_MOST = 200
_STATE = state_of("案件", "case_state", lambda: context().book.proceedings.states)
_AFTER = whole("after", "上一页最后的位置", 0, LAST_POSITION, 0)


@answers(blueprint, 401, 403, 409, 413, 415, 422, 507)
@blueprint.response(201, CaseView, description="已提出")
def open_one() -> Response:
    entry = _entry(_FIRST)
    with writing(current_app.extensions["database"]) as session:
        outcome = open_case(session, context().books, entry, now=datetime.now(UTC), approvers=config.approvers())
    return _answer(outcome, 201, Location=f"/api/v1/cases/{outcome.id}")


def _act(action: str, case_id: str, expected: int) -> Response:
    entry = _entry(action)
    check_own_part(entry.actor, entry.details, case_id)
    try:
        with writing(current_app.extensions["database"]) as session:
            outcome = act_on_case(
                session, context().books, case_id, entry, expected=expected, now=datetime.now(UTC), approvers=config.approvers(),
                decision_prefix=config.decision_prefix(),
            )  # fmt: skip
    except StaleCase as error:
        raise error if may_see_case(case_id) else StaleCase(error.version, ()) from None
    if may_see_case(case_id):
        return _answer(outcome)
    return Response(status=204, headers={"ETag": f'"{outcome.case.version}"'})


@routes.of_book
def _of_book(book: Rulebook) -> Operations:
    """The opening, and each action, called as the book calls it."""
    made, actions = Operations(blueprint), book.proceedings.actions
    told = {"operationId": "openCase", "summary": about(actions[_FIRST], book)}
    opening = blueprint.doc(**told, parameters=[KEY], requestBody=body_of(f"CaseEntry.{_FIRST}"))(open_one)
    made.post("/cases", "case:open", Writes("提出问责调查"))(opening)
    for name in actions:
        if name != _FIRST:
            action_route(made, "case", actions[name], book, CaseView, _act)
    return made


@routes.get("/cases/<case_id>", "case:read", Shows("查阅案件"))
@blueprint.doc(operationId="readCase", summary="一个案件及其全部记录")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, CaseView, description="案件")
def read_one(case_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        return _answer(read_case(session, context().books, case_id))


@routes.get("/cases/<case_id>/points", "case:read", Shows("查阅申辩意见的作用"))
@blueprint.doc(operationId="weighPoints", summary="每条申辩意见如被采纳会改变什么")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, PointEffect(many=True), description="申辩意见的作用")
def points(case_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        case = read_case(session, context().books, case_id)
        found = weigh_points(
            session,
            context().books,
            dossier_of(session, context().books, case, read_matters(session, context().books, case.case.matters)),
        )
    return as_json([{"person": one.person, "point": one.point, "known": one.known, "changes": one.changes,
                     "basis": _basis(one.basis) if one.basis else None} for one in found])  # fmt: skip


def _basis(found: Basis) -> dict[str, Any]:
    return {
        "receipt_id": found.evaluated.receipt_id, "matter_id": found.matter.id, "version": found.version,
        "since": since_then(found.since), "findings": [record.number for record in found.found],
    }  # fmt: skip


@routes.get("/cases/<case_id>/duties", "case:read", Shows("查阅决定之后的职责"))
@blueprint.doc(operationId="caseDuties", summary="决定之后的职责和期限，按今天的情形")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, many("PersonDutiesView"), description="职责")
def duties(case_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        found = read_case(session, context().books, case_id)
    return as_json(case_duties(found, today=context().today))


@routes.get("/cases/<case_id>/checkup", "case:check", Shows("程序体检"))
@asks()
@blueprint.doc(operationId="checkUpCase", summary="程序体检：逐项核对程序职责，缺失的如何补正，按今天的情形")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, CheckedView(many=True), description="各项职责的结论，先后依条款次序")
def checkup(case_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        found = check_up(session, context().books, case_id, today=context().today)
    return as_json([_checked(row) for row in found.rows])


@routes.get("/cases", "case:list", Shows("查阅案件一览"))
@asks(_STATE, _AFTER)
@blueprint.doc(operationId="listCases", summary="案件一览，按提出先后")
@answers(blueprint, 401, 403)
@blueprint.response(200, CaseLine(many=True), description="案件")
def list_cases() -> Response:
    state, after = _STATE.asked(), _AFTER.asked()
    with reading(current_app.extensions["database"]) as session:
        rows = case_sight.page(session, g.principal.sight("case:read"), every=context().book.proceedings.states, behind=after, limit=_MOST,
                               states=(state,) if state else None, newest_first=False)  # fmt: skip
    return as_json([{"position": row.position, "id": row.id, "title": row.title, "state": row.state,
                     "version": row.version} for row, _ in rows])  # fmt: skip


def _checked(row: Checked) -> dict[str, Any]:
    book = context().book
    return {**asdict(row), "citation": book.provisions[row.provision].citation,
            "grade_label": book.checkup.grades[row.grade]}  # fmt: skip


def _entry(action: str) -> Entry:
    key = request_key()
    entry = Entry(action, **case_entries(context().book).load(action, json_body()), entered_by=g.actor, request_key=key)
    check_actor(entry.actor)
    return entry


def _answer(outcome: CaseOutcome, status: int = 200, **headers: str) -> Response:
    case = outcome.case
    actions = context().book.proceedings.actions
    body = {
        "id": outcome.id, "state": case.state, "version": case.version, "title": case.title, "matters": case.matters,
        "situations": case.situations, "team": [asdict(member) for member in case.team], "recused": dict(case.recused),
        "persons": [_person(outcome, person) for person in case.persons.values()], "repeated": outcome.repeated,
        "records": [
            {"number": record.number, "action": record.action, "label": actions[record.action].label,
             "provision": actions[record.action].provision, "on": record.on, "by": record.actor.name,
             "as": record.actor.kind, "details": record.details, "entered_by": record.entered_by,
             "entered_on": record.entered_on}
            for record in case.records
        ],
    }  # fmt: skip
    return as_json(body, status, ETag=f'"{case.version}"', **headers)


def _person(outcome: CaseOutcome, person: Person) -> dict[str, Any]:
    receipts = outcome.case.receipts(person.id)
    return {
        "id": person.id, "name": person.name, "post": person.post, "unit": person.unit,
        "findings": [_finding(found) for found in person.findings.values()],
        "points": [
            {"id": point.id, "kind": point.kind, "step": point.step, "text": point.text, "accepting": point.accepting,
             "withdrawn": point.withdrawn, "reasonable": point.reasonable, "adopted": point.adopted, "answer": point.answer}
            for point in person.points.values()
        ],
        "signature": person.signature.kind if person.signature else None, "evaluations": receipts,
        "decision": asdict(person.decision) if person.decision else None, "decision_number": person.decision_number,
        "appeals": [{**asdict(appeal), "informed": sorted(appeal.informed)} for appeal in person.appeals],
        "owed": sorted({one.id for one in person.owed}), "remaining": remaining(person, outcome.book),
    }  # fmt: skip


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "element": found.element, "label": context().book.vocabulary.label(found.element), "value": found.value, "evidence": found.evidence,
        "by": found.by, "on": found.on, "record": found.number, "reason": found.reason,
        "was": [{"value": one.value, "by": one.by, "on": one.on, "record": one.number, "reason": one.reason}
                for one in _before(found)],
    }  # fmt: skip


def _before(found: Finding) -> Iterator[Finding]:
    while found.was is not None:
        found = found.was
        yield found
