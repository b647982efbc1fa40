"""Stored names to look at: what a new name is no longer written with, and spellings that are compared as one name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.names import bare, name_fault
from models.store import accounts, posts
from models.store.cases import CaseRecordRow
from models.store.matters import RecordRow
from models.store.records import torn_record_of

_NAMED = frozenset({"name", "second", "witness", "signed_by", "approved_by"})
_NAMED_OF_MATTER = _NAMED | {"person", "responsible", "contact"}
_LISTED = frozenset({"present", "participants", "signatures", "attendance", "recused"})


def rows(session: Session) -> Iterator[str]:
    """One line for each name to look at, with where it stands."""
    for account in accounts.every(session):
        yield from _faults(f"账号 {account.login}", {account.name})
    for post in posts.every(session):
        yield from _faults(f"任职表工号 {post.staff_number}", {post.name})
    of_case = select(CaseRecordRow).order_by(CaseRecordRow.case_id, CaseRecordRow.number)
    spelt: dict[str, dict[str, str]] = {}
    known = ""
    for row in session.scalars(of_case).yield_per(500):
        if row.case_id != known:
            known, spelt = row.case_id, {}
        where = f"案件 {row.case_id} 记录 {row.number}"
        named = {*_texts(row.actor_name), *_in(torn_record_of(row).details)}
        yield from _faults(where, named)
        yield from _spelt_otherwise(where, named, spelt)
    of_matter = select(RecordRow).order_by(RecordRow.matter_id, RecordRow.number)
    for entry in session.scalars(of_matter).yield_per(500):
        named = {*_texts(entry.actor_name), *_in(torn_record_of(entry).details, _NAMED_OF_MATTER)}
        yield from _faults(f"事项 {entry.matter_id} 记录 {entry.number}", named)


def _texts(stored: object) -> tuple[str, ...]:
    """The text that is stored; nothing where it is none: what is damaged is told by the patrol."""
    return (stored,) if isinstance(stored, str) else ()


def _faults(where: str, named: set[str]) -> Iterator[str]:
    for name in sorted(named):
        fault = name_fault(name)
        if fault is not None:
            yield f"{where}：姓名“{_visible(name)}”：{fault}"


def _spelt_otherwise(where: str, named: set[str], spelt: dict[str, dict[str, str]]) -> Iterator[str]:
    """A name that is written otherwise than earlier in the case and is compared as the same."""
    for name in sorted(named):
        known = spelt.setdefault(bare(name), {})
        if name not in known:
            for other, there in known.items():
                yield f"{where}：“{_visible(name)}”与“{_visible(other)}”（{there}）按同一姓名比较，请核对是否同一人"
            known[name] = where


def _visible(name: str) -> str:
    return "".join(sign if sign.isprintable() else f"⟨U+{ord(sign):04X}⟩" for sign in name)


def _in(told: object, names: frozenset[str] = _NAMED) -> Iterator[str]:
    """The names that details tell, at any depth. names: the fields that hold one."""
    if isinstance(told, Mapping):
        for key, value in told.items():
            if key in names and isinstance(value, str):
                yield value
            elif key in _LISTED and isinstance(value, list | tuple):
                yield from (one for one in value if isinstance(one, str))
            else:
                yield from _in(value, names)
    elif isinstance(told, list | tuple):
        for one in told:
            yield from _in(one, names)
