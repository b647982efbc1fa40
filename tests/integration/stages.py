"""Histories of the tests, lived once a process and copied for each test that goes on from there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.entering import Entering
from tests.integration.page_case import entering

History = Callable[[FlaskClient], Any]
"""What a client that may enter everything does at a school of two units; the case as it was last answered."""


@dataclass(frozen=True)
class Stage:
    """Where a history has come to in the database of a test: who entered it, and the case."""

    entry: FlaskClient
    case: Any


@dataclass(frozen=True)
class Kept:
    """The same, with an embedded database that is kept for later tests."""

    file: Path
    environ: Mapping[str, Any]
    secrets: Mapping[tuple[str, str], str]
    case: Any

    @classmethod
    def of(cls, app: Flask, history: History, file: Path) -> Kept:
        client = entering(app)
        case = history(client)
        app.extensions["database"].dispose()
        shutil.copyfile(app.extensions["database"].url.database, file)
        return cls(file, client.environ_base, client.secrets, case)

    def copied(self, app: Flask) -> Stage:
        """Put into the place of the application's database, which nobody has open."""
        shutil.copyfile(self.file, app.extensions["database"].url.database)
        client = Entering(app, app.response_class, use_cookies=True)
        client.environ_base = dict(self.environ)
        client.secrets = dict(self.secrets)
        return Stage(client, self.case)


def at(history: History, *databases: str) -> pytest.MarkDecorator:
    """The test goes on from where this history has come to: on these databases, or else on the embedded one alone.

    A page is read and sent on both by one test; what the others hold of it has nothing to do with the database."""
    cases = [pytest.param(history, one, id=f"{history.__name__}-{one}") for one in databases or ("sqlite",)]
    return pytest.mark.parametrize(("stage", "database_url"), cases, indirect=True)
