"""Who entered a record, and when, is shown wherever the record is: by name, to the person investigated by role."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models.people.accounts import Account, RoleGrant
from models.records.record import Actor, Hand, Record
from models.store.database import reading
from rules.book.loading import load_rulebook
from rules.reasoning.answer import read
from rules.reasoning.calendar import LOCAL
from service.access import access
from service.books import books
from service.documents.case.inquiry import fact_material
from service.documents.ledger.archive import records_paper
from service.documents.parts.paper import Line, Paper
from service.documents.writing.recommendation import RecommendationInWords
from service.usecases.cases.papers import case_paper, dossier
from service.usecases.matters.act_on_matter import read_matter
from service.usecases.people.accounts import Asked
from service.usecases.people.entered_by import records_as_told
from service.usecases.people.principals import Held, Principal
from tests.conftest import example
from tests.entering import CLERK
from tests.integration.case_office import overdue_matter
from tests.integration.ledger_office import OFFICE, act, assigned
from tests.integration.page_case import browser, entering, submitted
from tests.people import LONG_AGO, by_token, made

ROLES = {
    "office_clerk": "周清", "office_director": "方正", "school_leader": "分管领导", "team_member": "组长",
    "committee_member": "委员乙", "committee_secretary": "党委秘书", "unit_head": "单位负责人", "unit_liaison": "联络员",
}  # fmt: skip
"""Every role that reads matters or cases, with a name that the case lets in."""
READERS = {
    role.id
    for role in access().roles.values()
    if not (role.of_token or role.of_case) and role.id not in ("organisation_department", "personnel_department")
    and any(access().relations_of(what, role.id) for what in ("ledger:read", "case:read"))
}  # fmt: skip


WHY = "测试补录"
ON_THEIR_DAY = ("propose", "endorse_registration", "register", "assign")


def today() -> str:
    return datetime.now(LOCAL).date().isoformat()


def entered(row: Any) -> str:
    """On which day a record was entered: the first four of the matter on their own."""
    return str(row["on"]) if row["action"] in ON_THEIR_DAY and "unit" in row else today()


def enterer(row: Any) -> str:
    """By whose account the tests enter a record."""
    return str(row["by"]) if row["as"] in ("office", "team", "committee") else CLERK


@pytest.fixture(scope="module")
def school(embedded: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, Any]]:
    """Everybody's account, and a case before the committee, with the papers that its records rest on."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WENZE_DATA_DIR", str(tmp_path_factory.mktemp("papers")))
        yield before_the_committee(embedded)


def before_the_committee(embedded: Flask) -> tuple[FlaskClient, Any]:
    client = entering(embedded)
    matter = assigned(client)
    client.late_reason = WHY
    return client, submitted(client, matters=[overdue_matter(client, matter)["id"]])


def test_every_answer_of_the_interface_names_who_entered_each_record_and_when(
    school: tuple[FlaskClient, Any],
) -> None:
    client, case = school
    matter = f"/api/v1/matters/{case['matters'][0]}"
    answers = (case, client.get(matter).json, client.get(f"{matter}/case").json)
    assert len({row["entered_by"] for row in case["records"]}) > 1
    for row in (*case["records"], *answers[1]["records"]):
        assert (row["entered_by"], row["entered_on"]) == (enterer(row), entered(row))
    wanted = {row["number"]: row["entered_by"] for row in answers[1]["records"]}
    said = answers[2]["records"]
    assert {int(row["record"].rpartition("#")[2]): row["entered_by"] for row in said}.items() <= wanted.items()
    assert [row["entered_on"] for row in said] == [row["entered_on"] for row in answers[1]["records"]]
    package = zipfile.ZipFile(io.BytesIO(client.get(f"{matter}/archive-package").data))
    kept = json.loads(package.read("3-办理记录.json"))
    assert [row["entered_by"] for row in kept] == [row["entered_by"] for row in answers[1]["records"]]


@pytest.mark.parametrize("role", sorted(READERS))
def test_every_role_is_shown_who_entered_each_record(
    embedded: Flask, school: tuple[FlaskClient, Any], role: str
) -> None:
    office, case = school
    assert set(ROLES) == READERS
    unit = {"unit": "甲处"} if access().roles[role].of_unit else {}
    client = browser(embedded, role, ROLES[role], role, **unit)
    if access().relations_of("ledger:read", role):
        page = client.get(f"/matters/{case['matters'][0]}").text
        listed = re.findall(r'<li value="\d+">(.*?)</li>', page, re.DOTALL)
        records = office.get(f"/api/v1/matters/{case['matters'][0]}").json["records"]
        assert len(listed) == len(records)
        for shown, row in zip(listed, records, strict=True):
            assert f"{entered(row)} 由{enterer(row)}录入" in shown
    if access().relations_of("case:read", role):
        page = client.get(f"/cases/{case['id']}").text
        shown = re.findall(rf"{today()} 由(\w+)录入", page[page.index('id="records"') :])
        assert shown == [enterer(row) for row in case["records"]]
        sheets = client.get(f"/cases/{case['id']}/committee").text
        rows = re.findall(r'<tr>\s*<th scope="row">.*?</tr>', sheets[: sheets.index("历次处理建议")], re.DOTALL)
        (finder,) = {enterer(row) for row in case["records"] if row["action"] == "find"}
        assert rows
        assert all(f"{today()} 由{finder}录入" in row for row in rows)


def test_the_person_investigated_is_told_the_role_and_the_day_and_no_name(
    embedded: Flask, school: tuple[FlaskClient, Any]
) -> None:
    _, case = school
    bound = {"case_id": case["id"], "person": "P1"}
    page = browser(embedded, "own", "张某", "person_investigated", **bound).get(f"/cases/{case['id']}/own").text
    assert set(re.findall(rf"{today()} 由(\w+)录入", page)) == {"调查组成员", "督办工作人员"}
    entries = len(re.findall(r"由\w+录入", page))
    assert 0 < entries == len(re.findall(rf"补录：{today()} 由\w+录入，[^，；]+；理由：{WHY}", page))
    made(
        embedded, "both", Asked("office_clerk", LONG_AGO), Asked("person_investigated", LONG_AGO, **bound), name="两任"
    )
    clerk, matter = by_token(embedded, "both"), f"/api/v1/matters/{case['matters'][0]}"
    for path in (matter, f"{matter}/case"):
        assert {row["entered_by"] for row in clerk.get(path).json["records"]} == {"督办工作人员"}
    package = zipfile.ZipFile(io.BytesIO(clerk.get(f"{matter}/archive-package").data))
    assert {row["entered_by"] for row in json.loads(package.read("3-办理记录.json"))} == {"督办工作人员"}


AT = datetime(2026, 6, 1, 9, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("周岚", "督办工作人员"), ("张某", "本人"), ("卸任", "系统（导入、接口或者命令行）"), ("两职", "督办工作人员、调查组成员"),
        ("撤销", "校领导"), ("同案", "调查组成员"), ("命令行用户", "系统（导入、接口或者命令行）"),
    ],
)  # fmt: skip
def test_the_role_is_the_one_that_was_held_on_the_day_of_the_entry(embedded: Flask, name: str, told: str) -> None:
    """同案: of a member of the team who is investigated elsewhere, nobody else learns that."""
    june = {"from_on": date(2026, 6, 1)}
    held: dict[str, list[dict[str, Any]]] = {
        "周岚": [{"role": "office_clerk", **june}, {"role": "school_leader", "from_on": date(2026, 6, 2)}],
        "卸任": [{"role": "office_clerk", "from_on": LONG_AGO, "to_on": date(2026, 5, 31)}],
        "两职": [{"role": "office_clerk", **june}, {"role": "team_member", **june}],
        "撤销": [{"role": "school_leader", "from_on": LONG_AGO, "revoked_at": AT + timedelta(hours=1)},
               {"role": "office_clerk", "from_on": LONG_AGO, "revoked_at": AT - timedelta(hours=1)}],
        "同案": [{"role": "team_member", **june}, {"role": "person_investigated", **june}],
    }  # fmt: skip
    asking = Principal("me", "张某", (Held(access().roles["person_investigated"], None, "c1", "P1"),))
    record = Record(1, "urge", date(2026, 5, 30), Hand(Actor("李四", "office"), name), {}, AT)
    with Session(embedded.extensions["database"]) as session:  # rolled back
        if name in held:
            session.add(Account(id="a", login="a", name=name, must_change=False, created_at=AT))
            session.flush()
        session.add_all(
            RoleGrant(id=str(at), account_id="a", granted_by="测试", granted_at=AT + timedelta(seconds=at), **row)
            for at, row in enumerate(held.get(name, []))
        )
        session.flush()
        (seen,) = records_as_told(session, asking, ("c1",), (record,))
        assert (seen.entered_by, seen.entered_on) == (told, AT.date())
        assert records_as_told(session, asking, ("c2",), (record,)) == (record,)


LATE = re.compile(
    "自评报告（督〔2026〕\\d+号）第[5-7]号记录，催办，2026年5月[468]日办理，.{9,11}由李四补录，理由：测试补录。"
)
OF_CASE = re.compile("案件第\\d+号记录，[^，]+，.{9,11}办理，.{9,11}由[^，]+补录，理由：测试补录。")


def lines(paper: Paper) -> list[str]:
    return [block.text for block in paper.blocks if isinstance(block, Line)]


def test_an_act_entered_late_is_marked_on_every_view_of_its_matter(
    embedded: Flask, school: tuple[FlaskClient, Any]
) -> None:
    client, case = school
    path = f"/api/v1/matters/{case['matters'][0]}"
    found, made = client.get(path).json, client.get(f"{path}/case").json
    for row in (*found["records"], *made["records"], *case["records"]):
        assert (row["late"], row["late_reason"]) == ((True, WHY) if row["entered_on"] == today() else (False, None))
    assert [row["number"] for row in found["records"] if row["late"]] == [5, 6, 7]
    assert all(row["late"] for row in case["records"])
    told = {row["search"]: row["records"] for row in made["speaks_for"]}
    assert told["entered_late"] == [row["record"] for row in made["records"] if row["late"]]
    acts = {act["date"]: (act.get("entered_on"), act.get("supported")) for act in made["matter"]["acts"]}
    assert acts.pop("2026-01-08") == ("2026-01-08", None)
    assert acts == dict.fromkeys(("2026-05-04", "2026-05-06", "2026-05-08"), (today(), False))
    page = browser(embedded, "clerk-marks", "周三", "office_clerk").get(f"/matters/{case['matters'][0]}").text
    assert page.count(f"补录：{today()} 由李四录入，本人办理；理由：{WHY}") == 3
    assert len(re.findall('<circle class="pressed late"', page)) == 3
    assert f"2026-05-04 催办（{today()} 补录）" in page
    with reading(embedded.extensions["database"]) as session:
        paper = records_paper(read_matter(session, books(), found["id"]).matter, None, load_rulebook(), {})
    assert str(paper).count(f"补录：{today()} 由李四录入，本人办理；理由：{WHY}") == 3
    package = zipfile.ZipFile(io.BytesIO(client.get(f"{path}/archive-package").data))
    assert [row["number"] for row in json.loads(package.read("3-办理记录.json")) if row["late_reason"] == WHY] == [
        5,
        6,
        7,
    ]


def test_an_act_entered_late_is_marked_in_the_case_in_the_fact_material_and_before_the_committee(
    embedded: Flask, school: tuple[FlaskClient, Any]
) -> None:
    _, case = school
    secretary = browser(embedded, "secretary-marks", "郑书", "committee_secretary")
    for path in ("", "/committee"):
        page = secretary.get(f"/cases/{case['id']}{path}").text
        assert (len(LATE.findall(page)), len(OF_CASE.findall(page))) == (3, len(case["records"]))
    with reading(embedded.extensions["database"]) as session:
        for name, person in (("fact-material", "P1"), ("report", None)):
            found = lines(case_paper(session, books(), case["id"], name, person, today=date(2026, 11, 29)))
            assert len([line for line in found if LATE.search(line)]) == 3
        served = dossier(session, books(), case["id"])
    first = next(served.records("serve_fact_material", "P1"))
    (matter,) = served.matters
    later = tuple(replace(one, recorded_at=first.recorded_at + timedelta(1)) for one in matter.matter.records)
    since = replace(matter, matter=replace(matter.matter, records=later))
    assert not LATE.search("".join(lines(fact_material(replace(served, matters=(since,)), "P1", first))))
    assert LATE.search("".join(lines(fact_material(replace(served, matters=(since,)), "P1", None))))


def test_the_recommendation_names_what_was_entered_late(school: tuple[FlaskClient, Any]) -> None:
    client, case = school
    answer = read(client.get(f"/api/v1/recommendations/{case['persons'][0]['evaluations'][-1]}").data)
    acts = answer.ledger.acts if answer.ledger else ()
    assert {(act.entered_by, act.late_reason) for act in acts if act.late} == {("李四", "测试补录")}
    assert not any(act.counted for act in acts)
    said = RecommendationInWords(load_rulebook()).render(answer, {})
    why = "录入过迟，没有材料证明当时已经办理，不计（本系统采用的做法，规章没有规定录入期限）"
    assert said.count(f"{why}（补录：{today()} 由李四录入，理由：{WHY}）") == 3
    assert "有督办、催办补录，录入晚于办理日期" in said


def test_acts_are_told_with_their_own_count_in_whatever_order_they_were_entered(
    school: tuple[FlaskClient, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = school
    monkeypatch.setattr(client, "late_reason", None)
    matter = assigned(client)
    matter = act(client, matter, "urge", "2026-05-08", OFFICE).json
    matter = act(client, matter, "supervise", "2026-04-10", OFFICE, note="督办").json
    question = {name: part for name, part in example("plan-task-missed").items() if name != "matter"}
    asked = client.post(f"/api/v1/matters/{matter['id']}/recommendations?store=false", json=question)
    told = [(act["on"], act["label"], act["why"]) for act in asked.json["ledger"]["acts"] if act["counted"]]
    assert told == [("2026-04-10", "督办", "办公室的督办，计一次"), ("2026-05-08", "催办", "办公室的催办，计一次")]
