"""Read and check the rulebook. Whatever is misspelt, contradictory, uncited or not in the vocabulary is refused.

Each file is checked against ``book.schema.json`` (its shape), then against the others (its sense); the finished book
once more as a whole (``rules.consistency``). Every fault names file and line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rules.book_file import BookFile, Place, RulebookError
from rules.checked import Checked, files_of
from rules.checkup import checkup_of
from rules.conditions import derived_condition, finding_cases
from rules.consistency import contradictions
from rules.coverage import partition
from rules.latitude_file import latitude_of
from rules.monotonies import monotonies_of
from rules.packaged import packaged
from rules.proceedings import proceedings_of
from rules.rulebook import (
    Adjustment,
    Choice,
    Count,
    Group,
    Guard,
    Lead,
    Period,
    Provision,
    Reading,
    Rule,
    Rulebook,
    Vocabulary,
    stage_two_fields,
)
from rules.supervision import forms_of, inspections_of, ledger_of, searches_of
from rules.tracked import tracked_of

__all__ = ["BOOK", "RulebookError", "digest_of", "load_kept", "load_rulebook"]

BOOK = packaged("rules/books/gxust_2021_59")
_RULE_FILES = {
    "gates": "gate",
    "situations": "situation",
    "exemptions": "exempt",
    "mitigations": "mitigate",
    "aggravations": "aggravate",
}


def load_rulebook(folder: Path = BOOK, edition: date | None = None) -> Rulebook:
    """The rulebook in ``folder``, checked: the edition named, else the one that the book names. Raises RulebookError."""
    place = folder if folder is BOOK else folder.resolve()  # a request asks for the usual one some ten times
    usual = _load(place, None)
    return usual if edition in (None, usual.in_force_from) else _load(place, edition)


@cache
def _load(folder: Path, edition: date | None) -> Rulebook:
    if folder is not BOOK:
        return _Loader(folder, edition).load()
    files = files_of(folder)
    checked = Checked(files, str(edition))
    known = checked.is_remembered()
    book = _Loader(folder, edition, files, known=known).load()
    if not known:
        checked.remember()
    return book


def load_kept(sources: Mapping[str, str]) -> Rulebook:
    """The rulebook of an edition whose files were kept, as ``Rulebook.sources`` has them. Raises RulebookError."""
    return _Kept(sources).load()


def digest_of(sources: Mapping[str, str]) -> str:
    """The sha256 by which a rulebook is known: of the text and of every file with its name, in their order."""
    digest = hashlib.sha256(sources["text"].encode())
    for name in sorted(sources.keys() - {"text"}):
        digest.update(name.encode() + b"\0" + sources[name].encode())
    return digest.hexdigest()


class _Loader:
    """files: their bytes, where they have been read already; known: whether these very bytes were found in order before."""

    in_use = True
    """Whether it decides anything: of one that is kept for its receipts, what Python offers now is not asked."""

    def __init__(
        self,
        folder: Path,
        edition: date | None = None,
        files: Mapping[Path, bytes] | None = None,
        *,
        known: bool = False,
    ) -> None:
        self.folder = folder
        self.raw, self.known = files or {}, known
        self.files: dict[str, BookFile] = {}
        self.edition = edition.isoformat() if edition else ""
        self.head = self.file("book", "book", edition=False).data
        self.edition = self.edition or self.head["in_force_from"]
        if self.edition != self.head["in_force_from"]:
            message = f"{self.edition} 这一版须有自己的 book.yaml，in_force_from 与文件夹的名称相同"
            raise self.files["book"].error(("in_force_from",), message)
        self.text = self.read_text()

    def read_text(self) -> bytes:
        """The words of the regulation."""
        return self.place("text.md", edition=False).read_bytes()

    def place(self, name: str, *, edition: bool) -> Path:
        """Where a file is: in the edition's folder, which is named by the day; one of the whole book there too, if it is there."""
        own = self.folder / self.edition / name
        return own if edition or own.exists() else self.folder / name

    def file(self, name: str, shape: str, *, edition: bool = True) -> BookFile:
        """A file of the edition, or of the whole book."""
        path = self.place(f"{name}.yaml", edition=edition)
        self.files[name] = BookFile(path, None if self.known else shape, self.raw.get(path))
        return self.files[name]

    def load(self) -> Rulebook:
        if hashlib.sha256(self.text).hexdigest() != self.head["text_sha256"]:
            raise self.files["book"].error(("text_sha256",), "原文 text.md 与登记的散列值不一致")
        self.provisions = self._provisions()
        self.vocabulary = self._vocabulary()
        self.readings = self._readings()
        rules, leads = self._all_rules()
        self.stage_two = stage_two_fields(self.vocabulary, rules)
        outcomes = self.file("outcomes", "outcomes")
        measures = self.file("measures", "measures")
        duties = self.file("duties", "duties")
        policy = self.file("policy/default", "policy", edition=False)
        periods = self.file("periods", "periods", edition=False)
        guards = self.file("guards", "guards")
        ledger, inspections, forms, searches, proceedings, checkup, latitude, monotonies = (
            self.file(name, name) for name in
            ("ledger", "inspections", "forms", "searches", "proceedings", "checkup", "latitude", "monotonies")
        )  # fmt: skip
        tracked = tracked_of(duties, self.provisions, self.readings)
        adjust = measures.data["adjustments"]
        sources, compared = self._sources(), self.in_use and not self.known
        situations = {rule.id: rule.label for rule in rules.values() if rule.kind == "situation"}
        book = Rulebook(
            id=self.head["id"], title=self.head["title"], number=self.head["number"],
            in_force_from=date.fromisoformat(self.head["in_force_from"]), sha256=digest_of(sources),
            sources=MappingProxyType(sources),
            office=self.head["office"]["name"],
            institution=tuple(self.head.get("institution", ())),
            office_names=frozenset([self.head["office"]["name"], *self.head["office"]["aliases"]]),
            provisions=MappingProxyType(self.provisions), segments=self.segments, vocabulary=self.vocabulary,
            rules=MappingProxyType(rules), leads=MappingProxyType(leads),
            outcomes=self._choices(outcomes, "outcomes"),
            tracks=self._choices(measures, "discipline_track"), flags=self._choices(measures, "flags"),
            law_ranges=tuple(
                (choice, row["lo"], row["hi"])
                for choice, row in zip(self._choices(measures, "law"), measures.data["law"], strict=True)
            ),
            ladder=MappingProxyType({row["id"]: row["provision"] for row in self._cited(measures, "ladder")}),
            aggravation=self._adjustment(measures, "aggravation", adjust["aggravation"]),
            mitigation=self._adjustment(measures, "mitigation", adjust["mitigation"]),
            policy_id=policy.data["id"], policy=self._policy(policy), policy_adopted_by=policy.data["adopted_by"],
            readings=MappingProxyType(self.readings), periods=tuple(Period(**row) for row in periods.data["rows"]),
            guards=MappingProxyType({row["id"]: Guard(**row) for row in self._cited(guards, "guards")}),
            ledger=ledger_of(ledger, self.provisions, self.vocabulary, compared=compared),
            proceedings=proceedings_of(
                proceedings, self.provisions, self.vocabulary, situations, compared=compared,
            ),
            inspections=inspections_of(inspections, self.provisions),
            forms=forms_of(forms, self.provisions),
            searches=searches_of(searches, self.vocabulary),
            duties=self._entries(duties, "duties"), tracked=tracked,
            checkup=checkup_of(checkup, self.provisions, tracked),
            procedure=self._entries(duties, "procedure"),
            discretion=tuple(
                zip(self._choices(duties, "discretion"), self._entries(duties, "discretion"), strict=True)
            ),
            latitude=latitude_of(
                latitude, self.provisions, self.readings, self.vocabulary,
                slots=[row["id"] for row in duties.data["discretion"]],
            ),
            monotonies=monotonies_of(monotonies, self.provisions),
        )  # fmt: skip
        for name, place, message in () if self.known else contradictions(book):
            raise self.files[name].error(place, message)
        return book

    def _sources(self) -> dict[str, str]:
        """What the digest is of; call it when all the files have been read."""
        return {"text": self.text.decode()} | {name: file.raw.decode() for name, file in self.files.items()}

    def _provisions(self) -> dict[str, Provision]:
        file, text = self.file("provisions", "provisions", edition=False), self.text.decode("utf-8")
        result: dict[str, Provision] = {}
        for position, row in enumerate(file.data["provisions"]):
            place = ("provisions", position)
            start, end = row["span"]
            if _plain(text[start:end]) != _plain(row["text"]):
                raise file.error(place, f"{row['id']} 的文字与原文 {start}–{end} 不一致")
            if row["id"] in result:
                raise file.error(place, f"条款 {row['id']} 重复")
            values = {key: value for key, value in row.items() if key != "data"}
            values |= {"span": (start, end), "carried_by": tuple(row.get("carried_by", ()))}
            result[row["id"]] = Provision(**values)
        self.segments = partition(file, text, result.values())
        return result

    def _vocabulary(self) -> Vocabulary:
        file = self.file("vocabulary", "vocabulary")
        data = file.data
        groups = {}
        for name, elements in data["groups"].items():
            provision = name.partition("/")[0]
            file.known(("groups", name), provision, self.provisions, "条款")
            groups[name] = Group(name, provision, MappingProxyType(elements))
        counts = {}
        for name, row in data["counts"].items():
            file.known(("counts", name), row["unfulfilled"], data["derived"], "推算要素")
            for kind in row["kinds"]:
                file.known(("counts", name), kind, data["enumerations"]["act_kind"], "督办行为的种类")
            counts[name] = Count(row["count"], row["unfulfilled"], tuple(row["kinds"]), row["label"])
        return Vocabulary(
            MappingProxyType(groups), frozenset(data["people_only"]), MappingProxyType(data["judgements"]),
            MappingProxyType({name: MappingProxyType(values) for name, values in data["enumerations"].items()}),
            MappingProxyType(data["derived"]), MappingProxyType(counts),
        )  # fmt: skip

    def _readings(self) -> dict[str, Reading]:
        file = self.file("readings", "readings")
        result: dict[str, Reading] = {}
        for position, row in enumerate(file.data["readings"]):
            place = ("readings", position)
            file.known(place, row["default"], row["alternatives"], "解释")
            for provision in row["provisions"]:
                file.known(place, provision, self.provisions, "条款")
            if row["id"] in result:
                raise file.error(place, f"解释 {row['id']} 重复")
            adopted = {key: row[key] for key in ("adopted_by", "adopted_on", "document") if key in row}
            result[row["id"]] = Reading(
                row["id"], row["question"], tuple(row["provisions"]), MappingProxyType(row["alternatives"]),
                row["default"], row["evaluated"], row["status"], row["reason"],
                tuple(MappingProxyType(basis) for basis in row.get("basis", ())), MappingProxyType(adopted) or None,
            )  # fmt: skip
        return result

    def _all_rules(self) -> tuple[dict[str, Rule], dict[str, Lead]]:
        rules: dict[str, Rule] = {}
        leads: dict[str, Lead] = {}
        for name, kind in _RULE_FILES.items():
            file = self.file(name, "rules")
            if "lead" in file.data:
                file.known(("lead",), file.data["lead"]["provision"], self.provisions, "条款")
                leads[kind] = Lead(**file.data["lead"])
            for position, rule in enumerate(self._rules(file, kind)):
                if rule.id in rules:
                    raise file.error(("rules", position), f"规则 {rule.id} 重复")
                rules[rule.id] = rule
        return rules, leads

    def _rules(self, file: BookFile, kind: str) -> Iterator[Rule]:
        for position, row in enumerate(file.data["rules"]):
            place: Place = ("rules", position)
            self._references(file, place, row)
            modality = self.provisions[row["provision"]].modality
            if kind != "gate" and row["modality"] != modality:
                raise file.error(place, f"{row['id']} 的应当、可以与条款不一致（条款为 {modality}）")
            if row.get("harm_at_least") is not None:
                file.known(place, row["harm_at_least"], self.vocabulary.enumerations["harm"], "损害程度")
            reading, cases = finding_cases(file, (*place, "when"), row["when"], self.vocabulary, self.readings)
            values = {key: row.get(key) for key in ("harm_at_least", "months", "still_unfulfilled_after")}
            yield Rule(
                id=row["id"], kind=kind, provision=row["provision"], label=row["label"], modality=row["modality"],
                when=MappingProxyType(cases), reading=reading, readings=tuple(row.get("readings", ())),
                cites=tuple(row.get("cites", ())), **values,
            )  # fmt: skip

    def _references(self, file: BookFile, place: Place, row: Mapping[str, Any]) -> None:
        for provision in (row["provision"], *row.get("cites", ())):
            file.known(place, provision, self.provisions, "条款")
        for reading in row.get("readings", ()):
            file.known(place, reading, self.readings, "解释")

    def _choices(self, file: BookFile, key: str) -> tuple[Choice, ...]:
        result = []
        for position, row in enumerate(file.data[key]):
            self._references(file, (key, position), row)
            condition = derived_condition(file, (key, position, "when"), row["when"], self.stage_two)
            cites = tuple(row.get("cites", ()))
            result.append(Choice(row["id"], row["provision"], condition, row.get("label", ""), cites))
        return tuple(result)

    def _adjustment(self, file: BookFile, name: str, row: Mapping[str, Any]) -> Adjustment:
        place = ("adjustments", name)
        measures = self.vocabulary.enumerations["measure"]
        self._references(file, place, row)
        raises, floor = row.get("raises", {}), [row["floor"]] if "floor" in row else []
        for measure in [*raises, *raises.values(), *floor]:
            file.known(place, measure, measures, "问责方式")
        capped = row.get("capped")
        if capped is not None:
            self._references(file, place, capped)
            capped = Choice(
                capped["id"], capped["provision"], derived_condition(file, place, {"all": []}, {}), capped["label"]
            )
        return Adjustment(
            row["provision"], tuple(row["readings"]), row["label"], MappingProxyType(raises), capped,
            row.get("lowers_by", 0), row.get("floor", ""),
        )  # fmt: skip

    def _policy(self, file: BookFile) -> Mapping[tuple[str, str], tuple[str, str]]:
        words, table = self.vocabulary.enumerations, {}
        for position, row in enumerate(file.data["rows"]):
            place = ("rows", position)
            for key, kind in (("harm", "harm"), ("role", "role"), ("lo", "measure"), ("hi", "measure")):
                file.known(place, row[key], words[kind], key)
            if (row["harm"], row["role"]) in table:
                raise file.error(place, "同一损害程度和角色重复")
            table[row["harm"], row["role"]] = (row["lo"], row["hi"])
        return MappingProxyType(table)

    def _cited(self, file: BookFile, key: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = file.data[key]
        for position, row in enumerate(rows):
            self._references(file, (key, position), row)
        return rows

    def _entries(self, file: BookFile, key: str) -> tuple[Mapping[str, Any], ...]:
        return tuple(MappingProxyType(row) for row in self._cited(file, key))


class _Kept(_Loader):
    """The same from the words of the files."""

    in_use = False

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.kept = sources
        super().__init__(Path())

    def read_text(self) -> bytes:
        return self.kept["text"].encode()

    def file(self, name: str, shape: str, *, edition: bool = True) -> BookFile:
        path = Path(f"{name}.yaml")
        if name not in self.kept:
            raise RulebookError(path, 1, "这份文件没有保存")
        self.files[name] = BookFile(path, shape, self.kept[name].encode())
        return self.files[name]


def _plain(text: str) -> str:
    return re.sub(r"<[^>]*>|\s", "", text)
