"""OA by the watched folder: forms go out whole, receipts become records. On both databases."""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models.records.record import Actor
from models.store.database import reading
from service.books import books
from service.cli.oa_round import send_due, take_receipts
from service.config import FolderSettings
from service.exchange import inbox
from service.exchange.folder import Folder
from service.exchange.oa import Undelivered
from service.usecases.exchange.deliveries import deliveries_of
from service.usecases.exchange.patrol import patrol
from tests.issued import ASSIGNING, NOW, act, assigned, with_units
from tests.oa_parts import at, message, receive, states


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with_units(engine, 甲处=None, 乙处=None)
    return engine


@pytest.fixture
def base(tmp_path: Path) -> Path:
    made = tmp_path / "oa"
    (made / "in").mkdir(parents=True)
    return made


def age(path: Path, seconds: float) -> None:
    moment = NOW.timestamp() - seconds
    os.utime(path, (moment, moment))


def test_a_form_is_put_into_the_folder_whole(engine: Engine, base: Path) -> None:
    matter = assigned(engine)
    assert send_due(engine, Folder(FolderSettings(base)), at()).delivered == 1
    key = f"{matter.id}-{ASSIGNING}"
    assert sorted(os.listdir(base / "out")) == [f"{key}.docx", f"{key}.json"]
    said = json.loads((base / "out" / f"{key}.json").read_text(encoding="utf-8"))
    form = (base / "out" / said["file"]).read_bytes()
    assert (said["docx_sha256"], said["key"], said["title"]) == (
        hashlib.sha256(form).hexdigest(), key, "审核评估自评报告"
    )  # fmt: skip
    with reading(engine) as session:
        assert deliveries_of(session, books(), matter.id)[0].message_id == f"{key}.json"


def test_a_folder_that_cannot_be_used_is_tried_again(engine: Engine, tmp_path: Path) -> None:
    matter, folder = assigned(engine), Folder(FolderSettings(tmp_path / "missing"))
    assert send_due(engine, folder, at()).later == 1
    assert states(engine, matter.id) == [("waiting", 1, "没有写入交换文件夹：文件夹不存在")]
    assert not (tmp_path / "missing").exists()
    (tmp_path / "missing").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "missing" / "out").symlink_to(tmp_path / "elsewhere")
    assert send_due(engine, folder, at(NOW + timedelta(minutes=2))).later == 1
    assert os.listdir(tmp_path / "elsewhere") == []


def test_a_key_that_is_a_path_is_not_written(base: Path) -> None:
    with pytest.raises(Undelivered):
        Folder(FolderSettings(base)).deliver(message(key="../../x"), now=NOW)
    assert not (base / "out").exists()


def test_a_receipt_becomes_a_record_once(engine: Engine, base: Path) -> None:
    matter = assigned(engine)
    receive(base, "一.json", matter=matter.id)
    for name, recorded in (("一.json", 1), ("again.json", 1)):
        assert take_receipts(engine, base, at()).recorded == recorded
        assert (base / "in" / "done" / name).exists()
        receive(base, "again.json", matter=matter.id)
    os.unlink(base / "in" / "again.json")
    records = read(engine, matter.id)
    assert [record.action for record in records].count("acknowledge") == 1
    assert (records[-1].actor, records[-1].on.isoformat()) == (Actor("王五", "unit", "甲处"), "2026-01-08")


def test_a_receipt_may_name_the_matter_by_its_number(engine: Engine, base: Path) -> None:
    matter = assigned(engine)
    receive(base, matter=matter.number)
    assert take_receipts(engine, base, at()).recorded == 1
    assert read(engine, matter.id)[-1].action == "acknowledge"


def read(engine: Engine, matter_id: str) -> Any:
    from service.usecases.matters.act_on_matter import read_matter

    with reading(engine) as session:
        return read_matter(session, books(), matter_id).matter.records


def test_a_receipt_that_was_recorded_but_not_moved_is_moved(engine: Engine, base: Path) -> None:
    matter = assigned(engine)
    path = receive(base, matter=matter.id)
    raw = path.read_bytes()
    take_receipts(engine, base, at())
    path.write_bytes(raw)  # as if the worker had died before it moved the file
    take_receipts(engine, base, at())
    assert len(read(engine, matter.id)) == ASSIGNING + 1
    assert len(os.listdir(base / "in" / "done")) == 2
    assert not path.exists()


def test_the_receipt_of_an_urging_is_recorded_by_the_office(engine: Engine, base: Path) -> None:
    matter = act(engine, assigned(engine), "urge", "2026-05-04", channel="oa")
    receive(base, matter=matter.id, kind="urging", on="2026-05-05")
    assert take_receipts(engine, base, at()).recorded == 1
    record = read(engine, matter.id)[-1]
    assert (record.action, record.actor.kind, record.details["signed_by"]) == (
        "record_urging",
        "office",
        {"name": "王五"},
    )
    with reading(engine) as session:
        assert "receipt_missing" not in {row.kind for row in patrol(session, books(), today=NOW.date())}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"matter": "00000000-0000-0000-0000-000000000000"}, "没有这个事项"),
        ({"matter": "../../etc/passwd"}, "没有这个事项"),
        ({"unit": "乙处"}, "承办单位"),
        ({"on": "2026-13-01"}, "日期"),
        ({"on": "2027-01-01"}, "不得晚于今天"),
        ({"on": "2026-01-01"}, "不得早于"),
        ({"kind": "close"}, "种类"),
        ({"kind": "urging"}, "没有下发过催办通知"),
        ({"colour": "红"}, "不认识的字段"),
        ({"signed_by": "王\u0000五"}, "控制字符"),
    ],
    ids=["no such matter", "path", "other unit", "no such day", "to come", "too early", "kind", "not urged", "unknown",
         "control character"],
)  # fmt: skip
def test_a_receipt_that_cannot_be_recorded_is_put_aside_with_the_reason(
    engine: Engine, base: Path, change: dict[str, Any], said: str
) -> None:
    matter = assigned(engine)
    receive(base, **({"matter": matter.id} | change))
    assert take_receipts(engine, base, at()).refused == 1
    assert not (base / "in" / "done").exists()
    assert sorted(os.listdir(base / "in" / "refused")) == ["r.json", "r.txt"]
    assert said in (base / "in" / "refused" / "r.txt").read_text(encoding="utf-8")
    assert len(read(engine, matter.id)) == ASSIGNING


def test_a_second_refusal_of_the_same_name_keeps_the_first(engine: Engine, base: Path) -> None:
    for unit in ("乙处", "丙处"):
        receive(base, matter="x", unit=unit)
        take_receipts(engine, base, at())
    assert len(list((base / "in" / "refused").glob("*.json"))) == 2
    assert len(list((base / "in" / "refused").glob("*.txt"))) == 2


def test_a_file_that_is_being_written_is_left_alone(engine: Engine, base: Path) -> None:
    path = base / "in" / "r.json"
    path.write_text('{"matter": "x", "un')
    age(path, 5)
    assert take_receipts(engine, base, at()).left == 1
    assert path.exists()
    age(path, 120)  # nobody goes on writing
    assert take_receipts(engine, base, at()).refused == 1


def test_links_large_files_and_other_names_are_left_alone(engine: Engine, base: Path, tmp_path: Path) -> None:
    matter = assigned(engine)
    inside = base / "in"
    real = receive(base, matter=matter.id)
    real.rename(tmp_path / "outside.json")
    (inside / "link.json").symlink_to(tmp_path / "outside.json")
    (inside / "folder.json").mkdir()
    os.mkfifo(inside / "pipe.json")
    for name in (".hidden.json", "..json", "a\\b.json", "c:d.json", "e.json.part", "f.txt", "g\nh.json"):
        (inside / name).write_bytes((tmp_path / "outside.json").read_bytes())
    (inside / "large.json").write_bytes(b"[" + b" " * inbox.MOST_BYTES + b"]")
    before = sorted(os.listdir(inside))
    taken = take_receipts(engine, base, at())
    assert (taken.recorded, taken.refused, taken.left) == (0, 0, 0)
    assert sorted(os.listdir(inside)) == before
    assert len(read(engine, matter.id)) == ASSIGNING


def test_a_folder_of_receipts_that_is_a_link_is_not_followed(engine: Engine, base: Path, tmp_path: Path) -> None:
    matter = assigned(engine)
    receive(base, matter=matter.id)
    (base / "in").rename(tmp_path / "elsewhere")
    (base / "in").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="in"):
        take_receipts(engine, base, at())
    assert (tmp_path / "elsewhere" / "r.json").exists()


def test_two_readers_at_once_record_each_receipt_once(engine: Engine, base: Path) -> None:
    made = [assigned(engine, f"事项{number}").id for number in range(6)]
    for number, matter in enumerate(made):
        receive(base, f"{number}.json", matter=matter)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: take_receipts(engine, base, at()), range(2)))
    take_receipts(engine, base, at())  # what met a writer of that moment
    assert [len(read(engine, matter)) for matter in made] == [ASSIGNING + 1] * 6
    assert sorted(os.listdir(base / "in")) == ["done"]
    assert len(os.listdir(base / "in" / "done")) == 6
