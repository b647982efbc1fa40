"""A year's holiday notice is brought in by the operator; an unknown year is never guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rules.reasoning.calendar import CalendarUnknown
from service.cli import main
from service.usecases.adopting.calendar_years import calendar_in_use

NOTICE = """year: 2029
source: 国务院办公厅关于2029年部分节假日安排的通知（测试用）
holidays: ['2029-01-01', '2029-02-13', '2029-02-14']
workdays: ['2029-02-10']
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    return tmp_path


def brought_in(folder: Path, text: str, *options: str) -> Result:
    table = folder / "2029.yaml"
    table.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["calendar", "import", str(table), *options])


def test_a_year_is_unknown_until_its_notice_is_brought_in(folder: Path) -> None:
    with pytest.raises(CalendarUnknown):
        calendar_in_use().roll(date(2029, 2, 13))
    assert brought_in(folder, NOTICE).output == "已导入2029年\n"
    assert calendar_in_use().roll(date(2029, 2, 13)) == date(2029, 2, 15)
    assert calendar_in_use().roll(date(2029, 2, 10)) == date(2029, 2, 10)  # a Saturday that is worked
    assert calendar_in_use().roll(date(2026, 2, 28)) == date(2026, 2, 28)
    assert "2029　已按通知" in CliRunner().invoke(main, ["calendar", "list"]).output
    again = brought_in(folder, NOTICE)
    assert (again.exit_code, "--replace" in again.stderr) == (2, True)
    assert brought_in(folder, NOTICE, "--replace").exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("'2029-01-01'", "'2028-01-01'", "不在2029年"),
        ("'2029-02-10'", "'2029-02-12'", "不是周末"),
        ("'2029-02-10'", "'2029-02-14'", "既放假又上班"),
        ("'2029-02-10'", "'2029-02-30'", "格式"),
        ("year: 2029", "year: 二〇二九", "整数"),
        ("source: 国务院", "from: 国务院", "source"),
        ("holidays: ['2029-01-01', '2029-02-13', '2029-02-14']", "holidays: []", "不能为空"),
    ],
)
def test_a_table_that_cannot_be_is_refused_and_nothing_is_kept(folder: Path, old: str, new: str, said: str) -> None:
    refused = brought_in(folder, NOTICE.replace(old, new))
    assert (refused.exit_code, said in refused.stderr) == (2, True)
    assert 2029 not in calendar_in_use().years


@pytest.mark.parametrize("torn", [b"\xff\xfe[", b"", NOTICE.encode()[:60]], ids=["no text", "empty", "cut"])
def test_a_year_that_was_torn_is_named_and_neither_guessed_nor_a_fault_of_ours(folder: Path, torn: bytes) -> None:
    brought_in(folder, NOTICE)
    (folder / "var" / "calendar" / "2029.yaml").write_bytes(torn)
    with pytest.raises(OSError, match=r"2029\.yaml"):  # pages and interface answer 503
        calendar_in_use()
    ended = CliRunner().invoke(main, ["calendar", "list"])
    assert (ended.exit_code, ended.stderr.count("\n"), "2029.yaml 已经损坏" in ended.stderr) == (1, 1, True), (
        ended.output
    )
    assert brought_in(folder, NOTICE, "--replace").exit_code == 0
    assert 2029 in calendar_in_use().years
