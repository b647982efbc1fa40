"""A paper as docx: a file to edit, with a style for every kind of line. The same paper makes the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from docx import Document as new_document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from markupsafe import Markup

from service.documents.parts.charts import as_png
from service.documents.parts.paper import (
    MARK_GREY,
    STYLES,
    TALLEST,
    Block,
    Cell,
    Line,
    NewPage,
    Paper,
    Picture,
    Style,
    Table,
)
from service.documents.parts.reproducible import reproducible
from service.documents.writing.laid_out import parts

_FACES = {"fangsong": "仿宋", "song": "宋体", "heading": "黑体", "title": "方正小标宋简体"}
"""仿宋 rather than 仿宋_GB2312: the latter lacks the rarer characters of people's names."""
_SUBSTITUTES = (
    ("仿宋", "FangSong", "roman"), ("宋体", "SimSun", "roman"), ("黑体", "SimHei", "swiss"),
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "roman"), ("Times New Roman", "Liberation Serif", "roman"),
)  # fmt: skip
_LATIN = "Times New Roman"
_FOOT = Style("页码", "song", 14, 20)
_HEAD = Style("页眉标记", "heading", 12, 20, "center")
_UPRIGHT, _FLAT = (37, 35, 28, 26), (28, 26, 37, 35)
_DAY = datetime(2021, 6, 28)


def as_docx(paper: Paper) -> bytes:
    """The file; every paragraph has a style, so that a house style can be changed in one place."""
    made = new_document()
    _described(made, paper.description)
    _fonts(made)
    _page(made, paper.landscape)
    for name, style in STYLES.items():
        _style(made, name, style)
    if paper.mark:
        _mark(made, paper)
    for block in paper.blocks:
        _draw(made, block)
    out = io.BytesIO()
    made.save(out)
    return reproducible(out.getvalue())


def _described(made: Any, subject: str) -> None:
    about = made.core_properties
    about.title, about.author, about.comments, about.last_modified_by = subject, "", "", ""
    about.created = about.modified = _DAY


def _fonts(made: Any) -> None:
    table = next(part for part in made.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    table._blob = str(_parts().fonts(_SUBSTITUTES)).encode()


def _page(made: Any, landscape: bool) -> None:
    """A4, its margins, a line grid of 28.95 pt, the page number outside: odd pages right, even pages left."""
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    sides = ("top_margin", "bottom_margin", "left_margin", "right_margin")
    for side, width in zip(sides, _FLAT if landscape else _UPRIGHT, strict=True):
        setattr(section, side, Mm(width))
    section.footer_distance = Mm(section.bottom_margin.mm - 14)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    section._sectPr.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="579"/>'))
    made.settings.odd_and_even_pages_header_footer = True
    _style(made, "foot", _FOOT)
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        _page_number(footer.paragraphs[0], align)


def _page_number(paragraph: Any, align: str) -> None:
    paragraph.style = _FOOT.name
    side = "right" if align == "right" else "left"
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:ind {nsdecls("w")} w:{side}Chars="100" w:{side}="280"/>'))
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{align}"/>'))
    paragraph.add_run("— ")
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    paragraph._p.append(field)
    paragraph.add_run(" —")


def _mark(made: Any, paper: Paper) -> None:
    """The mark at the head of odd and even pages, and across them."""
    section = made.sections[0]
    section.header_distance = Mm(section.top_margin.mm - 16)
    _style(made, "marked", _HEAD)
    for header in (section.header, section.even_page_header):
        paragraph = header.paragraphs[0]
        paragraph.style = _HEAD.name
        paragraph.add_run(paper.head)
        paragraph._p.append(parse_xml(_parts().across(paper.mark)))


def _style(made: Any, name: str, style: Style) -> None:
    found = made.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
    found.base_style, found.quick_style = None, True
    element = found.element
    for part in (element.pPr, element.rPr):
        if part is not None:
            element.remove(part)
    latin = "宋体" if style.face == "song" else _LATIN
    element.append(parse_xml(_parts().paragraph_style(style, outline=name == "heading")))
    element.append(parse_xml(_parts().run_style(style, latin, _FACES[style.face])))


def _draw(made: Any, block: Block) -> None:
    match block:
        case Picture():
            _picture(made, block)
            return
        case Line():
            drawn = _parts().line(block)
        case Table():
            widths = [round(width * 1440 / 25.4) for width in block.widths]
            drawn = _parts().table(block, widths, list(_rows(block, widths)))
        case NewPage():
            drawn = _parts().new_page()
    made.element.body.insert_element_before(parse_xml(drawn), "w:sectPr")


def _picture(made: Any, picture: Picture) -> None:
    paragraph = made.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    kept = paragraph.paragraph_format
    kept.keep_with_next, kept.space_before, kept.space_after, kept.line_spacing = True, Pt(6), Pt(0), 1.0
    shape = paragraph.add_run().add_picture(io.BytesIO(as_png(picture.spec)), width=Mm(picture.width))
    if shape.height > Mm(TALLEST):
        shape.width, shape.height = round(shape.width * Mm(TALLEST) / shape.height), Mm(TALLEST)
    shape._inline.docPr.set("descr", picture.about)


def _rows(table: Table, widths: list[int]) -> Iterator[tuple[int, list[tuple[Cell, int, str]]]]:
    """Each row: its least height, and its cells with their widths, those too that only continue a cell above."""
    going_on: dict[int, Cell] = {}  # column → what the cell above leaves to continue
    for at, row in enumerate(table.rows):
        given, column, cells = list(row), 0, []
        while column < len(widths):
            above = going_on.pop(column, None)
            cell = above or given.pop(0)
            merge = "continue" if above else "restart" if cell.down > 1 else ""
            cells.append((cell, sum(widths[column : column + cell.across]), merge))
            if cell.down > 1:
                going_on[column] = Cell((Line("", "cell"),), cell.across, cell.down - 1)
            column += cell.across
        least = table.heights[at] if at < len(table.heights) else 0
        yield round(least * 1440 / 25.4), cells


@cache
def _parts() -> Any:
    """The parts of ``templates/docx.xml``."""
    words = {"spaces": Markup(nsdecls("w")), "styles": STYLES, "grey": MARK_GREY}
    lengths = {"twips": _times(20), "hundredths": _times(100), "half_points": _times(2)}
    return parts("docx", **words, **lengths)


def _times(factor: int) -> Callable[[float], int]:
    return lambda length: round(length * factor)
