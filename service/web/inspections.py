"""The Office's pages of what it writes down: inspections with their reports, and what decisions say of ratings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from models.office import inspections, rating_bars
from models.office.inspection import InspectionIncomplete
from models.schemas.errors import CaseFileError, FieldError
from models.schemas.office_entries import inspection_of, load_office_entry, office_entries, rating_bar_of
from models.store.database import reading
from service.request_context import context
from service.routes import Routes, Writes
from service.usecases.matters.act_on_matter import EntryImpossible
from service.usecases.matters.bar_from_ratings import bar_from_ratings
from service.usecases.matters.inspect import InspectionUnknown, inspection_duties, record_inspection, report_inspection
from service.web.fields import Options
from service.web.matters import unit_words
from service.web.office import DUTY_STATES
from service.web.pages import page
from service.web.periods_asked import asked_year, today
from service.web.plain_forms import form_once, posted_block

routes = Routes(Blueprint("inspection-pages", __name__, template_folder="templates"))
_INSPECTIONS, _RATINGS = "/office/inspections", "/office/ratings"


@routes.get("/office/inspections", "office:read", None)
def every() -> Response:
    """A year's inspections, and the regular ones that it asks for."""
    book, (year, said) = context().book, asked_year()
    with reading(current_app.extensions["database"]) as session:
        rows = [(row.id, inspections.done(row), row.note) for row in inspections.rows_of_year(session, year)]
        duties = inspection_duties(session, context().books, year, today=today())
    return page(
        "office/inspections.html",
        422 if said else 200,
        year=year,
        said=said,
        rows=rows,
        duties=duties,
        book=book,
        kinds={rule.id: rule.label for rule in book.inspections.regular},
        duty_states=DUTY_STATES,
    )


@routes.form("/office/inspections/new", "office:write", Writes("登记督查"))
def inspect() -> Response:
    """The form of an inspection, and its record."""

    def write(session: Session, entry: dict[str, Any]) -> str:
        done = inspection_of(entry)
        record_inspection(
            session, context().books, done, note=entry.get("note"), now=datetime.now(UTC), entered_by=g.actor
        )
        return f"{_INSPECTIONS}?year={done.on.year}"

    return _entry(
        "Inspection", write, title="登记督查", back=_INSPECTIONS, options={"members": unit_words().get("unit", ())}
    )


@routes.form("/office/inspections/<inspection_id>/report", "office:write", Writes("登记督查的书面报告"))
def report(inspection_id: str) -> Response:
    """The form of the written report of an inspection, and its record."""

    def write(session: Session, entry: dict[str, Any]) -> str:
        try:
            done = report_inspection(session, inspection_id, to=entry["to"], on=entry["on"], now=datetime.now(UTC))
        except InspectionUnknown:
            raise NotFound from None
        return f"{_INSPECTIONS}?year={done.on.year}"

    return _entry("InspectionReport", write, title="登记书面报告", back=_INSPECTIONS)


@routes.get("/office/ratings", "office:read", None)
def bars() -> Response:
    """Whom decisions of a year bar from its ratings."""
    year, said = asked_year()
    with reading(current_app.extensions["database"]) as session:
        rows = rating_bars.of_year(session, year)
    return page("office/ratings.html", 422 if said else 200, year=year, said=said, rows=rows)


@routes.form("/office/ratings/new", "office:write", Writes("登记取消评优评先资格"))
def bar() -> Response:
    """The form of what a decision says of ratings, and its record."""

    def write(session: Session, entry: dict[str, Any]) -> str:
        asked = rating_bar_of(entry)
        found = bar_from_ratings(session, asked, now=datetime.now(UTC), entered_by=g.actor)
        return f"{_RATINGS}?year={found.year}"

    about = "只登记决定已经写明的；二级单位须有决定的明文。这里不作任何决定。"
    return _entry("RatingBar", write, title="登记取消评优评先资格", back=_RATINGS, about=about, options=unit_words())


def _entry(
    name: str,
    write: Callable[[Session, dict[str, Any]], str],
    *,
    options: Mapping[str, Options] | None = None,
    **values: str,
) -> Response:
    """The form of an office entry; where it was filled in, what ``write`` makes of it."""
    block, words = (
        office_entries(context().book)[name],
        {name: known for name, known in (options or {}).items() if known},
    )

    def told(session: Session, entry: dict[str, Any]) -> str:
        try:
            return write(session, entry)
        except EntryImpossible as error:
            raise CaseFileError([FieldError(error.path, str(error))]) from None
        except InspectionIncomplete as error:
            said = f"{error.form}须写明（{context().book.provisions[error.provision].citation}）"
            others = f"{said}；督查督办工作办公室以外的单位才算"
            lacking = [FieldError(name, others if name == "members" else said) for name in error.missing]
            raise CaseFileError(lacking) from None

    return form_once(
        block, told, lambda: load_office_entry(name, posted_block(block), context().book), options=words, **values
    )
