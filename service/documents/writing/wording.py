"""How every document says a day, what was left out of it, and the words of the regulation's own forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rules.book.rulebook import Rulebook

_FULL_WIDTH = {",": "，", ":": "："}


class FormWords:
    """The words of an annex, by its fields."""

    def __init__(self, form: str, book: Rulebook) -> None:
        self.book, self.form = book, book.forms[form]

    def __getitem__(self, field: str) -> str:
        """The field's words, with the punctuation of Chinese print, which the text of the annexes lost (A-59)."""
        words = self.book.provisions[self.form.fields[field]].text
        return re.sub(r"([,:]) ?", lambda mark: _FULL_WIDTH[mark[1]], words)

    @property
    def number(self) -> str:
        return self.book.provisions[self.form.number].text

    @property
    def title(self) -> str:
        return self.book.provisions[self.form.title].text


def day(found: date | None) -> str:
    """2026年5月4日; nothing for none."""
    return "" if found is None else f"{found.year}年{found.month}月{found.day}日"


def narrow_day(found: date | None) -> str:
    """The same on two lines, for a narrow column."""
    return day(found).replace("年", "年\n")


def not_counted(left_out: Sequence[str]) -> str:
    """What a paper says of matters whose records are damaged; nothing where there are none."""
    return f"另有{len(left_out)}个事项的记录损坏或者缺失，没有计入：{'、'.join(left_out)}。" if left_out else ""


def office_signature(book: Rulebook) -> str:
    """The Office as it signs."""
    return FormWords("urging_notice", book)["sign"]
