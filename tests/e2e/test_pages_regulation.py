"""The regulation in the browser: from the text to a clause, its readings and the compliance report."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.school import School


def test_the_regulation_is_read_from_its_text_to_a_clause(school: School) -> None:
    page, before = school.page("person3"), len(school.faults)
    page.goto(f"{school.url}/")
    page.get_by_role("link", name="规章", exact=True).click()
    school.look(page, "regulation")
    page.get_by_role("navigation", name="目录").get_by_role("link", name="第八条").click()
    page.get_by_role("link", name="或者学校督查督办工作办公室督办 3 次以上的").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("第八条第（三）款第三组第1项后半")
    expect(page.get_by_text("采用：办公室的督办和催办")).to_be_visible()
    school.look(page, "provision")
    for room in ("解释和策略表", "影响期表", "合规报告"):
        page.get_by_role("navigation", name="规章").get_by_role("link", name=room).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(room)
        school.look(page, f"regulation-{page.url.rpartition('/')[2]}")
    assert school.faults[before:] == []


def test_the_cases_of_a_clause_are_one_step_away_for_those_who_may_list_cases(school: School) -> None:
    page, before = school.page("clerk"), len(school.faults)
    page.goto(f"{school.url}/regulation/art-8.1.1")
    page.get_by_role("link", name="涉及本条的案件").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("案件")
    school.look(page, "provision-cases")
    assert school.faults[before:] == []
