"""What waits and what went out: the daily round as a list, and the parcels of a matter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Annotated

from flask import g
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, Forbidden

from models.people import units
from rules.answering import Day, Value, about
from service.api.answers import view_of
from service.api.asked import text, whole
from service.api.openapi import answers, asks, gives, interface
from service.auth import own_units
from service.config import approvers, thresholds
from service.request_context import context
from service.usecases.exchange.deliveries import deliveries_of
from service.usecases.exchange.desk import Asker, ForInformation, ForMe, on_desk
from service.usecases.exchange.patrol import ToLookAt, patrol
from service.usecases.people.principals import Principal

routes = interface("exchange", "待办和下发")
_UNIT = text("unit", "只看一个单位")
_SKIP = whole("skip", "略过前若干项", 0, 100_000, 0, default=0)
_PAGE = whole("limit", "至多多少项", 1, 1000, 200, default=200)


class TodoFinding(Value, frozen=True):
    """Something that waits for somebody. unit: null for the Office."""

    kind: Annotated[str, about(None, of="finding")]
    label: Annotated[str, about("提示")]
    unit: Annotated[str | None, about("由谁办理，null 为督查督办工作办公室")]
    matter_id: Annotated[str | None, about("事项", format="uuid")]
    number: Annotated[str | None, about("立项编号")]
    title: Annotated[str, about("工作任务")]
    lead_unit: Annotated[str | None, about("牵头单位")]
    what: Annotated[str, about("阶段目标，或者没有送达的原因")]
    due_on: Annotated[Day | None, about("时限")]
    days: Annotated[int | None, about("距时限的天数，已过的为负数")]
    case_id: Annotated[str | None, about("问责案件", format="uuid")]
    by: Annotated[tuple[str, ...], about("以何种身份办理")]
    act: Annotated[str, about("问责案件中要办理的事")]


class TodoList(Value, frozen=True):
    """The findings of a day. more: there are further ones behind these."""

    today: Annotated[date, about("按哪一天")]
    findings: Annotated[tuple[TodoFinding, ...], about("待办")]
    more: Annotated[bool, about("其后还有")]


class DeliveryView(Value, frozen=True):
    """A form on its way to OA."""

    number: Annotated[int, about("编号")]
    record: Annotated[int, about("记录序号")]
    form: Annotated[str, about(None, "registration_form", "urging_notice")]
    form_name: Annotated[str, about("附件名称")]
    state: Annotated[str, about(None, "waiting", "delivered", "given_up")]
    tries: Annotated[int, about("已试次数")]
    created_at: Annotated[datetime, about("下发时间", format="date-time")]
    next_try_at: Annotated[datetime | None, about("下次发送时间", format="date-time")]
    delivered_at: Annotated[datetime | None, about("送达时间", format="date-time")]
    message_id: Annotated[str | None, about("OA 流程编号")]
    error: Annotated[str | None, about("没有送达的原因")]


def unit_asked(session: Session, given: str | None) -> str | None:
    """The unit that is asked for by its own name; None: every unit's. Raises Forbidden for another's, BadRequest where it is not clear."""
    own = own_units()
    named = units.aliases(session).get(given, given) if given is not None else None
    if own is None:
        return named
    if named is None and len(own) != 1:
        raise BadRequest(f"请写明 unit：{'、'.join(sorted(own))}")
    if named is not None and named not in own:
        raise Forbidden
    return named or next(iter(own))


@routes.get("/todo", "documentation:read", None)
@asks(_UNIT, _SKIP, _PAGE)
@answers("listTodo", gives(TodoList, "待办"))
def list_todo(session: Session, unit: str | None, skip: int, limit: int) -> TodoList:
    """待办：到期、逾期、未答复、应督查的事项，问责案件等待的办理，按今天（北京时间）；办公室以外的，只列等待本人办理的"""
    found = list(islice(_waiting(session, unit, skip + limit), skip, skip + limit + 1))
    return TodoList(
        context().today,
        tuple(view_of(TodoFinding, one, label=one.label(context().books.usual)) for one in found[:limit]),
        len(found) > limit,
    )


def _waiting(session: Session, unit: str | None, most: int) -> Iterator[ToLookAt]:
    """Of a unit, or of everything, the daily round; else what lies on the desk of whoever asks. Raises Forbidden."""
    principal: Principal = g.principal
    asker = Asker(principal, context().books, context().today, thresholds(), approvers())
    if unit is not None and not principal.relations("ledger:list"):
        raise Forbidden
    if unit is not None or asker.sees_everything or (principal.units and principal.relations("ledger:list")):
        named, sight = unit_asked(session, unit), principal.sight("case:read")
        return patrol(
            session, asker.books, today=asker.today, unit=named, thresholds=asker.thresholds, sight=sight, most=most
        )
    waits, _ = on_desk(session, asker, most=most)
    return (one.found for one in waits if isinstance(one, ForMe | ForInformation))


@routes.get("/matters/<matter_id>/deliveries", "ledger:read", None)
@answers("listDeliveries", gives([DeliveryView], "下发"))
def list_deliveries(session: Session, matter_id: str) -> list[DeliveryView]:
    """一个事项经 OA 下发的附件，送达与否"""
    return [view_of(DeliveryView, delivery) for delivery in deliveries_of(session, context().books, matter_id)]
