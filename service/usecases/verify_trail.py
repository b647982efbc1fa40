"""Verify the audit trail: every event against its hash, its place and its predecessor, the records that it wrote, and anchors.

The first broken link is told, by number and by what is wrong there. Without an anchor a trail that was rewritten as a whole
cannot be told from the true one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.orm import Session

from models.store import audit
from models.store.audit import AuditEvent, Hashed
from models.store.audit_hashes import ALGORITHMS, record_hashes
from models.store.audit_notes import Key
from service.exchange.anchor_file import Anchor, NoAnchor

NO_ANCHOR = "没有锚点，不能发现整体重写"
_BATCH = 1000
_OWNERS = {"matter": "事项", "case": "案件"}
_COLUMNS = tuple(AuditEvent.__table__.columns)
_HASHED = tuple(column.name for column in _COLUMNS if column.name not in ("facts", "hash"))
_UNREADABLE = (DBAPIError, ValueError, TypeError)
"""What a value raises that no longer is of its column's type."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first broken link. number: of the event; None where none is concerned."""

    number: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """events: how many were found whole; anchors: how many they were held against."""

    events: int
    anchors: int
    broken: Broken | None

    def __str__(self) -> str:
        if self.broken is None:
            held = f"，与{self.anchors}个锚点相符" if self.anchors else ""
            return f"审计记录完整：共{self.events}条，前后相接，与台账和案件的记录逐条相符{held}"
        at = "" if self.broken.number is None else f"第{self.broken.number}条："
        return f"审计记录不完整：{at}{self.broken.what}"


def verify_trail(session: Session, anchors: Sequence[Anchor | NoAnchor] = ()) -> Verdict:
    """Pass over the whole trail once, in batches; the memory does not grow with it."""
    walk = _Walk(session, [anchor for anchor in anchors if isinstance(anchor, Anchor)])
    for rows in _batches(session):
        broken = walk.over(rows)
        if broken is not None:
            return Verdict(walk.last, len(anchors), broken)
    return Verdict(walk.last, len(anchors), walk.at_the_end() or _anchors_disordered(anchors) or _unvouched(session))


class _Walk:
    """How far the trail was found whole."""

    def __init__(self, session: Session, anchors: Iterable[Anchor]) -> None:
        self.session, self.last, self.hash = session, 0, audit.NOTHING
        self.anchors: dict[int, list[Anchor]] = defaultdict(list)
        for anchor in anchors:
            self.anchors[anchor.number].append(anchor)

    def over(self, rows: Sequence[Mapping[str, Any]]) -> Broken | None:
        """The first broken link among these events, by their order."""
        records = audit.records_of(self.session, rows[0]["number"], rows[-1]["number"])
        broken = self._anchored() if not self.last else None
        whole = []
        for row in rows:
            broken = broken or self._fault(row, records.get(row["number"], []))
            if broken is not None:
                break
            whole.append(row)
            self.last, self.hash = row["number"], row["hash"]
            broken = self._anchored()
        return _record_fault(self.session, whole, records) or broken

    def _fault(self, row: Mapping[str, Any], records: Sequence[Hashed]) -> Broken | None:
        number, due = row["number"], self.last + 1
        if number < due:
            return Broken(number, "序号应自1起：有插入")
        if number != due:
            span = f"第{due}条" if number == due + 1 else f"第{due}条至第{number - 1}条"
            return Broken(due, f"{span}被删除，其后是第{number}条")
        if len(row) == 1:
            return Broken(number, "内容被改动，已不能读取")
        if row["algorithm"] not in ALGORITHMS:
            return Broken(number, "散列算法的名称被改动")
        whole, joined = _hash(row, records) == row["hash"], row["previous"] == self.hash
        if whole and joined:
            return None
        if joined:
            return Broken(number, "内容被改动")
        return Broken(number, "与前一条不相接：其前有插入或者改写" if whole else "次序被调换，或者整条被替换")

    def _anchored(self) -> Broken | None:
        """Whether every anchor of the event that was passed last says what the trail says."""
        for anchor in self.anchors.pop(self.last, ()):
            if anchor.hash != self.hash:
                return Broken(
                    self.last, f"与锚点（第{anchor.line}行，{anchor.at}）不符：此前的记录被整体改写，或者锚点被调换"
                )
        return None

    def at_the_end(self) -> Broken | None:
        """Whether the trail ends where the head and the anchors say that it does."""
        after = self.last + 1
        try:
            number, found = audit.head(self.session)
        except NoResultFound:
            return Broken(after, "末条的登记缺失")
        if number < self.last:
            return Broken(number + 1, f"末尾有插入：登记的末条为第{number}条")
        if number > self.last:
            return Broken(after, f"末尾被截断：登记的末条为第{number}条")
        broken = self._anchored() if not self.last else None
        beyond = min(self.anchors, default=None)
        if beyond is not None:
            return Broken(after, f"末尾被截断：锚点（第{self.anchors[beyond][0].line}行）为第{beyond}条")
        return broken or (None if found == self.hash else Broken(self.last, "与登记的末条不符"))


def _batches(session: Session) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The events by number; of one that cannot be read, the number alone."""
    after: int | None = None
    while rows := _batch(session, after):
        yield rows
        after = rows[-1]["number"]


def _batch(session: Session, after: int | None) -> Sequence[Mapping[str, Any]]:
    behind = AuditEvent.number > after if after is not None else AuditEvent.number.is_not(None)
    wanted = select(*_COLUMNS).where(behind).order_by(AuditEvent.number).limit(_BATCH)
    try:
        return [dict(row) for row in session.execute(wanted).mappings()]
    except _UNREADABLE:
        numbers = session.scalars(select(AuditEvent.number).where(behind).order_by(AuditEvent.number).limit(_BATCH))
        return [_one(session, number) for number in numbers.all()]


def _one(session: Session, number: int) -> Mapping[str, Any]:
    try:
        return dict(session.execute(select(*_COLUMNS).where(AuditEvent.number == number)).mappings().one())
    except _UNREADABLE:
        return {"number": number}


def _hash(row: Mapping[str, Any], records: Sequence[Hashed]) -> str | None:
    try:
        return audit.event_hash({name: row[name] for name in _HASHED}, row["facts"], records)
    except _UNREADABLE:
        return None


def _record_fault(
    session: Session, rows: Sequence[Mapping[str, Any]], records: Mapping[int, Sequence[Hashed]]
) -> Broken | None:
    """The first record that is not what its event vouches for."""
    by_algorithm: dict[str, list[Key]] = defaultdict(list)
    for row in rows:
        by_algorithm[row["algorithm"]] += [record[:3] for record in records.get(row["number"], ())]
    found: dict[Key, str | None] = {}
    for algorithm, keys in by_algorithm.items():
        found |= _hashes(session, keys, algorithm)
    for row in rows:
        for kind, owner_id, number, vouched in records.get(row["number"], ()):
            key = kind, owner_id, number
            if found.get(key) != vouched:
                what = "被改动" if key in found else "被删除"
                return Broken(row["number"], f"所记的{_named(key)}{what}")
    return None


def _hashes(session: Session, keys: Sequence[Key], algorithm: str) -> Mapping[Key, str | None]:
    """The hash of each record that is there; None for one that cannot be read."""
    try:
        return record_hashes(session, keys, algorithm)
    except _UNREADABLE:
        return dict.fromkeys(keys) if len(keys) == 1 else _one_by_one(session, keys, algorithm)


def _one_by_one(session: Session, keys: Sequence[Key], algorithm: str) -> dict[Key, str | None]:
    found: dict[Key, str | None] = {}
    for key in keys:
        found |= _hashes(session, [key], algorithm)
    return found


def _named(key: Key) -> str:
    return f"{_OWNERS.get(key[0], key[0])} {key[1]} 的第{key[2]}号记录"


def _anchors_disordered(anchors: Sequence[Anchor | NoAnchor]) -> Broken | None:
    before, line = 0, 0
    for anchor in anchors:
        if isinstance(anchor, NoAnchor) and anchor.line == 0:
            return Broken(None, "设定的锚点文件不存在，或者没有锚点")
        if isinstance(anchor, NoAnchor):
            return Broken(None, f"锚点文件的第{anchor.line}行不能读取")
        if anchor.line > line and anchor.number < before:  # else it begins another file
            return Broken(anchor.number, f"锚点文件的次序被调换（第{anchor.line}行）")
        before, line = anchor.number, anchor.line
    return None


def _unvouched(session: Session) -> Broken | None:
    key = next(audit.unvouched(session), None)
    return None if key is None else Broken(None, f"{_named(key)}没有审计记录：绕过系统写入，或者所属的审计记录被删除")
