"""My work: what waits for whoever asks, by their roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, current_app, g

from models.case import sight
from models.store.database import reading
from service import config
from service.request_context import context
from service.routes import Routes
from service.usecases.confirming import OpenQuestion
from service.usecases.exchange.desk import Asker, ForConfirmation, ForInformation, ForMe, ForOthers, Waits, on_desk
from service.usecases.exchange.patrol import ToLookAt
from service.usecases.people.principals import Principal
from service.web.confirmations import place_of
from service.web.lights import to_do_light
from service.web.own_account import acts_on
from service.web.pages import page

routes = Routes(Blueprint("work", __name__, template_folder="templates"))
_MOST, _CASES = 100, 50
_ENDED = ("closed", "withdrawn", "not_approved")


_OWN, _UNITS = "督查督办工作办公室办理", "单位办理"
_TO_CONFIRM, _TO_DECIDE, _TO_DO, _TO_KNOW = "待我确认", "待我批示", "待我办理", "待我知悉"
_HEADS, _HEADS_OF_ASKED = ("事项", "提示", "办理", "时限"), ("事项", "提示", "录入人", "录入日期")
_NOT_YET = ("yellow", "尚未生效")


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A matter or a case on the desk: what is most urgent of it, in words and with its light; more: how much else of it waits there;
    address: of its page, where it has one; provision: what asks for it; day: by when, or of an act to be confirmed, since when."""

    title: str
    address: str | None
    what: str
    provision: str | None
    light: tuple[str, str]
    who: str
    day: date | None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Pile:
    """What lies together on the desk. heads: of the columns."""

    label: str
    heads: tuple[str, ...]
    lines: list[DeskLine]


@routes.get("/", "documentation:read", None, own=True)
def home() -> Response:
    """To-dos of matters and cases, and the cases that may be seen."""
    principal: Principal = g.principal
    asker = Asker(principal, context().books, context().today, config.thresholds(), config.approvers())
    with reading(current_app.extensions["database"]) as session:
        found, more = on_desk(session, asker, most=_MOST)
        running = [state for state in context().book.proceedings.states if state not in _ENDED]
        seen = sight.page(
            session,
            principal.sight("case:read"),
            every=context().book.proceedings.states,
            behind=None,
            limit=_CASES,
            states=running,
        )
        rows = [row for row, _ in seen] if principal.relations("case:list") else []
        acts = acts_on(session)
    own_cases = [held.case_id for held in principal.roles if held.case_id is not None]
    return page(
        "home.html",
        today=asker.today,
        book=context().book,
        groups=_piles(found, asker, own_cases),
        more=more,
        acts=acts,
        unconfirmed=g.get("unconfirmed", False),
        rows=rows,
        own_cases=own_cases,
        lists=bool(principal.relations("ledger:list")),
        states=context().book.proceedings.states,
    )


def _piles(found: Sequence[Waits], asker: Asker, own_cases: Sequence[str]) -> list[Pile]:
    """What lies on the desk by what it is for whoever asks, the most overdue first; of a matter or a case one line, in the first pile
    that it is in, and one for each act that is to be confirmed."""
    asked = [_asked(one.question) for one in found if isinstance(one, ForConfirmation)]
    dated = [one for one in found if not isinstance(one, ForConfirmation)]
    dated.sort(key=lambda one: _urgency(one.found))
    piled = [(_pile(one, asker), one.found) for one in dated]
    piled.sort(key=lambda one: _ORDER.index(one[0]) if one[0] in _ORDER else len(_ORDER))
    placed: dict[str, tuple[str, list[ToLookAt]]] = {}
    for label, one in piled:
        about = one.matter_id or one.case_id or f"{one.kind} {one.title} {one.due_on}"
        placed.setdefault(about, (label, []))[1].append(one)
    piles = {_TO_CONFIRM: Pile(_TO_CONFIRM, _HEADS_OF_ASKED, asked)} if asked else {}
    for label, rows in placed.values():
        piles.setdefault(label, Pile(label, _HEADS, [])).lines.append(_line(label, rows, own_cases))
    return list(piles.values())


def _asked(one: OpenQuestion) -> DeskLine:
    book, says, record = context().book, one.act.says, one.act.record
    actions = book.ledger.actions if one.place.kind == "matter" else book.proceedings.actions
    what = f"{actions[says.action].label}（{says.done_on}）"
    return DeskLine(one.title, place_of(one), what, None, _NOT_YET, record.entered_by, record.entered_on)


def _urgency(found: ToLookAt) -> tuple[bool, int, int]:
    return found.days is None, found.days or 0, _LIGHTS.index(to_do_light(found, context().book)[0])


_LIGHTS = ("red", "yellow", "grey")
_ORDER = (_TO_DECIDE, _TO_DO, _OWN, _UNITS)


def _pile(one: ForMe | ForOthers | ForInformation, asker: Asker) -> str:
    match one:
        case ForMe(found) if asker.sees_everything and "office" in found.by:
            return _OWN
        case ForMe(found) | ForOthers(found) if found.by == ("unit",):
            return _UNITS
        case ForMe(found):
            return _TO_DECIDE if _WHO_DECIDE.intersection(found.by) else _TO_DO
        case ForOthers(found):
            return f"{found.unit}办理"
        case ForInformation():
            return _TO_KNOW


_WHO_DECIDE = frozenset({"leader", "director"})


def _line(label: str, rows: Sequence[ToLookAt], own_cases: Sequence[str]) -> DeskLine:
    """``what`` is what the Office is told of it, ``act`` what is done."""
    first, book, own = rows[0], context().book, label in (_TO_DECIDE, _TO_DO)
    what = first.act if first.act and (own or label == _TO_KNOW) else first.what
    title, address = _named(first, own_cases)
    who = "本人" if own else first.unit or book.office
    light = to_do_light(first, book)
    return DeskLine(title, address, what, first.provision, light, who, first.due_on, len(rows) - 1)


def _named(one: ToLookAt, own_cases: Sequence[str]) -> tuple[str, str | None]:
    """What it is about, and the page of that."""
    if one.matter_id is not None:
        return f"{one.number or ''} {one.title}", f"/matters/{one.matter_id}"
    if one.case_id is None:
        return one.title, None
    if one.case_id in own_cases:
        return "本人的案件", f"/cases/{one.case_id}/own"
    return one.case_title or one.title, f"/cases/{one.case_id}"
