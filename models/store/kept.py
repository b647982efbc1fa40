"""The triggers that refuse every change of a table: as the migrations make them, and whether they still stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

_VERBS = ("UPDATE", "DELETE")
_SQLITE = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
_POSTGRESQL = text(
    "SELECT pg_get_triggerdef(pg_trigger.oid, true), prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE tgrelid = to_regclass(:table) AND tgenabled IN ('O', 'A') AND current_setting('session_replication_role') <> 'replica'"
)


def statements(table: str, dialect: str) -> list[str]:
    """What makes the triggers of a table, the same since the first migration."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are immutable'); END"
            for verb in _VERBS
        ]
    return [
        f"CREATE FUNCTION {table}_immutable() RETURNS trigger LANGUAGE plpgsql AS $${_body(table)}$$",
        f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_immutable()",
    ]


def _body(table: str) -> str:
    return f" BEGIN RAISE EXCEPTION '{table} are immutable'; END "


def unkept(session: Session, tables: Iterable[str]) -> Iterator[str]:
    """Those of these tables whose triggers are gone, disabled, or other than they were made."""
    dialect = session.get_bind().dialect.name
    for table in tables:
        if dialect == "sqlite":
            whole = set(statements(table, dialect)) <= set(session.scalars(_SQLITE, {"table": table}))
        else:
            made = (
                f"CREATE TRIGGER {table}_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_immutable()"
            )
            found = session.execute(_POSTGRESQL, {"table": table})
            whole = (made, _body(table)) in {(row[0], row[1]) for row in found}
        if not whole:
            yield table
