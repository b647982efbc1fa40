"""The pages of accountability cases: the list, a case with all that belongs to it, every action on it, opening one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import NotFound

from models.case import cases, checkup
from models.case import sight as case_sight
from models.case.case import Case
from models.matter import matters
from models.schemas.entries import case_entries
from models.schemas.errors import CaseFileError
from models.store import attachments
from models.store.database import reading, writing
from rules.book.rulebook import Rulebook
from service import config
from service.auth import check_own_part, may_see_case
from service.documents.case.basis import moved_since_last
from service.documents.case.contents import record_words
from service.documents.case.papers import STATES, standings
from service.documents.writing.case_words import finding_name, late_entries
from service.request_context import context
from service.routes import Routes, Shows, Writes
from service.usecases.cases.act_on_case import CaseOutcome, ChoicesRefused, open_case, read_case
from service.usecases.cases.check_up import check_up
from service.usecases.cases.duties import case_duties
from service.usecases.cases.papers import dossier_of
from service.usecases.cases.weigh_points import weigh_points
from service.usecases.confirming import open_to
from service.usecases.matters.act_on_matter import MatterOutcome, read_matters, shown_number
from service.web.acts import act_as_posted, acting_kinds, entered, entry_form
from service.web.deciding import load_decisions, located, on_form
from service.web.fields import Options
from service.web.pages import number, page
from service.web.persons import sheet_of, watermark
from service.web.procedure_line import procedure_line
from service.web.uploads import received

routes = Routes(Blueprint("case-pages", __name__, template_folder="templates"))
_FIRST, _MOST, _OFFERED = "propose", 50, 200


@routes.get("/cases", "case:list", Shows("查阅案件一览"))
def every() -> Response:
    """The cases that whoever asks may read or check up, a page at a time, the newest first."""
    older, newer = (number(request.args.get(name, "")) or None for name in ("before", "after"))
    readable, checkable = (g.principal.sight(permission) for permission in ("case:read", "case:check"))
    sight = replace(readable, relations=readable.relations | checkable.relations)
    with reading(current_app.extensions["database"]) as session:
        found = case_sight.page(
            session,
            sight,
            every=context().book.proceedings.states,
            behind=newer or older,
            limit=_MOST + 1,
            newest_first=newer is None,
        )
    rows = found[:_MOST] if newer is None else found[:_MOST][::-1]
    more, back = len(found) > _MOST, older is not None and bool(rows)
    if newer is not None:
        more, back = bool(rows), len(found) > _MOST
    return page(
        "cases.html",
        rows=[(row, relation in readable.relations) for row, relation in rows],
        older=rows[-1][0].position if more else None,
        newer=rows[0][0].position if back else None,
        states=context().book.proceedings.states,
    )


@routes.get("/cases/<case_id>/checkup", "case:check", Shows("程序体检"))
def check(case_id: str) -> Response:
    """The check-up alone, for those who may not read the case: no title, no name."""
    with reading(current_app.extensions["database"]) as session:
        graded = check_up(session, context().books, case_id, today=context().today)
        row = cases.find(session, case_id)
    return page("checkup.html", graded=graded, row=row, book=context().book)


@routes.get("/cases/<case_id>", "case:read", Shows("查阅案件"))
def one(case_id: str) -> Response:
    """A case: where it stands, the persons with findings, defence and duties, the check-up, documents, records."""
    today = context().today
    with reading(current_app.extensions["database"]) as session:
        found = read_case(session, context().books, case_id)
        concerned = read_matters(session, context().books, found.case.matters)
        about = dossier_of(session, context().books, found, concerned)
        effects = {(one.person, one.point): one for one in weigh_points(session, context().books, about)}
        files = [(row.id, row.file_name, row.size, row.sha256) for row in attachments.of(session, "case", case_id)]
    duties = {one.person: one for one in case_duties(found, today=today)}
    graded = checkup.check_up(found.case.title, found.case.records, today, context().book, about.calendar)
    papers = list(standings(about))
    case, own = found.case, frozenset(row[0] for row in files)
    return page(
        "case.html",
        case_id=case_id,
        found=found,
        case=case,
        book=found.book,
        concerned=concerned,
        duties=duties,
        graded=graded,
        late=list(late_entries(about.weighed, found.case, found.book)),
        moved={id: moved_since_last(about, id) for id in case.persons},
        papers=papers,
        files=files,
        words=_in_words(found, concerned),
        paper_states=STATES,
        actions=possible(case, found.book),
        questions=open_to(case, found.book.proceedings.actions, g.principal.person),
        mark=watermark(case),
        line=procedure_line(case, found.book),
        receipts={id: [one.receipt_id for one in some] for id, some in about.evaluations.items()},
        sheets=[sheet_of(case, one, found.book, effects, own) for one in case.persons.values()],
    )


def _in_words(found: CaseOutcome, concerned: Iterable[MatterOutcome]) -> dict[int, str]:
    """Number of a record → what it says, by the names of persons, matters and elements."""
    titles = {one.id: f"{one.number or ''} {one.matter.title}".strip() for one in concerned}
    return {record.number: record_words(record, found.case, found.book, titles) for record in found.case.records}


def possible(case: Case, book: Rulebook) -> list[tuple[str, str, str]]:
    """The actions that the state allows and that are for whoever asks: id, name, provision."""
    return [
        (action.id, action.label, book.provisions[action.provision].citation)
        for action in case_entries(book).actions.values()
        if action.id != _FIRST
        and (not action.sources or case.state in action.sources)
        and acting_kinds(g.principal, action.actors)
    ]


@routes.form("/cases/<case_id>/act/<action>", "case:write", Shows("打开办理页面"))
def act(case_id: str, action: str) -> Response:
    """The form of an action on a case, and the action."""
    if action not in case_entries(context().book).blocks or action == _FIRST or not may_see_case(case_id):
        raise NotFound
    with reading(current_app.extensions["database"]) as session:
        found = read_case(session, context().books, case_id)
        options = dict(_words(found))
        files = tuple((row.id, row.file_name) for row in attachments.of(session, "case", case_id))
        options |= {"attachment": files, "papers": files}
    rule = found.book.proceedings.actions[action]
    schema = case_entries(context().book).block(action, acting_kinds(g.principal, rule.actors) or rule.actors)

    def do() -> str:
        entry = entered(action, case_entries(found.book).blocks[action], partial(load_decisions, found.book))
        check_own_part(entry.actor, entry.details, case_id)
        try:
            act_as_posted(case_id, entry)
        except ChoicesRefused as error:
            raise located(error, entry.details, {}, found.book) from None
        except CaseFileError as error:
            raise on_form(error, entry.details, {}, found.book) from None
        return f"/cases/{case_id}"

    shown: dict[str, Any] = {
        "about": found.case.title,
        "back": f"/cases/{case_id}",
        "options": options,
        "version": found.case.version,
    }
    return entry_form(rule, schema, found.book, do, kinds=rule.actors, **shown)


def _words(found: CaseOutcome) -> Iterator[tuple[str, Options]]:
    """What the fields of this case's entries may say: its persons, their points, its matters, the elements and values."""
    book, case = found.book, found.case
    yield (
        "person",
        tuple((person.id, f"{person.name}（{person.unit}{person.post}）") for person in case.persons.values()),
    )
    points = [
        (point.id, f"{person.name}：第{point.id}条 {point.text[:30]}")
        for person in case.persons.values()
        for point in person.points.values()
    ]
    yield "point", tuple(points)
    asked = case.recusals.proposed.items()
    yield "proposal", tuple((number, f"第{number}条：{one.name}，{one.reason or ''}"[:60]) for number, one in asked)
    yield "matter", tuple((matter_id, matter_id) for matter_id in case.matters)
    yield from element_words(book).items()


def element_words(book: Rulebook) -> dict[str, Options]:
    """The elements with their provisions, and the values that they may have."""
    values = {
        value: label or value
        for words in context().book.proceedings.elements.values()
        for value, label in words.items()
    }
    return {
        "element": tuple((name, finding_name(name, book)) for name in context().book.proceedings.elements),
        "value": tuple(values.items()),
    }


@routes.form("/cases/new", "case:open", Writes("提出问责调查"))
def new() -> Response:
    """The form of a proposal, and the new case."""
    book = context().book
    rule, schema = book.proceedings.actions[_FIRST], case_entries(context().book).blocks[_FIRST]
    with reading(current_app.extensions["database"]) as session:
        named = [
            one
            for one in request.values.getlist("matters" if request.method == "GET" else "details.matters")[:_MOST]
            if one.isprintable()
        ]
        rows = {row.id: row for row in (*matters.find_many(session, named), *matters.latest(session, _OFFERED))}
        known = tuple((row.id, f"{shown_number(row) or ''} {row.title}".strip()) for row in rows.values())
    words = {"matters": known, "situations": tuple((one.id, one.label) for one in book.of_kind("situation"))}

    def do() -> str:
        entry = entered(_FIRST, schema, case_entries(context().book).load)
        with writing(current_app.extensions["database"]) as session:
            made = open_case(session, context().books, entry, now=datetime.now(UTC), approvers=config.approvers())
        return f"/cases/{made.id}"

    about = "新的案件（列出最近的事项；更早的，从该事项的页面提出）"
    return entry_form(rule, schema, book, do, kinds=rule.actors, about=about, back="/cases", options=words)


@routes.post("/cases/<case_id>/files", "case:write", Writes("上传材料"), uploads=True)
def send_file(case_id: str) -> Response:
    """Attach a file to a case."""
    return received("case", case_id, f"/cases/{case_id}")
