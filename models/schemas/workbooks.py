"""An xlsx file looked at from outside: refused before anything is expanded, where it is not a plain workbook.

A workbook is a zip of XML parts. Here are refused: what expands beyond bounds, names that lead out of the archive, macros,
encryption, links to other files, and XML that declares entities. What is left is safe to hand to a reader of workbooks.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

MOST_BYTES = 10_000_000
_MOST_EXPANDED, _MOST_RATIO, _MOST_PARTS = 100_000_000, 200, 2_000
_SMALL = 1_000_000
"""A part that expands to no more than this may be of any ratio: short XML of one repeated cell packs very well."""
_MOST_BESIDE, _BULKY = 10_000_000, ("xl/worksheets/", "xl/sharedStrings", "xl/media/")
"""Only the cells and their texts may be long; styles, names and the like are held to less."""
_MOST_BEFORE_CELLS, _MOST_TEXTS, _MOST_BARE = 20_000, 500_000, 100_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_CHUNK = 1 << 16
_MACROS = ("vbaproject", "macrosheet", "vbadata")
_LINKED = ("xl/externallinks/", "xl/connections", "xl/querytables/")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


class TableUnreadable(ValueError):
    """The file is not a table that can be read; the message says why, in Chinese."""


class _Damaged(TableUnreadable):
    def __init__(self) -> None:
        super().__init__("文件不完整或者已损坏，不是有效的 xlsx 工作簿")


@dataclass(slots=True)
class Extent:
    """How far the content of a sheet reaches. far: the first cell with content beyond the bounds, None where there is none.

    bare: row and column of formulas without a stored result; merged: column → first line → last line of merged cells.
    """

    row: int = 0
    column: int = 0
    far: str | None = None
    bare: set[tuple[int, int]] = field(default_factory=set)
    merged: dict[int, dict[int, int]] = field(default_factory=dict)


def is_workbook(raw: bytes) -> bool:
    """Whether the bytes begin as a zip. Raises TableUnreadable for an old or encrypted workbook."""
    if raw.startswith(_OLE):
        raise TableUnreadable("这是旧式 .xls 文件，或者加了密码的文件；请去掉密码，另存为 .xlsx 再交来")
    return raw.startswith(_ZIP)


class Archive(zipfile.ZipFile):
    """A zip to read, whose parts are named with slashes also where a program wrote backslashes."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(io.BytesIO(raw))
        for part in self.filelist:
            part.filename = part.filename.replace("\\", "/")
        self.NameToInfo = {part.filename: part for part in self.filelist}


def opened(raw: bytes) -> Archive:
    """The archive, every part of it looked at. Raises TableUnreadable."""
    try:
        archive = Archive(raw)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _Damaged from None
    parts = archive.infolist()
    _sizes(parts)
    _names(parts)
    if "[Content_Types].xml" not in archive.namelist():
        raise TableUnreadable("不是 xlsx 工作簿")
    for part in parts:
        _look(archive, part)
    return archive


def extent(archive: zipfile.ZipFile, part: str, *, rows: int, columns: int) -> Extent:
    """How far the content of a sheet's part reaches; the search ends at the first cell beyond the bounds."""
    found = _Search(rows, columns)
    _parse(archive, archive.getinfo(part), found.parser(), until=lambda: found.extent.far is not None)
    return found.extent


def _sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _MOST_PARTS:
        raise TableUnreadable(f"工作簿的部件过多，最多 {_MOST_PARTS} 个")
    swollen = any(
        part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1) for part in parts
    )
    heavy = any(part.file_size > _MOST_BESIDE and not part.filename.startswith(_BULKY) for part in parts)
    if swollen or heavy or sum(part.file_size for part in parts) > _MOST_EXPANDED:
        raise TableUnreadable(f"工作簿展开后过大（最多 {_MOST_EXPANDED // 1_000_000} MB）或者压缩比异常，不予展开")


def _names(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if len(set(names)) != len(names):
        raise TableUnreadable("工作簿中有重名的部件")
    for name, part in zip(names, parts, strict=True):
        if name.startswith("/") or ".." in name.split("/") or ":" in name or "\x00" in part.orig_filename:
            raise TableUnreadable("工作簿中有指向外部路径的部件")
        _no_macro(name)
        if name.startswith(_LINKED):
            raise TableUnreadable("工作簿链接到其他文件或者数据源；请断开链接、只留数值再交来")
        if part.flag_bits & 1:
            raise TableUnreadable("工作簿加了密码；请去掉密码再交来")


def _look(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """One part: no entities or DTD; among types no macros; among relationships no other files.

    Whatever its name, a part might be read as XML; only those that are named so must be sound.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    if part.filename == "[Content_Types].xml":
        parser.StartElementHandler = _type
    elif part.filename.lower().endswith(".rels"):
        parser.StartElementHandler = _relationship
    else:
        parser.StartElementHandler = _Texts().count
    try:
        _parse(archive, part, parser)
    except _Damaged:
        if part.filename.lower().endswith((".xml", ".rels")):
            raise


def _type(_: str, attributes: dict[str, str]) -> None:
    """A part that is a macro; that the workbook is called macro-enabled, as SheetJS writes, is none."""
    if "PartName" in attributes:
        _no_macro(attributes.get("ContentType", ""))


def _no_macro(said: str) -> None:
    if any(word in said.lower() for word in _MACROS):
        raise TableUnreadable("工作簿含有宏；请另存为不含宏的 .xlsx 再交来")


def _relationship(_: str, attributes: dict[str, str]) -> None:
    _no_macro(attributes.get("Type", ""))
    outside = attributes.get("TargetMode", "").lower() == "external"
    if outside and not attributes.get("Type", "").endswith("/hyperlink"):
        raise TableUnreadable("工作簿链接到其他文件或者数据源；请断开链接、只留数值再交来")


class _Texts:
    """Counts the shared texts of a part: a reader makes an object of each."""

    def __init__(self) -> None:
        self.found = 0

    def count(self, name: str, _: dict[str, str]) -> None:
        if name.endswith(" si"):
            self.found += 1
            if self.found > _MOST_TEXTS:
                raise TableUnreadable(f"工作簿中的文字过多，最多 {_MOST_TEXTS} 条")


def _refuse_declarations(*_: Any) -> None:
    raise TableUnreadable("工作簿的 XML 中声明了实体或者文档类型，不予读取")


def _parse(archive: zipfile.ZipFile, part: zipfile.ZipInfo, parser: expat.XMLParserType, until: Any = None) -> None:
    parser.StartDoctypeDeclHandler = _refuse_declarations
    parser.EntityDeclHandler = _refuse_declarations
    try:
        with archive.open(part) as source:
            while chunk := source.read(_CHUNK):
                parser.Parse(chunk, False)
                if until is not None and until():
                    return
        parser.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise _Damaged from None


def _number(letters: str) -> int:
    """A column, from 1, by its letters."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


class _Search:
    """Follows the cells of a sheet, and remembers how far those go that hold something."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self.extent = Extent()
        self.row = self.column = self.before = 0
        self.text = False
        self.made = expat.ParserCreate(namespace_separator=" ")

    def parser(self) -> expat.XMLParserType:
        self.made.StartElementHandler = self._start
        return self.made

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self.made.CharacterDataHandler = None
        if tag == "c":
            self._cell(attributes.get("r"))
            self.text = attributes.get("t") == "str"
        elif tag in ("v", "f", "is"):
            self._content()
            self._formula(tag)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "row":
            given = attributes.get("r", "")
            self.row, self.column = int(given) if given.isdecimal() and len(given) < 9 else self.row + 1, 0
        elif not self.row:
            self.before += 1
            if self.before > _MOST_BEFORE_CELLS:
                raise _Damaged

    def _formula(self, tag: str) -> None:
        """A formula is bare until its result is read; the result of a text may be empty."""
        if tag == "f" and self.extent.far is None:
            self.extent.bare.add((self.row, self.column))
            if len(self.extent.bare) > _MOST_BARE:
                raise TableUnreadable(f"没有存下结果的公式过多，最多 {_MOST_BARE} 处；请改为数值")
        elif tag == "v" and self.text:
            self._stored("text")
        elif tag == "v" and (self.row, self.column) in self.extent.bare:
            self.made.CharacterDataHandler = self._stored

    def _stored(self, said: str) -> None:
        if said.strip():  # what stands between elements is no result
            self.extent.bare.discard((self.row, self.column))

    def _merge(self, ref: str) -> None:
        """Cells merged over several lines; what is beyond the content, or beside the first column, says nothing."""
        first, last = (_CELL.match(part) for part in (ref.partition(":")[::2]))
        if first is None or last is None or first[2] == last[2]:
            return
        column = _number(first[1])
        if column <= self.extent.column and int(first[2]) <= self.extent.row:
            self.extent.merged.setdefault(column, {})[int(first[2])] = int(last[2])

    def _cell(self, coordinate: str | None) -> None:
        at = _CELL.match(coordinate or "")
        if at is None:
            self.column += 1
            return
        self.row, self.column = int(at[2]), _number(at[1])

    def _content(self) -> None:
        if self.extent.far is None and (self.row > self.rows or self.column > self.columns):
            self.extent.far = f"第{self.row}行第{self.column}列"
        self.extent.row, self.extent.column = max(self.extent.row, self.row), max(self.extent.column, self.column)
