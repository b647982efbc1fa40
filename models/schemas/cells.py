"""What the cells of one row have to be; everything that is wrong with them is remembered, in the order of asking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from models.schemas.errors import shown
from models.schemas.fields import text_fault
from models.schemas.tables import TableRow, day_of, several

_LEADING = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_DAY_FORM = "应为日期，格式 YYYY-MM-DD"


class Cells:
    """The cells of a row; ``problems``: what is wrong with those that were asked for."""

    def __init__(self, row: TableRow) -> None:
        self.row = row
        self.problems: list[str] = []

    def text(self, name: str, limit: int, *, required: bool = True, long: bool = False) -> str | None:
        """A text, None where the cell is empty."""
        found = self._written(name, required=required)
        if found is None:
            return None
        fault = text_fault(found, limit, long=long)
        if fault is not None:
            self.problems.append(f"“{name}”{fault}")
        return found

    def name(self, name: str, limit: int) -> str | None:
        """A name: a text that no spreadsheet can take for a formula."""
        found = self.text(name, limit)
        if found is not None:
            self.named(name, found)
        return found

    def named(self, name: str, found: str) -> None:
        """Refuse what a spreadsheet could take for a formula."""
        if found.startswith(_LEADING):
            self.problems.append(f"“{name}”不能以 = + - @ 开头，现为“{shown(found)}”")

    def day(self, name: str, *, required: bool = False) -> date | None:
        """A day, None where the cell is empty."""
        found = self._written(name, required=required)
        day = None if found is None else day_of(found)
        if found is not None and day is None:
            self.problems.append(f"“{name}”{_DAY_FORM}，现为“{shown(found)}”")
        return day

    def days(self, name: str) -> list[date]:
        """Several days, divided by 、 or lines."""
        found = [(text, day_of(text)) for text in several(self.row[name])]
        self.problems += [
            f"“{name}”{_DAY_FORM}（几个日期用、隔开），现为“{shown(t)}”" for t, day in found if day is None
        ]
        return [day for _, day in found if day is not None]

    def span(self) -> tuple[date | None, date | None]:
        """The columns 起 and 止; the first is required, the second not before it."""
        first, last = self.day("起", required=True), self.day("止")
        if first is not None and last is not None and last < first:
            self.problems.append(f"“止”（{last}）不得早于“起”（{first}）")
        return first, last

    def word(self, name: str, words: Mapping[str, str]) -> str | None:
        """One of these words. words: what may stand in the cell → what it means."""
        found = self._written(name, required=True)
        if found is not None and found not in words:
            self.problems.append(f"“{name}”只能取：{'、'.join(words)}；现为“{shown(found)}”")
        return words.get(found or "")

    def _written(self, name: str, *, required: bool) -> str | None:
        """What stands in the cell, None where it is empty."""
        if required and not self.row[name]:
            self.problems.append(f"缺少“{name}”")
        return self.row[name] or None
