"""Whoever has all power over the database changes the trail, or what it vouches for: it is told, and the first place of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, update
from sqlalchemy.orm import Session

from models.audit.events import AuditEvent, AuditRecord
from models.audit.hashes import record_hashes
from models.matter.matters import RecordRow
from models.store.database import reading
from service.exchange.anchor_file import Anchor, NoAnchor, anchors_in, append_anchor
from service.usecases.administration.verify_trail import Broken, verify_trail
from tests.audit_trail import (
    a_record,
    anchors_of,
    change,
    cut,
    details,
    edit,
    grown,
    hidden,
    insert_behind,
    rehash,
    rewrite,
    swap,
    tampered,
)

SIZE, TIMES = 48, 20
ANCHORED = (12, 30, SIZE)
Tampering = Callable[[Session, list[Anchor], random.Random], int]
"""What is done, to the database or to the anchors; the number of the event that is the first broken one."""


@pytest.fixture(scope="module")
def trail(lasting: Engine) -> Engine:
    grown(lasting, SIZE)
    return lasting


def edited(session: Session, _: list[Anchor], draw: random.Random) -> int:
    edit(session, number := draw.randint(1, SIZE), draw)
    return number


def edited_and_hashed_anew(session: Session, _: list[Anchor], draw: random.Random) -> int:
    change(session, number := draw.randint(1, SIZE - 1), actor="别人")
    rehash(session, number, number)
    return number if number in ANCHORED else number + 1


def deleted(session: Session, _: list[Anchor], draw: random.Random) -> int:
    number = draw.randint(1, SIZE)
    session.execute(delete(AuditRecord).where(AuditRecord.event == number))
    session.execute(delete(AuditEvent).where(AuditEvent.number == number))
    return number


def reordered(session: Session, _: list[Anchor], draw: random.Random) -> int:
    one, other = draw.sample(range(1, SIZE + 1), 2)
    swap(session, one, other)
    return min(one, other)


def inserted(session: Session, _: list[Anchor], draw: random.Random) -> int:
    after = draw.randint(1, SIZE - 1)
    insert_behind(session, after)
    return after + 1 if after + 1 in ANCHORED else after + 2


def tail_cut(session: Session, _: list[Anchor], draw: random.Random) -> int:
    cut(session, after := draw.randint(1, SIZE - 1), head=False)
    return after + 1


def tail_cut_with_its_head(session: Session, _: list[Anchor], draw: random.Random) -> int:
    cut(session, after := draw.randint(1, SIZE - 1), head=True)
    return after + 1


def wholly_cut(session: Session, anchors: list[Anchor], draw: random.Random) -> int:
    cut(session, 0, head=True)
    anchors[:] = [draw.choice(anchors)]
    return 1


def rewritten(session: Session, _: list[Anchor], draw: random.Random) -> int:
    rewrite(session, first := draw.randint(1, SIZE), SIZE)
    return min(number for number in ANCHORED if number >= first)


def anchors_swapped(_: Session, anchors: list[Anchor], draw: random.Random) -> int:
    one, other = draw.sample(range(len(anchors)), 2)
    a, b = anchors[one], anchors[other]
    anchors[one] = Anchor(a.at, a.number, a.algorithm, b.hash, a.line)
    anchors[other] = Anchor(b.at, b.number, b.algorithm, a.hash, b.line)
    return min(a.number, b.number)


def record_changed(session: Session, _: list[Anchor], draw: random.Random) -> int:
    record = a_record(session, draw)
    details(session, record, draw.choice([b"{}", b"\xff", b'{"title":"x"}', b""]))
    return record.event


def record_and_its_hash_changed(session: Session, _: list[Anchor], draw: random.Random) -> int:
    record = a_record(session, draw)
    details(session, record, b"{}")
    key = (record.kind, record.owner_id, record.number)
    mine = (AuditRecord.owner_id == record.owner_id) & (AuditRecord.number == record.number)
    event = record.event
    session.execute(update(AuditRecord).where(mine).values(hash=record_hashes(session, [key], "sha256")[key]))
    session.expire_all()
    return event


def record_deleted(session: Session, _: list[Anchor], draw: random.Random) -> int:
    record = a_record(session, draw)
    mine = (RecordRow.matter_id == record.owner_id) & (RecordRow.number == record.number)
    session.execute(delete(RecordRow).where(mine))
    return record.event


def algorithm_renamed(session: Session, _: list[Anchor], draw: random.Random) -> int:
    change(session, number := draw.randint(1, SIZE), algorithm=draw.choice(["sm3", "md5", "SHA256", ""]))
    return number


KINDS: tuple[Tampering, ...] = (
    edited, edited_and_hashed_anew, deleted, reordered, inserted, tail_cut, tail_cut_with_its_head, wholly_cut, rewritten,
    anchors_swapped, record_changed, record_and_its_hash_changed, record_deleted, algorithm_renamed,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_tampering_is_told_with_the_first_broken_number(trail: Engine, kind: Tampering) -> None:
    draw = random.Random(kind.__name__)
    for _ in range(TIMES):
        anchors = anchors_of(trail, *ANCHORED)
        with tampered(trail) as session:
            first = kind(session, anchors, draw)
            broken = verify_trail(session, anchors).broken
        assert broken is not None
        assert broken.number == first, broken
        with reading(trail) as session:
            assert verify_trail(session, anchors_of(trail, *ANCHORED)).broken is None


def test_without_an_anchor_a_whole_rewriting_is_not_seen(trail: Engine) -> None:
    with tampered(trail) as session:
        rewrite(session, 5, SIZE)
        hidden(session)
        assert verify_trail(session).broken is None


def test_a_record_that_no_event_wrote_is_named(trail: Engine) -> None:
    with tampered(trail) as session:
        record = a_record(session, random.Random(1))
        names = [column.name for column in RecordRow.__table__.columns]
        there = session.get_one(RecordRow, {"matter_id": record.owner_id, "number": record.number})
        values = {name: getattr(there, name) for name in names} | {"number": 99}
        session.execute(insert(RecordRow).values(**values))
        owner_id, broken = record.owner_id, verify_trail(session).broken
    assert broken == Broken(None, f"事项 {owner_id} 的第99号记录没有审计记录：绕过系统写入，或者所属的审计记录被删除")


@pytest.mark.parametrize("lasting", ["sqlite"], indirect=True)  # PostgreSQL keeps every value of its column's type
@pytest.mark.parametrize("value", [b"\xff\xfe", 7, "文字"], ids=str)
def test_a_value_that_is_no_longer_of_its_type_is_told_and_breaks_nothing(trail: Engine, value: object) -> None:
    for name in ("facts", "actor", "at", "hash", "algorithm"):
        with tampered(trail) as session:
            session.connection().exec_driver_sql(f"UPDATE audit_events SET {name} = ? WHERE number = 7", (value,))
            broken = verify_trail(session).broken
        assert broken is not None
        assert broken.number == 7


def test_an_anchor_file_says_where_it_is_not_one(trail: Engine, tmp_path: Path) -> None:
    path = tmp_path / "anchors"
    for anchor in anchors_of(trail, *ANCHORED):
        append_anchor(path, anchor)
    lines = path.read_text("utf-8").splitlines()
    with reading(trail) as session:
        assert verify_trail(session, list(anchors_in(path))).anchors == len(ANCHORED)
        path.write_text("\n".join([lines[0], "# 说明", lines[2]]), encoding="utf-8")
        assert NoAnchor(2) in list(anchors_in(path))
        assert verify_trail(session, list(anchors_in(path))).broken == Broken(None, "锚点文件的第2行不能读取")
        later = tmp_path / "later"
        later.write_text("\n" + lines[0], encoding="utf-8")
        path.write_text("\n".join(lines), encoding="utf-8")
        assert verify_trail(session, [*anchors_in(path), *anchors_in(later)]).broken is None
        path.write_text("\n".join([lines[0], lines[2], lines[1]]), encoding="utf-8")
        assert verify_trail(session, list(anchors_in(path))).broken == Broken(30, "锚点文件的次序被调换（第3行）")


def test_what_came_after_the_last_anchor_is_not_called_safe_from_being_written_anew(trail: Engine) -> None:
    with reading(trail) as session:
        said = {last: str(verify_trail(session, anchors_of(trail, 5, last))) for last in (12, SIZE)}
    assert "与2个锚点相符。已核对" in said[12]
    assert f"第13条至第{SIZE}条在末个锚点之后，不能发现其整体重写" in said[12].partition("未核对：")[2]
    assert "锚点" not in said[SIZE].partition("未核对：")[2]


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET actor = 'x'", "DELETE FROM audit_records"])
def test_the_database_itself_refuses_a_change(trail: Engine, statement: str) -> None:
    with pytest.raises(Exception, match="immutable"), trail.begin() as connection:
        connection.exec_driver_sql(statement)
