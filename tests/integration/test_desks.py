"""Everybody's home names what waits for them in a case, and the interface the same; nobody's names what is another's, or may not be seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.request_context import RequestContext
from tests.integration.case_office import proposed, taken
from tests.integration.page_case import browser, entering
from tests.integration.test_cases_api import STEPS
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
