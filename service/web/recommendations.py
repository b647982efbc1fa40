"""The recommendation of a stored receipt as a chain that can be read: evidence first, every choice left to people."""

from __future__ import annotations

from flask import Blueprint, Response, current_app
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from models.case.parts import Person
from models.store.database import reading
from rules.latitude.answer import PersonLatitude
from service.documents.case.basis import moved
from service.documents.writing.dossier import Dossier, PersonEvaluation
from service.request_context import context
from service.routes import Routes, Shows
from service.usecases.cases.papers import dossier
from service.usecases.recommending.kept_receipts import RulebookChanged, receipt_latitude
from service.web.cases import possible
from service.web.chain import chain, facts_of, staged
from service.web.diagram import drawing
from service.web.pages import page
from service.web.persons import watermark

routes = Routes(Blueprint("recommendation-pages", __name__, template_folder="templates"))


@routes.get("/cases/<case_id>/recommendations/<receipt_id>", "recommendation:read", Shows("查阅处理建议"))
def one(case_id: str, receipt_id: str) -> Response:
    """One of the recommendations on a person, among all that were asked for."""
    with reading(current_app.extensions["database"]) as session:
        found = dossier(session, context().books, case_id)
        person, shown = _evaluated(found, receipt_id)
        told, why_not = _latitude(session, receipt_id, person.id)
    answer, says = shown.of(person.id), shown.says
    links = chain(answer, shown.book)
    return page(
        "recommendation.html",
        case_id=case_id,
        case=found.case,
        actions=possible(found.case, found.book),
        person=person,
        shown=shown,
        answer=answer,
        evaluations=found.evaluations[person.id],
        moved=list(moved(found, found.deliberated(person.id), person.id, shown)),
        says=says,
        facts=facts_of(links),
        stages=staged(links),
        drawn=drawing(links),
        changes=says.changes(answer.flips),
        told=told,
        why_not=why_not,
        mark=watermark(found.case),
    )


def _evaluated(found: Dossier, receipt_id: str) -> tuple[Person, PersonEvaluation]:
    """Raises NotFound where the receipt is none of this case's."""
    for person_id, evaluations in found.evaluations.items():
        for one in evaluations:
            if one.receipt_id == receipt_id:
                return found.case.persons[person_id], one
    raise NotFound


def _latitude(session: Session, receipt_id: str, person: str) -> tuple[PersonLatitude | None, str]:
    """What may be done to the person, or why that cannot be told."""
    try:
        found = receipt_latitude(session, context().books, receipt_id)
    except RulebookChanged as error:
        return None, str(error)
    return (found.persons[person], "") if found else (None, "没有这份回执")
