"""Marshmallow fields as strict as the case file needs them: no coercion, bounded texts, real days, known words.

Each field knows its Chinese name (``label``) and says what is allowed. ``deserialize`` leaves out marshmallow's
pre-load, post-load and validator lists, which none of these fields uses: they cost half the time of a load.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, missing

from models.people.names import name_fault
from models.records.signs import unseen
from models.schemas.errors import CaseFileError, FieldError, shown

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_IN_LINE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

_KINDS: Mapping[type, str] = {
    str: "文字",
    bool: "真假值",
    int: "数字",
    float: "数字",
    list: "列表",
    dict: "对象",
    type(None): "null",
}


def kind_of(value: object) -> str:
    """What sort of value was given, in Chinese."""
    return _KINDS.get(type(value), "其他类型的值")


class StrictField(fields.Field[Any]):
    """A field with a Chinese name. null_means: what null stands for, where null is allowed."""

    def __init__(
        self,
        label: str,
        *,
        required: bool = False,
        nullable: bool = False,
        null_means: Callable[[], Any] | None = None,
        attribute: str | None = None,
        data_key: str | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            required=required,
            allow_none=nullable,
            attribute=attribute,
            data_key=data_key,
            metadata={"title": label, **(schema or {})},
        )
        self.label = label
        self.null_means = null_means

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        if value is None:
            if self.allow_none:
                return None if self.null_means is None else self.null_means()
            raise ValidationError(f"“{self.label}”不能为 null；{self.allowed()}")
        if value is missing:
            if self.required:
                raise ValidationError(f"缺少必填字段“{self.label}”；{self.allowed()}")
            return missing
        return self._deserialize(value, attr, data, **kwargs)

    def allowed(self) -> str:
        """What may stand here, as part of a message."""
        raise NotImplementedError

    def json_schema(self) -> dict[str, Any]:
        """What ``deserialize`` accepts, as JSON Schema (2020-12); rules between fields are not part of it."""
        found = dict(self.metadata)
        if self.allow_none and "type" in found:
            found["type"] = [found["type"], "null"]
            if "enum" in found:
                found["enum"] = [*found["enum"], None]
        return found

    def refuse(self, value: object) -> ValidationError:
        """A value of the wrong type."""
        return ValidationError(f"“{self.label}”{self.allowed()}，现为{kind_of(value)}")


def text_fault(value: str, limit: int, *, long: bool) -> str | None:
    """What is wrong with a text, or None."""
    if all(map(unseen, value)):
        return "不能为空白，也不能只有不可见字符"
    if len(value) > limit:
        return f"最多{limit}个字，现为{len(value)}个字"
    found = (_IN_TEXT if long else _IN_LINE).search(value)
    if found is None:
        return None
    where = f"第{found.start() + 1}个字符 U+{ord(found.group()):04X}"
    return f"含有不允许的控制字符或者无效字符（{where}）" + ("，只允许换行和制表符" if long else "，不允许换行")


class Text(StrictField):
    """Text of at most ``limit`` characters; ``long`` texts may have line breaks and tabs."""

    def __init__(self, label: str, limit: int, *, long: bool = False, **options: Any) -> None:
        allowed = r"[^\x00-\x08\x0b-\x1f\x7f-\x9f]" if long else r"[^\x00-\x1f\x7f-\x9f]"
        pattern = rf"^{allowed}*[^\s\x00-\x1f\x7f-\x9f]{allowed}*$"
        schema = {"type": "string", "minLength": 1, "maxLength": limit, "pattern": pattern}
        super().__init__(label, schema=schema, **options)
        self.limit, self.long = limit, long

    def allowed(self) -> str:
        return f"应为文字，最多{self.limit}个字"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if type(value) is not str:
            raise self.refuse(value)
        fault = text_fault(value, self.limit, long=self.long)
        if fault is not None:
            raise ValidationError(f"“{self.label}”{fault}")
        return value


class Name(Text):
    """The name of one person, without blanks or characters that show nothing."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, 200, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        fault = name_fault(name)
        if fault is not None:
            raise ValidationError(f"“{self.label}”{fault}")
        return name


class PersonId(Text):
    """A person of the registry, by id or number; whether there is such a one, the registry tells later."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, 50, **options)

    def allowed(self) -> str:
        return "应为人员登记中的标识或者工号，只能选定一人"


def check_name(path: str, label: str, name: str) -> None:
    """A person's name that comes in by no schema. Raises CaseFileError."""
    try:
        Name(label).deserialize(name)
    except ValidationError as error:
        raise CaseFileError([FieldError(path, said) for said in error.messages]) from None


class Day(StrictField):
    """A local day, exactly YYYY-MM-DD, that exists in the calendar."""

    def __init__(self, label: str, **options: Any) -> None:
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        super().__init__(label, schema={"type": "string", "format": "date", "pattern": pattern}, **options)

    def allowed(self) -> str:
        return f"应为日期，格式 YYYY-MM-DD，年份 {_FIRST_YEAR}–{_LAST_YEAR}"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if type(value) is not str:
            raise self.refuse(value)
        if _DAY.match(value) is None:
            raise ValidationError(f"“{self.label}”{self.allowed()}，现为“{shown(value)}”")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValidationError(f"“{self.label}”不是真实存在的日期：{value}") from None
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise ValidationError(f"“{self.label}”{self.allowed()}，现为“{value}”")
        return day


class Flag(StrictField):
    """true or false, and nothing that merely looks like it."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, schema={"type": "boolean"}, **options)

    def allowed(self) -> str:
        return "只能是 true 或者 false"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value is True or value is False:
            return bool(value)
        raise ValidationError(f"“{self.label}”{self.allowed()}，现为{kind_of(value)}“{shown(value)}”")


class KnownWord(StrictField):
    """One of the words of an enumeration of the rulebook; ``labels_too``: its Chinese words are accepted as well."""

    def __init__(self, label: str, words: Mapping[str, str], *, labels_too: bool = False, **options: Any) -> None:
        self.words = {word: word for word in words}
        if labels_too:
            self.words |= {chinese: word for word, chinese in words.items()}
        super().__init__(label, schema={"type": "string", "enum": list(self.words)}, **options)
        self.listing, self.chinese = listing(words), dict(words)

    def allowed(self) -> str:
        return f"只能取：{self.listing}"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        word = self.words.get(value) if type(value) is str else None
        if word is None:
            raise ValidationError(f"“{self.label}”{self.allowed()}；现为“{shown(value)}”")
        return word


class Items(StrictField):
    """A list of at most ``limit`` values, each read by ``item``."""

    def __init__(self, label: str, item: StrictField, limit: int, *, least: int = 0, **options: Any) -> None:
        super().__init__(label, **options)
        self.item, self.limit, self.least = item, limit, least

    def allowed(self) -> str:
        return f"应为列表，{self.least}至{self.limit}项" if self.least else f"应为列表，最多{self.limit}项"

    def json_schema(self) -> dict[str, Any]:
        kind: str | list[str] = ["array", "null"] if self.allow_none else "array"
        bounds = {"minItems": self.least, "maxItems": self.limit}
        return {"title": self.label, "type": kind, "items": self.item.json_schema(), **bounds}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise self.refuse(value)
        if not self.least <= len(value) <= self.limit:
            raise ValidationError(f"“{self.label}”{self.allowed()}，现为{len(value)}项")
        result, faults = [], {}
        for position, entry in enumerate(value):
            try:
                result.append(self.item.deserialize(entry))
            except ValidationError as error:
                faults[position] = error.messages
        if faults:
            raise ValidationError(faults)
        return tuple(result)


class Block(StrictField):
    """A nested object: unknown fields are refused by name; the object becomes ``kind``.

    It reads its fields itself: a marshmallow schema of the same fields takes twice the time, for hooks that none uses.
    """

    def __init__(self, label: str, kind: type, fields: Mapping[str, StrictField], **options: Any) -> None:
        super().__init__(label, **options)
        self.kind = kind
        self.fields = fields

    def allowed(self) -> str:
        return "应为对象"

    def json_schema(self) -> dict[str, Any]:
        return object_schema(self.label, self.fields, nullable=self.allow_none)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if type(value) is not dict:
            raise self.refuse(value)
        faults: dict[str, Any] = {
            name: [f"不认识的字段；“{self.label}”可用的字段：{'、'.join(sorted(self.fields))}"]
            for name in value
            if name not in self.fields
        }
        loaded: dict[str, Any] = {}
        for name, field in self.fields.items():
            if name not in value and not field.required:
                continue
            try:
                loaded[field.attribute or name] = field.deserialize(value.get(name, missing))
            except ValidationError as error:
                faults[name] = error.messages
        if faults:
            raise ValidationError(faults)
        return self.kind(**loaded)


def object_schema(label: str, properties: Mapping[str, StrictField], *, nullable: bool = False) -> dict[str, Any]:
    """An object of named fields and no others."""
    kind: str | list[str] = ["object", "null"] if nullable else "object"
    required = [name for name, field in properties.items() if field.required]
    found = {name: field.json_schema() for name, field in properties.items()}
    rest = {"required": required} if required else {}
    return {"title": label, "type": kind, "properties": found, "additionalProperties": False, **rest}


def listing(words: Mapping[str, str]) -> str:
    """``superior（上级…）、plan（…）``: the words of an enumeration with their Chinese meaning."""
    return "、".join(f"{word}（{chinese}）" if chinese else word for word, chinese in words.items())
