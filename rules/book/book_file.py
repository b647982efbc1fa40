"""One YAML file of the rulebook: its bytes, its data checked against the schema, and errors that point into it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import convert

from rules.packaged import packaged
from rules.strict_yaml import YamlDocument, YamlError, parse_document

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

Place = tuple[str | int, ...]
Row = dict[str, Any]
T = TypeVar("T")
_SCHEMA = packaged("rules/book/book.schema.json")
_TYPES = {"string": "文字", "integer": "整数", "boolean": "true 或者 false", "array": "列表", "object": "若干字段"}


class RulebookError(ValueError):
    """A fault of the rulebook, with file and line."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        super().__init__(f"{file.name} 第{line}行：{message}")


class BookFile:
    """A file read and found to be of its shape. Raises RulebookError, naming every fault of the shape.

    raw: its bytes where they have been read already; shape: None where these bytes have been found in order before.
    """

    def __init__(self, path: Path, shape: str | None, raw: bytes | None = None) -> None:
        self.path = path
        try:
            self.raw = path.read_bytes() if raw is None else raw
            self.document: YamlDocument = parse_document(self.raw.decode("utf-8"), path.name)
        except (OSError, UnicodeDecodeError) as error:
            raise RulebookError(path, 1, f"无法读取（{type(error).__name__}）") from None
        except YamlError as error:
            raise RulebookError(path, error.line, error.message) from None
        self._check(shape)

    def _check(self, shape: str | None) -> None:
        faults = list(self._faults(shape)) if shape else []
        if faults:
            raise RulebookError(self.path, faults[0][0], "；".join(message for _, message in faults))

    def changed(self, data: Any, shape: str) -> BookFile:
        """The file with other data, each at the line where the former stood. Raises RulebookError."""
        made = copy(self)
        made.raw, made.document = json.dumps(data, ensure_ascii=False).encode(), YamlDocument(data, self.document.lines)
        made._check(shape)
        return made

    @property
    def data(self) -> Any:
        return self.document.data

    def read(self, kind: type[T], key: str) -> T:
        """What stands under a key, as a value of this kind; fields that it has not are passed over."""
        return convert(self.data[key], kind)

    def error(self, place: Place, message: str) -> RulebookError:
        """The fault ``message`` at a place in the data, to be raised."""
        return RulebookError(self.path, self.document.line(place), message)

    def known(self, place: Place, name: Any, known: Any, what: str) -> None:
        """Refuse a name that is not among the ``known`` ones."""
        if name not in known:
            raise self.error(place, f"{what}“{name}”不存在")

    def once(self, place: Place, name: str, found: Collection[str], what: str) -> None:
        """Refuse a name that was there before."""
        if name in found:
            raise self.error(place, f"{what} {name} 重复")

    def _faults(self, shape: str) -> Iterator[tuple[int, str]]:
        for error in sorted(_validator(shape).iter_errors(self.data), key=lambda error: list(map(str, error.path))):
            for place, message in _explain(error):
                yield self.document.line(place), message


@dataclass(frozen=True, slots=True)
class Known:
    """The provisions and readings that a row may name."""

    provisions: Collection[str]
    readings: Collection[str]

    def check(self, file: BookFile, place: Place, row: Row) -> None:
        """Refuse a row that names others."""
        for provision in (row["provision"], *row.get("cites", ())):
            file.known(place, provision, self.provisions, "条款")
        for reading in (*row.get("readings", ()), *([row["reading"]] if row.get("reading") else ())):
            file.known(place, reading, self.readings, "解释")

    def rows(self, file: BookFile, key: str) -> tuple[Row, ...]:
        """The rows of a list, none of which names others."""
        for position, row in enumerate(file.data[key]):
            self.check(file, (key, position), row)
        return tuple(file.data[key])


@cache
def _validator(shape: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # here, since what was found in order is not checked again
    from jsonschema.validators import extend

    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    strict = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    kind = extend(Draft202012Validator, type_checker=strict)  # type: ignore[no-untyped-call]
    found: Draft202012Validator = kind({"$ref": f"#/$defs/{shape}", "$defs": schema["$defs"]})
    return found


def _explain(error: ValidationError) -> Iterator[tuple[Place, str]]:
    place: Place = tuple(error.absolute_path)
    value: Any = error.validator_value
    schema: Any = error.schema
    instance: Any = error.instance
    name = str(place[-1]) if place else "文件"
    if error.validator in ("anyOf", "oneOf") and error.context:
        deepest = max(error.context, key=lambda inner: len(inner.absolute_path))
        yield from _explain(deepest)
    elif error.validator == "additionalProperties" and value is False:
        allowed = schema["properties"]
        for key in [key for key in instance if key not in allowed]:
            yield (*place, key), f"不认识的字段“{key}”，可用：{'、'.join(sorted(allowed))}"
    elif error.validator == "required":
        missing = [key for key in value if key not in instance]
        if error.message.partition("'")[2].partition("'")[0] in missing:
            yield place, f"缺少字段{error.message.partition(' ')[0]}"
    elif error.validator == "type":
        kinds = [value] if isinstance(value, str) else value
        yield place, f"“{name}”应为{'或者'.join(_TYPES.get(kind, kind) for kind in kinds)}"
    elif error.validator == "enum":
        yield place, f"“{name}”的取值“{instance}”不存在，可用：{'、'.join(map(str, value))}"
    else:
        yield place, f"“{name}”的取值“{instance}”不符合格式（{error.validator}: {value}）"
