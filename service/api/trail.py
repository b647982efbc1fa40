"""One event a request: in the transaction of what it changes, or after what it read and before the answer goes out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from models.store.audit_notes import Subject, tell
from models.store.database import FAULTS, closing, writing
from service import audit
from service.api.problems import store_problem
from service.routes import asked_route

_SUBJECTS = {"case_id": "case", "matter_id": "matter", "receipt_id": "receipt", "inspection_id": "inspection",
             "account_id": "account", "token_id": "token", "row": "period"}  # fmt: skip


def register(app: Flask) -> None:
    """Call it after the check of permissions, which writes on its own account, and after the other hooks on answers."""
    app.before_request(_arm)
    app.after_request(_note_read)
    app.teardown_request(_disarm)


def _arm() -> None:
    closing.set(_close if "actor" in g else None)


def _disarm(_: BaseException | None) -> None:
    closing.set(None)


def _close(session: Session) -> None:
    if audit.close(session, _action(), _by(), now=datetime.now(UTC), subject=_subject(), facts=_facts()):
        g.audited = True


def _note_read(response: Response) -> Response:
    """The event of a sensitive read, or of a trial that wrote nothing; without it there is no answer."""
    if not isinstance(asked_route().audit, audit.Shows) or not 200 <= response.status_code < 300 or g.get("audited"):
        return response
    try:
        with writing(current_app.extensions["database"]) as session:
            tell(session, outcome="read" if request.method in ("GET", "HEAD") else "tried")
    except FAULTS as error:
        response.close()
        return store_problem(error)
    return response


def _action() -> str:
    return request.endpoint or ""


def _by() -> audit.By:
    kind = "account" if g.principal.personal else "token"
    return audit.By(g.actor, kind, g.token_id)


def _subject() -> Subject | None:
    ids = request.view_args or {}
    return next(((kind, str(ids[name])) for name, kind in _SUBJECTS.items() if name in ids), None)


def _facts() -> dict[str, Any]:
    declared = asked_route().audit
    asked = declared.asked if isinstance(declared, audit.Shows) else ()
    others = {name: value for name, value in (request.view_args or {}).items() if name not in _SUBJECTS}
    return others | {name: request.args[name] for name in asked if name in request.args}
