"""The annexes, the bulletin, the written report and the assessment over HTTP."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.people.units import Unit
from models.store.database import reading, writing
from service.books import books
from service.documents.exports import ASSESSMENT, BULLETIN, WRITTEN_REPORT
from service.usecases.matters.written_report import MonthToCome, written_report
from tests.integration.ledger_office import OFFICE, UNIT, act, assigned


@pytest.fixture(scope="module")
def with_units(embedded: Flask) -> None:
    with writing(embedded.extensions["database"]) as session:
        session.add(Unit(name="甲处", from_on=date(2020, 1, 1)))


@pytest.mark.usefixtures("with_units")
def test_the_annexes_are_served_in_each_format(user: FlaskClient) -> None:
    matter = assigned(user)
    path = f"/api/v1/matters/{matter['id']}"
    assert user.get(f"{path}/urging-notice").status_code == 404
    act(user, matter, "urge", "2026-05-04", OFFICE)
    month = "/api/v1/status-table?cutoff=2026-05-25&submit_by=2026-05-28"
    starts = {"docx": b"PK", "pdf": b"%PDF-", "xlsx": b"PK"}
    for address in (f"{path}/registration-form?", f"{path}/urging-notice?", f"{month}&"):
        for kind, start in starts.items():
            answer = user.get(f"{address}format={kind}")
            if kind == "xlsx" and "status-table" not in address:
                assert answer.status_code == 400
            else:
                assert (answer.status_code, answer.data[: len(start)]) == (200, start)
    assert user.get("/api/v1/status-table?cutoff=2026-05-25&submit_by=2026-05-01").status_code == 400
    assert user.get("/api/v1/matters/none/registration-form").status_code == 404


PERIOD = "/api/v1/bulletin?first=2026-01-01&last=2026-06-30"
STARTS = {"docx": b"PK", "pdf": b"%PDF-", "xlsx": b"PK", "csv": "\ufeff".encode(), "json": b"{"}


@pytest.mark.usefixtures("with_units")
@pytest.mark.parametrize(
    ("address", "kinds"),
    [
        (f"{PERIOD}&number=3&issued_on=2026-07-06", BULLETIN),
        ("/api/v1/written-report?month=2026-05&issued_on=2026-06-01", WRITTEN_REPORT),
        ("/api/v1/assessment?year=2026", ASSESSMENT),
    ],
    ids=["bulletin", "written report", "assessment"],
)
def test_reports_are_served_in_each_format_and_in_no_other(
    user: FlaskClient, address: str, kinds: tuple[str, ...]
) -> None:
    for kind, start in STARTS.items():
        answer = user.get(f"{address}&format={kind}")
        if kind in kinds:
            assert (answer.status_code, answer.data[: len(start)]) == (200, start)
        else:
            assert answer.status_code == 400
    assert user.get(address).data.startswith(STARTS[kinds[0]])


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/bulletin",
        "/api/v1/bulletin?first=2026-06-30&last=2026-01-01",
        "/api/v1/bulletin?first=2026-01-01&last=9999-12-31",
        "/api/v1/bulletin?first=2021-01-01&last=2026-06-30",
        "/api/v1/bulletin?first=20260101&last=2026-06-30",
        f"{PERIOD}&number=0",
        f"{PERIOD}&number=x",
        f"{PERIOD}&issued_on=yesterday",
        f"{PERIOD}&colour=red",
        f"{PERIOD}&last=2026-05-31",
        "/api/v1/written-report?month=2026-13",
        "/api/v1/written-report?month=2199-01",
        "/api/v1/written-report?month=0001-01",
        "/api/v1/assessment?year=2199",
        "/api/v1/assessment?year=99",
        "/api/v1/assessment",
    ],
)
def test_what_cannot_be_asked_is_refused_in_chinese(user: FlaskClient, address: str) -> None:
    answer = user.get(address)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert not answer.json["detail"].isascii()  # type: ignore[index]


@pytest.mark.usefixtures("with_units")
def test_the_written_report_has_the_resolutions_of_the_month_as_they_then_stood(
    embedded: Flask, user: FlaskClient
) -> None:
    for title, due, category in (("决议一", "2026-04-30", "meeting"), ("工作要点", "2026-04-30", "plan")):
        matter = assigned(user, title=title, due_on=due, category=category)
        matter = act(user, matter, "progress", "2026-05-06", UNIT, note="完成七成").json
        matter = act(user, matter, "report", "2026-06-03", UNIT, result="已完成").json
        act(user, matter, "accept", "2026-06-05", OFFICE)
    told: dict[int, list[tuple[str, bool, bool, str]]] = {}
    for month in (5, 6, 7):
        with reading(embedded.extensions["database"]) as session:
            found = written_report(session, books(), month=date(2026, month, 9), today=date(2026, 12, 31))
        told[month] = [(row.title, row.done, row.overdue, row.progress) for row in found.resolutions]
    assert told[5] == [("决议一", False, True, "完成七成（5月6日反馈）")]
    assert told[6] == [("决议一", True, False, "已完成（6月3日反馈）")]
    assert told[7] == []


def test_a_month_that_has_not_begun_has_no_report(embedded: Flask) -> None:
    with reading(embedded.extensions["database"]) as session, pytest.raises(MonthToCome):
        written_report(session, books(), month=date(2026, 6, 1), today=date(2026, 5, 31))
