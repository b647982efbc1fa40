"""What a document consists of, whatever file it becomes: lines, tables, pictures. Sizes in points, widths in millimetres.

Measures of paper and type follow GB/T 9704-2012: A4; margins of 37, 35, 28 and 26 mm; body 3号 (16 pt) on a line of 28.95 pt, so
that a page has 22 lines of 28 characters; title 2号 (22 pt); page number 4号 (14 pt) at the foot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Align = Literal["left", "center", "right", "justify"]
Face = Literal["fangsong", "song", "heading", "title"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a line stands. indent: of its first line, right: from the right edge, both in characters; pitch: from line to line;
    tracking: between characters (so much narrower that 28 of them stand in a line); keep: on the page of what follows."""

    name: str
    face: Face
    size: float
    pitch: float
    align: Align = "left"
    indent: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    tracking: float = 0
    keep: bool = False


_BODY, _CELL, _SMALL = (16, 28.95), (14, 22), (10.5, 15)
_CLOSE = -0.25
STYLES: Mapping[str, Style] = MappingProxyType({
    "mark": Style("附件编号", "heading", *_BODY),
    "title": Style("公文标题", "title", 22, 34, "center", before=14, after=14, keep=True),
    "number": Style("文号", "fangsong", *_BODY, align="center", after=14, keep=True),
    "heading": Style("一级标题", "heading", *_BODY, indent=2, keep=True),
    "body": Style("正文段落", "fangsong", *_BODY, align="justify", indent=2, tracking=_CLOSE),
    "last": Style("末段", "fangsong", *_BODY, align="justify", indent=2, tracking=_CLOSE, keep=True),
    "plain": Style("顶格段落", "fangsong", *_BODY, align="justify", tracking=_CLOSE),
    "below": Style("表下文字", "fangsong", *_CELL, before=6),
    "sign": Style("署名", "fangsong", *_BODY, align="right", right=2, before=28.95, keep=True),
    "date": Style("成文日期", "fangsong", *_BODY, align="right", right=4),
    "caption": Style("图表标题", "heading", 12, 20, "center", before=8, after=4, keep=True),
    "figure": Style("图题", "heading", 12, 20, "center", before=4, after=8),
    "note": Style("附注", "fangsong", 12, 20, before=4),
    "label": Style("表格栏目", "fangsong", *_CELL, align="center"),
    "cell": Style("表格文字", "fangsong", *_CELL),
    "cell_body": Style("表格段落", "fangsong", *_CELL, align="justify", indent=2),
    "cell_sign": Style("表格署名", "fangsong", *_CELL, align="right", right=1),
    "cell_date": Style("表格日期", "fangsong", *_CELL, align="right", right=3),
    "head": Style("表头", "heading", *_SMALL, align="center"),
    "small": Style("小字", "fangsong", *_SMALL),
    "small_center": Style("小字居中", "fangsong", *_SMALL, align="center"),
})  # fmt: skip
"""Name → style; the Chinese name is what a word processor shows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; line breaks in its text are kept."""

    text: str
    style: str = "body"
    kind: str = field(default="line", init=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a table: over how many columns and rows it goes, and whether it stands in the middle of its height."""

    lines: tuple[Line, ...]
    across: int = 1
    down: int = 1
    middle: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """widths: of its columns; heights: the least height of each row, 0 for none; padding: above and below what stands in a cell.

    heading: the first row is repeated on every page, and below it are entries of one line each: a long list.
    """

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heading: bool = False
    heights: tuple[float, ...] = ()
    padding: float = 7
    kind: str = field(default="table", init=False)


TALLEST = 205.0
"""Millimetres that a picture may be high, so that its caption still stands below it on a page; a higher one is made smaller."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as a Vega-Lite specification. about: what it shows, for those who cannot see it; width: at most."""

    spec: Mapping[str, Any]
    about: str
    width: float
    kind: str = field(default="picture", init=False)


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own."""

    kind: str = field(default="new_page", init=False)


Block = Line | Table | Picture | NewPage


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to be drawn. subject: what it is, for the file's own description.

    mark: a word across every page and at its head, such as 草稿; mark_note: why, behind it at the head of the page.
    """

    subject: str
    blocks: tuple[Block, ...]
    landscape: bool = False
    mark: str = ""
    mark_note: str = ""

    @property
    def head(self) -> str:
        """What stands at the head of every page; nothing on a paper without a mark."""
        return f"{self.mark}（{self.mark_note}）" if self.mark and self.mark_note else self.mark

    @property
    def description(self) -> str:
        """What the file says it is."""
        return f"【{self.mark}】{self.subject}" if self.mark else self.subject

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text in it, in order."""
        found: list[str] = []
        for block in self.blocks:
            if isinstance(block, Line):
                found.append(block.text)
            elif isinstance(block, Table):
                found += [line.text for row in block.rows for cell in row for line in cell.lines]
        return tuple(found)


WIDTH, LANDSCAPE_WIDTH = 156.0, 225.0
"""Between the margins of a page, upright and on its side."""
MARK_GREY = "E3E3E3"
"""The mark across a page, so light that what stands over it can be read."""


def listing(
    columns: Iterable[str],
    rows: Iterable[Iterable[str]],
    widths: tuple[float, ...],
    *,
    centred: frozenset[int] = frozenset(),
) -> Table:
    """A table with a heading row that is repeated on every page. centred: the columns of short entries and numbers."""
    head = tuple(Cell((Line(text, "head"),)) for text in columns)
    styles = ["small_center" if at in centred else "small" for at in range(len(widths))]
    body = tuple(tuple(Cell((Line(text, style),)) for text, style in zip(row, styles, strict=True)) for row in rows)
    return Table(widths, (head, *body), heading=True, padding=4)
