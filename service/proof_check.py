"""核验证明包：python3 -I -S proof_check.py 文件 [--root 散列值]。只用 Python 标准库，不使用本系统的任何代码。

Checks a proof package on its own: the form, the Merkle tree, the rulebook's hash; then derives every outcome anew from the
facts and the rules that the package holds, by code that shares nothing with the service. Exit code 0 where all holds, else 1.
One file on purpose: whoever checks can read the whole of it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zipfile
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

FORMAT = "wenze-proof/1"
MOST = 64 << 20
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_SALT = re.compile(r"[0-9a-f]{32}\Z")
_KNOWN = re.compile(
    r"(package|readings|rulebook/[a-z_/]+|facts/(case|title|narrative|matter|matter\.words)|answer/(raw|\d{3})|latitude/\d{3}"
    r"|facts/persons/\d{3}(/named|/grounds/\d{4})?|decision|decision/(slots/\d{2}|departure|referral_note|meeting))\Z"
)
REFUTED, OPEN, ESTABLISHED = "refuted", "open", "established"
_RANK = {REFUTED: 0, OPEN: 1, ESTABLISHED: 2}
Data = dict[str, Any]


class Refused(Exception):
    """Why the package does not stand."""


# --- the form and the tree ---------------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def read(raw: bytes) -> Data:
    """The package of these bytes, which must be the one form in which it may be written."""
    try:
        package = json.loads(raw.decode("utf-8"))
        same = canonical(package) + b"\n" == raw
    except (ValueError, RecursionError):
        raise Refused("不是证明包：不是有效的 JSON（UTF-8）") from None
    if not same:
        raise Refused("文件的写法被改动（应为规范的 JSON，一字节不差）")
    if not isinstance(package, dict) or set(package) != {"format", "root", "leaves"} or package["format"] != FORMAT:
        raise Refused(f"不是证明包：应当恰有 format（{FORMAT}）、root、leaves")
    if not isinstance(package["leaves"], list) or not package["leaves"] or not _matches(_HEX, package["root"]):
        raise Refused("root 或者 leaves 不合格式")
    return package


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.match(value) is not None


def _digest(mark: bytes, *parts: bytes) -> bytes:
    return hashlib.sha256(mark + b"".join(parts)).digest()


def open_leaves(package: Data) -> tuple[Data, list[str]]:
    """Path → value of the parts that are shown, and the paths of those removed. Raises Refused where the tree does not hold."""
    shown: Data = {}
    removed: list[str] = []
    hashes, before = [], ""
    for leaf in package["leaves"]:
        path: Any = leaf.get("path") if isinstance(leaf, dict) else None
        if not _matches(_KNOWN, path) or path <= before:
            raise Refused(f"部分“{str(path)[:60]}”不认识、重复或者次序不对")
        before = path
        if set(leaf) == {"path", "salt", "value"} and _matches(_SALT, leaf["salt"]):
            inner = _digest(b"\x02", bytes.fromhex(leaf["salt"]), canonical(leaf["value"]))
            shown[path] = leaf["value"]
        elif set(leaf) == {"path", "removed"} and _matches(_HEX, leaf["removed"]):
            inner = bytes.fromhex(leaf["removed"])
            removed.append(path)
        else:
            raise Refused(f"部分“{path}”不合格式")
        hashes.append(_digest(b"\x00", canonical(path), inner))
    if root_of(hashes) != package["root"]:
        raise Refused("散列值不一致：某一部分被改动、增加、删去或者调换")
    return shown, removed


def root_of(hashes: list[bytes]) -> str:
    """The root over the leaves: pairs are joined, an odd one goes up as it is, the number of leaves is bound in."""
    count = len(hashes).to_bytes(8, "big")
    while len(hashes) > 1:
        pairs = [_digest(b"\x01", *hashes[at : at + 2]) for at in range(0, len(hashes) - 1, 2)]
        hashes = pairs + hashes[len(pairs) * 2 :]
    return _digest(b"\x03", count, hashes[0]).hex()


# --- the rulebook: its files, read by a reader of the YAML that it uses ------------------------------------------------


def parse_yaml(text: str) -> Any:
    lines = []
    for raw in text.split("\n"):
        bare = re.sub(r"(^|\s)#.*$", "", raw).rstrip()
        if bare.strip():
            lines.append((len(bare) - len(bare.lstrip(" ")), bare.strip()))
    value, at = _node(lines, 0)
    if at != len(lines):
        raise Refused("规则文件不合格式")
    return value


_Lines = list[tuple[int, str]]
_PAIR = re.compile(r"(\"[^\"]*\"|[^:{\[\"]+?):(?:\s+(.*))?\Z")


def _node(lines: _Lines, at: int) -> tuple[Any, int]:
    indent, text = lines[at]
    if text.startswith("- "):
        rows = []
        while at < len(lines) and lines[at][0] == indent and lines[at][1].startswith("- "):
            lines[at] = (indent + 2, lines[at][1][2:].strip())
            row, at = _node(lines, at)
            rows.append(row)
        return rows, at
    if text[0] in "{[" or not _PAIR.match(text):
        return _inline(lines, at, text)
    found: Data = {}
    while at < len(lines) and lines[at][0] == indent and (pair := _PAIR.match(lines[at][1])):
        key, rest = pair.group(1).strip('"'), pair.group(2)
        if rest:
            found[key], at = _inline(lines, at, rest)
        elif at + 1 < len(lines) and (lines[at + 1][0] > indent or lines[at + 1][1].startswith("- ")):
            found[key], at = _node(lines, at + 1)
        else:
            found[key], at = None, at + 1
    return found, at


def _inline(lines: _Lines, at: int, text: str) -> tuple[Any, int]:
    """A scalar, or a collection in brackets, which may go on over several lines."""
    at += 1
    if text[0] not in "{[":
        return _scalar(text), at
    while text.count("{") + text.count("[") > text.count("}") + text.count("]"):
        text += " " + lines[at][1]
        at += 1
    return _flow(text, 0)[0], at


def _flow(text: str, at: int) -> tuple[Any, int]:
    opened, at = text[at], _skip(text, at + 1)
    rows: list[Any] = []
    pairs: Data = {}
    while text[at] not in "]}":
        if opened == "{":
            end = re.compile(r":(\s|$)").search(text, at)
            assert end is not None
            key, at = text[at : end.start()].strip().strip('"'), _skip(text, end.start() + 1)
            pairs[key], at = _flow_value(text, at)
        else:
            row, at = _flow_value(text, at)
            rows.append(row)
        at = _skip(text, at + (text[at] == ","))
    return (pairs if opened == "{" else rows), at + 1


def _flow_value(text: str, at: int) -> tuple[Any, int]:
    if text[at] in "{[":
        value, at = _flow(text, at)
        return value, _skip(text, at)
    end = re.compile(r"[,\]}]").search(text, at if text[at] != '"' else text.index('"', at + 1))
    assert end is not None
    return _scalar(text[at : end.start()].strip()), end.start()


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def _scalar(text: str) -> Any:
    if text[:1] in "\"'" and text[-1:] == text[:1] and len(text) > 1:
        return text[1:-1]
    if re.match(r"[-+]?(0|[1-9][0-9]*)\Z", text):
        return int(text)
    return {"": None, "~": None, "null": None, "true": True, "false": False}.get(text, text)


class Book:
    """What the derivation needs of the rulebook."""

    def __init__(self, files: dict[str, str]) -> None:
        def of(name: str) -> Any:
            return parse_yaml(files[name])

        self.head, self.words, self.measures = of("book"), of("vocabulary"), of("measures")
        self.kinds = {"gates": "gate", "situations": "situation", "exemptions": "exempt", "mitigations": "mitigate"}
        self.kinds |= {"aggravations": "aggravate"}
        self.rules = [{**row, "kind": kind} for name, kind in self.kinds.items() for row in of(name)["rules"]]
        self.outcomes, self.slots = of("outcomes")["outcomes"], of("duties")["discretion"]
        self.policy = {(row["harm"], row["role"]): [row["lo"], row["hi"]] for row in of("policy/default")["rows"]}
        self.ladder = [row["id"] for row in self.measures["ladder"]]
        self.readings = {row["id"]: row for row in of("readings")["readings"]}
        self.provisions = {row["id"]: row for row in of("provisions")["provisions"]}
        for row in self.provisions.values():
            words = files["text"][slice(*row["span"])]
            if _plain(words) != _plain(row["text"]):
                raise Refused(f"条款 {row['id']} 的文字与规章原文不一致")


def _plain(text: str) -> str:
    return re.sub(r"<[^>]*>|\s", "", text)


@lru_cache(maxsize=4)
def _book(files: tuple[tuple[str, str], ...]) -> Book:
    try:
        return Book(dict(files))
    except (LookupError, TypeError, ValueError, AttributeError, AssertionError):
        raise Refused("规则文件缺失或者不合格式") from None


def rulebook(shown: Data, claimed: str) -> Book:
    """The rulebook of the package, whose hash is the one that the answer names."""
    files = {path.removeprefix("rulebook/"): text for path, text in shown.items() if path.startswith("rulebook/")}
    digest = hashlib.sha256(files.get("text", "").encode())
    for name in sorted(set(files) - {"text"}):
        digest.update(name.encode() + b"\0" + files[name].encode())
    if digest.hexdigest() != claimed:
        raise Refused("规则库的散列值与处理建议所依的不一致：条款、规则、解释或者策略表被改动")
    return _book(tuple(sorted(files.items())))


# --- the derivation -------------------------------------------------------------------------------------------------


def _day(text: Any) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _if(condition: bool) -> str:
    return ESTABLISHED if condition else REFUTED


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _done_by(matter: Data, day: date) -> str:
    sent = ((matter["reported_on"], matter["review"]), (matter["redone_on"], matter["redo_review"]))
    reviews = [review for on, review in sent if on is not None and date.fromisoformat(on) <= day]
    return ESTABLISHED if "accepted" in reviews else OPEN if None in reviews else REFUTED


def matter_record(matter: Data, trigger: date, book: Book) -> Data:
    """What follows for the matter from days and acts."""
    extension = matter["extension"] or {}
    due = _day(extension["new_due_on"] if extension.get("granted") else matter["due_on"])
    record: Data = {"registered": OPEN if matter["registered"] is None else _if(matter["registered"]),
                    "recorded_assignment": {"written": ESTABLISHED, "oral": OPEN}.get(matter["assignment_record"], REFUTED)}  # fmt: skip
    months = next(rule["months"] for rule in book.rules if "months" in rule)
    times = next(rule["still_unfulfilled_after"] for rule in book.rules if "still_unfulfilled_after" in rule)
    if due is None:
        names = ("due_in_force", "accepted_in_time", "after_due", "within_rolling_year", "same_calendar_year")
        record |= dict.fromkeys(names, OPEN)
    else:
        record |= {"due_in_force": _if(due >= date.fromisoformat(book.head["in_force_from"])),
                   "accepted_in_time": _done_by(matter, due), "after_due": _if(trigger > due),
                   "within_rolling_year": _if(due <= trigger <= _later(due, months)),
                   "same_calendar_year": _if(due.year == trigger.year)}  # fmt: skip
    for count in book.words["counts"].values():
        days = sorted({act["date"] for act in matter["acts"] if act["kind"] in count["kinds"] and act["by_office"]
                       and act["this_matter"] and act.get("supported") is not False and date.fromisoformat(act["date"]) <= trigger})  # fmt: skip
        record[count["count"]] = len(days)
        done = _done_by(matter, date.fromisoformat(days[times - 1])) if len(days) >= times else ESTABLISHED
        record[count["unfulfilled"]] = {ESTABLISHED: REFUTED, REFUTED: ESTABLISHED}.get(done, OPEN)
    return record


def person_record(person: Data, book: Book) -> Data:
    record = {"managed_by_school_committee": _if(person["managed_by"] == "school_committee"),
              "role_found": OPEN if person["role"] == "undetermined" else ESTABLISHED}  # fmt: skip
    for group, elements in book.words["groups"].items():
        found = person["findings"].get(group)
        record |= {f"{group}.{name}": REFUTED if found is None else found.get(name, OPEN) for name in elements}
    return record


def holds(tree: Any, leaf: Callable[[Any], int]) -> int:
    """Kleene: 0 refuted, 1 open, 2 established."""
    if isinstance(tree, dict) and len(tree) == 1:
        ((operator, parts),) = tree.items()
        if operator == "all":
            return min((holds(part, leaf) for part in parts), default=2)
        if operator == "any":
            return max((holds(part, leaf) for part in parts), default=0)
        if operator == "not":
            return 2 - holds(parts, leaf)
    return leaf(tree)


def _names(tree: Any) -> Iterator[str]:
    """Every element that a condition reads."""
    if isinstance(tree, str):
        yield tree
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _names(part)


def statuses(record: Data, person: Data, readings: Data, book: Book) -> Data:
    """Rule → established, open, refuted or, where nothing of it was alleged, not_raised."""

    def leaf(tree: Any) -> int:
        if isinstance(tree, str):
            return _RANK[record[tree]]
        return 2 if record[tree["count"]] >= tree["at_least"] else 0

    found = {}
    for rule in book.rules:
        when = rule["when"]
        if isinstance(when, dict) and "reading" in when:
            when = when["cases"][readings[when["reading"]]]
        groups = {name.rpartition(".")[0] for name in _names(rule["when"])} & set(book.words["groups"])
        raised = not groups or any(group in person["findings"] for group in groups)
        found[rule["id"]] = (REFUTED, OPEN, ESTABLISHED)[holds(when, leaf)] if raised else "not_raised"
    return found


def conclude(status: Data, person: Data, book: Book) -> Data:
    """What follows from the statuses of the rules."""
    of = {kind: [rule["id"] for rule in book.rules if rule["kind"] == kind] for kind in book.kinds.values()}
    heads = [status[rule] for rule in of["situation"] if rule not in book.words["people_only"]]
    exempt = [status[rule] for rule in of["exempt"]]
    lists = {kind: [rule for rule in of[kind] if status[rule] == ESTABLISHED] for kind in ("mitigate", "aggravate")}
    record = {**status, "harm": person["harm"] or "unknown", "unfit_for_post": person["unfit_for_post"],
              "party_member": _yes(person["party_member"]), "distinct_periods": _yes(person["distinct_periods"]),
              "situation": ESTABLISHED if ESTABLISHED in heads else OPEN if OPEN in heads else REFUTED,
              "exemption": "available" if ESTABLISHED in exempt else "pending" if OPEN in exempt else "none",
              "mitigated": _yes(bool(lists["mitigate"])), "aggravated": _yes(bool(lists["aggravate"]))}  # fmt: skip

    def leaf(tree: Data) -> int:
        ((name, value),) = tree.items()
        return 2 if record[name] in (value if isinstance(value, list) else [value]) else 0

    def taken(rows: list[Data]) -> list[Data]:
        return [row for row in rows if holds(row["when"], leaf)]

    outcome = taken(book.outcomes)[0]["id"]
    accountable = outcome == "accountable"
    base, law = None, taken(book.measures["law"])
    if accountable and person["harm"] is not None:
        base = [law[0]["lo"], law[0]["hi"]] if law else book.policy[person["harm"], person["role"]]
    mandatory, wider, capped = _moved(base, bool(lists["mitigate"]), bool(lists["aggravate"]), book)
    flags = [row["id"] for row in taken(book.measures["flags"])] if accountable else []
    flags += [book.measures["adjustments"]["aggravation"]["capped"]["id"]] if capped else []
    grounds = [rule for rule in of["exempt"] if status[rule] == ESTABLISHED]
    grounds = grounds or [rule for rule in of["exempt"] if status[rule] == OPEN]
    return {"outcome": outcome, "gates": {rule.removeprefix("gate."): status[rule] for rule in of["gate"]},
            "situations": {rule: status[rule] for rule in of["situation"] if status[rule] != "not_raised"},
            "exemption": {"state": record["exemption"], "grounds": grounds},
            "mitigation": lists["mitigate"], "aggravation": lists["aggravate"], "base": base,
            "range_mandatory": mandatory, "range_if_discretion": wider,
            "discipline_track": taken(book.measures["discipline_track"])[0]["id"], "flags": flags,
            "slots": [row["id"] for row in taken(book.slots)] if accountable else [],
            "law": bool(law) and base is not None}  # fmt: skip


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _moved(base: Any, mitigated: bool, aggravated: bool, book: Book) -> tuple[Any, Any, bool]:
    if base is None:
        return None, None, False
    up, down = book.measures["adjustments"]["aggravation"], book.measures["adjustments"]["mitigation"]
    lo, hi = base
    top = up["raises"].get(hi, hi) if aggravated else hi
    mandatory = [hi, top] if aggravated else [lo, hi]
    lower = lo
    if mitigated and not aggravated:
        rank = max(book.ladder.index(down["floor"]), book.ladder.index(lo) - down["lowers_by"])
        lower = book.ladder[rank]
    return mandatory, [lower, top] if mitigated else mandatory, aggravated and top == hi


# --- the answer against the derivation ---------------------------------------------------------------------------------

_COMPARED = ("outcome", "exemption", "discipline_track", "base", "range_mandatory", "range_if_discretion")
_GROUNDS = ("mitigation", "aggravation")


class Derived:
    """One person's part, derived anew."""

    def __init__(self, case: Data, matter: Data, person: Data, book: Book, readings: Data) -> None:
        self.person, self.book, self.readings = person, book, readings
        trigger = date.fromisoformat(case["trigger_date"])
        self.record = {**matter_record(matter, trigger, book), **person_record(person, book)}
        self.status = statuses(self.record, person, readings, book)
        self.found = conclude(self.status, person, book)

    def faults(self, answer: Data) -> Iterator[str]:
        """Where the answer says something else."""
        wanted = {key: value for key, value in self.found.items() if key not in ("slots", "law", "flags")}
        counts = {name: self.record[row["count"]] for name, row in self.book.words["counts"].items()}
        given = {key: answer["supervision_count"][key] for key in counts}
        wanted["flags"] = sorted([*self.found["flags"], *self._sensitive(answer)])
        wanted["conditional"] = self._conditional()
        for key, value in wanted.items():
            if answer[key] != value:
                yield f"{key}：处理建议为 {_short(answer[key])}，重新推算为 {_short(value)}"
        if given != counts:
            yield f"supervision_count：处理建议为 {_short(given)}，重新推算为 {_short(counts)}"
        if [row["slot"] for row in answer["discretion"]] != self.found["slots"]:
            yield "discretion：由人裁量之处与重新推算的不一致"
        yield from self._steps(answer)
        yield from self._flips(answer)

    def _sensitive(self, answer: Data) -> Iterator[str]:
        asked = {(row["reading"], row["other"]) for row in answer["readings"]}
        used = {
            row["when"]["reading"]
            for row in self.book.rules
            if isinstance(row["when"], dict) and "reading" in row["when"]
        }
        others = {(name, value) for name in used for value in self.book.readings[name]["alternatives"]
                  if value != self.readings[name]}  # fmt: skip
        if asked != others:
            raise Refused("readings：没有列出全部可以另作的解释")
        for row in answer["readings"]:
            readings = {**self.readings, row["reading"]: row["other"]}
            after = conclude(statuses(self.record, self.person, readings, self.book), self.person, self.book)
            keys = (*_COMPARED, *_GROUNDS)
            differs = {key: after[key] for key in keys if after[key] != self.found[key]}
            if differs != row["differs"] or row["used"] != self.readings[row["reading"]]:
                raise Refused(f"readings：解释 {row['reading']} 另作理解的结果与重新推算的不一致")
            if differs:
                yield f"interpretation_sensitive:{row['reading']}"

    def _conditional(self) -> Any:
        if self.found["range_mandatory"] is None or self.person["unfit_for_post"] != OPEN:
            return None
        after = conclude(self.status, {**self.person, "unfit_for_post": ESTABLISHED}, self.book)
        return after["range_mandatory"] if after["law"] else None

    def _steps(self, answer: Data) -> Iterator[str]:
        for step in answer["steps"]:
            if step["step"] in self.status and step["status"] != self.status[step["step"]]:
                yield f"推理步骤 {step['step']} 的结论与重新推算的不一致"
            for ground in step["because"]:
                if ground["element"] in self.record and ground["status"] != self.record[ground["element"]]:
                    yield f"推理步骤 {step['step']} 所依的 {ground['element']} 与事实不一致"

    def _flips(self, answer: Data) -> Iterator[str]:
        for flip in answer["flips"]:
            if flip["kind"] == "finding" and flip["fact"] in self.record:
                record = {**self.record, flip["fact"]: flip["to"]}
                after = conclude(statuses(record, self.person, self.readings, self.book), self.person, self.book)
                if flip["new"] != {key: after[key] for key in _COMPARED if after[key] != self.found[key]}:
                    yield f"改变 {flip['fact']} 的结果与重新推算的不一致"


def _short(value: Any) -> str:
    return canonical(value).decode()[:120]


def cited(value: Any, book: Book, place: str) -> Iterator[str]:
    """Every provision that is quoted anywhere, in other words than the regulation's."""
    if isinstance(value, dict):
        if "provision" in value and "text" in value and "citation" in value:
            row = book.provisions.get(value["provision"], {})
            if (row.get("text"), row.get("citation")) != (value["text"], value["citation"]):
                yield f"{place} 所引条款 {str(value['provision'])[:40]} 的文字与规章不一致"
        for part in value.values():
            yield from cited(part, book, place)
    elif isinstance(value, list):
        for part in value:
            yield from cited(part, book, place)


def verify(raw: bytes, root: str | None = None) -> Data:
    """What a package that stands says. Raises Refused."""
    package = read(raw)
    if root is not None and root != package["root"]:
        raise Refused("root 与另行告知的散列值不一致：不是同一份证明包")
    shown, removed = open_leaves(package)
    try:
        return {"root": package["root"], "removed": removed, **_verified(shown, removed)}
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        raise Refused("内容不全或者不合格式，不能据以重新推算") from None


def _verified(shown: Data, removed: list[str]) -> Data:
    about = shown["package"]
    book = rulebook(shown, about["rulebook"]["sha256"])
    readings = about["rulebook"]["readings"]
    if {name: row["default"] for name, row in book.readings.items()} != readings:
        raise Refused("所采用的解释与规则库不一致")
    faults = list(cited({path: shown[path] for path in shown if not path.startswith("rulebook/")}, book, "证明包"))
    for row in shown["readings"]:
        known = book.readings[row["reading"]]
        if (row["question"], row["text"]) != (known["question"], known["alternatives"][readings[row["reading"]]]):
            faults.append(f"解释 {row['reading']} 的文字与规则库不一致")
    told = {}
    for number in range(about["persons"]):
        key = f"{number:03}"
        if f"facts/persons/{key}" in removed and f"answer/{key}" in removed and f"latitude/{key}" in removed:
            continue
        answer = shown[f"answer/{key}"]
        derived = Derived(shown["facts/case"], shown["facts/matter"], shown[f"facts/persons/{key}"], book, readings)
        faults += [f"第{number + 1}人：{fault}" for fault in derived.faults(answer)]
        faults += [f"第{number + 1}人：{fault}" for fault in _latitude(shown[f"latitude/{key}"])]
        told[number + 1] = book.words["enumerations"]["outcome"].get(answer["outcome"], answer["outcome"])
    faults += [*_words(shown, book), *_raw(shown, about), *_decision(shown, about, book)]
    if faults or not told:
        raise Refused("；".join(faults) or "没有一人的认定和处理建议，不能核验")
    return {"receipt": about["receipt"], "rulebook": about["rulebook"]["sha256"], "persons": told}


def _latitude(space: Data) -> Iterator[str]:
    """Every result stands in one place, and what is excluded has its ground."""
    results = [canonical(row) for row in space["admitted"]]
    for rows in (space["undetermined"], space["excluded"]):
        results += [canonical(result) for row in rows for result in row["results"]]
    if len(results) != len(set(results)):
        yield "同一处理既列为可以作出，又列为排除"
    if any(not row["grounds"] for row in space["excluded"]):
        yield "有排除的处理没有写明依据"


def _words(shown: Data, book: Book) -> Iterator[str]:
    """Whether who acted, and on which matter, is what the shorter facts say."""
    words, office = shown.get("facts/matter.words"), book.head["office"]
    if words is None:
        return
    names = (None, office["name"], *office["aliases"])
    told = [(row["by"] in names, row["matter"] in (None, words["name"])) for row in words["acts"]]
    if told != [(act["by_office"], act["this_matter"]) for act in shown["facts/matter"]["acts"]]:
        yield "督办记录的行为人或者所涉事项与计次所依的不一致"


def _raw(shown: Data, about: Data) -> Iterator[str]:
    """The stored answer, byte for byte, holds the parts that are shown."""
    if "answer/raw" not in shown:
        return
    raw = shown["answer/raw"]
    if hashlib.sha256(raw.encode()).hexdigest() != about["receipt_sha256"]:
        yield "回执的散列值不一致"
    answer = json.loads(raw)
    same = answer["rulebook"] == about["rulebook"] and answer["engine"] == about["engine"]
    if not same or answer["id"] != about["receipt"] or len(answer["persons"]) != about["persons"]:
        yield "回执与证明包所写的规则库、引擎、编号或者人数不一致"
    for number, person in enumerate(answer["persons"].values()):
        part = shown.get(f"answer/{number:03}")
        if part is not None and without_evidence(person) != part:
            yield f"第{number + 1}人：处理建议与回执不一致"


def without_evidence(answer: Data) -> Data:
    """A person's answer without the words of people: evidence, and who made each record that was counted."""
    count = {**answer["supervision_count"], "records": [
        {key: value for key, value in row.items() if key != "by"} for row in answer["supervision_count"]["records"]]}  # fmt: skip
    steps = [{**step, "because": [{key: value for key, value in ground.items() if key != "evidence"}
                                  for ground in step["because"]]} for step in answer["steps"]]  # fmt: skip
    return {**answer, "supervision_count": count, "steps": steps}


def _decision(shown: Data, about: Data, book: Book) -> Iterator[str]:
    decision = shown.get("decision")
    if decision is None:
        return
    if decision["receipt"] != about["receipt"]:
        yield "学校党委的决定不是依据这份处理建议作出的"
    if not set(decision["measures"]) <= set(book.ladder):
        yield "学校党委决定的问责方式不存在"
    slots = [value for path, value in shown.items() if path.startswith("decision/slots/")]
    for slot in slots:
        if slot["slot"] not in [row["id"] for row in book.slots] or not slot["reason"].strip():
            yield f"裁量事项 {slot['slot']} 不存在，或者没有理由"


# --- the command ---------------------------------------------------------------------------------------------------------


def content(path: str) -> bytes:
    """The package's bytes, from the file itself or from the archive that holds it."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if archive.getinfo("proof.json").file_size > MOST:
                    raise Refused("文件过大")
                return archive.read("proof.json")
        with open(path, "rb") as file:
            raw = file.read(MOST + 1)
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, EOFError):
        raise Refused("文件不存在、无法读取，或者压缩包中没有完好的 proof.json") from None
    if len(raw) > MOST:
        raise Refused("文件过大")
    return raw


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--root"):
        print("用法：python3 -I -S proof_check.py 文件 [--root 散列值]", file=sys.stderr)
        return 1
    try:
        told = verify(content(arguments[0]), arguments[2] if len(arguments) == 3 else None)
    except Refused as error:
        print(f"核验不通过：{error}", file=sys.stderr)
        return 1
    print(
        f"核验通过：各部分的散列值一致，处理建议与独立推算一致\n回执　{told['receipt']}\n规则库　{told['rulebook']}\nroot　{told['root']}"
    )
    for number, outcome in told["persons"].items():
        print(f"第{number}人　{outcome}")
    if told["removed"]:
        print(f"遮盖的部分　{len(told['removed'])} 处，其散列值在内，其内容不在内")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
