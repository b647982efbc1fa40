"""The organisation of a day: units with their other names, and who held which post."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from models.people.organisation import Post
from rules.reasoning.calendar import LOCAL
from service.api.asked import day, required, text
from service.api.openapi import answers, asks, gives, interface
from service.request_context import context
from service.usecases.people.organisation import UnitOnDay, posts_on, units_on
from service.usecases.people.registry import FoundPerson, found

routes = interface("organisation", "单位和人员任职")
_ON = day("on", "哪一天的；默认今天", lambda: datetime.now(LOCAL).date())
_MOST = 20
_Q = text(
    "q", "姓名（含曾用名）、工号、单位、职务中含有的字；几个词以空格分开，须都含有", required, most=50, blank=False
)
_UNIT = text("unit", "只列一个单位（可以用别名）", blank=False)


@routes.get("/units", "ledger:list", None)
@asks(_ON)
@answers("listUnits", gives([UnitOnDay], "单位"))
def list_units(session: Session, on: date) -> list[UnitOnDay]:
    """某一天的单位"""
    return units_on(session, on)


@routes.get("/posts", "office:read", None)
@asks(_UNIT, _ON)
@answers("listPosts", gives([Post], "任职"))
def list_posts(session: Session, on: date, unit: str | None) -> tuple[Post, ...]:
    """某一天的任职"""
    return posts_on(session, on, unit)


@routes.get("/persons", "persons:find", None)
@asks(_Q)
@answers("findPersons", gives([FoundPerson], "人员，最多20人，同名的各为一人"))
def find_persons(session: Session, q: str) -> list[FoundPerson]:
    """在人员登记中查找

    不含电话和邮箱。办理中指明一人，填写其标识或者工号。
    """
    return found(session, q, context().today, limit=_MOST)
