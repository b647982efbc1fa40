"""What a draft amendment may replace: a rule's numbers and condition, a reading, the policy table, any datum of the book."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.book.rulebook import Rulebook
from rules.strict_yaml import parse

_TARGETS: Mapping[str, tuple[str, ...]] = {
    "rule": ("times", "months", "when", "harm_at_least", "label"),
    "reading": ("default",),
    "policy": ("rows",),
    "file": ("at", "to"),
}
"""What is replaced → what is said of it."""
_WHOLE = ("reading", "policy", "file")
_RULE_FILES = ("gates", "situations", "exemptions", "mitigations", "aggravations")
_OTHERS = ("outcomes", "measures", "duties", "vocabulary", "latitude", "readings", "searches", "monotonies")
_FILES = (*_RULE_FILES, *_OTHERS)
_POLICY = "policy/default"
_LABELS = {"times": "次数", "months": "月数", "when": "条件", "harm_at_least": "相容的最低损害程度", "label": "名称"}
Data = dict[str, Any]
Fault = tuple[tuple[str | int, ...], str]
"""A field, and what is wrong with it."""


class ReplacementRefused(Exception):
    """What is wrong with one replacement: each fault with its field."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("；".join(message for _, message in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class ReplacementInWords:
    """What is replaced, in words. provisions: those that it stands on; words: how the provision would read."""

    what: str
    was: str
    becomes: str
    provisions: tuple[str, ...] = ()
    words: str | None = None


class Replaced:
    """The files of a rulebook with replacements made in them. files: the ones that differ."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.files: Data = {}
        self._seen: set[tuple[Any, ...]] = set()

    def replace(self, row: Mapping[str, Any]) -> list[ReplacementInWords]:
        """What has been changed. Raises ReplacementRefused with every fault of the row."""
        target = self._target(row)
        ways = {"rule": self._rule, "reading": self._reading, "policy": self._policy, "file": self._datum}
        return list(ways[target](row))

    def _target(self, row: Mapping[str, Any]) -> str:
        named = [target for target in _TARGETS if target in row]
        if len(named) != 1:
            raise ReplacementRefused(((), f"应当恰好写明 {'、'.join(_TARGETS)} 之一，现有：{'、'.join(named) or '无'}"))
        allowed, said = _TARGETS[named[0]], [key for key in row if key not in (named[0], "words")]
        faults: list[Fault] = [
            ((key,), f"不能与 {named[0]} 同用；可以是：{'、'.join(allowed)}") for key in said if key not in allowed
        ]
        missing = [key for key in allowed if key not in row] if named[0] in _WHOLE else []
        faults += [((), f"缺少 {key}") for key in missing]
        if not said:
            faults = [((), f"没有写明改成什么；可以是：{'、'.join(allowed)}")]
        if faults:
            raise ReplacementRefused(*faults)
        return named[0]

    # --- a rule ---

    def _rule(self, row: Mapping[str, Any]) -> Iterator[ReplacementInWords]:
        rule = self.book.rules.get(row["rule"])
        if rule is None:
            raise ReplacementRefused((("rule",), f"没有规则 {row['rule']}；可以是：{'、'.join(self.book.rules)}"))
        entry = next(entry for name in _RULE_FILES for entry in self._file(name)["rules"] if entry["id"] == rule.id)
        words = row.get("words")
        for key in (key for key in _TARGETS["rule"] if key in row):
            was = self._set_of_rule(entry, key, row[key])
            self._differs((key,), (rule.id, key), was, row[key])
            what = f"规则“{rule.label}”的{_LABELS[key]}"
            yield ReplacementInWords(what, self._said(was), self._said(row[key]), (rule.provision,), words)
            words = None  # told once

    def _set_of_rule(self, entry: Data, key: str, value: Any) -> Any:
        """Make the change; what was there."""
        if key != "times":
            if key == "months" and key not in entry:
                raise ReplacementRefused((("months",), f"规则 {entry['id']} 没有月数"))
            was, entry[key] = entry.get(key), value
            return was
        counted = list(_counted(entry["when"]))
        if not counted:
            raise ReplacementRefused((("times",), f"规则 {entry['id']} 不按次数"))
        was = counted[0]["at_least"]
        for leaf in counted:
            leaf["at_least"] = value
        entry["still_unfulfilled_after"] = value
        return was

    # --- a reading, the policy table ---

    def _reading(self, row: Mapping[str, Any]) -> Iterator[ReplacementInWords]:
        reading = self.book.readings.get(row["reading"])
        if reading is None:
            raise ReplacementRefused(
                (("reading",), f"没有解释 {row['reading']}；可以是：{'、'.join(self.book.readings)}")
            )
        value = row["default"]
        if value not in reading.alternatives:
            known = "、".join(reading.alternatives)
            raise ReplacementRefused((("default",), f"解释 {reading.id} 没有取值“{value}”；可以是：{known}"))
        if not reading.evaluated:
            able = [found.id for found in self.book.readings.values() if found.evaluated]
            why = f"没有写成条件，换用另一取值没有作用；可以换用的是：{'、'.join(able)}；其余的修改规则（rule）"
            raise ReplacementRefused((("reading",), f"解释 {reading.id} {why}"))
        self._differs(("default",), (reading.id,), reading.default, value)
        next(entry for entry in self._file("readings")["readings"] if entry["id"] == reading.id)["default"] = value
        words = reading.alternatives
        what, said = f"解释 {reading.id}（{reading.question}）", row.get("words")
        yield ReplacementInWords(what, words[reading.default], words[value], reading.provisions, said)

    def _policy(self, row: Mapping[str, Any]) -> Iterator[ReplacementInWords]:
        table = self._file(_POLICY)
        if row["policy"] == table["id"]:
            raise ReplacementRefused((("policy",), f"另立的策略表须有自己的编号，不能是 {table['id']}"))
        self._differs(("rows",), (_POLICY,), table["rows"], row["rows"])
        was, becomes = _cells(table["rows"]), _cells(row["rows"])
        table |= {"id": row["policy"], "rows": row["rows"]}
        for cell, measures in becomes.items():
            if was.get(cell) != measures:
                words = self.book.vocabulary.enumerations
                harm, role = words["harm"].get(cell[0], cell[0]), words["role"].get(cell[1], cell[1])
                before, after = self._range(was.get(cell)), self._range(measures)
                yield ReplacementInWords(f"策略表 {harm} × {role}", before, after, (), row.get("words"))

    def _range(self, measures: tuple[str, str] | None) -> str:
        words = self.book.vocabulary.enumerations["measure"]
        return "至".join(words.get(one, one) for one in dict.fromkeys(measures)) if measures else "无"

    # --- any datum ---

    def _datum(self, row: Mapping[str, Any]) -> Iterator[ReplacementInWords]:
        if row["file"] not in _FILES:
            raise ReplacementRefused((("file",), f"不能修改 {row['file']}；可以是：{'、'.join(_FILES)}"))
        holder: Any = self._file(row["file"])
        for key in row["at"][:-1]:
            holder = holder[self._key(holder, key, row)]
        last = self._key(holder, row["at"][-1], row)
        was = holder[last]
        self._differs(("to",), (row["file"], *row["at"]), was, row["to"])
        holder[last] = row["to"]
        provision = holder.get("provision") if isinstance(holder, dict) else None
        what = f"{row['file']}：{' '.join(map(str, row['at']))}"
        yield ReplacementInWords(
            what, self._said(was), self._said(row["to"]), (provision,) if provision else (), row.get("words")
        )

    def _key(self, holder: Any, key: str | int, row: Mapping[str, Any]) -> Any:
        """The key or the position; in a list of entries, an entry's id stands for its position."""
        if isinstance(holder, dict):
            known = {str(name): name for name in holder}
        else:
            rows = holder if isinstance(holder, list) else []
            known = {str(place): place for place in range(len(rows))}
            known |= {one["id"]: place for place, one in enumerate(rows) if isinstance(one, dict) and "id" in one}
        if str(key) not in known:
            raise ReplacementRefused(
                (("at",), f"{row['file']} 中没有“{key}”；可以是：{'、'.join(known) or '无（已经是一个值）'}")
            )
        return known[str(key)]

    # --- shared ---

    def _file(self, name: str) -> Any:
        return self.files.setdefault(name, parse(self.book.sources[name]))

    def _differs(self, field: tuple[str, ...], place: tuple[Any, ...], was: Any, becomes: Any) -> None:
        if place in self._seen:
            raise ReplacementRefused((field, "与前面的一项修改同一处"))
        self._seen.add(place)
        if was == becomes:
            raise ReplacementRefused((field, f"与现行的相同（{self._said(was)}）"))

    def _said(self, value: Any) -> str:
        if value is None:
            return "无"
        words = self.book.vocabulary.enumerations
        known = {**words["harm"], **words["measure"]}
        return known.get(value, value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _counted(tree: Any) -> Iterator[Data]:
    """The leaves of a condition as written that ask for a number of acts."""
    if isinstance(tree, dict):
        if "at_least" in tree:
            yield tree
        for part in tree.values():
            yield from _counted(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from _counted(part)


def _cells(rows: list[Data]) -> dict[tuple[str, str], tuple[str, str]]:
    return {(row["harm"], row["role"]): (row["lo"], row["hi"]) for row in rows}
