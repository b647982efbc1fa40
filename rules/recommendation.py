"""Case facts → a cited recommendation for each person. It organises and cites; every choice is left to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rules import engine
from rules.calendar import WorkCalendar, work_calendar
from rules.derivation import (
    SupervisionCount,
    count_supervision,
    derive_matter,
    derive_person,
    element_record,
)
from rules.duties import duties
from rules.evaluation import Conclusion, Evaluator, full_record
from rules.facts import ESTABLISHED, OPEN, CaseFacts, Person
from rules.flips import Question, flips, other_readings
from rules.rulebook import Rulebook
from rules.steps import reasoning

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
        self.readings = {reading.id: reading.default for reading in book.readings.values()}

    def recommend(self, case: CaseFacts, label: str) -> dict[str, Any]:
        """The recommendation of the contract, section 3. Raises EngineFault where engine and reference disagree."""
        book = self.book
        count = count_supervision(case, book)
        matter = derive_matter(case, count, book)
        return {
            "case": case.title or label,
            "rulebook": self.rulebook(),
            "engine": {"name": engine.NAME, "version": engine.VERSION},
            "persons": {person.id: self._person(case, person, count, matter) for person in case.persons},
            "notice": NOTICE,
        }

    def rulebook(self) -> dict[str, Any]:
        """By what an answer was made."""
        book = self.book
        return {
            "id": book.id,
            "in_force_from": book.in_force_from.isoformat(),
            "sha256": book.sha256,
            "policy": book.policy_id,
            "readings": self.readings,
            **({"draft": book.draft} if book.draft is not None else {}),
        }

    def _person(
        self, case: CaseFacts, person: Person, count: SupervisionCount, matter: Mapping[str, Any]
    ) -> dict[str, Any]:
        book, question = self.book, self._question(case, person, matter)
        conclusion = question.conclusion
        sensitive, alternatives = self._other_readings(question)
        steps = reasoning(question, self.evaluator)
        conditional = self._conditional(question)
        follow = duties(case, conclusion, book, self.calendar)
        discretion = self._discretion(conclusion)
        result = conclusion.result()
        return {
            "outcome": conclusion.outcome,
            "gates": dict(conclusion.gates),
            "situations": dict(conclusion.situations),
            "exemption": result["exemption"],
            "mitigation": list(conclusion.mitigation),
            "aggravation": list(conclusion.aggravation),
            "base": result["base"],
            "range_mandatory": result["range_mandatory"],
            "range_if_discretion": result["range_if_discretion"],
            "discipline_track": conclusion.track.id,
            "flags": sorted([*conclusion.flags, *sensitive]),
            "conditional": conditional,
            "supervision_count": {
                **{name: len(days) for name, days in count.days.items()},
                "records": [dict(act) for act in count.records],
            },
            "readings": alternatives,
            "open_facts": self._open_facts(question, conditional),
            "citations": self._citations(steps, follow, discretion),
            "steps": steps,
            "discretion": discretion,
            "duties": follow,
            "flips": flips(question, self.evaluator),
        }

    def _question(self, case: CaseFacts, person: Person, matter: Mapping[str, Any]) -> Question:
        record = full_record(matter, derive_person(person), element_record(person, self.book))
        statuses = self.evaluator.statuses(record)
        conclusion = self.evaluator.conclude(person, statuses, self.readings)
        return Question(case, person, record, statuses, self.readings, conclusion)

    def questions(self, case: CaseFacts) -> dict[str, Question]:
        """Each person's evaluation by id, for those who ask further. Raises EngineFault."""
        matter = derive_matter(case, count_supervision(case, self.book), self.book)
        return {person.id: self._question(case, person, matter) for person in case.persons}

    def _other_readings(self, question: Question) -> tuple[list[str], list[dict[str, Any]]]:
        """Flags of the readings that matter here, and what each other reading would give."""
        flags, rows = [], []
        for reading_id, value in other_readings(self.evaluator):
            readings = {**question.readings, reading_id: value}
            after = self.evaluator.conclude(question.person, question.statuses, readings)
            differs = after.sensitive(question.conclusion)
            if differs:
                flags.append(f"interpretation_sensitive:{reading_id}")
            reading = self.book.readings[reading_id]
            rows.append(
                {
                    "reading": reading_id,
                    "question": reading.question,
                    "used": question.readings[reading_id],
                    "other": value,
                    "text": reading.alternatives[value],
                    "differs": differs,
                }
            )
        return flags, rows

    def _conditional(self, question: Question) -> list[str] | None:
        """The mandatory range if ``unfit_for_post``, still open, were established; None where that changes nothing."""
        before = question.conclusion.mandatory
        if before is None or question.person.unfit_for_post != OPEN:
            return None
        unfit = replace(question.person, unfit_for_post=ESTABLISHED)
        found = self.evaluator.conclude(unfit, question.statuses, question.readings)
        return list(found.mandatory) if found.mandatory and found.law is not None else None

    def _open_facts(self, question: Question, conditional: list[str] | None) -> list[str]:
        """Open elements of alleged groups that are themselves undecided, then harm and unfit_for_post where they matter."""
        people_only = self.book.vocabulary.people_only
        found: list[str] = []
        for group in self.book.vocabulary.groups.values():
            if group.id not in question.person.findings or group.id in people_only:
                continue
            values = {f"{group.id}.{element}": question.record[f"{group.id}.{element}"] for element in group.elements}
            if "refuted" not in values.values():
                found += [name for name, value in values.items() if value == OPEN]
        if question.conclusion.outcome == "accountable" and question.person.harm is None:
            found.append("harm")
        if conditional is not None:
            found.append("unfit_for_post")
        return found

    def _discretion(self, conclusion: Conclusion) -> list[dict[str, Any]]:
        if conclusion.outcome != "accountable":
            return []
        slots = []
        for position in sorted(conclusion.choices):
            choice, row = self.book.discretion[position]
            slot = {"slot": choice.id, **self.book.cite(choice.provision), "question": row["question"]}
            slots.append(slot | {"options": list(row["options"]), "reason_required": True})
        return slots

    def _citations(self, *parts: list[dict[str, Any]]) -> list[str]:
        named = {row["provision"] for rows in parts for row in rows}
        named |= {other["provision"] for rows in parts for row in rows for other in row.get("also", ())}
        return [provision for provision in self.book.provisions if provision in named]
