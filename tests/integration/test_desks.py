"""Everybody's home names what waits for them in a case, and the interface the same; nobody's names what is another's, or may not be seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.request_context import RequestContext
from tests.integration.case_office import proposed, taken
from tests.integration.ledger_office import UNIT, act, assigned, opened
from tests.integration.page_case import browser, entering
from tests.integration.pages import counted
from tests.integration.test_cases_api import STEPS
from tests.integration.test_hands import DECISION, bearer, entered
from tests.lawful_case import HEAD, OFFICE, PERSON, until

TITLE = "自评报告逾期"
READERS = {
    "leader": ("校领导甲", "school_leader"), "secretary": ("党委秘书", "committee_secretary"), "committee": ("委员九", "committee_member"),
    "organisation": ("组织干部", "organisation_department"), "personnel": ("人事干部", "personnel_department"),
    "team": (HEAD.name, "team_member"), "other-team": ("旁人", "team_member"), "auditor": ("审计员", "auditor"),
}  # fmt: skip
IN_FORCE = {"organisation": ["执行问责方式（诫勉）", "归入个人档案", "取消当年评优评先资格"], "personnel": ["取消当年评优评先资格"]}  # fmt: skip
"""What those who carry out a decision have before them as soon as it is issued. Source: art-9.3, art-7.2.b."""
STAGES: Mapping[str, Mapping[str, list[str]]] = {
    "approve": {"leader": ["批准启动问责调查"]},
    "form_team": {},
    "find": {"team": ["认定", "出具事实材料", "请求处理建议", "调查组集体讨论"]},
    "hear": {"team": ["见面并听取陈述和申辩", "在事实材料上签署意见", "请求处理建议", "调查组集体讨论"], "person": ["在事实材料上签署意见"]},
    "answer_point": {"team": ["答复申辩意见", "在事实材料上签署意见", "请求处理建议", "调查组集体讨论"], "person": ["在事实材料上签署意见"]},
    "evaluate": {"team": ["请求处理建议", "调查组集体讨论"]},
    "discuss": {"team": ["调查组集体讨论"]},
    "report": {"team": ["形成调查报告"]},
    "submit": {},
    "decide": {"secretary": ["审议并作出决定"], "committee": ["审议并作出决定"]},
    "issue_decision": {},
    "serve_decision": IN_FORCE,
    "notify_department": {**IN_FORCE, "person": ["提出书面申诉"]},
    "appeal": {"person": ["提出书面申诉"]},
    "review_appeal": {"secretary": ["复查申诉"], "committee": ["复查申诉"]},
    "inform_of_review": {},
}  # fmt: skip
"""Before this step → reader → what waits for them; for whoever is not named, nothing."""
TODAY = date(2026, 7, 20)
"""Within the time for an appeal against a decision that was received on 25 June."""


@pytest.fixture(scope="module")
def school(embedded: Flask) -> tuple[FlaskClient, dict[str, FlaskClient], Any]:
    client = entering(embedded)
    case = proposed(client, title=TITLE).json
    readers = {login: browser(embedded, login, *who) for login, who in READERS.items()}
    readers["person"] = browser(embedded, "person", PERSON.name, "person_investigated", case_id=case["id"], person="P1")
    readers["unit"] = browser(embedded, "unit", "联络员", "unit_liaison", unit="甲处")
    readers["clerk"] = browser(embedded, "clerk", OFFICE.name, "office_clerk")
    return client, readers, case


def told(client: FlaskClient) -> list[str]:
    """What the interface names of cases."""
    return [row["act"] for row in client.get("/api/v1/todo").json["findings"] if row["act"]]


def on_home(client: FlaskClient) -> str:
    """What the list of what waits says on the home page, without its marks."""
    main = client.get("/").text.partition("<main")[2].partition("正在办理的案件")[0]
    main = main.partition("您可以打开")[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", main))


def test_at_every_stage_everybody_has_before_them_what_is_theirs(
    school: tuple[FlaskClient, dict[str, FlaskClient], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, readers, case = school
    monkeypatch.setattr(RequestContext, "today", TODAY)
    done = 1
    for stage, waits in STAGES.items():
        steps = until(stage, tuple(STEPS))
        case = taken(client, case, *steps[done:])
        done = len(steps)
        for login, reader in readers.items():
            if login in ("clerk", "unit"):
                continue
            found = [*dict.fromkeys(told(reader))]
            assert found == waits.get(login, []), (stage, login)
            page = on_home(reader)
            if found:
                assert found[0] in page, (stage, login)
                assert ("，另有" in page) is (len(found) > 1), (stage, login)
            else:
                assert "待我" not in page, (stage, login)
        assert TITLE not in on_home(readers["unit"]) + on_home(readers["other-team"]) + on_home(readers["auditor"])


def test_a_case_waits_for_no_leader_who_may_not_approve_it(
    school: tuple[FlaskClient, dict[str, FlaskClient], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, readers, _ = school
    proposed(client, title="另一案")
    assert "另一案" in on_home(readers["leader"])
    monkeypatch.setenv("WENZE_APPROVERS", "校长")
    assert "另一案" not in on_home(readers["leader"])


def test_the_list_of_a_unit_is_for_those_who_see_the_ledger(
    school: tuple[FlaskClient, dict[str, FlaskClient], Any],
) -> None:
    _, readers, _ = school
    assert readers["secretary"].get("/api/v1/todo?unit=甲处").status_code == 403
    assert readers["unit"].get("/api/v1/todo?unit=乙处").status_code == 403
    assert readers["leader"].get("/api/v1/todo?unit=甲处").status_code == 200


def test_matters_do_not_push_cases_from_the_desk_of_the_office(
    school: tuple[FlaskClient, dict[str, FlaskClient], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, readers, _ = school
    monkeypatch.setattr("service.web.work._MOST", 1)
    page = on_home(readers["clerk"])
    assert page.count("审核评估自评报告") == 1
    assert TITLE in page
    assert "只列出前若干项" in page


def pile(client: FlaskClient, label: str) -> str:
    """What lies in one pile of the home page, without its marks."""
    found = re.search(f'aria-label="{label}">(.*?)</table>', client.get("/").text, re.DOTALL)
    return "" if found is None else re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", found[1]))


def test_an_opinion_on_registration_waits_for_the_director_alone(
    school: tuple[FlaskClient, dict[str, FlaskClient], Any],
) -> None:
    client, readers, _ = school
    opened(client, title="待主任审定的事项", due_on="2099-12-31")
    director = browser(client.application, "director", "苗主任", "office_director")
    assert "待主任审定的事项 已提出立项意见，待审定 本人 2099-12-31" in pile(director, "待我批示")
    clerk, whose = readers["clerk"], "督查督办工作办公室主任"
    assert f"已提出立项意见，待审定 {whose}" in pile(clerk, f"{whose}办理")
    assert "待主任审定的事项" not in pile(clerk, "督查督办工作办公室办理") + on_home(readers["leader"])
    found = [row for row in director.get("/api/v1/todo").json["findings"] if row["kind"] == "endorsement_due"]
    assert {(row["unit"], *row["by"]) for row in found} == {(whose, "director")}


def test_each_act_to_be_confirmed_is_a_line_and_costs_no_more_statements_than_one(
    school: tuple[FlaskClient, dict[str, FlaskClient], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("service.auth.is_stale", lambda *_: False)
    client, readers, _ = school
    clerk, leader = bearer(client, "周清", "office_clerk"), readers["leader"]
    boss = {"name": "校领导甲", "kind": "leader"}

    def ask(title: str) -> None:
        matter = act(
            client,
            assigned(client, title=title),
            "request_extension",
            "2026-04-28",
            UNIT,
            reason="等数据",
            progress="七成",
        ).json
        asked = entered(client, matter, "decide_extension", boss, DECISION, clerk)
        assert asked.status_code == 200, asked.text

    ask("甲任务")
    with counted(client.application) as few:
        once = pile(leader, "待我确认")
    assert once.count("决定是否准予延期（2026-04-29） 尚未生效 周清") == 1
    assert "甲任务" in once
    for title in ("乙任务", "丙任务"):
        ask(title)
    with counted(client.application) as many:
        page = leader.get("/").text
    assert len(few) == len(many) <= 12
    addresses = re.findall('href="/confirmations#([^"]+)"', page)
    shown = leader.get("/confirmations").text
    assert (len(addresses), all(f'id="{one}"' in shown for one in addresses)) == (3, True)
    assert "待我确认" not in readers["clerk"].get("/").text.partition("<main")[2]
