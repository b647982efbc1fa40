"""The committee's page: a sheet for each person, evidence before the recommendation, and the record of the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from models.matter.act import ActRefused
from models.records.record import told
from models.schemas.entries import case_entries
from models.schemas.errors import CaseFileError
from models.store import attachments
from models.store.database import reading
from rules.book.contract.asking import MinutesObjected
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson
from service.auth import may_see_case
from service.documents.case.basis import moved_since_last
from service.documents.case.receipts import receipt_lines
from service.documents.writing.case_words import items_by_question, late_entries
from service.documents.writing.dossier import Dossier, PersonEvaluation
from service.request_context import context
from service.routes import Routes, Shows, Writes
from service.usecases.cases.act_on_case import read_case
from service.usecases.cases.papers import dossier_of
from service.usecases.cases.weigh_points import Weighed, weigh_points
from service.usecases.matters.act_on_matter import read_matters
from service.web.acts import act_as_posted, acting_kinds, carried_out, entered, entry_page
from service.web.cases import possible
from service.web.chain import Link, chain, staged
from service.web.choosing import find
from service.web.deciding import ACTION, DecisionForm, decision_form, load_decisions, located, meeting_form, on_form
from service.web.fields import Filled
from service.web.pages import page
from service.web.persons import PersonSheet, sheet_of, watermark

routes = Routes(Blueprint("committee-pages", __name__, template_folder="templates"))


@dataclass(frozen=True, slots=True)
class Row:
    """A person's sheet. last: the last recommendation; answer: their part of it, none where none was asked for; moved: what came
    after it, in words; items: by question."""

    sheet: PersonSheet
    evaluations: tuple[PersonEvaluation, ...]
    last: PersonEvaluation | None
    moved: list[str]
    answer: AnsweredPerson | None
    items: Mapping[str, list[list[str]]]
    stages: list[tuple[str, list[Link]]]
    changes: Mapping[tuple[str, str, str], list[str]]


@routes.get("/cases/<case_id>/committee", "case:read", Shows("查阅审议材料"))
def sheets(case_id: str) -> Response:
    """What the committee deliberates on, and the form where it may decide now."""
    found, values = _read(case_id)
    if not _may_decide(found):
        return page("committee.html", fields=(), forms={}, said="", errors={}, **values)
    return _form(found, values)


def decide(case_id: str) -> Response:
    """The committee's record. What is refused stands at its field, with everything that was filled in."""
    if not may_see_case(case_id):
        raise NotFound
    found, values = _read(case_id)

    def do() -> str:
        entry = entered(ACTION, case_entries(found.book).blocks[ACTION], partial(load_decisions, found.book))
        try:
            act_as_posted(case_id, entry)
        except ActRefused as error:
            raise located(error, entry.details, _last(found), found.book) from None
        except CaseFileError as error:
            raise on_form(error, entry.details, _last(found), found.book) from None
        return f"/cases/{case_id}"

    return carried_out(do, lambda **told: _form(found, values, **told))


@routes.of_book
def _of_book(book: Rulebook) -> Routes:
    """The record, called as the book calls it."""
    made = Routes(routes.blueprint)
    made.post("/cases/<case_id>/committee", "case:write", Writes(book.proceedings.actions[ACTION].label))(decide)
    return made


def _read(case_id: str) -> tuple[Dossier, dict[str, Any]]:
    """The case, and what its page shows beside the form."""
    with reading(current_app.extensions["database"]) as session:
        read = read_case(session, context().books, case_id)
        found = dossier_of(session, context().books, read, read_matters(session, context().books, read.case.matters))
        effects = {(one.person, one.point): one for one in weigh_points(session, context().books, found)}
        files = {row.id: row.file_name for row in attachments.of(session, "case", case_id)}
    case, book = found.case, found.book
    return found, {
        "case_id": case_id,
        "case": case,
        "actions": possible(case, book),
        "book": book,
        "mark": watermark(case),
        "files": tuple(files.items()),
        "objections": {record.number for record, _ in told(case.records, MinutesObjected)},
        "late": list(late_entries(found.weighed, found.case, book)),
        "lines": receipt_lines(found),
        "rows": [_row(found, person_id, effects, frozenset(files)) for person_id in case.persons],
    }


def _row(found: Dossier, person_id: str, effects: Mapping[tuple[str, str], Weighed], files: frozenset[str]) -> Row:
    case, book = found.case, found.book
    person, evaluations = case.persons[person_id], found.evaluations[person_id]
    sheet, last = sheet_of(case, person, book, effects, files), found.evaluated(person_id, person.receipt_id)
    if last is None:
        return Row(sheet, evaluations, None, [], None, items_by_question(book, person, None), [], {})
    answer, changes = last.of(person_id), last.says.changes
    items = items_by_question(last.book, person, answer)
    after = moved_since_last(found, person_id)
    return Row(sheet, evaluations, last, after, answer, items, staged(chain(answer, last.book)), changes(answer.flips))


def _last(found: Dossier) -> dict[str, AnsweredPerson | None]:
    """Each person's part of the recommendation that the report rested on."""
    return {id: found.evaluation(id, person.receipt_id) for id, person in found.case.persons.items()}


def _may_decide(found: Dossier) -> bool:
    """Whether the committee decides now, and whoever asks may write that down."""
    rule = found.book.proceedings.actions[ACTION]
    return (
        found.case.state in rule.sources
        and bool(acting_kinds(g.principal, rule.actors))
        and bool(g.principal.relations("case:write"))
    )


def _form(
    found: Dossier,
    values: Mapping[str, Any],
    *,
    said: str = "",
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
) -> Response:
    """The page with its form, as it was filled in; empty before."""
    posted: MultiDict[str, str] = MultiDict(request.form) if request.method == "POST" else MultiDict()
    filled = Filled(posted, {}, errors or {}, find=find)
    last = _last(found)
    forms: dict[str, DecisionForm] = {
        id: decision_form(at, last[id], found.book, filled) for at, id in enumerate(found.case.persons)
    }
    return entry_page(
        "committee.html",
        meeting_form(found.book),
        kinds=found.book.proceedings.actions[ACTION].actors,
        options={"papers": values["files"]},
        said=said,
        errors=errors,
        status=status,
        forms=forms,
        version=request.form.get("version") or found.case.version,
        **values,
    )
