"""The command as a process: what a terminal shows, and what a pipe gets."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
import termios
import time
from pathlib import Path

import orjson
from click.testing import CliRunner

from service.cli import main
from tests.conftest import ROOT, example

WENZE = ROOT / ".venv/bin/wenze"
CASES = 100
LINES = b"".join(orjson.dumps(example("plan-task-missed")) + b"\n" for _ in range(CASES))


def on_a_terminal(tmp_path: Path, *, stdout_too: bool) -> tuple[str, bytes]:
    """What the terminal shows, and what a file gets, of so many cases."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(LINES)
    outer, inner = pty.openpty()
    termios.tcsetwinsize(inner, (24, 100))
    with source.open("rb") as given, target.open("wb") as kept:
        process = subprocess.Popen(
            [WENZE, "recommend", "--format", "json", "-"],
            stdin=given,
            stdout=inner if stdout_too else kept,
            stderr=inner,
        )
        os.close(inner)
        shown = b""
        try:
            while part := os.read(outer, 65_536):
                shown += part
        except OSError:  # the other end is closed
            pass
        assert process.wait() == 0
    os.close(outer)
    return shown.decode(), target.read_bytes()


def test_a_terminal_sees_how_far_the_work_has_come(tmp_path: Path) -> None:
    shown, kept = on_a_terminal(tmp_path, stdout_too=False)
    assert "案/s" in shown
    assert len([json.loads(line) for line in kept.splitlines()]) == CASES


def test_results_stay_whole_where_the_bar_shares_their_terminal(tmp_path: Path) -> None:
    shown, _ = on_a_terminal(tmp_path, stdout_too=True)
    lines = [line[line.index('{"case"') :] for line in shown.splitlines() if '{"case"' in line]
    assert [json.loads(line)["notice"] for line in lines] == ["仅供调查组和学校党委参考，不构成问责决定"] * CASES


def test_a_pipe_gets_no_bar() -> None:
    done = subprocess.run([WENZE, "recommend", "--format", "json", "-"], input=LINES, capture_output=True, check=True)
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == CASES


def test_a_missing_file_is_told_and_the_others_are_answered() -> None:
    command = ["recommend", "--format", "json", "没有.yaml", str(ROOT / "examples/plan-task-missed.yaml")]
    done = CliRunner().invoke(main, command)
    assert (done.exit_code, done.stderr) == (2, "没有.yaml：文件不存在\n")
    assert len(done.stdout.splitlines()) == 1


def test_a_database_that_is_not_there_is_one_line() -> None:
    env = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run([WENZE, "serve"], capture_output=True, env=env)
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
    assert "无法连接数据库" in done.stderr.decode()


def test_a_wrong_setting_ends_the_service_before_it_starts() -> None:
    settings = {"WENZE_DUE_RED_DAYS": "99", "WENZE_DUE_YELLOW_DAYS": "7"}
    done = CliRunner().invoke(main, ["serve"], env=settings)
    assert (done.exit_code, "WENZE_DUE_RED_DAYS" in done.stderr, done.stdout) == (2, True, "")


def test_an_address_that_cannot_be_read_is_not_in_the_log(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "WENZE_DATA_DIR": str(tmp_path)
    }
    command = [WENZE, "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as server:
        try:
            answer = _asked(port, "GET /calendar/canary-secret.ics?unit=喆堃昇珺 HTTP/1.1\r\n\r\n".encode())
        finally:
            server.terminate()
        said = server.communicate(timeout=300)[1].decode()
    assert answer.startswith(b"HTTP/1.1 400")
    assert "Invalid request" in said
    assert "canary" not in said
    assert "calendar" not in said


def _asked(port: int, raw: bytes) -> bytes:
    """The answer of a server that may still be starting."""
    for _ in range(6000):  # a busy machine takes long
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                line.sendall(raw)
                return line.recv(4096)
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("服务没有启动")
