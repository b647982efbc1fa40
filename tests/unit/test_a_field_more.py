"""A field more is one line of the rulebook: it is then asked for, kept, told in words, and printed where the line says so."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.matter.matter import Matter, matter_fold
from models.records.record import Actor, Hand, Record
from models.schemas.entries import matter_entries
from models.schemas.errors import CaseFileError
from rules.book.loading import BOOK, load_rulebook
from rules.book.rulebook import Rulebook
from service.documents.writing.forms import registration_form
from service.documents.writing.record_words import in_words

LINE = "      - {id: meeting_item, label: 会议议题编号, type: text, longest: 20, optional: true, only_kept: true, remarked: true}\n"
ELSEWHERE = "      - {id: element, label: 单元, type: text, longest: 20, optional: true, only_kept: true}\n"
"""What is called as something that is checked where Python reads it."""
TITLE = "      - {id: title, label: 工作任务, type: text, longest: 500}\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = tmp_path_factory.mktemp("book") / "one"
    shutil.copytree(BOOK, folder)
    shutil.copy(BOOK.parent / "work_calendar.yaml", folder.parent)
    ledger: Path = folder / "2021-06-28" / "ledger.yaml"
    text = ledger.read_text(encoding="utf-8")
    assert TITLE in text
    ledger.write_text(text.replace(TITLE, LINE + ELSEWHERE + TITLE, 1), encoding="utf-8")
    return load_rulebook(folder)


def asked(**details: str) -> dict[str, object]:
    told = {"title": "清查", "category": "plan", "basis": "纪要", **details}
    return {"on": "2026-01-05", "actor": {"name": "李四", "kind": "office"}, "details": told}


def proposed(book: Rulebook, **details: str) -> Matter:
    loaded = matter_entries(book).load("propose", asked(**details))
    at = datetime(2026, 1, 5, tzinfo=UTC)
    record = Record(1, "propose", date(2026, 1, 5), Hand(Actor("李四", "office"), "周清"), loaded["details"], at)
    return matter_fold([record], book.ledger.actions)


def test_it_is_asked_for_and_bounded_and_stands_in_the_interface(book: Rulebook) -> None:
    shape = matter_entries(book).schemas()["Entry.propose"]["properties"]["details"]["properties"]["meeting_item"]
    assert (shape["title"], shape["maxLength"]) == ("会议议题编号", 20)
    with pytest.raises(CaseFileError, match="会议议题编号"):
        matter_entries(book).load("propose", asked(meeting_item="长" * 21))
    with pytest.raises(CaseFileError, match="不认识的字段"):
        matter_entries(load_rulebook()).load("propose", asked(meeting_item="议题3"))


def test_it_is_kept_and_printed_under_the_remarks_of_annex_1(book: Rulebook) -> None:
    assert "会议议题编号：议题3" in registration_form(proposed(book, meeting_item="议题3"), None, book).texts
    assert not [text for text in registration_form(proposed(book), None, book).texts if "会议议题编号" in text]
    assert "会议议题编号：议题3" in in_words(proposed(book, meeting_item="议题3").records[0], {}, book)


def test_what_is_only_kept_is_not_taken_for_what_is_called_the_same_elsewhere(book: Rulebook) -> None:
    assert "单元：第一单元" in in_words(proposed(book, element="第一单元").records[0], {}, book)
