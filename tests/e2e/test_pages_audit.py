"""The audit trail in the browser: read, looked up, and verified."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.school import School


def test_the_check_ups_and_the_trail_are_read_and_verified(school: School) -> None:
    page, before = school.page("auditor"), len(school.faults)
    page.goto(f"{school.url}/")
    school.look(page, "auditor-home")
    page.get_by_role("navigation", name="主要栏目").get_by_role("link", name="问责案件").click()
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("程序体检")
    school.look(page, "checkup")
    page.get_by_role("navigation", name="主要栏目").get_by_role("link", name="审计记录").click()
    school.look(page, "audit")
    page.get_by_label("看到第几条为止").fill("3")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("button", name="核对全部记录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("审计记录完整")
    school.look(page, "audit-verdict")
    assert school.faults[before:] == []
