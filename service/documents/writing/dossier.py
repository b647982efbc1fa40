"""What the documents of a case are made of: its records, its matters, its evaluations, the decisions issued in it. Source: art-9."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from itertools import takewhile

from models.case.case import Case, case_fold, meeting_of
from models.case.checkup import CheckUp, check_up
from models.case.parts import Decision, Person
from models.matter.matter import Matter, matter_fold
from models.records.record import E, Record, about, told
from rules.book.contract.case_effects import Issued as Made
from rules.book.contract.case_effects import Meeting, OfMeeting, Reviewed
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson, Recommendation
from rules.reasoning.calendar import WorkCalendar
from service.documents.writing.recommendation import RecommendationInWords


@dataclass(frozen=True, slots=True)
class Concerned:
    """A supervised matter that the case is about, by its number in the ledger."""

    id: str
    number: str | None
    matter: Matter

    @property
    def title(self) -> str:
        return self.matter.title

    def as_of(self, until: datetime | None, book: Rulebook) -> Matter:
        """The matter as the ledger had it at a moment; None: as it stands."""
        if until is None:
            return self.matter
        return matter_fold(takewhile(lambda one: one.recorded_at <= until, self.matter.records), book.ledger.actions)


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """A receipt of the case as it was answered. number: among all of the case; matter_id: the matter that it was made from; facts: the
    case that was asked about, as it was asked; raw: the stored receipt byte for byte, and what it says.

    book: the rulebook that made it, in whose words it is told; the one in use where that is kept nowhere.
    """

    number: int
    receipt_id: str
    asked_at: datetime
    by: str
    matter_id: str | None
    facts: bytes
    raw: bytes
    answer: Recommendation
    book: Rulebook

    @property
    def says(self) -> RecommendationInWords:
        """What it says, in words."""
        return RecommendationInWords(self.book)

    def of(self, person: str) -> AnsweredPerson:
        """The person's part of it."""
        return self.answer.persons[person]


@dataclass(frozen=True, slots=True)
class PersonEvaluation(ReadReceipt):
    """A receipt by which a person was evaluated in a step of the case. at: its place among them, from 1."""

    at: int
    record: Record

    @classmethod
    def of_step(cls, receipt: ReadReceipt, at: int, record: Record) -> PersonEvaluation:
        return cls(**{one.name: getattr(receipt, one.name) for one in fields(receipt)}, at=at, record=record)


@dataclass(frozen=True, slots=True)
class StoredCase:
    """The records of a case, whether or not they make one, as of a local day. filed: for the case's file."""

    title: str
    records: tuple[Record, ...]
    on: date
    book: Rulebook
    calendar: WorkCalendar
    filed: bool = False

    def check_up(self) -> CheckUp:
        """Every duty of procedure, graded on that day."""
        return check_up(self.title, self.records, self.on, self.book, self.calendar)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case with all that its documents tell. evaluations: person → every evaluation, in the order in which they were made; receipts:
    all that was evaluated in the case, what was tried out beside its steps included, by their numbers.

    by_ledger: what the ledger, as it was at a record of the case, counts for a person whom nobody has evaluated yet.
    """

    id: str
    case: Case
    matters: tuple[Concerned, ...]
    evaluations: Mapping[str, tuple[PersonEvaluation, ...]]
    book: Rulebook
    calendar: WorkCalendar
    receipts: tuple[ReadReceipt, ...] = ()
    by_ledger: Callable[[Case, str, Record | None], AnsweredPerson | None] = field(
        default=lambda *_: None, compare=False
    )

    def stored(self) -> StoredCase:
        """Its records as of the last of them."""
        case = self.case
        return StoredCase(case.title, case.records, case.records[-1].on, self.book, self.calendar, filed=True)

    def as_of(self, number: int) -> Case:
        """The case after so many of its records."""
        return case_fold.again(self.case.records[:number], self.book.proceedings.actions)

    def moment(self, case: Case) -> datetime | None:
        """Up to when the ledger counts beside the case as it was; None: as it stands."""
        return None if case is self.case else case.records[-1].recorded_at

    @property
    def weighed(self) -> tuple[Concerned, ...]:
        """Its matters as the ledger had them when the committee last decided; as they stand before that."""
        decided = [record.recorded_at for record, _ in self.told(OfMeeting)]
        until = decided[-1] if decided else None
        return tuple(replace(one, matter=one.as_of(until, self.book)) for one in self.matters)

    def deliberated(self, person: str) -> Case:
        """The case as it was when the person was decided about; as it stands before that."""
        decision = self.case.persons[person].decision
        return self.as_of(decision.number) if decision else self.case

    def last(self, action: str, person: str | None = None) -> Record | None:
        """The last record of an action; of one about a person."""
        return next(reversed(list(self.records(action, person))), None)

    def records(self, action: str, person: str | None = None) -> Iterator[Record]:
        """The records of an action in their order; those about a person."""
        for record in self.case.records:
            if record.action == action and (person is None or about(record, person)):
                yield record

    def told(self, kind: type[E], person: str | None = None) -> list[tuple[Record, E]]:
        """The records that say something of a kind, each with what it says; those about a person."""
        return [row for row in told(self.case.records, kind) if person is None or about(row[0], person)]

    def stands(self, action: str) -> bool:
        """Whether an action of the whole case was taken, and the case was not sent back to the inquiry after it."""
        taken, back = self.last(action), self.last("send_back")
        return taken is not None and (back is None or back.number < taken.number)

    def evaluation(self, person: str, receipt_id: str | None) -> AnsweredPerson | None:
        """The person's part of one receipt."""
        found = self.evaluated(person, receipt_id)
        return found.of(person) if found else None

    def evaluated(self, person: str, receipt_id: str | None) -> PersonEvaluation | None:
        """The evaluation of a person that one receipt holds."""
        found = (one for one in self.evaluations.get(person, ()) if one.receipt_id == receipt_id)
        return next(found, None)


@dataclass(frozen=True, slots=True)
class IssuedDecision:
    """A decision that was issued: its number, the person as it was issued, and what was done about it while it stood.

    deciding: the committee's record that it rests on; records: those about the person until it was overturned, that one with it;
    former: the number of the decision that it replaces; overturned: the review or correction by which it fell.
    """

    number: str
    on: date
    at: int
    person: Person
    decision: Decision
    deciding: Record
    records: tuple[Record, ...]
    former: str | None = None
    overturned: Reviewed | None = None

    @property
    def meeting(self) -> Meeting:
        """Where it was decided."""
        return meeting_of(self.deciding)


def issued_decisions(dossier: Dossier, person: str) -> tuple[IssuedDecision, ...]:
    """Every decision that was issued on a person, the first one first; a later one replaces the one before."""
    made: list[IssuedDecision] = []
    for record, issued in dossier.told(Made, person):
        then = dossier.as_of(record.number).persons[person]
        if then.decision is None:
            continue
        following = [one for one in dossier.case.records if one.number > record.number and about(one, person)]
        overturning = ((one, said) for one, said in told(following, Reviewed) if said.result != "upheld")
        end, said = next(overturning, (None, None))
        within = tuple(one for one in following if end is None or one.number <= end.number)
        deciding = dossier.case.records[then.decision.number - 1]
        made.append(
            IssuedDecision(
                issued.number,
                record.on,
                record.number,
                then,
                then.decision,
                deciding,
                within,
                made[-1].number if made else None,
                said,
            )
        )
    return tuple(made)


def review_of(record: Record) -> Reviewed:
    """What a review or a correction says."""
    assert isinstance(record.effect, Reviewed)
    return record.effect
