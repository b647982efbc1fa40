"""A page is looked at by axe where it has something new, and only there; and a form is sent without a browser as with one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.e2e.forms import filled_in
from tests.e2e.looks import serious_findings, too_wide

WHOLE = """<!DOCTYPE html><html lang="zh-CN"><head><title>题目</title></head><body><main><h1>题目</h1>{}</main></body></html>"""
SOUND = """<p>文字 <a href="/a">链接</a></p><ul><li>第一</li></ul><label for="f">名称</label><input id="f"><button>办理</button>
<label for="g">选择</label><select id="g"><option>一</option></select><table><tr><th scope="col">列</th></tr><tr><td>值</td></tr></table>"""
FAULTS = {
    "color-contrast": SOUND.replace("<li>", '<li style="color: #ccc">'),
    "link-name": SOUND.replace(">链接<", "><"),
    "button-name": SOUND.replace(">办理<", "> <"),
    "label": SOUND.replace('<label for="f">', "<label>"),
    "select-name": SOUND.replace('<label for="g">', '<label for="h">'),
    "list": SOUND.replace("<li>第一</li>", "<li>第一</li><div>二</div>"),
    "aria-valid-attr-value": SOUND.replace("<button>", '<button aria-expanded="vielleicht">'),
    "aria-required-children": SOUND.replace("<p>", '<p role="list">'),
}


def test_words_alone_are_nothing_new(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.set_content(WHOLE.format(SOUND))
    assert serious_findings(page) == []
    monkeypatch.setattr("tests.e2e.looks.Axe", None)  # would fail if it were asked
    page.set_content(WHOLE.format(SOUND.replace("文字", "别的文字").replace("<li>第一</li>", "<li>二</li><li>三</li>")))
    assert serious_findings(page) == []


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_found_on_a_page_like_one_without_it(page: Page, rule: str) -> None:
    page.set_content(WHOLE.format(SOUND))
    assert serious_findings(page) == []
    page.set_content(WHOLE.format(FAULTS[rule]))
    for _ in range(2):  # again, since a page with a fault is nothing known
        assert rule in {one.split()[0] for one in serious_findings(page)}


def test_a_page_wider_than_its_screen_is_told(page: Page) -> None:
    page.set_content(WHOLE.format('<div style="width: 2000px">宽</div>'))
    assert too_wide(page) > 100


FORM = """<form><input name="csrf" value="outside"></form><main><form><input type="hidden" name="csrf" value="c">
<input name="on" value="2026-01-05"><textarea name="details.text">原文</textarea><input type="radio" name="details.kind" value="a">
<input type="checkbox" name="details.yes" value="true" checked><select name="actor.kind"><option value="team">组</option></select>
<select name="details.to"><option value=""></option><option value="unit" selected>单位</option></select></form></main>"""


def test_a_form_sends_what_stands_in_it_and_what_is_filled_in() -> None:
    stands = {
        "csrf": "c",
        "on": "2026-01-05",
        "details.text": "原文",
        "details.yes": "true",
        "actor.kind": "team",
        "details.to": "unit",
    }
    assert filled_in(FORM, {}) == stands
    told = {
        "on": "2026-01-06",
        "actor_name": "甲",
        "evidence": [{"reference": "纪要"}],
        "present": ["甲", "乙"],
        "adopted": False,
    }
    assert filled_in(FORM, told) == stands | {
        "on": "2026-01-06", "actor.name": "甲", "details.evidence[0].reference": "纪要", "details.present": "甲\n乙",
        "details.adopted": "false",
    }  # fmt: skip
