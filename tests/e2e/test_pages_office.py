"""The Office in the browser: the bulletin with its charts, an inspection that is refused, then recorded."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.school import School, day


def test_the_bulletin_shows_its_tables_and_its_charts(school: School) -> None:
    page, before = school.page("director"), len(school.faults)
    page.goto(f"{school.url}/")
    page.get_by_role("link", name="督查与通报", exact=True).click()
    school.look(page, "office")
    page.get_by_role("navigation", name="督查与通报").get_by_role("link", name="督查通报").click()
    charts = page.locator("figure img")
    for at in range(charts.count()):
        expect(charts.nth(at)).to_have_js_property("complete", True, timeout=20_000)
        assert charts.nth(at).evaluate("one => one.naturalWidth") > 100
    assert charts.count() >= 1
    school.look(page, "bulletin")
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    assert saved.value.suggested_filename == "bulletin.csv"
    for room in ("书面报告", "年度考核", "评优评先资格", "单位和任职"):
        page.get_by_role("navigation", name="督查与通报").get_by_role("link", name=room).click()
        school.look(page, f"office-{page.url.rpartition('/')[2]}")
    assert school.faults[before:] == []


def test_an_inspection_is_recorded_and_what_it_lacks_is_told_at_its_field(school: School) -> None:
    page, before = school.page("clerk"), len(school.faults)
    page.goto(f"{school.url}/office/inspections")
    school.look(page, "inspections")
    page.get_by_role("link", name="登记督查").click()
    assert page.locator("option[value='special']").evaluate("one => one.selected") is False
    page.get_by_label("督查形式").select_option("special")
    page.get_by_label("督查日期").fill(day(1))
    page.get_by_role("button", name="登记督查").click()
    expect(page.get_by_role("alert")).to_contain_text("没有保存")
    expect(page.locator("#task-error")).to_be_visible()
    school.look(page, "inspection-refused")
    page.get_by_label("督查的任务").fill("实验室安全专项")
    page.get_by_role("button", name="登记督查").dblclick()
    expect(page.get_by_text("实验室安全专项")).to_have_count(1)
    assert school.faults[before:] == []
