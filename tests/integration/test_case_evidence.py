"""Evidence that names files, ledger records and hearings: looked up when the finding is made, and kept as it then was."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.schemas.entries import case_entries
from models.schemas.errors import CaseFileError
from models.store.attachments import Attachment, put_content
from models.store.database import reading, writing
from rules.book.loading import load_rulebook
from service.books import books
from service.documents.writing.case_words import evidence_words
from service.usecases.cases.papers import case_paper
from tests.entering import PAPER, PAPER_RAW
from tests.integration.case_office import entry, proposed, take, taken
from tests.integration.test_attachments import send_to
from tests.lawful_case import first, found, until

RAW = b"%PDF-1.7 minutes"
SHA256 = hashlib.sha256(RAW).hexdigest()
ELEMENT = "art-8.1.1.not_completed"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    return tmp_path / "attachments"


@pytest.fixture
def case(office: FlaskClient) -> Any:
    """A case whose team may find."""
    return taken(office, proposed(office).json, *until("find")[1:])


def sent(client: FlaskClient, case: Any, name: str = "纪要.pdf") -> str:
    answer: str = send_to(client, f"/api/v1/cases/{case['id']}/attachments", name, RAW).json["id"]
    return answer


def of_matter(client: FlaskClient, case: Any) -> str:
    answer: str = send_to(client, f"/api/v1/matters/{case['matters'][0]}/attachments", "台账.pdf", RAW).json["id"]
    return answer


def number(client: FlaskClient, case: Any) -> str:
    answer: str = client.get(f"/api/v1/matters/{case['matters'][0]}").json["number"]  # type: ignore[index]
    return answer


def finding(client: FlaskClient, case: Any, *evidence: Any) -> Any:
    return take(client, case, found(ELEMENT, "established", "2026-06-01", evidence=evidence))


def test_what_is_named_is_written_down_as_it_was(office: FlaskClient, case: Any) -> None:
    ours, theirs, matter = sent(office, case), of_matter(office, case), number(office, case)
    case = taken(office, case, found("harm", "grave"), first("serve_fact_material"), first("hear"))
    heard = case["records"][-1]["number"]
    answer = finding(
        office, case, {"attachment": ours, "page": 3}, {"attachment": theirs, "sha256": SHA256},
        {"ledger_record": f"{matter}#5"}, {"hearing": heard, "text": "承认逾期"}, {"kind": "document", "reference": "他处档案"}, "口头",
    )  # fmt: skip
    assert answer.status_code == 200, answer.json
    kept = answer.json["records"][-1]["details"]["evidence"]
    assert kept == [
        {"attachment": ours, "page": 3, "file_name": "纪要.pdf", "sha256": SHA256},
        {"attachment": theirs, "sha256": SHA256, "file_name": "台账.pdf"},
        {"ledger_record": f"{matter}#5", "action": "催办", "on": "2026-05-04"},
        {"hearing": heard, "text": "承认逾期", "by": "张某", "on": "2026-05-27"},
        {"kind": "document", "reference": "他处档案"},
        "口头",
    ]
    assert evidence_words(kept).split("\n") == [
        f"纪要.pdf（散列值{SHA256[:12]}），页码：3",
        f"台账.pdf（散列值{SHA256[:12]}）",
        f"台账记录{matter}#5（催办，2026-05-04）",
        f"谈话笔录（办理记录第{heard}号，张某，2026-05-27），承认逾期",
        "他处档案（文件）",
        "口头",
    ]


def test_every_piece_that_names_what_is_not_there_is_told_and_nothing_is_written(
    office: FlaskClient, case: Any
) -> None:
    other = proposed(office).json
    foreign, of_other, matter = sent(office, other), of_matter(office, other), number(office, case)
    wrong = (
        {"attachment": "none"}, {"attachment": foreign}, {"attachment": of_other}, {"ledger_record": f"{matter}#99"},
        {"ledger_record": f"{number(office, other)}#1"}, {"ledger_record": matter}, {"hearing": 1},
        {"attachment": sent(office, case), "sha256": "0" * 64},
    )  # fmt: skip
    refused = finding(office, case, *wrong)
    assert refused.status_code == 422
    paths = [*("attachment",) * 3, *("ledger_record",) * 3, "hearing", "sha256"]
    errors = refused.json["errors"]
    assert set(errors) == {f"details.evidence[{at}].{name}" for at, name in enumerate(paths)}
    assert "本案和所涉事项都没有这个附件" in errors["details.evidence[1].attachment"][0]
    assert f"{matter}#1至7" in errors["details.evidence[4].ledger_record"][0]
    assert "本案现有：尚无" in errors["details.evidence[6].hearing"][0]
    assert SHA256 in errors["details.evidence[7].sha256"][0]
    assert office.get(f"/api/v1/cases/{case['id']}").json["version"] == case["version"]  # type: ignore[index]


def test_the_evidence_of_a_finding_reaches_the_recommendation(office: FlaskClient, case: Any) -> None:
    piece = {"attachment": sent(office, case), **{f"字段{at}": at for at in range(17)}}
    case = finding(office, case, piece).json
    case = taken(office, case, found("role", "principal"), found("harm", "grave"), first("evaluate"))
    receipt = office.get(f"/api/v1/recommendations/{case['persons'][0]['evaluations'][0]}").data
    assert SHA256 in orjson.dumps(orjson.loads(receipt)["persons"]["P1"]["steps"]).decode()
    refused = finding(office, case, {**piece, "字段17": 17})
    assert (refused.status_code, "至多20个字段" in refused.json["errors"]["details.evidence[0]"][0]) == (422, True)


def with_files(client: FlaskClient, case: Any) -> tuple[Any, dict[str, str]]:
    """The case with a finding on a file of its own and on one of its matter; name in the package → id."""
    ours, theirs = sent(client, case), of_matter(client, case)
    files = {"4-附件/纪要.pdf": ours, "4-附件/台账.pdf": theirs, "4-附件/纪要（2）.pdf": sent(client, case)}
    send_to(client, f"/api/v1/matters/{case['matters'][0]}/attachments", "无关.pdf", b"other")
    return finding(client, case, {"attachment": ours}, {"attachment": theirs}).json, files


def packed(client: FlaskClient, case: Any) -> zipfile.ZipFile:
    answer = client.get(f"/api/v1/cases/{case['id']}/archive-package")
    assert answer.status_code == 200, answer.json
    return zipfile.ZipFile(io.BytesIO(answer.data))


def printed(raw: bytes, folder: Path) -> str:
    place = folder / "made.pdf"
    place.write_bytes(raw)
    told = subprocess.run(["pdftotext", "-raw", place, "-"], capture_output=True, check=True).stdout.decode()
    return "".join(told.split())


def evidence_in(package: zipfile.ZipFile) -> Any:
    return [
        (row["file"], row["sha256"], row["unchanged"]) for row in orjson.loads(package.read("index.json"))["evidence"]
    ]


def test_the_documents_tell_the_file_with_the_beginning_of_its_hash(app: Flask, office: FlaskClient, case: Any) -> None:
    case, _ = with_files(office, case)
    others = until("report")
    case = taken(office, case, *others[others.index(found("role", "principal")) :])
    with reading(app.extensions["database"]) as session:
        for name, person in (("fact-material", "P1"), ("report", None), ("review-material", "P1")):
            said = "\n".join(case_paper(session, books(), case["id"], name, person, today=first("close").on).texts)
            assert f"纪要.pdf（散列值{SHA256[:12]}）" in said, name
            assert f"台账.pdf（散列值{SHA256[:12]}）" in said, name


def test_the_package_holds_the_files_of_the_case_and_those_named_of_its_matters(office: FlaskClient, case: Any) -> None:
    case, files = with_files(office, case)
    package = packed(office, case)
    bound = f"4-附件/{PAPER}"  # what a record of the case rests on is a file of the case too
    assert {name for name in package.namelist() if name.startswith("4-")} == {*files, bound}
    assert package.read(bound) == PAPER_RAW
    listed = {row["name"]: row for row in orjson.loads(package.read("index.json"))["files"]}
    for name, attachment in files.items():
        assert (listed[name]["attachment"], listed[name]["sha256"], package.read(name)) == (attachment, SHA256, RAW)
    assert evidence_in(package) == [("4-附件/纪要.pdf", SHA256, True), ("4-附件/台账.pdf", SHA256, True)]


def test_a_file_that_was_swapped_or_taken_away_after_the_finding_shows(
    app: Flask, office: FlaskClient, case: Any, folder: Path, tmp_path: Path
) -> None:
    case, files = with_files(office, case)
    with writing(app.extensions["database"]) as session:
        other = put_content(folder, b"%PDF-1.7 quite another")
        swapped, gone = (session.get_one(Attachment, files[f"4-附件/{name}.pdf"]) for name in ("纪要", "台账"))
        swapped.sha256 = other
        session.delete(gone)
    package = packed(office, case)
    assert evidence_in(package) == [("4-附件/纪要.pdf", SHA256, False), (None, SHA256, False)]
    said = printed(package.read("0-目录.pdf"), tmp_path)
    assert ("已不是认定时的文件" in said, "已没有这个文件" in said, "与认定时一致" in said) == (True, True, False)


def test_a_package_is_not_made_of_bytes_that_were_changed(office: FlaskClient, case: Any, folder: Path) -> None:
    case, _ = with_files(office, case)
    (folder / SHA256[:2] / SHA256).write_bytes(b"other")
    answer = office.get(f"/api/v1/cases/{case['id']}/archive-package")
    assert (answer.status_code, answer.json["title"]) == (500, "content-lost")  # type: ignore[index]


@pytest.mark.parametrize(
    ("piece", "path"),
    [
        ({"attachment": 3}, "[0].attachment"),
        ({"attachment": "x" * 37}, "[0].attachment"),
        ({"attachment": None}, "[0].attachment"),
        ({"ledger_record": True}, "[0].ledger_record"),
        ({"hearing": "9"}, "[0].hearing"),
        ({"hearing": True}, "[0].hearing"),
        ({"hearing": -1}, "[0].hearing"),
        ({"attachment": "a", "hearing": 9}, "[0].hearing"),
    ],
    ids=str,
)
def test_a_reference_of_the_wrong_kind_is_refused_at_its_place(piece: Any, path: str) -> None:
    body = entry(found(ELEMENT, "established", evidence=(piece,)))
    with pytest.raises(CaseFileError) as refused:
        case_entries(load_rulebook()).load("find", body)
    assert [error.path for error in refused.value.errors] == [f"details.evidence{path}"]


def test_what_only_looks_like_a_reference_in_an_older_record_is_shown_as_it_is() -> None:
    assert evidence_words([{"attachment": "第3号附件"}]) == "attachment：第3号附件"
