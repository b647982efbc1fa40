"""Verify the audit trail: every event against its hash, its place and its predecessor, the rows that it wrote, and anchors.

The first broken link is told, by number and by what is wrong there. Without an anchor a trail that was rewritten as a whole
cannot be told from the true one. A verdict names what was looked at and what was not.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.orm import Session

from models.audit import events as audit
from models.audit.events import AuditEvent, Hashed
from models.audit.hashes import ALGORITHMS, named, record_hashes
from models.audit.standings import STANDINGS
from models.receipts.receipts import Receipt
from models.store import attachments
from models.store.attachments import Attachment, ContentLost
from models.store.audit_notes import Key
from models.store.kept import unkept
from service.exchange.anchor_file import Anchor, NoAnchor

NO_ANCHOR = "没有锚点，不能发现整体重写"
_BATCH = 1000
_TOLD: Mapping[str, type[Receipt] | type[Attachment]] = {"receipt": Receipt, "attachment": Attachment}
"""What an event names in its facts, beside its hash: since the first release, when it vouched for nothing else of it."""
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
    """events: how many were found whole; anchors: how many they were held against; files: whether attached files were read;
    anchored: the last event that an anchor vouches for."""

    events: int
    anchors: int
    broken: Broken | None
    files: bool = False
    anchored: int = 0

    def __str__(self) -> str:
        if self.broken is None:
            held = f"，与{self.anchors}个锚点相符" if self.anchors else ""
            same = "、".join(standing.label for standing in STANDINGS.values() if standing.open is None)
            return (
                f"审计记录完整：共{self.events}条，前后相接{held}。已核对：{same}，逐条相符"
                f"{'，附件的文件内容与散列值相符' if self.files else ''}；禁止更改的触发器齐全。"
                f"未核对：{'；'.join(self._open())}"
            )
        at = "" if self.broken.number is None else f"第{self.broken.number}条："
        return f"审计记录不完整：{at}{self.broken.what}"

    def _open(self) -> Iterator[str]:
        """What this verdict says nothing of, and why."""
        if not self.anchors:
            yield NO_ANCHOR
        elif self.anchored < self.events:
            yield f"第{self.anchored + 1}条至第{self.events}条在末个锚点之后，不能发现其整体重写"
        if not self.files:
            yield "附件的文件内容（这里没有读取）"
        reasons: dict[str, list[str]] = defaultdict(list)
        for standing in STANDINGS.values():
            if standing.open is not None:
                reasons[standing.open].append(standing.label)
        for reason, labels in reasons.items():
            yield f"{'、'.join(labels)}（{reason}）"


def verify_trail(session: Session, anchors: Sequence[Anchor | NoAnchor] = (), *, files: Path | None = None) -> Verdict:
    """Pass over the whole trail once, in batches; the memory does not grow with it. files: where attached files lie."""
    walk = _Walk(session, [anchor for anchor in anchors if isinstance(anchor, Anchor)])
    for rows in _batches(session):
        broken = walk.over(rows)
        if broken is not None:
            return Verdict(walk.last, len(anchors), broken)
    broken = (
        walk.at_the_end()
        or _anchors_disordered(anchors)
        or _unvouched(session)
        or _answer_fault(session)
        or (_file_fault(session, files) if files is not None else None)
        or _unkept(session)
    )
    return Verdict(walk.last, len(anchors), broken, files is not None, walk.anchored)


class _Walk:
    """How far the trail was found whole."""

    def __init__(self, session: Session, anchors: Iterable[Anchor]) -> None:
        self.session, self.last, self.hash, self.anchored = session, 0, audit.NOTHING, 0
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
        return _record_fault(self.session, whole, records) or _told_fault(self.session, whole) or broken

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
            self.anchored = self.last
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
    """The first row that is not what its event vouches for."""
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
                return Broken(row["number"], f"所记的{named(key)}{what}")
    return None


def _told_fault(session: Session, rows: Sequence[Mapping[str, Any]]) -> Broken | None:
    """The first receipt or attachment whose hash is not the one that its event names."""
    told: list[tuple[int, str, str, str]] = []
    for row in rows:
        facts = orjson.loads(row["facts"])
        kinds = [kind for kind in _TOLD if kind in facts]
        if len(kinds) == 1 and "sha256" in facts and row["outcome"] == "done":
            told.append((row["number"], kinds[0], facts[kinds[0]], facts["sha256"]))
    for kind, table in _TOLD.items():
        mine = [row for row in told if row[1] == kind]
        wanted = select(table.id, table.sha256).where(table.id.in_([row[2] for row in mine]))
        found = {row[0]: row[1] for row in session.execute(wanted)} if mine else {}
        for number, _, owner_id, sha256 in mine:
            if found.get(owner_id) != sha256:
                what = "被改动" if owner_id in found else "被删除"
                return Broken(number, f"所记的{named((kind, owner_id, 1))}{what}")
    return None


def _answer_fault(session: Session) -> Broken | None:
    """The first receipt whose answer is not what its hash was taken of."""
    wanted = select(Receipt.id, Receipt.recommendation, Receipt.sha256).order_by(Receipt.number)
    for receipt_id, answer, sha256 in session.execute(wanted.execution_options(yield_per=_BATCH)):
        if hashlib.sha256(answer).hexdigest() != sha256:
            return Broken(None, f"{named(('receipt', receipt_id, 1))}的答复与其散列值不符")
    return None


def _file_fault(session: Session, folder: Path) -> Broken | None:
    """The first attachment whose bytes are not there, or other than they were."""
    wanted = select(Attachment.sha256, Attachment.id).order_by(Attachment.sha256, Attachment.id)
    before = None
    for sha256, attachment_id in session.execute(wanted):
        try:
            if sha256 != before:
                attachments.content(folder, sha256)
        except ContentLost:
            return Broken(None, f"{named(('attachment', attachment_id, 1))}的文件内容缺失，或者与其散列值不符")
        before = sha256
    return None


def _unkept(session: Session) -> Broken | None:
    """The first table whose triggers no longer refuse every change."""
    kept = [table for table, standing in STANDINGS.items() if standing.kept]
    table = next(unkept(session, kept), None)
    label = STANDINGS[table].label if table is not None else ""
    return None if table is None else Broken(None, f"{label}（{table}）禁止更改的触发器缺失、被停用或者被改动")


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
    if key is None:
        return None
    if key[0] not in audit.taken_in(session):
        return Broken(None, f"{named(key)}没有审计记录：升级之后没有执行 wenze db upgrade，或者绕过系统写入")
    return Broken(None, f"{named(key)}没有审计记录：绕过系统写入，或者所属的审计记录被删除")
