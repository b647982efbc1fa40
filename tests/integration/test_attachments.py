"""Files attached to matters and to cases, on both databases."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from urllib3.filepost import encode_multipart_formdata

from service.usecases.cases.attach import MOST_BYTES
from tests.entering import PAPER, PAPER_RAW
from tests.integration.case_office import proposed
from tests.integration.ledger_office import OFFICE, act, assigned

RAW = b"%PDF-1.7 minutes of a meeting"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    return tmp_path / "attachments"


@pytest.fixture(params=["matters", "cases"])
def place(request: pytest.FixtureRequest, office: FlaskClient) -> str:
    """Where the files of a matter, and of a case, are sent to."""
    kind: str = request.param
    made = assigned(office) if kind == "matters" else proposed(office).json
    return f"/api/v1/{kind}/{made['id']}/attachments"


def send_to(client: FlaskClient, place: str, name: str, raw: bytes = RAW) -> Any:
    body, kind = encode_multipart_formdata({"file": (name, raw)})
    return client.post(place, data=body, content_type=kind)


def send(client: FlaskClient, matter: Any, name: str, raw: bytes = RAW) -> Any:
    return send_to(client, f"/api/v1/matters/{matter['id']}/attachments", name, raw)


def listed(client: FlaskClient, place: str) -> list[str]:
    """What was sent there, without the paper on which the acts before it rest."""
    return [row["id"] for row in client.get(place).json if row["file_name"] != PAPER]


def kept(folder: Path) -> list[str]:
    """The hashes under which files lie, without that of this paper."""
    of_paper = hashlib.sha256(PAPER_RAW).hexdigest()
    return [path.name for path in folder.rglob("*") if path.is_file() and path.name != of_paper]


def test_a_file_comes_back_as_it_was_and_lies_only_under_its_hash(
    office: FlaskClient, place: str, folder: Path
) -> None:
    sent = send_to(office, place, "座谈记录（喆堃）.pdf")
    assert (sent.status_code, sent.json["file_name"], sent.json["size"]) == (201, "座谈记录（喆堃）.pdf", len(RAW))
    assert sent.headers["Location"] == f"{place}/{sent.json['id']}"
    assert listed(office, place) == [sent.json["id"]]
    back = office.get(f"{place}/{sent.json['id']}")
    assert (back.data, back.mimetype) == (RAW, "application/octet-stream")
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert kept(folder) == [sent.json["sha256"]]


def test_a_body_that_is_no_form_is_told_what_it_should_be(office: FlaskClient) -> None:
    sent = office.post(f"/api/v1/matters/{assigned(office)['id']}/attachments", json={})
    assert (sent.status_code, "multipart/form-data" in sent.json["detail"]) == (415, True)


def test_a_large_file_comes_back_whole(office: FlaskClient, place: str) -> None:
    raw = bytes(range(256)) * (MOST_BYTES // 256)
    sent = send_to(office, place, "录音.mp3", raw)
    assert (sent.status_code, sent.json["size"]) == (201, MOST_BYTES)
    assert office.get(f"{place}/{sent.json['id']}").data == raw


def test_a_file_is_handed_out_only_where_it_belongs(office: FlaskClient) -> None:
    case, other = proposed(office).json, proposed(office).json
    ours, matter = f"/api/v1/cases/{case['id']}/attachments", f"/api/v1/matters/{case['matters'][0]}/attachments"
    sent, attached = send_to(office, ours, "a.pdf").json["id"], send_to(office, matter, "b.pdf").json["id"]
    for place in (f"/api/v1/cases/{other['id']}/attachments/{sent}", f"{matter}/{sent}", f"{ours}/{attached}"):
        assert office.get(place).status_code == 404
    assert listed(office, ours) == [sent]
    assert listed(office, matter) == [attached]


def test_a_record_names_what_was_attached_to_its_own_matter(office: FlaskClient) -> None:
    matter, other = assigned(office), assigned(office)
    ours, theirs = send(office, matter, "a.pdf").json["id"], send(office, other, "b.pdf").json["id"]
    refused = act(office, matter, "check", "2026-03-01", OFFICE, method="site_visit", attachments=[ours, theirs])
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"details.attachments[1]"})
    done = act(office, matter, "check", "2026-03-01", OFFICE, method="site_visit", attachments=[ours])
    assert done.json["records"][-1]["details"]["attachments"] == [ours]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../etc/passwd.txt", "路径"),
        ("C:\\secret\\a.pdf", "路径"),
        ("a/b.pdf", "路径"),
        (".pdf", "不能以"),
        ("a\u202efdp.exe", "不可见"),
        ("a.docm", "不能附加这类文件"),
        ("a.html", "不能附加这类文件"),
        ("甲" * 200 + ".pdf", "文件名应为"),
    ],
    ids=["up", "drive", "folder", "hidden", "right to left", "macro", "page", "long"],
)
def test_a_name_that_is_more_than_a_name_is_refused(
    office: FlaskClient, place: str, folder: Path, name: str, said: str
) -> None:
    answer = send_to(office, place, name)
    assert answer.status_code == 422
    assert said in answer.json["errors"]["file"][0]
    assert kept(folder) == []


def test_a_body_that_is_too_long_is_refused_before_it_is_read(office: FlaskClient, place: str) -> None:
    class Endless(io.RawIOBase):
        """A body without end that counts what is taken of it."""

        taken = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            Endless.taken += len(buffer)
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    body = {"wsgi.input": io.BufferedReader(Endless()), "CONTENT_LENGTH": str(100 << 20)}
    answer = office.post(place, environ_overrides=body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.json["title"]) == (413, "too-large")
    assert Endless.taken < 1 << 20
    assert send_to(office, place, "a.pdf", b"x" * (MOST_BYTES + 1)).status_code == 422


def test_a_file_of_nothing_is_not_kept(office: FlaskClient, place: str, folder: Path) -> None:
    nowhere = f"{place.rsplit('/', 2)[0]}/nobody/attachments"
    assert send_to(office, nowhere, "a.pdf").status_code == 404
    assert office.get(nowhere).status_code == 404
    assert send_to(office, place, "a.pdf", b"").status_code == 422
    assert kept(folder) == []


def test_bytes_that_were_changed_on_disk_are_not_handed_out(office: FlaskClient, place: str, folder: Path) -> None:
    sent = send_to(office, place, "a.pdf").json
    (folder / sent["sha256"][:2] / sent["sha256"]).write_bytes(b"other")
    answer = office.get(f"{place}/{sent['id']}")
    assert (answer.status_code, answer.json["title"]) == (500, "content-lost")
