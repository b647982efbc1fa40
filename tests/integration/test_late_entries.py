"""An act that counts and is entered after the next working day asks for a reason, at every way into the ledger."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.matter.late_entries import REASON, counted_actions
from models.store.database import reading
from rules.book.loading import load_rulebook
from rules.reasoning.calendar import LOCAL
from service.books import books
from service.usecases.exchange.export import export_lines
from tests.integration.ledger_office import OFFICE, assigned
from tests.integration.page_case import browser, entering
from tests.people import Clock

COUNTED = sorted(counted_actions(load_rulebook()))
USUAL = {"supervise": {"note": "召开专题会议"}}
DAYS = [
    ("2026-06-05", "2026-06-05", False), ("2026-06-05", "2026-06-08", False), ("2026-06-05", "2026-06-09", True),
    ("2026-04-30", "2026-05-06", False), ("2026-04-30", "2026-05-07", True),
]  # fmt: skip
"""A Friday and the Monday and Tuesday after it; the last day before a holiday and the first two after it."""
WAYS = [(action, *days) for action in COUNTED for days in DAYS]


@pytest.fixture(scope="module")
def office(embedded: Flask) -> FlaskClient:
    return entering(embedded)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    given = Clock()
    for module in ("service.api.ledger", "service.web.matters"):
        monkeypatch.setattr(f"{module}.datetime", given)
    return given


@pytest.fixture(scope="module")
def matter(office: FlaskClient) -> Any:
    return assigned(office, due_on="2026-04-01")


def at(clock: Clock, day: str) -> None:
    clock.at = datetime.fromisoformat(day).replace(hour=17, tzinfo=LOCAL)


def told(on: str, entered: str) -> re.Pattern[str]:
    """What is missing, why it is asked for, and that the regulation does not ask for it."""
    return re.compile(f"请写明没有及时录入的理由：办理日期为 {on}，.*现于 {entered} 录入.*补录.*规章没有规定")


@pytest.mark.parametrize(("action", "on", "entered", "late"), WAYS)
def test_the_interface_asks_for_a_reason(
    office: FlaskClient, matter: Any, clock: Clock, action: str, on: str, entered: str, late: bool
) -> None:
    path = f"/api/v1/matters/{matter['id']}"
    version = office.get(path).json["version"]
    at(clock, entered)

    def sent(**more: str) -> Any:
        body = {"on": on, "actor": OFFICE, "details": USUAL.get(action, {}) | more}
        return office.post(f"{path}/actions/{action}", json=body, headers={"If-Match": f'"{version}"'})

    answer = sent()
    if late:
        assert answer.status_code == 422
        ((place, (said,)),) = answer.json["errors"].items()
        assert place == f"details.{REASON}"
        assert told(on, entered).search(said)
        assert office.get(path).json["version"] == version
        answer = sent(late_reason="经办人出差")
    assert answer.status_code == 200
    assert (answer.json["records"][-1]["entered_on"], answer.json["version"]) == (entered, version + 1)


@pytest.mark.parametrize("action", COUNTED)
def test_the_page_offers_the_field_and_asks_there(
    embedded: Flask, office: FlaskClient, matter: Any, clock: Clock, action: str
) -> None:
    clerk = browser(embedded, f"clerk-{action}", "李四" if action == COUNTED[0] else "李四二", "office_clerk")
    form = clerk.get(f"/matters/{matter['id']}/act/{action}").text
    assert f'name="details.{REASON}"' in form
    sent = dict(re.findall(r'name="(csrf|key|version|actor\.name)" value="([^"]*)"', form))
    sent |= {"on": "2026-06-05", "actor.kind": "office"}
    sent |= {f"details.{name}": value for name, value in USUAL.get(action, {}).items()}
    at(clock, "2026-06-09")
    refused = clerk.post(f"/matters/{matter['id']}/act/{action}", data=sent)
    assert refused.status_code == 422
    place = refused.text[refused.text.index(f'name="details.{REASON}"') :]
    assert told("2026-06-05", "2026-06-09").search(place[: place.index("</div>") + 400])
    at(clock, "2026-06-09")
    done = clerk.post(f"/matters/{matter['id']}/act/{action}", data={**sent, f"details.{REASON}": "经办人出差"})
    assert done.status_code == 303


def test_an_export_says_of_every_act_what_its_matter_says(
    embedded: Flask, office: FlaskClient, matter: Any, clock: Clock
) -> None:
    """What gave its reason stays late, also where the days that are known by now would have it in time."""
    path = f"/api/v1/matters/{matter['id']}"
    at(clock, "2026-06-08")
    body = {"on": "2026-06-05", "actor": OFFICE, "details": {"note": "召开专题会议", REASON: "经办人出差"}}
    version = office.get(path).json["version"]
    records = office.post(f"{path}/actions/supervise", json=body, headers={"If-Match": f'"{version}"'}).json["records"]
    with reading(embedded.extensions["database"]) as session:
        lines = [json.loads(line) for line in export_lines(session, books(), now=clock.at)]
    rows = [one["data"] for one in lines if one["type"] == "record" and one["data"]["matter_id"] == matter["id"]]
    assert records[-1]["late"]
    assert [one["late"] for one in rows] == [one["late"] for one in records]
