"""Read and check the rulebook. Whatever is misspelt, contradictory, uncited or not in the vocabulary is refused.

Each file is checked against ``book.schema.json`` (its shape), then against the others (its sense); the finished book
once more as a whole (``rules.book.consistency``). Every fault names file and line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from msgspec import convert

from rules.book.book_file import BookFile, Known, Place, Row, RulebookError
from rules.book.checked import CheckedBook, files_of
from rules.book.checkup import checkup_of, tracked_of
from rules.book.conditions import ALWAYS, derived_condition, finding_cases
from rules.book.consistency import contradictions
from rules.book.coverage import partition
from rules.book.latitude_file import latitude_of
from rules.book.proceedings import proceedings_of
from rules.book.rulebook import (
    Adjustment,
    Branch,
    Count,
    Group,
    Guard,
    Lead,
    Monotony,
    Period,
    Provision,
    Reading,
    Rule,
    Rulebook,
    Vocabulary,
    stage_two_fields,
)
from rules.book.supervision import forms_of, inspections_of, ledger_of, searches_of
from rules.packaged import packaged

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
    checked = CheckedBook(files, str(edition))
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
        self.head = self.file("book", edition=False).data
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

    def file(self, name: str, shape: str = "", *, edition: bool = True) -> BookFile:
        """A file of the edition, or of the whole book. shape: that of its name, where it has no other."""
        path = self.place(f"{name}.yaml", edition=edition)
        self.files[name] = BookFile(path, None if self.known else shape or name, self.raw.get(path))
        return self.files[name]

    def load(self) -> Rulebook:
        head = self.head
        if hashlib.sha256(self.text).hexdigest() != head["text_sha256"]:
            raise self.files["book"].error(("text_sha256",), "原文 text.md 与登记的散列值不一致")
        provisions = self.provisions = self._provisions()
        self.vocabulary = self._vocabulary()
        self.readings = self._readings()
        known = self.names = Known(provisions, self.readings)
        rules, leads = self._all_rules()
        self.stage_two = stage_two_fields(self.vocabulary, rules)
        measures, duties = self.file("measures"), self.file("duties")
        guards, monotonies = self.file("guards"), self.file("monotonies")
        policy = self.file("policy/default", "policy", edition=False)
        tracked = tracked_of(duties, known)
        laws, slots = self._choices(measures, "law"), self._choices(duties, "discretion")
        compared = self.in_use and not self.known
        situations = {rule.id: rule.label for rule in rules.values() if rule.kind == "situation"}
        book = Rulebook(
            id=head["id"],
            title=head["title"],
            number=head["number"],
            in_force_from=date.fromisoformat(head["in_force_from"]),
            sha256="",
            sources={},
            office=head["office"]["name"],
            institution=tuple(head.get("institution", ())),
            office_names=frozenset([head["office"]["name"], *head["office"]["aliases"]]),
            provisions=MappingProxyType(provisions),
            segments=self.segments,
            vocabulary=self.vocabulary,
            rules=MappingProxyType(rules),
            leads=MappingProxyType(leads),
            outcomes=self._choices(self.file("outcomes"), "outcomes"),
            tracks=self._choices(measures, "discipline_track"),
            flags=self._choices(measures, "flags"),
            law_ranges=tuple((law, row["lo"], row["hi"]) for law, row in zip(laws, measures.data["law"], strict=True)),
            ladder=MappingProxyType({row["id"]: row["provision"] for row in known.rows(measures, "ladder")}),
            aggravation=self._adjustment(measures, "aggravation"),
            mitigation=self._adjustment(measures, "mitigation"),
            policy_id=policy.data["id"],
            policy=self._policy(policy),
            policy_adopted_by=policy.data["adopted_by"],
            readings=MappingProxyType(self.readings),
            periods=self.file("periods", edition=False).read(tuple[Period, ...], "rows"),
            guards=MappingProxyType({row["id"]: convert(row, Guard) for row in known.rows(guards, "guards")}),
            ledger=ledger_of(self.file("ledger"), provisions, self.vocabulary, compared=compared),
            proceedings=proceedings_of(
                self.file("proceedings"), provisions, self.vocabulary, situations, compared=compared
            ),
            inspections=inspections_of(self.file("inspections"), provisions),
            forms=forms_of(self.file("forms"), provisions),
            searches=searches_of(self.file("searches"), self.vocabulary),
            duties=known.rows(duties, "duties"),
            tracked=tracked,
            checkup=checkup_of(self.file("checkup"), known, tracked),
            procedure=known.rows(duties, "procedure"),
            discretion=tuple(zip(slots, known.rows(duties, "discretion"), strict=True)),
            latitude=latitude_of(self.file("latitude"), known, self.vocabulary, {slot.id for slot in slots}),
            monotonies=tuple(convert(row, Monotony) for row in known.rows(monotonies, "monotonies")),
        )
        for name, place, message in () if self.known else contradictions(book):
            raise self.files[name].error(place, message)
        sources = {"text": self.text.decode()} | {name: file.raw.decode() for name, file in self.files.items()}
        return replace(book, sources=MappingProxyType(sources), sha256=digest_of(sources))

    def _provisions(self) -> dict[str, Provision]:
        file, text = self.file("provisions", edition=False), self.text.decode("utf-8")
        result: dict[str, Provision] = {}
        for position, row in enumerate(file.read(tuple[Provision, ...], "provisions")):
            place, (start, end) = ("provisions", position), row.span
            if _plain(text[start:end]) != _plain(row.text):
                raise file.error(place, f"{row.id} 的文字与原文 {start}–{end} 不一致")
            file.once(place, row.id, result, "条款")
            result[row.id] = row
        self.segments = partition(file, text, result.values())
        return result

    def _vocabulary(self) -> Vocabulary:
        file = self.file("vocabulary")
        data, groups = file.data, {}
        for name, elements in data["groups"].items():
            provision = name.partition("/")[0]
            file.known(("groups", name), provision, self.provisions, "条款")
            groups[name] = Group(name, provision, elements)
        counts = {}
        for name, row in data["counts"].items():
            file.known(("counts", name), row["unfulfilled"], data["derived"], "推算要素")
            for kind in row["kinds"]:
                file.known(("counts", name), kind, data["enumerations"]["act_kind"], "督办行为的种类")
            counts[name] = Count(row["count"], row["unfulfilled"], tuple(row["kinds"]), row["label"])
        names = ("judgements", "enumerations", "derived")
        rest = {name: data[name] for name in names}
        return Vocabulary(groups=groups, people_only=frozenset(data["people_only"]), counts=counts, **rest)

    def _readings(self) -> dict[str, Reading]:
        file = self.file("readings")
        result: dict[str, Reading] = {}
        for position, said in enumerate(file.data["readings"]):
            adopted = {key: said[key] for key in ("adopted_by", "adopted_on", "document") if key in said}
            row, place = convert(said | {"adopted": adopted or None}, Reading), ("readings", position)
            file.known(place, row.default, row.alternatives, "解释")
            for provision in row.provisions:
                file.known(place, provision, self.provisions, "条款")
            file.once(place, row.id, result, "解释")
            result[row.id] = row
        return result

    def _all_rules(self) -> tuple[dict[str, Rule], dict[str, Lead]]:
        rules: dict[str, Rule] = {}
        leads: dict[str, Lead] = {}
        for name, kind in _RULE_FILES.items():
            file = self.file(name, "rules")
            if "lead" in file.data:
                self.names.check(file, ("lead",), file.data["lead"])
                leads[kind] = file.read(Lead, "lead")
            for position, row in enumerate(self.names.rows(file, "rules")):
                file.once(("rules", position), row["id"], rules, "规则")
                rules[row["id"]] = self._rule(file, ("rules", position), row, kind)
        return rules, leads

    def _rule(self, file: BookFile, place: Place, row: Row, kind: str) -> Rule:
        modality = self.provisions[row["provision"]].modality
        if kind != "gate" and row["modality"] != modality:
            raise file.error(place, f"{row['id']} 的应当、可以与条款不一致（条款为 {modality}）")
        if row.get("harm_at_least") is not None:
            file.known(place, row["harm_at_least"], self.vocabulary.enumerations["harm"], "损害程度")
        reading, cases = finding_cases(file, (*place, "when"), row["when"], self.vocabulary, self.readings)
        values = {name: row[name] for name in ("id", "provision", "label", "modality")}
        values |= {name: row.get(name) for name in ("harm_at_least", "months", "still_unfulfilled_after")}
        values |= {name: tuple(row.get(name, ())) for name in ("readings", "cites")}
        return Rule(kind=kind, when=MappingProxyType(cases), reading=reading, **values)

    def _choices(self, file: BookFile, key: str) -> tuple[Branch, ...]:
        result = []
        for position, row in enumerate(self.names.rows(file, key)):
            when = derived_condition(file, (key, position, "when"), row["when"], self.stage_two)
            cites = tuple(row.get("cites", ()))
            result.append(Branch(row["id"], row["provision"], when, row.get("label", ""), cites))
        return tuple(result)

    def _adjustment(self, file: BookFile, name: str) -> Adjustment:
        row, place = file.data["adjustments"][name], ("adjustments", name)
        self.names.check(file, place, row)
        raises, floor = row.get("raises", {}), row.get("floor", "")
        for measure in [*raises, *raises.values(), *([floor] if floor else [])]:
            file.known(place, measure, self.vocabulary.enumerations["measure"], "问责方式")
        capped = None
        if (found := row.get("capped")) is not None:
            self.names.check(file, place, found)
            capped = Branch(found["id"], found["provision"], ALWAYS, found["label"])
        lowers_by = row.get("lowers_by", 0)
        return Adjustment(row["provision"], tuple(row["readings"]), row["label"], raises, capped, lowers_by, floor)

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


class _Kept(_Loader):
    """The same from the words of the files."""

    in_use = False

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.kept = sources
        super().__init__(Path())

    def read_text(self) -> bytes:
        return self.kept["text"].encode()

    def file(self, name: str, shape: str = "", *, edition: bool = True) -> BookFile:
        path = Path(f"{name}.yaml")
        if name not in self.kept:
            raise RulebookError(path, 1, "这份文件没有保存")
        self.files[name] = BookFile(path, shape or name, self.kept[name].encode())
        return self.files[name]


def _plain(text: str) -> str:
    return re.sub(r"<[^>]*>|\s", "", text)
