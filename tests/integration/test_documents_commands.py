"""Documents on the command line: into files, on standard output, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.people.units import Unit
from models.schemas.entries import matter_entries
from models.store.attachments import Attachment
from models.store.database import connect, writing
from rules.book.loading import load_rulebook
from service.books import books
from service.cli import main
from service.cli.db import ready_database
from service.usecases.entry import Entry
from tests.approved import AGREED, DIRECTOR, as_json
from tests.backdated import moment
from tests.integration.ledger_office import OFFICE, OPINION
from tests.registered import act_on_matter, open_matter

Run = Callable[..., Result]
NUMBER = "督〔2026〕1号"
NOW = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line at an embedded ledger that holds one assigned matter."""
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with writing(connect(ready_database(new=True))) as session:
        session.add(Unit(name="甲处", from_on=date(2020, 1, 1)))
        session.flush()
        found = None
        for action, day, actor, details in (
            ("propose", "2026-01-05", OFFICE, OPINION),
            ("endorse_registration", "2026-01-06", as_json(DIRECTOR), AGREED),
            ("register", "2026-01-06", OFFICE, {"route": "direct"}),
            ("assign", "2026-01-08", OFFICE, {"channel": "oa", "message_id": "OA-1"}),
        ):
            entry = Entry(
                action,
                **matter_entries(load_rulebook()).load(action, {"on": day, "actor": actor, "details": details}),
                entered_by="测试",
            )
            if found is None:
                found = open_matter(session, books(), entry, now=moment(entry.on))
            else:
                found = act_on_matter(
                    session, books(), found.id, entry, expected=found.matter.version, now=moment(entry.on)
                )
    return lambda *words: CliRunner().invoke(main, list(words))


def test_the_bulletin_is_a_table_on_standard_output_and_a_document_in_a_file(run: Run, tmp_path: Path) -> None:
    shown = run("bulletin", "2026-01-01", "2026-06-30")
    assert [row[0] for row in csv.reader(io.StringIO(shown.stdout))] == ["单位", "甲处", "合计"]
    data = json.loads(run("bulletin", "2026-01-01", "2026-06-30", "--format", "json").stdout)
    assert (data["whole"]["registered"], data["overdue"][0]["number"]) == (1, NUMBER)
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbf")):
        place = tmp_path / f"通报.{kind}"
        done = run("bulletin", "2026-01-01", "2026-06-30", "--format", kind, "--number", "3", "--out", str(place))
        assert (done.exit_code, done.stdout, place.read_bytes().startswith(start)) == (0, "", True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bulletin", "2026-06-30", "2026-01-01"), "止日不得早于起日"),
        (("bulletin", "2026-01-01", "2199-01-01"), "止日不得晚于今天"),
        (("bulletin", "2020-01-01", "2026-01-01"), "年度"),
        (("assessment", "2199"), "不得晚于本年"),
        (("report", "2199-01"), "不得晚于本月"),
        (("form", "督〔2026〕9号", "registration-form"), "没有这个事项"),
        (("form", NUMBER, "urging-notice"), "没有催办过"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_made_is_said_with_code_2(run: Run, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert (done.exit_code, said in done.stderr) == (2, True)


def test_forms_and_reports_are_made_for_a_matter_named_by_its_number(run: Run) -> None:
    for words in (
        ("form", NUMBER, "registration-form", "--format", "pdf"),
        ("report", "2026-05", "--format", "pdf", "--issued-on", "2026-06-01"),
        ("assessment", "2026", "--format", "pdf"),
    ):
        done = run(*words)
        assert (done.exit_code, done.stdout_bytes[:5]) == (0, b"%PDF-")


def test_a_matter_is_archived_into_one_file(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "归档.zip"
    assert run("archive", NUMBER, "--out", str(place)).exit_code == 0
    assert "index.json" in zipfile.ZipFile(place).namelist()


def test_an_archive_that_fails_leaves_no_file_and_keeps_the_old_one(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "out" / "归档.zip"
    place.parent.mkdir()
    place.write_bytes(b"old")
    assert "没有这个事项" in run("archive", "none", "--out", str(place)).stderr
    matter_id = json.loads(_index(run, tmp_path))["matter"]["id"]
    with writing(connect(ready_database(new=True))) as session:
        session.add(Attachment(
            id="lost", matter_id=matter_id, sha256="0" * 64, file_name="缺.pdf", media_type="application/pdf", size=1,
            uploaded_at=NOW, uploaded_by="测试",
        ))  # fmt: skip
    failed = run("archive", NUMBER, "--out", str(place))
    assert (failed.exit_code, "附件的内容已经缺失" in failed.stderr) == (1, True)
    assert [path.name for path in place.parent.iterdir()] == ["归档.zip"]
    assert place.read_bytes() == b"old"


def _index(run: Run, folder: Path) -> bytes:
    run("archive", NUMBER, "--out", str(folder / "first.zip"))
    with zipfile.ZipFile(folder / "first.zip") as packed:
        return packed.read("index.json")
