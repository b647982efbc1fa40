"""JSON lines through the command: how long ten times as many take, and how much memory."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

from models.schemas.reading import read_yaml
from tests.bench.measure import Measure
from tests.conftest import EXAMPLES, ROOT


def run(lines: int) -> tuple[float, int]:
    """Seconds, and peak resident KiB, of ``wenze recommend --format json -`` on that many cases."""
    cases = [orjson.dumps(read_yaml(path.read_bytes())) for path in EXAMPLES]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "cases.jsonl"
        path.write_bytes(b"".join(cases[number % len(cases)] + b"\n" for number in range(lines)))
        start = time.perf_counter()
        child = os.fork()
        if child == 0:
            os.dup2(os.open(path, os.O_RDONLY), 0)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.execv(ROOT / ".venv/bin/wenze", ["wenze", "recommend", "--format", "json", "-"])
        _, status, usage = os.wait4(child, 0)
        if status:
            raise RuntimeError(f"exit status {status}")
        return time.perf_counter() - start, usage.ru_maxrss


def measures(lines: int, rounds: int) -> Iterator[Measure]:
    times, memory, first = [], [], []
    for _ in range(rounds):
        few, many = run(lines // 10), run(lines)
        times.append(many[0])
        memory.append(many[1] / few[1])
        first.append(run(1)[0])
    yield Measure("first_recommendation", "wenze recommend 一份案卷，从启动到结束（秒）", first, None, "at_most")
    yield Measure("json_lines", f"{lines} 行 JSON 的用时（秒）", times, None, "at_most")
    yield Measure("json_lines_memory", f"{lines} 行与其十分之一的内存峰值之比", memory, 1.1, "at_most")
