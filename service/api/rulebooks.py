"""The regulation as the system holds it."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from models.schemas.interface import ProvisionRow, RulebookRow
from models.schemas.periods import PeriodView
from rules.book.rulebook import Provision, Rulebook
from service.api.openapi import answers, gives, interface
from service.request_context import context
from service.usecases.adopting.influence_periods import book_in_use, shown_period

routes = interface("rulebooks", "规章")


@routes.get("/rulebooks", "rulebook:read", None)
@answers("listRulebooks", gives([RulebookRow], "规则库"))
def list_rulebooks() -> list[RulebookRow]:
    """规则库一览，每一版一行"""
    return [
        RulebookRow(book.id, book.title, book.number, book.in_force_from, book.sha256, book.policy_id)
        for book in context().books.editions
    ]


@routes.get("/periods", "rulebook:read", None)
@answers("listPeriods", gives([PeriodView], "影响期表"))
def list_periods(session: Session) -> list[dict[str, Any]]:
    """影响期表：各行、出处、是否已经确认"""
    return [shown_period(row) for row in book_in_use(session, context().books).periods]


@routes.get("/rulebooks/<book_id>/provisions", "rulebook:read", None)
@answers("listProvisions", gives([ProvisionRow], "条款"))
def list_provisions(book_id: str) -> list[ProvisionRow]:
    """全部条款，按原文顺序"""
    return [_provision(provision) for provision in _book(book_id).provisions.values()]


@routes.get("/rulebooks/<book_id>/provisions/<provision_id>", "rulebook:read", None)
@answers("readProvision", gives(ProvisionRow, "条款"))
def read_provision(book_id: str, provision_id: str) -> ProvisionRow:
    """一条条款"""
    provision = _book(book_id).provisions.get(provision_id)
    if provision is None:
        raise NotFound
    return _provision(provision)


def _book(book_id: str) -> Rulebook:
    book = context().book
    if book_id != book.id:
        raise NotFound
    return book


def _provision(provision: Provision) -> ProvisionRow:
    return msgspec.convert(provision, ProvisionRow, from_attributes=True)
