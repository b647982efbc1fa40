"""Each role's way in the browser: a matter from the opinion to its urging, a case from its proposal to the review of an appeal."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.school import School, day, fill, id_of, send

ELEMENTS = ("task_in_plan", "main_task_assigned", "not_completed", "no_just_reason", "affects_overall")
EVIDENCE = [{"reference": "会议纪要", "text": "见附件"}]
ABOUT = {"person": "P1"}
LATE = "由纸质登记簿补录"
PAPER, MINUTES = "本人书面意见和调查组签名.pdf", "会议记录.pdf"
REASONS = {"subject": "何平，教务处处长", "basis": "督查督办工作办法", "process": "调查一个月", "facts": "三次催办后仍未完成",
           "attitude": "承认逾期", "opinion": "由学校党委在区间内决定"}  # fmt: skip
ROLES = ("clerk", "director", "leader", "liaison", "head", "team", "committee", "secretary", "organisation", "personnel",
         "person3", "auditor", "manager", "guardian", "overseer")  # fmt: skip


def test_a_matter_goes_from_the_opinion_to_its_completion_report(school: School) -> None:
    clerk = school.page("clerk")
    school.look(clerk, "clerk-home")
    clerk.goto(f"{school.url}/matters")
    school.look(clerk, "matters")
    clerk.locator('main a[href="/matters/new/propose"]').click()
    send_refused(clerk)
    school.look(clerk, "propose-refused")
    fill(clerk, {"on": day(30), "late_reason": LATE, "reason": LATE, "title": "教学档案整理", "category": "plan", "basis": "年度工作要点第9项", "consulted_with": "教务处",
                 "lead_unit": "教务处"})  # fmt: skip
    send(clerk)
    matter = id_of(clerk)
    school.act("leader", matter, "approve_registration", on=day(29), late_reason=LATE, agrees="true")
    school.act("clerk", matter, "register", on=day(29), late_reason=LATE, route="leader")
    school.act("clerk", matter, "assign", "assign", on=day(28), late_reason=LATE, channel="oa", message_id="OA-2026-88")
    school.act(
        "leader", matter, "approve_change", "approve-change", on=day(28), late_reason=LATE, due_on=day(2), agrees="true"
    )
    school.act("clerk", matter, "arrange", on=day(28), late_reason=LATE, due_on=day(2), reason=LATE)
    liaison = school.act(
        "liaison",
        matter,
        "acknowledge",
        "acknowledge",
        on=day(27),
        late_reason=LATE,
        signed_by="林悦",
    )
    school.act("clerk", matter, "urge", on=day(), responsible="何平")
    school.act("clerk", matter, "record_urging", on=day(), signed_by="林悦")
    school.act("liaison", matter, "report", on=day(), result="档案已整理完毕，目录见附件")
    expect(liaison.get_by_text("已报结，待审查").first).to_be_visible()
    clerk.goto(f"{school.url}{matter}")
    expect(clerk.get_by_text("催办").first).to_be_visible()
    school.look(clerk, "matter")
    assert school.faults == []


def send_refused(page: Page) -> None:
    page.locator("main form .actions button[type=submit]").last.click()
    expect(page.get_by_role("alert")).to_be_visible()


def proposed(school: School) -> str:
    """A case about the matter that was urged three times."""
    clerk = school.page("clerk")
    clerk.goto(f"{school.url}/cases")
    school.look(clerk, "cases")
    clerk.goto(f"{school.url}/cases/new")
    wanted = clerk.locator('label:has-text("教材选用审查") input')
    fill(clerk, {"on": day(), "title": "教材选用审查逾期", "matters": [wanted.get_attribute("value")], "situations": ["art-8.1.1"],
                 "persons": [{"id": "P1", "name": "何平", "post": "处长", "unit": "教务处", "managed_by": "school_committee",
                              "party_member": True}], "reason": "三次催办后仍未完成"})  # fmt: skip
    school.look(clerk, "propose-case")
    send(clerk)
    return id_of(clerk)


def inquired(school: School, case: str) -> None:
    """Approved, investigated, heard, reported and submitted, on one day."""
    school.act("leader", case, "approve", "approve", opinion="同意启动")
    members = [
        {"name": "沈言", "unit": "督查督办工作办公室", "head": True},
        {"name": "许诚", "unit": "审计处", "head": False},
    ]
    school.act("clerk", case, "form_team", "form-team", members=members)
    found = [*((f"art-8.1.1.{name}", "established") for name in ELEMENTS), ("role", "principal"), ("harm", "grave"),
             ("conduct", "ineffective")]  # fmt: skip
    for at, (element, value) in enumerate(found):
        said = {**ABOUT, "element": element, "value": value, "evidence": EVIDENCE}
        if at:
            school.enter("team", case, "find", **said)
        else:
            school.act("team", case, "find", "find", **said)
    school.act("team", case, "serve_fact_material", **ABOUT, text="任务列入年度工作要点，三次催办后仍未完成。")
    school.attach("team", case, PAPER)
    school.act(
        "team", case, "hear", "hear", **ABOUT, present=["沈言", "许诚"], text="本人认为外部数据迟到。", papers=[PAPER]
    )
    school.act("team", case, "raise_point", actor_kind="person", actor_name="何平", **ABOUT, kind="mitigation", step="art-8.3.2.1",
               text="已经补报材料", papers=[PAPER])  # fmt: skip
    school.act(
        "team", case, "answer_point", **ABOUT, point="1", reasonable=False, adopted=False, reason="补报的材料不完整"
    )
    school.act("team", case, "sign", "sign", actor_kind="person", actor_name="何平", **ABOUT, kind="agrees")
    confirmed(school, "head", "在事实材料上签署意见")
    school.act("team", case, "evaluate", **ABOUT)
    page = school.page("team")
    page.goto(f"{school.url}{case}")
    page.get_by_role("link", name="第1次").click()
    school.look(page, "recommendation")
    school.act("team", case, "discuss", participants=["沈言", "许诚"], minutes="逐项核对证据", papers=[PAPER])
    school.act("team", case, "report", "report", groups=REASONS, signatures=["沈言", "许诚"], papers=[PAPER])
    school.act("clerk", case, "submit")


def confirmed(school: School, login: str, act: str) -> None:
    """Somebody finds on their page what was entered in their name without a paper, and confirms it."""
    page = school.page(login)
    page.goto(f"{school.url}/")
    school.look(page, f"{login}-asked")
    page.get_by_role("link", name="待我确认").first.click()
    school.look(page, "confirmations")
    asked = page.locator("section").filter(has=page.get_by_role("heading", name=act))
    asked.get_by_role("button", name="确认属实").click()
    expect(page.get_by_role("heading", name=act)).to_have_count(0)


def decided(school: School, case: str) -> None:
    """The secretary enters what the committee chose, question by question; nothing is chosen before."""
    school.attach("secretary", case, MINUTES)
    page = school.begin("secretary", case, "committee")
    assert page.locator("main input:checked:not([name='actor.name'])").count() == 0
    assert page.locator('main select:not([name="actor.kind"])').evaluate_all(
        "all => all.every(one => one.value === '')"
    )
    school.look(page, "committee")
    assert (
        position(page, "证据和认定")
        < position(page, "处理建议（仅供参考，不构成问责决定）")
        < position(page, "裁量事项")
    )
    school.decide("secretary", ["董文", "委员甲", "委员乙"], MINUTES)
    school.look(page, "committee-decided")


def position(page: Page, heading: str) -> float:
    box = page.get_by_role("heading", name=heading, exact=True).first.bounding_box()
    assert box is not None
    return box["y"]


def served(school: School, case: str) -> None:
    """Issued, served, told to the departments, filed."""
    school.act("clerk", case, "issue_decision", **ABOUT)
    school.act("clerk", case, "serve_decision", "serve", **ABOUT, to="person", received_on=day(), signed_by="何平")
    school.act("clerk", case, "serve_decision", **ABOUT, to="unit", received_on=day(), signed_by="林悦")
    school.act("clerk", case, "notify_department", **ABOUT, department="organisation")
    school.enter("clerk", case, "notify_department", **ABOUT, department="personnel")
    school.act("organisation", case, "file_decision", **ABOUT)
    school.act("organisation", case, "execute", **ABOUT, kind="admonition", text="已作书面诫勉")


def test_a_case_goes_from_its_proposal_to_the_decision_and_its_service(school: School) -> None:
    case = proposed(school)
    inquired(school, case)
    decided(school, case)
    served(school, case)
    clerk = school.page("clerk")
    clerk.goto(f"{school.url}{case}")
    expect(clerk.get_by_text("已作出决定").first).to_be_visible()
    school.look(clerk, "case")
    assert school.faults == []


def test_a_person_served_with_a_decision_appeals_and_is_told_of_the_review(school: School) -> None:
    """The appeal of the demonstration is reviewed by others; then the person appeals against what remains."""
    clerk, person = school.page("clerk"), school.page("person3")
    person.get_by_role("link", name="查看向您送达的材料、陈述申辩和申诉").click()
    case = id_of(person)
    school.look(person, "own")
    meeting = {"body": "党委常委会", "held_on": day(), "attendance": ["董文", "委员甲", "委员乙"],
               "votes": {"for": 3, "against": 0, "abstain": 0}}  # fmt: skip
    school.attach("secretary", case, MINUTES)
    school.act(
        "secretary",
        case,
        "review_appeal",
        "review",
        **ABOUT,
        meeting=meeting,
        result="upheld",
        reason="事实清楚，处理适当",
        same_body_reason="本办法规定由学校党委复查",
        prepared_by=["郑书"],
        papers=[MINUTES],
    )
    school.act("clerk", case, "inform_of_review", **ABOUT, to="appellant", form="书面")
    school.enter("clerk", case, "inform_of_review", **ABOUT, to="unit", form="书面")
    person.goto(f"{school.url}{case}/own")
    expect(person.get_by_text("复查结果：维持").first).to_be_visible()
    person.locator('main a[href$="/own/appeal"]').click()
    school.look(person, "appeal")
    fill(person, {"text": "对复查结果仍有不同意见"})
    send(person)
    expect(person.get_by_text("对复查结果仍有不同意见").first).to_be_visible()
    clerk.goto(f"{school.url}{case}")
    expect(clerk.get_by_text("提出书面申诉").first).to_be_visible()
    assert school.faults == []


@pytest.mark.parametrize("login", ROLES)
def test_every_role_comes_from_the_log_in_to_all_its_columns(school: School, login: str) -> None:
    page = school.page(login)
    page.goto(f"{school.url}/")
    expect(page.get_by_text("示范数据").first).to_be_visible()
    columns = page.locator("header nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert columns[0] == "/"
    for address in [*columns, "/me"]:
        answer = page.goto(f"{school.url}{address}")
        assert answer is not None
        assert answer.status == 200, address
        expect(page.locator("h1")).to_have_count(1)
        school.look(page, f"{login}{address.replace('/', '-').rstrip('-') or '-home'}")
    assert school.faults == []
