"""What the Office writes down beside matters: inspections and their reports, and what decisions say of ratings."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, g
from flask_smorest import Blueprint
from werkzeug.exceptions import NotFound

from models.domain.inspections import Done
from models.domain.ratings import RatingBar
from models.schemas.office_entries import InspectionView, RatingBarView, load_office_entry
from models.store import inspections, rating_bars
from models.store.database import reading, writing
from service.api.answers import as_json
from service.api.asked import asks, year_within
from service.api.entries import body_of, json_body
from service.api.openapi import Operations, answers, many
from service.request_context import context
from service.routes import Writes
from service.usecases.act_on_matter import LOCAL
from service.usecases.bar_from_ratings import bar_from_ratings
from service.usecases.inspect import InspectionUnknown, inspection_duties, record_inspection, report_inspection

blueprint = Blueprint("office", __name__, description="定期、专项、联合督查和评优评先资格")
routes = Operations(blueprint)
_YEAR = year_within(2000, 2200)


@routes.post("/inspections", "office:write", Writes("登记督查"))
@blueprint.doc(operationId="recordInspection", summary="登记一次督查", requestBody=body_of("Inspection"))
@answers(blueprint, 401, 403, 409, 413, 415, 422, 507)
@blueprint.response(201, InspectionView, description="已登记")
def inspect() -> Response:
    entry = load_office_entry("Inspection", json_body(), context().book)
    done = Done(
        entry["form"], entry.get("kind"), entry["on"], entry.get("reported_to"), entry.get("task"),
        tuple(entry.get("members") or ()), entry.get("reported_on"),
    )  # fmt: skip
    with writing(current_app.extensions["database"]) as session:
        made = record_inspection(
            session, context().books, done, note=entry.get("note"), now=datetime.now(UTC), entered_by=g.actor
        )
    return as_json(_inspection(made, done, entry.get("note")), 201)


@routes.post("/inspections/<inspection_id>/report", "office:write", Writes("登记督查的书面报告"))
@blueprint.doc(
    operationId="reportInspection", summary="登记督查的书面报告", requestBody=body_of("InspectionReport")
)  # fmt: skip
@answers(blueprint, 401, 403, 404, 413, 415, 422, 507)
@blueprint.response(200, InspectionView, description="已登记")
def report(inspection_id: str) -> Response:
    entry = load_office_entry("InspectionReport", json_body(), context().book)
    with writing(current_app.extensions["database"]) as session:
        try:
            done = report_inspection(session, inspection_id, to=entry["to"], on=entry["on"], now=datetime.now(UTC))
        except InspectionUnknown:
            raise NotFound from None
        note = inspections.lock(session, inspection_id)
        return as_json(_inspection(inspection_id, done, note.note if note else None))


@routes.get("/inspections", "office:read", None)
@asks(_YEAR)
@blueprint.doc(operationId="listInspections", summary="一个年度的督查")
@answers(blueprint, 401, 403)
@blueprint.response(200, InspectionView(many=True), description="督查")
def list_inspections() -> Response:
    year = _YEAR.asked()
    with reading(current_app.extensions["database"]) as session:
        rows = inspections.rows_of_year(session, year)
        return as_json([_inspection(row.id, inspections.done(row), row.note) for row in rows])


@routes.get("/inspection-duties", "office:read", None)
@asks(_YEAR)
@blueprint.doc(operationId="listInspectionDuties", summary="一个年度应进行的定期督查及其状态")
@answers(blueprint, 401, 403)
@blueprint.response(200, many("DutyView"), description="应进行的定期督查")
def list_duties() -> Response:
    year = _YEAR.asked()
    with reading(current_app.extensions["database"]) as session:
        return as_json(inspection_duties(session, context().books, year, today=datetime.now(LOCAL).date()))


@routes.post("/rating-bars", "office:write", Writes("登记取消评优评先资格"))
@blueprint.doc(
    operationId="barFromRatings", summary="登记决定所取消的评优评先资格；二级单位须有决定的明文",
    requestBody=body_of("RatingBar"),
)  # fmt: skip
@answers(blueprint, 401, 403, 409, 413, 415, 422, 507)
@blueprint.response(201, RatingBarView, description="已登记")
def bar() -> Response:
    entry = load_office_entry("RatingBar", json_body(), context().book)
    asked = RatingBar(
        entry["decision_number"], entry["decided_on"], entry["kind"], entry.get("name") or "", entry["unit"],
        entry.get("statement"), bool(entry.get("rating_final")),
    )  # fmt: skip
    with writing(current_app.extensions["database"]) as session:
        found = bar_from_ratings(session, asked, now=datetime.now(UTC), entered_by=g.actor)
    return as_json(_bar(found), 201)


@routes.get("/rating-bars", "office:read", None)
@asks(_YEAR)
@blueprint.doc(operationId="listRatingBars", summary="一个年度取消的评优评先资格")
@answers(blueprint, 401, 403)
@blueprint.response(200, RatingBarView(many=True), description="取消的资格")
def list_bars() -> Response:
    year = _YEAR.asked()
    with reading(current_app.extensions["database"]) as session:
        return as_json([_bar(found) for found in rating_bars.of_year(session, year)])


def _inspection(inspection_id: str, done: Done, note: str | None) -> dict[str, Any]:
    return {"id": inspection_id, **asdict(done), "note": note}


def _bar(bar: RatingBar) -> dict[str, Any]:
    return {**asdict(bar), "year": bar.year}
