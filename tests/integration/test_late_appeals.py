"""An appeal that came after its window, on paper: it is told to people and taken all the same."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.database import connect, reading, upgrade
from rules.book.loading import load_rulebook
from rules.reasoning.calendar import WorkCalendar
from service.books import books
from service.documents.case.papers import KINDS, standing
from service.documents.drawing.formats import as_pdf
from service.documents.parts.paper import Paper
from service.usecases.cases.papers import dossier
from tests.integration.paper_cases import CHANGED, PERSON, REISSUED, before, lived
from tests.issued import with_units
from tests.lawful_case import Step, step

BOOK = load_rulebook()
CITED = BOOK.provisions[BOOK.tracked["appeal"].provision].citation
NO_YEARS = WorkCalendar(frozenset(), frozenset(), frozenset(), frozenset())


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('late') / 'test.sqlite3'}"
    upgrade(url)
    made = connect(url)
    with_units(made, 甲处=None)
    yield made
    made.dispose()


def appealed(on: str) -> Step:
    return step("appeal", PERSON, on, person="P1", text="不服决定")


def letter(engine: Engine, case: str, calendar: WorkCalendar | None = None) -> Paper:
    """The letter on the last appeal. calendar: another one than that in use."""
    with reading(engine) as session:
        found = dossier(session, books(), case)
    known = found if calendar is None else replace(found, calendar=calendar)
    return standing(known, KINDS["appeal-accepted"], "P1").paper()


def test_a_letter_on_a_late_appeal_has_both_days_and_that_it_is_not_refused(engine: Engine, tmp_path: Path) -> None:
    made = letter(engine, lived(engine, (*before("appeal"), appealed("2026-07-28"))))
    (tmp_path / "made.pdf").write_bytes(as_pdf(made))
    drawn = subprocess.run(["pdftotext", str(tmp_path / "made.pdf"), "-"], capture_output=True, check=True).stdout
    said = "".join(drawn.decode().split())
    for part in (
        "你于2026年6月25日收到该决定书", "最后一日为2026年7月27日（遇休息日顺延）", f"本次申诉逾期提出（{CITED}）",
        "由学校党委决定", "不因逾期拒绝申诉",
    ):  # fmt: skip
        assert part in said, part
    assert "予以受理" not in said


@pytest.mark.parametrize("on", ["2026-07-10", "2026-07-27"], ids=["in time", "on the last day"])
def test_of_an_appeal_in_time_nothing_is_said(engine: Engine, on: str) -> None:
    texts = letter(engine, lived(engine, (*before("appeal"), appealed(on)))).texts
    assert "予以受理" in texts[2]
    assert not any("逾期" in text or "不能推算" in text for text in texts)


def test_where_the_years_calendar_is_unknown_no_last_day_is_told(engine: Engine) -> None:
    texts = letter(engine, lived(engine, (*before("appeal"), appealed("2026-07-28"))), NO_YEARS).texts
    assert texts[3] == (
        "你于2026年6月25日收到该决定书，书面申诉的期限按月计算至2026年7月25日；2026年的节假日安排尚未载入，实际截止日无法推算，"
        f"申诉是否逾期不能推算，由学校党委核实（{CITED}）。"
    )
    early = letter(engine, lived(engine, (*before("appeal"), appealed("2026-07-25"))), NO_YEARS).texts
    assert not any("不能推算" in text for text in early)


def test_where_no_receipt_is_recorded_it_is_told_that_nothing_can_be_computed(engine: Engine) -> None:
    unserved = tuple(one for one in before("appeal") if one.details.get("to") != "person")
    texts = letter(engine, lived(engine, (*unserved, appealed("2026-09-08")))).texts
    assert "予以受理" not in texts[2]
    assert texts[3].startswith("没有记载你收到该决定书的日期，申诉是否在期限之内不能推算")


def test_an_appeal_against_a_changed_decision_is_measured_by_its_own_receipt(engine: Engine) -> None:
    served = step("serve_decision", REISSUED.actor, "2026-08-14", person="P1", to="person", received_on=date(2026, 8, 14),
                  signed_by="张某")  # fmt: skip
    history = (*before("review_appeal"), CHANGED, REISSUED, served)
    assert "予以受理" in letter(engine, lived(engine, (*history, appealed("2026-09-14")))).texts[2]
    late = letter(engine, lived(engine, (*history, appealed("2026-09-15")))).texts
    assert late[3].startswith("你于2026年8月14日收到该决定书，提出书面申诉的最后一日为2026年9月14日，本次申诉逾期提出")
