"""Every action of both books, dated back: a reason is asked for at its field, at every way in; and no way in takes a moment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models.records.reading import Torn
from models.records.record import Actor
from models.schemas.entries import Entries, case_entries, matter_entries
from models.schemas.errors import CaseFileError
from rules.book.loading import load_rulebook
from rules.reasoning.calendar import LOCAL
from service.books import books
from service.cli import main
from service.usecases.cases.act_on_case import act_on_case, open_case
from service.usecases.entry import Entry
from service.usecases.matters.act_on_matter import act_on_matter, open_matter
from service.usecases.refusals import REFUSALS
from tests.conftest import example
from tests.integration.case_office import proposed
from tests.integration.ledger_office import OFFICE, assigned
from tests.integration.page_case import browser, entering
from tests.people import Clock
from tests.written_entries import whole

BOOK = load_rulebook()
KINDS: Mapping[str, Entries] = {"matter": matter_entries(BOOK), "case": case_entries(BOOK)}
ACTIONS = [(kind, action) for kind, entries in KINDS.items() for action in entries.actions]
BACK = (1, 2, 30, 400)
AT = datetime(2026, 6, 9, 17, tzinfo=LOCAL)


def told(on: date) -> re.Pattern[str]:
    """What is missing, and that the regulation does not ask for it."""
    return re.compile(f"办理日期为 {on}，现于 2026-06-09 录入.*补录.*规章没有规定录入期限")


@pytest.fixture(scope="module")
def office(embedded: Flask) -> FlaskClient:
    return entering(embedded)


@pytest.fixture(scope="module")
def matter(office: FlaskClient) -> Any:
    return assigned(office, due_on="2026-12-01")


@pytest.fixture(scope="module")
def case(office: FlaskClient) -> Any:
    return proposed(office).json


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    given = Clock()
    given.at = AT
    for module in ("service.api.ledger", "service.web.acts", "service.web.matters"):
        monkeypatch.setattr(f"{module}.datetime", given)
    return given


def enter(session: Session, kind: str, entry: Entry, ids: Mapping[str, Any]) -> None:
    opening = entry.action in KINDS[kind].opening
    if kind == "matter":
        seen = ids[kind]
        if opening:
            open_matter(session, books(), entry, now=AT)
        else:
            act_on_matter(session, books(), seen["id"], entry, expected=seen["version"], now=AT)
    elif opening:
        open_case(session, books(), entry, now=AT, approvers=frozenset())
    else:
        seen = ids[kind]
        act_on_case(session, books(), seen["id"], entry, expected=seen["version"], now=AT, approvers=frozenset())


def refused(session: Session, kind: str, entry: Entry, ids: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with the fields of an entry; everything else that it may be refused for is not asked here."""
    try:
        enter(session, kind, entry, ids)
    except CaseFileError as error:
        return error.by_path()
    except (*REFUSALS, AssertionError, Torn):
        return {}
    finally:
        session.rollback()
    return {}


@pytest.mark.parametrize(("kind", "action"), ACTIONS)
def test_every_action_dated_back_asks_for_a_reason(
    embedded: Flask, matter: Any, case: Any, kind: str, action: str
) -> None:
    ids = {"matter": matter, "case": case}
    actor = Actor("李四", KINDS[kind].actions[action].actors[0])
    with Session(embedded.extensions["database"]) as session:
        for days in BACK:
            on = AT.date() - timedelta(days=days)
            late = Entry(action, {"matters": ()}, actor, on, "测试")
            for reason in (None, "　", "……"):
                found = refused(session, kind, replace(late, late_reason=reason), ids)
                assert list(found) == ["late_reason"], (days, reason)
                assert told(on).search(found["late_reason"][0])
            assert "late_reason" not in refused(session, kind, replace(late, late_reason="经办人出差"), ids)
        today = Entry(action, {"matters": ()}, actor, AT.date(), "测试")
        assert "late_reason" not in refused(session, kind, today, ids)


def test_the_interface_asks_at_the_field_and_shows_what_was_answered(
    office: FlaskClient, matter: Any, clock: Clock
) -> None:
    path = f"/api/v1/matters/{matter['id']}"
    version = office.get(path).json["version"]

    def sent(**more: str) -> Any:
        body = {"on": "2026-06-08", "actor": OFFICE, "details": {"note": "召开专题会议"}, **more}
        return office.post(f"{path}/actions/supervise", json=body, headers={"If-Match": f'"{version}"'})

    answer = sent()
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["late_reason"])
    assert office.get(path).json["version"] == version
    made = sent(late_reason="经办人出差").json["records"][-1]
    assert (made["entered_on"], made["late"], made["late_reason"]) == ("2026-06-09", True, "经办人出差")
    assert "late_reason" not in made["details"]


def test_the_page_offers_the_field_and_asks_there(
    embedded: Flask, office: FlaskClient, matter: Any, clock: Clock
) -> None:
    clerk = browser(embedded, "clerk-late", "李四二", "office_clerk")
    form = clerk.get(f"/matters/{matter['id']}/act/check").text
    assert 'name="late_reason"' in form
    sent = dict(re.findall(r'name="(csrf|key|version|actor\.name)" value="([^"]+)"', form))
    sent |= {"on": "2026-06-01", "actor.kind": "office"}
    refusal = clerk.post(f"/matters/{matter['id']}/act/check", data=sent)
    assert refusal.status_code == 422
    place = refusal.text[refusal.text.index('name="late_reason"') :]
    assert told(date(2026, 6, 1)).search(place[: place.index("</div>") + 400])
    done = clerk.post(f"/matters/{matter['id']}/act/check", data={**sent, "late_reason": "经办人出差"})
    assert done.status_code == 303
    page = clerk.get(f"/matters/{matter['id']}").text
    assert "补录：2026-06-09 由李四二录入，本人办理；理由：经办人出差" in page


@pytest.fixture(scope="module")
def overdue(office: FlaskClient) -> list[Any]:
    """Matters that were due on the first of June, each entered on its days."""
    return [assigned(office, due_on="2026-06-01") for _ in range(4)]


@pytest.mark.parametrize(
    ("at", "on", "more", "count"),
    [
        # on a Friday: that of Wednesday comes after the next working day
        ("2026-06-12", ("2026-06-10", "2026-06-11", "2026-06-12"), {}, 2),
        ("2026-06-30", ("2026-06-08", "2026-06-09", "2026-06-10"), {"channel": "oral"}, 0),
        ("2026-06-30", ("2026-06-08", "2026-06-09", "2026-06-10"), {"channel": "oa", "message_id": "OA-1"}, 3),
        ("2026-06-30", ("2026-06-08", "2026-06-09", "2026-06-10"), {"proof": {"kind": "oa", "reference": "OA-2"}}, 3),
    ],
)
def test_urgings_entered_on_one_day_count_only_where_something_shows_them(
    office: FlaskClient, overdue: list[Any], clock: Clock, at: str, on: tuple[str, ...], more: Any, count: int
) -> None:
    matter, clock.at = overdue.pop(), datetime.fromisoformat(at).replace(hour=17, tzinfo=LOCAL)
    path = f"/api/v1/matters/{matter['id']}"
    for day in on:
        body = {"on": day, "late_reason": "经办人出差", "actor": OFFICE, "details": more}
        made = office.post(f"{path}/actions/urge", json=body, headers={"If-Match": f'"{matter["version"]}"'})
        assert made.status_code == 200, made.json
        matter = made.json
    question = {name: part for name, part in example("plan-task-missed").items() if name != "matter"}
    question["trigger_date"] = "2026-07-13"
    answer = office.post(f"{path}/recommendations?store=false", json=question).json
    found = answer["persons"]["P1"]
    assert found["supervision_count"]["office_acts"] == count
    assert bool(found["aggravation"]) is (count == 3)
    acts = [act for act in answer["ledger"]["acts"] if act["label"] == "催办"]
    assert [act["entered_on"] for act in acts] == [at] * 3
    assert len([act for act in acts if "没有材料证明当时已经办理" in act["why"]]) == 3 - count


# --- the clock is the server's -----------------------------------------------------------------------------------------

MOMENTS = ("recorded_at", "entered_at", "entered_on", "now", "at", "created_at")


@pytest.mark.parametrize(("kind", "action"), ACTIONS)
def test_no_entry_takes_a_moment(kind: str, action: str) -> None:
    entries = KINDS[kind]
    made = whole(action, entries.blocks[action])
    for name in MOMENTS:
        with pytest.raises(CaseFileError) as caught:
            entries.load(action, {**made, name: "2026-06-01"})
        assert name in caught.value.by_path()
    assert "date-time" not in str(entries.blocks[action].json_schema())


def shapes(found: Any) -> Iterator[Any]:
    yield found
    for part in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from shapes(part)


def test_no_route_takes_a_moment(embedded: Flask, office: FlaskClient) -> None:
    document = office.get("/api/v1/openapi.json").json
    for path, operations in document["paths"].items():
        for told_of in operations.values():
            asked = told_of if isinstance(told_of, list) else [told_of.get("parameters"), told_of.get("requestBody")]
            for shape in shapes(asked):
                assert not (isinstance(shape, dict) and shape.get("format") == "date-time"), path
                assert not (isinstance(shape, dict) and shape.get("name") in MOMENTS), path


def commands(found: click.Command) -> Iterator[click.Command]:
    yield found
    for one in found.commands.values() if isinstance(found, click.Group) else ():
        yield from commands(one)


def test_no_command_takes_a_moment() -> None:
    for command in commands(main):
        for option in command.params:
            assert option.name not in MOMENTS, (command.name, option.name)
            assert not isinstance(option.type, click.DateTime), (command.name, option.name)
