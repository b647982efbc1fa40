"""What the Office writes down beside matters: inspections and their reports, and what decisions say of ratings."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app, g
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from models.office import inspections, rating_bars
from models.office.inspection import Done, DueInspection
from models.schemas.office_entries import InspectionView, RatingBarView, inspection_of, load_office_entry, rating_bar_of
from models.store.database import writing
from rules.reasoning.calendar import LOCAL
from service.api.answers import view_of
from service.api.asked import year_within
from service.api.entries import json_body
from service.api.openapi import answers, asks, gives, interface, takes
from service.request_context import context
from service.routes import Writes
from service.usecases.matters.bar_from_ratings import bar_from_ratings
from service.usecases.matters.inspect import InspectionUnknown, inspection_duties, record_inspection, report_inspection

routes = interface("office", "定期、专项、联合督查和评优评先资格")
_YEAR = year_within(2000, 2200)


@routes.post("/inspections", "office:write", Writes("登记督查"))
@answers("recordInspection", gives(InspectionView, "已登记", 201), body=takes("Inspection"), fails=(409,))
def inspect() -> InspectionView:
    """登记一次督查"""
    entry = load_office_entry("Inspection", json_body(), context().book)
    done = inspection_of(entry)
    with writing(current_app.extensions["database"]) as session:
        made = record_inspection(
            session, context().books, done, note=entry.get("note"), now=datetime.now(UTC), entered_by=g.actor
        )
    return _inspection(made, done, entry.get("note"))


@routes.post("/inspections/<inspection_id>/report", "office:write", Writes("登记督查的书面报告"))
@answers("reportInspection", gives(InspectionView, "已登记"), body=takes("InspectionReport"))
def report(inspection_id: str) -> InspectionView:
    """登记督查的书面报告"""
    entry = load_office_entry("InspectionReport", json_body(), context().book)
    with writing(current_app.extensions["database"]) as session:
        try:
            done = report_inspection(session, inspection_id, to=entry["to"], on=entry["on"], now=datetime.now(UTC))
        except InspectionUnknown:
            raise NotFound from None
        note = inspections.lock(session, inspection_id)
        return _inspection(inspection_id, done, note.note if note else None)


@routes.get("/inspections", "office:read", None)
@asks(_YEAR)
@answers("listInspections", gives([InspectionView], "督查"))
def list_inspections(session: Session, year: int) -> list[InspectionView]:
    """一个年度的督查"""
    rows = inspections.rows_of_year(session, year)
    return [_inspection(row.id, inspections.done(row), row.note) for row in rows]


@routes.get("/inspection-duties", "office:read", None)
@asks(_YEAR)
@answers("listInspectionDuties", gives([DueInspection], "应进行的定期督查"))
def list_duties(session: Session, year: int) -> tuple[DueInspection, ...]:
    """一个年度应进行的定期督查及其状态"""
    return inspection_duties(session, context().books, year, today=datetime.now(LOCAL).date())


@routes.post("/rating-bars", "office:write", Writes("登记取消评优评先资格"))
@answers("barFromRatings", gives(RatingBarView, "已登记", 201), body=takes("RatingBar"), fails=(409,))
def bar() -> RatingBarView:
    """登记决定所取消的评优评先资格；二级单位须有决定的明文"""
    entry = load_office_entry("RatingBar", json_body(), context().book)
    asked = rating_bar_of(entry)
    with writing(current_app.extensions["database"]) as session:
        found = bar_from_ratings(session, asked, now=datetime.now(UTC), entered_by=g.actor)
    return view_of(RatingBarView, found)


@routes.get("/rating-bars", "office:read", None)
@asks(_YEAR)
@answers("listRatingBars", gives([RatingBarView], "取消的资格"))
def list_bars(session: Session, year: int) -> list[RatingBarView]:
    """一个年度取消的评优评先资格"""
    return [view_of(RatingBarView, found) for found in rating_bars.of_year(session, year)]


def _inspection(inspection_id: str, done: Done, note: str | None) -> InspectionView:
    return view_of(InspectionView, done, id=inspection_id, note=note)
