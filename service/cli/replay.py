"""``wenze replay``: stored cases or a population under one rulebook or two; who changes, from what to what, by which provision."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
import orjson

from models.store.audit_notes import tell
from rules.analysis.amendment import Version, load_version
from rules.analysis.replay import Change
from service.books import books
from service.cli.db import ledger_session
from service.cli.files import whole_file
from service.cli.options import FILE, NAMED, end
from service.documents.analysis.replay_files import Changed, write_json, write_xlsx
from service.documents.analysis.replay_words import FinishedReplay
from service.usecases.analysis.replay import Disagreement, Keep, Replayed, replay_stored

_STORED = "系统中存有的处理建议"


@click.command("replay")
@click.option(
    "--population", type=FILE, metavar="文件", help="人群：.parquet、.csv、.jsonl；不写的，重放系统中存有的处理建议"
)
@click.option(
    "--under", type=NAMED, metavar="规则集", help="规则库文件夹、其中一版的文件夹或者修改稿；默认为本系统所用的一版"
)
@click.option("--and-under", "also", type=NAMED, metavar="规则集", help="与之比较的另一规则集或者修改稿")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="文件夹或文件",
    help="写入的文件夹（还没有的，或者空的），或者 .json、.xlsx、.docx、.pdf、.svg、.png 文件",
)
@click.option(
    "--sample", type=click.IntRange(1), default=50, show_default=True, help="人群每批中由规则引擎逐一核对的行数"
)
@click.option("--seed", type=int, default=1, show_default=True, help="抽样的种子：同一种子抽出同样的行")
def command(population: Path | None, under: Path | None, also: Path | None, out: Path, sample: int, seed: int) -> None:
    """重放：谁的处理建议会变、从什么变为什么、依哪一条。不改变任何已经作出的处理建议和决定，也不写姓名。

    退出码：0 完成；2 输入有误（逐项说明）；1 其他错误，包括列式计算与规则引擎不一致。
    """
    first, second = (load_version(under) if under else Version(books().usual)), load_version(also) if also else None
    before, after = (first, second) if second else (None, first)
    with _written(out) as put, tempfile.TemporaryFile() as spool, _stopped():
        kept = _Kept(spool)
        if population is None:
            with ledger_session() as session:
                tell(session, under=" → ".join(version.book.id for version in (before, after) if version))
                done = replay_stored(session, books(), before.book if before else None, after.book, kept.keep)
                put(_told(before, after, _STORED, True, done), kept)
        else:
            done = _of_population(population, before, after, (sample, seed), kept.keep)
            put(_told(before, after, population.name, False, done), kept)


@contextmanager
def _stopped() -> Iterator[None]:
    try:
        yield
    except Disagreement as error:
        raise click.ClickException(str(error)) from None


def _of_population(
    path: Path, before: Version | None, after: Version, sampling: tuple[int, int], keep: Keep
) -> Replayed:
    from rules.analysis.columns import PopulationError  # here, since its libraries take half of a start-up
    from service.usecases.analysis.replay_population import Sampling, replay_population

    try:
        return replay_population(path, before.book if before else None, after.book, Sampling(*sampling), keep)
    except PopulationError as error:
        end(*str(error).splitlines())


def _told(before: Version | None, after: Version, source: str, stored: bool, done: Replayed) -> FinishedReplay:
    told = FinishedReplay(before, after, source, stored, done.tally, done.sampled, tuple(done.notes))
    tally = done.tally
    click.echo(f"{told.head}：共 {tally.persons} 人" + (f"，{tally.changed} 人有变化" if told.compares else ""))
    for old, new, number in tally.ordered():
        if old != new:
            click.echo(f"  {told.move(old, new) if told.compares else told.state(new)}　{number} 人")
    for name, number in tally.provisions.most_common():
        click.echo(f"  依{told.provision(name)}　{number} 人")
    for note in done.notes:
        click.echo(f"注意：{note}")
    return told


class _Kept:
    """The changes in a file that nobody else sees; gone through as often as there are files to write."""

    def __init__(self, spool: IO[bytes]) -> None:
        self.spool = spool
        self._known: dict[Change, int] = {}

    def keep(self, case: str, person: str, change: Change) -> None:
        place = self._known.setdefault(change, len(self._known))
        self.spool.write(orjson.dumps((case, person, place)) + b"\n")

    def __iter__(self) -> Iterator[tuple[str, str, Change]]:
        changes = list(self._known)
        self.spool.seek(0)
        for line in self.spool:
            case, person, place = orjson.loads(line)
            yield case, person, changes[place]


# --- the files ---


def _drawn(kind: str) -> Callable[[FinishedReplay, Changed, IO[bytes]], None]:
    def draw(told: FinishedReplay, _: Changed, out: IO[bytes]) -> None:
        from service.documents.analysis import replay_report
        from service.documents.drawing import formats
        from service.documents.parts import charts

        if kind in ("svg", "png"):
            spec = replay_report.replay_chart(told)
            out.write(charts.as_svg(spec).encode() if kind == "svg" else charts.as_png(spec))
        else:
            paper = replay_report.replay_paper(told)
            out.write(formats.as_docx(paper) if kind == "docx" else formats.as_pdf(paper))

    return draw


_WRITE: Mapping[str, Callable[[FinishedReplay, Changed, IO[bytes]], None]] = {
    "json": write_json, "xlsx": write_xlsx, **{kind: _drawn(kind) for kind in ("docx", "pdf", "svg", "png")},
}  # fmt: skip
_ALL = ("json", "xlsx", "docx", "svg", "png")
"""What a folder gets."""


@contextmanager
def _written(out: Path) -> Iterator[Callable[[FinishedReplay, Changed], None]]:
    """How the files are written; they are there when the block ends well, and nothing is otherwise."""
    kind = out.suffix.removeprefix(".").lower()
    if kind in _WRITE:
        with whole_file(out) as made:
            yield lambda told, changes: _WRITE[kind](told, changes, made)
        return
    if kind:
        end(f"--out：没有 .{kind} 这种格式；可以是文件夹，或者 {'、'.join(f'.{name}' for name in _WRITE)} 文件")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        end(f"--out：{out} 已经有内容，请另写一个文件夹")
    if not out.resolve().parent.is_dir():
        end(f"--out：没有文件夹 {out.resolve().parent}")
    with tempfile.TemporaryDirectory(dir=out.resolve().parent, prefix=f".{out.name}.") as folder:
        made_in = Path(folder) / "whole"
        made_in.mkdir()
        yield lambda told, changes: _fill(made_in, told, changes)
        made_in.replace(out)
    click.echo(f"已写入 {out}", err=True)


def _fill(folder: Path, told: FinishedReplay, changes: Changed) -> None:
    for kind in _ALL:
        with (folder / f"replay.{kind}").open("wb") as out:
            _WRITE[kind](told, changes, out)
