"""The export as sheets (``templates/export.yaml``): one for each kind of row, words for what is kept as a sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.records.fold import as_far_as
from models.records.record import Actor, Hand, Record
from rules.book.rulebook import Rulebook
from rules.packaged import packaged
from rules.reasoning.calendar import LOCAL
from rules.strict_yaml import parse
from service.documents.writing.record_words import in_words

_SHEETS = packaged("service/documents/templates/export.yaml")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """A sheet of a kind of row. columns: what each is called → the field; words: field → what its signs are called."""

    kind: str
    title: str
    columns: Mapping[str, str]
    words: Mapping[str, Mapping[Any, str | None]]
    book: Rulebook

    def line(self, row: Row) -> list[str | int | None]:
        """A row as it stands in the sheet."""
        return [self._cell(row, field) for field in self.columns.values()]

    def _cell(self, row: Row, field: str) -> str | int | None:
        if field == "shown_number":
            return _number(row)
        if field == "said":
            return _said(row, self.book)
        value = row[field]
        if field in self.words:
            return self.words[field].get(value, value)
        if isinstance(value, datetime):
            return value.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")
        if isinstance(value, date):
            return value.isoformat()
        return "、".join(value) if field in ("aliases", "members") else value


def export_sheets(book: Rulebook) -> Iterator[ExportSheet]:
    """The sheets in the order in which they stand."""
    words: dict[str, Mapping[Any, str | None]] = {
        **{name: book.vocabulary.enumerations[name] for name in ("managed_by", "category")},
        "state": book.ledger.states,
        "action": {action.id: action.label for action in book.ledger.actions.values()},
        "actor_kind": book.ledger.actors,
        "form": {form.id: form.label for form in book.inspections.forms.values()},
        "kind": {kind.id: kind.label for kind in book.inspections.regular},
        "late": {True: "补录", False: None},
    }
    for kind, sheet in parse(_SHEETS.read_text(encoding="utf-8"), _SHEETS.name).items():
        yield ExportSheet(kind, sheet["title"], sheet["columns"], words, book)


def _number(row: Row) -> str | None:
    return None if row["number"] is None else f"督〔{row['number_year']}〕{row['number']}号"


def _said(row: Row, book: Rulebook) -> str:
    action = book.ledger.actions.get(row["action"])
    if action is None or not isinstance(row["details"], Mapping):
        return "记录损坏"
    actor = Actor(row["actor_name"], row["actor_kind"], row["actor_unit"])
    effect = as_far_as(action, row["details"])
    record = Record(
        row["number"], row["action"], row["done_on"], Hand(actor), row["details"], row["recorded_at"], effect=effect
    )
    return in_words(record, {}, book)
