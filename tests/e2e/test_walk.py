"""The ten minutes of the README, step by step as they are written there; ``make pictures`` keeps the pictures that are taken here."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.conftest import ROOT
from tests.e2e.school import School, day, fill, id_of, send

README = (ROOT / "README.md").read_text(encoding="utf-8")
WALK = README[README.index("## 十分钟走一遍") : README.index("## 第一份建议")]


def opened(school: School, login: str, column: str, name: str) -> Page:
    """Somebody goes by a column of the navigation to a matter or a case of this name."""
    assert f"`{login}`" in WALK
    assert name in WALK
    page = school.page(login)
    page.goto(f"{school.url}/")
    page.get_by_role("navigation", name="主要栏目").get_by_role("link", name=column).click()
    page.get_by_role("main").get_by_role("link", name=name).first.click()
    return page


def desk(school: School, login: str, pile: str) -> Locator:
    """Somebody comes to their home page, and what waits for them lies before them."""
    page = school.page(login)
    page.goto(f"{school.url}/")
    school.look(page, f"{login}-desk")
    return page.get_by_role("region", name=pile)


def test_the_walk_of_the_readme_leads_to_a_decision_and_an_appeal(school: School) -> None:
    clerk = opened(school, "clerk", "我的工作", "教材选用审查")
    assert clerk.get_by_role("listitem").filter(has_text=re.compile("催办　周清")).count() == 3
    school.picture(clerk, "matter")
    opened(school, "clerk", "问责案件", "教学楼空调更换逾期")
    school.picture(clerk, "case")
    expect(desk(school, "leader", "待我批示").get_by_text("延期申请尚未决定")).to_be_visible()
    waits = desk(school, "secretary", "待我办理")
    expect(waits.get_by_role("row").filter(has_text="固定资产清查逾期")).to_contain_text("复查申诉")
    expect(waits.get_by_role("row").filter(has_text="教学楼空调更换逾期")).to_contain_text("审议并作出决定")
    secretary = opened(school, "secretary", "问责案件", "教学楼空调更换逾期")
    case = id_of(secretary)
    school.attach("secretary", case, "会议记录.pdf")
    secretary.get_by_role("link", name="审议并作出决定").click()
    school.picture(secretary, "committee", "处理建议（仅供参考")
    school.decide("secretary", ["董文", "委员甲", "委员乙"], "会议记录.pdf")
    expect(secretary.get_by_text("已作出决定").first).to_be_visible()
    school.act("clerk", case, "issue_decision", person="P1")
    waits = desk(school, "organisation", "待我办理")
    expect(waits.get_by_role("row").filter(has_text="教学楼空调更换逾期")).to_contain_text("另有")
    school.act("clerk", case, "serve_decision", person="P1", to="person", received_on=day(), signed_by="卢岩")
    person = school.page("person2")
    person.goto(f"{school.url}/")
    person.get_by_role("link", name="查看向您送达的材料、陈述申辩和申诉").click()
    school.picture(person, "own", "决定")
    person.get_by_role("link", name="提出书面申诉").click()
    fill(person, {"text": "不服决定，理由如下"})
    send(person)
    expect(person.get_by_text("不服决定，理由如下").first).to_be_visible()
    assert school.faults == []


def test_the_readme_shows_the_pictures_that_are_taken_here() -> None:
    shown = set(re.findall(r"\]\(docs/pictures/([a-z]+)\.png\)", WALK))
    assert shown == {"matter", "case", "committee", "own"}
    assert all((ROOT / f"docs/pictures/{name}.png").stat().st_size < 200_000 for name in shown)
    assert all(f"`{word}`" in WALK for word in ("clerk", "secretary", "person2"))
