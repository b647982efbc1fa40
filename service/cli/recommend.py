"""``wenze recommend``: case files in, recommendations out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec

from models.schemas.errors import CaseFileError
from models.schemas.reading import Unreadable, read_json, read_yaml
from rules.answering import written
from rules.latitude.answer import Admissible
from rules.reasoning.answer import Recommendation
from service.books import books
from service.documents.recommending import latitude as latitude_report
from service.documents.writing.recommendation import RecommendationInWords
from service.usecases.recommending.recommend import book_of, recommend
from service.usecases.recommending.tell_latitude import latitude

_MAX_LINE = 1 << 20
_MANY = 20
"""More files than this are long work: a terminal sees how far it has come."""


@click.command("recommend")
@click.argument("cases", nargs=-1, required=True, metavar="案卷…")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="text 为报告，json 每案一行"
)
@click.option(
    "--admissible", is_flag=True, help="另附裁量空间：可以作出的全部处理、排除其余的条款；json 只输出裁量空间"
)
@click.option(
    "--disputed",
    type=click.DateTime(["%Y-%m-%d"]),
    multiple=True,
    metavar="日期",
    help="有争议的督办行为的日期，可以重复（须与 --admissible 同用）",
)
def command(cases: tuple[str, ...], form: str, admissible: bool, disputed: tuple[datetime, ...]) -> None:
    """对每份案卷（YAML 或 JSON；“-”从标准输入逐行读 JSON）给出处理建议。

    退出码：0 完成；2 输入有误（逐项说明字段和允许的取值）；1 其他错误。
    """
    if disputed and not admissible:
        raise click.UsageError("--disputed 须与 --admissible 同用")
    days = tuple(day.date() for day in disputed) if admissible else None
    failed = False
    sources: Iterable[tuple[str, Any]] = _sources(cases)
    aside: Callable[[], AbstractContextManager[None]] = nullcontext
    if sys.stderr.isatty() and ("-" in cases or len(cases) > _MANY):
        from tqdm import tqdm  # here, since a single case has no bar

        total = None if "-" in cases else len(cases)
        sources = tqdm(sources, total=total, unit="案", file=sys.stderr, leave=False)
        aside = tqdm.external_write_mode  # the bar steps aside where it shares a terminal with what is told
    for label, read in sources:
        try:
            data = read()
            answer = recommend(data, label, books())
            space = latitude(data, books(), days) if days is not None else None
        except (Unreadable, OSError) as error:
            failed = True
            with aside():
                click.echo(f"{label}：{_plain(error)}", err=True)
        except CaseFileError as error:
            failed = True
            with aside():
                for fault in error.errors:
                    click.echo(f"{label}：{fault}", err=True)
        else:
            with aside():
                _write(answer, space, data, form)
    sys.stdout.flush()
    sys.exit(2 if failed else 0)


def _plain(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "文件不存在"
    if isinstance(error, IsADirectoryError):
        return "这是文件夹，不是案卷文件"
    return f"无法读取（{error.strerror}）" if isinstance(error, OSError) else str(error)


def _write(answer: Recommendation, space: Admissible | None, data: Any, form: str) -> None:
    if form == "json":
        told = answer if space is None else msgspec.structs.replace(space, case=answer.case)
        sys.stdout.buffer.write(written(told) + b"\n")
        return
    names = {person["id"]: person.get("name") for person in data["persons"]}
    text = RecommendationInWords(book_of(answer, books())).render(answer, names) + (
        "" if space is None else "\n" + latitude_report.render(space, names)
    )
    sys.stdout.buffer.write(text.encode() + b"\n")


def _sources(cases: Iterable[str]) -> Iterator[tuple[str, Any]]:
    for case in cases:
        if case == "-":
            yield from _lines(sys.stdin.buffer)
        else:
            yield case, lambda case=case: _read_file(Path(case))


def _read_file(path: Path) -> Any:
    if path.stat().st_size > _MAX_LINE:
        raise Unreadable(f"案卷过大，最多 {_MAX_LINE} 字节")
    raw = path.read_bytes()
    return read_json(raw) if path.suffix.lower() == ".json" else read_yaml(raw)


def _lines(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    number = 0
    while line := stream.readline(_MAX_LINE + 1):
        number += 1
        too_long = len(line) > _MAX_LINE and not line.endswith(b"\n")
        while too_long and (rest := stream.readline(_MAX_LINE)) and not rest.endswith(b"\n"):
            pass
        if line.strip():
            yield f"第{number}行", lambda line=line, too_long=too_long: _read_line(line, too_long)


def _read_line(line: bytes, too_long: bool) -> Any:
    if too_long:
        raise Unreadable(f"一行过长，最多 {_MAX_LINE} 字节")
    return read_json(line)
