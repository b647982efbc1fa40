"""What a receipt is shown and proved with: kept when the receipt was made, and read from there ever after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import orjson
from sqlalchemy.orm import Session

from models.receipts import proofs, receipts
from models.schemas.case_file import load_case
from models.schemas.errors import CaseFileError
from rules.latitude.answer import Admissible, PersonLatitude
from rules.reasoning.answer import read
from rules.reasoning.editions import Books
from rules.reasoning.engine import EngineFault
from rules.reasoning.facts import CaseFacts
from rules.reasoning.recommendation import Recommender
from service.usecases.recommending.kept_books import files_of, made_by
from service.usecases.recommending.proof_parts import Parts, kept_beside
from service.usecases.recommending.tell_latitude import told

_BATCH = 50


@dataclass
class RulebookChanged(Exception):
    """The rulebook that a receipt was made by is kept nowhere, and no other one may re-read the case."""

    sha256: str

    def __str__(self) -> str:
        return (
            f"这份回执所依的规则库（{self.sha256[:16]}）没有留存，不能据以推算裁量空间、制作证明包，"
            "也不按现在的规则库另行推算；回执原文照常可以查阅，需要按现在的规则库推算的，请重新请求处理建议"
        )


def to_be_kept(data: Any, books: Books) -> Parts:
    """What is kept beside the receipt of a case file. Raises CaseFileError with every fault at once."""
    case = load_case(data, books.usual)
    made = books.of(case)
    return kept_beside(case, told(made, case), made.book)


def kept_parts(session: Session, books: Books, receipt_id: str) -> tuple[bytes, Parts] | None:
    """The answer of a receipt, and path → value of what is kept beside it; None where there is no receipt.

    Raises RulebookChanged.
    """
    found = proofs.answered(session, receipt_id)
    return None if found is None else (found[0], found[1] or _made(session, books, receipt_id))


def kept_sources(session: Session, books: Books, sha256: str) -> Mapping[str, str]:
    """The files of the rulebook that a receipt was made by. Raises RulebookChanged."""
    found = files_of(session, books, sha256)
    if found is None:
        raise RulebookChanged(sha256)
    return found


def receipt_latitude(
    session: Session, books: Books, receipt_id: str, disputed: Sequence[date] = ()
) -> Admissible | None:
    """The latitude of a stored receipt; None where there is none. Raises RulebookChanged, CaseFileError (disputed)."""
    kept = kept_parts(session, books, receipt_id)
    if kept is None:
        return None
    body, parts = kept
    if disputed:
        made, case = _asked(session, books, receipt_id)
        return msgspec.structs.replace(told(made, case, disputed), receipt=receipt_id)
    answer = read(body)
    persons = {
        name: msgspec.convert(parts[f"latitude/{number:03}"], PersonLatitude)
        for number, name in enumerate(answer.persons)
    }
    return Admissible(receipt=receipt_id, rulebook=answer.rulebook, persons=persons, notice=answer.notice)


def _asked(session: Session, books: Books, receipt_id: str) -> tuple[Recommender, CaseFacts]:
    """The rulebook that made a receipt, and the case that it was asked about. Raises RulebookChanged, CaseFileError."""
    found = receipts.facts(session, receipt_id)
    assert found is not None
    facts, sha256 = found
    made = made_by(session, books, sha256)
    if made is None:
        raise RulebookChanged(sha256)
    return made, load_case(orjson.loads(facts), books.usual)


def _made(session: Session, books: Books, receipt_id: str) -> Parts:
    made, case = _asked(session, books, receipt_id)
    return kept_beside(case, told(made, case), made.book)


def keep_earlier_proofs(session: Session, books: Books, after: int) -> int | None:
    """Keep what the next receipts after this number are proved with; the number of the last of them, None where there is none.

    Of a case that cannot be read any more nothing is kept.
    """
    batch = proofs.wanting(session, after=after, most=_BATCH)
    for _, receipt_id in batch:
        try:
            proofs.add(session, receipt_id, _made(session, books, receipt_id))
        except (RulebookChanged, CaseFileError, EngineFault):
            continue
    return batch[-1][0] if batch else None
