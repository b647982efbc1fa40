"""YAML read as strictly as JSON: no aliases, tags, duplicate keys or second documents, and no surprising scalars.

Plain scalars resolve as in JSON (null, true, false, integers, decimals); everything else, days included, stays text.
The rulebook and the case files share this reader.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_MAX_DEPTH = 40
_MAX_DIGITS = 30

# The C scanner reads the same events about ten times as fast; it is part of every wheel of PyYAML. Scalars are resolved here.
_UNRESOLVED = dict.fromkeys(("resolve", "descend_resolver", "ascend_resolver"), lambda *_: None)
_Loader: type = type("_Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), _UNRESOLVED)


class YamlError(ValueError):
    """What is wrong with a YAML text, and in which line (counted from 1)."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"第{line}行：{message}")
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """Parsed data, and for each place in it (a path of keys and positions) the line where it stands."""

    data: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of the nearest place at or above ``path`` that is known."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: str, source: str = "") -> Any:
    """The data of one strict YAML document. Raises YamlError."""
    return parse_document(text, source).data


def parse_document(text: str, source: str = "") -> YamlDocument:
    """One strict YAML document with the line of each place. Raises YamlError."""
    loader = _Loader(text)
    try:
        _refuse_aliases_and_tags(text)
        node = loader.get_single_node()
    except yaml.reader.ReaderError as error:
        raise YamlError("含有不允许的字符（控制字符或者无效编码）", text.count("\n", 0, error.position) + 1) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(_explain(error), mark.line + 1 if mark else 1) from None
    except RecursionError:
        raise YamlError("嵌套层次过深", 1) from None
    finally:
        loader.dispose()
    lines: dict[Path, int] = {(): 1}
    data = None if node is None else _build(node, (), lines)
    return YamlDocument(data, lines)


def _explain(error: yaml.MarkedYAMLError) -> str:
    if "expected a single document" in str(error.context or "") + str(error.problem or ""):
        return "一个文件只能有一份内容（不能用 --- 分隔出第二份）"
    return f"不是有效的 YAML（{error.problem or error.context}）"


def _refuse_aliases_and_tags(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlError("不允许使用锚点（&）和别名（*），请把内容完整写出", line)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise YamlError(f"不允许使用标签（{tag}）", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                raise YamlError("嵌套层次过深", line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _build(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, position), lines) for position, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlError("字段名必须是文字", line)
        key = key_node.value
        if key in result:
            raise YamlError(f"字段“{key}”重复出现", line)
        result[key] = _build(value_node, (*path, key), lines)
        lines[(*path, key)] = line
    return result


def _scalar(node: yaml.ScalarNode) -> Any:
    value: str = node.value
    if node.style:
        return value
    if value in _WORDS:
        return _WORDS[value]
    if _INTEGER.match(value):
        if len(value) > _MAX_DIGITS:
            raise YamlError(f"数字过长（最多{_MAX_DIGITS}位）", node.start_mark.line + 1)
        return int(value)
    if _DECIMAL.match(value):
        number = float(value)
        if not math.isfinite(number):
            raise YamlError("数字过大", node.start_mark.line + 1)
        return number
    return value
