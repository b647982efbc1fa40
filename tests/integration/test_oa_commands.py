"""``wenze oa`` and the deliveries over HTTP, on both databases."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from models.store.database import reading, writing
from service.books import books
from service.cli import main
from service.cli.oa_round import send_due
from service.usecases.exchange.deliver_parcels import claim_parcel
from service.usecases.exchange.deliveries import outbox_state
from tests.issued import ASSIGNING, NOW, assigned, with_units
from tests.oa_parts import at, receive, webhook
from tests.oa_server import SECRET, OfficeAutomationServer, serving


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with_units(engine, 甲处=None, 乙处=None)
    return engine


@pytest.fixture
def server() -> Iterator[OfficeAutomationServer]:
    with serving(OfficeAutomationServer(now=NOW)) as made:
        yield made


@pytest.fixture
def base(tmp_path: Path) -> Path:
    made = tmp_path / "oa"
    (made / "in").mkdir(parents=True)
    return made


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


def test_a_database_that_another_writer_holds_is_not_taken_for_the_folder(
    run: Callable[..., Any], base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: Any) -> None:
        raise TimeoutError(errno.ETIMEDOUT, "another writer holds the lock")

    monkeypatch.setenv("WENZE_OA_FOLDER", str(base))
    monkeypatch.setattr("service.cli.oa.send_due", held)
    said = run("run")
    assert (said.exit_code, "数据库暂时不能使用" in said.stderr, "交换文件夹" in said.stderr) == (1, True, False)


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
    assert run("retry", "1").stderr.splitlines()[1:] == ["已经送达，不再发送"]
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
    assert (gone.exit_code, gone.stderr.splitlines()[1:]) == (1, ["交换文件夹不能使用：文件夹不存在"])


def test_the_deliveries_of_a_matter_are_answered(
    app: Flask, client: FlaskClient, server: OfficeAutomationServer
) -> None:
    engine = app.extensions["database"]
    with_units(engine, 甲处=None)
    matter = assigned(engine)
    address = f"/api/v1/matters/{matter.id}/deliveries"
    (row,) = client.get(address).json
    assert (row["state"], row["tries"], row["record"], row["form"]) == ("waiting", 0, ASSIGNING, "registration_form")
    send_due(engine, webhook(server), at())
    (row,) = client.get(address).json
    assert (row["state"], row["delivered_at"]) == ("delivered", "2026-06-01T02:00:00Z")
    assert client.get("/api/v1/matters/x/deliveries").status_code == 404
    assert app.test_client().get(address).status_code == 401


def test_the_state_of_the_outbox_counts_what_arrived(engine: Engine, server: OfficeAutomationServer) -> None:
    assigned(engine)
    send_due(engine, webhook(server), at())
    with reading(engine) as session:
        state = outbox_state(session, books())
    assert (state.waiting, state.given_up, state.delivered) == ((), (), 1)
