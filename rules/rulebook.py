"""The regulation as immutable data: provisions, vocabulary, rules, readings, policy. Built by ``rules.loading``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.logic import Condition


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision: its words, where they stand in the text (span, end excluded) and how the system treats it."""

    id: str
    citation: str
    text: str
    span: tuple[int, int]
    kind: str
    modality: str
    bearer: str
    treatment: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Elements that people find; all of them must hold. ``id`` is a provision, or provision/alternative."""

    id: str
    provision: str
    elements: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    groups: Mapping[str, Group]
    people_only: frozenset[str]
    enumerations: Mapping[str, Mapping[str, str]]
    derived: Mapping[str, str]
    counts: Mapping[str, str]

    def label(self, name: str) -> str:
        """The Chinese name of an element or derived fact."""
        if name in self.derived:
            return self.derived[name]
        if name in self.counts:
            return self.counts[name]
        group, _, element = name.rpartition(".")
        return self.groups[group].elements[element]


@dataclass(frozen=True, slots=True)
class Rule:
    """A provision that findings can establish, under each reading that it depends on.

    when: value of ``reading`` → condition; a rule that depends on no reading has the single key "".
    """

    id: str
    kind: str
    provision: str
    label: str
    modality: str
    when: Mapping[str, Condition]
    reading: str | None = None
    readings: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    harm_at_least: str | None = None
    still_unfulfilled_after: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of an ordered list on the derived record (outcome, track, flag …): taken where its condition holds."""

    id: str
    provision: str
    when: Condition
    label: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    id: str
    question: str
    provisions: tuple[str, ...]
    alternatives: Mapping[str, str]
    default: str
    evaluated: bool
    status: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything the reasoning needs, with the sha256 of the files it was read from."""

    id: str
    title: str
    number: str
    in_force_from: date
    sha256: str
    office_names: frozenset[str]
    office: str
    provisions: Mapping[str, Provision]
    vocabulary: Vocabulary
    rules: Mapping[str, Rule]
    outcomes: tuple[Choice, ...]
    tracks: tuple[Choice, ...]
    flags: tuple[Choice, ...]
    law_ranges: tuple[tuple[Choice, str, str], ...]
    ladder: Mapping[str, str]
    adjustments: Mapping[str, Any]
    policy_id: str
    policy: Mapping[tuple[str, str], tuple[str, str]]
    readings: Mapping[str, Reading]
    duties: tuple[Mapping[str, Any], ...]
    procedure: tuple[Mapping[str, Any], ...]
    discretion: tuple[tuple[Choice, Mapping[str, Any]], ...]

    def of_kind(self, kind: str) -> tuple[Rule, ...]:
        """The rules of one kind (gate, situation, exempt, mitigate, aggravate) in the order of the regulation."""
        return tuple(rule for rule in self.rules.values() if rule.kind == kind)

    def cite(self, provision: str) -> dict[str, str]:
        """Id, Chinese citation and words of a provision."""
        found = self.provisions[provision]
        return {"provision": found.id, "citation": found.citation, "text": found.text}
