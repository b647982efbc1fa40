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
from rules.evaluation import Conclusion, Evaluator, full_record, rule_groups
from rules.facts import ESTABLISHED, OPEN, CaseFacts, Person
from rules.flips import Question, flips, other_readings
from rules.logic import fields
from rules.rulebook import Rule, Rulebook

NOTICE = "仅供调查组和学校党委参考，不构成问责决定"
_SEVERE = ("considerable", "serious")
_LEADS = {
    "exempt": "可以不予问责或者免予问责的情形",
    "mitigate": "可以从轻或者减轻问责的情形",
    "aggravate": "应当从重或者加重问责的情形",
}


class Recommender:
    """A rulebook ready to answer; build one per process and share it between threads."""

    def __init__(self, book: Rulebook, calendar: WorkCalendar | None = None) -> None:
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
            "rulebook": {
                "id": book.id,
                "in_force_from": book.in_force_from.isoformat(),
                "sha256": book.sha256,
                "policy": book.policy_id,
                "readings": self.readings,
            },
            "engine": {"name": engine.NAME, "version": engine.VERSION},
            "persons": {person.id: self._person(case, person, count, matter) for person in case.persons},
            "notice": NOTICE,
        }

    def _person(
        self, case: CaseFacts, person: Person, count: SupervisionCount, matter: Mapping[str, Any]
    ) -> dict[str, Any]:
        record = full_record(matter, derive_person(person), element_record(person, self.book))
        statuses = self.evaluator.statuses(record)
        conclusion = self.evaluator.conclude(person, statuses, self.readings)
        question = Question(case, person, record, statuses, self.readings, conclusion)
        sensitive, alternatives = self._other_readings(question)
        steps = self._steps(question)
        follow = duties(case, conclusion, self.book, self.calendar)
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
            "discipline_track": conclusion.track,
            "flags": sorted([*conclusion.flags, *sensitive]),
            "conditional": self._conditional(question),
            "supervision_count": {
                "office_acts": len(count.days["office_acts"]),
                "formal_only": len(count.days["formal_only"]),
                "records": [dict(act) for act in count.records],
            },
            "readings": alternatives,
            "open_facts": self._open_facts(question),
            "citations": self._citations(steps, follow, discretion),
            "steps": steps,
            "discretion": discretion,
            "duties": follow,
            "flips": flips(question, self.evaluator),
        }

    def _other_readings(self, question: Question) -> tuple[list[str], list[dict[str, Any]]]:
        """Flags of the readings that matter here, and what each other reading would give."""
        before = question.conclusion.compared()
        flags, rows = [], []
        for reading_id, value in other_readings(self.evaluator):
            readings = {**question.readings, reading_id: value}
            after = self.evaluator.conclude(question.person, question.statuses, readings).compared()
            differs = {key: found for key, found in after.items() if found != before[key]}
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
        """The mandatory range if ``unfit_for_post``, still open, were established; None where it does not matter."""
        if not self._unfit_matters(question):
            return None
        unfit = replace(question.person, unfit_for_post=ESTABLISHED)
        found = self.evaluator.conclude(unfit, question.statuses, question.readings).mandatory
        return list(found) if found else None

    def _unfit_matters(self, question: Question) -> bool:
        person = question.person
        accountable = question.conclusion.outcome == "accountable"
        return accountable and person.harm in _SEVERE and person.unfit_for_post == OPEN

    def _open_facts(self, question: Question) -> list[str]:
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
        if self._unfit_matters(question):
            found.append("unfit_for_post")
        return found

    # --- the reasoning, step by step ---

    def _steps(self, question: Question) -> list[dict[str, Any]]:
        book, conclusion = self.book, question.conclusion
        steps = [self._rule_step(rule, question) for rule in book.rules.values() if self._shown(rule, question)]
        leads = (("exempt", "art-8.3.1.0"), ("mitigate", "art-8.3.2.0"), ("aggravate", "art-8.3.3.0"))
        named = {rule.provision for rule in book.rules.values() if self._shown(rule, question)}
        for kind, lead in leads:
            if any(rule.provision in named for rule in book.of_kind(kind)):
                status = {"exempt": conclusion.exemption, "mitigate": conclusion.record["mitigated"]}.get(
                    kind, conclusion.record["aggravated"]
                )
                steps.append(self._step(kind, lead, _LEADS[kind], "law", status))
        outcome = next(choice for choice in book.outcomes if choice.id == conclusion.outcome)
        steps.append(self._step("outcome", outcome.provision, "结论", "law", conclusion.outcome))
        return steps + self._range_steps(question) + self._track_steps(conclusion) + self._procedure_steps()

    def _shown(self, rule: Rule, question: Question) -> bool:
        if rule.kind == "gate":
            return True
        groups = rule_groups(rule, self.book)
        if groups:
            return any(group in question.person.findings for group in groups)
        return bool(question.case.matter.acts)

    def _step(self, step: str, provision: str, label: str, basis: str, status: str) -> dict[str, Any]:
        cited = self.book.cite(provision)
        return {"step": step, "label": label, **cited, "basis": basis, "status": status, "because": [], "also": []}

    def _rule_step(self, rule: Rule, question: Question) -> dict[str, Any]:
        value = question.readings[rule.reading] if rule.reading else ""
        status = question.statuses[rule.id, value]
        step = self._step(rule.id, rule.provision, rule.label, "law", status)
        step["modality"] = rule.modality
        step["because"] = [self._because(name, question) for name in fields([rule.when[value]])]
        step["also"] = [self.book.cite(provision) for provision in rule.cites]
        if rule.readings:
            step["readings"] = [
                {"reading": name, "used": question.readings[name],
                 "text": self.book.readings[name].alternatives[question.readings[name]]}
                for name in rule.readings
            ]  # fmt: skip
        return step

    def _because(self, name: str, question: Question) -> dict[str, Any]:
        group, _, element = name.rpartition(".")
        evidence: list[Any] = []
        if group in self.book.vocabulary.groups:
            found = question.person.findings.get(group, {}).get(element)
            evidence = [*(found.evidence if found else ()), *question.person.evidence.get(name, ())]
        label = self.book.vocabulary.label(name)
        return {"element": name, "label": label, "status": question.record[name], "evidence": evidence}

    def _range_steps(self, question: Question) -> list[dict[str, Any]]:
        conclusion, book, person = question.conclusion, self.book, question.person
        if conclusion.base is None:
            return []
        by_law = person.harm in _SEVERE and person.unfit_for_post == ESTABLISHED
        words = book.vocabulary.enumerations
        name = self._named(conclusion.base)
        source = "依本条" if by_law else f"按策略表 {book.policy_id}（不是规章内容）"
        label = f"{source}：损害程度“{words['harm'][str(person.harm)]}”、{words['role'][person.role]} → {name}"
        steps = [self._step("base", book.ladder[conclusion.base[0]], label, "law" if by_law else "policy", "base")]
        steps[0]["because"] = [
            {
                "element": "harm",
                "label": "损害程度",
                "status": person.harm,
                "evidence": [*person.evidence.get("harm", ())],
            },
            {
                "element": "unfit_for_post",
                "label": "不适宜担任现职",
                "status": person.unfit_for_post,
                "evidence": [*person.evidence.get("unfit_for_post", ())],
            },
        ]
        if conclusion.base[1] != conclusion.base[0]:
            steps[0]["also"] = [book.cite(book.ladder[conclusion.base[1]])]
        return steps + self._adjusting_steps(conclusion)

    def _adjusting_steps(self, conclusion: Conclusion) -> list[dict[str, Any]]:
        """How the range moved: what must be (aggravation, 应当) apart from what may be (mitigation, 可以)."""
        steps = []
        if conclusion.aggravation:
            label = f"应当从重或者加重：区间为 {self._named(conclusion.mandatory)}"
            steps.append(self._step("aggravated_range", "art-8.3.3.0", label, "policy", "required"))
        if conclusion.mitigation:
            label = f"可以从轻或者减轻：如行使裁量，区间为 {self._named(conclusion.discretionary)}"
            steps.append(self._step("mitigated_range", "art-8.3.2.0", label, "policy", "allowed"))
        return steps

    def _named(self, bounds: tuple[str, str] | None) -> str:
        words = self.book.vocabulary.enumerations["measure"]
        return " 至 ".join(dict.fromkeys(words[measure] for measure in bounds or ()))

    def _track_steps(self, conclusion: Conclusion) -> list[dict[str, Any]]:
        if conclusion.track == "not_triggered":
            return []
        label = self.book.vocabulary.enumerations["discipline_track"][conclusion.track]
        return [self._step("discipline_track", "art-8.2.4", label, "law", conclusion.track)]

    def _procedure_steps(self) -> list[dict[str, Any]]:
        return [
            self._step(f"procedure.{row['id']}", row["provision"], f"决定之前：{row['text']}", "law", "required")
            for row in self.book.procedure
        ]

    def _discretion(self, conclusion: Conclusion) -> list[dict[str, Any]]:
        if conclusion.outcome != "accountable":
            return []
        slots = []
        for position in sorted(self.evaluator.choices_left(conclusion)):
            choice, row = self.book.discretion[position]
            slot = {"slot": choice.id, **self.book.cite(choice.provision), "question": row["question"]}
            slots.append(slot | {"options": list(row["options"]), "reason_required": True})
        return slots

    def _citations(self, *parts: list[dict[str, Any]]) -> list[str]:
        named = {row["provision"] for rows in parts for row in rows}
        named |= {other["provision"] for rows in parts for row in rows for other in row.get("also", ())}
        return [provision for provision in self.book.provisions if provision in named]
