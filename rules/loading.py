"""Read and check the rulebook. Whatever is misspelt, contradictory, uncited or not in the vocabulary is refused."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rules import logic
from rules.logic import All, AnyOf, AtLeast, Condition, Finding, OneOf
from rules.rulebook import Choice, Group, Provision, Reading, Rule, Rulebook, Vocabulary
from rules.strict_yaml import Document, YamlError, parse_document

BOOK = Path(__file__).parent / "books" / "gxust_2021_59"
EDITION = "2021-06-28"
_RULE_FILES = {
    "gates": "gate",
    "situations": "situation",
    "exemptions": "exempt",
    "mitigations": "mitigate",
    "aggravations": "aggravate",
}
_RULE_KEYS = {
    "id", "provision", "label", "modality", "when", "readings", "cites", "harm_at_least", "still_unfulfilled_after",
}  # fmt: skip


class RulebookError(ValueError):
    """A fault of the rulebook, with file and line."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        super().__init__(f"{file.name} 第{line}行：{message}")


class _File:
    """One YAML file of the book, and errors that point into it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.raw = path.read_bytes()
        try:
            self.document: Document = parse_document(self.raw.decode("utf-8"), path.name)
        except YamlError as error:
            raise RulebookError(path, error.line, error.message) from None

    def error(self, place: tuple[str | int, ...], message: str) -> RulebookError:
        return RulebookError(self.path, self.document.line(place), message)

    def keys(self, place: tuple[str | int, ...], mapping: Any, allowed: set[str], required: set[str]) -> None:
        if not isinstance(mapping, dict):
            raise self.error(place, "此处应为若干字段")
        for key in mapping:
            if key not in allowed:
                raise self.error((*place, key), f"不认识的字段“{key}”，可用：{'、'.join(sorted(allowed))}")
        for key in sorted(required - set(mapping)):
            raise self.error(place, f"缺少字段“{key}”")


def load_rulebook(folder: Path = BOOK) -> Rulebook:
    """The rulebook in ``folder``, checked. Raises RulebookError, with file and line."""
    return _load(folder.resolve())


@cache
def _load(folder: Path) -> Rulebook:
    return _Loader(folder).load()


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, _File] = {}

    def file(self, name: str, edition: bool = True) -> _File:
        file = _File(self.folder / EDITION / f"{name}.yaml" if edition else self.folder / f"{name}.yaml")
        self.files[name] = file
        return file

    def load(self) -> Rulebook:
        book = self.file("book", edition=False)
        head = book.document.data
        book.keys((), head, _BOOK_KEYS, _BOOK_KEYS)
        text = (self.folder / "text.md").read_bytes()
        if hashlib.sha256(text).hexdigest() != head["text_sha256"]:
            raise book.error(("text_sha256",), "原文 text.md 与登记的散列值不一致")
        self.provisions = self._provisions(text.decode("utf-8"))
        self.vocabulary = self._vocabulary()
        self.readings = self._readings()
        rules = {rule.id: rule for name, kind in _RULE_FILES.items() for rule in self._rules(name, kind)}
        self.stage_two = _stage_two_fields(self.vocabulary, rules)
        outcomes = self._choices(self.file("outcomes"), ("outcomes",))
        if {choice.id for choice in outcomes} != set(self.vocabulary.enumerations["outcome"]):
            raise self.files["outcomes"].error(("outcomes",), "结论与词汇表 outcome 不一致")
        measures, policy, duties = (
            self.file("measures"),
            self.file("policy/default", edition=False),
            self.file("duties"),
        )
        digest = hashlib.sha256(text)
        for name in sorted(self.files):
            digest.update(name.encode() + b"\0" + self.files[name].raw)
        return Rulebook(
            id=head["id"], title=head["title"], number=head["number"],
            in_force_from=date.fromisoformat(head["in_force_from"]), sha256=digest.hexdigest(),
            office=head["office"]["name"],
            office_names=frozenset([head["office"]["name"], *head["office"]["aliases"]]),
            provisions=MappingProxyType(self.provisions), vocabulary=self.vocabulary, rules=MappingProxyType(rules),
            outcomes=outcomes,
            tracks=self._choices(measures, ("discipline_track",)), flags=self._choices(measures, ("flags",)),
            law_ranges=self._law(measures), ladder=self._ladder(measures),
            adjustments=MappingProxyType(measures.document.data["adjustments"]),
            policy_id=policy.document.data["id"], policy=self._policy(policy),
            readings=MappingProxyType(self.readings),
            duties=self._entries(duties, "duties"), procedure=self._entries(duties, "procedure"),
            discretion=tuple(zip(self._choices(duties, ("discretion",)), self._entries(duties, "discretion"), strict=True)),
        )  # fmt: skip

    def _provisions(self, text: str) -> dict[str, Provision]:
        file = self.file("provisions", edition=False)
        result: dict[str, Provision] = {}
        for position, row in enumerate(file.document.data["provisions"]):
            place = ("provisions", position)
            file.keys(place, row, _PROVISION_KEYS, _PROVISION_KEYS - {"data"})
            start, end = row["span"]
            if _plain(text[start:end]) != _plain(row["text"]):
                raise file.error(place, f"{row['id']} 的文字与原文 {start}–{end} 不一致")
            if row["id"] in result:
                raise file.error(place, f"条款 {row['id']} 重复")
            values = {key: value for key, value in row.items() if key != "data"}
            result[row["id"]] = Provision(**{**values, "span": (start, end)})
        return result

    def _vocabulary(self) -> Vocabulary:
        file = self.file("vocabulary")
        data = file.document.data
        file.keys((), data, _VOCABULARY_KEYS, _VOCABULARY_KEYS)
        groups = {}
        for name, elements in data["groups"].items():
            provision = name.partition("/")[0]
            self._known(file, ("groups", name), provision, self.provisions, "条款")
            groups[name] = Group(name, provision, MappingProxyType(elements))
        return Vocabulary(
            MappingProxyType(groups), frozenset(data["people_only"]),
            MappingProxyType({name: MappingProxyType(values) for name, values in data["enumerations"].items()}),
            MappingProxyType(data["derived"]), MappingProxyType(data["counts"]),
        )  # fmt: skip

    def _readings(self) -> dict[str, Reading]:
        file = self.file("readings")
        result = {}
        for position, row in enumerate(file.document.data["readings"]):
            place = ("readings", position)
            file.keys(place, row, _READING_KEYS, _READING_KEYS)
            self._known(file, place, row["default"], row["alternatives"], "解释")
            for provision in row["provisions"]:
                self._known(file, place, provision, self.provisions, "条款")
            result[row["id"]] = Reading(
                row["id"], row["question"], tuple(row["provisions"]), MappingProxyType(row["alternatives"]),
                row["default"], row["evaluated"], row["status"],
            )  # fmt: skip
        return result

    def _rules(self, name: str, kind: str) -> Iterator[Rule]:
        file = self.file(name)
        file.keys((), file.document.data, {"lead", "rules"}, {"rules"})
        for position, row in enumerate(file.document.data["rules"]):
            place = ("rules", position)
            file.keys(place, row, _RULE_KEYS, {"id", "provision", "label", "modality", "when"})
            for provision in (row["provision"], *row.get("cites", ())):
                self._known(file, place, provision, self.provisions, "条款")
            for reading in row.get("readings", ()):
                self._known(file, place, reading, self.readings, "解释")
            modality = self.provisions[row["provision"]].modality
            if row["modality"] not in {"shall", "may"} or (kind not in {"gate"} and row["modality"] != modality):
                raise file.error(place, f"{row['id']} 的应当、可以与条款不一致（条款为 {modality}）")
            reading, cases = self._cases(file, place, row["when"])
            yield Rule(
                id=row["id"], kind=kind, provision=row["provision"], label=row["label"], modality=row["modality"],
                when=MappingProxyType(cases), reading=reading, readings=tuple(row.get("readings", ())),
                cites=tuple(row.get("cites", ())), harm_at_least=row.get("harm_at_least"),
                still_unfulfilled_after=row.get("still_unfulfilled_after"),
            )  # fmt: skip

    def _cases(self, file: _File, place: tuple[str | int, ...], when: Any) -> tuple[str | None, dict[str, Condition]]:
        if not (isinstance(when, dict) and "reading" in when):
            return None, {"": self._findings(file, (*place, "when"), when)}
        file.keys((*place, "when"), when, {"reading", "cases"}, {"reading", "cases"})
        reading = self.readings.get(when["reading"])
        if reading is None or not reading.evaluated:
            raise file.error((*place, "when"), f"解释 {when['reading']} 未登记为可推算")
        for value in when["cases"]:
            self._known(file, (*place, "when"), value, reading.alternatives, "解释取值")
        return reading.id, {
            value: self._findings(file, (*place, "when", "cases", value), tree) for value, tree in when["cases"].items()
        }

    def _findings(self, file: _File, place: tuple[str | int, ...], tree: Any) -> Condition:
        """A condition over findings: element | {all: …} | {any: …} | {not: …} | {count, at_least}."""
        if isinstance(tree, str):
            group, _, element = tree.rpartition(".")
            known = tree in self.vocabulary.derived or (
                group in self.vocabulary.groups and element in self.vocabulary.groups[group].elements
            )
            if not known:
                raise file.error(place, f"词汇表中没有要素“{tree}”")
            return Finding(tree)
        if isinstance(tree, dict) and set(tree) == {"count", "at_least"}:
            self._known(file, place, tree["count"], self.vocabulary.counts, "计数")
            if type(tree["at_least"]) is not int:
                raise file.error(place, "at_least 应为整数")
            return AtLeast(tree["count"], tree["at_least"])
        return self._tree(file, place, tree, self._findings)

    def _derived(self, file: _File, place: tuple[str | int, ...], tree: Any) -> Condition:
        """A condition over the derived record: {field: value or values} | {all: …} | {any: …}."""
        if isinstance(tree, dict) and len(tree) == 1 and not set(tree) & {"all", "any", "not"}:
            ((name, value),) = tree.items()
            self._known(file, place, name, self.stage_two, "字段")
            values = tuple(value) if isinstance(value, list) else (value,)
            for item in values:
                self._known(file, place, item, self.stage_two[name], f"{name} 的取值")
            return OneOf(name, values)
        return self._tree(file, place, tree, self._derived)

    def _tree(self, file: _File, place: tuple[str | int, ...], tree: Any, leaf: Callable[..., Condition]) -> Condition:
        if not (isinstance(tree, dict) and len(tree) == 1 and set(tree) <= {"all", "any", "not"}):
            raise file.error(place, "条件应为要素，或者 all、any、not 之一")
        ((operator, content),) = tree.items()
        if operator == "not":
            return logic.negate(leaf(file, (*place, "not"), content))
        parts = tuple(leaf(file, (*place, operator, number), part) for number, part in enumerate(content))
        return All(parts) if operator == "all" else AnyOf(parts)

    def _choices(self, file: _File, place: tuple[str | int, ...]) -> tuple[Choice, ...]:
        result = []
        for position, row in enumerate(file.document.data[place[0]]):
            here = (*place, position)
            file.keys(here, row, _CHOICE_KEYS, {"id", "provision", "when"})
            self._known(file, here, row["provision"], self.provisions, "条款")
            condition = self._derived(file, (*here, "when"), row["when"])
            result.append(Choice(row["id"], row["provision"], condition, row.get("label", "")))
        return tuple(result)

    def _law(self, file: _File) -> tuple[tuple[Choice, str, str], ...]:
        rows = file.document.data["law"]
        return tuple(
            (choice, row["lo"], row["hi"]) for choice, row in zip(self._choices(file, ("law",)), rows, strict=True)
        )

    def _ladder(self, file: _File) -> Mapping[str, str]:
        return MappingProxyType({row["id"]: row["provision"] for row in file.document.data["ladder"]})

    def _policy(self, file: _File) -> Mapping[tuple[str, str], tuple[str, str]]:
        words = self.vocabulary.enumerations
        table = {}
        for position, row in enumerate(file.document.data["rows"]):
            place = ("rows", position)
            file.keys(place, row, {"harm", "role", "lo", "hi"}, {"harm", "role", "lo", "hi"})
            for key, kind in (("harm", "harm"), ("role", "role"), ("lo", "measure"), ("hi", "measure")):
                self._known(file, place, row[key], words[kind], key)
            if (row["harm"], row["role"]) in table:
                raise file.error(place, "同一损害程度和角色重复")
            table[row["harm"], row["role"]] = (row["lo"], row["hi"])
        for harm in [level for level in words["harm"] if level != "none"]:
            for role in ("principal", "other_member"):
                if (harm, role) not in table:
                    raise file.error(("rows",), f"策略表缺少 {harm} × {role}")
        return MappingProxyType(table)

    def _entries(self, file: _File, key: str) -> tuple[Mapping[str, Any], ...]:
        rows = file.document.data[key]
        for position, row in enumerate(rows):
            file.keys((key, position), row, *_ENTRY_KEYS[key])
            self._known(file, (key, position), row["provision"], self.provisions, "条款")
        return tuple(MappingProxyType(row) for row in rows)

    def _known(self, file: _File, place: tuple[str | int, ...], name: Any, known: Any, what: str) -> None:
        if name not in known:
            raise file.error(place, f"{what}“{name}”不存在")


def _stage_two_fields(vocabulary: Vocabulary, rules: Mapping[str, Rule]) -> dict[str, set[str]]:
    statuses = {"established", "open", "refuted", "not_raised"}
    words = vocabulary.enumerations
    result = dict.fromkeys(rules, statuses)
    result |= {"situation": statuses, "harm": set(words["harm"]) | {"unknown"}, "unfit_for_post": statuses}
    result |= {name: {"yes", "no"} for name in ("party_member", "distinct_periods", "mitigated", "aggravated")}
    return result | {"exemption": set(words["exemption"])}


def _plain(text: str) -> str:
    return re.sub(r"<[^>]*>|\s", "", text)


_CHOICE_KEYS = {"id", "provision", "when", "label", "lo", "hi", "question", "options"}
_ENTRY_KEYS: dict[str, tuple[set[str], set[str]]] = {
    "procedure": ({"id", "provision", "text"}, {"id", "provision", "text"}),
    "duties": (
        {"id", "provision", "who", "what", "source", "due", "when_measure"},
        {"id", "provision", "who", "what", "source"},
    ),
    "discretion": (
        {"id", "provision", "question", "options", "when"},
        {"id", "provision", "question", "options", "when"},
    ),
}
_BOOK_KEYS = {"id", "title", "number", "in_force_from", "text_sha256", "office"}
_PROVISION_KEYS = {
    "id", "citation", "text", "span", "kind", "modality", "bearer", "treatment", "note", "data",
}  # fmt: skip
_VOCABULARY_KEYS = {"groups", "people_only", "enumerations", "derived", "counts"}
_READING_KEYS = {"id", "question", "provisions", "alternatives", "default", "evaluated", "status"}
