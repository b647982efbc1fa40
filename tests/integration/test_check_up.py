"""The check-up of procedure at the edges: over HTTP on both databases, with records that make no case, on the command line."""

from __future__ import annotations

import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import insert

from models.case.cases import CaseRecordRow
from models.store.database import connect, reading, writing
from rules.book.loading import load_rulebook
from service.books import books
from service.cli import main
from service.cli.db import ready_database
from service.documents.drawing.formats import as_docx, as_pdf
from service.documents.parts.paper import Paper, Table
from service.usecases.cases.check_up import check_up
from service.usecases.cases.papers import case_paper
from tests.integration.case_office import proposed, taken
from tests.integration.paper_cases import NOW, STEPS, before, lived, with_second
from tests.issued import with_units

BOOK = load_rulebook()
FIELDS = {"duty", "label", "person", "provision", "citation", "grade", "grade_label", "records", "remedy"}


@pytest.fixture
def case(office: FlaskClient) -> Any:
    return proposed(office).json


def told(client: FlaskClient, case: Any) -> list[dict[str, Any]]:
    """The check-up as it is answered, of the documented shape."""
    answer = client.get(f"/api/v1/cases/{case['id']}/checkup")
    assert answer.status_code == 200, answer.json
    document: Any = client.get("/api/v1/openapi.json").json
    shape = document["paths"]["/api/v1/cases/{case_id}/checkup"]["get"]["responses"]["200"]["content"]
    schema = {**shape["application/json"]["schema"], "components": document["components"]}
    Draft202012Validator(schema).validate(answer.json)
    found: list[dict[str, Any]] = answer.json
    return found


def torn(app: Flask, case: Any, number: int, action: str, details: bytes) -> None:
    """A record that no use case would write, put straight into the store."""
    row = {"case_id": case["id"], "number": number, "action": action, "done_on": date(2026, 8, 12), "actor_name": "党委秘书",
           "actor_kind": "committee", "details": details, "recorded_at": NOW, "entered_by": "导入"}  # fmt: skip
    with writing(app.extensions["database"]) as session:
        session.execute(insert(CaseRecordRow), [row])


def test_every_duty_of_a_case_is_told_with_its_provision_and_its_records(office: FlaskClient, case: Any) -> None:
    taken(office, case, *before("close", STEPS)[1:])
    rows = told(office, case)
    assert [row["duty"] for row in rows] == list(BOOK.checkup.duties)
    assert {row["grade"] for row in rows} <= {"kept", "not_regulated"}
    approval = next(row for row in rows if row["duty"] == "approval")
    duty = BOOK.checkup.duties["approval"]
    assert approval == {
        "duty": "approval", "label": duty.label, "person": None, "provision": duty.provision,
        "citation": BOOK.provisions[duty.provision].citation, "grade": "kept", "grade_label": "合规", "records": [2],
        "remedy": None,
    }  # fmt: skip
    assert {row["person"] for row in rows} == {None, "P1"}
    assert all(set(row) == FIELDS for row in rows)


def test_what_is_lacking_has_its_remedy(office: FlaskClient, case: Any) -> None:
    taken(office, case, *before("serve_decision", STEPS)[1:])
    service = next(row for row in told(office, case) if row["duty"] == "service_person")
    assert (service["grade_label"], service["remedy"]) == ("可补正", BOOK.checkup.duties["service_person"].remedy)


@pytest.mark.parametrize(
    ("action", "details"),
    [
        ("review_appeal", b'{"person":"P1","result":"upheld"}'),
        ("decide", b"torn"),
        ("decide", b"[1]"),
        ("decide", b'{"meeting":{"held_on":"2026-13-45"},"decisions":[{"person":{}}]}'),
        ("unheard_of", b"{}"),
    ],
    ids=["a review of nothing", "no JSON", "no object", "no day", "no action"],
)
def test_records_that_make_no_case_are_checked_all_the_same(
    app: Flask, office: FlaskClient, case: Any, action: str, details: bytes
) -> None:
    approved = taken(office, case, *before("form_team")[1:])
    torn(app, approved, approved["version"] + 1, action, details)
    assert office.get(f"/api/v1/cases/{case['id']}").status_code == 409
    rows = {row["duty"]: row["grade"] for row in told(office, case)}
    assert set(rows) == set(BOOK.checkup.duties)
    assert rows["approval"] == "kept"
    assert rows["team"] == ("not_due" if action == "unheard_of" else "incurable")


def test_a_day_that_can_be_read_beside_one_that_cannot_still_counts(app: Flask, office: FlaskClient, case: Any) -> None:
    submitted = taken(office, case, *before("decide", STEPS)[1:])
    torn(app, submitted, submitted["version"] + 1, "decide", b'{"meeting":{"held_on":"2026-06-04"},"noted_on":7}')
    grades = {row["duty"]: row["grade"] for row in told(office, case)}
    assert grades["submission"] == "curable"  # the committee met a day before the report was submitted


def test_the_reminders_run_to_the_day_that_is_asked_about(app: Flask, office: FlaskClient, case: Any) -> None:
    taken(office, case, *before("notify_department", STEPS)[1:])

    def grade(day: date) -> str:
        with reading(app.extensions["database"]) as session:
            found = check_up(session, books(), case["id"], today=day)
        assert (found.on, found.names) == (day, {"P1": "张某"})
        return next(row.grade for row in found.rows if row.duty == "notice_personnel")

    assert [grade(date(2026, 6, 26)), grade(date(2026, 8, 31))] == ["not_due", "curable"]


def test_what_cannot_be_asked_is_refused(office: FlaskClient, case: Any) -> None:
    assert office.get("/api/v1/cases/nobody/checkup").status_code == 404
    answer: Any = office.get(f"/api/v1/cases/{case['id']}/checkup?today=2026-06-01")
    assert (answer.status_code, answer.json["detail"]) == (400, "没有查询参数")


def printed(made: Paper, folder: Path) -> list[str]:
    """The text of every printed page, without blanks."""
    (folder / "made.pdf").write_bytes(as_pdf(made))
    text = subprocess.run(
        ["pdftotext", "-layout", str(folder / "made.pdf"), "-"], capture_output=True, check=True
    ).stdout
    return ["".join(page.split()) for page in text.decode().split("\f")[:-1]]


def sheet(app: Flask, case: Any) -> Paper:
    with reading(app.extensions["database"]) as session:
        return case_paper(session, books(), case["id"], "checkup", None, today=date(2026, 12, 1))


def test_the_paper_has_the_numbers_first_then_a_table_of_the_case_and_of_each_person(
    app: Flask, office: FlaskClient, case: Any, tmp_path: Path
) -> None:
    taken(office, case, *before("serve_decision", STEPS)[1:])
    made = sheet(app, case)
    summary, of_case, of_person = (block for block in made.blocks if isinstance(block, Table))
    cells = [[cell.lines[0].text for cell in row] for row in summary.rows]
    assert cells[0] == ["范围", *BOOK.checkup.grades.values()]
    assert [row[0] for row in cells[1:]] == ["全案", "张某", "合计"]
    assert [sum(map(int, row[1:])) for row in cells[1:]] == [8, 20, 28]
    shown = [[cell.lines[0].text for cell in row] for row in (*of_case.rows[1:], *of_person.rows[1:])]
    service, evidence = BOOK.checkup.duties["service_person"], BOOK.checkup.duties["evidence"]
    cited = BOOK.provisions[service.provision].citation
    assert [service.label, cited, "可补正", service.remedy, ""] in shown
    assert next(row[4] for row in shown if row[0] == evidence.label) == "4至11"
    pages = printed(made, tmp_path)
    assert "按2026年12月1日的情形" in pages[0]
    assert len(pages) > 1
    assert all("工作底稿（内部使用，不是问责决定）" in page for page in pages)
    assert as_docx(made).startswith(b"PK")


def test_the_paper_is_made_of_records_that_make_no_case(
    app: Flask, office: FlaskClient, case: Any, tmp_path: Path
) -> None:
    persons = b'{"persons":[{"id":"P2","name":"\\u0000\xe6\x9d\x8e"}],"meeting":7}'
    torn(app, case, 2, "propose", persons)
    assert "李" in sheet(app, case).texts
    answer = office.get(f"/api/v1/cases/{case['id']}/papers/checkup?format=pdf")
    assert answer.data.startswith(b"%PDF-")
    assert as_docx(sheet(app, case)).startswith(b"PK")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A case about two persons in the command line's own ledger, whose decisions have not been served."""
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    engine = connect(ready_database(new=True))
    with_units(engine, 甲处=None, 乙处=None)
    return lived(engine, with_second(before("serve_decision"), "李某"))


def test_the_command_tells_the_case_and_each_person(own: str) -> None:
    run = CliRunner()
    said = run.invoke(main, ["case", "checkup", own, "--today", "2026-12-01"]).stdout
    lines = said.split("\n")
    assert lines[0].startswith("自评报告逾期　截至2026-12-01：合规")
    assert [line for line in lines if line.startswith("【")] == ["【全案】", "【张某】", "【李某】"]
    approval = BOOK.checkup.duties["approval"]
    assert f"　合规　{approval.label}（{BOOK.provisions[approval.provision].citation}）　记录2" in lines
    service = BOOK.checkup.duties["service_person"]
    assert (
        lines.count(f"　可补正　{service.label}（{BOOK.provisions[service.provision].citation}）　{service.remedy}")
        == 2
    )
    early = run.invoke(main, ["case", "checkup", own, "--today", "2026-06-24"]).stdout
    assert f"　未到期　{service.label}" in early


@pytest.mark.parametrize(
    ("words", "said"),
    [(("nobody",), "没有这个案件"), (("nobody", "--today", "6月1日"), "6月1日")],
    ids=["case", "day"],
)
def test_a_command_that_cannot_be_carried_out_ends_with_2(own: str, words: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(main, ["case", "checkup", *words])
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


def test_the_package_is_written_with_the_check_up_as_of_the_last_record(own: str, tmp_path: Path) -> None:
    first, second = tmp_path / "甲.zip", tmp_path / "乙.zip"
    for place in (first, second):
        done = CliRunner().invoke(main, ["case", "package", own, "--out", str(place)])
        assert (done.exit_code, f"已写入 {place}" in done.stderr) == (0, True)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as packed:
        (name,) = (name for name in packed.namelist() if name.endswith("程序体检表.pdf"))
        (tmp_path / "filed.pdf").write_bytes(packed.read(name))
    text = subprocess.run(["pdftotext", str(tmp_path / "filed.pdf"), "-"], capture_output=True, check=True).stdout
    said = "".join(text.decode().split())
    assert "按2026年6月23日的情形" in said  # the day on which the decision was issued
    assert "以最后一条记录之日为准" in said


@pytest.mark.parametrize(
    ("case", "out", "said"),
    [("nobody", "案卷.zip", "没有这个案件"), (None, "none/案卷.zip", "没有文件夹")],
    ids=["case", "folder"],
)
def test_a_package_that_cannot_be_written_leaves_nothing(
    own: str, tmp_path: Path, case: str | None, out: str, said: str
) -> None:
    place = tmp_path / "out" / out
    (tmp_path / "out").mkdir()
    done = CliRunner().invoke(main, ["case", "package", case or own, "--out", str(place)])
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert not list((tmp_path / "out").iterdir())


def test_the_paper_is_made_on_the_command_line(own: str, tmp_path: Path) -> None:
    place = tmp_path / "体检.docx"
    done = CliRunner().invoke(main, ["case-paper", own, "程序体检表", "--out", str(place)])
    assert (done.exit_code, place.read_bytes()[:2]) == (0, b"PK"), done.stderr
