"""One event a request: in the transaction of what it changes, or after what it read and before the answer goes out."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from models.store.audit_notes import tell
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
    by = audit.By(g.actor, "account" if g.principal.personal else "token", g.token_id)
    ids, declared = request.view_args or {}, asked_route().audit
    subject = next(((kind, str(ids[name])) for name, kind in _SUBJECTS.items() if name in ids), None)
    asked = declared.asked if isinstance(declared, audit.Shows) else ()
    facts = {name: value for name, value in ids.items() if name not in _SUBJECTS}
    facts |= {name: request.args[name] for name in asked if name in request.args}
    now, seen = datetime.now(UTC), g.pop("last_event", None)
    if audit.close(
        session,
        request.endpoint or "",
        by,
        now=now,
        subject=subject,
        facts=facts,
        seen=seen,
        privileged=audit.is_privileged(declared),
    ):
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
