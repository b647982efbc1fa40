"""The regulation as immutable data: provisions, vocabulary, rules, readings, policy. Built by ``rules.book.loading``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.answering import Citing, Slot
from rules.book.actions import Action
from rules.book.latitude import Latitude
from rules.book.logic import Condition, leaves
from rules.book.procedure import Checkup, Proceedings, TrackedDuty

RULE_KINDS = ("gate", "situation", "exempt", "mitigate", "aggravate")


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision: its words, where they stand in the text (span, end excluded) and how the system treats it.

    carried_by: ``kind:name`` of what carries it out where no entry of the rulebook rests on it.
    """

    id: str
    citation: str
    text: str
    span: tuple[int, int]
    kind: str
    modality: str
    bearer: str
    treatment: str
    note: str
    heading: bool = False
    carried_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters of the text (end excluded) and how they are treated: as their provision, as layout or as blank."""

    start: int
    end: int
    text: str
    treatment: str
    provision: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Elements that people find; all of them must hold. ``id`` is a provision, or provision/alternative."""

    id: str
    provision: str
    elements: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Count:
    """One way to count the Office's acts: the kinds of act, the field of the count, and of "still not done after it"."""

    field: str
    unfulfilled: str
    kinds: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    groups: Mapping[str, Group]
    people_only: frozenset[str]
    judgements: Mapping[str, str]
    enumerations: Mapping[str, Mapping[str, str]]
    derived: Mapping[str, str]
    counts: Mapping[str, Count]

    def has(self, element: str) -> bool:
        """Whether a three-valued element of this name exists: found by people, or derived."""
        group, _, name = element.rpartition(".")
        return element in self.derived or (group in self.groups and name in self.groups[group].elements)

    def is_derived(self, name: str) -> bool:
        """Whether a field follows from the case file's days and acts, not from a finding of people."""
        return name in self.derived or any(count.field == name for count in self.counts.values())

    def label(self, name: str) -> str:
        """The Chinese name of an element, a judgement or a derived fact."""
        if name in self.judgements:
            return self.judgements[name]
        if name in self.derived:
            return self.derived[name]
        for count in self.counts.values():
            if count.field == name:
                return count.label
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
    months: int | None = None
    still_unfulfilled_after: int | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """An entry of an ordered list on the derived record (outcome, track, flag …): taken where its condition holds."""

    id: str
    provision: str
    when: Condition
    label: str = ""
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """The opening words of a list of the regulation (可以 …, 应当 …)."""

    provision: str
    label: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How a range moves. Aggravation: ``raises`` the upper measure, and ``capped`` where it cannot; mitigation:
    ``lowers_by`` rungs, not under ``floor``."""

    provision: str
    readings: tuple[str, ...]
    label: str
    raises: Mapping[str, str]
    capped: Branch | None
    lowers_by: int
    floor: str


@dataclass(frozen=True, slots=True)
class Period:
    """A row of the influence-period table; without ``confirmed`` it is shown and drives nothing.

    months: None where the source gives no period. mark: V read, S secondary source, M unverified.
    """

    id: str
    label: str
    ladder: str
    months: int | None
    start: str | None
    effect: str
    basis: str
    mark: str
    confirmed: Mapping[str, str] | None
    question: str | None = None

    @property
    def applied(self) -> bool:
        """Whether an end is computed from it: confirmed, with months, from the day of the decision (others are not on record)."""
        return self.confirmed is not None and bool(self.months) and self.start == "decision"


MARKS: Mapping[str, str] = {"V": "已读到条文，未经学校确认", "S": "只有间接来源", "M": "未核对"}
"""How far the project has checked a source."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a provision forbids in an input. reading: the reading that it rests on, where the provision does not say it itself.

    policy: no provision forbids it; the school asks for it, and the provision is only the nearest one.
    by_name: whether it keeps people apart: by names, and so a namesake too, where a record does not say which person it means.
    """

    id: str
    provision: str
    text: str
    reading: str | None = None
    policy: bool = False
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Searches:
    """What is looked for in the ledger. favourable: rule → searches that speak for the person; reasons: rule → why none.

    adverse: element → the actions whose records speak to it.
    """

    labels: Mapping[str, str]
    favourable: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, str]
    adverse: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Form:
    """An annex: the provisions whose words are its number, its title and its fields."""

    id: str
    number: str
    title: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InspectionForm:
    """A form of inspection; ``needs`` are the parts of its record that it cannot do without."""

    id: str
    label: str
    provision: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegularInspection:
    """An inspection that comes round every so many months; some end in a written report to the leaders."""

    id: str
    label: str
    provision: str
    months: int
    written_report: bool


@dataclass(frozen=True, slots=True)
class Inspections:
    forms: Mapping[str, InspectionForm]
    regular: tuple[RegularInspection, ...]


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something that the daily round tells. whose: as what somebody has to act: office, director, unit or leader."""

    id: str
    label: str
    provision: str
    whose: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The life of a supervised matter. leader_route_units: from so many units on, a school leader approves; actors: who acts →
    Chinese."""

    states: Mapping[str, str]
    actions: Mapping[str, Action]
    actor_guards: Mapping[str, str]
    leader_route_units: int
    archive: Mapping[str, str]
    reminders: Mapping[str, Reminder]
    actors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text leaves open, the values it may have, the one used, and why. Not law.

    basis: superior documents relied on, each with its mark. adopted: who adopted it, when, by which document.
    """

    id: str
    question: str
    provisions: tuple[str, ...]
    alternatives: Mapping[str, str]
    default: str
    evaluated: bool
    status: str
    reason: str
    basis: tuple[Mapping[str, str], ...] = ()
    adopted: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Monotony:
    """A direction in which the results may move. turned: a kind of rule, or a judgement, whose findings are turned up; the range
    then never gets ``never``."""

    id: str
    turned: str
    range: str
    never: str
    provision: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """Everything the reasoning needs, with the sha256 of the files it was read from, and their words (``text``: the regulation).

    One is the same as itself only, so that what is derived from it can be kept by it.
    """

    id: str
    title: str
    number: str
    in_force_from: date
    sha256: str
    sources: Mapping[str, str]
    office_names: frozenset[str]
    office: str
    provisions: Mapping[str, Provision]
    segments: tuple[Segment, ...]
    vocabulary: Vocabulary
    rules: Mapping[str, Rule]
    leads: Mapping[str, Lead]
    outcomes: tuple[Branch, ...]
    tracks: tuple[Branch, ...]
    flags: tuple[Branch, ...]
    law_ranges: tuple[tuple[Branch, str, str], ...]
    ladder: Mapping[str, str]
    aggravation: Adjustment
    mitigation: Adjustment
    policy_id: str
    policy: Mapping[tuple[str, str], tuple[str, str]]
    policy_adopted_by: str | None
    readings: Mapping[str, Reading]
    periods: tuple[Period, ...]
    guards: Mapping[str, Guard]
    ledger: Ledger
    proceedings: Proceedings
    inspections: Inspections
    forms: Mapping[str, Form]
    searches: Searches
    duties: tuple[Mapping[str, Any], ...]
    tracked: Mapping[str, TrackedDuty]
    checkup: Checkup
    procedure: tuple[Mapping[str, Any], ...]
    discretion: tuple[tuple[Branch, Mapping[str, Any]], ...]
    latitude: Latitude
    monotonies: tuple[Monotony, ...]
    institution: tuple[str, ...] = ()
    """The names by which the institution goes; none in a book of the first release."""
    draft: str | None = None
    """The title of the proposed amendment that is laid over it: such a book may be compared and replayed, and decides no case."""

    @property
    def actors(self) -> Mapping[str, str]:
        """Who acts, in the ledger or in a case → Chinese."""
        return {**self.ledger.actors, **self.proceedings.actors}

    @property
    def lists(self) -> Mapping[str, tuple[Branch, ...]]:
        """Every ordered list of the second stage, by its name."""
        laws, slots = (choice for choice, _, _ in self.law_ranges), (choice for choice, _ in self.discretion)
        return {
            "outcome": self.outcomes,
            "track": self.tracks,
            "flag": self.flags,
            "law": tuple(laws),
            "discretion": tuple(slots),
        }

    @property
    def rank(self) -> dict[str, int]:
        """Measure → its place on the ladder."""
        return {measure: place for place, measure in enumerate(self.ladder)}

    def of_kind(self, kind: str) -> tuple[Rule, ...]:
        """The rules of one kind (gate, situation, exempt, mitigate, aggravate) in the order of the regulation."""
        return tuple(rule for rule in self.rules.values() if rule.kind == kind)

    def cite(self, provision: str) -> Citing:
        """Id, Chinese citation and words of a provision."""
        found = self.provisions[provision]
        return {"provision": found.id, "citation": found.citation, "text": found.text}

    def slots(self) -> tuple[Slot, ...]:
        """Every question of discretion, in the order of the book."""
        return tuple(
            Slot(
                slot=choice.id,
                **self.cite(choice.provision),
                question=row["question"],
                options=tuple(row["options"]),
                reason_required=True,
            )
            for choice, row in self.discretion
        )


def rule_groups(rule: Rule, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The groups of findings that a rule reads, each once; empty for a rule on derived facts alone."""
    names = (leaf.name for condition in rule.when.values() for leaf in leaves(condition))
    groups = (name.rpartition(".")[0] for name in names if name not in vocabulary.derived)
    return tuple(dict.fromkeys(group for group in groups if group in vocabulary.groups))


def stage_two_fields(vocabulary: Vocabulary, rules: Mapping[str, Rule]) -> dict[str, set[str]]:
    """Field → allowed values of the derived record, on which outcomes, ranges, flags and choices are decided."""
    statuses = {"established", "open", "refuted", "not_raised"}
    words = vocabulary.enumerations
    result: dict[str, set[str]] = dict.fromkeys([*rules, "situation", "unfit_for_post"], statuses)
    result |= {name: {"yes", "no"} for name in ("party_member", "distinct_periods", "mitigated", "aggravated")}
    return result | {"harm": set(words["harm"]) | {"unknown"}, "exemption": set(words["exemption"])}
