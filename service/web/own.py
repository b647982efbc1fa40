"""The page of a person investigated: what was served on them, their statement, points and appeals; nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, g
from werkzeug.exceptions import NotFound

from models.case.case import Case
from models.case.outcome import MEASURE_OF
from models.case.parts import Person
from models.records.record import about
from models.schemas.entries import case_entries
from models.schemas.fields import Block
from models.store.database import reading
from rules.book.actions import Action
from rules.book.contract.case_effects import Served
from service.documents.case.papers import KINDS, OfPerson, PaperKind
from service.request_context import context
from service.routes import Routes, Shows
from service.usecases.cases.act_on_case import CaseOutcome, read_case
from service.usecases.cases.duties import case_duties
from service.usecases.cases.papers import own_paper
from service.usecases.people.entered_by import records_as_told
from service.web.acts import act_as_posted, acting_kinds, entered, entry_form
from service.web.cases import element_words
from service.web.fields import Options
from service.web.pages import page
from service.web.persons import sheet_of, watermark

routes = Routes(Blueprint("own-pages", __name__, template_folder="templates"))
_KIND = "person"
_READY: Mapping[str, Callable[[Person], bool]] = {
    "withdraw_point": lambda person: any(not point.withdrawn for point in person.points.values()),
    "sign": lambda person: bool(person.fact_materials),
    "execute": lambda person: person.in_force and _executes(person),
    "appeal": lambda person: person.in_force,
}
"""Action → whether there is anything yet that it could be about."""


def _executes(person: Person) -> bool:
    """Whether something was decided that the person carries out, and not somebody else."""
    measures = person.decision.measures if person.decision is not None else ()
    action = context().book.proceedings.actions["execute"]
    chosen_by = next(field.chosen_by for field in action.fields if field.id == "kind") or {}
    return any(measure in measures and _KIND in chosen_by.get(kind, (_KIND,)) for kind, measure in MEASURE_OF.items())


@routes.get("/cases/<case_id>/own", "case:own", Shows("查阅本人的案件"))
def one(case_id: str) -> Response:
    """What was served and answered, and what may be done now."""
    with reading(current_app.extensions["database"]) as session:
        found, person = _own(read_case(session, context().books, case_id))
        told = records_as_told(session, g.principal, (case_id,), found.case.records)
    duties = next(row for row in case_duties(found, today=context().today) if row.person == person.id)
    case, book = replace(found.case, records=told), found.book
    served = "person" in person.served
    return page(
        "own.html",
        case_id=case_id,
        person=person,
        book=book,
        sheet=sheet_of(case, person, book, {}, frozenset()),
        decision=person.decision if served else None,
        records=_about(case, person),
        actions=_possible(found, person),
        window=next((duty for duty in duties.duties if served and duty.id == "appeal"), None),
        late=duties.late_appeals,
        mark=watermark(case),
        papers=[(kind.name, kind.title) for kind in KINDS.values() if _received(kind, person)],
    )


def _own(found: CaseOutcome) -> tuple[CaseOutcome, Person]:
    """The person of the case that the role of whoever asks is held for. Raises NotFound where it is for none."""
    bound = [
        held.person for held in g.principal.roles if held.case_id == found.id and held.person in found.case.persons
    ]
    if not bound:
        raise NotFound
    return found, found.case.persons[str(bound[0])]


def _received(kind: PaperKind | None, person: Person) -> bool:
    return isinstance(kind, OfPerson) and kind.received(person)


def _about(case: Case, person: Person) -> dict[str, list[Any]]:
    """The records of serving the decision on the person, of what they did themselves, and of the reviews of their appeals."""
    return {
        action: [
            record
            for record in case.records
            if record.action == action
            and about(record, person.id)
            and not (isinstance(record.effect, Served) and record.effect.to != "person")
        ]
        for action in ("serve_decision", "execute", "review_appeal")
    }


def _possible(found: CaseOutcome, person: Person) -> list[tuple[Action, str]]:
    """The actions of a person investigated that the case's state allows, with their provisions."""
    return [
        (rule, found.book.provisions[rule.provision].citation)
        for rule in case_entries(found.book).actions.values()
        if _KIND in rule.actors
        and found.case.state in rule.sources
        and acting_kinds(g.principal, (_KIND,))
        and (rule.id not in _READY or _READY[rule.id](person))
    ]


@routes.get("/cases/<case_id>/own/papers/<name>", "case:own", Shows("取得文书"))
def paper(case_id: str, name: str) -> Response:
    """A document that the person has received."""
    with reading(current_app.extensions["database"]) as session:
        _, person = _own(read_case(session, context().books, case_id))
        if not _received(KINDS.get(name), person):
            raise NotFound
        found = own_paper(session, context().books, g.principal, case_id, name, person.id)
    from service.documents.drawing import formats  # here, since its libraries take half of a start-up

    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(formats.as_pdf(found), 200, headers, mimetype="application/pdf")


@routes.form("/cases/<case_id>/own/<action>", "case:write", Shows("打开办理页面"))
def act(case_id: str, action: str) -> Response:
    """The form of an action of the person themselves, and the action."""
    with reading(current_app.extensions["database"]) as session:
        found, person = _own(read_case(session, context().books, case_id))
    rule = case_entries(found.book).actions.get(action)
    if rule is None or _KIND not in rule.actors:
        raise NotFound

    def load(name: str, data: dict[str, Any]) -> dict[str, Any]:
        return case_entries(context().book).load(
            name, {**data, "details": {**data.get("details", {}), "person": person.id}}
        )

    def do() -> str:
        entry = entered(action, case_entries(context().book).blocks[action], load)
        act_as_posted(case_id, entry)
        return f"/cases/{case_id}/own"

    words, version = _words(found, person), found.case.version
    shown: dict[str, Any] = {"about": "本人办理", "back": f"/cases/{case_id}/own", "options": words, "version": version}
    return entry_form(rule, _without_person(action), found.book, do, kinds=(_KIND,), **shown)


def _without_person(action: str) -> Block:
    """The entry without the person, who is always the one that asks."""
    entries = case_entries(context().book)
    entry = entries.block(action, (_KIND,))
    details = {name: field for name, field in entries.fields_of(action, _KIND).items() if name != "person"}
    return Block(entry.label, dict, {**entry.fields, "details": Block("内容", dict, details, required=True)})


def _words(found: CaseOutcome, person: Person) -> dict[str, Options]:
    """Their own points that stand, and the elements and values that a point may ask for."""
    points = tuple(
        (point.id, f"第{point.id}条 {point.text[:30]}") for point in person.points.values() if not point.withdrawn
    )
    return {"point": points, **element_words(found.book)}
