"""What may be done to each person, and what is open, as it is answered: labels, provisions and readings from the book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from rules.answering import Slot
from rules.book.rulebook import Rulebook
from rules.latitude.admissible import Judge, Result, Space, standing
from rules.latitude.alterations import Move, alterations
from rules.latitude.answer import (
    Admissible,
    AlteringChanges,
    DecidingFindings,
    FactChanged,
    FactFound,
    GroundedResults,
    OpenFact,
    PersonLatitude,
    PossibleResult,
    ResultGround,
    UnderUncertainty,
)
from rules.latitude.components import ACTS, Assignment, components, open_facts
from rules.latitude.residual import Second
from rules.latitude.robust import Deciding, under_uncertainty
from rules.latitude.spans import Span
from rules.reasoning.derivation import count_supervision
from rules.reasoning.facts import CaseFacts
from rules.reasoning.flips import MATTER, Question, changeable_facts
from rules.reasoning.recommendation import NOTICE, Recommender
from rules.reasoning.steps import readings_used

MOST_DISPUTED = 6


class LatitudeView:
    """A rulebook ready to tell the latitude of a case; build one per process."""

    def __init__(self, recommender: Recommender) -> None:
        self.recommender, self.evaluator = recommender, recommender.evaluator
        self.book: Rulebook = recommender.book
        self.judge = Judge(self.evaluator)
        self.order = {result: place for place, result in enumerate(self.judge.universe)}
        self.work = {name: place for place, name in enumerate(self.book.latitude.work)}

    def tell(self, case: CaseFacts, disputed: Iterable[date] = ()) -> Admissible:
        """disputed: days whose acts of the Office may turn out not to count. Raises EngineFault."""
        days = tuple(disputed)
        questions = self.recommender.questions(case)
        persons = {name: self._person(question, days) for name, question in questions.items()}
        return Admissible(rulebook=self.recommender.rulebook(), persons=persons, notice=NOTICE)

    def _person(self, question: Question, disputed: tuple[date, ...]) -> PersonLatitude:
        found = standing(question.conclusion)
        space = self.judge.space(found)
        return PersonLatitude(
            outcome=question.conclusion.outcome,
            state=space.state,
            state_label=self.book.latitude.state_labels[space.state],
            admitted=self._results(space.admitted),
            undetermined=self._grounded(question, "undetermined"),
            excluded=self._grounded(question, "excluded"),
            slots=self._slots(space),
            alterations=self._alterations(question, space),
            uncertain=self._uncertain(question, disputed),
        )

    # --- results ---

    def _results(self, results: Iterable[Result]) -> tuple[PossibleResult, ...]:
        return tuple(self._result(result) for result in sorted(results, key=self.order.__getitem__))

    def _result(self, result: Result) -> PossibleResult:
        words = self.book.vocabulary.enumerations["measure"]
        label = self.book.proceedings.words["outcomes"][result.kind]
        if result.measures:
            label += "：" + "、".join(words[measure] for measure in result.measures)
        effects = [effect for effect in self.book.latitude.effects if effect.id in result.effects]
        label += f"（{'、'.join(effect.label for effect in effects)}）" if effects else ""
        names = tuple(effect.id for effect in effects)
        return PossibleResult(result.kind, tuple(result.measures), names, label, self._slots_of(result))

    def _slots_of(self, result: Result) -> tuple[str, ...]:
        """The 可以 (and the choice within 应当) that the result uses: each needs its reason."""
        words = self.book.latitude
        used = (
            *(kind for kind in words.kinds if kind.id == result.kind),
            *(effect for effect in words.effects if effect.id in result.effects),
            *((words.combined,) if len(result.measures) > 1 else ()),
        )
        return tuple(dict.fromkeys(permit.slot for permit in used if permit.slot))

    def _slots(self, space: Space) -> tuple[Slot, ...]:
        wanted = {slot for result in space.admitted for slot in self._slots_of(result)}
        return tuple(slot for slot in self.recommender.slots if slot.slot in wanted)

    def _grounded(self, question: Question, wanted: str) -> tuple[GroundedResults, ...]:
        """The results of one verdict, gathered under the grounds that they share."""
        gathered: dict[tuple[str, ...], list[Result]] = {}
        for result, (verdict, grounds) in self.judge.verdicts(standing(question.conclusion)).items():
            if verdict == wanted:
                gathered.setdefault(grounds, []).append(result)
        return tuple(
            GroundedResults(tuple(map(self._ground, grounds)) or (self._outcome(question),), self._results(rows))
            for grounds, rows in gathered.items()
        )

    def _ground(self, name: str) -> ResultGround:
        ground = self.book.latitude.grounds[name]
        readings = readings_used(ground.readings, self.recommender.readings, self.book)
        return ResultGround(
            ground=name, basis=ground.basis, why=ground.text, **self.book.cite(ground.provision), readings=readings
        )

    def _outcome(self, question: Question) -> ResultGround:
        outcome = next(choice for choice in self.book.outcomes if choice.id == question.conclusion.outcome)
        why = self.book.vocabulary.enumerations["outcome"][outcome.id]
        return ResultGround(ground=outcome.id, basis="law", why=why, **self.book.cite(outcome.provision), readings=())

    # --- changes and what is open ---

    def _alterations(self, question: Question, space: Space) -> tuple[AlteringChanges, ...]:
        second = Second(self.judge)
        fixed, parts = components(question, self.evaluator, changeable_facts(question, self.evaluator))
        rows = (
            AlteringChanges(
                changes=tuple(self._ways(move) for move in alteration.moves),
                size=sum(min(len(way) for way in move.ways) for move in alteration.moves),
                state=alteration.space.state,
                admits=self._results(alteration.space.admitted - space.admitted),
                withdraws=self._results(space.admitted - alteration.space.admitted),
                undetermined=bool(alteration.space.undetermined),
            )
            for alteration in alterations(second, second.advance(second.start, fixed), parts)
        )
        return tuple(sorted(rows, key=lambda row: row.size))

    def _ways(self, move: Move) -> tuple[tuple[FactChanged, ...], ...]:
        was = {fact.name: fact.was for fact in move.component.facts}
        return tuple(
            tuple(
                FactChanged(name, self._label(name), was[name], _plain(to), self._value(name, to)) for name, to in way
            )
            for way in move.ways
        )

    def _uncertain(self, question: Question, disputed: tuple[date, ...]) -> UnderUncertainty:
        second = Second(self.judge)
        facts = list(open_facts(question, self.evaluator, disputed))
        fixed, parts = components(question, self.evaluator, facts)
        found = under_uncertainty(second, second.advance(second.start, fixed), parts)
        never = frozenset(self.judge.universe) - found.robust - found.possible
        return UnderUncertainty(
            open=tuple(OpenFact(fact.name, self._label(fact.name), *self._work(fact.name)) for fact in facts),
            counts=self._counts(question.case, disputed),
            decided=len(found.spaces) == 1 and not found.contradictory,
            contradictory=found.contradictory,
            robust=self._results(found.robust),
            possible=self._results(found.possible),
            never=len(never),
            deciding=tuple(self._deciding(each) for each in sorted(found.deciding, key=self._effort)),
        )

    def _effort(self, deciding: Deciding) -> tuple[Any, ...]:
        """By number of findings, then by the hardest work, then by all of it."""
        easiest = [min(map(self._works, finding.ways)) for finding in deciding.findings]
        return deciding.size, max(easiest)[0], sorted(easiest), sorted(self.order[r] for r in deciding.space.admitted)

    def _works(self, way: Assignment) -> tuple[int, ...]:
        """The kinds of work of a way, the hardest first."""
        return tuple(sorted((self.work[self._needs(name)] for name, _ in way), reverse=True))

    def _deciding(self, deciding: Deciding) -> DecidingFindings:
        return DecidingFindings(
            findings=tuple(self._finding(finding.ways) for finding in deciding.findings),
            size=deciding.size,
            state=deciding.space.state,
            state_label=self.book.latitude.state_labels[deciding.space.state],
            admits=self._results(deciding.space.admitted),
        )

    def _finding(self, ways: Iterable[Assignment]) -> tuple[tuple[FactFound, ...], ...]:
        return tuple(
            tuple(
                FactFound(name, self._label(name), None, _plain(to), self._value(name, to), *self._work(name))
                for name, to in way
            )
            for way in sorted(ways, key=self._works)
        )

    def _counts(self, case: CaseFacts, disputed: tuple[date, ...]) -> dict[str, tuple[int, int]]:
        """Each way of counting as an interval: without and with the acts that are disputed."""
        certain = tuple(act for act in case.matter.acts if act.on not in disputed)
        least = count_supervision(replace(case, matter=replace(case.matter, acts=certain)), self.book).days
        most = count_supervision(case, self.book).days
        return {name: (len(least[name]), len(most[name])) for name in most}

    def _needs(self, name: str) -> str:
        return self.book.latitude.needs[ACTS.rstrip(".") if name.startswith(ACTS) else name]

    def _work(self, name: str) -> tuple[str, str]:
        kind = self._needs(name)
        return kind, self.book.latitude.work[kind]

    def _label(self, name: str) -> str:
        if name in self.book.readings:
            return self.book.readings[name].question
        if name.startswith(ACTS):
            return f"{self.book.latitude.matter['acts']}（{name.removeprefix(ACTS)}）"
        if name.startswith(MATTER):
            return self.book.latitude.matter[name.removeprefix(MATTER)]
        label = self.book.vocabulary.label(name)
        group = name.rpartition(".")[0].partition("/")[0]
        return f"{label}（{self.book.provisions[group].citation}）" if group else label

    def _value(self, name: str, value: Any) -> str:
        if isinstance(value, Span):
            return f"{value.first or '更早'} 至 {value.last or '更晚'}"
        if name in self.book.readings:
            return self.book.readings[name].alternatives[value]
        words = self.book.vocabulary.enumerations
        kind = name.removeprefix(MATTER)
        own = words.get({"redo_review": "review"}.get(kind, kind), words["status"])
        plain = str(value).lower() if isinstance(value, bool) else str(value)
        return own[plain] if plain in own else self.book.latitude.values[plain]


def _plain(value: Any) -> Any:
    """A span as an ISO 8601 interval; anything else as it is."""
    return f"{value.first or '..'}/{value.last or '..'}" if isinstance(value, Span) else value
