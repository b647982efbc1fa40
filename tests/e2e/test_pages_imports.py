"""A table in the browser: tried with a fault, tried again, and written from the same file."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.school import School

_HEAD = "单位,起,止,别名\n"


def file(text: str) -> FilePayload:
    return FilePayload(name="单位.csv", mimeType="text/csv", buffer=text.encode())


def try_it(page: Page, text: str) -> None:
    page.get_by_label("表格文件").set_input_files(file(text))
    page.get_by_role("button", name="试读").click()


def test_a_table_is_tried_mended_and_written(school: School) -> None:
    page, before = school.page("clerk"), len(school.faults)
    page.goto(f"{school.url}/imports")
    school.look(page, "imports")
    page.get_by_role("link", name="单位", exact=True).click()
    school.look(page, "import-units")
    try_it(page, f"{_HEAD}档案馆,去年,,\n")
    expect(page.get_by_role("heading", level=1)).to_have_text("导入单位：有误，没有写入")
    expect(page.get_by_role("button", name="写入")).to_have_count(0)
    school.look(page, "import-refused")
    page.get_by_role("link", name="改好之后重新试读").click()
    mended = f"{_HEAD}档案馆,2020-01-01,,\n"
    try_it(page, mended)
    school.look(page, "import-tried")
    page.get_by_label("同一个文件").set_input_files(file(mended))
    page.get_by_role("button", name="写入").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("导入单位：已写入")
    assert school.faults[before:] == []
