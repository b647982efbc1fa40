"""What a query asks for: each parameter is declared once, documented by that, and read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from flask import request
from werkzeug.exceptions import BadRequest

DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
LAST_POSITION = 2**31 - 1
ONCE = "查询参数只能各出现一次，不能含控制字符"


def _header(name: str, about: str, pattern: str, *, required: bool) -> Mapping[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {"in": "header", "name": name, "required": required, "description": about, "schema": schema}


KEY = _header(
    "Idempotency-Key",
    "在一个事项、案件之内，同一键的同一请求只办理一次；同一键的其他请求（任何一处不同）答复 422，写明不同之处",
    "^[A-Za-z0-9-]{1,64}$",
    required=False,
)
MATCH = _header("If-Match", "所见的版本", '^"?[0-9]{1,9}"?$', required=True)


def required() -> NoReturn:
    """In place of what is usual: nothing is."""
    raise AssertionError("a required parameter is read where it is not given, too, and refused")


def none() -> None:
    """What is usual where nothing is."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query, as OpenAPI and as it is read.

    schema: of its values, or the whole content of one that is no plain text. read: of what was given, for which it raises
    BadRequest. usual: where nothing was given. many: whether it may be repeated.
    """

    name: str
    about: str
    schema: Mapping[str, Any]
    read: Callable[[Sequence[str]], Any]
    usual: Callable[[], Any]
    many: bool = False

    def asked(self) -> Any:
        """What the query of this request asks for. Raises BadRequest."""
        given = request.args.getlist(self.name)
        return self.read(given or [""]) if given or self.usual is required else self.usual()

    def documented(self) -> dict[str, Any]:
        about = {"in": "query", "name": self.name, "required": self.usual is required, "description": self.about}
        return {**about, **(self.schema if "content" in self.schema else {"schema": dict(self.schema)})}


def asked(query: Sequence[Parameter]) -> dict[str, Any]:
    """What this request asks for, by name. Raises BadRequest for any other parameter, and for one given twice."""
    names = [one.name for one in query]
    if set(request.args) - set(names):
        raise BadRequest(f"查询参数只有 {'、'.join(names)}" if names else "没有查询参数")
    if any(len(request.args.getlist(one.name)) > 1 for one in query if not one.many):
        raise BadRequest(ONCE)
    return {one.name: one.asked() for one in query}


def flag(name: str, about: str, usual: bool = False, *, words: bool = False) -> Parameter:
    """true or false. words: documented as one of these two words."""

    def read(given: Sequence[str]) -> bool:
        if given[0] not in ("true", "false"):
            raise BadRequest(f"{name} 只能取 true 或者 false")
        return given[0] == "true"

    schema = {"type": "string", "enum": ["true", "false"], "default": str(usual).lower()}
    return Parameter(name, about, schema if words else {"type": "boolean", "default": usual}, read, lambda: usual)


def word(name: str, about: str, words: Sequence[str]) -> Parameter:
    """One of these words; the first where none is given."""

    def read(given: Sequence[str]) -> str:
        if given[0] not in words:
            raise BadRequest(f"{name} 只能取：{'、'.join(words)}")
        return given[0]

    return Parameter(name, about, {"type": "string", "enum": list(words), "default": words[0]}, read, lambda: words[0])


def state_of(what: str, of: str, states: Callable[[], Collection[str]]) -> Parameter:
    """A state, where one is given. of: the list of them, as the document of the interface names it."""

    def read(given: Sequence[str]) -> str:
        if given[0] not in states():
            raise BadRequest(f"state 不是{what}的状态")
        return given[0]

    return Parameter("state", "状态", {"type": "string", "x-of": of}, read, none)


def day(name: str, about: str, usual: Callable[[], Any], **schema: Any) -> Parameter:
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
    name: str, about: str, usual: Callable[[], Any] = none, *, most: int = 200, blank: bool = True, **schema: Any
) -> Parameter:
    """A text of 1 to ``most`` characters. blank: whether they may all be blanks."""

    def read(given: Sequence[str]) -> str:
        if not 0 < len(given[0] if blank else given[0].strip()) <= len(given[0]) <= most:
            raise BadRequest(f"{name} 应为1至{most}个字")
        return given[0]

    shape = {**schema, "type": "string", "minLength": 1, "maxLength": most}
    return Parameter(name, about, shape if blank else shape | {"pattern": r"\S"}, read, usual)


def whole(name: str, about: str, least: int, most: int, usual: int | None, **schema: Any) -> Parameter:
    """A whole number within bounds."""

    def read(given: Sequence[str]) -> int:
        digits = given[0]
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and least <= int(digits) <= most):
            raise BadRequest(f"{name} 应为{least}至{most}的整数")
        return int(digits)

    return Parameter(name, about, {"type": "integer", "minimum": least, "maximum": most, **schema}, read, lambda: usual)


def year_within(first: int, last: int, about: str = "年度", until: Callable[[], int] | None = None) -> Parameter:
    """A year within bounds, in four digits. until: the last one today."""

    def read(given: Sequence[str]) -> int:
        most = last if until is None else until()
        if not (re.fullmatch("[0-9]{4}", given[0]) and first <= int(given[0]) <= most):
            raise BadRequest(f"year 应为{first}至{most}的年度")
        return int(given[0])

    return Parameter("year", about, {"type": "integer", "minimum": first, "maximum": last}, read, required)
