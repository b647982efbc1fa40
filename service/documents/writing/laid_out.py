"""Papers from templates: the text of a document stands in ``templates/<name>.xml`` as it is printed, and Jinja puts in what it tells.

An element is a line, of the style that it is called by; ``p`` is a paragraph of the body. ``part`` numbers its heading, and is left out
where nothing stands in it. In a row of a ``table`` an element is a cell of one line, and ``cells`` one of several; a ``listing`` is a
long list with its columns in its head. Text stands within its element exactly as it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from markupsafe import Markup

from rules.book.rulebook import Rulebook
from service.documents.parts.paper import Block, Cell, Line, NewPage, Paper, Picture, Table, listing
from service.documents.writing import case_words
from service.documents.writing.hand_words import entered_words
from service.documents.writing.wording import FormWords, day, narrow_day, not_counted, office_signature

if TYPE_CHECKING:
    from jinja2 import Environment

BLANK_DAY = "　　　　年　　月　　日"
"""A date to be written by hand."""
_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_NO_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BY_BOOK = (
    case_words.cited,
    case_words.committee,
    case_words.duty,
    case_words.finding_name,
    case_words.finding_value,
    case_words.introduced,
    case_words.late_entries,
    case_words.of_action,
    case_words.of_guard,
    case_words.ordered,
    case_words.regulation,
    case_words.step_name,
    case_words.with_former,
    office_signature,
    FormWords,
)
"""What every template may say in the words of its book."""


def laid_out(template: str, subject: str, book: Rulebook | None = None, **values: Any) -> Paper:
    """A paper of this subject. book: in whose words; values: what the template tells."""
    if book is not None:
        values |= {each.__name__: partial(each, book=book) for each in _BY_BOOK} | {"book": book}
        values["items_by_question"] = partial(case_words.items_by_question, book)
    made = _environment().get_template(f"{template}.xml").render(values)
    paper = ElementTree.fromstring(f"<paper>{made}</paper>")
    return Paper(
        subject, tuple(_blocks(paper, values.get("pictures", ()))), landscape=paper.find("landscape") is not None
    )


def text(template: str, **values: Any) -> str:
    """A plain text; values as for a paper."""
    return _environment().get_template(f"{template}.txt").render(values)


def parts(template: str, **values: Any) -> Any:
    """The macros of a template of XML, to be called by their names."""
    return _environment().get_template(f"{template}.xml").make_module(values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # here, since most commands draw nothing

    made = Environment(
        loader=PackageLoader("service.documents"),
        autoescape=_is_paper,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"day": day, "narrow_day": narrow_day, "ended": case_words.ended, "lines": _lines}
    made.filters |= {"paragraphs": _paragraphs, "titled": case_words.titled, "evidence": case_words.evidence_words}
    made.globals |= {"BLANK_DAY": BLANK_DAY, "by_whom_decided": case_words.by_whom_decided, "not_counted": not_counted}
    made.globals |= {"entered_words": entered_words, "acts_of_points": case_words.acts_of_points}
    return made


def _is_paper(name: str | None) -> bool:
    return name is not None and name.endswith(".xml")


def _printable(value: Any) -> Any:
    """What XML has no sign for cannot be printed either."""
    return _NO_XML.sub("\ufffd", value) if type(value) is str else value


def _paragraphs(text: str | None, otherwise: str = "", style: str = "p", again: str = "") -> Markup:
    """A text as paragraphs; ``otherwise`` where nothing was written. again: says of every further one whose words it still is."""
    texts = case_words.paragraphs(text, otherwise)
    return _elements([*texts[:1], *(Markup("{0}{1}").format(again, _printable(one)) for one in texts[1:])], style)


def _lines(text: str) -> Markup:
    """The lines of a text as those of a cell."""
    return _elements(text.split("\n"), "cell")


def _elements(texts: Sequence[str], name: str) -> Markup:
    return Markup("").join(Markup("<{0}>{1}</{0}>").format(name, _printable(text)) for text in texts)


def _blocks(parent: Element, pictures: Sequence[Picture]) -> Iterator[Block]:
    numerals = iter(_NUMERALS)
    for one in parent:
        if one.tail and one.tail.strip():
            raise ValueError(f"text outside of a line: {one.tail.strip()}")
        match one.tag:
            case "part":
                if len(one):
                    yield Line(f"{next(numerals)}、{one.get('title')}", "heading")
                    yield from _blocks(one, pictures)
            case "table":
                yield _table(one)
            case "listing":
                yield _listing(one)
            case "picture":
                yield pictures[int(one.get("at", 0))]
            case "new_page":  # the parts of the next letter are numbered anew
                numerals = iter(_NUMERALS)
                yield NewPage()
            case "landscape":
                continue
            case "p":
                yield Line(one.text or "")
            case style:
                yield Line(one.text or "", style)


def _table(found: Element) -> Table:
    """least: the least height of a row, in millimetres."""
    rows = tuple(tuple(_cell(one) for one in row) for row in found)
    return Table(_numbers(found, "widths"), rows, heights=tuple(float(row.get("least", 0)) for row in found))


def _cell(found: Element) -> Cell:
    lines = tuple(Line(one.text or "", one.tag) for one in found) or (Line(found.text or "", found.tag),)
    return Cell(lines, int(found.get("across", 1)), int(found.get("down", 1)), middle=found.get("top") is None)


def _listing(found: Element) -> Table:
    columns = found.get("columns", "").split("|")
    centred = frozenset(int(at) for at in _numbers(found, "centred"))
    return listing(
        columns, ((one.text or "" for one in row) for row in found), _numbers(found, "widths"), centred=centred
    )


def _numbers(found: Element, name: str) -> tuple[float, ...]:
    return tuple(map(float, found.get(name, "").split()))
