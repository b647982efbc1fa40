"""A replay in words: under what, what each state and each change is called. No person has a name in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.analysis.amendment import Version
from rules.analysis.replay import POLICY, Change, ComparedAnswer, State, Tally
from rules.book.rulebook import Rulebook
from rules.reasoning.evaluation import Range
from service.documents.writing.recommendation import FIELDS, RANGES, flag_labels

NOTICE = "重放只供修订规章、选择解释和策略表时比较，不改变任何已经作出的处理建议和决定，不作为对任何人的认定。"
DRAFT, MARKED = "草案", "修改稿没有施行，不得用于在办案件"
_FIELDS = FIELDS | {"grounds": "不予、免予问责的情形", "flags": "提示"}
_RULES = ("grounds", "mitigation", "aggravation")


@dataclass(frozen=True)
class FinishedReplay:
    """A finished replay. before: None where there is none, or where it is what was answered then (``stored``).

    source: the population's file name, or what stands for the stored cases.
    """

    before: Version | None
    after: Version
    source: str
    stored: bool
    tally: Tally
    sampled: int
    notes: tuple[str, ...]

    @property
    def compares(self) -> bool:
        return self.tally.before is not None

    @property
    def draft(self) -> bool:
        return any(version is not None and version.book.draft for version in (self.before, self.after))

    @property
    def head(self) -> str:
        """From what to what."""
        if not self.compares:
            return f"按{self.name(self.after)}推算"
        return f"{self.name(self.before)} → {self.name(self.after)}"

    def name(self, version: Version | None) -> str:
        if version is None:
            return "当时的处理建议"
        book = version.book
        return f"修改稿《{book.draft}》" if book.draft else f"{book.in_force_from} 起施行的一版"

    def versions(self) -> Iterator[tuple[str, Version]]:
        if self.before is not None:
            yield "前", self.before
        yield "后" if self.compares else "依据", self.after

    # --- words ---

    @property
    def book(self) -> Rulebook:
        return self.after.book

    def state(self, state: State | None) -> str:
        if state is None:
            return ""
        outcome, found = state
        label = self._words("outcome", outcome)
        return f"{label}：{self.range(found)}" if found else label

    def range(self, found: Range | None) -> str:
        return "至".join(self._words("measure", one) for one in dict.fromkeys(found)) if found else "不产生区间"

    def move(self, before: State | None, after: State) -> str:
        return f"{self.state(before)} → {self.state(after)}"

    def provision(self, provision: str) -> str:
        if provision == POLICY:
            return f"策略表（{self.book.policy_id}，不是规章内容）"
        found = self.book.provisions.get(provision)
        return found.citation if found else provision

    def provisions(self, change: Change) -> str:
        return "、".join(map(self.provision, change.provisions))

    def field(self, name: str) -> str:
        return _FIELDS[name]

    def differences(self, change: Change) -> str:
        """Each field that differs, from what to what."""
        return "；".join(
            f"{_FIELDS[name]}：{self._value(change.before, name, self.tally.before or self.book)} → "
            f"{self._value(change.after, name, self.book)}"
            for name in change.fields
        )

    def _value(self, answer: ComparedAnswer, name: str, book: Rulebook) -> str:
        """A field in the words of the rulebook that answered."""
        found: Any = getattr(answer, name)
        if name in RANGES:
            return self.range(found)
        if name in _RULES:
            return "、".join(book.rules[rule].label if rule in book.rules else rule for rule in found) or "无"
        if name == "flags":
            return "、".join(_flag(flag, book) for flag in found) or "无"
        return self._words(name, str(found))

    def _words(self, kind: str, word: str) -> str:
        words: Mapping[str, str] = self.book.vocabulary.enumerations[kind]
        return words.get(word, word)


def _flag(flag: str, book: Rulebook) -> str:
    name, _, reading = flag.partition(":")
    if reading:
        return f"解释 {reading} 不同则结果不同"
    return flag_labels(book).get(name, name)
