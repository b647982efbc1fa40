"""The documents of a case over HTTP and on the command line, and its file as a package opened again."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from models.store.database import connect, reading, writing
from service.books import books
from service.cli import main
from service.cli.db import ready_database
from service.documents.case.contents import record_words
from service.documents.case.papers import KINDS, Available, OfCase, OfPerson, OfRecords, PaperKind
from service.documents.parts.paper import Line, Paper
from service.documents.writing.hand_words import entered_words
from service.usecases.cases.papers import dossier
from service.usecases.people.api_tokens import CALENDAR, create_calendar_token
from tests.integration.page_case import browser
from tests.integration.paper_cases import CHANGED, NOW, RARE, REISSUED, STEPS, TELLS, before, lived, renamed
from tests.issued import with_units

PERSONAL = [name for name, kind in KINDS.items() if kind.per_person]


@pytest.fixture(scope="module")
def cases(embedded: Flask) -> dict[str, str]:
    """A case just proposed, one whose decision was changed on appeal, and one that was lived through."""
    engine = embedded.extensions["database"]
    with_units(engine, 甲处=None)
    changed = (*before("review_appeal"), CHANGED, REISSUED)
    served = renamed(STEPS, f"张{RARE}")
    return {
        "new": lived(engine, STEPS[:1]),
        "changed": lived(engine, renamed(changed, f"张{RARE}")),
        "served": lived(engine, served),
    }


def path(case: str, name: str = "", person: str | None = None) -> str:
    if not name:
        return f"/api/v1/cases/{case}/papers"
    wanted = person or ("P1" if name in PERSONAL else "")
    return f"/api/v1/cases/{case}/papers/{name}" + (f"?person={wanted}&" if wanted else "?")


def test_it_is_told_which_documents_exist_which_are_drafts_and_which_cannot_be_made(
    user: FlaskClient, cases: dict[str, str]
) -> None:
    new = user.get(path(cases["new"])).json
    assert isinstance(new, list)
    assert [row["name"] for row in new] == list(KINDS)
    assert [row["state"] for row in new] == ["draft"] * 5 + ["not_yet"] * 5 + ["exists"]
    assert all(row["why"] and row["provision"] for row in new[:-1])
    assert [row["person"] for row in new] == [None if row["name"] not in PERSONAL else "P1" for row in new]
    changed = user.get(path(cases["changed"])).json
    assert {row["state"] for row in changed} == {"exists"}  # type: ignore[union-attr]
    assert next(row["times"] for row in changed if row["name"] == "decision") == 2  # type: ignore[union-attr]


@pytest.mark.parametrize("name", TELLS)
def test_a_document_that_is_served_says_who_entered_the_acts_it_tells_of(
    embedded: Flask, user: FlaskClient, cases: dict[str, str], name: str
) -> None:
    with reading(embedded.extensions["database"]) as session:
        records = dossier(session, books(), cases["served"]).case.records
    answer = user.get(f"{path(cases['served'], name)}format=docx")
    text = "".join(re.findall("<w:t[^>]*>([^<]*)", document_xml(answer.data).decode()))
    assert [one.number for one in records if one.action in TELLS[name] and entered_words(one) not in text] == []


@pytest.mark.parametrize("name", ["fact-material", "hearing-record", "decision", "review-result"])
def test_a_person_investigated_is_told_by_role_who_entered_what_their_documents_tell_of(
    embedded: Flask, cases: dict[str, str], tmp_path: Path, name: str
) -> None:
    case = cases["served"]
    person = browser(embedded, f"told-{name}", f"张{RARE}", "person_investigated", case_id=case, person="P1")
    answer = person.get(f"/cases/{case}/own/papers/{name}")
    assert answer.status_code == 200
    (tmp_path / "own.pdf").write_bytes(answer.data)
    printed = subprocess.run(["pdftotext", "-raw", str(tmp_path / "own.pdf"), "-"], capture_output=True, check=True)
    text = "".join(printed.stdout.decode().split())
    assert "测试录入" not in text
    assert ("由系统（导入、接口或者命令行）录入" in text) is (name in TELLS)


@pytest.mark.parametrize("name", KINDS)
def test_a_document_is_served_as_docx_and_pdf(user: FlaskClient, cases: dict[str, str], name: str) -> None:
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF-")):
        answer = user.get(f"{path(cases['changed'], name)}format={kind}")
        assert (answer.status_code, answer.data[: len(start)]) == (200, start)
        assert f'filename="case-{name}.{kind}"' in answer.headers["Content-Disposition"]


def test_a_decision_that_was_not_taken_is_refused_with_its_provision(user: FlaskClient, cases: dict[str, str]) -> None:
    answer = user.get(path(cases["new"], "decision"))
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert [row["guard"] for row in answer.json["refusals"]] == ["held_accountable"]  # type: ignore[index]
    assert answer.json["refusals"][0]["provision"].startswith("art-9")  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        ("decision", "", 400),
        ("report", "person=P1", 400),
        ("decision", "person=P9", 404),
        ("decision", "person=", 400),
        ("verdict", "person=P1", 404),
        ("decision", "person=P1&format=xlsx", 400),
        ("decision", "person=P1&person=P1", 400),
        ("decision", "person=P1&colour=red", 400),
    ],
)
def test_what_cannot_be_asked_is_refused(
    user: FlaskClient, cases: dict[str, str], name: str, query: str, status: int
) -> None:
    answer = user.get(f"/api/v1/cases/{cases['changed']}/papers/{name}?{query}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert not answer.json["detail"].isascii()  # type: ignore[index]


@pytest.mark.parametrize("place", ["papers", "papers/report", "archive-package"])
def test_an_unknown_case_is_not_found_and_a_token_for_other_things_opens_nothing(
    embedded: Flask, user: FlaskClient, cases: dict[str, str], place: str
) -> None:
    assert user.get(f"/api/v1/cases/none/{place}").status_code == 404
    with writing(embedded.extensions["database"]) as session:
        secret = create_calendar_token(session, "日历", unit=None, now=NOW, expires_at=None)
    other = embedded.test_client().get(
        f"/api/v1/cases/{cases['new']}/{place}", headers={"Authorization": f"Bearer {secret}"}
    )
    assert (other.status_code, CALENDAR) == (403, "calendar:read")


def package(user: FlaskClient, case: str) -> zipfile.ZipFile:
    answer = user.get(f"/api/v1/cases/{case}/archive-package")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    return zipfile.ZipFile(io.BytesIO(answer.data))


def index_of(packed: zipfile.ZipFile) -> Any:
    return orjson.loads(packed.read("index.json"))


def test_the_package_holds_every_document_that_exists_and_every_hash(user: FlaskClient, cases: dict[str, str]) -> None:
    packed = package(user, cases["changed"])
    names = packed.namelist()
    assert names == sorted(names)
    index = index_of(packed)
    assert {row["name"] for row in index["files"]} == set(names) - {"index.json"}
    for row in index["files"]:
        raw = packed.read(row["name"])
        assert (row["size"], row["sha256"]) == (len(raw), hashlib.sha256(raw).hexdigest())
    documents = {row["name"]: row for row in index["documents"]}
    assert list(documents) == list(KINDS)
    assert len(documents["decision"]["files"]) == 4  # the former and the new one, to edit and to print
    assert all(name in names for row in documents.values() for name in row["files"])
    assert packed.testzip() is None


def test_no_draft_is_filed_and_the_index_says_why(user: FlaskClient, cases: dict[str, str]) -> None:
    packed = package(user, cases["new"])
    checkup = ["1-文书/001-程序体检表.docx", "1-文书/001-程序体检表.pdf"]
    assert packed.namelist() == ["0-目录.pdf", *checkup, "2-办理记录.json", "2-办理记录.pdf", "index.json"]
    *others, last = index_of(packed)["documents"]
    assert all(row["files"] == [] and row["why"] for row in others)
    assert last["files"] == checkup


def test_two_packages_of_one_case_are_the_same_bytes(user: FlaskClient, cases: dict[str, str]) -> None:
    place = f"/api/v1/cases/{cases['changed']}/archive-package"
    assert user.get(place).data == user.get(place).data


def test_records_and_evaluations_are_those_that_are_stored(
    embedded: Flask, user: FlaskClient, cases: dict[str, str]
) -> None:
    packed = package(user, cases["changed"])
    shown = user.get(f"/api/v1/cases/{cases['changed']}").json["records"]  # type: ignore[index]
    records = orjson.loads(packed.read("2-办理记录.json"))
    assert [{key: row[key] for key in found} for row, found in zip(records, shown, strict=True)] == shown
    with reading(embedded.extensions["database"]) as session:
        receipt = dossier(session, books(), cases["changed"]).evaluations["P1"][0]
    (name,) = (name for name in packed.namelist() if name.startswith("3-处理建议/"))
    assert packed.read(name) == user.get(f"/api/v1/recommendations/{receipt.receipt_id}").data


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A case of the command line's own ledger."""
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    engine = connect(ready_database(new=True))
    with_units(engine, 甲处=None)
    return lived(engine, before("decide"))


def test_documents_are_listed_and_made_on_the_command_line(own: str, tmp_path: Path) -> None:
    run = CliRunner()
    listed = run.invoke(main, ["case-paper", own]).output
    assert "report　调查报告　已有" in listed
    assert "decision　问责决定书　P1　尚不能制作：没有予以问责的决定" in listed
    place = tmp_path / "报告.docx"
    assert run.invoke(main, ["case-paper", own, "调查报告", "--out", str(place)]).exit_code == 0
    assert place.read_bytes().startswith(b"PK")
    printed = run.invoke(main, ["case-paper", own, "fact-material", "--format", "pdf"])
    assert printed.stdout_bytes.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("问责决定书",), "没有予以问责的决定，不得印发"),
        (("判决书",), "没有“判决书”这种文书"),
        (("decision", "--person", "P9"), "本案没有这名调查对象"),
        (("report", "--person", "P1"), "全案的文书"),
    ],
)
def test_what_cannot_be_made_is_said_with_code_2(own: str, words: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(main, ["case-paper", own, *words])
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


def test_every_record_is_in_words_without_a_code_of_the_system(embedded: Flask, cases: dict[str, str]) -> None:
    with reading(embedded.extensions["database"]) as session:
        found = dossier(session, books(), cases["changed"])
    titles = {one.id: f"{one.title}（{one.number}）" for one in found.matters}
    told = [record_words(record, found.case, found.book, titles) for record in found.case.records]
    first = told[0].split("\n")
    assert first[1] == f"所涉事项：{found.matters[0].title}（{found.matters[0].number}）"
    assert "调查对象：张" in told[3]
    assert "要素：任务载明于" in told[3]
    assert "证据：会议纪要（文件）：见附件" in told[3]
    codes = ("established", "P1\n", "art-", "school_committee", "receipt_id", "notice_of_criticism", "{")
    assert not [code for text in told for code in codes if code in text]


def roster(*_: object) -> Paper:
    return Paper("调查组名册", (Line("调查组名册", "title"), Line("名册所载")))


MADE, LACKING = Available((roster,)), Available((), why="尚未组成调查组", guard="decision_issued")
DECLARED: dict[str, PaperKind] = {
    "of a case": OfCase("team-roster", "调查组名册", lambda _: MADE),
    "of a person": OfPerson("team-roster", "调查组名册", lambda *_: MADE),
    "of a person who received it": OfPerson("team-roster", "调查组名册", lambda *_: MADE, received=lambda _: True),
    "of records": OfRecords("team-roster", "调查组名册", roster),
    "of which nothing can be made yet": OfCase("team-roster", "调查组名册", lambda _: LACKING),
}


@pytest.mark.parametrize("name", DECLARED)
def test_a_document_that_is_declared_stands_everywhere_and_is_drawn_as_itself(
    embedded: Flask, user: FlaskClient, cases: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    kind, case, exists = DECLARED[name], cases["changed"], "yet" not in name
    monkeypatch.setitem(KINDS, kind.name, kind)
    answer = user.get(f"{path(case, kind.name, 'P1' if kind.per_person else None)}format=docx")
    assert answer.status_code == (200 if exists else 409)
    if exists:
        assert re.findall("<w:t[^>]*>([^<]*)", document_xml(answer.data).decode()) == ["调查组名册", "名册所载"]
    (row,) = (row for row in user.get(path(case)).json if row["name"] == kind.name)  # type: ignore[union-attr]
    told = "exists" if exists else "not_yet"
    assert (row["title"], row["state"], row["why"]) == (kind.title, told, None if exists else LACKING.why)
    filed = {row["name"]: row["files"] for row in index_of(package(user, case))["documents"]}
    assert (list(filed), len(filed[kind.name])) == (list(KINDS), 2 if exists else 0)
    shown = browser(embedded, f"clerk-{name}", "李四", "office_clerk").get(f"/cases/{case}").text
    assert f"{kind.title}{'（张' if kind.per_person else '　'}" in shown
    assert (f"/papers/{kind.name}?" in shown) is exists
    person = browser(embedded, f"own-{name}", "张某", "person_investigated", case_id=case, person="P1")
    assert (f"/own/papers/{kind.name}" in person.get(f"/cases/{case}/own").text) is ("received" in name)
    assert person.get(f"/cases/{case}/own/papers/{kind.name}").status_code == (200 if "received" in name else 404)


def test_no_document_is_declared_without_what_draws_it() -> None:
    for kind in (OfCase, OfPerson, OfRecords):
        with pytest.raises(TypeError, match="missing 1 required positional argument"):
            kind("team-roster", "调查组名册")  # type: ignore[call-arg]


def test_a_declared_document_stands_on_the_command_line(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "team-roster", DECLARED["of a case"])
    run = CliRunner()
    assert "team-roster　调查组名册　已有\n" in run.invoke(main, ["case-paper", own]).output
    assert "名册所载".encode() in document_xml(run.invoke(main, ["case-paper", own, "调查组名册"]).stdout_bytes)


def document_xml(packed: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(packed)).read("word/document.xml")
