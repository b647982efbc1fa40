"""A real browser against the real server; nothing outside this machine can be reached."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT
from tests.e2e.school import STILL, School, demonstration

WENZE = ROOT / ".venv/bin/wenze"


@dataclass(frozen=True)
class Service:
    url: str
    token: str
    printed: str
    folder: Path


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "测试需要 Chromium，请先执行 make setup"
    arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    cheap = ["--renderer-process-limit=1", "--disable-gpu"]  # no renderer in reserve, no graphics processor imitated
    return {"executable_path": found, "args": [*arguments, nowhere, *cheap]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | STILL


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """``wenze serve --sample`` in a folder of its own, and the token that it prints."""
    folder: Path = tmp_path_factory.mktemp("service")
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    sample = ROOT / "examples/plan-task-missed.yaml"
    command = [WENZE, "serve", "--port", str(port), "--workers", "1", "--sample", sample]
    with open(folder / "out", "wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.DEVNULL)
    try:
        _wait(url, process)
        printed = (folder / "out").read_text(encoding="utf-8")
        yield Service(
            url, next(word for word in printed.split("：") if word.startswith("wenze_")).split()[0], printed, folder
        )
    finally:
        process.terminate()
        process.wait(60)  # a busy machine takes long


@pytest.fixture
def school(one_school: School) -> Iterator[School]:
    """The school; whoever came to it in a test goes again at its end."""
    yield one_school
    one_school.close()


@pytest.fixture(scope="session")
def one_school(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[School]:
    """A demonstration year, and ``wenze serve`` in its folder."""
    folder: Path = tmp_path_factory.mktemp("school")
    passwords, port = demonstration(folder), _free_port()
    url = f"http://127.0.0.1:{port}"
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [WENZE, "serve", "--port", str(port), "--workers", "1"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=quiet, stderr=quiet)
    try:
        _wait(url, process)
        yield School(url, passwords, browser, folder, shots=pytestconfig.getoption("--screenshot") == "on")
    finally:
        process.terminate()
        process.wait(60)  # a busy machine takes long


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(6000):  # a busy machine takes long
        assert process.poll() is None
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("服务没有启动")
