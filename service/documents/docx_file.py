"""A paper as docx: a file to edit, with a style for every kind of line. The same paper makes the same bytes."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from docx import Document as new_document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from service.documents.charts import as_png
from service.documents.paper import MARK_GREY, STYLES, TALLEST, Block, Cell, Line, NewPage, Paper, Picture, Style, Table
from service.documents.reproducible import reproducible

_FACES = {"fangsong": "仿宋", "song": "宋体", "heading": "黑体", "title": "方正小标宋简体"}
"""仿宋 rather than 仿宋_GB2312: the latter lacks the rarer characters of people's names."""
_SUBSTITUTES = (
    ("仿宋", "FangSong", "roman"), ("宋体", "SimSun", "roman"), ("黑体", "SimHei", "swiss"),
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "roman"), ("Times New Roman", "Liberation Serif", "roman"),
)  # fmt: skip
_LATIN = "Times New Roman"
_FOOT = Style("页码", "song", 14, 20)
_HEAD = Style("页眉标记", "heading", 12, 20, "center")
_ACROSS = (
    '<w:r {spaces} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="mark" type="#_x0000_t136" style="position:absolute;width:330pt;height:130pt;rotation:315;z-index:-251658752;'
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#{grey}" stroked="f">'
    '<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="{mark}"/></v:shape></w:pict></w:r>'
)
"""A word as the picture that word processors show behind the text."""
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
    """What to take where a font is missing: one of its other names, else a Chinese font of its kind."""
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="{family}"/></w:font>'
        for name, other, family in _SUBSTITUTES
    )
    table = next(part for part in made.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    table._blob = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{rows}</w:fonts>'.encode()
    )


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
        paragraph._p.append(parse_xml(_ACROSS.format(spaces=nsdecls("w"), grey=MARK_GREY, mark=escape(paper.mark))))


def _style(made: Any, name: str, style: Style) -> None:
    found = made.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
    found.base_style, found.quick_style = None, True
    element = found.element
    for part in (element.pPr, element.rPr):
        if part is not None:
            element.remove(part)
    element.append(parse_xml(_paragraph_properties(style, outline=name == "heading")))
    element.append(parse_xml(_run_properties(style)))


def _paragraph_properties(style: Style, *, outline: bool) -> str:
    hundredths, twentieths = round(style.indent * 100), round(style.indent * style.size * 20)
    right_hundredths, right_twentieths = round(style.right * 100), round(style.right * style.size * 20)
    spacing = f'w:before="{round(style.before * 20)}" w:after="{round(style.after * 20)}"'
    keep = "<w:keepNext/>" if style.keep else ""
    level = '<w:outlineLvl w:val="0"/>' if outline else ""
    align = "both" if style.align == "justify" else style.align
    return (
        f'<w:pPr {nsdecls("w")}>{keep}<w:widowControl w:val="0"/>'
        f'<w:snapToGrid w:val="0"/><w:spacing {spacing} w:line="{round(style.pitch * 20)}" w:lineRule="exact"/>'
        f'<w:ind w:rightChars="{right_hundredths}" w:right="{right_twentieths}" w:firstLineChars="{hundredths}" w:firstLine="{twentieths}"/>'
        f'<w:jc w:val="{align}"/>{level}</w:pPr>'
    )


def _run_properties(style: Style) -> str:
    latin = "宋体" if style.face == "song" else _LATIN
    tracking = f'<w:spacing w:val="{round(style.tracking * 20)}"/>' if style.tracking else ""
    return (
        f'<w:rPr {nsdecls("w")}><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{_FACES[style.face]}"/>'
        f'{tracking}<w:sz w:val="{round(style.size * 2)}"/><w:szCs w:val="{round(style.size * 2)}"/>'
        f'<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
    )


def _draw(made: Any, block: Block) -> None:
    if isinstance(block, Line):
        made.element.body.insert_element_before(_line(block), "w:sectPr")
    elif isinstance(block, Table):
        made.element.body.insert_element_before(_table(block), "w:sectPr")
    elif isinstance(block, Picture):
        _picture(made, block)
    elif isinstance(block, NewPage):
        made.element.body.insert_element_before(_new_page(), "w:sectPr")


def _new_page() -> Any:
    """A line of no height that begins a page."""
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pageBreakBefore/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    )


def _line(line: Line) -> Any:
    paragraph = OxmlElement("w:p")
    paragraph.get_or_add_pPr().style = STYLES[line.style].name
    run = paragraph.add_r()
    run.text = line.text  # a line break becomes one
    for text in run.findall(qn("w:t")):
        text.set(qn("xml:space"), "preserve")
    return paragraph


def _picture(made: Any, picture: Picture) -> None:
    paragraph = made.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    kept = paragraph.paragraph_format
    kept.keep_with_next, kept.space_before, kept.space_after, kept.line_spacing = True, Pt(6), Pt(0), 1.0
    shape = paragraph.add_run().add_picture(io.BytesIO(as_png(picture.spec)), width=Mm(picture.width))
    if shape.height > Mm(TALLEST):
        shape.width, shape.height = round(shape.width * Mm(TALLEST) / shape.height), Mm(TALLEST)
    shape._inline.docPr.set("descr", picture.about)


def _table(table: Table) -> Any:
    """Fixed widths; rows may be split between pages; heading rows are repeated."""
    widths = [round(width * 1440 / 25.4) for width in table.widths]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    made = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_borders()}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{_around(round((table.padding - 3) * 20))}</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid></w:tbl>"
    )
    going_on: dict[int, tuple[int, int]] = {}
    for at, row in enumerate(table.rows):
        least = table.heights[at] if at < len(table.heights) else 0
        made.append(_row(row, widths, going_on, heading=table.heading and at == 0, least=least))
    return made


def _around(twips: int) -> str:
    """A line already has some of the padding as its own height."""
    margins = {"top": twips, "left": 80, "bottom": twips, "right": 80}
    return "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in margins.items())


def _borders() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides)


def _row(
    row: tuple[Cell, ...], widths: list[int], going_on: dict[int, tuple[int, int]], *, heading: bool, least: float
) -> Any:
    """going_on: column → how many more rows the cell above goes down, and over how many columns."""
    height = f'<w:trHeight w:val="{round(least * 1440 / 25.4)}" w:hRule="atLeast"/>' if least else ""
    repeated = "<w:tblHeader/>" if heading else ""
    made = parse_xml(f"<w:tr {nsdecls('w')}><w:trPr>{height}{repeated}</w:trPr></w:tr>")
    cells, column = list(row), 0
    while column < len(widths):
        if column in going_on:
            left, across = going_on.pop(column)
            made.append(_cell(Cell((Line("", "cell"),), across, 2), sum(widths[column : column + across]), first=False))
            if left > 1:
                going_on[column] = (left - 1, across)
        else:
            cell = cells.pop(0)
            across = cell.across
            made.append(_cell(cell, sum(widths[column : column + across]), first=True))
            if cell.down > 1:
                going_on[column] = (cell.down - 1, across)
        column += across
    return made


def _cell(cell: Cell, width: int, *, first: bool) -> Any:
    span = f'<w:gridSpan w:val="{cell.across}"/>' if cell.across > 1 else ""
    part = "restart" if first else "continue"
    merge = f'<w:vMerge w:val="{part}"/>' if cell.down > 1 else ""
    middle = '<w:vAlign w:val="center"/>' if cell.middle else ""
    made = parse_xml(
        f'<w:tc {nsdecls("w")}><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{middle}</w:tcPr></w:tc>'
    )
    for line in cell.lines:
        made.append(_line(line))
    return made
