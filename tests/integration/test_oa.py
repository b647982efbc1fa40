"""OA: what is issued arrives at least once, under one key; what comes back becomes a record. On both databases."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import socket
import ssl
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from docx import Document as read_docx
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from models.domain.matter import Actor
from models.store.database import connect, reading, writing
from service.cli import main
from service.cli.oa_round import send_due, take_receipts
from service.config import FolderSettings, WebhookSettings
from service.documents.reproducible import reproducible
from service.exchange import inbox
from service.exchange.folder import Folder
from service.exchange.oa import Message, Undelivered
from service.exchange.signature import sign, verify
from service.exchange.webhook import Webhook
from service.usecases.deliver_parcels import LEASE, MOST_TRIES, claim_parcel, pause, record_delivered, record_failure
from service.usecases.deliveries import deliveries_of, outbox_state
from service.usecases.patrol import patrol
from tests.issued import NOW, UNIT, act, assigned, opened, with_units
from tests.oa_kills import survive
from tests.oa_server import SECRET, OfficeAutomationServer, serving


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = connect(database_url)
    with_units(made, 甲处=None, 乙处=None)
    yield made
    made.dispose()


@pytest.fixture
def server() -> Iterator[OfficeAutomationServer]:
    with serving(OfficeAutomationServer(now=NOW)) as made:
        yield made


def webhook(server: OfficeAutomationServer, seconds: float = 5.0) -> Webhook:
    return Webhook(WebhookSettings(server.url, SECRET), answer_seconds=seconds)


def at(moment: datetime = NOW) -> Callable[[], datetime]:
    return lambda: moment


def states(engine: Engine, matter_id: str) -> list[tuple[str, int, str | None]]:
    with reading(engine) as session:
        return [(found.state, found.tries, found.error) for found in deliveries_of(session, matter_id)]


# what is sent


def test_an_assignment_arrives_signed_with_its_form(engine: Engine, server: OfficeAutomationServer) -> None:
    server.answer = lambda _: (201, b'{"message_id": "OA-7"}')
    matter = assigned(engine)
    assert send_due(engine, webhook(server), at()).delivered == 1
    assert send_due(engine, webhook(server), at(NOW + timedelta(days=2))).delivered == 0
    (key, said, _) = server.received[0]
    form = base64.b64decode(said.pop("docx_base64"))
    assert (said.pop("docx_sha256"), said.pop("key")) == (hashlib.sha256(form).hexdigest(), key)
    assert said == {"matter": matter.id, "number": "督〔2026〕1号", "title": "审核评估自评报告", "units": ["甲处"],
                    "form": "registration_form", "form_name": said["form_name"], "record": 3}  # fmt: skip
    assert "登记表" in said["form_name"]
    cells = [cell.text for row in read_docx(io.BytesIO(form)).tables[0].rows for cell in row.cells]
    assert "审核评估自评报告" in cells
    with reading(engine) as session:
        (delivery,) = deliveries_of(session, matter.id)
    assert (delivery.state, delivery.message_id, delivery.delivered_at) == ("delivered", "OA-7", NOW)


def test_a_later_try_sends_what_the_first_one_sent(engine: Engine, server: OfficeAutomationServer) -> None:
    server.answer = lambda number: (500, b"") if number == 0 else (200, b"")
    matter = assigned(engine)
    send_due(engine, webhook(server), at())
    matter = act(engine, matter, "acknowledge", "2026-01-08", UNIT, signed_by="王五")
    act(engine, matter, "report", "2026-01-09", UNIT, result="完成")
    server.now = NOW + timedelta(hours=1)
    send_due(engine, webhook(server), at(server.now))
    first, second = server.received
    assert first == second


def test_a_form_has_the_same_bytes_whenever_it_is_drawn() -> None:
    drawn = []
    for second in (0, 58):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr(zipfile.ZipInfo("word/document.xml", (2026, 6, 1, 2, 0, second)), "<w:t>甲</w:t>")
        drawn.append(out.getvalue())
    assert drawn[0] != drawn[1]
    assert reproducible(drawn[0]) == reproducible(drawn[1])


def test_an_urging_is_sent_as_it_was_issued(engine: Engine, server: OfficeAutomationServer) -> None:
    matter = act(engine, assigned(engine), "urge", "2026-05-04", channel="oa")
    act(engine, matter, "record_urging", "2026-05-05", signed_by="金丝雀")
    assert send_due(engine, webhook(server), at()).delivered == 2
    said = server.received[1][1]
    assert said["form"] == "urging_notice"
    cells = [
        cell.text
        for row in read_docx(io.BytesIO(base64.b64decode(said["docx_base64"]))).tables[0].rows
        for cell in row.cells
    ]
    assert "金丝雀" not in cells


def test_what_was_issued_by_hand_is_not_sent(engine: Engine, server: OfficeAutomationServer) -> None:
    matter = opened(engine)
    matter = act(engine, matter, "register", "2026-01-06", route="direct", approved_by="主任")
    act(engine, matter, "assign", "2026-01-07", channel="oa", message_id="OA-1")
    assert send_due(engine, webhook(server), at()).delivered == 0
    assert server.received == []


def test_the_signature_is_what_its_description_says() -> None:
    body = '{"甲":1}'.encode()
    assert sign("k" * 16, "1780279200", body) == (
        "v1=" + hashlib_hmac(b"k" * 16, b'1780279200.{"\xe7\x94\xb2":1}')
    )  # fmt: skip
    moment = datetime.fromtimestamp(1780279200, UTC)
    good = sign(SECRET, "1780279200", body)
    assert verify(SECRET, "1780279200", good, body, now=moment + timedelta(seconds=300))
    assert not verify(SECRET, "1780279200", good, body, now=moment + timedelta(seconds=301))
    assert not verify(SECRET, "1780279200", good, body + b" ", now=moment)
    assert not verify(SECRET, "1780279201", good, body, now=moment)
    assert not verify("other-secret-of-16", "1780279200", good, body, now=moment)
    for stamp in ("", "-1", "١٧٨", "1e9", "9" * 40):
        assert not verify(SECRET, stamp, good, body, now=moment)


def hashlib_hmac(secret: bytes, signed: bytes) -> str:
    """HMAC as RFC 2104 writes it down, beside the library's."""
    key = secret.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(part ^ 0x36 for part in key) + signed).digest()
    return hashlib.sha256(bytes(part ^ 0x5C for part in key) + inner).hexdigest()


# what becomes of it


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
def test_a_refusal_is_not_tried_again_and_the_patrol_shows_it(database_url: str, status: int) -> None:
    engine = connect(database_url)
    with_units(engine, 甲处=None)
    with serving(OfficeAutomationServer(now=NOW, answer=lambda _: (status, "缺少\n流程".encode()))) as server:
        matter = assigned(engine)
        assert send_due(engine, webhook(server), at()).given_up == 1
        assert send_due(engine, webhook(server), at(NOW + timedelta(days=9))).given_up == 0
    assert len(server.received) == 1
    assert states(engine, matter.id) == [("given_up", 1, f"OA 没有接收（HTTP {status}）：缺少\\n流程")]
    with reading(engine) as session:
        found = [row for row in patrol(session, today=NOW.date()) if row.kind == "oa_undelivered"]
    assert [(row.matter_id, f"HTTP {status}" in row.what) for row in found] == [(matter.id, True)]
    engine.dispose()


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 302])
def test_a_passing_failure_is_tried_again(database_url: str, status: int) -> None:
    engine = connect(database_url)
    with_units(engine, 甲处=None)
    with serving(OfficeAutomationServer(answer=lambda number: (status if number == 0 else 200, b""))) as server:
        server.headers = {"Location": "/elsewhere"}
        matter, now = assigned(engine), NOW
        for delivered in (0, 0, 1):  # at once; before its time; after it
            server.now = now
            assert send_due(engine, webhook(server), at(now)).delivered == delivered
            now = NOW + timedelta(seconds=59) if now == NOW else NOW + timedelta(seconds=76)
    assert states(engine, matter.id) == [("delivered", 2, None)]
    assert server.paths == ["/oa", "/oa"]  # nobody went elsewhere
    engine.dispose()


def test_a_flapping_oa_gets_everything_in_the_end(engine: Engine, server: OfficeAutomationServer) -> None:
    turns = {0: 500, 1: 429, 3: 503, 4: 408, 6: 500, 7: 500}
    server.answer = lambda number: (turns.get(number, 200), b"")
    server.pause = lambda number: 0.6 if number in (2, 5) else 0.0  # longer than the sender waits
    made = [assigned(engine, f"事项{number}").id for number in range(4)]
    now = NOW
    for _ in range(12):
        server.now = now
        send_due(engine, webhook(server, seconds=0.3), at(now))
        now += timedelta(hours=8)
    assert {key.rsplit("-", 1)[0] for key in server.keys_received()} == set(made)
    assert all(states(engine, matter)[0][0] == "delivered" for matter in made)
    bodies: dict[str, set[bytes]] = {}
    for key, _, body in server.received:
        bodies.setdefault(key, set()).add(body)
    assert [len(found) for found in bodies.values()] == [1, 1, 1, 1]


def test_an_oa_that_is_away_costs_three_tries_a_round(engine: Engine) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        nobody = OfficeAutomationServer(url=f"http://127.0.0.1:{taken.getsockname()[1]}/")
        made = [assigned(engine, f"事项{number}").id for number in range(5)]
        assert send_due(engine, webhook(nobody), at()).later == 3
    assert [states(engine, matter)[0] for matter in made] == [
        *[("waiting", 1, "无法连接 OA")] * 3, *[("waiting", 0, None)] * 2
    ]  # fmt: skip


def test_twelve_tries_and_no_more(engine: Engine, server: OfficeAutomationServer) -> None:
    server.answer = lambda _: (503, b"")
    matter, now, tried = assigned(engine), NOW, []
    for _ in range(MOST_TRIES + 3):
        server.now = now
        send_due(engine, webhook(server), at(now))
        tried.append(len(server.received))
        now += timedelta(days=1)
    assert tried == [*range(1, 13), 12, 12, 12]
    assert states(engine, matter.id) == [("given_up", 12, "OA 没有接收（HTTP 503）")]


def test_pauses_grow_from_a_minute_to_a_day() -> None:
    minutes = [pause(tries, 0.0) / timedelta(minutes=1) for tries in range(1, 13)]
    assert minutes == [1, 3, 9, 27, 81, 243, 729, 1440, 1440, 1440, 1440, 1440]
    assert pause(1, 1.0) == timedelta(seconds=75)
    assert all(timedelta(minutes=1) <= pause(tries, 0.99) <= timedelta(days=1) for tries in range(1, 13))
    assert sum(minutes[:-1]) / 1440 > 4  # a weekend, and more


def test_an_answer_that_is_no_json_is_still_an_arrival(engine: Engine, server: OfficeAutomationServer) -> None:
    answers = [b"ok", b"[]", b'{"message_id": 7}', b'{"message_id": "a\\nb"}', b'{"message_id": "' + b"x" * 201 + b'"}']
    server.answer = lambda number: (200, answers[number])
    made = [assigned(engine, f"事项{number}").id for number in range(len(answers))]
    assert send_due(engine, webhook(server), at()).delivered == len(answers)
    with reading(engine) as session:
        assert {found.message_id for matter in made for found in deliveries_of(session, matter)} == {None}


def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(engine: Engine, tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "key", "-out", tmp_path / "cert"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with listening.accept()[0] as plain:
                try:
                    with context.wrap_socket(plain, server_side=True) as secured:
                        seen.append(secured.recv(100))
                except OSError:
                    return

        thread = threading.Thread(target=answer)
        thread.start()
        settings = WebhookSettings(f"https://127.0.0.1:{listening.getsockname()[1]}/", SECRET)
        matter = assigned(engine)
        send_due(engine, Webhook(settings), at())
        thread.join()
    assert states(engine, matter.id) == [("waiting", 1, "OA 的证书没有通过验证")]
    assert not any(seen)


def test_no_password_of_the_system_is_sent_along(
    server: OfficeAutomationServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login root password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    webhook(server).deliver(message(), now=NOW)
    assert server.authorizations == [None]


def message(**change: Any) -> Message:
    usual: dict[str, Any] = {
        "key": "k-3", "matter_id": "k", "number": None, "title": "题", "units": ("甲处",), "form": "registration_form",
        "form_name": "登记表", "record_number": 3, "docx": b"docx",
    }  # fmt: skip
    return Message(**(usual | change))


# senders beside one another, and senders that die


def test_two_senders_at_once_send_everything_once(engine: Engine, server: OfficeAutomationServer) -> None:
    server.pause = lambda _: 0.02
    made = [assigned(engine, f"事项{number}").id for number in range(12)]
    others = [connect(engine.url.render_as_string(hide_password=False)) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda other: send_due(other, webhook(server), at()), others))
    for other in others:
        other.dispose()
    assert sum(sent.delivered for sent in found) == 12
    assert sorted(server.keys_received()) == sorted(f"{matter}-3" for matter in made)


def test_nobody_claims_a_parcel_while_its_lease_runs(engine: Engine, server: OfficeAutomationServer) -> None:
    matter = assigned(engine)
    with writing(engine) as session:
        first = claim_parcel(session, now=NOW)  # and its sender dies
    assert first is not None
    for moment, delivered in ((NOW + LEASE - timedelta(seconds=1), 0), (NOW + LEASE, 1)):
        server.now = moment
        assert send_due(engine, webhook(server), at(moment)).delivered == delivered
    assert states(engine, matter.id) == [("delivered", 2, None)]
    with writing(engine) as session:  # the first one was only slow
        record_failure(session, first, "迟到", final=True, now=NOW + LEASE, chance=0.0)
    assert states(engine, matter.id) == [("delivered", 2, None)]


def test_a_late_failure_does_not_undo_a_newer_claim_but_a_late_arrival_counts(engine: Engine) -> None:
    matter = assigned(engine)
    with writing(engine) as session:
        first = claim_parcel(session, now=NOW)
    with writing(engine) as session:
        second = claim_parcel(session, now=NOW + LEASE)
    assert first is not None
    assert second is not None
    assert (first.key, second.tries) == (second.key, 2)
    with writing(engine) as session:
        again = record_failure(session, first, "迟到", final=True, now=NOW + LEASE, chance=0.0)
    assert again == NOW + 2 * LEASE
    with writing(engine) as session:
        record_delivered(session, first, "OA-1", now=NOW + LEASE)
    assert states(engine, matter.id) == [("delivered", 2, None)]


def test_a_sender_that_dies_every_time_does_not_try_for_ever(engine: Engine) -> None:
    matter, now = assigned(engine), NOW
    for _ in range(MOST_TRIES):
        with writing(engine) as session:
            assert claim_parcel(session, now=now) is not None
        now += LEASE
    with writing(engine) as session:
        assert claim_parcel(session, now=now) is None
    ((state, tries, error),) = states(engine, matter.id)
    assert (state, tries) == ("given_up", 12)
    assert "没有结果" in (error or "")


def test_senders_that_are_killed_lose_nothing(engine: Engine) -> None:
    found = survive(engine, kills=5, parcels=12, seed=7)
    assert found.sendings >= found.parcels


def test_other_writers_work_while_oa_is_slow(engine: Engine, server: OfficeAutomationServer) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_: int) -> float:
        begun.set()
        go_on.wait(10)
        return 0.0

    server.pause = slow
    matter = assigned(engine)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send_due, engine, webhook(server, 20.0), at())
        assert begun.wait(10)
        act(engine, matter, "acknowledge", "2026-01-08", UNIT, signed_by="王五")
        go_on.set()
        assert sending.result().delivered == 1


# the watched folder


@pytest.fixture
def base(tmp_path: Path) -> Path:
    made = tmp_path / "oa"
    (made / "in").mkdir(parents=True)
    return made


def receive(base: Path, name: str = "r.json", **change: Any) -> Path:
    path = base / "in" / name
    said = {"unit": "甲处", "signed_by": "王五", "on": "2026-01-08", "kind": "acknowledge"} | change
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return path


def age(path: Path, seconds: float) -> None:
    moment = NOW.timestamp() - seconds
    os.utime(path, (moment, moment))


def test_a_form_is_put_into_the_folder_whole(engine: Engine, base: Path) -> None:
    matter = assigned(engine)
    assert send_due(engine, Folder(FolderSettings(base)), at()).delivered == 1
    key = f"{matter.id}-3"
    assert sorted(os.listdir(base / "out")) == [f"{key}.docx", f"{key}.json"]
    said = json.loads((base / "out" / f"{key}.json").read_text(encoding="utf-8"))
    form = (base / "out" / said["file"]).read_bytes()
    assert (said["docx_sha256"], said["key"], said["title"]) == (
        hashlib.sha256(form).hexdigest(), key, "审核评估自评报告"
    )  # fmt: skip
    with reading(engine) as session:
        assert deliveries_of(session, matter.id)[0].message_id == f"{key}.json"


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


def read(engine: Engine, matter_id: str) -> Any:
    from service.usecases.act_on_matter import read_matter

    with reading(engine) as session:
        return read_matter(session, matter_id).matter.records


def test_a_receipt_that_was_recorded_but_not_moved_is_moved(engine: Engine, base: Path) -> None:
    matter = assigned(engine)
    path = receive(base, matter=matter.id)
    raw = path.read_bytes()
    take_receipts(engine, base, at())
    path.write_bytes(raw)  # as if the worker had died before it moved the file
    take_receipts(engine, base, at())
    assert len(read(engine, matter.id)) == 4
    assert len(os.listdir(base / "in" / "done")) == 2
    assert not path.exists()


def test_the_receipt_of_an_urging_is_recorded_by_the_office(engine: Engine, base: Path) -> None:
    matter = act(engine, assigned(engine), "urge", "2026-05-04", channel="oa")
    receive(base, matter=matter.id, kind="urging", on="2026-05-05")
    assert take_receipts(engine, base, at()).recorded == 1
    record = read(engine, matter.id)[-1]
    assert (record.action, record.actor.kind, record.details["signed_by"]) == ("record_urging", "office", "王五")
    with reading(engine) as session:
        assert "receipt_missing" not in {row.kind for row in patrol(session, today=NOW.date())}


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
    assert len(read(engine, matter.id)) == 3


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
    assert len(read(engine, matter.id)) == 3


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
    assert [len(read(engine, matter)) for matter in made] == [4] * 6
    assert sorted(os.listdir(base / "in")) == ["done"]
    assert len(os.listdir(base / "in" / "done")) == 6


# the commands and the interface


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    for name in ("WENZE_OA_URL", "WENZE_OA_SECRET", "WENZE_OA_FOLDER"):
        monkeypatch.delenv(name, raising=False)
    return lambda *words: CliRunner().invoke(main, ["oa", *words])


def test_without_oa_the_command_says_what_to_set(run: Callable[..., Any]) -> None:
    said = run("run")
    assert (said.exit_code, said.stderr.count("\n")) == (1, 1)
    assert "WENZE_OA_URL" in said.stderr
    assert "WENZE_OA_FOLDER" in said.stderr


def test_the_commands_send_show_and_try_again(
    run: Callable[..., Any], engine: Engine, server: OfficeAutomationServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.now = None  # the command asks the machine's clock
    server.answer = lambda number: (422, "缺附件".encode()) if number == 0 else (200, b"")
    monkeypatch.setenv("WENZE_OA_URL", server.url)
    monkeypatch.setenv("WENZE_OA_SECRET", SECRET)
    assigned(engine)
    assert "待发送 1 件，已送达 0 件，放弃 0 件" in run("status").stdout
    sent = run("run")
    assert (sent.exit_code, sent.stdout) == (0, "送达 0 件，稍后再试 0 件，放弃 1 件\n")
    assert "缺附件" not in sent.stderr
    shown = run("status").stdout
    assert "放弃，已试 1 次：OA 没有接收（HTTP 422）：缺附件" in shown
    assert run("retry", shown.splitlines()[1].split("　")[0]).exit_code == 0
    assert "送达 1 件" in run("run").stdout
    assert run("retry", "1").stderr == "已经送达，不再发送\n"
    assert (run("retry", "99").exit_code, run("retry", "x").exit_code) == (2, 2)
    assert server.forged == 0


def test_a_parcel_that_is_being_sent_is_not_tried_beside_it(run: Callable[..., Any], engine: Engine) -> None:
    assigned(engine)
    with writing(engine) as session:
        claim = claim_parcel(session, now=NOW)
    assert claim is not None
    assert "正在发送" in run("retry", str(claim.parcel_id)).stderr


def test_the_command_reads_receipts_from_the_folder(
    run: Callable[..., Any], engine: Engine, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENZE_OA_FOLDER", str(base))
    receive(base, matter=assigned(engine).id)
    said = run("run")
    assert (said.exit_code, said.stdout) == (
        0, "送达 1 件，稍后再试 0 件，放弃 0 件；回执记入 1 件，退回 0 件，留待下次 0 件\n"
    )  # fmt: skip
    for path in sorted(base.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    base.rmdir()
    gone = run("run")
    assert (gone.exit_code, gone.stderr) == (1, "交换文件夹不能使用：文件夹不存在\n")


def test_the_deliveries_of_a_matter_are_answered(
    app: Flask, client: FlaskClient, server: OfficeAutomationServer
) -> None:
    engine = app.extensions["database"]
    with_units(engine, 甲处=None)
    matter = assigned(engine)
    address = f"/api/v1/matters/{matter.id}/deliveries"
    (row,) = client.get(address).json
    assert (row["state"], row["tries"], row["record"], row["form"]) == ("waiting", 0, 3, "registration_form")
    send_due(engine, webhook(server), at())
    (row,) = client.get(address).json
    assert (row["state"], row["delivered_at"]) == ("delivered", "2026-06-01T02:00:00Z")
    assert client.get("/api/v1/matters/x/deliveries").status_code == 404
    assert app.test_client().get(address).status_code == 401


def test_the_state_of_the_outbox_counts_what_arrived(engine: Engine, server: OfficeAutomationServer) -> None:
    assigned(engine)
    send_due(engine, webhook(server), at())
    with reading(engine) as session:
        state = outbox_state(session)
    assert (state.waiting, state.given_up, state.delivered) == ((), (), 1)
