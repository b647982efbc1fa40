"""Whoever fills in a form chooses persons of the registry: sought by what is known of them, told apart, shown by name."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from models.people import persons, posts
from models.people.organisation import Post
from models.people.persons import PersonRow
from models.people.units import Unit
from models.schemas.fields import Items, PersonId
from models.store.database import reading, writing
from service.usecases.people.registry import tell_apart
from service.web.fields import posted
from tests.e2e.forms import filled_in
from tests.entering import Entering
from tests.integration.ledger_office import assigned
from tests.integration.pages import signed_in
from tests.people import LONG_AGO

NOW = datetime(2026, 11, 29, tzinfo=UTC)
FIELD = "details.signed_by"


@pytest.fixture(scope="module")
def school(embedded: Flask, token: str) -> dict[str, str]:
    """Two of one name, and somebody who was called otherwise; number → id."""
    with writing(embedded.extensions["database"]) as session:
        session.add_all([Unit(name=name, from_on=LONG_AGO) for name in ("甲处", "乙处")])
        session.flush()
        for number, unit, post in (("1001", "甲处", "处长"), ("1002", "乙处", "科长")):
            held = Post(number, "张伟", unit, post, "其他", "school_committee", date(2020, 1, 1))
            posts.write(session, held, by="测试", now=NOW)
        tell_apart(session, "1002", by="另一人")
        persons.add(session, "沈言", number="1003", by="测试", now=NOW, proved=True)
        row = persons.by_number(session, "1003")
        assert row is not None
        persons.rename(session, row, "沈砚", NOW.date())
        for at in range(30):
            persons.add(
                session, f"李{'甲乙丙丁戊己庚辛壬癸'[at % 10]}{'东南西'[at // 10]}", by="测试", now=NOW, proved=True
            )
        return {row.number: row.id for row in session.scalars(select(PersonRow))}


@pytest.fixture(scope="module")
def form(embedded: Flask, token: str, school: dict[str, str]) -> tuple[FlaskClient, str]:
    """A clerk at the form in which a matter is acknowledged: who signs for it is somebody else than who enters it."""
    matter = assigned(Entering.at(embedded, token))
    clerk = signed_in(embedded, "office_clerk")
    return clerk, f"/matters/{matter['id']}/act/acknowledge"


def sent(**filled: str) -> dict[str, str]:
    entry = {"on": "2026-01-09", "actor.name": "1001", "actor.kind": "unit", "actor.unit": "甲处", "version": "4"}
    return {**entry, **{f"{FIELD}{name}": value for name, value in filled.items()}}


def options(page: str, field: str = FIELD) -> list[tuple[str, bool, str]]:
    """The persons that a field offers: id, whether chosen, words."""
    found = re.findall(
        rf'name="{re.escape(field)}" value="([^"]+)"( checked)?><span class="form-check-label">([^<]+)', page
    )
    return [(id, bool(checked), unescape(words)) for id, checked, words in found]


def found_by(client: FlaskClient, q: str) -> list[str]:
    return [f"{row['name']} {row['number']}" for row in client.get("/api/v1/persons", query_string={"q": q}).json]


def test_the_interface_tells_persons_apart_and_never_more_than_twenty(
    user: FlaskClient, school: dict[str, str], embedded: Flask
) -> None:
    answer = user.get("/api/v1/persons?q=张伟").json
    assert [(row["number"], row["posts"]) for row in answer] == [("1001", ["甲处处长"]), ("1002", ["乙处科长"])]
    assert {row["id"] for row in answer} == {school["1001"], school["1002"]}
    assert set(answer[0]) == {"id", "number", "name", "outside", "unproved", "organisation", "posts"}
    assert found_by(user, "张伟 乙处") == ["张伟 1002"]
    assert found_by(user, "科长") == found_by(user, "1002") == ["张伟 1002"]
    assert found_by(user, "沈言") == ["沈砚 1003"]
    assert len(found_by(user, "李")) == 20
    assert found_by(user, "%") == found_by(user, "没有的人") == []
    assert {user.get(f"/api/v1/persons{q}").status_code for q in ("", "?q=", "?q=%20", f"?q={'李' * 51}")} == {400}
    assert signed_in(embedded, "auditor").get("/api/v1/persons?q=张伟").status_code == 403
    assert embedded.test_client().get("/api/v1/persons?q=张伟").status_code == 401


def test_without_a_script_somebody_is_sought_then_chosen_and_stays_chosen_by_name(
    form: tuple[FlaskClient, str], school: dict[str, str]
) -> None:
    clerk, address = form
    page = clerk.post(address, data=sent(**{":find": "张伟", "": ""}) | {"find": FIELD})
    assert page.status_code == 200
    assert options(page.text) == [
        (school["1001"], False, "张伟　甲处处长　1001"), (school["1002"], False, "张伟　乙处科长　1002"),
    ]  # fmt: skip
    assert options(page.text, "actor.name") == [(school["1001"], True, "张伟　甲处处长　1001")]
    chosen = sent(**{"": school["1002"], ":find": "张伟", ":sought": "张伟"}) | {"on": "没有的日子"}
    again = clerk.post(address, data=chosen)
    assert again.status_code == 422
    assert (school["1002"], True, "张伟　乙处科长　1002") in options(again.text)
    shown = re.sub(r"<[^>]*>", "", again.text)
    assert not any(id in shown for id in school.values())
    # who acted is somebody else, so that nothing is written here: what the form names is read as that person
    assert "人员登记中没有" not in again.text


def test_a_form_that_came_back_is_sent_again_as_it_stands(
    form: tuple[FlaskClient, str], school: dict[str, str]
) -> None:
    clerk, address = form
    chosen = sent(**{"": school["1002"], ":find": "张伟", ":sought": "张伟"}) | {"on": "没有的日子"}
    came_back = filled_in(clerk.post(address, data=chosen).text, {})
    assert (came_back[FIELD], came_back[f"{FIELD}:find"]) == (school["1002"], "")
    assert "只能选定一人" not in clerk.post(address, data=came_back).text


def test_what_is_written_and_nobody_chosen_is_no_person(form: tuple[FlaskClient, str], school: dict[str, str]) -> None:
    clerk, address = form
    for told in ({":find": "张伟"}, {":find": "张伟", ":sought": "张伟"}, {"": "张伟"}):
        page = clerk.post(address, data=sent(**told))
        assert (page.status_code, "人员登记中没有工号或者标识为“张伟”的人" in page.text) == (422, True), told
        assert [(id, chosen) for id, chosen, _ in options(page.text)] == [
            (school["1001"], False),
            (school["1002"], False),
        ]
    both = clerk.post(address, data=sent(**{"": school["1002"], ":find": "沈砚"}))
    assert both.status_code == 422
    assert "只能选定一人" in both.text


def test_a_number_that_is_written_out_is_the_person(form: tuple[FlaskClient, str]) -> None:
    clerk, address = form
    page = clerk.post(address, data=sent(**{":find": "1002"}) | {"on": "没有的日子"})
    assert [(chosen, words) for _, chosen, words in options(page.text)] == [(True, "张伟　乙处科长　1002")]
    alone = clerk.post(address, data=sent(**{":find": "1002"}))
    assert (alone.status_code, "张伟没有可用的账号，不能由本人确认" in alone.text) == (422, True)
    papers = re.findall(r'name="papers" value="([^"]+)"', alone.text)
    done = clerk.post(address, data=sent(**{":find": "1002"}) | {"papers": papers})
    assert done.status_code == 303, done.text
    shown = clerk.get(done.location).text
    assert "据纸面材料录入" in shown
    assert "张伟" in shown


def test_while_it_is_written_the_box_is_answered_and_keeps_whom_was_chosen(
    form: tuple[FlaskClient, str], school: dict[str, str]
) -> None:
    clerk, _ = form
    field = "details.meeting.attendance"
    asked = {"path": field, "many": "true", field: school["1003"], f"{field}:find": "张"}
    part = clerk.get("/people/found", query_string=asked)
    assert part.status_code == 200
    assert [(chosen, words) for _, chosen, words in options(part.text, field)] == [
        (True, "沈砚　1003"), (False, "张伟　甲处处长　1001"), (False, "张伟　乙处科长　1002"),
    ]  # fmt: skip
    assert "<html" not in part.text
    assert "default-src 'none'" in part.headers["Content-Security-Policy"]
    digits = clerk.get("/people/found", query_string={**asked, f"{field}:find": "1001"})
    assert (school["1001"], False, "张伟　甲处处长　1001") in options(digits.text, field)  # a number may go on


def test_whoever_else_is_written_in_a_box_of_several_is_not_dropped_with_the_first_who_is_chosen(
    form: tuple[FlaskClient, str], school: dict[str, str]
) -> None:
    clerk, _ = form
    field = "details.meeting.attendance"
    box = {"path": field, "many": "true", f"{field}:find": "张伟、沈砚"}

    def asked(**more: Any) -> str:
        return clerk.get("/people/found", query_string={**box, **more}).text

    meant = re.findall(rf'name="{re.escape(field)}:meant" value="([^"]+)"', asked())
    assert len(meant) == 2
    given = MultiDict([*box.items(), *((f"{field}:meant", one) for one in meant)])
    item = Items("出席人员", PersonId("姓名"), 50)

    def named(*ids: str) -> Any:
        return posted(field, item, MultiDict([*given.items(multi=True), *((field, id) for id in ids)]))

    assert named(school["1002"]) == [school["1002"], "沈砚"]
    assert named(school["1003"]) == [school["1003"], "张伟"]
    assert named(school["1002"], school["1003"]) == [school["1002"], school["1003"]]
    # one more is written after the first was chosen: she stays chosen for her part
    box[f"{field}:find"] += "、李甲东"
    later = asked(**{f"{field}:meant": meant, field: school["1002"]})
    (answered,) = (one for one in re.findall(r':meant" value="([^"]+)"', later) if one.endswith("|张伟"))
    assert answered in meant


def test_somebody_from_outside_is_entered_in_place_and_once(form: tuple[FlaskClient, str], embedded: Flask) -> None:
    clerk, address = form
    none = clerk.post(address, data=sent(**{":find": "欧阳外"}) | {"find": FIELD})
    assert "没有找到“欧阳外”" in none.text
    said: dict[str, Any] = {":find": "欧阳外", ":name": "欧阳外", ":organisation": "某局", ":phone": "0772-1"}
    wrong = clerk.post(address, data=sent(**{**said, ":name": "欧阳 外"}) | {"outsider": FIELD})
    assert (wrong.status_code, "空格" in wrong.text, options(wrong.text)) == (200, True, [])
    for _ in range(2):
        page = clerk.post(address, data=sent(**said) | {"outsider": FIELD})
        ((_, chosen, words),) = options(page.text)
        assert (chosen, words.partition("　自编")[0]) == (True, "欧阳外　校外　某局")
    with reading(embedded.extensions["database"]) as session:
        (row,) = session.scalars(select(PersonRow).where(PersonRow.name == "欧阳外"))
        assert (row.outside, row.organisation, row.phone) == (True, "某局", "0772-1")


def test_the_registry_is_kept_by_pages_and_two_persons_merge(embedded: Flask, school: dict[str, str]) -> None:
    director, clerk = signed_in(embedded, "office_director"), signed_in(embedded, "office_clerk")
    assert signed_in(embedded, "auditor").get("/people").status_code == 403
    made = director.post("/people/new", data={"name": "沈言", "number": "2003"})
    assert made.status_code == 303, made.text
    assert director.post("/people/new", data={"name": "沈言", "number": "2003"}).status_code == 422
    assert director.post(f"{made.location}/change", data={"name": "沈燕", "phone": "2601"}).status_code == 303
    shown = director.get(made.location).text
    assert all(one in shown for one in ("沈燕（2003）", "曾用名", "沈言", "2601"))
    assert "沈砚　1003" in director.get("/people?q=沈言").text
    proposed = director.post(f"{made.location}/merge", data={"into": "1003", "reason": "工号重复"})
    assert proposed.status_code == 303, proposed.text
    found = re.search(r'action="(/people/merges/[^"]+)"', clerk.get("/people").text)
    assert found is not None
    assert director.post(found[1], data={"confirms": "true"}).status_code == 409
    assert clerk.post(found[1], data={"confirms": "true"}).status_code == 303
    assert "已经并入" in clerk.get(made.location).text
    assert clerk.get("/api/v1/persons?q=2003").json[0]["number"] == "1003"
    assert clerk.get("/people/unknown").status_code == 404
