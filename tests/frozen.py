"""What a user sees of the demonstration year, as text: for comparing one state of the code with another.

``python -m tests.frozen folder`` writes every text into a folder; two folders of two commits are compared by any program. Written on
a fixed day; what is random (ids, secrets, hashes) is numbered in the order in which it appears.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
import tempfile
import uuid
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
import time_machine
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from models.schemas.reading import read_yaml
from models.store.database import upgrade, writing
from service.app import create_app
from service.books import books
from service.documents.writing.recommendation import RecommendationInWords
from service.usecases.administration.demonstration import LogIn, seed
from service.usecases.people.api_tokens import create_token
from service.usecases.recommending.recommend import book_of, recommend
from tests.conftest import EXAMPLES
from tests.integration.pages import counted
from tests.people import attempt

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
_OF_ONE_KIND = 1
"""So many addresses of one route are looked at by each account."""
_RANDOM = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<![\w-])(?=[0-9a-f]*[a-f])[0-9a-f]{12,64}(?![\w-])"
    r"|(?<=问责案件 )[0-9a-f]{8}|(?<=规则版本)[0-9a-f]{8,64}|(?<![\w-])[\w-]{43}(?![\w-])"
)
_API = (
    "access", "assessment?year=2026", "bulletin", "cases", "inspection-duties", "inspections", "matters", "me", "periods",
    "posts", "rating-bars", "rulebooks", "status-table", "todo", "units", "written-report", "openapi.json",
)  # fmt: skip
_OF_CASE = ("", "/attachments", "/checkup", "/duties", "/history", "/papers", "/points")
_OF_MATTER = ("", "/attachments", "/case", "/deliveries", "/recommendations", "/registration-form", "/urging-notice")


@dataclass(frozen=True, slots=True)
class Surface:
    """What was answered. statements: how many the database was asked for it, None where none was asked."""

    text: str
    statements: int | None = None


def surfaces() -> Iterator[tuple[str, Surface]]:
    """Everything, by name."""
    with time_machine.travel(NOW, tick=False), _ids_in_order(), tempfile.TemporaryDirectory() as folder:
        yield from _of_examples()
        url = f"sqlite:///{folder}/demonstration.sqlite3"
        upgrade(url)
        app = create_app(url)
        with writing(app.extensions["database"]) as session:
            people = seed(session, books(), now=NOW)
            secrets = {login: create_token(session, "接口", now=NOW, expires_at=None, login=login) for login in ("auditor", "clerk")}  # fmt: skip
        for one in people:
            yield from _crawled(app, one)
        for login, secret in secrets.items():
            client = app.test_client()
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
            yield from _of_interface(app, client, login)
        app.extensions["database"].dispose()


@contextmanager
def _ids_in_order() -> Iterator[None]:
    """Ids by which things of one moment are sorted are given in order."""
    numbers = count(1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(uuid, "uuid4", lambda: uuid.UUID(int=next(numbers) << 96, version=4))
        yield


def numbered(text: str) -> str:
    """A text whose random parts are numbered as they appear."""
    seen: dict[str, str] = {}
    return _RANDOM.sub(lambda found: seen.setdefault(found[0], f"<{len(seen) + 1}>"), text)


def _of_examples() -> Iterator[tuple[str, Surface]]:
    for path in EXAMPLES:
        data: Any = read_yaml(path.read_bytes())
        answer = recommend(data, path.name, books())
        names = {person["id"]: person.get("name") for person in data["persons"]}
        yield f"examples/{path.stem}.json", Surface(numbered(msgspec.json.encode(answer).decode()))
        yield (
            f"examples/{path.stem}.txt",
            Surface(numbered(RecommendationInWords(book_of(answer, books())).render(answer, names))),
        )


def _crawled(app: Flask, one: LogIn) -> Iterator[tuple[str, Surface]]:
    """The pages to which the links of the home page lead somebody."""
    client = app.test_client()
    assert attempt(client, one.login, one.password).status_code == 303
    times: Counter[str] = Counter()
    waiting, known = deque(["/"]), {"/"}
    urls = app.url_map.bind("localhost")
    while waiting:
        path = waiting.popleft()
        endpoint, _ = urls.match(path.partition("?")[0])
        times[endpoint] += 1
        if times[endpoint] > _OF_ONE_KIND:
            continue
        name, surface, links = _page(app, client, path)
        yield f"{one.login}/{endpoint}-{times[endpoint]}", surface
        assert name < 500, path
        for link in links:
            if link.startswith("/") and not link.startswith(("/static", "/api")) and link not in known:
                known.add(link)
                waiting.append(link)


def _page(app: Flask, client: FlaskClient, path: str) -> tuple[int, Surface, list[str]]:
    with counted(app) as asked:
        answer = client.get(path, headers={"Accept": "text/html"})
    if answer.mimetype != "text/html":
        return answer.status_code, Surface(_text(answer.mimetype, answer.data), len(asked)), []
    tree = html.fromstring(answer.data)
    links = sorted({str(link) for link in tree.xpath("//a/@href")})
    return (
        answer.status_code,
        Surface(f"{answer.status_code}\n{_told(tree)}", len(asked)),
        [link.partition("#")[0] for link in links],
    )


def _told(tree: Any) -> str:
    """What a page says, where it leads, and what it lets somebody fill in."""
    for hidden in tree.xpath("//script|//style|//input[@type='hidden']"):
        hidden.drop_tree()
    lines = [" ".join(text.split()) for text in tree.itertext() if text.strip()]
    lines += [f"a {found}" for found in tree.xpath("//a/@href")]
    lines += [
        f"{found.tag} {found.get('name')} {found.get('type')} {found.get('value')} {'required' in found.attrib} {found.get('maxlength')}"
        for found in tree.xpath("//input|//select|//textarea|//button|//option")
    ]
    return numbered("\n".join(lines))


def _of_interface(app: Flask, client: FlaskClient, login: str) -> Iterator[tuple[str, Surface]]:
    listed = {kind: client.get(f"/api/v1/{kind}").json for kind in ("cases", "matters")}
    addresses = {name: name for name in _API}
    for kind, parts in (("cases", _OF_CASE), ("matters", _OF_MATTER)):
        for at, row in enumerate(_rows(listed[kind])):
            addresses |= {f"{kind}-{at}{part}": f"{kind}/{row['id']}{part}" for part in parts}
    for row in _rows(listed["cases"]):
        for paper in client.get(f"/api/v1/cases/{row['id']}/papers").json or ():
            if not isinstance(paper, Mapping) or not paper.get("exists", True):
                continue
            person = f"?person={paper['person']}" if paper.get("person") else ""
            addresses[f"paper-{paper.get('name')}-{paper.get('person')}-{row['title'][:8]}"] = (
                f"cases/{row['id']}/papers/{paper.get('name')}{person}"
            )
    for name, address in addresses.items():
        with counted(app) as asked:
            answer = client.get(f"/api/v1/{address}")
        yield f"api-{login}/{name}", Surface(f"{answer.status_code}\n{_text(answer.mimetype, answer.data)}", len(asked))


def _rows(answer: Any) -> list[Any]:
    return answer[:2] if isinstance(answer, list) else []


def _text(mimetype: str, data: bytes) -> str:
    if mimetype.endswith("wordprocessingml.document"):
        body = Document(io.BytesIO(data)).element.body
        return numbered("\n".join("".join(part.itertext()) for part in body.iterchildren()))
    if mimetype in ("application/zip", "application/pdf") or mimetype.startswith("image/") or "spreadsheet" in mimetype:
        return mimetype
    return numbered(data.decode(errors="replace"))


def digests(found: Mapping[str, Surface]) -> dict[str, list[Any]]:
    """Name → the beginning of the hash of its text, and its statements."""
    return {
        name: [hashlib.sha256(one.text.encode()).hexdigest()[:16], one.statements]
        for name, one in sorted(found.items())
    }


def main(folder: Path) -> None:
    """Every text, and ``frozen.json`` with all digests, which the test compares with its own under ``tests/data``."""
    folder.mkdir(parents=True, exist_ok=True)
    found = dict(surfaces())
    for name, one in found.items():
        place = folder / f"{name.replace('/', '__').replace('?', '_')}.txt"
        place.write_text(f"{one.text}\n# {one.statements}\n", encoding="utf-8")
    rows = (f"{orjson.dumps(name).decode()}: {orjson.dumps(row).decode()}" for name, row in digests(found).items())
    (folder / "frozen.json").write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
