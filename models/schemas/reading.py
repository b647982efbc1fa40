"""Text → data: JSON and YAML read strictly, so that nothing in a file is silently dropped or turned into something else."""

from __future__ import annotations

import json
from typing import Any

from rules.strict_yaml import YamlError, parse

_MAX_DEPTH = 40


class Unreadable(ValueError):
    """The text is not JSON or YAML as it should be."""


def read_text(raw: bytes) -> str:
    """UTF-8 text, with or without byte-order mark. Raises Unreadable."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"不是有效的 UTF-8 文字（第{error.start + 1}字节）") from None


def read_json(raw: bytes) -> Any:
    """Strict JSON: no repeated keys, no NaN or infinity, bounded depth and numbers. Raises Unreadable."""
    try:
        data = json.loads(
            read_text(raw),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_decimal,
        )
    except json.JSONDecodeError as error:
        raise Unreadable(f"不是有效的 JSON：第{error.lineno}行第{error.colno}列（{error.msg}）") from None
    except RecursionError:
        raise Unreadable("嵌套层次过深") from None
    _bounded(data, 0)
    return data


def read_yaml(raw: bytes) -> Any:
    """Strict YAML: no aliases, tags or repeated keys. Raises Unreadable."""
    try:
        return parse(read_text(raw))
    except YamlError as error:
        raise Unreadable(str(error)) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Unreadable(f"字段“{twice.encode('utf-8', 'replace').decode()[:60]}”重复出现")
    return result


def _no_constant(name: str) -> Any:
    raise Unreadable(f"不允许 {name}")


def _integer(digits: str) -> int:
    if len(digits) > 30:
        raise Unreadable("数字过长（最多30位）")
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("数字过大")
    return value


def _bounded(data: Any, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise Unreadable("嵌套层次过深")
    if type(data) is dict:
        for value in data.values():
            _bounded(value, depth + 1)
    elif type(data) is list:
        for value in data:
            _bounded(value, depth + 1)
