"""Two people of one name are told apart by what stands in brackets, and neither gets the other's case; names at every door."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from models.people import accounts, persons, posts
from models.people.units import Unit
from models.records.record import Actor
from models.store.database import reading, writing
from service.cli import main
from service.usecases.people.accounts import Asked
from tests.entering import Entering
from tests.integration.case_office import entry, proposed, taken
from tests.integration.ledger_office import assigned
from tests.integration.page_case import browser
from tests.integration.pages import signed_in
from tests.integration.paper_cases import DECIDE
from tests.lawful_case import MEMBERS, PERSONS, by, first, until, with_details
from tests.people import LONG_AGO, by_token, logged_in, made

ENGINEER, LINGUIST = "罗成（机电学院）", "罗成（外国语学院）"
WRONGLY = {
    "blank after": "沈言 ", "blank before": " 沈言", "ideographic blank": "沈\u3000言", "no-break blank": "沈言\u00a0",
    "zero width": "沈\u200b言", "tab": "沈言\t", "full width": "沈言Ａ", "decomposed": "Zoe\u0308", "selector": "沈言\ufe0f",
}  # fmt: skip


def case_of(office: FlaskClient, name: str) -> Any:
    """A case about somebody of this name that has come to the person's signature."""
    case = proposed(office, persons=[{**PERSONS[0], "name": name}]).json
    own = (by(one, Actor(name, "person")) if one.actor.kind == "person" else one for one in until("evaluate")[1:])
    return taken(office, case, *own)


def test_of_two_of_one_name_neither_gets_the_others_case(app: Flask, office: FlaskClient) -> None:
    cases = {name: case_of(office, name) for name in (ENGINEER, LINGUIST)}
    clients = {
        name: browser(app, f"own-{at}", name, "person_investigated", case_id=case["id"], person="P1")
        for at, (name, case) in enumerate(cases.items())
    }
    for name, client in clients.items():
        for whose, case in cases.items():
            own = client.get(f"/cases/{case['id']}/own")
            assert own.status_code == (200 if whose == name else 404), (name, whose)
            assert client.get(f"/api/v1/cases/{case['id']}").status_code in (403, 404)
            if whose == name:
                (other,) = {ENGINEER, LINGUIST} - {name}
                assert (name in own.text, other in own.text) == (True, False)
    # a namesake is another person: neither let in by the name, nor kept out
    made(app, "clerk", Asked("office_clerk", LONG_AGO), name="罗成（教务处）")
    clerk = logged_in(app, "clerk")
    assert {clerk.get(f"/api/v1/cases/{case['id']}").status_code for case in cases.values()} == {200}
    listed = office.get("/api/v1/cases").json
    shown = [office.get(f"/api/v1/cases/{row['id']}").json["persons"][0]["name"] for row in listed]
    assert sorted(shown) == sorted([ENGINEER, LINGUIST])


@pytest.mark.parametrize("spelling", WRONGLY)
def test_a_name_that_cannot_be_told_from_another_enters_by_no_door(
    doors: tuple[Flask, FlaskClient, FlaskClient, FlaskClient, Any], spelling: str
) -> None:
    app, office, clerk, administrator, matter = doors
    name, engine = WRONGLY[spelling], app.extensions["database"]
    body = {
        "on": "2026-01-09",
        "actor": {"name": "王五", "kind": "unit", "unit": "甲处"},
        "details": {"signed_by": name},
    }
    address = f"/api/v1/matters/{matter['id']}/actions/acknowledge"
    answer = office.post(address, json=body, headers={"If-Match": f'"{matter["version"]}"'})
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"details.signed_by"})

    bar = {"decision_number": "党字1号", "decided_on": "2026-01-09", "kind": "person", "name": name, "unit": "甲处"}
    assert set(office.post("/api/v1/rating-bars", json=bar).json["errors"]) == {"name"}
    if name.strip() == name:  # forms and the cells of a table are read without the blanks around them
        sent = {"on": "2026-01-09", "actor.name": "王五", "actor.kind": "unit", "actor.unit": "甲处",
                "details.signed_by": name, "version": str(matter["version"])}  # fmt: skip
        page = clerk.post(f"/matters/{matter['id']}/act/acknowledge", data=sent)
        assert (page.status_code, "人员登记中没有" in page.text) == (422, True)
        assert administrator.post("/admin/accounts/new", data={"login": "shen", "name": name}).status_code == 422
        table = f"工号,姓名,单位,职务,职级,干部管理,起\n1,{name},甲处,处长,正职,学校党委管理,2020-01-01\n"
        sheet = {"file": (io.BytesIO(table.encode()), "人员.csv")}
        people = office.post("/api/v1/imports/people?apply=true", data=sheet)
        assert (people.status_code, people.json["type"].endswith("import-refused")) == (422, True)
        assert "姓名" in str(people.json["rows"])

    command = CliRunner().invoke(main, ["user", "add", "shen", name])
    assert command.exit_code == 2, command.output
    bars = CliRunner().invoke(
        main, ["ratings", "bar", "党字1号", "--on", "2026-01-09", "--unit", "甲处", "--person", name]
    )
    assert bars.exit_code == 2, bars.output

    with reading(engine) as session:
        assert accounts.by_login(session, "shen") is None
        assert list(posts.every(session)) == []
    assert office.get(f"/api/v1/matters/{matter['id']}").json["version"] == matter["version"]


@pytest.fixture(scope="module")
def doors(embedded: Flask, token: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The office with a token, a clerk and an administrator at the pages, and a matter that was assigned, on one database."""
    with writing(embedded.extensions["database"]) as session:
        session.add_all([Unit(name=name, from_on=LONG_AGO) for name in ("甲处", "乙处")])
    office = Entering.at(embedded, token)
    clerk, administrator = signed_in(embedded, "office_clerk"), signed_in(embedded, "system_administrator")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", embedded.extensions["database"].url.render_as_string(hide_password=False))
        yield embedded, office, clerk, administrator, assigned(office)


def test_of_two_accused_of_one_name_neither_speaks_for_the_other(app: Flask, office: FlaskClient) -> None:
    """What a name may do is not what the person may: the role is bound to one of them."""
    both = [{**PERSONS[0], "id": one, "name": "张某"} for one in ("P1", "P2")]
    case = proposed(office, persons=both).json
    made(app, "zhang", Asked("person_investigated", LONG_AGO, case_id=case["id"], person="P1"), name="张某")
    own, address = by_token(app, "zhang"), f"/api/v1/cases/{case['id']}/actions"
    for action, more in (("sign", {"kind": "agrees", "text": "我承认"}), ("appeal", {"text": "不服"}),
                         ("withdraw_point", {"point": "1", "reason": "不再坚持"})):  # fmt: skip
        answers = {}
        for person in ("P1", "P2"):
            body = {
                "on": "2026-05-28",
                "actor": {"name": "张某", "kind": "person"},
                "details": {"person": person, **more},
            }
            answer = own.post(f"{address}/{action}", json=body, headers={"If-Match": f'"{case["version"]}"'})
            answers[person] = (answer.status_code, answer.json["type"].rpartition(":")[2])
        assert answers["P2"] == (403, "not-this-actor"), action
        assert answers["P1"][0] != 403, action


BOTH = {"张伟甲": "2001", "张伟乙": "2002"}
"""Two who are called 张伟 and nothing else, by their numbers."""


def test_of_two_who_bear_one_name_no_part_in_a_case_is_the_others(
    app: Flask, office: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    with writing(app.extensions["database"]) as session:
        for number in BOTH.values():
            persons.add(session, "张伟", number=number, by="测试", now=datetime.now(UTC), proved=True)
    case = proposed(office).json
    team = with_details(first("form_team"), members=(*MEMBERS, {"name": "2001", "unit": "审计处", "head": False}))
    steps = [team if one.action == "form_team" else one for one in until("decide")[1:]]
    case = taken(office, case, *steps[:2])
    made(app, "one", Asked("team_member", LONG_AGO), name="2001")
    made(app, "other", Asked("team_member", LONG_AGO), name="2002")
    one, other = by_token(app, "one"), by_token(app, "other")
    address = f"/api/v1/cases/{case['id']}"
    reads = ("", "/papers", "/attachments", "/history", "/points", "/duties", "/checkup")
    seen = {path: (one.get(address + path).status_code, other.get(address + path).status_code) for path in reads}
    assert seen[""] == (200, 404)
    assert all(theirs in (403, 404) for _, theirs in seen.values())
    assert [len(client.get("/api/v1/cases").json) for client in (one, other)] == [1, 0]
    assert [bool(client.get("/api/v1/todo").json["findings"]) for client in (one, other)] == [True, False]
    sent = {"file": (io.BytesIO(b"x"), "a.txt")}
    assert other.post(f"{address}/attachments", data=sent).status_code == 404
    body = entry(first("find")) | {"actor": {"name": "2002", "kind": "team"}}
    assert other.post(f"{address}/actions/find", json=body, headers={"If-Match": '"3"'}).status_code == 404
    # nobody of this name enters as the other, though they may see the case
    body["actor"] = {"name": "2002", "kind": "team"}
    found = one.post(f"{address}/actions/find", json=body, headers={"If-Match": f'"{case["version"]}"'})
    assert found.status_code == 403
    # the record of the meeting is objected to by whoever attended it
    attended = with_details(
        DECIDE,
        meeting={**DECIDE.details["meeting"], "attendance": ("2002", *DECIDE.details["meeting"]["attendance"][1:])},
    )
    case = taken(office, case, *steps[2:], attended)
    made(app, "other", Asked("committee_member", LONG_AGO), name="2002")
    at = f"/api/v1/confirmations/case/{case['id']}/{case['version']}/object"
    answers = [client.post(at, json={"reason": "没有这样表决"}).status_code for client in (one, other)]
    assert answers == [404, 204]
