"""What the list of cases and home cost when the cases grow a hundredfold, for whoever sees none, three, or all of them."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path

from flask.testing import FlaskClient

from models.store.database import upgrade
from service.app import create_app
from tests.bench.measure import Measure, in_turn
from tests.integration.page_case import browser
from tests.many_cases import many

_MEMBER, _WAITING, _ASKED = "三案成员", 10, 10
_READERS = {"none": ("旁人", "team_member"), "three": (_MEMBER, "team_member"), "all": ("李四", "office_clerk")}
_LABELS = {"none": "一件也不能查阅", "three": "只能查阅三件", "all": "都能查阅"}


def _clients(folder: Path, size: int) -> dict[str, FlaskClient]:
    """The browsers of the readers at so many cases, of which as many have something left to be done, however many there are."""
    url = f"sqlite:///{folder / f'{size}.sqlite3'}"
    upgrade(url)
    app = create_app(url)
    many(app.extensions["database"], size, of_team=(_MEMBER, 3), waiting=_WAITING)
    with redirect_stderr(io.StringIO()):
        return {name: browser(app, name, *who) for name, who in _READERS.items()}


def measures(sizes: tuple[int, int], rounds: int) -> Iterator[Measure]:
    """Time with many over time with few, in turn."""
    with tempfile.TemporaryDirectory() as name:
        few, much = (_clients(Path(name), size) for size in sizes)
        for reader, label in _LABELS.items():
            for path, page in (("/cases", "案件一览"), ("/", "我的工作")):

                def asked(client: FlaskClient, path: str = path) -> None:
                    with redirect_stderr(io.StringIO()):  # a line of the log for each answer is nobody's reading here
                        for _ in range(_ASKED):
                            assert client.get(path).status_code == 200

                asked(few[reader]), asked(much[reader])
                ratios = in_turn(lambda: asked(few[reader]), lambda: asked(much[reader]), rounds)  # noqa: B023
                what = f"{page}：{sizes[1]}件案件与{sizes[0]}件案件时间之比，{label}的人"
                yield Measure(f"cases_{'list' if path == '/cases' else 'home'}_{reader}", what, ratios, 1.5, "at_most")
