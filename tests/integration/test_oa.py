"""OA by its web address: what is issued arrives, signed, at least once, under one key. On both databases."""

from __future__ import annotations

import base64
import hashlib
import io
import socket
import ssl
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document as read_docx
from sqlalchemy import Engine

from models.store.database import connect, reading
from service.books import books
from service.cli.oa_round import send_due
from service.config import WebhookSettings
from service.documents.parts.reproducible import reproducible
from service.exchange.signature import sign, verify
from service.exchange.webhook import Webhook
from service.usecases.exchange.deliver_parcels import MOST_TRIES, pause
from service.usecases.exchange.deliveries import deliveries_of
from service.usecases.exchange.patrol import patrol
from tests.issued import ASSIGNING, NOW, UNIT, act, assigned, opened, registered, with_units
from tests.oa_parts import at, message, states, webhook
from tests.oa_server import SECRET, OfficeAutomationServer, serving


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with_units(engine, 甲处=None, 乙处=None)
    return engine


@pytest.fixture
def server() -> Iterator[OfficeAutomationServer]:
    with serving(OfficeAutomationServer(now=NOW)) as made:
        yield made


def test_an_assignment_arrives_signed_with_its_form(engine: Engine, server: OfficeAutomationServer) -> None:
    server.answer = lambda _: (201, b'{"message_id": "OA-7"}')
    matter = assigned(engine)
    assert send_due(engine, webhook(server), at()).delivered == 1
    assert send_due(engine, webhook(server), at(NOW + timedelta(days=2))).delivered == 0
    (key, said, _) = server.received[0]
    form = base64.b64decode(said.pop("docx_base64"))
    assert (said.pop("docx_sha256"), said.pop("key")) == (hashlib.sha256(form).hexdigest(), key)
    assert said == {"matter": matter.id, "number": "督〔2026〕1号", "title": "审核评估自评报告", "units": ["甲处"],
                    "form": "registration_form", "form_name": said["form_name"], "record": ASSIGNING}  # fmt: skip
    assert "登记表" in said["form_name"]
    cells = [cell.text for row in read_docx(io.BytesIO(form)).tables[0].rows for cell in row.cells]
    assert "审核评估自评报告" in cells
    with reading(engine) as session:
        (delivery,) = deliveries_of(session, books(), matter.id)
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
    matter = registered(engine, matter)
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
        found = [row for row in patrol(session, books(), today=NOW.date()) if row.kind == "oa_undelivered"]
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
        assert {found.message_id for matter in made for found in deliveries_of(session, books(), matter)} == {None}


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
