"""The demonstration school in the browser: everybody logs in as themselves, and each page they come to is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect

from rules.reasoning.calendar import LOCAL
from service.cli import main
from tests.conftest import ROOT
from tests.e2e.forms import filled_in, name_of
from tests.e2e.looks import serious_findings, too_wide

SCREENSHOTS, PICTURES = ROOT / "build/screenshots", ROOT / "build/pictures"
DESK, PHONE = ViewportSize(width=1366, height=768), ViewportSize(width=390, height=844)
STILL: Final = {"locale": "zh-CN", "reduced_motion": "reduce"}
"""Of every browser of the tests: to scroll smoothly to each button takes longer than to press it, and is drawn frame by frame."""
_PICTURE = ViewportSize(width=1024, height=640)
_CHOSEN = {"measure": "诫勉", "aggravation": "从重", "combination": "单独使用", "admonition_form": "书面"}
"""Question of discretion → what the committee of the tests chooses."""
_SCAN = b"%PDF-1.7 signed"


def day(ago: int = 0) -> str:
    """A local day, so many days ago."""
    return (datetime.now(UTC).astimezone(LOCAL).date() - timedelta(days=ago)).isoformat()


def demonstration(folder: Path) -> dict[str, str]:
    """Log-in name → password of a demonstration year that the command writes into a folder."""
    env = {"DATABASE_URL": None, "WENZE_DATA_DIR": str(folder / "var")}
    done = CliRunner(env=env).invoke(main, ["demo"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return dict(line.split()[0:2] for line in done.stdout.replace("　", " ").splitlines() if line.startswith("  "))


@dataclass
class School:
    """A running service over the demonstration year. faults: what any page had that it should not have.

    pages: open ones, each with a renderer of its own; known: what the browser of each keeps, once logged in.
    """

    url: str
    passwords: Mapping[str, str]
    browser: Browser
    folder: Path
    faults: list[str] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    known: dict[str, StorageState] = field(default_factory=dict)
    shots: bool = False

    def page(self, login: str) -> Page:
        """The browser of somebody, who logs in the first time."""
        if login not in self.pages:
            kept = self.known.get(login)
            page = self.browser.new_context(viewport=DESK, storage_state=kept, **STILL).new_page()
            self._watch(login, page)
            if kept is None:
                page.goto(f"{self.url}/login")
                page.get_by_label("登录名").fill(login)
                page.get_by_label("密码").fill(self.passwords[login])
                page.get_by_role("button", name="登录", exact=True).click()
            else:
                page.goto(f"{self.url}/")
            expect(page).to_have_url(f"{self.url}/")
            self.known[login] = page.context.storage_state()
            page.set_default_timeout(15_000)
            self.pages[login] = page
        return self.pages[login]

    def close(self) -> None:
        """Close every page, so that no renderer stays for the tests to come."""
        for page in self.pages.values():
            page.context.close()
        self.pages.clear()

    def _watch(self, login: str, page: Page) -> None:
        host = self.url.partition("//")[2]

        def told(line: Any) -> None:
            if line.type == "error" and "status of 4" not in line.text:  # a refusal is an answer, not a fault
                self.faults.append(f"{login} {page.url}: {line.text}")

        def asked(request: Any) -> None:
            if "//" in request.url and request.url.split("/")[2] != host:
                self.faults.append(f"{login}: {request.url}")

        page.on("console", told)
        page.on("pageerror", lambda error: self.faults.append(f"{login} {page.url}: {error}"))
        page.on("request", asked)

    def look(self, page: Page, name: str) -> None:
        """Both sizes of a page: no serious finding of axe, no horizontal scrolling; kept as pictures with ``--screenshot=on``."""
        found = [f"{name}: {one}" for one in serious_findings(page)]
        for size, width in ((DESK, "1366"), (PHONE, "390")):
            if page.viewport_size != size:
                page.set_viewport_size(size)
            if self.shots:
                SCREENSHOTS.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
            if over := too_wide(page):
                found.append(f"{name} {width}: {over} px too wide")
        page.set_viewport_size(DESK)
        self.faults += found

    def picture(self, page: Page, name: str, heading: str = "") -> None:
        """A small picture for the README; from a heading on, where one is named."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.set_viewport_size(_PICTURE)
        if heading:
            page.get_by_role("heading", name=heading).first.evaluate("one => one.scrollIntoView({behavior: 'instant'})")
        page.screenshot(path=PICTURES / f"{name}.png")
        page.set_viewport_size(DESK)

    def begin(self, login: str, address: str, action: str) -> Page:
        """Somebody comes to the form of an action by the button of a matter's or a case's page."""
        page, button = self.page(login), f'main a[href$="/{action}"]'
        if page.url != f"{self.url}{address}" or not page.locator(button).count():
            page.goto(f"{self.url}{address}")
        page.locator(button).first.click()
        return page

    def act(self, login: str, address: str, action: str, name: str = "", **details: Any) -> Page:
        """Carry an action out, with these details. name: of the picture of its form, where one is wanted."""
        page = self.begin(login, address, f"act/{action}")
        fill(page, details)
        if name:
            self.look(page, name)
        send(page, self.passwords[login])
        return page

    def attach(self, login: str, address: str, name: str) -> None:
        """Somebody uploads a scan to a matter or a case."""
        page = self.page(login)
        page.goto(f"{self.url}{address}")
        page.locator("#file").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": _SCAN})
        page.get_by_role("button", name="上传", exact=True).click()
        expect(page.get_by_role("link", name=name).first).to_be_visible()

    def decide(self, login: str, attendance: list[str], minutes: str) -> None:
        """Fill in the committee's page: every question of discretion with a reason, the decision, the meeting; and send it.

        minutes: the name of the file that shows what the meeting did.
        """
        page = self.page(login)
        for one in page.locator('main input[type=hidden][name$="].id"]').all():
            slot, path = one.input_value(), str(one.get_attribute("name")).removesuffix(".id")
            if slot in _CHOSEN:
                fill(page, {"choice": _CHOSEN[slot], "reason": "三次催办后仍未完成，影响全局"}, f"{path}.")
        meeting = {"body": "党委常委会", "held_on": day(), "attendance": attendance,
                   "votes": {"for": len(attendance), "against": 0, "abstain": 0}}  # fmt: skip
        decision = {"outcome": "held", "measures": ["admonition"]}
        fill(page, {"decisions[0]": decision, "meeting": meeting, "papers": [minutes]})
        send(page, self.passwords[login])

    def enter(self, login: str, address: str, action: str, **details: Any) -> None:
        """Carry out once more what was gone through in the browser before: the same form is sent, and nothing is drawn."""
        form, asked = f"{self.url}{address}/act/{action}", self.page(login).request
        sent = filled_in(asked.get(form).text(), details)
        answer = asked.post(form, form=sent, max_redirects=0)
        assert answer.status == 303, answer.text()


def send(page: Page, password: str = "") -> None:
    """Send the form of an action; it has to be accepted. password: what is shown where one has to confirm who one is."""
    page.locator("main form .actions button[type=submit]").last.click()
    if page.locator("#confirm_with").count():
        page.locator("#confirm_with").fill(password)
        page.get_by_role("button", name="确认并继续").click()
    refused = page.locator('[role="alert"], .invalid-feedback')
    said = "；".join(refused.all_inner_texts()) if refused.count() else ""
    assert not said, said


def fill(page: Page, values: Mapping[str, Any], under: str = "details.") -> None:
    """Fill a form in. Names: ``on`` and ``actor_name`` of the entry, else those of the details, nested as they are there."""
    for name, value in values.items():
        _put(page, name_of(name) if under == "details." else f"{under}{name}", value)


def _put(page: Page, path: str, value: Any) -> None:
    if page.locator(f'[name="{path}:find"]').count():
        _choose(page, path, value if isinstance(value, list) else [value])
    elif path == "papers":
        for name in value:
            page.get_by_role("checkbox", name=name).first.check()
    elif isinstance(value, Mapping):
        fill(page, value, f"{path}.")
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for at, row in enumerate(value):
            if not page.locator(f'[name^="{path}[{at}]"]').count():
                page.locator(f'button[name="more"][value="{path}"]').click()
            fill(page, row, f"{path}[{at}].")
    else:
        _set(page, path, value)


def _choose(page: Page, path: str, names: list[str]) -> None:
    """Write into the box in which persons are sought, and choose each among those who are found."""
    with page.expect_response(lambda answer: "/people/found" in answer.url):
        page.locator(f'[name="{path}:find"]').fill("、".join(names))
    for name in names:
        found = page.locator(f'label:has([name="{path}"])').filter(has_text=re.compile(rf"^\s*{name}　"))
        found.locator("input").check()


def _set(page: Page, path: str, value: Any) -> None:
    found = page.locator(f'[name="{path}"]')
    kind = found.first.evaluate("one => one.tagName === 'INPUT' ? one.type : one.tagName")
    if kind in ("radio", "checkbox"):
        for one in value if isinstance(value, list) else [value]:
            word = {True: "true", False: "false"}.get(one, one) if isinstance(one, bool) else one
            page.locator(f'[name="{path}"][value="{word}"]').check()
    elif kind == "SELECT":
        found.select_option(str(value))
    else:
        found.fill("\n".join(value) if isinstance(value, list) else str(value))


def id_of(page: Page) -> str:
    """The address of the matter or case whose page this is, without the host."""
    found = re.search(r"/(?:matters|cases)/[0-9a-f-]{36}", page.url)
    assert found, page.url
    return found[0]
