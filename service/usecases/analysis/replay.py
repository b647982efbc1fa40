"""The cases stored in the receipts put to one rulebook or to two, one by one by the engine. What was answered stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import orjson
from sqlalchemy.orm import Session

from models.receipts import evaluations
from models.schemas.case_file import load_case
from models.schemas.errors import CaseFileError
from rules.analysis.replay import Change, Tally, answer_of
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson, read
from rules.reasoning.editions import Books
from rules.reasoning.engine import EngineFault
from rules.reasoning.facts import CaseFacts
from rules.reasoning.recommendation import Recommender
from service.usecases.adopting.calendar_years import calendar_in_use

Keep = Callable[[str, str, Change], None]
"""Case, person, change."""


@dataclass
class Replayed:
    """What a replay came to. sampled: answers by columns that were compared with the engine; notes: what the reader has to know."""

    tally: Tally
    sampled: int = 0
    notes: list[str] = field(default_factory=list)


class Disagreement(Exception):
    """Two ways of reasoning answer otherwise for one person: nothing of the replay is to be used."""

    def __init__(self, fault: object, book: Rulebook) -> None:
        super().__init__(f"{fault}（{book.title}）。重放已经中止，没有写出任何结果")


def replay_stored(session: Session, books: Books, before: Rulebook | None, after: Rulebook, keep: Keep) -> Replayed:
    """The stored cases under ``after``, and what changes from ``before``, or without it from what was answered then.

    Of a matter evaluated several times only the last is replayed. keep: given each change, by the receipt's id and the person's:
    no names. Raises Disagreement.
    """
    done = Replayed(Tally(before or after, after))
    olds, new = before and _asked(before), _asked(after)
    unread: list[str] = []
    for receipt_id, facts, body in evaluations.standing(session):
        try:
            case = load_case(orjson.loads(facts), books.usual)
        except CaseFileError:
            unread.append(receipt_id)
            continue
        then = _persons(olds, case, receipt_id) if olds else read(body).persons
        for person_id, found in _persons(new, case, receipt_id).items():
            change = done.tally.add(answer_of(then[person_id]), answer_of(found))
            if change is not None:
                keep(receipt_id, person_id, change)
    done.notes += list(_notes(unread))
    return done


def _asked(book: Rulebook) -> Recommender:
    return Recommender(book, calendar_in_use(), replay=True)


def _persons(made: Recommender, case: CaseFacts, receipt_id: str) -> Mapping[str, AnsweredPerson]:
    try:
        return made.recommend(case, "").persons
    except EngineFault as fault:
        raise Disagreement(f"回执 {receipt_id}：{fault}", made.book) from fault


def _notes(unread: list[str]) -> Iterator[str]:
    if unread:
        yield f"{len(unread)} 份回执的案卷不符合现在的格式，没有重放：{'、'.join(unread)}"
