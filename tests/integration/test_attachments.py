"""Files attached to matters, on both databases."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from urllib3.filepost import encode_multipart_formdata

from service.usecases.attach import MOST_BYTES
from tests.integration.ledger_office import OFFICE, act, assigned

RAW = b"%PDF-1.7 minutes of a meeting"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    return tmp_path / "attachments"


def send(client: FlaskClient, matter: Any, name: str, raw: bytes = RAW) -> Any:
    body, kind = encode_multipart_formdata({"file": (name, raw)})
    return client.post(f"/api/v1/matters/{matter['id']}/attachments", data=body, content_type=kind)


def test_a_file_comes_back_as_it_was_and_lies_only_under_its_hash(office: FlaskClient, folder: Path) -> None:
    matter = assigned(office)
    sent = send(office, matter, "座谈记录（喆堃）.pdf")
    assert (sent.status_code, sent.json["file_name"], sent.json["size"]) == (201, "座谈记录（喆堃）.pdf", len(RAW))
    place = f"/api/v1/matters/{matter['id']}/attachments"
    assert [row["id"] for row in office.get(place).json] == [sent.json["id"]]
    back = office.get(f"{place}/{sent.json['id']}")
    assert (back.data, back.mimetype) == (RAW, "application/octet-stream")
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [sent.json["sha256"]]


def test_a_body_that_is_no_form_is_told_what_it_should_be(office: FlaskClient) -> None:
    sent = office.post(f"/api/v1/matters/{assigned(office)['id']}/attachments", json={})
    assert (sent.status_code, "multipart/form-data" in sent.json["detail"]) == (415, True)


def test_a_large_file_comes_back_whole(office: FlaskClient) -> None:
    matter, raw = assigned(office), bytes(range(256)) * (MOST_BYTES // 256)
    sent = send(office, matter, "录音.mp3", raw)
    assert (sent.status_code, sent.json["size"]) == (201, MOST_BYTES)
    assert office.get(f"/api/v1/matters/{matter['id']}/attachments/{sent.json['id']}").data == raw


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
def test_a_name_that_is_more_than_a_name_is_refused(office: FlaskClient, folder: Path, name: str, said: str) -> None:
    answer = send(office, assigned(office), name)
    assert answer.status_code == 422
    assert said in answer.json["errors"]["file"][0]
    assert not folder.exists()


def test_a_body_that_is_too_long_is_refused_before_it_is_read(office: FlaskClient) -> None:
    class Endless(io.RawIOBase):
        """A body without end that counts what is taken of it."""

        taken = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            Endless.taken += len(buffer)
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    path = f"/api/v1/matters/{assigned(office)['id']}/attachments"
    body = {"wsgi.input": io.BufferedReader(Endless()), "CONTENT_LENGTH": str(100 << 20)}
    answer = office.post(path, environ_overrides=body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.json["title"]) == (413, "too-large")
    assert Endless.taken < 1 << 20
    assert send(office, assigned(office), "a.pdf", b"x" * (MOST_BYTES + 1)).status_code == 422


def test_a_file_of_no_matter_is_not_kept(office: FlaskClient, folder: Path) -> None:
    assert send(office, {"id": "nobody"}, "a.pdf").status_code == 404
    assert send(office, assigned(office), "a.pdf", b"").status_code == 422
    assert not folder.exists()


def test_bytes_that_were_changed_on_disk_are_not_handed_out(office: FlaskClient, folder: Path) -> None:
    matter = assigned(office)
    sent = send(office, matter, "a.pdf").json
    (folder / sent["sha256"][:2] / sent["sha256"]).write_bytes(b"other")
    answer = office.get(f"/api/v1/matters/{matter['id']}/attachments/{sent['id']}")
    assert (answer.status_code, answer.json["title"]) == (500, "content-lost")
