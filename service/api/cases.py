"""Accountability cases: opened, acted on, listed; what each point of the defence would change; the check-up of procedure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Response, current_app, g
from sqlalchemy.orm import Session

from models.case import sight as case_sight
from models.case.checkup import GradedDuty
from models.case.outcome import remaining
from models.case.parts import Finding, Person
from models.schemas.case_view import (
    CaseLine,
    CasePersonView,
    CaseRecordView,
    CaseView,
    CheckedView,
    FindingView,
    PointBasis,
    PointEffect,
    PointView,
)
from models.schemas.entries import case_entries
from models.store.database import writing
from rules.book.rulebook import Rulebook
from service import config
from service.api.answers import as_json, told, view_of
from service.api.asked import KEY, LAST_POSITION, state_of, whole
from service.api.entries import about, action_route, json_body, request_key
from service.api.evaluations import since_then
from service.api.openapi import DeclaredAnswer, Operations, answers, asks, gives, interface, takes
from service.auth import check_decider, check_own_part, entry_of, may_see_case
from service.documents.case.basis import Basis
from service.request_context import context
from service.routes import Shows, Writes
from service.usecases.cases.act_on_case import CaseOutcome, StaleCase, act_on_case, open_case, read_case
from service.usecases.cases.check_up import check_up
from service.usecases.cases.duties import PersonDuties, case_duties
from service.usecases.cases.papers import dossier_of
from service.usecases.cases.weigh_points import weigh_points
from service.usecases.entry import Entry
from service.usecases.matters.act_on_matter import read_matters

routes = interface("cases", "问责程序")
_FIRST = "propose"
_MOST = 200
_STATE = state_of("案件", "case_state", lambda: context().book.proceedings.states)
_AFTER = whole("after", "上一页最后的位置", 0, LAST_POSITION, 0)
_OPENED = gives(CaseView, "已提出", 201)
_DONE = gives(CaseView, "已办理"), DeclaredAnswer("已办理；办理人不得查阅案件的，不附案件", {}, 204)


def open_one() -> Response:
    entry = _entry(_FIRST)
    with writing(current_app.extensions["database"]) as session:
        outcome = open_case(session, context().books, entry, now=datetime.now(UTC), approvers=config.approvers())
    return _answer(outcome, 201, Location=f"/api/v1/cases/{outcome.id}")


def _act(action: str, case_id: str, expected: int) -> Response:
    entry = _entry(action)
    check_own_part(entry.actor, entry.details, case_id)
    check_decider(context().book.proceedings.actions[action])
    try:
        with writing(current_app.extensions["database"]) as session:
            outcome = act_on_case(
                session,
                context().books,
                case_id,
                entry,
                expected=expected,
                now=datetime.now(UTC),
                approvers=config.approvers(),
                decision_prefix=config.decision_prefix(),
            )
    except StaleCase as error:
        raise error if may_see_case(case_id) else StaleCase(error.version, ()) from None
    if may_see_case(case_id):
        return _answer(outcome)
    return Response(status=204, headers={"ETag": f'"{outcome.case.version}"'})


@routes.of_book
def _of_book(book: Rulebook) -> Operations:
    """The opening, and each action, called as the book calls it."""
    made, actions = Operations(routes.blueprint), case_entries(book).actions
    told = {"headers": (KEY,), "body": takes(f"CaseEntry.{_FIRST}"), "fails": (409,)}
    opening = answers("openCase", _OPENED, summary=about(actions[_FIRST], book), **told)(open_one)
    made.post("/cases", "case:open", Writes("提出问责调查"))(opening)
    for name in actions:
        if name != _FIRST:
            action_route(made, "case", actions[name], book, _act, *_DONE)
    return made


@routes.get("/cases/<case_id>", "case:read", Shows("查阅案件"))
@answers("readCase", gives(CaseView, "案件"))
def read_one(session: Session, case_id: str) -> Response:
    """一个案件及其全部记录"""
    return _answer(read_case(session, context().books, case_id))


@routes.get("/cases/<case_id>/points", "case:read", Shows("查阅申辩意见的作用"))
@answers("weighPoints", gives([PointEffect], "申辩意见的作用"))
def points(session: Session, case_id: str) -> list[PointEffect]:
    """每条申辩意见如被采纳会改变什么"""
    books = context().books
    case = read_case(session, books, case_id)
    found = weigh_points(
        session, books, dossier_of(session, books, case, read_matters(session, books, case.case.matters))
    )
    return [view_of(PointEffect, one, basis=_basis(one.basis) if one.basis else None) for one in found]


def _basis(found: Basis) -> PointBasis:
    later = tuple(record.number for record in found.found)
    return PointBasis(found.evaluated.receipt_id, found.matter.id, found.version, since_then(found.since), later)


@routes.get("/cases/<case_id>/duties", "case:read", Shows("查阅决定之后的职责"))
@answers("caseDuties", gives([PersonDuties], "职责"))
def duties(session: Session, case_id: str) -> list[PersonDuties]:
    """决定之后的职责和期限，按今天的情形"""
    return case_duties(read_case(session, context().books, case_id), today=context().today)


@routes.get("/cases/<case_id>/checkup", "case:check", Shows("程序体检"))
@answers("checkUpCase", gives([CheckedView], "各项职责的结论，先后依条款次序"))
def checkup(session: Session, case_id: str) -> list[CheckedView]:
    """程序体检：逐项核对程序职责，缺失的如何补正，按今天的情形"""
    return [_checked(row) for row in check_up(session, context().books, case_id, today=context().today).rows]


@routes.get("/cases", "case:list", Shows("查阅案件一览"))
@asks(_STATE, _AFTER)
@answers("listCases", gives([CaseLine], "案件"))
def list_cases(session: Session, state: str | None, after: int) -> list[CaseLine]:
    """案件一览，按提出先后"""
    sight, states = g.principal.sight("case:read"), (state,) if state else None
    every = context().book.proceedings.states
    rows = case_sight.page(session, sight, every=every, behind=after, limit=_MOST, states=states, newest_first=False)
    return [view_of(CaseLine, row) for row, _ in rows]


def _checked(row: GradedDuty) -> CheckedView:
    book = context().book
    cited, grade = book.provisions[row.provision].citation, book.checkup.grades[row.grade]
    return view_of(CheckedView, row, citation=cited, grade_label=grade)


def _entry(action: str) -> Entry:
    key = request_key()
    return entry_of(action, case_entries(context().book).load(action, json_body()), key)


def _answer(outcome: CaseOutcome, status: int = 200, **headers: str) -> Response:
    case, actions = outcome.case, context().book.proceedings.actions
    records = tuple(
        view_of(
            CaseRecordView,
            record,
            label=actions[record.action].label,
            provision=actions[record.action].provision,
            by=record.actor.name,
            as_=record.actor.kind,
            vouched=record.hand.vouched,
            papers=told(record.hand.papers),
        )
        for record in case.records
    )
    persons = tuple(_person(outcome, person) for person in case.persons.values())
    team = list(map(told, case.team))
    own = {
        "id": outcome.id,
        "repeated": outcome.repeated,
        "recused": {gone.name: one.ground for gone, one in case.recused.items()},
    }
    body = view_of(CaseView, case, **own, team=team, persons=persons, records=records)
    return as_json(body, status, ETag=f'"{case.version}"', **headers)


def _person(outcome: CaseOutcome, person: Person) -> CasePersonView:
    return view_of(
        CasePersonView,
        person,
        person_id=person.name.id,
        findings=tuple(_finding(found) for found in person.findings.values()),
        points=tuple(view_of(PointView, point) for point in person.points.values()),
        signature=person.signature.kind if person.signature else None,
        evaluations=outcome.case.receipts(person.id),
        decision=told(person.decision),
        appeals=[{**told(appeal), "informed": sorted(appeal.informed)} for appeal in person.appeals],
        owed=sorted({one.id for one in person.owed}),
        remaining=remaining(person, outcome.book),
    )


def _finding(found: Finding) -> FindingView:
    was = [
        {"value": one.value, "by": told(one.by), "on": one.on, "record": one.number, "reason": one.reason}
        for one in _before(found)
    ]
    label = context().book.vocabulary.label(found.element)
    return view_of(FindingView, found, label=label, record=found.number, was=was)


def _before(found: Finding) -> Iterator[Finding]:
    while found.was is not None:
        found = found.was
        yield found
