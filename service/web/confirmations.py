"""待我确认: what others have entered in the name of whoever asks, and their answers."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.orm import Session

from models.records.record import Record
from models.store.database import reading
from rules.book.rulebook import Rulebook
from service.answering import carry_out
from service.documents.case.contents import record_words
from service.documents.writing.hand_words import asked_act
from service.documents.writing.record_words import in_words
from service.request_context import context
from service.routes import Routes, Shows, Writes
from service.usecases.cases.act_on_case import stored_case
from service.usecases.confirming import OpenQuestion, open_questions
from service.web.acts import carried_out
from service.web.pages import form_key, page

routes = Routes(Blueprint("confirmations-pages", __name__, template_folder="templates"))
ADDRESS = "/confirmations"


def place_of(one: OpenQuestion) -> str:
    """Where somebody answers one act."""
    return f"{ADDRESS}#{one.place.kind}-{one.place.id}-{one.place.record}"


@routes.get(ADDRESS, "confirmation:answer", Shows("查阅待本人确认的办理"))
def asked_of_me() -> Response:
    return _shown()


@routes.post(f"{ADDRESS}/<kind>/<subject_id>/<record>/<given>", "confirmation:answer", Writes("答复本人的办理"))
def answer_one(kind: str, subject_id: str, record: str, given: str) -> Response:
    """An answer, and back to what is asked, or to what it was about."""

    def do() -> str:
        said = request.form.get("reason", "").replace("\r\n", "\n").strip()
        carry_out(kind, subject_id, record, given, {"reason": said} if said else {}, form_key())
        return ADDRESS if given in ("confirm", "decline") else f"/{kind}s/{subject_id}"

    return carried_out(do, _shown)


def _shown(*, said: str = "", errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    book = context().book
    with reading(current_app.extensions["database"]) as session:
        found = open_questions(session, context().books, g.principal)
        rows = [(one, *_words(session, one, book)) for one in found]
    faults = [fault for told in (errors or {}).values() for fault in told]
    return page("confirmations.html", status, rows=rows, said=said, faults=faults, address=ADDRESS)


def _words(session: Session, one: OpenQuestion, book: Rulebook) -> tuple[str, str, Record]:
    """The name of the act, what it says, and the act."""
    if one.place.kind == "matter":
        act = asked_act(one.act.record, book.ledger.actions)
        return book.ledger.actions[act.action].label, in_words(act, {}, book), act
    case, act = stored_case(session, context().books, one.place.id), asked_act(one.act.record, book.proceedings.actions)
    titles = dict.fromkeys(case.matters, case.title)
    return book.proceedings.actions[act.action].label, record_words(act, case, book, titles), act
