"""The content of records in words, each under the name that its field has in the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from models.matter.matter import Matter
from models.records.record import Record, attached_to
from models.schemas.entries import matter_entries
from models.schemas.fields import Block, Items, KnownWord, PersonId
from rules.book.rulebook import Rulebook
from service.documents.writing.hand_words import aside_words, is_aside
from service.documents.writing.wording import day


def in_words(record: Record, attached: Mapping[str, str], book: Rulebook) -> str:
    """The details of a record, each under its Chinese name; attachments by their names."""
    if is_aside(record):
        return aside_words(record, book.ledger.actions, lambda act: in_words(act, attached, book))
    details = matter_entries(book).blocks[record.action].fields["details"]
    assert isinstance(details, Block)
    names = tuple(attached.get(one, one) for one in attached_to(record))
    said = {name: value for name, value in record.details.items() if name != "late_reason"}
    earlier = book.ledger.actions[record.action].earlier
    return block_words(details, {**said, "attachments": names}, earlier)


def remarked(matter: Matter, book: Rulebook) -> str:
    """What the rulebook has printed under the remarks of annex 1."""
    entries, found = matter_entries(book), []
    for record in (one for one in matter.records if not is_aside(one)):
        names = {field.id for field in book.ledger.actions[record.action].fields if field.remarked}
        details = entries.blocks[record.action].fields["details"]
        assert isinstance(details, Block)
        found.append(block_words(details, {name: value for name, value in record.details.items() if name in names}))
    return "\n".join(filter(None, found))


def block_words(fields: Block, values: Mapping[str, Any], earlier: Mapping[str, str] = MappingProxyType({})) -> str:
    """Values, each under the Chinese name of its field, one a line. earlier: the names of fields that nobody fills in any more."""
    parts = (
        f"{fields.fields[name].label if name in fields.fields else earlier.get(name, name)}：{value_words(fields.fields.get(name), value)}"
        for name, value in values.items()
        if value is not None and value not in ("", (), [])
    )
    return "\n".join(parts)


def value_words(field: Any, value: Any) -> str:
    """A value of a field in words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return day(value)
    if isinstance(field, PersonId) and isinstance(value, Mapping):
        return str(value["name"])
    if isinstance(field, Block) and isinstance(value, Mapping):
        return block_words(field, value).replace("\n", "，")
    if isinstance(field, Items) and isinstance(value, list | tuple):
        return "、".join(value_words(field.item, entry) for entry in value)
    if isinstance(field, KnownWord):
        return field.chinese.get(str(value)) or str(value)
    return str(value)
