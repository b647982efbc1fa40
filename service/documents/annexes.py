"""How the three annexes stand on paper: the tables of the regulation, field by field."""

from __future__ import annotations

from service.documents.forms import Document
from service.documents.paper import Block, Cell, Line, Paper, Table, cell, listing

_LABEL = 36.0
_SUB_LABEL = 34.0
_WIDE = 156.0 - _LABEL
_PAIR = ("label", "cell")
_ROW, _TALL_ROW = 14.0, 26.0
"""The least height of a row of short entries, and of one that people write in."""
_COLUMNS = (14.0, 32.0, 46.0, 56.0, 18.0, 59.0)


def arranged(document: Document) -> Paper:
    """The form as a paper; the list of matters on its side."""
    blocks: list[Block] = [Line(document.number, "mark"), Line(document.title, "title")]
    if document.head:
        blocks.append(Line(document.head, "plain"))
    if document.pairs:
        blocks.append(_fields(document))
    if document.columns:
        blocks.append(listing(document.columns, document.rows, _COLUMNS, centred=frozenset({0, 1, 4})))
    if not document.boxed:
        blocks += [Line(text, "note" if document.columns else "body") for text in document.paragraphs]
        blocks += [Line(text, style) for text, style in zip(document.sign, ("sign", "date"), strict=False)]
    blocks += [Line(text, "below") for text in document.below]
    return Paper(document.title, tuple(blocks), landscape=bool(document.columns))


def _fields(document: Document) -> Table:
    """Four columns: a label and its field over the other three, or two labels with a field each."""
    rows: list[tuple[Cell, ...]] = []
    heights: list[float] = []
    side_by_side, others = document.pairs[: document.beside], document.pairs[document.beside :]
    for at in range(0, len(side_by_side), 2):
        rows.append(
            tuple(
                cell(text, style) for pair in side_by_side[at : at + 2] for text, style in zip(pair, _PAIR, strict=True)
            )
        )
        heights.append(_ROW)
    for label, value in others:
        made = _divided(label, value) if label in document.divided else [(cell(label, "label"), cell(value, across=3))]
        rows += made
        heights += [_TALL_ROW if label in document.tall else _ROW] * len(made)
    if document.boxed:
        rows.append((_box(document),))
        heights.append(0)
    if document.beside:
        widths = (_LABEL, (_WIDE - _LABEL) / 2, _LABEL, (_WIDE - _LABEL) / 2)
    else:
        widths = (_LABEL, _SUB_LABEL, _WIDE / 2 - _SUB_LABEL, _WIDE / 2)
    return Table(widths, tuple(rows), heights=tuple(heights))


def _divided(label: str, value: str) -> list[tuple[Cell, ...]]:
    """A row for each line of the value; the label stands before all of them."""
    lines = [line.partition("　") for line in value.split("\n")]
    rows = [(cell(name, "label"), cell(rest, across=2)) for name, _, rest in lines]
    return [(cell(label, "label", down=len(rows)), *rows[0]), *rows[1:]]


def _box(document: Document) -> Cell:
    address, *body = document.paragraphs
    lines = [Line(address, "cell"), *(Line(text, "cell_body") for text in body), Line("", "cell")]
    lines += [Line(text, style) for text, style in zip(document.sign, ("cell_sign", "cell_date"), strict=False)]
    return Cell(tuple(lines), across=4, middle=False)
