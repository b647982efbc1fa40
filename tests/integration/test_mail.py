"""The day's to-do lists by mail, against a real SMTP server, on both databases."""

from __future__ import annotations

import fcntl
import os
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from models.office import mail
from models.store.database import reading
from service.books import books
from service.cli import mail_round, main
from service.cli.mail_round import mail_lists
from service.config import MailSettings
from service.exchange.post import Letter, MailConnection, NoServer, NotSent, sendable
from service.usecases.exchange.patrol import patrol
from tests.issued import NOW, assigned, with_units
from tests.mail_server import PASSWORD, MailServer, receiving

DAY = date(2026, 6, 1)
OFFICE = "office@example.edu.cn"


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with_units(engine, 甲处="jia@example.edu.cn", 乙处="yi@example.edu.cn", 丙处=None)
    for unit in ("甲处", "乙处", "丙处"):
        assigned(engine, f"{unit}的事项", lead_unit=unit)
    return engine


@pytest.fixture
def server() -> Iterator[MailServer]:
    with receiving(MailServer()) as made:
        yield made


@pytest.fixture
def run(
    engine: Engine, server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:  # fmt: skip
    settings = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False), "WENZE_DATA_DIR": str(tmp_path / "var"),
        "WENZE_SMTP_HOST": "127.0.0.1", "WENZE_SMTP_PORT": str(server.port), "WENZE_SMTP_FROM": "wenze@example.edu.cn",
        "WENZE_SMTP_STARTTLS": "false", "WENZE_OFFICE_EMAIL": OFFICE,
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(main, ["patrol", "--mail", "--today", "2026-06-01", *words])


def settings_of(server: MailServer, **change: Any) -> MailSettings:
    usual: dict[str, Any] = {"host": "127.0.0.1", "port": server.port, "sender": "wenze@example.edu.cn",
                             "office": OFFICE, "user": None, "password": None, "starttls": False}  # fmt: skip
    return MailSettings(**(usual | change))


def letter(recipient: str = "jia@example.edu.cn", subject: str = "待办") -> Letter:
    return Letter(recipient, subject, "内容\n", "k")


def test_each_unit_gets_its_own_list_and_the_office_the_whole(run: Callable[..., Any], server: MailServer) -> None:
    said = run()
    assert said.exit_code == 0
    assert server.recipients() == ["jia@example.edu.cn", OFFICE, "yi@example.edu.cn"]
    unit, whole = (server.to(name).get_content() for name in ("jia@example.edu.cn", OFFICE))
    assert ("甲处的事项" in unit, "乙处的事项" in unit) == (True, False)
    assert all(f"{name}的事项" in whole for name in ("甲处", "乙处", "丙处"))
    assert "有待办而没有登记邮箱的单位：丙处\n" in said.stderr
    assert "已发送 3 封，此前已发送 0 封，没有发出 0 封\n" in said.stderr
    for person in ("李四", "王五", "主任"):
        assert person not in whole


def test_a_letter_is_plain_chinese_text_with_honest_headers(run: Callable[..., Any], server: MailServer) -> None:
    run()
    found = server.to("jia@example.edu.cn")
    assert found["Subject"].startswith("督查督办待办事项（2026年6月1日，")
    assert found.get_content_type() == "text/plain"
    assert found.get_content_charset() == "utf-8"
    assert found["Auto-Submitted"] == "auto-generated"
    assert (found["To"], found["From"]) == ("jia@example.edu.cn", "wenze@example.edu.cn")
    assert found["Message-ID"].endswith("@example.edu.cn>")


def test_a_second_round_of_the_day_sends_nothing_again_and_the_next_day_does(
    run: Callable[..., Any], server: MailServer
) -> None:
    run()
    assert "已发送 0 封，此前已发送 3 封" in run().stderr
    assert len(server.letters) == 3
    run("--today", "2026-06-02")
    assert len(server.letters) == 6
    assert len({found["Message-ID"] for _, found in server.letters}) == 6


def test_a_refused_recipient_is_tried_again_and_the_others_are_sent(
    run: Callable[..., Any], server: MailServer, engine: Engine
) -> None:
    server.refused.add("jia@example.edu.cn")
    said = run()
    assert (said.exit_code, server.recipients()) == (1, [OFFICE, "yi@example.edu.cn"])
    assert "没有发出：jia@example.edu.cn：邮件服务器拒收（550）\n" in said.stderr
    with reading(engine) as session:
        assert not mail.was_sent(session, DAY, "jia@example.edu.cn")
    server.refused.clear()
    assert (run().exit_code, server.recipients()) == (0, ["jia@example.edu.cn", OFFICE, "yi@example.edu.cn"])


def test_a_letter_that_the_server_turns_away_is_sent_by_the_next_round(
    run: Callable[..., Any], server: MailServer
) -> None:
    server.fails = 1
    assert (run().exit_code, len(server.letters)) == (1, 2)
    assert (run().exit_code, len(server.letters)) == (0, 3)


def test_a_server_that_is_down_leaves_everything_for_the_next_round(
    run: Callable[..., Any], server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        monkeypatch.setenv("WENZE_SMTP_PORT", str(taken.getsockname()[1]))
        said = run()
    assert (said.exit_code, said.stderr.count("无法连接邮件服务器")) == (1, 3)
    assert "已发送 0 封，此前已发送 0 封，没有发出 3 封" in said.stderr
    monkeypatch.setenv("WENZE_SMTP_PORT", str(server.port))
    assert (run().exit_code, len(server.letters)) == (0, 3)


def test_two_rounds_at_once_send_each_letter_once(engine: Engine, server: MailServer, tmp_path: Path) -> None:
    with reading(engine) as session:
        findings = list(patrol(session, books(), today=DAY))
    with ThreadPoolExecutor(2) as pool:
        found = list(
            pool.map(
                lambda _: mail_lists(
                    engine, settings_of(server), findings, folder=tmp_path, day=DAY, clock=lambda: NOW
                ),
                range(2),
            )
        )
    assert sorted(mailed.sent for mailed in found) == [0, 3]
    assert len(server.letters) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_round_does_not_wait_for_ever_for_another_one(
    run: Callable[..., Any], server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_round, "WAIT_SECONDS", 0.05)
    assert (run().exit_code, len(server.letters)) == (0, 3)
    with (tmp_path / "var" / "mail.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = run()
    assert (said.exit_code, "正由其他程序占用" in said.stderr, len(server.letters)) == (1, True, 3)
    assert run().exit_code == 0


def test_units_that_share_an_address_share_a_letter(engine: Engine, server: MailServer, tmp_path: Path) -> None:
    with_units(engine, 丁处="JIA@example.edu.cn", 戊处=OFFICE)
    for unit in ("丁处", "戊处"):
        assigned(engine, f"{unit}的事项", lead_unit=unit)
    with reading(engine) as session:
        findings = list(patrol(session, books(), today=DAY))
    mail_lists(engine, settings_of(server), findings, folder=tmp_path, day=DAY, clock=lambda: NOW)
    assert server.recipients() == ["jia@example.edu.cn", OFFICE, "yi@example.edu.cn"]
    shared = server.to("jia@example.edu.cn").get_content()
    assert ("甲处的事项" in shared, "丁处的事项" in shared, "乙处的事项" in shared) == (True, True, False)
    assert "乙处的事项" in server.to(OFFICE).get_content()


@pytest.mark.parametrize(
    "address",
    ["a@b.cn\nBcc: x@y.cn", "a@b.cn\r\n", "a@b.cn\x00", "a@b.cn, c@d.cn", "<a@b.cn>", "甲 <a@b.cn>", "a b@c.cn", "a@",
     "a@b@c.cn", "甲@b.cn", "a@b.cn\u2028x", "\ta@b.cn", "a@b..cn", ""],
    ids=repr,
)  # fmt: skip
def test_an_address_that_is_not_one_plain_mailbox_gets_nothing(server: MailServer, address: str) -> None:
    assert not sendable(address)
    with MailConnection(settings_of(server)) as post, pytest.raises(NotSent):
        post.send(letter(address), now=NOW)
    assert (server.letters, server.connections) == ([], 0)


def test_a_unit_with_a_broken_address_does_not_hold_up_the_others(
    run: Callable[..., Any], engine: Engine, server: MailServer
) -> None:
    with_units(engine, 丁处="x@y.cn\r\nBcc: z@y.cn")
    assigned(engine, "丁处的事项", lead_unit="丁处")
    said = run()
    assert (said.exit_code, len(server.letters)) == (1, 3)
    assert "邮箱地址不能使用" in said.stderr
    assert "\r" not in said.stderr


@pytest.mark.parametrize("cut", ["\n", "\r\n", "\r", "\x0b", "\u2028", "\x85"], ids=repr)
def test_a_subject_cannot_begin_another_header(server: MailServer, cut: str) -> None:
    with MailConnection(settings_of(server)) as post:
        post.send(letter(subject=f"待办{cut}Bcc: x@example.org"), now=NOW)
    (recipients, found) = server.letters[0]
    assert recipients == ["jia@example.edu.cn"]
    assert found["Bcc"] is None
    assert found["Subject"].startswith("待办")


@pytest.mark.parametrize("address", ["a..b@c.cn", ".a@c.cn", "o'neil+x@mail.example.edu.cn"])
def test_an_odd_address_is_left_to_the_server(server: MailServer, address: str) -> None:
    with MailConnection(settings_of(server)) as post:
        post.send(letter(address), now=NOW)
    assert server.recipients() == [address]


def test_a_sender_that_is_no_address_is_not_used(server: MailServer) -> None:
    with (
        MailConnection(settings_of(server, sender="甲 <a@b.cn>\n")) as post,
        pytest.raises(NoServer, match="WENZE_SMTP_FROM"),
    ):
        post.send(letter(), now=NOW)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", made / "key", "-out", made / "cert"],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


def test_a_secured_server_is_logged_in_to(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert", certificate / "key")
    with receiving(MailServer(), context) as server:
        secured = settings_of(server, starttls=True, user="wenze", password=PASSWORD.decode())
        with MailConnection(secured) as post, pytest.raises(NoServer, match="证书"):
            post.send(letter(), now=NOW)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert"))
        with MailConnection(secured) as post:
            post.send(letter(), now=NOW)
            post.send(letter("yi@example.edu.cn"), now=NOW)
        wrong = settings_of(server, starttls=True, user="wenze", password="wrong")
        with MailConnection(wrong) as post, pytest.raises(NoServer, match="WENZE_SMTP_PASSWORD"):
            post.send(letter(), now=NOW)
    assert server.recipients() == ["jia@example.edu.cn", "yi@example.edu.cn"]


def test_a_server_without_starttls_gets_neither_password_nor_letter(server: MailServer) -> None:
    secured = settings_of(server, starttls=True, user="wenze", password="secret")
    with MailConnection(secured) as post, pytest.raises(NoServer, match="STARTTLS"):
        post.send(letter(), now=NOW)
    assert server.letters == []


def test_without_a_mail_server_the_command_says_what_to_set(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WENZE_SMTP_HOST")
    said = run()
    assert (said.exit_code, said.stderr.count("\n")) == (1, 2)  # the database is named, and what to set
    assert "WENZE_SMTP_HOST" in said.stderr
    assert run("--unit", "甲处").exit_code == 2


def test_logs_of_a_round_name_nobody(run: Callable[..., Any], server: MailServer) -> None:
    server.refused.add("jia@example.edu.cn")
    lines = [line for line in run().stderr.splitlines() if line.startswith("{")]
    assert len(lines) == 1
    assert not any(word in lines[0] for word in ("jia", "example", "甲处", "事项"))
    assert os.environ["WENZE_SMTP_FROM"] not in lines[0]
