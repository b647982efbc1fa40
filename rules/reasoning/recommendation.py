"""Case facts → a cited recommendation for each person. It organises and cites; every choice is left to people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from rules.answering import RulebookUsed, Slot
from rules.book.logic import ESTABLISHED, OPEN
from rules.book.rulebook import Rulebook
from rules.reasoning import engine
from rules.reasoning.answer import (
    AnsweredDuty,
    AnsweredPerson,
    EngineUsed,
    Exemption,
    OtherReading,
    Recommendation,
    Step,
    SupervisionCount,
)
from rules.reasoning.calendar import WorkCalendar, work_calendar
from rules.reasoning.derivation import DaysCounted, count_supervision, derive_matter, derive_person, element_record
from rules.reasoning.duties import duties
from rules.reasoning.evaluation import Conclusion, Evaluator, Range
from rules.reasoning.facts import CaseFacts, PersonFacts
from rules.reasoning.flips import Question, flips, other_readings
from rules.reasoning.steps import reasoning

NOTICE = "仅供调查组和学校党委参考，不构成问责决定"


class DraftRulebook(ValueError):
    """A draft amendment was to decide a case."""

    def __init__(self, title: str) -> None:
        super().__init__(f"《{title}》是修改稿（草案），没有施行，不能用于在办案件；只能核验、比较、重放")


class Recommender:
    """A rulebook ready to answer; build one per process and share it between threads.

    replay: whether it only replays what was asked before; a draft does nothing else. Raises DraftRulebook.
    """

    def __init__(self, book: Rulebook, calendar: WorkCalendar | None = None, *, replay: bool = False) -> None:
        if book.draft is not None and not replay:
            raise DraftRulebook(book.draft)
        self.book = book
        self.calendar = calendar or work_calendar()
        self.evaluator = Evaluator(book)
        self.slots = book.slots()
        self.readings = {reading.id: reading.default for reading in book.readings.values()}

    def recommend(self, case: CaseFacts, label: str) -> Recommendation:
        """The recommendation of the contract, section 3. Raises EngineFault where engine and reference disagree."""
        count = count_supervision(case, self.book)
        matter = derive_matter(case, count, self.book)
        return Recommendation(
            case=case.title or label,
            rulebook=self.rulebook(),
            engine=EngineUsed(engine.NAME, engine.VERSION),
            persons={person.id: self._person(case, person, count, matter) for person in case.persons},
            notice=NOTICE,
        )

    def rulebook(self) -> RulebookUsed:
        """By what an answer was made."""
        book = self.book
        return RulebookUsed(book.id, book.in_force_from, book.sha256, book.policy_id, self.readings, book.draft or "")

    def _person(
        self, case: CaseFacts, person: PersonFacts, count: DaysCounted, matter: Mapping[str, Any]
    ) -> AnsweredPerson:
        question = self._question(case, person, matter)
        conclusion, readings = question.conclusion, tuple(self._other_readings(question))
        sensitive = (f"interpretation_sensitive:{row.reading}" for row in readings if row.differs)
        conditional = self._conditional(question)
        steps, follow = reasoning(question, self.evaluator), duties(case, conclusion, self.book, self.calendar)
        discretion = self._discretion(conclusion)
        return AnsweredPerson(
            outcome=conclusion.outcome,
            gates=dict(conclusion.gates),
            situations=dict(conclusion.situations),
            exemption=Exemption(conclusion.exemption, conclusion.exemption_grounds),
            mitigation=conclusion.mitigation,
            aggravation=conclusion.aggravation,
            base=conclusion.base,
            range_mandatory=conclusion.mandatory,
            range_if_discretion=conclusion.discretionary,
            discipline_track=conclusion.track.id,
            flags=tuple(sorted([*conclusion.flags, *sensitive])),
            conditional=conditional,
            supervision_count=SupervisionCount(
                **{name: len(days) for name, days in count.days.items()}, records=count.records
            ),
            readings=readings,
            open_facts=tuple(self._open_facts(question, conditional)),
            citations=self._citations(steps, follow, discretion),
            steps=steps,
            discretion=discretion,
            duties=follow,
            flips=tuple(flips(question, self.evaluator)),
        )

    def _question(self, case: CaseFacts, person: PersonFacts, matter: Mapping[str, Any]) -> Question:
        record = {**matter, **derive_person(person), **element_record(person, self.book)}
        statuses = self.evaluator.statuses(record)
        conclusion = self.evaluator.conclude(person, statuses, self.readings)
        return Question(case, person, record, statuses, self.readings, conclusion)

    def questions(self, case: CaseFacts) -> dict[str, Question]:
        """Each person's evaluation by id, for those who ask further. Raises EngineFault."""
        matter = derive_matter(case, count_supervision(case, self.book), self.book)
        return {person.id: self._question(case, person, matter) for person in case.persons}

    def _other_readings(self, question: Question) -> Iterator[OtherReading]:
        """What each other reading would give."""
        now = question.conclusion.compared()
        for name, value in other_readings(self.evaluator):
            after = self.evaluator.conclude(question.person, question.statuses, {**question.readings, name: value})
            reading = self.book.readings[name]
            yield OtherReading(
                reading=name,
                question=reading.question,
                used=question.readings[name],
                other=value,
                text=reading.alternatives[value],
                differs=after.compared().differing(now),
            )

    def _conditional(self, question: Question) -> Range | None:
        """The mandatory range if ``unfit_for_post``, still open, were established; None where that changes nothing."""
        before = question.conclusion.mandatory
        if before is None or question.person.unfit_for_post != OPEN:
            return None
        unfit = replace(question.person, unfit_for_post=ESTABLISHED)
        found = self.evaluator.conclude(unfit, question.statuses, question.readings)
        return found.mandatory if found.law is not None else None

    def _open_facts(self, question: Question, conditional: Range | None) -> Iterator[str]:
        """Open elements of alleged groups that are themselves undecided, then harm and unfit_for_post where they matter."""
        people_only = self.book.vocabulary.people_only
        for group in self.book.vocabulary.groups.values():
            if group.id not in question.person.findings or group.id in people_only:
                continue
            values = {f"{group.id}.{element}": question.record[f"{group.id}.{element}"] for element in group.elements}
            if "refuted" not in values.values():
                yield from (name for name, value in values.items() if value == OPEN)
        if question.conclusion.outcome == "accountable" and question.person.harm is None:
            yield "harm"
        if conditional is not None:
            yield "unfit_for_post"

    def _discretion(self, conclusion: Conclusion) -> tuple[Slot, ...]:
        if conclusion.outcome != "accountable":
            return ()
        return tuple(self.slots[position] for position in sorted(conclusion.choices))

    def _citations(self, steps: Iterable[Step], *parts: Iterable[AnsweredDuty | Slot]) -> tuple[str, ...]:
        named = {other.provision for step in steps for other in step.also}
        named |= {row.provision for rows in (steps, *parts) for row in rows}
        return tuple(provision for provision in self.book.provisions if provision in named)
