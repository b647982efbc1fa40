"""Papers from templates: what is put in stays text, what is missing or out of place is a fault, what is empty is left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from jinja2 import DictLoader, UndefinedError

from rules.book.loading import load_rulebook
from service.documents.parts.paper import Cell, Line, NewPage, Paper, Table
from service.documents.writing import laid_out

BOOK = load_rulebook()
Draw = Callable[..., Paper]


@pytest.fixture
def draw(monkeypatch: pytest.MonkeyPatch) -> Draw:
    def drawn(template: str, **values: object) -> Paper:
        made = laid_out._environment().overlay(loader=DictLoader({"tried.xml": template}))
        monkeypatch.setattr(laid_out, "_environment", lambda: made)
        return laid_out.laid_out("tried", "试", BOOK, **values)

    return drawn


@pytest.mark.parametrize("text", ["<title>改</title>", "]]>&amp;", "一\n　二 ", "'\"", "（&#10;）"])
def test_a_text_is_printed_as_it_was_written(draw: Draw, text: str) -> None:
    made = draw("<p>{{ text }}</p><table><row><label>{{ text }}</label></row></table>{{ text|paragraphs }}", text=text)
    line, table, *said = made.blocks
    assert (line, table) == (Line(text), Table((), ((Cell((Line(text, "label"),)),),), heights=(0.0,)))
    assert said == [Line(part.strip()) for part in text.split("\n")]


def test_what_no_file_can_hold_is_shown_as_such(draw: Draw) -> None:
    assert draw("<p>{{ text }}</p>", text="甲\x0b乙\ufffe").blocks == (Line("甲\ufffd乙\ufffd"),)
    assert draw("{{ text|paragraphs }}", text="一\n二\ufffe\n三\x0b四").blocks == (
        Line("一"),
        Line("二\ufffd"),
        Line("三\ufffd四"),
    )


def test_parts_are_numbered_without_the_empty_ones_and_anew_on_a_page_of_their_own(draw: Draw) -> None:
    part = '<part title="甲">\n</part><part title="乙"><p>一</p></part><part title="丙"><p>二</p></part>'
    assert draw(f"{part}<new_page/>{part}").blocks == (
        *(shown := (Line("一、乙", "heading"), Line("一"), Line("二、丙", "heading"), Line("二"))), NewPage(), *shown,
    )  # fmt: skip


def test_a_name_that_nobody_gave_is_a_fault_and_so_is_a_text_outside_of_a_line(draw: Draw) -> None:
    with pytest.raises(UndefinedError, match="nobody"):
        draw("<p>{{ nobody }}</p>")
    with pytest.raises(ValueError, match="失落"):
        draw("<p>甲</p>失落")


def test_a_plain_text_holds_the_signs_themselves() -> None:
    made = laid_out._environment().overlay(loader=DictLoader({"tried.txt": "{{ text }}"}))
    assert made.get_template("tried.txt").render(text='<甲> & "乙"') == '<甲> & "乙"'
