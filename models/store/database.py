"""The database: embedded SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import DeclarativeBase

_MIGRATIONS = Path(__file__).parent.parent / "migrations"


class Base(DeclarativeBase):
    """All tables."""


def connect(url: str) -> Engine:
    """An engine for ``url``. On SQLite a write takes the lock when it begins, so that no update is lost silently."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _sqlite_settings(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the begin event above opens each transaction
    for setting in ("foreign_keys=ON", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {setting}")


def upgrade(url: str) -> None:
    """Bring the schema up to date."""
    command.upgrade(_config(url), "head")


def downgrade(url: str) -> None:
    """Take every migration back."""
    command.downgrade(_config(url), "base")


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["url"] = url
    return config
