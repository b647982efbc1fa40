"""Tables from outside: what is read, and what is refused before it can do harm."""

from __future__ import annotations

import io
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.schemas.sheets import read_sheets
from models.schemas.tables import IGNORED, TableColumn, TableUnreadable, day_of, read_table, several

COLUMNS = (TableColumn("单位", ("部门",), required=True), TableColumn("起", required=True), TableColumn("止"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def workbook(*rows: list[Any], title: str = "表") -> bytes:
    """A workbook of one sheet with these rows."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PLAIN = workbook(["单位", "起", "止"], ["甲处", date(2020, 1, 1), None])


def changed(change: Callable[[str, bytes], bytes | None], *more: tuple[str, bytes], raw: bytes = PLAIN) -> bytes:
    """The workbook with each part passed through ``change`` (None: left out), and more parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            found = change(name, old.read(name))
            if found is not None:
                new.writestr(name, found)
        for name, content in more:
            new.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes = b"<a/>") -> bytes:
    return changed(lambda _, old: old, (name, content))


def with_sheet(xml: str) -> bytes:
    return changed(lambda name, old: xml.encode() if name == "xl/worksheets/sheet1.xml" else old)


def sheet_of(cells: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'


def refusal(raw: bytes, name: str = "表.xlsx") -> str:
    with pytest.raises(TableUnreadable) as caught:
        read_table(raw, name, COLUMNS)
    return str(caught.value)


def test_cells_become_text_and_empty_rows_are_left_out() -> None:
    raw = workbook(
        ["某校单位表"], [" 部 门", "起", "止\n"], [" 甲处 ", datetime(2020, 1, 1), "2025年1月5日"], [], ["3", 3.0, 2.5],
        [None, None, " "], [True, 10**12, ""],
    )  # fmt: skip
    table = read_table(raw, "表.XLSX", COLUMNS)
    assert [(row.line, row["单位"], row["起"], row["止"]) for row in table.rows] == [
        (3, "甲处", "2020-01-01", "2025年1月5日"), (5, "3", "3", "2.5"), (7, "是", "1000000000000", "")
    ]  # fmt: skip
    assert table.title == "表"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_comma_separated_text_is_read_in_each_encoding(encoding: str) -> None:
    raw = '单位,起,止\r\n"甲,处",2020-01-01,\r\n\r\n喆处,2020-01-01,\r\n'.encode(encoding)
    rows = read_table(raw, "表.csv", COLUMNS).rows
    assert [(row.line, row["单位"]) for row in rows] == [(2, "甲,处"), (4, "喆处")]


def test_everything_wrong_with_the_columns_is_told_at_once() -> None:
    said = refusal("部门,单位,颜色\n甲,乙,红\n".encode(), "表.csv")
    assert all(part in said for part in ("缺少列：起", "不认识的列：颜色", "重复的列：单位"))
    with pytest.raises(TableUnreadable, match=r"不认识的字段：色.*表头中没有：味道"):
        read_table("单位,起\n甲,乙\n".encode(), "表.csv", COLUMNS, renamed={"单位": "色", "味道": "止"})


def test_a_column_may_be_renamed_or_left_out_knowingly() -> None:
    raw = "学院,开始,备注\n甲,2020-01-01,无\n".encode()
    table = read_table(raw, "表.csv", COLUMNS, renamed={"学院": "单位", "开始": "起", "备注": IGNORED})
    assert dict(table.rows[0].cells) == {"单位": "甲", "起": "2020-01-01"}


def test_what_stands_under_no_heading_is_not_lost_silently() -> None:
    assert "D2" in refusal(workbook(["单位", "起", "止", None], ["甲", "2020-01-01", None, "要紧"]))
    assert "第2行有4列" in refusal("单位,起,止\n甲,2020-01-01,,要紧\n".encode(), "表.csv")


def test_of_several_sheets_one_has_to_be_named() -> None:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["单位", "起"])  # type: ignore[union-attr]
    book.create_sheet("另一张").append(["单位", "=1+1"])
    book.create_sheet("空的")
    book.save(out)
    assert "不止一张：Sheet、另一张" in refusal(out.getvalue())
    assert read_table(out.getvalue(), "表.xlsx", COLUMNS, sheet="Sheet").rows == ()
    with pytest.raises(TableUnreadable, match="现有：Sheet、另一张、空的"):
        read_table(out.getvalue(), "表.xlsx", COLUMNS, sheet="没有")


def test_formulas_are_refused_by_their_cells() -> None:
    assert "A2 是公式" in refusal("单位,起,止\n=1+1,2020-01-01,\n".encode(), "表.csv")
    many = refusal(workbook(["单位", "起"], *([f"=A{n}", "2020-01-01"] for n in range(2, 40))))
    assert all(f"A{n} 是公式" in many for n in range(2, 22))
    assert many.count("是公式") == 20


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>单位</t></is></c><c r="B1" t="inlineStr"><is><t>起</t></is></c></row>'


def test_the_stored_result_of_a_formula_is_read_and_one_without_is_told() -> None:
    shared = (
        '<row r="2"><c r="A2" t="str"><f t="shared" ref="A2:A4" si="0">"甲"&amp;"处"</f><v>甲处</v></c><c r="B2"><f>B1</f><v>20200101</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f t="shared" si="0"/><v>乙处</v></c><c r="B3" t="str"><f t="array" ref="B3">X</f><v>2020-01-01</v></c></row>'
        '<row r="4"><c r="A4" t="str"><f t="shared" si="0"/><v></v></c><c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    whole = with_sheet(sheet_of(HEAD + shared.partition('<row r="4">')[0]))
    assert [tuple(row.cells.values()) for row in read_table(whole, "表.xlsx", COLUMNS).rows] == [
        ("甲处", "20200101"), ("乙处", "2020-01-01")
    ]  # fmt: skip
    said = refusal(with_sheet(sheet_of(HEAD + shared)))
    assert ("B4 是错误值" in said, "A4" in said) == (True, False)  # a text that is empty is a result
    bare = '<row r="2"><c r="A2"><f>A1</f><v></v></c>\n<c r="B2"><f>NOW()</f></c></row><row><c><f>1</f><v/></c><c><v>1</v></c></row>'
    said = refusal(with_sheet(sheet_of(HEAD + bare)))
    assert all(f"{cell} 是公式，没有存下结果" in said for cell in ("A2", "B2", "A3"))
    assert "B3" not in said


def test_error_values_and_control_characters_are_refused_by_their_cells() -> None:
    cells = (
        '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="inlineStr"><is><t>a_x0007_b</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>a\u0085b</t></is></c></row>'
    )
    said = refusal(with_sheet(sheet_of(cells)))
    assert all(part in said for part in ("A1 是错误值", "B1 含有控制字符（U+0007）", "C1 含有控制字符"))
    assert "A2 含有控制字符（U+0000）" in refusal("单位,起,止\n甲\x00,2020-01-01,\n".encode(), "表.csv")


def test_parts_that_a_program_named_with_backslashes_are_read() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as plain, zipfile.ZipFile(made, "w") as named:
        for part in plain.infolist():
            info = zipfile.ZipInfo("x" * len(part.filename))  # the constructor would set the slashes right
            info.filename = part.filename.replace("/", "\\")
            named.writestr(info, plain.read(part))
    with zipfile.ZipFile(made) as named:
        assert any("\\" in name for name in named.namelist())
    assert read_sheets(made.getvalue(), "表.xlsx") == read_sheets(PLAIN, "表.xlsx")
    assert read_sheets(PLAIN, "表.xlsx")[0].lines


ATTACKS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "空的"),
    "blank": (b" \n", "空的"),
    "old workbook": (OLE, "旧式"),
    "no zip": (b"hello", "内容却不是"),
    "truncated": (PLAIN[: len(PLAIN) // 2], "损坏"),
    "only a zip's beginning": (b"PK\x03\x04", "损坏"),
    "another zip": (changed(lambda name, old: None, ("word/document.xml", b"<a/>")), "不是 xlsx"),
    "macro": (with_part("xl/vbaProject.bin", b"\x00"), "宏"),
    "macro by another name": (with_part("xl/VBAProject2.bin", b"\x00"), "宏"),
    "macro by a relationship": (
        with_part("xl/_rels/a.rels", b'<Relationships xmlns="urn:x"><Relationship Id="a" Type="urn:x/vbaProject" Target="m.bin"/></Relationships>'),
        "宏",
    ),
    "macro by a part's type": (
        changed(lambda name, old: old.replace(b"</Types>", b'<Override PartName="/m.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>') if "Types" in name else old),
        "宏",
    ),
    "external link": (with_part("xl/externalLinks/externalLink1.xml"), "链接到其他文件"),
    "data connection": (with_part("xl/connections.xml"), "链接到其他文件"),
    "external relationship": (
        with_part("xl/worksheets/_rels/sheet1.xml.rels",
                  b'<Relationships xmlns="urn:x"><Relationship Id="a" Type="urn:x/oleObject" TargetMode="External" '
                  b'Target="file:///etc/passwd"/></Relationships>'),
        "链接到其他文件",
    ),
    "path upwards": (with_part("../../evil.xml"), "外部路径"),
    "path upwards, backslash": (with_part("xl\\..\\..\\evil.xml"), "外部路径"),
    "absolute path": (with_part("/etc/passwd"), "外部路径"),
    "drive": (with_part("C:/evil.xml"), "外部路径"),
    "billion laughs": (with_sheet(ENTITIES + "<x>&b;</x>"), "实体"),
    "billion laughs in a part of another name": (with_part("xl/media/a.png", (ENTITIES + "<x>&b;</x>").encode()), "实体"),
    "billion laughs in UTF-16": (
        with_part("xl/a.xml", ENTITIES.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16") + "<x/>".encode("utf-16-le")),
        "实体",
    ),
    "outside entity": (
        with_part("xl/sharedStrings.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'), "实体"
    ),
    "broken XML": (with_sheet("<worksheet><sheetData>"), "损坏"),
    "far cell": (with_sheet(sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "第1048576行第16384列"),
    "no such shared text": (with_sheet(sheet_of('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')), "损坏"),
    "bad coordinate": (with_sheet(sheet_of('<row r="1"><c r="1A"><v>9</v></c></row>')), "损坏"),
    "too many texts": (
        with_part("xl/sharedStrings.xml", b'<sst xmlns="urn:x">' + b"".join(b"<si><t>%d</t></si>" % n for n in range(500_001)) + b"</sst>"),
        "文字过多",
    ),
    "too many parts": (changed(lambda _, old: old, *((f"xl/p{n}.xml", b"<a/>") for n in range(2_000))), "部件过多"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_with_a_clear_sentence(attack: str) -> None:
    raw, said = ATTACKS[attack]
    assert said in refusal(raw)


@pytest.mark.parametrize("name", ["表.xlsm", "表.xls", "表.xltm", "表.xlsb"])
def test_an_extension_of_macros_is_refused(name: str) -> None:
    assert "不接受" in refusal(PLAIN, name)


@pytest.mark.parametrize("name", ["表.docx", "表", "表.csv", ".xlsx.exe"])
def test_a_wrong_extension_is_refused(name: str) -> None:
    assert "扩展名" in refusal(PLAIN, name) or "只接受" in refusal(PLAIN, name)


def test_a_link_to_a_page_or_a_mail_address_is_no_external_link() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, ["单位", "起", "止"])
    sheet.write_url(1, 0, "mailto:a@example.edu", string="甲处")
    book.close()
    assert read_table(out.getvalue(), "表.xlsx", COLUMNS).rows[0]["单位"] == "甲处"


def bomb() -> bytes:
    """A sheet that says 1 GB of zeros."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(1 << 10):
                part.write(bytes(1 << 20))
    return out.getvalue()


def test_what_expands_beyond_bounds_is_refused_without_being_expanded() -> None:
    raw = bomb()
    assert len(raw) < 10_000_000
    tracemalloc.start()
    began = time.perf_counter()
    assert "展开后过大" in refusal(raw)
    assert time.perf_counter() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_size_that_is_not_as_declared_is_refused() -> None:
    raw = with_sheet(sheet_of("<row/>" * 400_000))
    size = len(sheet_of("<row/>" * 400_000)).to_bytes(4, "little")
    assert size in raw
    assert "损坏" in refusal(raw.replace(size, (500).to_bytes(4, "little")))


def test_empty_cells_far_away_cost_nothing() -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>单位</t></is></c><c r="B1" t="inlineStr"><is><t>起</t></is></c></row>'
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    began = time.perf_counter()
    assert read_table(with_sheet(sheet_of(cells + far)), "表.xlsx", COLUMNS).rows == ()
    assert time.perf_counter() - began < 1


def test_a_file_beyond_ten_megabytes_is_refused() -> None:
    assert "10 MB" in refusal(b"PK\x03\x04" + bytes(10_000_001))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    raw = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(TableUnreadable):
        read_sheets(bytes(raw), "表.xlsx")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["表.csv", "表.xlsx"]))
def test_any_bytes_are_read_or_refused_and_nothing_else(raw: bytes, name: str) -> None:
    with suppress(TableUnreadable):
        read_sheets(raw, name)


_TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30).filter(
    lambda t: not t.startswith("=")
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_TEXT, _TEXT), max_size=8))
def test_texts_come_out_as_they_went_in(rows: list[tuple[str, str]]) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("表")
    for at, row in enumerate([("单位", "起"), *rows]):
        for column, text in enumerate(row):
            sheet.write_string(at, column, text)
    book.close()
    found = read_table(out.getvalue(), "表.xlsx", COLUMNS).rows
    assert [(row["单位"], row["起"]) for row in found] == rows


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-01-05", date(2026, 1, 5)), ("2026/1/5", date(2026, 1, 5)), ("2026年1月5日", date(2026, 1, 5)),
     ("2026.1.5", date(2026, 1, 5)), ("20260105", date(2026, 1, 5)), ("2026-02-30", None), ("5/1/2026", None),
     ("昨天", None), ("", None), ("2026-01-05x", None), ("1800-01-01", None)],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it_year_first(text: str, day: date | None) -> None:
    assert day_of(text) == day


def test_several_are_divided_by_stops_or_lines() -> None:
    assert several("甲处、乙处；丙处\n丁处, 戊处、") == ["甲处", "乙处", "丙处", "丁处", "戊处"]


def test_a_declared_macro_type_without_a_macro_is_read() -> None:
    """As SheetJS writes every workbook: the main part macro-enabled, a default for binary parts that are not there."""
    declared = (
        b'<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    )

    def as_sheetjs(name: str, old: bytes) -> bytes:
        if "Types" not in name:
            return old
        main = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        assert main in old
        typed = old.replace(main, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
        return typed.replace(b"</Types>", declared)

    assert read_table(changed(as_sheetjs), "表.xlsx", COLUMNS).rows[0]["单位"] == "甲处"


@pytest.mark.parametrize("number_format", [14, 15, 22, *range(27, 37), *range(50, 59)])
def test_a_day_in_a_built_in_format_is_a_day(number_format: int) -> None:
    own = b'<xf numFmtId="164"'

    def formatted(name: str, old: bytes) -> bytes:
        return old.replace(own, b'<xf numFmtId="%d"' % number_format) if name == "xl/styles.xml" else old

    assert own in zipfile.ZipFile(io.BytesIO(PLAIN)).read("xl/styles.xml")
    assert read_table(changed(formatted), "表.xlsx", COLUMNS).rows[0]["起"] == "2020-01-01"


@pytest.mark.parametrize("spoiled", ["=1/0", "#N/A", "坏\x85字"])
def test_a_column_that_is_left_out_raises_nothing(spoiled: str) -> None:
    raw = workbook(["单位", "起", "还剩"], ["甲处", "2020-01-01", spoiled], [None, None, "=TODAY()"])
    (row,) = read_table(raw, "表.xlsx", COLUMNS, renamed={"还剩": IGNORED}).rows
    assert row["单位"] == "甲处"
    with pytest.raises(TableUnreadable, match="C2"):
        read_table(raw, "表.xlsx", COLUMNS, renamed={"还剩": "止"})


def part(name: str, pattern: str, instead: str) -> bytes:
    """The workbook with what a pattern finds in a part written otherwise; it has to be there."""

    def change(there: str, old: bytes) -> bytes:
        if there != name:
            return old
        made, times = re.subn(pattern, instead, old.decode(), flags=re.DOTALL)
        assert times
        return made.encode()

    return changed(change)


def strict(_: str, old: bytes) -> bytes:
    """A part as it stands in the strict form of ISO/IEC 29500."""
    for begins, kind in (
        ("spreadsheetml/2006/main", "spreadsheetml/main"),
        ("officeDocument/2006/", "officeDocument/"),
    ):
        old = old.replace(
            f"http://schemas.openxmlformats.org/{begins}".encode(), f"http://purl.oclc.org/ooxml/{kind}".encode()
        )
    return old


def of_sheets(make: Callable[[Any], None]) -> bytes:
    """A workbook that the library writes; ``make`` fills it."""
    out, book = io.BytesIO(), openpyxl.Workbook()
    make(book)
    book.save(out)
    return out.getvalue()


def with_chart(book: Any) -> None:
    book.active.append(["单位", "起", "止"])
    book.active.append(["甲处", "2020-01-01", None])
    book.create_chartsheet("图")


def with_hidden_sheets_first(book: Any) -> None:
    book.active.append(["选项", "不要动"])
    book.active.sheet_state = "hidden"
    book.create_sheet("代码").append(["单位", "起"])
    book.worksheets[1].sheet_state = "veryHidden"
    sheet = book.create_sheet("单位表")
    sheet.append(["单位", "起", "止"])
    sheet.append(["甲处", "2020-01-01", None])
    book.create_sheet("空表")
    book.active = 2


def with_merged_headings(book: Any) -> None:
    sheet = book.active
    for line in (["某校单位表"], ["单位", "任期", None], [None, "起", "止"], ["甲处", "2020-01-01", None]):
        sheet.append(line)
    for merged in ("A1:C1", "A2:A3", "B2:C2"):
        sheet.merge_cells(merged)


def with_headings_on_two_lines(book: Any) -> None:
    for line in (["单位", "任期", None], [None, "起", "止"], ["甲处", "2020-01-01", None]):
        book.active.append(line)


SHEET, STYLES, INLINE = "xl/worksheets/sheet1.xml", "xl/styles.xml", '<c t="inlineStr"><is><t>{}</t></is></c>'
OPENED = {
    "no dimension": part(SHEET, "<dimension[^>]*/>", ""),
    "a dimension of one cell": part(SHEET, "<dimension[^>]*/>", '<dimension ref="A1"/>'),
    "inline texts of several runs": with_sheet(sheet_of(
        HEAD + '<row r="2"><c r="A2" t="inlineStr"><is><r><t>甲</t></r><r><t>处</t></r></is></c><c r="B2" t="d"><v>2020-01-01</v></c></row>')),
    "inline texts with how they sound": with_sheet(sheet_of(
        HEAD + '<row r="2"><c r="A2" t="inlineStr"><is><t>甲处</t><rPh sb="0" eb="1"><t>jia</t></rPh></is></c><c r="B2" t="str"><v>2020-01-01</v></c></row>')),
    "cells without coordinates": with_sheet(sheet_of(
        "".join(f"<row>{''.join(map(INLINE.format, line))}</row>" for line in (("单位", "起"), ("甲处", "2020-01-01"))))),
    "hidden sheets first": of_sheets(with_hidden_sheets_first),
    "merged headings": of_sheets(with_merged_headings),
    "headings on two lines": of_sheets(with_headings_on_two_lines),
    "a sheet that is a picture": of_sheets(with_chart),
    "the strict form": changed(strict),
    "a prefix of names": changed(lambda name, old: re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", old).replace(b"xmlns=", b"xmlns:x=") if name == SHEET else old),
    "an empty fill": part(STYLES, "<fills.*?</fills>", '<fills count="1"><fill/></fills>'),
    "an unknown font family": part(STYLES, '<family val="2"/>', '<family val="34"/>'),
    "a colour by its name": part(STYLES, '<color theme="1"/>', '<color rgb="red"/>'),
    "an unknown alignment": part(STYLES, r"(<xf [^>]*?)/>", r'\1><alignment horizontal="middle"/></xf>'),
    "no styles of styles": part(STYLES, "<cellStyleXfs.*?</cellStyleXfs>", ""),
    "no styles": changed(lambda name, old: None if name == STYLES else re.sub(rb' s="1"', b"", old).replace(b"<v>43831</v>", b"<v>20200101</v>")),
    "a day of making that is none": part("docProps/core.xml", r"(<dcterms:created[^>]*>)[^<]*", r"\1昨天"),
    "no properties": changed(lambda name, old: None if name.startswith("docProps") else old),
    "no theme": changed(lambda name, old: None if name.startswith("xl/theme") else old),
    "names that lead nowhere": part("xl/workbook.xml", "<definedNames ?/>",
        '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">#REF!</definedName><definedName name="a" localSheetId="7">x!A1</definedName></definedNames>'),
}  # fmt: skip


@pytest.mark.parametrize("made", OPENED)
def test_what_an_office_program_opens_is_neither_refused_nor_found_empty(made: str) -> None:
    (row,) = read_table(OPENED[made], "表.xlsx", COLUMNS).rows
    assert (row["单位"], day_of(row["起"])) == ("甲处", date(2020, 1, 1))


def test_what_is_merged_over_lines_stands_in_each_that_says_anything() -> None:
    def make(book: Any) -> None:
        sheet = book.active
        for line in (["单位", "起", "止"], ["甲处", "2020-01-01", "2021-01-01"], [None, "2022-01-01", None], [None, None, None],
                     [None, "2024-01-01", None], [None, "2025-01-01", None]):  # fmt: skip
            sheet.append(line)
        sheet.merge_cells("A2:A5")
        sheet.merge_cells("B2:C2")

    rows = read_table(of_sheets(make), "表.xlsx", COLUMNS).rows
    assert [(row.line, row["单位"], row["起"]) for row in rows] == [
        (2, "甲处", "2020-01-01"), (3, "甲处", "2022-01-01"), (5, "甲处", "2024-01-01"), (6, "", "2025-01-01"),
    ]  # fmt: skip


def test_merged_cells_without_end_cost_little() -> None:
    merged = "".join(f'<mergeCell ref="A{n}:A1048576"/>' for n in range(1, 20_001))
    lines = "".join(f'<row r="{n}"><c r="B{n}"><v>1</v></c></row>' for n in range(2, 2_000))
    xml = sheet_of(HEAD + lines).replace("</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>")
    began = time.perf_counter()
    assert len(read_sheets(with_sheet(xml), "表.xlsx")[0].lines) == 1_999
    assert time.perf_counter() - began < 5


SEPARATED = {
    "UTF-16": ("单位,起,止\n甲处,2020-01-01,\n", "utf-16"),
    "GBK": ("单位,起,止\r\n甲处,2020-01-01,\r\n", "gbk"),
    "with its mark": ("单位,起,止\n甲处,2020-01-01,\n", "utf-8-sig"),
    "semicolons": ("单位;起;止\n甲处;2020-01-01;\n", "utf-8"),
    "tabs, as copied": ("单位\t起\t止\n甲处\t2020-01-01\t\n", "utf-16"),
    "says its separator": ("sep=;\r\n单位;起;止\r\n甲处;2020-01-01;\r\n", "gbk"),
    "texts kept as texts": ('单位,起,止\n="甲处","=""2020-01-01""",\n', "utf-8"),
    "empty cells beyond": ("单位,起,止\n甲处,2020-01-01,,,\n,,,,\n", "utf-8"),
    "lines ended by a return": ("单位,起,止\r甲处,2020-01-01,\r", "utf-8"),
    "semicolons in a text": ('单位,起,止\n甲处,2020-01-01,"a;b;c;d"\n', "utf-8"),
}


@pytest.mark.parametrize("written", SEPARATED)
def test_separated_text_is_read_as_office_programs_write_it(written: str) -> None:
    text, encoding = SEPARATED[written]
    (row,) = read_table(text.encode(encoding), "表.csv", COLUMNS).rows
    assert (row["单位"], row["起"]) == ("甲处", "2020-01-01")
