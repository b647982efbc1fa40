"""Keep an evaluation as an immutable receipt."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from models.store import receipts, rulebooks
from rules.recommendation import DraftRulebook
from service.usecases.kept_receipts import keep_proof
from service.usecases.recommend import book_of


def store_receipt(
    session: Session, facts: Any, recommendation: dict[str, Any], *, actor: str, now: datetime
) -> tuple[str, bytes]:
    """The receipt's random id, and the recommendation with it, as stored and answered. The caller commits. Raises DraftRulebook.

    With it are kept the files of the rulebook that made it, and what it is proved with.
    """
    if "draft" in recommendation["rulebook"]:
        raise DraftRulebook(recommendation["rulebook"]["draft"])
    receipt_id = str(uuid.uuid4())
    body = orjson.dumps({"id": receipt_id, **recommendation})
    engine, rulebook = recommendation["engine"], recommendation["rulebook"]
    receipt = receipts.Receipt(
        id=receipt_id,
        created_at=now,
        actor=actor,
        rulebook_id=rulebook["id"],
        rulebook_sha256=rulebook["sha256"],
        engine=f"{engine['name']} {engine['version']}",
        facts=orjson.dumps(facts),
        recommendation=body,
        sha256=hashlib.sha256(body).hexdigest(),
    )
    receipts.add(session, receipt)
    book = book_of(recommendation)
    rulebooks.keep(session, book.sha256, book.sources, now=now)
    keep_proof(session, receipt_id)
    return receipt_id, body
