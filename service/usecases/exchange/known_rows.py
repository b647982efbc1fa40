"""What the rows of an existing ledger name that the system knows, or does not: matters that are there already, and units."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.matter import matters
from models.matter.act import ActRefused
from models.people import units
from models.records.signs import unseen
from models.schemas.errors import shown
from models.schemas.ledger_table import LedgerRow
from rules.reasoning.editions import Books
from service.usecases.matters.act_on_matter import shown_number
from service.usecases.refusals import explained

_NEAREST, _MOST_TOLD = 0.5, 10
_MINUS = "\u2212"
_WHOLE = re.compile(r"\A([0-9]+)\.0+\Z")
"""A number as a sheet may write it."""
_WORDS = re.compile(r"[^\W_]+")
"""What a number or a title says, whatever brackets, dashes and full stops stand around it."""
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands already. number, open_key: of the matter that it became, and of the request that opened it."""

    said: str
    number: str | None = None
    open_key: str | None = None


class KnownMatters:
    """The matters of the ledger, and of the lines already read, by 原编号 and by title, lead unit and day of assignment."""

    def __init__(self, session: Session) -> None:
        self._named = units.aliases(session)
        self._places: dict[tuple[str, ...], list[Place]] = {}
        for row, record in matters.beginnings(session):
            number, first = shown_number(row), record.details
            place = Place(f"台账中已有（{number or row.title}", number, row.open_key)
            self._put(place, _numbered(number), _numbered(_text(first.get("original_number"))))
            if record.action != "propose":
                day = first.get("assigned_on") or record.on
                for title in {row.title, _text(first.get("title")) or row.title}:
                    for lead in {row.lead_unit, _text(first.get("lead_unit")) or row.lead_unit}:
                        self._put(place, self._named_so(title, lead, day))

    def place_of(self, row: LedgerRow, key: str | None) -> tuple[Place, str] | None:
        """Where the row stands already, and by what it is known; None where it is new, or ``key`` itself opened it."""
        by = {"原编号": _numbered(row.original_number), "工作任务、牵头单位、交办日期": self._of(row)}
        found = [(place, what) for what, name in by.items() if name for place in self._places.get(name, ())]
        return None if any(place.open_key == key for place, _ in found) else next(iter(found), None)

    def read(self, row: LedgerRow) -> None:
        """Remember a line of the file."""
        self._put(Place(f"表中已有（第{row.line}行"), _numbered(row.original_number), self._of(row))

    def _of(self, row: LedgerRow) -> tuple[str, ...]:
        return self._named_so(row.title, row.lead_unit, row.assigned_on)

    def _named_so(self, title: str, lead: str | None, day: object) -> tuple[str, ...]:
        return (
            "".join(_WORDS.findall(_plain(title))) or title,
            _plain(self._named.get(lead, lead) if lead else ""),
            str(day),
        )

    def _put(self, place: Place, *names: tuple[str, ...] | None) -> None:
        for name in names:
            if name is not None:
                self._places.setdefault(name, []).append(place)


class KnownUnits:
    """The units of the school by the day, with their other names."""

    def __init__(self, session: Session, books: Books) -> None:
        self.books = books
        self._every: Mapping[str, units.Unit] = {unit.name: unit for unit in units.every(session)}
        self._named = {name: name for name in self._every} | units.aliases(session)

    def faults(self, row: LedgerRow) -> Iterator[str]:
        """Each unit of a row that is none of the school on the day of assignment, with what is near to it."""
        for column, names in (("牵头单位", (row.lead_unit,)), ("协办单位", row.co_units)):
            for name in names:
                unit = self._every.get(self._named.get(name, name)) if name else None
                if name and not (unit is not None and _there(unit, row.assigned_on)):
                    said, rule = (
                        self._told(name, unit, row.assigned_on),
                        explained(ActRefused(("school_unit",)), self.books),
                    )
                    yield f"“{column}”的“{shown(name)}”不是{row.assigned_on}学校的单位{said}；{rule}"

    def _told(self, name: str, unit: units.Unit | None, day: date) -> str:
        if unit is not None:
            return f"：其起止为{unit.from_on} 至 {unit.to_on or '今'}"
        there = {said: of for said, of in self._named.items() if _there(self._every[of], day)}
        near = near_units(name, there)
        if near:
            return f"或者别名，相近的：{near}"
        known = sorted(set(there.values()))
        more = f"等{len(known)}个" if len(known) > _MOST_TOLD else ""
        return f"或者别名，没有相近的；当日的单位：{'、'.join(known[:_MOST_TOLD]) or '没有'}{more}"


def _there(unit: units.Unit, day: date) -> bool:
    return unit.from_on <= day and (unit.to_on is None or day <= unit.to_on)


def near_units(name: str, known: Mapping[str, str]) -> str:
    """The units whose names a name holds, or is written much like. known: every name, other ones too → the unit's own."""
    plain = _plain(name)
    held = {said for said in known if len(_plain(said)) > 1 and _plain(said) in plain}
    near = held | set(difflib.get_close_matches(plain, known, cutoff=_NEAREST))
    return "、".join(sorted({known[said] for said in near})[:_MOST_TOLD])


def _plain(text: str) -> str:
    """A text as it is compared: compatible forms and dashes made one, nothing unseen, no case; a whole number without .0."""
    seen = (sign for sign in unicodedata.normalize("NFKC", text) if not unseen(sign))
    plain = "".join("-" if unicodedata.category(sign) == "Pd" or sign == _MINUS else sign for sign in seen).casefold()
    return _WHOLE.sub(r"\1", plain)


def _numbered(number: str | None) -> tuple[str, ...] | None:
    """A number as it is compared; None where a sign only stands in its place."""
    parts = _WORDS.findall(_LEADING_ZEROS.sub("", _plain(number or "")))
    return ("-".join(parts),) if parts else None


def _text(value: object) -> str | None:
    """A text of a stored record; None for what a damaged one may hold in its place."""
    return value if isinstance(value, str) else None
