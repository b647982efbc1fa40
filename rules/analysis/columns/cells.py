"""The cells of a batch as they stand in a file → the columns of the schema; what cannot be read is told, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from rules.analysis.columns.faults import SHOWN, Faults, RowFault
from rules.analysis.columns.plans import dtype_of
from rules.analysis.columns.schema import RAISED, Column, Schema
from rules.book.logic import ESTABLISHED, OPEN, REFUTED

_LONGEST = 200
_CONTROL = r"[\x00-\x1f\x7f]"
_WHOLE = re.compile(r"[0-9]{1,9}\Z")
_TRUTHS: Mapping[str, bool | None] = {"true": True, "false": False, "1": True, "0": False, "是": True, "否": False}
_STATUSES: Mapping[str, bool | None] = {ESTABLISHED: True, REFUTED: False, OPEN: None}


class Unread(ValueError):
    """A cell that is not what its column takes; the words are told to people."""


@dataclass
class BatchCells:
    """A batch being read. lines: the number of each row in its file. wrong: the first faults of each column."""

    raw: pl.DataFrame
    lines: Sequence[int]
    schema: Schema
    faults: Faults
    wrong: list[RowFault] = field(default_factory=list)
    more: int = 0

    def read(self) -> pl.DataFrame:
        """The columns of the batch in the types of the schema. What is wrong goes to ``faults``, row by row."""
        frame = pl.DataFrame([self._column(self.schema.columns[name], self.raw[name]) for name in self.raw.columns])
        for group in self.schema.groups:
            self._contradicting(frame, group)
        self.faults.add(sorted(self.wrong), self.more)
        return frame

    def _column(self, column: Column, raw: pl.Series) -> pl.Series:
        if column.kind == "text":
            series, unread = self._text(column, raw)
        elif raw.dtype == dtype_of(column) and column.kind == "truth":
            series, unread = raw, raw.is_null() & False
        else:
            series, unread = self._values(column, raw)
        if column.needed:
            self._tell(column.name, series.is_null() & ~unread, lambda _: "必须填写")
        return series.alias(column.name)

    def _values(self, column: Column, raw: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The values read, each kind of cell once, and where they could not be."""
        good, wrong = dict[Any, Any](), dict[Any, str]()
        for value in raw.unique().drop_nulls().to_list():
            try:
                good[value] = read_value(column, value)
            except Unread as fault:
                wrong[value] = str(fault)
        unread = raw.is_in(list(wrong)).fill_null(False) if wrong else raw.is_null() & False
        self._tell(column.name, unread, lambda place: wrong[raw[place]])
        dtype = dtype_of(column)
        if not good:
            return pl.Series([None], dtype=dtype).new_from_index(0, len(raw)), unread
        return raw.replace_strict(list(good), list(good.values()), default=None, return_dtype=dtype), unread

    def _text(self, column: Column, raw: pl.Series) -> tuple[pl.Series, pl.Series]:
        if not (raw.dtype == pl.String or raw.dtype.is_integer()):
            return self._values(column, raw)
        text = raw.cast(pl.String).str.strip_chars()
        unread = ((text.str.len_chars() > _LONGEST) | text.str.contains(_CONTROL)).fill_null(False)
        self._tell(column.name, unread, lambda _: f"应为不超过{_LONGEST}字、没有控制字符的文字")
        return text.set(text == "", None), unread

    def _contradicting(self, frame: pl.DataFrame, group: str) -> None:
        """A group that was not alleged, and an element of it that is established."""
        said = RAISED + group
        for name in self.schema.of_group(group):
            if said in frame.columns and name in frame.columns:
                at_odds = (frame[name] & ~frame[said]).fill_null(False)
                self._tell(name, at_odds, lambda _: f"已查明，但 {said} 为否：没有提出的情形不能有查明的要素")

    def _tell(self, column: str, where: pl.Series, message: Callable[[int], str]) -> None:
        places = where.arg_true()
        self.wrong += [RowFault(self.lines[place], column, message(place)) for place in places.head(SHOWN).to_list()]
        self.more += max(0, len(places) - SHOWN)


def read_value(column: Column, value: Any) -> bool | int | str | None:
    """The value of a cell. Raises Unread."""
    text = _spelled(value)
    if not text:
        return None
    words = {label: word for word, label in column.words.items()} | {word: word for word in column.words}
    if column.kind == "word":
        if text in words:
            return words[text]
        raise _unread("、".join(f"{word}（{label}）" for word, label in column.words.items()), text)
    if column.kind == "truth":
        known = {**_TRUTHS, **{name: _STATUSES[word] for name, word in words.items()}}
        if text.lower() in known:
            return known[text.lower()]
        raise _unread("是、否" if column.needed else f"是、否、空白，或者{'、'.join(column.words.values())}", text)
    if column.kind == "count" and _WHOLE.match(text):
        return int(text)
    raise _unread("九位以内的非负整数" if column.kind == "count" else "文字", text)


def _unread(allowed: str, text: str) -> Unread:
    return Unread(f"应为{allowed}，而不是“{text if len(text) <= 40 else f'{text[:40]}……'}”")


def _spelled(value: Any) -> str:
    """As it would stand in a text; a whole number may come as a float, as it does from tables with empty cells."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
