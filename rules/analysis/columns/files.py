"""The file of a population as a stream of batches: Parquet, CSV or JSON lines, never the whole of it in memory."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, ClassVar

import orjson
import polars as pl

from rules.analysis.columns.cells import BatchCells
from rules.analysis.columns.faults import Faults, PopulationError, RowFault
from rules.analysis.columns.schema import Schema

_ROWS, _ROWS_OF_TEXT = 65_536, 8_192
"""Rows of a batch: a cell of a text takes much more memory while it is read."""
_LONGEST_LINE = 1_048_576
Raw = tuple[pl.DataFrame, Sequence[int]]
"""Cells as they stand in the file, and the number of each row."""


def batches(path: Path, schema: Schema, rows: int | None = None) -> Iterator[pl.DataFrame]:
    """The population, at most ``rows`` rows at a time, in the types of the schema and with the columns that the file has.

    Once a fault is met no more is handed out, but the rest of the file is still looked through: keep what is made of the
    batches to yourself until they have come to their end. Raises PopulationError with every fault.
    """
    faults, seen = Faults(path.name), 0
    try:
        file = _file(path, schema, faults)
        for raw, lines in file.raw(rows or file.rows):
            frame = BatchCells(raw, lines, schema, faults).read()
            seen += len(frame)
            if not faults:
                yield frame
    except FileNotFoundError:
        faults.add([RowFault(0, "", "没有这个文件")])
    except (OSError, pl.exceptions.PolarsError) as error:
        faults.add([RowFault(0, "", f"无法读取（{type(error).__name__}）")])
    if not seen and not faults:
        faults.add([RowFault(0, "", "没有任何一行")])
    faults.stop()


def _file(path: Path, schema: Schema, faults: Faults) -> _File:
    found = _FILES.get(path.suffix.lower())
    if found is None:
        raise PopulationError(path.name, [RowFault(0, "", f"文件名应以 {'、'.join(_FILES)} 之一结尾")])
    return found(path, schema, faults)


@dataclass(frozen=True)
class _File:
    path: Path
    schema: Schema
    faults: Faults
    rows: ClassVar[int] = _ROWS_OF_TEXT

    def raw(self, rows: int) -> Iterator[Raw]:
        """The cells as they stand in the file, so many rows at a time."""
        raise NotImplementedError

    def known(self, names: Sequence[str]) -> list[str]:
        """The columns that are read. The file is told once of the others, and of those that are missing."""
        known = self.schema.columns
        several = [name for name, number in Counter(names).items() if number > 1]
        self.faults.add(RowFault(0, name, "列名重复") for name in several)
        if several:
            self.faults.stop()
        self.faults.add(RowFault(0, name, "没有这一列，请删去或者改名") for name in names if name not in known)
        missing = [name for name, column in known.items() if column.needed and name not in names]
        self.faults.add(RowFault(0, name, "缺少这一列") for name in missing)
        return [name for name in names if name in known]


class _Parquet(_File):
    rows = _ROWS

    def raw(self, rows: int) -> Iterator[Raw]:
        scan = pl.scan_parquet(self.path)
        types = scan.collect_schema()
        names = self.known(types.names())
        nested = [name for name in names if types[name].is_nested()]
        self.faults.add(RowFault(0, name, f"应为单个值的列，而不是 {types[name]}") for name in nested)
        shown = [pl.col(name).cast(pl.String) if _worded(types[name]) else name for name in names if name not in nested]
        chosen, total = scan.select(shown), scan.select(pl.len()).collect().item()
        for start in range(0, total, rows):  # not collect_batches: it reads ahead as far as memory goes
            frame = chosen.slice(start, rows).collect()
            yield frame, range(start + 1, start + 1 + len(frame))


def _worded(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Categorical | pl.Enum)


class _Csv(_File):
    def raw(self, rows: int) -> Iterator[Raw]:
        with self.path.open("rb") as file:
            reader = csv.reader((line for _, line in _lines(file, self.faults)), strict=True)
            header = [name.strip() for name in next(reader, [])]
            names = self.known(header)
            places = [header.index(name) for name in names]
            records = self._records(reader, len(header))
            while found := list(islice(records, rows)):
                columns = list(zip(*(record for _, record in found), strict=True))
                cells = [
                    pl.Series(name, columns[place], dtype=pl.String) for name, place in zip(names, places, strict=True)
                ]
                yield pl.DataFrame(cells), [line for line, _ in found]

    def _records(self, reader: Any, width: int) -> Iterator[tuple[int, list[str]]]:
        """Each record with its first line; what is no record of this table is told."""
        while True:
            line = reader.line_num + 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self.faults.add([RowFault(line, "", "不是有效的 CSV：引号没有配对，或者一格过长")])
                continue
            if record and len(record) != width:
                self.faults.add([RowFault(line, "", f"应有 {width} 列，而有 {len(record)} 列")])
            elif record:
                yield line, record


class _JsonLines(_File):
    def raw(self, rows: int) -> Iterator[Raw]:
        needed = [name for name, column in self.schema.columns.items() if column.needed]
        with self.path.open("rb") as file:
            objects = self._objects(file)
            while found := list(islice(objects, rows)):
                names = dict.fromkeys([*needed, *(name for _, row in found for name in row)])
                cells = [pl.Series(name, [_text(row.get(name)) for _, row in found], dtype=pl.String) for name in names]
                yield pl.DataFrame(cells), [line for line, _ in found]

    def _objects(self, file: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, line in _lines(file, self.faults):
            if not line.strip():
                continue
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError:
                self.faults.add([RowFault(number, "", "不是有效的 JSON")])
                continue
            if not isinstance(row, dict):
                self.faults.add([RowFault(number, "", "应为一个 JSON 对象")])
                continue
            other = row.keys() - self.schema.columns.keys()
            self.faults.add(RowFault(number, name, "没有这一列，请删去或者改名") for name in sorted(other))
            yield number, {name: value for name, value in row.items() if name not in other} if other else row


_FILES: Mapping[str, type[_File]] = {".parquet": _Parquet, ".csv": _Csv, ".jsonl": _JsonLines, ".ndjson": _JsonLines}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode() if isinstance(value, bool | float | list | dict) else str(value)


def _lines(file: IO[bytes], faults: Faults) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, decoded; one that is not UTF-8 is told and handed out all the same."""
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            faults.add([RowFault(number, "", f"一行超过 {_LONGEST_LINE} 字节，其后没有再读")])
            return
        try:
            yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            faults.add([RowFault(number, "", "不是 UTF-8 编码")])
            yield number, line.decode("utf-8", "replace")
