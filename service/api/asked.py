"""What a query asks for: each parameter is declared once, documented by that, and read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Generic, NoReturn, TypeVar

from flask import Response, request
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest

_T = TypeVar("_T")
_View = Callable[..., Response]
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
LAST_POSITION = 2**31 - 1
ONCE = "查询参数只能各出现一次，不能含控制字符"


def required() -> NoReturn:
    """In place of what is usual: nothing is."""
    raise AssertionError("a required parameter is read where it is not given, too, and refused")


@dataclass(frozen=True, slots=True)
class Parameter(Generic[_T]):
    """A parameter of a query, as OpenAPI and as it is read.

    schema: of its values, or the whole content of one that is no plain text. read: of what was given, for which it raises
    BadRequest. usual: where nothing was given. many: whether it may be repeated.
    """

    name: str
    about: str
    schema: Mapping[str, Any]
    read: Callable[[Sequence[str]], _T]
    usual: Callable[[], _T]
    many: bool = False

    def asked(self) -> _T:
        """What the query of this request asks for. Raises BadRequest."""
        given = request.args.getlist(self.name)
        return self.read(given or [""]) if given or self.usual is required else self.usual()

    def documented(self) -> dict[str, Any]:
        about = {"in": "query", "name": self.name, "required": self.usual is required, "description": self.about}
        return {**about, **(self.schema if "content" in self.schema else {"schema": dict(self.schema)})}


def asks(*query: Parameter[Any]) -> Callable[[_View], _View]:
    """The view reads these parameters; the answer to any other, or to one given twice, is 400."""
    names = [one.name for one in query]

    def decorate(view: _View) -> _View:
        @wraps(view)
        def strict(**ids: Any) -> Response:
            if set(request.args) - set(names):
                raise BadRequest(f"查询参数只有 {'、'.join(names)}" if names else "没有查询参数")
            if any(len(request.args.getlist(one.name)) > 1 for one in query if not one.many):
                raise BadRequest(ONCE)
            return view(**ids)

        made: _View = Blueprint.doc(parameters=[one.documented() for one in query])(strict) if query else strict
        return made

    return decorate


def flag(name: str, about: str, usual: bool = False, *, words: bool = False) -> Parameter[bool]:
    """true or false. words: documented as one of these two words."""

    def read(given: Sequence[str]) -> bool:
        if given[0] not in ("true", "false"):
            raise BadRequest(f"{name} 只能取 true 或者 false")
        return given[0] == "true"

    schema = {"type": "string", "enum": ["true", "false"], "default": str(usual).lower()}
    return Parameter(name, about, schema if words else {"type": "boolean", "default": usual}, read, lambda: usual)


def word(name: str, about: str, words: Sequence[str]) -> Parameter[str]:
    """One of these words; the first where none is given."""

    def read(given: Sequence[str]) -> str:
        if given[0] not in words:
            raise BadRequest(f"{name} 只能取：{'、'.join(words)}")
        return given[0]

    return Parameter(name, about, {"type": "string", "enum": list(words), "default": words[0]}, read, lambda: words[0])


def state_of(what: str, of: str, states: Callable[[], Collection[str]]) -> Parameter[str | None]:
    """A state, where one is given. of: the list of them, as the document of the interface names it."""

    def read(given: Sequence[str]) -> str:
        if given[0] not in states():
            raise BadRequest(f"state 不是{what}的状态")
        return given[0]

    return Parameter("state", "状态", {"type": "string", "x-of": of}, read, lambda: None)


def day(name: str, about: str, usual: Callable[[], _T], **schema: Any) -> Parameter[date | _T]:
    """A day; with a pattern, in no other spelling."""

    def read(given: Sequence[str]) -> date:
        try:
            if "pattern" not in schema or re.fullmatch(DAY, given[0]):
                return date.fromisoformat(given[0])
        except ValueError:
            pass
        raise BadRequest(f"{name} 应为日期，格式 YYYY-MM-DD")

    return Parameter(name, about, {"type": "string", "format": "date", **schema}, read, usual)


def text(
    name: str, about: str, usual: Callable[[], _T], *, most: int = 200, blank: bool = True, **schema: Any
) -> Parameter[str | _T]:
    """A text of 1 to ``most`` characters. blank: whether they may all be blanks."""

    def read(given: Sequence[str]) -> str:
        if not 0 < len(given[0] if blank else given[0].strip()) <= len(given[0]) <= most:
            raise BadRequest(f"{name} 应为1至{most}个字")
        return given[0]

    shape = {**schema, "type": "string", "minLength": 1, "maxLength": most}
    return Parameter(name, about, shape if blank else shape | {"pattern": r"\S"}, read, usual)


def whole(name: str, about: str, least: int, most: int, usual: _T, **schema: Any) -> Parameter[int | _T]:
    """A whole number within bounds."""

    def read(given: Sequence[str]) -> int:
        digits = given[0]
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and least <= int(digits) <= most):
            raise BadRequest(f"{name} 应为{least}至{most}的整数")
        return int(digits)

    return Parameter(name, about, {"type": "integer", "minimum": least, "maximum": most, **schema}, read, lambda: usual)


def year_within(first: int, last: int, about: str = "年度", until: Callable[[], int] | None = None) -> Parameter[int]:
    """A year within bounds, in four digits. until: the last one today."""

    def read(given: Sequence[str]) -> int:
        most = last if until is None else until()
        if not (re.fullmatch("[0-9]{4}", given[0]) and first <= int(given[0]) <= most):
            raise BadRequest(f"year 应为{first}至{most}的年度")
        return int(given[0])

    return Parameter("year", about, {"type": "integer", "minimum": first, "maximum": last}, read, required)
