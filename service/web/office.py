"""The Office's pages of figures: the bulletin with its charts, the written report, the year's assessment, the school's units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import orjson
from flask import Blueprint, Response, current_app
from werkzeug.exceptions import BadRequest, NotFound

from models.office.bulletin import LABELS, Bulletin, figures_of
from models.office.figures import Figures, Month
from models.store.database import reading
from rules.reasoning.calendar import add_months
from service.documents.exports import ASSESSMENT, BULLETIN, WRITTEN_REPORT
from service.documents.ledger.assessment import assessment_lines, notes
from service.documents.ledger.bulletin import NOT_ACCOUNTABILITY, bulletin_paper
from service.documents.parts.charts import as_svg
from service.documents.parts.paper import Picture
from service.request_context import context
from service.routes import Routes
from service.usecases.matters.bulletin import assessment, bulletin
from service.usecases.matters.inspect import inspection_duties
from service.usecases.matters.written_report import written_report
from service.usecases.people.organisation import posts_on, units_on
from service.web.pages import page
from service.web.periods_asked import asked_month, asked_span, asked_year, today

routes = Routes(Blueprint("office-pages", __name__, template_folder="templates"))
DUTY_STATES: Mapping[str, tuple[str, str]] = {
    "done": ("green", "已督查"), "due": ("grey", "本期应督查"), "overdue": ("red", "逾期"), "unreported": ("yellow", "尚未书面报告"),
}  # fmt: skip
"""State of a regular inspection → the colour of its light, and its words."""
_DRAWN = 32
"""So many charts are kept drawn: a chart takes longer than the figures that it shows."""


@routes.get("/office", "office:read", None)
def home() -> Response:
    """The way to everything that the Office publishes, and the regular inspections that wait."""
    now = today()
    with reading(current_app.extensions["database"]) as session:
        duties = inspection_duties(session, context().books, now.year, today=now)
    waiting = [duty for duty in duties if duty.state != "done" and duty.first <= now]
    return page("office/home.html", today=now, waiting=waiting, duty_states=DUTY_STATES)


@routes.get("/office/bulletin", "office:read", None)
def bulletin_page() -> Response:
    """The figures of a period as tables, its charts, and its files."""
    span = asked_span()
    if span.faults:
        return page("office/bulletin.html", 422, span=span, found=None)
    with reading(current_app.extensions["database"]) as session:
        found = bulletin(session, context().books, first=span.days[0], last=span.days[1])
    return page(
        "office/bulletin.html",
        span=span,
        found=found,
        labels=LABELS,
        figures_of=figures_of,
        charts=_charts(found),
        kinds=BULLETIN,
        months=list(_months(found)),
        said=NOT_ACCOUNTABILITY,
        share=_share(found.whole),
    )


def _months(found: Bulletin) -> Iterator[tuple[date, date, Month]]:
    """Each month of the period from its first day to its last one within it."""
    for month, figures in found.months:
        yield max(month, found.first), min(add_months(month, 1) - timedelta(days=1), found.last), figures


def _share(whole: Figures) -> str:
    share = whole.per_mille_in_time
    return "没有办结的事项" if share is None else f"{share // 10}.{share % 10}%"


def _charts(found: Bulletin) -> list[Picture]:
    """The pictures of the bulletin as a paper, in their order."""
    paper = bulletin_paper(found, number=None, issued_on=found.last, book=context().book)
    return [block for block in paper.blocks if isinstance(block, Picture)]


@routes.get("/office/bulletin/charts/<int:at>", "office:read", None)
def chart(at: int) -> Response:
    """A chart of the bulletin of a period."""
    span = asked_span()
    if span.faults:
        raise BadRequest("；".join(span.faults))
    with reading(current_app.extensions["database"]) as session:
        charts = _charts(bulletin(session, context().books, first=span.days[0], last=span.days[1]))
    if at >= len(charts):
        raise NotFound
    return Response(_drawn(orjson.dumps(charts[at].spec)), mimetype="image/svg+xml")


@lru_cache(_DRAWN)
def _drawn(spec: bytes) -> str:
    return as_svg(orjson.loads(spec))


@routes.get("/office/report", "office:read", None)
def report() -> Response:
    """What a month's written report to the leaders tells, and its files."""
    month, said = asked_month()
    with reading(current_app.extensions["database"]) as session:
        found = written_report(session, context().books, month=month, today=today())
    return page("office/report.html", 422 if said else 200, month=month, said=said, found=found, kinds=WRITTEN_REPORT)


@routes.get("/office/assessment", "office:read", None)
def assessment_page() -> Response:
    """A year's figures of every unit, and the bars from ratings that its decisions contain."""
    year, said = asked_year(until=today().year)
    with reading(current_app.extensions["database"]) as session:
        found = assessment(session, context().books, year=year, today=today())
    heading, *rows = assessment_lines(found)
    return page(
        "office/assessment.html",
        422 if said else 200,
        year=year,
        said=said,
        heading=heading,
        rows=rows,
        notes=notes(found),
        until=found.figures.last,
        kinds=ASSESSMENT,
    )


@routes.get("/office/units", "office:read", None)
def units() -> Response:
    """The units of today with who holds which post."""
    now, words = today(), context().book.vocabulary.enumerations["managed_by"]
    with reading(current_app.extensions["database"]) as session:
        found, held = units_on(session, now), posts_on(session, now)
    by_unit: dict[str, list[Any]] = {}
    for post in held:
        by_unit.setdefault(post.unit, []).append(post)
    return page("office/units.html", today=now, units=found, posts=by_unit, managed=words)
