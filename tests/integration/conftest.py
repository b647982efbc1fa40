"""The application on a real database, and a client that may use it."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, make_url

from models.people.units import Unit
from models.store.database import connect, writing
from service.app import create_app
from service.auth import Remembered
from service.usecases.people.api_tokens import create_token
from tests import backdated, postgres
from tests.entering import Entering
from tests.integration.page_case import entering
from tests.integration.stages import History, Kept, Stage
from tests.registered import Registering

backdated.install()
TOKEN = "接口"
"""What the token of no person is called: by no name of an account, which it might not bear."""


def new_token(app: Flask) -> str:
    with writing(app.extensions["database"]) as session:
        return create_token(session, TOKEN, now=datetime.now(UTC), expires_at=None)


@pytest.fixture(scope="session")
def one_app() -> Flask:
    """The application, made once a process: what it takes to make it is most of what a short test takes."""
    made = create_app("sqlite://")
    made.extensions["database"].dispose()
    return made


class Engines(dict[str, Engine]):
    """An engine for every server, and one for the embedded databases, which is led from file to file: each is made once a process.

    What an engine has compiled serves all later tests; to compile it anew is a quarter of what a short test takes."""

    def at(self, url: str) -> Engine:
        embedded = url.startswith("sqlite")
        kind = "sqlite" if embedded else url
        if kind not in self:
            self[kind] = connect(url)
            if embedded:
                event.listen(self[kind], "do_connect", self._lead)
        self[kind].url = make_url(url)
        return self[kind]

    def _lead(self, _: Any, __: Any, words: list[str], ___: Any) -> None:
        words[0] = str(self["sqlite"].url.database)


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    made = Engines()
    yield made
    for engine in made.values():
        engine.dispose()


@pytest.fixture
def database(engines: Engines, database_url: str) -> Iterator[Engine]:
    """Each database in turn, migrated and empty."""
    found = engines.at(database_url)
    yield found
    if found.dialect.name == "sqlite":
        found.dispose()


@pytest.fixture
def engine(database: Engine) -> Engine:
    """The same; what a file fills with what its tests need."""
    return database


@pytest.fixture
def app(one_app: Flask, database: Engine) -> Iterator[Flask]:
    """The application on each database in turn, with nothing remembered of another test."""
    kept = one_app.test_client_class
    one_app.extensions |= {"database": database, "tokens": Remembered()}
    one_app.test_client_class = Registering
    yield one_app
    one_app.test_client_class = kept


@pytest.fixture(scope="session")
def stages() -> dict[History, Kept]:
    return {}


@pytest.fixture
def stage(
    request: pytest.FixtureRequest, app: Flask, stages: dict[History, Kept], tmp_path_factory: pytest.TempPathFactory
) -> Stage:
    """Where the history that the test names has come to."""
    history: History = request.param
    if app.extensions["database"].dialect.name != "sqlite":
        client = entering(app)
        return Stage(client, history(client))
    if history not in stages:
        stages[history] = Kept.of(app, history, tmp_path_factory.mktemp("stage") / "test.sqlite3")
    return stages[history].copied(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return Entering.at(app, new_token(app))


@pytest.fixture
def office(app: Flask, client: FlaskClient) -> FlaskClient:
    """A client at a ledger whose school has two units."""
    with writing(app.extensions["database"]) as session:
        session.add_all([Unit(name=name, from_on=date(2020, 1, 1)) for name in ("甲处", "乙处")])
    return client


@pytest.fixture(scope="session")
def processes() -> ForkServerContext:
    """Processes that share nothing with this one, each forked from one that has loaded what writes."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.test_store"])
    return context


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Flask]:
    """The application on one embedded database, for tests that do not concern the database."""
    found: Path = tmp_path_factory.mktemp("embedded") / "test.sqlite3"
    shutil.copyfile(migrated, found)
    url = f"sqlite:///{found}"
    made = create_app(url)
    yield made
    made.extensions["database"].dispose()


@pytest.fixture(scope="module")
def token(embedded: Flask) -> str:
    return new_token(embedded)


@pytest.fixture
def user(embedded: Flask, token: str) -> FlaskClient:
    return Entering.at(embedded, token)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated: Path
) -> Iterator[Engine]:
    """Each database in turn, migrated and empty, for all tests of a file."""
    if request.param == "postgresql":
        made = connect(request.getfixturevalue("postgresql").database())
    else:
        made = connect(f"sqlite:///{shutil.copyfile(migrated, tmp_path_factory.mktemp('lasting') / 'test.sqlite3')}")
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any migration."""
    if request.param == "postgresql":
        server: postgres.Server = request.getfixturevalue("postgresql")
        return server.database(migrated=False)
    return f"sqlite:///{tmp_path / 'updown.sqlite3'}"
