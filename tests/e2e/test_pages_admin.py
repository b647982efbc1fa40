"""The administrator in the browser: an account from its making to its first log-in and its end."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.school import STILL, School, day


def test_an_account_is_made_given_a_role_used_and_disabled(school: School) -> None:
    page, before = school.page("manager"), len(school.faults)
    page.goto(f"{school.url}/")
    page.get_by_role("navigation", name="主要栏目").get_by_role("link", name="管理").click()
    school.look(page, "admin")
    page.get_by_role("link", name="建立账号").click()
    page.get_by_label("登录名").fill("newcomer")
    page.get_by_label("姓名").fill("新来的")
    page.get_by_role("button", name="建立账号").click()
    password = page.locator(".secret").inner_text()
    school.look(page, "admin-password")
    page.get_by_role("link", name="返回账号").click()
    page.locator("#role").select_option("auditor")
    page.locator("#from_on").fill(day())
    page.get_by_role("button", name="授予").click()
    expect(page.get_by_role("cell", name="审计人员", exact=True)).to_be_visible()
    school.look(page, "admin-account")
    other = school.browser.new_context(**STILL).new_page()
    other.goto(f"{school.url}/login")
    other.get_by_label("登录名").fill("newcomer")
    other.get_by_label("密码").fill(password)
    other.get_by_role("button", name="登录", exact=True).click()
    expect(other).to_have_url(f"{school.url}/password")
    page.get_by_role("button", name="停用").click()
    expect(page.get_by_text("已停用")).to_be_visible()
    other.reload()
    expect(other).to_have_url(f"{school.url}/login")
    other.context.close()
    for room in ("权限表", "令牌", "日历和影响期"):
        page.get_by_role("navigation", name="管理").get_by_role("link", name=room).click()
        school.look(page, f"admin-{page.url.rpartition('/')[2]}")
    page.get_by_role("link", name="导入节假日安排").click()
    school.look(page, "admin-year")
    page.go_back()
    page.get_by_role("link", name="登记对通报的确认").click()
    for name, value in (("确认机构", "学校党委"), ("确认日期", day()), ("文件", "党委会纪要")):
        page.get_by_label(name).fill(value)
    school.look(page, "admin-confirm")
    page.get_by_role("button", name="确认影响期：通报").dblclick()
    expect(page.get_by_role("link", name="撤回对通报的确认")).to_be_visible()
    school.look(page, "admin-confirmed")
    assert school.faults[before:] == []
