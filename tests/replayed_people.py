"""Persons whose answers under three rulebooks were worked out by hand from the regulation's text, as case files.

The text: supervised "3 次以上" (3 included) on this matter by the Office and still not done: 应当从重或者加重. The draft asks for 5.
The proposal must come within a year of the due date; the other reading asks for the same calendar year.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.schemas.case_file import load_case
from rules.analysis.replay import State
from rules.book.loading import load_rulebook
from rules.book.logic import Value
from rules.book.rulebook import Rulebook
from rules.reasoning.derivation import count_supervision, derive_matter, derive_person, element_record, numbered
from rules.reasoning.facts import CaseFacts

NOTICE, ADMONITION, ORGANISATIONAL = "notice_of_criticism", "admonition", "organisational_measure"
_DAYS = ("05-04", "05-08", "05-12", "05-18", "05-25", "06-01", "06-08")
_SITUATION = "art-8.1.3"
_FOUND = ("duty_in_scope", "non_or_incorrect_performance", "delay_or_shirk_without_cause", "adverse_effect")


def held(lo: str, hi: str) -> State:
    return "accountable", (lo, hi)


@dataclass(frozen=True)
class Someone:
    """Acts of the Office (day, and more), changes of the case; the state now and under each draft; what changes under five.

    five, year: None where the state stays. fields: what changes under the draft of five acts; empty: nothing at all.
    """

    why: str
    acts: tuple[dict[str, Any], ...]
    now: State
    five: State | None = None
    year: State | None = None
    fields: frozenset[str] = frozenset()
    matter: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=dict)
    findings: dict[str, Any] = field(default_factory=dict)
    trigger: str = "2026-06-30"

    def data(self) -> dict[str, Any]:
        found = {_SITUATION: dict.fromkeys(_FOUND, "established")} | self.findings
        person = {
            "id": "P1", "name": "金丝雀乙5510", "managed_by": "school_committee", "party_member": True, "role": "principal",
            "harm": "adverse", "unfit_for_post": "refuted",
        }  # fmt: skip
        matter = {
            "name": "自评报告",
            "category": "plan",
            "lead_unit": "甲处",
            "registered": True,
            "assigned_on": "2025-01-01",
            "due_on": "2026-04-30",
        }
        return {
            "title": "金丝雀甲7391", "trigger_date": self.trigger,
            "matter": matter | self.matter | {"acts": [dict(act) for act in self.acts]},
            "persons": [person | self.person | {"findings": {name: made for name, made in found.items() if made}}],
        }  # fmt: skip

    def case(self) -> CaseFacts:
        return load_case(self.data(), load_rulebook())


def acts(number: int, kind: str = "formal") -> tuple[dict[str, Any], ...]:
    return tuple({"date": f"2026-{day}", "kind": kind} for day in _DAYS[:number])


_LIGHT, _RAISED = held(NOTICE, NOTICE), held(NOTICE, ADMONITION)
_ONLY = held(ADMONITION, ADMONITION)
_AGAIN = frozenset({"aggravation", "range_mandatory", "range_if_discretion"})
_CAPPED = frozenset({"aggravation", "flags"})
_COUNTED: dict[str, Any] = {"now": _RAISED, "five": _LIGHT, "fields": _AGAIN}
_BETWEEN = {"due_on": "2025-12-15"}
_MITIGATED = {"art-8.3.2.2": {"cooperated": "established", "assumed_responsibility": "established"}}
_EARLY = tuple({"date": f"2026-01-{day}", "kind": "formal"} for day in ("05", "08", "12"))

PEOPLE = (
    Someone("no act", (), _LIGHT),
    Someone("two acts", acts(2), _LIGHT),
    Someone("three acts, 3 included", acts(3), **_COUNTED),
    Someone("four acts", acts(4), **_COUNTED),
    Someone("five acts, 5 included", acts(5), _RAISED),
    Someone("six acts", acts(6), _RAISED),
    Someone("three acts, grave: notice to admonition becomes admonition", acts(3), _ONLY, held(NOTICE, ADMONITION),
            fields=_AGAIN | {"flags"}, person={"harm": "grave"}),
    Someone("five acts, grave", acts(5), _ONLY, person={"harm": "grave"}),
    Someone("three acts, considerable: already at the cap", acts(3), _ONLY, fields=_CAPPED, person={"harm": "considerable"}),
    Someone("three acts, serious, another member", acts(3), _ONLY, fields=_CAPPED,
            person={"harm": "serious", "role": "other_member"}),
    Someone("three acts, unfit for the post: fixed by law", acts(3), held(ORGANISATIONAL, ORGANISATIONAL), fields=_CAPPED,
            person={"harm": "considerable", "unfit_for_post": "established"}),
    Someone("four acts on three days", (*acts(3), {"date": "2026-05-12", "kind": "formal", "channel": "OA"}), **_COUNTED),
    Someone("five acts, one after the proposal", acts(5), trigger="2026-05-20", **_COUNTED),
    Someone("five acts, one of another office", (*acts(4), {"date": "2026-05-25", "kind": "formal", "by": "审计处"}), **_COUNTED),
    Someone("five acts, one about another matter", (*acts(4), {"date": "2026-05-25", "kind": "formal", "matter": "他事"}), **_COUNTED),
    Someone("three acts and two routine checks", (*acts(3), *({"date": f"2026-06-{day}", "kind": "routine"} for day in ("02", "03"))),
            **_COUNTED),
    Someone("done, late, after the fourth act", acts(5), matter={"reported_on": "2026-05-20", "review": "accepted"}, **_COUNTED),
    Someone("in, late, after the fourth act and not yet reviewed", acts(5), matter={"reported_on": "2026-05-20"}, **_COUNTED),
    Someone("done, late, before the third act", acts(4), _LIGHT, matter={"reported_on": "2026-05-10", "review": "accepted"}),
    Someone("three acts, and another ground beside", acts(3), _RAISED, fields=frozenset({"aggravation"}),
            findings={"art-8.3.3.3": {"retaliated": "established"}}),
    Someone("four acts and a ground to mitigate: both at once no more", acts(4), _RAISED, _LIGHT,
            fields=_AGAIN | {"flags"}, findings=_MITIGATED),
    Someone("four acts, harm not found: no range", acts(4), ("accountable", None), fields=frozenset({"aggravation"}), person={"harm": None}),
    Someone("four acts, managed by others", acts(4), ("out_of_scope", None), person={"managed_by": "superior"}),
    Someone("four acts, no situation", acts(4), ("no_situation", None), findings={_SITUATION: dict.fromkeys(_FOUND, "refuted")}),
    Someone("last year's due date", (), _LIGHT, year=("gate_failed", None), matter=_BETWEEN, trigger="2026-01-20"),
    Someone("last year's due date, three acts", _EARLY, _RAISED, _LIGHT, ("gate_failed", None), _AGAIN, _BETWEEN, trigger="2026-01-20"),
    Someone("a year ago to the day", (), _LIGHT, year=("gate_failed", None), matter={"due_on": "2025-06-30"}),
    Someone("a year and a day ago", (), ("gate_failed", None), matter={"due_on": "2025-06-29"}),
    Someone("last year's due date, managed by others", (), ("out_of_scope", None), person={"managed_by": "other"},
            matter=_BETWEEN, trigger="2026-01-20"),
)  # fmt: skip


def row_of(someone: Someone, *books: Rulebook) -> dict[str, Any]:
    """The person as a row of a population for these rulebooks, each fact of a number of its own under its own name."""
    case = someone.case()
    person = case.persons[0]
    row: dict[str, Any] = {
        "case": someone.why, "person": person.id, "role": None if person.role == "undetermined" else person.role,
        "harm": person.harm, "unfit_for_post": _truth(person.unfit_for_post), "party_member": person.party_member,
        "distinct_periods": person.distinct_periods,
    }  # fmt: skip
    for book in reversed(books):
        matter = derive_matter(case, count_supervision(case, book), book)
        record = {**matter, **derive_person(person), **element_record(person, book)}
        row |= {name: _truth(value) for name, value in record.items() if name != "role_found"}
        row |= {
            numbered(book, name): _truth(record[name])
            for name in book.vocabulary.derived
            if numbered(book, name) != name
        }
        row |= {f"raised:{group}": group in person.findings for group in book.vocabulary.groups}
    return row


def _truth(value: Value) -> Any:
    return {"established": True, "refuted": False, "open": None}[value] if isinstance(value, str) else value
