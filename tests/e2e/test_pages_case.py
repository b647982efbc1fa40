"""A case in the browser: the committee reads and decides, the person investigated appeals; every page on a desk and on a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, ViewportSize, expect
from werkzeug.serving import make_server

from models.store.database import upgrade
from service.app import create_app
from service.usecases.people.accounts import Asked
from tests import backdated
from tests.e2e.looks import serious_findings, too_wide
from tests.e2e.school import STILL, fill, send
from tests.e2e.test_documentation import watched
from tests.entering import PAPER as MINUTES
from tests.integration.case_office import proposed, taken
from tests.integration.page_case import ALONE, entering, submitted
from tests.lawful_case import until
from tests.people import LONG_AGO, PASSWORD, made

backdated.install()
SIZES = {"desk": ViewportSize(width=1366, height=768), "phone": ViewportSize(width=390, height=844)}
SECRETARY, PERSON = "secretary", "zhang"


@dataclass(frozen=True)
class Running:
    """The service with a case of two persons before the committee, and one of one person whose decision was served."""

    url: str
    entry: FlaskClient
    before: Any
    served: Any


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    url = f"sqlite:///{tmp_path_factory.mktemp('case') / 'test.sqlite3'}"
    upgrade(url)
    app: Flask = create_app(url)
    entry = entering(app)
    before, served = submitted(entry), taken(entry, proposed(entry).json, *until("appeal", ALONE)[1:])
    made(app, SECRETARY, Asked("committee_secretary", LONG_AGO), name="党委秘书")
    made(app, PERSON, Asked("person_investigated", LONG_AGO, case_id=served["id"], person="P1"), name="张某")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Running(f"http://127.0.0.1:{server.port}", entry, before, served)
    server.shutdown()
    thread.join()
    app.extensions["database"].dispose()


def logged_in(page: Page, running: Running, login: str) -> None:
    page.goto(f"{running.url}/login")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(f"{running.url}/")


def addresses(running: Running) -> dict[str, list[str]]:
    """Who → the pages that they see."""
    before, served = f"/cases/{running.before['id']}", f"/cases/{running.served['id']}"
    receipts = [receipt for person in running.before["persons"] for receipt in person["evaluations"]]
    return {
        SECRETARY: [before, served, f"{before}/committee", f"{served}/committee",
                    *(f"{before}/recommendations/{receipt}" for receipt in receipts)],
        PERSON: [f"{served}/own", f"{served}/own/appeal"],
    }  # fmt: skip


@pytest.mark.parametrize("login", [SECRETARY, PERSON])
def test_every_page_of_a_case_is_accessible_and_fits_its_screen(browser: Browser, running: Running, login: str) -> None:
    page = browser.new_context(**STILL).new_page()
    seen = watched(page)
    logged_in(page, running, login)
    for address in addresses(running)[login]:
        page.goto(running.url + address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.locator("h1").count() == 1
        for size in SIZES.values():
            page.set_viewport_size(size)
            assert too_wide(page) == 0, (address, size)
            assert serious_findings(page) == [], (address, size)
    assert seen["errors"] == []
    assert set(seen["hosts"]) == {running.url.removeprefix("http://")}
    page.context.close()


def test_the_committee_reads_the_sheets_and_decides(page: Page, running: Running) -> None:
    logged_in(page, running, SECRETARY)
    page.goto(f"{running.url}/cases/{running.before['id']}")
    expect(page.locator(".procedure [aria-current=step]")).to_contain_text("已报学校党委审议")
    page.get_by_role("link", name="审议并作出决定").click()
    sheet = page.locator("#person-P1")
    sheet.get_by_text("第八条第（一）款第1项", exact=True).first.click()
    expect(sheet.get_by_text("无正当理由，未完成").first).to_be_visible()
    page.get_by_role("button", name="审议并作出决定").click()
    expect(page.get_by_role("alert")).to_contain_text("没有保存")
    answers = {"从重还是加重": "从重", "单独使用还是": "单独使用", "采取诫勉的": "书面"}
    for question, choice in answers.items():
        asked = sheet.get_by_role("group", name=question)
        asked.get_by_label("选择").select_option(choice)
        asked.get_by_label("理由").fill(f"{choice}的理由")
    measure = sheet.get_by_role("group", name="采取何种问责方式")
    measure.get_by_label("选择").fill("诫勉")
    measure.get_by_label("理由").fill("情节较重")
    sheet.get_by_label("结果").select_option("予以问责")
    sheet.get_by_label("诫勉", exact=True).check()
    other = page.locator("#person-P2")
    other.get_by_label("结果").select_option("不存在应予问责的情形")
    spared = other.get_by_role("group", name="是否不予问责或者免予问责")
    spared.get_by_label("选择").select_option("不适用")
    spared.get_by_label("理由").fill("没有应予问责的情形")
    page.get_by_label("会议名称").fill("党委常委会")
    page.get_by_label("会议日期").fill("2026-06-20")
    fill(page, {"meeting": {"attendance": ["委员一", "委员二", "委员三"]}, "papers": [MINUTES]})
    for label, votes in (("赞成", "3"), ("反对", "0"), ("弃权", "0")):
        page.get_by_label(label).fill(votes)
    send(page, PASSWORD)
    expect(page).to_have_url(f"{running.url}/cases/{running.before['id']}")
    expect(page.locator(".procedure [aria-current=step]")).to_contain_text("已作出决定")
    expect(page.locator(".watermark")).to_have_count(0)


def test_each_person_begins_a_new_sheet_of_paper(page: Page, running: Running, tmp_path: Path) -> None:
    logged_in(page, running, SECRETARY)
    page.goto(f"{running.url}/cases/{running.before['id']}/committee")
    page.emulate_media(media="print")
    breaks = [one.evaluate("one => getComputedStyle(one).breakBefore") for one in page.locator(".sheet").all()]
    assert breaks == ["auto", "page"]
    expect(page.locator("header.navbar")).to_be_hidden()


def test_the_person_investigated_appeals_within_the_days_that_are_told(page: Page, running: Running) -> None:
    logged_in(page, running, PERSON)
    page.get_by_role("link", name="查看向您送达的材料").click()
    expect(page.locator("#appeal + p, section:has(#appeal)").first).to_contain_text("2026-07-27")
    page.get_by_role("link", name="提出书面申诉").click()
    page.get_by_label("办理日期＊").fill("2026-07-10")
    page.get_by_label("身份").select_option("调查对象")
    page.get_by_label("申诉书").fill("不服决定，理由如下")
    page.get_by_role("button", name="提出书面申诉").click()
    expect(page.get_by_text("您已于 2026-07-10 提出申诉")).to_be_visible()
    expect(page.get_by_text("复查结果尚未告知")).to_be_visible()
