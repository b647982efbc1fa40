"""Keep an evaluation as an immutable receipt."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import orjson
from sqlalchemy.orm import Session

from models.case import cases
from models.receipts import case_receipts, proofs, receipts, rulebooks
from models.store.audit_notes import tell
from rules.answering import written
from rules.reasoning.answer import ReceiptOfCase, Recommendation
from rules.reasoning.editions import Books
from rules.reasoning.recommendation import DraftRulebook
from service.usecases.recommending.proof_parts import Parts
from service.usecases.recommending.recommend import book_of

_TRIED = "推算人承担本案的工作，推算一律存为本案的回执，向学校党委列明；不是本案的办理，不代替调查组请求处理建议"


@dataclass(frozen=True, slots=True)
class InCase:
    """The case to which a receipt belongs. account_id: of whoever tried something out beside its steps; None for a step."""

    case_id: str
    account_id: str | None = None


def store_receipt(
    session: Session,
    books: Books,
    facts: Any,
    recommendation: Recommendation,
    kept: Parts,
    *,
    actor: str,
    now: datetime,
    belongs: InCase | None = None,
) -> tuple[str, bytes]:
    """The receipt's random id, and the recommendation with it, as stored and answered. The caller commits. Raises DraftRulebook.

    kept: what is kept beside it, of the same case; the files of its rulebook are kept with it. belongs: to which case; it is
    numbered there.
    """
    engine, rulebook = recommendation.engine, recommendation.rulebook
    if rulebook.draft:
        raise DraftRulebook(rulebook.draft)
    receipt_id = str(uuid.uuid4())
    numbered = None if belongs is None else _numbered(session, belongs)
    body = written(msgspec.structs.replace(recommendation, id=receipt_id, of_case=numbered or msgspec.UNSET))
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
    if belongs is not None and numbered is not None:
        case_receipts.add(session, receipt_id, belongs.case_id, numbered.number, belongs.account_id)
    return receipt_id, body


def _numbered(session: Session, belongs: InCase) -> ReceiptOfCase:
    """The next number of the case, whose row is locked until the transaction ends."""
    cases.lock(session, belongs.case_id)
    number = case_receipts.next_number(session, belongs.case_id)
    if belongs.account_id is None:
        return ReceiptOfCase(belongs.case_id, number)
    tell(session, subject=("case", belongs.case_id), number=number)
    return ReceiptOfCase(belongs.case_id, number, _TRIED)
