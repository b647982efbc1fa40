"""Keep an evaluation as an immutable receipt."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from models.schemas.case_file import load_case
from models.store import proofs, receipts, rulebooks
from rules.recommendation import DraftRulebook
from service.usecases.proof_parts import kept_beside
from service.usecases.recommend import book_of


def store_receipt(
    session: Session, facts: Any, recommendation: dict[str, Any], space: Mapping[str, Any], *, actor: str, now: datetime
) -> tuple[str, bytes]:
    """The receipt's random id, and the recommendation with it, as stored and answered. The caller commits. Raises DraftRulebook.

    space: the latitude of the same case. With the receipt are kept the files of its rulebook, and what it is told and proved with.
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
    proofs.add(session, receipt_id, kept_beside(load_case(facts), space, book))
    return receipt_id, body
