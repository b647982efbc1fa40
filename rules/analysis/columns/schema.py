"""The columns of a population: one row a person in a case, one column a fact that the evaluation reads.

NULL says that nobody knows it yet: an element of a group alleged is open, the harm not found, the role undetermined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rules.book.logic import Status
from rules.book.rulebook import Rulebook
from rules.reasoning.derivation import derive_person, numbered
from rules.reasoning.facts import PersonFacts

Kind = Literal["text", "truth", "count", "word"]
CASE, PERSON = "case", "person"
RAISED = "raised:"
"""Before a group: whether it was alleged. Where that is not said, a group is alleged of which any element is filled in."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. needed: it may be neither missing nor NULL. label: what it is, in Chinese. group: that of an element.

    words: the values of an enumeration with their Chinese names; of a truth, the statuses that it stands for.
    """

    name: str
    kind: Kind
    label: str
    words: Mapping[str, str] = field(default_factory=dict)
    needed: bool = False
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns by name, in order. numbered: fact → the column that is read in its place where the population has it."""

    columns: Mapping[str, Column]
    numbered: Mapping[str, str]

    def __or__(self, other: Schema) -> Schema:
        """The columns and words of both: a population that is put to two rulebooks."""
        columns = {**self.columns, **other.columns}
        for name in self.columns.keys() & other.columns.keys():
            columns[name] = replace(columns[name], words={**self.columns[name].words, **other.columns[name].words})
        return Schema(columns, {**self.numbered, **other.numbered})

    @property
    def plain(self) -> tuple[str, ...]:
        """The columns that are for no one number only."""
        return tuple(name for name in self.columns if name not in self.numbered.values())

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(name.removeprefix(RAISED) for name in self.columns if name.startswith(RAISED))

    def of_group(self, group: str) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns.values() if column.group == group)


def vocabulary(book: Rulebook) -> Schema:
    """The columns of a population for this rulebook."""
    numbers = {name: numbered(book, name) for name in book.vocabulary.derived}
    found = [
        Column(CASE, "text", "案件的编号或者名称", needed=True),
        Column(PERSON, "text", "人员的编号（不写姓名）"),
        *_judged(book),
        *_alleged(book),
        *_derived(book),
    ]
    apart = {name: other for name, other in numbers.items() if other != name}
    found += [Column(other, "truth", f"{book.vocabulary.derived[name]}（只用于此数）") for name, other in apart.items()]
    statuses = book.vocabulary.enumerations["status"]
    found = [replace(column, words=statuses) if column.kind == "truth" else column for column in found]
    return Schema({column.name: column for column in found}, apart)


def role_facts(book: Rulebook) -> dict[str, dict[str, Status]]:
    """The derived facts that follow from the role alone: fact → role → its status. They are no columns."""
    by_role = {
        role: derive_person(PersonFacts("", "other", party_member=True, role=role))  # type: ignore[arg-type]
        for role in book.vocabulary.enumerations["role"]
    }
    names = [name for name in book.vocabulary.derived if all(name in found for found in by_role.values())]
    rows: dict[str, dict[str, Any]] = {name: {role: found[name] for role, found in by_role.items()} for name in names}
    return {name: row for name, row in rows.items() if len(set(row.values())) > 1}


def _judged(book: Rulebook) -> Iterator[Column]:
    words, labels = book.vocabulary.enumerations, book.vocabulary.judgements
    yield Column("role", "word", labels["role"], words["role"])
    yield Column("harm", "word", labels["harm"], words["harm"])
    yield Column("unfit_for_post", "truth", labels["unfit_for_post"])
    yield Column("party_member", "truth", "中共党员", needed=True)
    yield Column("distinct_periods", "truth", f"互相矛盾的认定{labels['distinct_periods']}（空白为否）")


def _alleged(book: Rulebook) -> Iterator[Column]:
    for group in book.vocabulary.groups.values():
        citation = book.provisions[group.provision].citation
        yield Column(RAISED + group.id, "truth", f"{citation}：是否提出（空白的，填有任何一项要素即为提出）")
        for element, label in group.elements.items():
            yield Column(f"{group.id}.{element}", "truth", f"{citation}：{label}", group=group.id)


def _derived(book: Rulebook) -> Iterator[Column]:
    by_role = role_facts(book)
    for name, label in book.vocabulary.derived.items():
        if name not in by_role:
            yield Column(name, "truth", label)
    for count in book.vocabulary.counts.values():
        yield Column(count.field, "count", count.label)
