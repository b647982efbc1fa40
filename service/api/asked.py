"""What a query asks for, read strictly: every parameter at most once, and none that is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest


def parameter(name: str, about: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    """A parameter of a query, as OpenAPI."""
    return {"in": "query", "name": name, "required": required, "description": about, "schema": schema}


def asked(*names: str) -> Mapping[str, str]:
    """The parameters of the query. Raises BadRequest for others, for one given twice, and for control characters."""
    given = request.args
    unknown = set(given) - set(names)
    if unknown:
        raise BadRequest(f"查询参数只有 {'、'.join(names)}" if names else "没有查询参数")
    if any(len(given.getlist(name)) > 1 or "\x00" in given[name] for name in given):
        raise BadRequest("查询参数只能各出现一次，不能含控制字符")
    return given.to_dict()


def flag(given: Mapping[str, str], name: str) -> bool:
    """true or false; false where it is not given."""
    found = given.get(name, "false")
    if found not in ("true", "false"):
        raise BadRequest(f"{name} 只能取 true 或者 false")
    return found == "true"


def day(given: Mapping[str, str], name: str, otherwise: date | None = None) -> date:
    """A day; ``otherwise`` where it is not given."""
    found = given.get(name)
    if found is None and otherwise is not None:
        return otherwise
    try:
        return date.fromisoformat(found or "")
    except ValueError:
        raise BadRequest(f"{name} 应为日期，格式 YYYY-MM-DD") from None


def text(given: Mapping[str, str], name: str, *, required: bool = False) -> str | None:
    """A text of 1 to 200 characters."""
    found = given.get(name)
    if (found is None and required) or (found is not None and not 0 < len(found.strip()) <= len(found) <= 200):
        raise BadRequest(f"{name} 应为1至200个字")
    return found


def whole(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A whole number within bounds; ``usual`` where it is not given."""
    found = given.get(name)
    if found is None:
        return usual
    if not (found.isascii() and found.isdigit() and len(found) <= 10 and least <= int(found) <= most):
        raise BadRequest(f"{name} 应为{least}至{most}的整数")
    return int(found)
