"""Keep an evaluation as an immutable receipt."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from typing import Any

import msgspec
import orjson
from sqlalchemy.orm import Session

from models.receipts import proofs, receipts, rulebooks
from rules.answering import written
from rules.reasoning.answer import Recommendation
from rules.reasoning.editions import Books
from rules.reasoning.recommendation import DraftRulebook
from service.usecases.recommending.proof_parts import Parts
from service.usecases.recommending.recommend import book_of


def store_receipt(
    session: Session,
    books: Books,
    facts: Any,
    recommendation: Recommendation,
    kept: Parts,
    *,
    actor: str,
    now: datetime,
) -> tuple[str, bytes]:
    """The receipt's random id, and the recommendation with it, as stored and answered. The caller commits. Raises DraftRulebook.

    kept: what is kept beside it, of the same case; the files of its rulebook are kept with it.
    """
    engine, rulebook = recommendation.engine, recommendation.rulebook
    if rulebook.draft:
        raise DraftRulebook(rulebook.draft)
    receipt_id = str(uuid.uuid4())
    body = written(msgspec.structs.replace(recommendation, id=receipt_id))
    receipt = receipts.Receipt(
        id=receipt_id,
        created_at=now,
        actor=actor,
        rulebook_id=rulebook.id,
        rulebook_sha256=rulebook.sha256,
        engine=f"{engine.name} {engine.version}",
        facts=orjson.dumps(facts),
        recommendation=body,
        sha256=hashlib.sha256(body).hexdigest(),
    )
    receipts.add(session, receipt)
    book = book_of(recommendation, books)
    rulebooks.keep(session, book.sha256, book.sources, now=now)
    proofs.add(session, receipt_id, kept)
    return receipt_id, body
