"""Shared by all tests: the rulebook made ready, and the worked cases."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from models.schemas.reading import read_yaml
from models.store.database import upgrade
from service.books import books
from service.usecases.people import accounts
from service.usecases.recommending.recommend import recommend
from tests import postgres
from tests.answers import answered
from tests.memory import memory

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))

OWN_SESSION = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "pytest_bdd.plugin"}
"""The environment of a test session that a test starts: to load every plugin that is installed takes longer than its tests."""
_PRODUCTS = accounts.HASHER
accounts.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Passwords are hashed in no time: each of some thousand log-ins takes a tenth of a second else. Here, since a run of one folder
imports the next conftest before it is configured. What shows something of the real cost asks for ``dear_passwords``."""


def pytest_configure(config: pytest.Config) -> None:
    """Files of the tests lie in memory."""
    if (room := memory()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", room)


def pytest_collection_finish() -> None:
    """What is loaded by now stays, and the collector of rubbish need not go through all of it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def hasher_of_the_product() -> PasswordHasher:
    return _PRODUCTS


@pytest.fixture
def dear_passwords(hasher_of_the_product: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing a password takes as long as in the product: for what happens while it is compared."""
    from tests.people import PASSWORD  # here, since it takes the hasher that is set when it is imported

    monkeypatch.setattr("service.usecases.people.accounts.HASHER", hasher_of_the_product)
    monkeypatch.setattr("service.usecases.people.accounts._NOBODY", [])
    monkeypatch.setattr("tests.people._HASH", hasher_of_the_product.hash(PASSWORD))


def example(name: str) -> dict[str, Any]:
    """A worked case as fresh data, to be changed by a test."""
    data: dict[str, Any] = read_yaml((ROOT / "examples" / f"{name}.yaml").read_bytes())
    return data


@pytest.fixture
def evaluate() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Case data with one person → that person's part of the recommendation."""
    return lambda data: answered(recommend(data, "测试", books()))["persons"]["P1"]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Server]:
    """A real PostgreSQL server, shared by the tests of one process."""
    with postgres.running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database, on SQLite and on PostgreSQL in turn."""
    if request.param == "postgresql":
        server: postgres.Server = request.getfixturevalue("postgresql")
        with server.lent() as url:
            yield url
    else:
        found = tmp_path / "test.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated"), found)
        yield f"sqlite:///{found}"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty embedded database, migrated once a process."""
    found = tmp_path_factory.mktemp("migrated") / "test.sqlite3"
    upgrade(f"sqlite:///{found}")
    return found
