"""An answer to what whoever asks is asked, from a page or over the interface."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app, g
from werkzeug.exceptions import NotFound

from models.store.database import writing
from service import config
from service.request_context import context
from service.usecases.confirming import Answering, NotAsked, answer, asked_at


def carry_out(kind: str, subject_id: str, record: str, given: str, body: Any, key: str | None) -> None:
    """Write down an answer of whoever asks. Raises NotFound, where nobody asks them; CaseFileError."""
    try:
        with writing(current_app.extensions["database"]) as session:
            place, asked = asked_at(kind, subject_id, record, given)
            by = Answering.of(g.principal.person, g.principal.name, body)
            answer(
                session,
                context().books,
                place,
                asked,
                by,
                now=datetime.now(UTC),
                approvers=config.approvers(),
                decision_prefix=config.decision_prefix(),
                request_key=key,
            )
    except NotAsked:
        raise NotFound from None
