"""From findings to a conclusion, in two stages run by the engine. Nothing here chooses for people.

Stage one: the status of every provision, under every reading. Stage two: outcome, range and flags, on a small record
derived from the statuses; that record has finitely many values, so its answers are remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from rules.book.logic import ESTABLISHED, OPEN, REFUTED, Condition, Record, Status, fields, leaves, three_valued
from rules.book.rulebook import RULE_KINDS, Branch, Rulebook, rule_groups, stage_two_fields
from rules.reasoning.answer import AnsweredResult, Exemption
from rules.reasoning.engine import Ruleset
from rules.reasoning.facts import PersonFacts

STATUSES = frozenset({ESTABLISHED, OPEN, REFUTED})
NOT_RAISED = "not_raised"
_REMEMBERED = 8_192
"""Conclusions kept, some 2 KB each: what is asked of stage two has few values, so most questions are asked again."""
Range = tuple[str, str]
Statuses = Mapping[tuple[str, str], Status]
"""Rule id and reading value ("" where it depends on none) → status."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What follows for one person under one set of readings. Ranges are (lowest, highest) of the ladder.

    law: the rule of law that fixes the base; None where the policy table does, or there is no base.
    choices: positions of the discretion slots that are open. One object may be shared by many recommendations.
    """

    gates: Mapping[str, str]
    situations: Mapping[str, str]
    outcome: str
    exemption: str
    exemption_grounds: tuple[str, ...]
    mitigation: tuple[str, ...]
    aggravation: tuple[str, ...]
    base: Range | None
    mandatory: Range | None
    discretionary: Range | None
    law: Branch | None
    track: Branch
    flags: tuple[str, ...]
    choices: tuple[int, ...]
    record: Mapping[str, str]

    def result(self) -> AnsweredResult:
        """The part that a change of a finding or a reading is measured by."""
        return AnsweredResult(
            outcome=self.outcome,
            exemption=Exemption(self.exemption, self.exemption_grounds),
            discipline_track=self.track.id,
            base=self.base,
            range_mandatory=self.mandatory,
            range_if_discretion=self.discretionary,
        )

    def compared(self) -> AnsweredResult:
        """The part in which a reading is sensitive: the result with the grounds of mitigation and aggravation."""
        return msgspec.structs.replace(self.result(), mitigation=self.mitigation, aggravation=self.aggravation)


class Evaluator:
    """The rulebook made ready to run; one for each process, shared by its threads."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._cases = [
            (rule, value, condition) for rule in book.rules.values() for value, condition in rule.when.items()
        ]
        self._stage_one = Ruleset(self._stage_one_rules(), self._stage_one_domain())
        self.elements = {(rule.id, value): fields([condition]) for rule, value, condition in self._cases}
        self._by_rule = {(rule.id, value): three_valued(condition) for rule, value, condition in self._cases}
        self._stage_two = Ruleset(self._stage_two_rules(), self._stage_two_domain())
        self._always = [name for name, choice in self._ordered() if not any(True for _ in leaves(choice.when))]
        self._concluded = lru_cache(maxsize=_REMEMBERED)(self._conclude)
        self._keys = lru_cache(maxsize=64)(self._keys_under)
        self._raised = lru_cache(maxsize=1024)(self._raised_by)
        self._sensitive = tuple(dict.fromkeys(rule.reading for rule in book.rules.values() if rule.reading))
        self.groups = {rule.id: rule_groups(rule, book.vocabulary) for rule in book.rules.values()}
        self._kinds = {kind: tuple(rule.id for rule in book.of_kind(kind)) for kind in RULE_KINDS}
        self._concluding = tuple(rule for rule in self._kinds["situation"] if rule not in book.vocabulary.people_only)
        self._readers = self._rules_by_field()
        self._ladder = list(book.ladder)

    # --- stage one ---

    def _stage_one_rules(self) -> Iterable[tuple[str, Condition, bool]]:
        for rule, value, condition in self._cases:
            yield f"{rule.id}|{value}|holds", condition, False
            yield f"{rule.id}|{value}|may", condition, True

    def _stage_one_domain(self) -> dict[str, Any]:
        words = self.book.vocabulary
        names = [f"{group.id}.{element}" for group in words.groups.values() for element in group.elements]
        return dict.fromkeys([*names, *words.derived], STATUSES) | dict.fromkeys(
            (count.field for count in words.counts.values()), int
        )

    def _rules_by_field(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for rule, value, condition in self._cases:
            for name in fields([condition]):
                found.setdefault(name, []).append((rule.id, value))
        return found

    def statuses(self, record: Record) -> dict[tuple[str, str], Status]:
        """The status of every rule under each of its readings. Raises EngineFault."""
        result: dict[tuple[str, str], Status] = {(rule.id, value): REFUTED for rule, value, _ in self._cases}
        for name in self._stage_one.evaluate(record):
            rule_id, value, half = name.split("|")
            key = (rule_id, value)
            if half == "holds":
                result[key] = ESTABLISHED
            elif result[key] == REFUTED:
                result[key] = OPEN
        return result

    def status(self, key: tuple[str, str], record: Record) -> Status:
        """The status of one rule under one of its readings, by the reference alone."""
        return self._by_rule[key](record)

    def changed(self, statuses: Statuses, record: Record, name: str) -> dict[tuple[str, str], Status]:
        """The statuses after one element of ``record`` has changed: only the rules that read it are looked at again."""
        result = dict(statuses)
        for key in self._readers.get(name, ()):
            result[key] = self.status(key, record)
        return result

    # --- stage two ---

    def _ordered(self) -> Iterable[tuple[str, Branch]]:
        for kind, choices in self.book.lists.items():
            for position, choice in enumerate(choices):
                yield f"{kind}|{position}", choice

    def _stage_two_rules(self) -> Iterable[tuple[str, Condition, bool]]:
        for name, choice in self._ordered():
            if any(True for _ in leaves(choice.when)):
                yield name, choice.when, False

    def _stage_two_domain(self) -> dict[str, Any]:
        found = stage_two_fields(self.book.vocabulary, self.book.rules)
        return {name: frozenset(values) for name, values in found.items()}

    def _run_stage_two(self, record: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
        fired: dict[str, list[int]] = {}
        for name in [*self._stage_two.evaluate(record), *self._always]:
            kind, position = name.split("|")
            fired.setdefault(kind, []).append(int(position))
        return {kind: tuple(sorted(positions)) for kind, positions in fired.items()}

    def conclude(self, person: PersonFacts, statuses: Statuses, readings: Mapping[str, str]) -> Conclusion:
        """What follows from the statuses for this person under these readings."""
        keys = self._keys(tuple(readings[name] for name in self._sensitive))
        raised = self._raised(frozenset(person.findings))
        shown = tuple(statuses[key] if is_raised else NOT_RAISED for key, is_raised in zip(keys, raised, strict=True))
        judged = (person.harm, person.role, person.unfit_for_post, person.party_member, person.distinct_periods)
        return self._concluded(shown, *judged)

    def _keys_under(self, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """The keys of the statuses that count, a rule at a time, under these values of the readings."""
        used = dict(zip(self._sensitive, values, strict=True))
        return tuple((rule.id, used[rule.reading] if rule.reading else "") for rule in self.book.rules.values())

    def _raised_by(self, groups: frozenset[str]) -> tuple[bool, ...]:
        """Whether each rule was put to the question by the groups alleged; a rule on derived facts always is."""
        return tuple(not found or not groups.isdisjoint(found) for found in self.groups.values())

    def _conclude(
        self, shown: tuple[str, ...], harm: str | None, role: str, unfit: str, member: bool, distinct: bool
    ) -> Conclusion:
        book = self.book
        record = dict(zip(book.rules, shown, strict=True))
        record |= self._gathered(record)
        record |= {"harm": harm or "unknown", "unfit_for_post": unfit}
        record |= {"party_member": "yes" if member else "no", "distinct_periods": "yes" if distinct else "no"}
        fired = self._run_stage_two(record)
        outcome = book.outcomes[fired["outcome"][0]].id
        accountable = outcome == "accountable"
        law, base = self._base(harm, role, fired) if accountable else (None, None)
        mandatory, discretionary, capped = self.adjust(
            base, record["mitigated"] == "yes", record["aggravated"] == "yes"
        )
        flags = [book.flags[position].id for position in fired.get("flag", ())] if accountable else []
        if capped and book.aggravation.capped is not None:
            flags.append(book.aggravation.capped.id)
        return Conclusion(
            gates={rule.removeprefix("gate."): record[rule] for rule in self._kinds["gate"]},
            situations={rule: record[rule] for rule in self._kinds["situation"] if record[rule] != NOT_RAISED},
            outcome=outcome,
            exemption=record["exemption"],
            exemption_grounds=self._grounds(record),
            mitigation=self._with(record, "mitigate", ESTABLISHED),
            aggravation=self._with(record, "aggravate", ESTABLISHED),
            base=base,
            mandatory=mandatory,
            discretionary=discretionary,
            law=law,
            track=book.tracks[fired["track"][0]],
            flags=tuple(flags),
            choices=fired.get("discretion", ()),
            record=record,
        )

    def _gathered(self, record: Mapping[str, str]) -> dict[str, str]:
        """The values of whole lists: any situation, any exemption, any mitigation, any aggravation."""
        situations = [record[rule] for rule in self._concluding]
        exemptions = [record[rule] for rule in self._kinds["exempt"]]
        return {
            "situation": ESTABLISHED if ESTABLISHED in situations else OPEN if OPEN in situations else REFUTED,
            "exemption": "available" if ESTABLISHED in exemptions else "pending" if OPEN in exemptions else "none",
            "mitigated": "yes" if self._with(record, "mitigate", ESTABLISHED) else "no",
            "aggravated": "yes" if self._with(record, "aggravate", ESTABLISHED) else "no",
        }

    def _with(self, record: Mapping[str, str], kind: str, status: str) -> tuple[str, ...]:
        return tuple(rule for rule in self._kinds[kind] if record[rule] == status)

    def _grounds(self, record: Mapping[str, str]) -> tuple[str, ...]:
        return self._with(record, "exempt", ESTABLISHED) or self._with(record, "exempt", OPEN)

    def _base(
        self, harm: str | None, role: str, fired: Mapping[str, tuple[int, ...]]
    ) -> tuple[Branch | None, Range | None]:
        """By law where a rule of law fixes it, else by the adopted policy table; none while the harm is not found."""
        if harm is None:
            return None, None
        for position in fired.get("law", ()):
            choice, lo, hi = self.book.law_ranges[position]
            return choice, (lo, hi)
        return None, self.book.policy[harm, role]

    def adjust(self, base: Range | None, mitigated: bool, aggravated: bool) -> tuple[Range | None, Range | None, bool]:
        """Mandatory range, range if discretion is used, and whether aggravation met its cap. Readings A-30, A-34."""
        if base is None:
            return None, None, False
        lo, hi = base
        raised = self.book.aggravation.raises.get(hi, hi) if aggravated else hi
        mandatory = (hi, raised) if aggravated else base
        if not mitigated:
            return mandatory, mandatory, aggravated and raised == hi
        lowered = lo if aggravated else self._lowered(lo)
        return mandatory, (lowered, raised), aggravated and raised == hi

    def _lowered(self, measure: str) -> str:
        rule = self.book.mitigation
        return self._ladder[max(self._ladder.index(rule.floor), self._ladder.index(measure) - rule.lowers_by)]
