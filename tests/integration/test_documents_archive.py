"""A matter's archive package, opened again: every file, every hash, and what shows each material."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from models.records.fold import as_far_as
from models.records.record import Actor, Hand, Record
from rules.book.loading import load_rulebook
from service.documents.writing.record_words import in_words
from tests.entering import PAPER, PAPER_RAW
from tests.integration.ledger_office import OFFICE, UNIT, act, approved, assigned
from tests.integration.test_attachments import send

ARCHIVE = load_rulebook().ledger.archive
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is drawn has nothing to do with the database; test_audit_events asks for both packages on each of them."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    return tmp_path / "attachments"


def urged_twice(office: FlaskClient) -> Any:
    """A matter that was urged twice, whose report has two attachments of one name."""
    matter = assigned(office, title="审核评估（喆堃昇珺）")
    for day in ("2026-05-04", "2026-05-11"):
        matter = act(office, matter, "urge", day, OFFICE).json
    sent = [send(office, matter, "总结.pdf", raw).json["id"] for raw in (b"%PDF-1", b"%PDF-2")]
    return act(office, matter, "report", "2026-05-20", UNIT, result="已完成", attachments=sent).json


def archived(office: FlaskClient, matter: Any) -> Any:
    steps = (
        ("accept", "2026-05-22", {"opinion": "符合要求"}), ("close", "2026-05-24", {"office_agrees": True}),
        ("feed_back", "2026-05-25", {"to": "分管校领导"}), ("archive", "2026-05-26", {"contents": list(ARCHIVE)}),
    )  # fmt: skip
    for action, day, details in steps:
        done = approved(office, matter, action, day, **details)
        assert done.status_code == 200, done.json
        matter = done.json
    return matter


def package(office: FlaskClient, matter: Any) -> zipfile.ZipFile:
    answer = office.get(f"/api/v1/matters/{matter['id']}/archive-package")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    return zipfile.ZipFile(io.BytesIO(answer.data))


def index_of(packed: zipfile.ZipFile) -> Any:
    return orjson.loads(packed.read("index.json"))


def test_the_package_holds_forms_notices_records_attachments_and_their_hashes(office: FlaskClient) -> None:
    packed = package(office, urged_twice(office))
    names = packed.namelist()
    assert names == sorted(names)
    assert set(names) == {
        "0-目录.pdf", "1-登记表.docx", "1-登记表.pdf", "2-催办通知/01-2026-05-04.docx", "2-催办通知/01-2026-05-04.pdf",
        "2-催办通知/02-2026-05-11.docx", "2-催办通知/02-2026-05-11.pdf", "3-办理记录.json", "3-办理记录.pdf", "4-附件/总结.pdf",
        "4-附件/总结（2）.pdf", f"4-附件/{PAPER}", "index.json",
    }  # fmt: skip
    files = index_of(packed)["files"]
    assert {row["name"] for row in files} == set(names) - {"index.json"}
    for row in files:
        raw = packed.read(row["name"])
        assert (row["size"], row["sha256"]) == (len(raw), hashlib.sha256(raw).hexdigest())
    assert {packed.read(name) for name in names if name.startswith("4-")} == {b"%PDF-1", b"%PDF-2", PAPER_RAW}


def test_two_packages_of_one_matter_are_the_same_bytes(office: FlaskClient) -> None:
    place = f"/api/v1/matters/{urged_twice(office)['id']}/archive-package"
    assert office.get(place).data == office.get(place).data


def test_the_records_are_those_of_the_ledger(office: FlaskClient) -> None:
    matter = urged_twice(office)
    records = orjson.loads(package(office, matter).read("3-办理记录.json"))
    assert [{key: row[key] for key in found} for row, found in zip(records, matter["records"], strict=True)] == matter[
        "records"
    ]


def test_the_checklist_says_what_shows_each_material_and_what_is_missing(office: FlaskClient) -> None:
    matter = urged_twice(office)
    before = {row["material"]: row["shown_by"] for row in index_of(package(office, matter))["materials"]}
    assert list(before) == list(ARCHIVE)
    assert [name for name, shown in before.items() if not shown] == ["review", "closing", "feedback"]
    assert before["completion_report"] == [
        "3-办理记录.pdf第7号（报结，2026-05-20）", "4-附件/总结.pdf", "4-附件/总结（2）.pdf",
    ]  # fmt: skip
    after = index_of(package(office, archived(office, matter)))["materials"]
    assert all(row["shown_by"] for row in after)


def test_a_package_is_not_made_where_an_attachment_was_changed(office: FlaskClient, folder: Path) -> None:
    matter = urged_twice(office)
    kept = next(path for path in folder.rglob("*") if path.is_file())
    kept.chmod(0o600)
    kept.write_bytes(b"other")
    answer = office.get(f"/api/v1/matters/{matter['id']}/archive-package")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")


def test_an_unknown_matter_and_an_unknown_parameter_are_told(office: FlaskClient) -> None:
    assert office.get("/api/v1/matters/none/archive-package").status_code == 404
    matter = assigned(office)
    assert office.get(f"/api/v1/matters/{matter['id']}/archive-package?format=zip").status_code == 400


def test_every_record_is_in_words(office: FlaskClient) -> None:
    matter = urged_twice(office)
    shown = [row for row in matter["records"] if row["action"] in ("register", "assign", "report")]
    told = []
    for row in shown:
        actor = Actor(row["by"], row["as"], row["unit"])
        effect = as_far_as(load_rulebook().ledger.actions[row["action"]], row["details"])
        record = Record(row["number"], row["action"], row["on"], Hand(actor), row["details"], row["on"], effect=effect)
        told.append(in_words(record, dict.fromkeys(row["details"].get("attachments", []), "总结.pdf"), load_rulebook()))
    assert told == [
        "立项方式：直接立项",
        "渠道：OA\nOA 流程编号：OA-1",
        "完成情况：已完成\n附件：总结.pdf、总结.pdf",
    ]
