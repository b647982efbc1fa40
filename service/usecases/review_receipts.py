"""What to look at after 0.1.0: recommendations that named the discipline track for nothing, and those of a book that nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store import proofs, receipts, rulebooks
from models.store.cases import CaseRecordRow
from models.store.evaluations import Evaluation
from models.store.records import torn_record_of
from rules.answer import AnsweredPerson, read
from rules.loading import load_rulebook
from rules.rulebook import Rulebook
from service.usecases.kept_books import made_by


def rows(session: Session) -> Iterator[str]:
    """One line for each person of a receipt whose track rests on nothing, and for each receipt that cannot be told and proved.

    A receipt stays as it was answered: what people decided on it is what they look at.
    """
    places, lost = _places(session), {sha256 for sha256, _ in rulebooks.wanting(session)}
    unproved = proofs.lacking(session)
    for receipt_id, sha256, body in receipts.every(session):
        where = f"{places.get(receipt_id, '')}回执 {receipt_id}"
        for person, found in read(body).persons.items():
            if _unfounded(found):
                made = made_by(session, sha256)
                yield _track(where, person, found, made.book if made else load_rulebook())
        if sha256 in lost:
            yield f"{where}：所依的规则库（{sha256[:16]}）没有留存，原文照常可查，不能推算裁量空间、制作证明包"
        elif receipt_id in unproved:
            yield f"{where}：没有留存证明材料，请先执行 wenze db upgrade；仍然列出的，案卷不符合现在的格式"


def _places(session: Session) -> Mapping[str, str]:
    """Receipt → the matter that it was made from, or the case and record that asked for it."""
    found = {
        row.receipt_id: f"事项 {row.matter_id} "
        for row in session.execute(select(Evaluation.receipt_id, Evaluation.matter_id))
    }
    asked = select(CaseRecordRow).where(CaseRecordRow.action == "evaluate")
    for row in session.scalars(asked.execution_options(yield_per=500)):
        receipt_id = torn_record_of(row).details.get("receipt_id")
        found[str(receipt_id)] = f"案件 {row.case_id} 记录 {row.number} "
    return found


def _unfounded(person: AnsweredPerson) -> bool:
    """Whether the track is named although nothing is accountable."""
    return person.outcome != "accountable" and person.discipline_track != "not_triggered"


def _track(where: str, person: str, found: AnsweredPerson, book: Rulebook) -> str:
    words = book.vocabulary.enumerations
    outcome = words["outcome"].get(found.outcome, found.outcome)
    track = words["discipline_track"].get(found.discipline_track, found.discipline_track)
    return f"{where} 人员 {person}：结论为“{outcome}”，却列有“纪律处分衔接：{track}”，请核对据此作出的决定和移送"
