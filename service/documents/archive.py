"""What lies on top of an archived matter: the list of its records, and the table of contents with the checklist. Source: art-6.7."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.domain.matter import Matter, Record
from models.records.record import attached_to
from models.schemas.entries import matter_entries
from models.schemas.fields import Block, Choice, Items
from rules.actions import Action
from rules.loading import load_rulebook
from rules.rulebook import Rulebook
from service.documents.forms import day, narrow_day
from service.documents.paper import Line, Paper, Table, listing

RECORD_COLUMNS = ("序号", "日期", "办理", "办理人", "内容", "依据")
_RECORD_WIDTHS = (10.0, 22.0, 24.0, 24.0, 50.0, 26.0)
_FILE_COLUMNS = ("序号", "文件", "大小（字节）", "SHA-256")
_FILE_WIDTHS = (10.0, 56.0, 22.0, 68.0)
_CHECK_COLUMNS = ("归档材料", "有无", "所在文件或者办理记录")
_CHECK_WIDTHS = (44.0, 16.0, 96.0)
_KINDS = {"office": "办公室", "unit": "承办单位", "leader": "校领导"}


@dataclass(frozen=True, slots=True)
class Filed:
    """A file of the package. size in bytes, sha256 in hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A material that archiving asks for, and the files and records that show it; none where it is missing."""

    material: str
    label: str
    shown_by: tuple[str, ...]


def records_paper(
    matter: Matter, number: str | None, book: Rulebook, attached: Mapping[str, str], late: Collection[int]
) -> Paper:
    """Every record in words, with the provision that it rests on.

    attached: id of an attachment → its name; late: the records of acts that were entered late.
    """
    actions = book.ledger.actions
    rows = (
        record_row(one, actions[one.action], _KINDS[one.actor.kind], _said(one, attached, one.number in late), book)
        for one in matter.records
    )
    blocks = (
        Line("督查督办事项办理记录", "title"),
        Line(f"{matter.title}{f'（{number}）' if number else ''}", "number"),
        listing(RECORD_COLUMNS, rows, _RECORD_WIDTHS, centred=frozenset({0, 1})),
    )
    return Paper("督查督办事项办理记录", blocks)


def record_row(record: Record, rule: Action, kind: str, said: str, book: Rulebook) -> tuple[str, ...]:
    """A record as a row under ``RECORD_COLUMNS``. kind: of an actor without a unit; said: its content in words."""
    by = f"{record.actor.name}（{record.actor.unit or kind}）"
    return str(record.number), narrow_day(record.on), rule.label, by, said, book.provisions[rule.provision].citation


def contents_paper(matter: Matter, number: str | None, files: Iterable[Filed], checks: Iterable[Checked]) -> Paper:
    """The checklist, and every file with its size and hash."""
    wanted = [(check.label, "有" if check.shown_by else "缺", "\n".join(check.shown_by)) for check in checks]
    blocks = (
        Line("督查督办事项归档目录", "title"),
        Line(f"{matter.title}{f'（{number}）' if number else ''}", "number"),
        Line("归档材料核对", "caption"),
        listing(_CHECK_COLUMNS, wanted, _CHECK_WIDTHS, centred=frozenset({1})),
        Line("文件清单", "caption"),
        files_table(files),
    )
    return Paper("督查督办事项归档目录", blocks)


def files_table(files: Iterable[Filed]) -> Table:
    """Every file of a package with its size and hash."""
    rows = [(str(at), file.name, f"{file.size:,}", file.sha256) for at, file in enumerate(files, 1)]
    return listing(_FILE_COLUMNS, rows, _FILE_WIDTHS, centred=frozenset({0, 2}))


def _said(record: Record, attached: Mapping[str, str], late: bool) -> str:
    return "\n".join(part for part in (in_words(record, attached), entry_words(record, late=late)) if part)


def entry_words(record: Record, *, late: bool = False) -> str:
    """When it was written down, and by whom."""
    return f"{'补录：' if late else ''}{record.entered_on} 由{record.entered_by}录入"


def in_words(record: Record, attached: Mapping[str, str]) -> str:
    """The details of a record, each under its Chinese name; attachments by their names."""
    details = matter_entries(load_rulebook()).blocks[record.action].fields["details"]
    assert isinstance(details, Block)
    names = tuple(attached.get(one, one) for one in attached_to(record))
    return block_words(details, {**record.details, "attachments": names})


def block_words(fields: Block, values: Mapping[str, Any]) -> str:
    """Values, each under the Chinese name of its field, one a line."""
    parts = (
        f"{fields.fields[name].label if name in fields.fields else name}：{_words(fields.fields.get(name), value)}"
        for name, value in values.items()
        if value is not None and value not in ("", (), [])
    )
    return "\n".join(parts)


def _words(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return day(value)
    if isinstance(field, Block) and isinstance(value, Mapping):
        return block_words(field, value).replace("\n", "，")
    if isinstance(field, Items) and isinstance(value, list | tuple):
        return "、".join(_words(field.item, entry) for entry in value)
    if isinstance(field, Choice):
        return field.chinese.get(str(value)) or str(value)
    return str(value)
