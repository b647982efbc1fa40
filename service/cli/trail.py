"""One event a transaction of a command, and one for a sensitive read, before anything of it is shown."""

from __future__ import annotations

import io
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.store.audit_notes import Subject, keep_silent, tell, told
from models.store.database import closing, reading, writing
from service import audit
from service.books import books

_SUBJECTS = {"case_id": "case", "token_id": "token", "inspection_id": "inspection", "row": "period"}


def arm() -> None:
    """From now on, until the command ends, every transaction that writes leaves its event."""
    context = click.get_current_context(silent=True)
    if context is not None:
        closing.set(_close)
        context.call_on_close(lambda: closing.set(None))


def take_in(engine: Engine) -> None:
    """Records from before the trail began."""
    with writing(engine) as session:
        audit.adopt(session, _by(), now=datetime.now(UTC))
        keep_silent(session)


@contextmanager
def looking(engine: Engine) -> Iterator[Session]:
    """A session that reads; what a sensitive command shows is held back until its event is committed."""
    if not isinstance(audit.COMMANDS.get(_action()), audit.Shows):
        with reading(engine) as session:
            yield session
        return
    shown = io.StringIO()
    with reading(engine) as session, redirect_stdout(shown):
        yield session
    found = told(session)
    looked(engine, found.subject, **found.facts)
    click.echo(shown.getvalue(), nl=False)


def looked(engine: Engine, subject: Subject | None = None, **facts: str) -> None:
    """The event of a read. facts: identifiers."""
    with writing(engine) as session:
        tell(session, outcome="read", subject=subject, **facts)


def clerk() -> str:
    """Who writes it down: whose process this is to the machine, whatever the environment says."""
    uid = os.getuid()
    try:
        return f"命令行（操作系统用户 {pwd.getpwuid(uid).pw_name}）"
    except KeyError:  # a container's user without a name
        return f"命令行（操作系统用户 {uid}）"


def label(action: str) -> str:
    """What the action of an event is called."""
    from service.app import routes  # here, since other commands do without the pages
    from service.routes import label

    return label(action, routes(books().usual))


def _close(session: Session) -> None:
    given = click.get_current_context().params
    subject = next(((kind, str(given[name])) for name, kind in _SUBJECTS.items() if given.get(name)), None)
    told = audit.is_privileged(audit.COMMANDS.get(_action()))
    audit.close(session, _action(), _by(), now=datetime.now(UTC), subject=subject, facts={}, privileged=told)


def _action() -> str:
    """The command without the program's name, such as ``case show``."""
    context = click.get_current_context(silent=True)
    return context.command_path.partition(" ")[2] if context is not None else ""


def _by() -> audit.By:
    return audit.By(clerk(), "command")
