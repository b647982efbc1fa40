"""A proof package stands by itself, says what the engine says, and cannot be changed unseen."""

from __future__ import annotations

import copy
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from models.schemas.errors import CaseFileError
from models.schemas.reading import read_yaml
from rules.book.loading import load_rulebook
from rules.strict_yaml import parse
from service import proof_check
from service.documents.recommending.proof_file import Package, packed, without, written
from service.proof_check import Refused, parse_yaml, verify
from tests.conftest import EXAMPLES, example
from tests.proofs import SEED, copy_for, package_of, parts_of
from tests.unit.test_properties import SETTINGS, cases

SCRIPT = Path(proof_check.__file__)
WORDS = load_rulebook().vocabulary.enumerations["outcome"]


def refused(package: Package, root: str | None = None) -> str:
    with pytest.raises(Refused) as caught:
        verify(written(package), root)
    return str(caught.value)


def part(package: Package, path: str) -> dict[str, Any]:
    return next(leaf for leaf in package["leaves"] if leaf["path"] == path)


# --- what the script finds is what the engine found -------------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_script_derives_what_the_engine_concluded_on_a_worked_case(path: Path) -> None:
    data = read_yaml(path.read_bytes())
    package = package_of(data)
    told = verify(written(package), package["root"])
    assert list(told["persons"].values()) == [WORDS[row["outcome"]] for row in data["expected"].values()]


@SETTINGS
@given(cases())
def test_the_script_derives_what_the_engine_concludes_on_generated_cases(data: dict[str, Any]) -> None:
    verify(written(package_of(data)))
    verify(written(copy_for(data, 0)))


def other_matter(chance: random.Random) -> dict[str, Any]:
    """A case whose days, reviews, extension and acts are drawn at random; not all of them are lawful."""

    def day(year: int = 2026) -> str:
        return f"{year}-{chance.randint(1, 12):02}-{chance.choice((1, 15, 28)):02}"

    data = example("plan-task-missed")
    review = (None, "accepted", "returned")
    extension = {"requested_on": day(), "granted": True, "decided_by": "school_leader", "new_due_on": day()}
    matter = data["matter"] | {
        "registered": chance.choice((True, False, None)), "assigned_on": None, "reported_on": chance.choice((None, day())),
        "assignment_record": chance.choice((None, "written", "oral", "none")),
        "due_on": chance.choice((None, day(), day(2025), day(2021), "2024-02-29")), "review": chance.choice(review),
        "extension": chance.choice((None, None, extension)),
        "acts": [{"date": day(), "kind": chance.choice(("formal", "urging", "routine")), "by": chance.choice((None, "党校办", "某处")),
                  "matter": chance.choice((None, None, "别的事项"))} for _ in range(chance.randint(0, 8))],
    }  # fmt: skip
    if matter["review"] == "returned":
        matter |= {
            "returned_on": day(),
            "redone_on": chance.choice((None, day())),
            "redo_review": chance.choice(review),
        }
    data |= {"trigger_date": chance.choice((day(), day(2025), "2025-02-28")), "matter": matter, "planned": None}
    data["persons"][0] |= {"managed_by": chance.choice(("school_committee", "school_committee", "superior"))}
    return data


def test_the_script_counts_and_dates_as_the_engine_does() -> None:
    chance, outcomes, lawful = random.Random(20210628), set(), 0
    while lawful < 300:
        data = other_matter(chance)
        try:
            package = package_of(data)
        except CaseFileError:
            continue
        lawful += 1
        outcomes |= set(verify(written(package))["persons"].values())
    assert len(outcomes) >= 4


@pytest.mark.parametrize("name", sorted(set(load_rulebook().sources) - {"text"}))
def test_the_scripts_own_reader_reads_the_rulebook_as_the_loader_does(name: str) -> None:
    assert parse_yaml(load_rulebook().sources[name]) == parse(load_rulebook().sources[name])


@pytest.mark.parametrize("name", ["joint-matter-three-units", "urged-and-supervised-four-times", "rectified-in-time"])
def test_any_other_conclusion_is_refused_even_with_every_hash_made_anew(name: str) -> None:
    parts = parts_of(example(name))
    for key, other in OTHERWISE.items():
        changed = copy.deepcopy(parts)
        assert changed["answer/000"][key] != other
        changed["answer/000"][key] = other
        changed.pop("answer/raw")
        assert key.partition("_")[0] in refused(packed(changed, SEED))


OTHERWISE: dict[str, Any] = {
    "outcome": "out_of_scope", "gates": {}, "situations": {}, "mitigation": ["art-8.3.2.2"],
    "aggravation": ["art-8.3.3.2"], "base": ["organisational_measure", "organisational_measure"],
    "exemption": {"state": "available", "grounds": []}, "discipline_track": "referral_required",
    "range_mandatory": ["organisational_measure", "organisational_measure"], "flags": ["double_use"], "discretion": [],
    "range_if_discretion": None, "conditional": ["admonition", "admonition"],
}  # fmt: skip


def test_other_facts_than_those_of_the_conclusion_are_refused_even_with_every_hash_made_anew() -> None:
    parts = parts_of(example("urged-and-supervised-four-times"))
    for group, elements in parts["facts/persons/000"]["findings"].items():
        for element in elements:
            changed = copy.deepcopy(parts)
            changed["facts/persons/000"]["findings"][group][element] = "refuted"
            refused(packed(changed, SEED))
    for at, act in enumerate(parts["facts/matter"]["acts"]):
        if act["kind"] != "routine":
            changed = copy.deepcopy(parts)
            changed["facts/matter"]["acts"].pop(at)
            changed["facts/matter.words"]["acts"].pop(at)
            assert "supervision_count" in refused(packed(changed, SEED))


def test_rules_readings_and_quotations_other_than_the_rulebooks_are_refused_with_every_hash_made_anew() -> None:
    parts = parts_of(example("urged-and-supervised-four-times"))
    for name in load_rulebook().sources:
        changed = {**parts, f"rulebook/{name}": parts[f"rulebook/{name}"] + "\n"}
        assert "规则库的散列值" in refused(packed(changed, SEED))
        assert "规则库的散列值" in refused(
            packed({key: value for key, value in parts.items() if key != f"rulebook/{name}"}, SEED)
        )
    changed = copy.deepcopy(parts)
    changed["answer/000"]["steps"][0]["text"] += "可以"
    assert "文字与规章不一致" in refused(packed(changed, SEED))
    changed = copy.deepcopy(parts)
    changed["package"]["rulebook"]["readings"]["A-09"] = "formal_only"
    assert "解释" in refused(packed(changed, SEED))
    changed = copy.deepcopy(parts)
    changed["facts/matter"]["acts"][-1]["by_office"] = False
    assert "行为人" in refused(packed(changed, SEED))


# --- a thousand tamperings ------------------------------------------------------------------------------------------------

Tampering = Callable[[Package, random.Random], bytes]


def edited(value: Any, chance: random.Random) -> Any:
    """The value with one of its scalars another."""
    if isinstance(value, dict) and value:
        key = chance.choice(sorted(value))
        return {**value, key: edited(value[key], chance)}
    if isinstance(value, list) and value:
        at = chance.randrange(len(value))
        return [*value[:at], edited(value[at], chance), *value[at + 1 :]]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice((-1, 1))
    at = chance.randrange(len(value) + 1) if isinstance(value, str) else 0
    return f"{value[:at]}改{value[at:]}" if isinstance(value, str) else "改"


def flip_a_byte(package: Package, chance: random.Random) -> bytes:
    raw = bytearray(written(package))
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw)


def edit_a_value(package: Package, chance: random.Random) -> bytes:
    leaf = chance.choice(package["leaves"])
    leaf["value"] = edited(leaf["value"], chance)
    return written(package)


def replace_a_provision(package: Package, chance: random.Random) -> bytes:
    leaf = part(package, chance.choice(("rulebook/text", "rulebook/provisions", "rulebook/situations")))
    words = chance.choice(("应当", "可以", "不", "的", "影响"))
    places = [at for at in range(len(leaf["value"])) if leaf["value"].startswith(words, at)]
    at = chance.choice(places or [0])
    leaf["value"] = leaf["value"][:at] + "免予" + leaf["value"][at + len(words) :]
    return written(package)


def swap_two_values(package: Package, chance: random.Random) -> bytes:
    first, second = chance.sample(package["leaves"], 2)
    for key in chance.choice((("value",), ("value", "salt"), ("salt",), ("path",))):
        first[key], second[key] = second[key], first[key]
    return written(package)


def remove_or_repeat_a_part(package: Package, chance: random.Random) -> bytes:
    at = chance.randrange(len(package["leaves"]))
    if chance.random() < 0.5:
        package["leaves"].pop(at)
    else:
        package["leaves"].insert(at, dict(package["leaves"][at]))
    return written(package)


def reorder(package: Package, chance: random.Random) -> bytes:
    at = chance.randrange(len(package["leaves"]) - 1)
    leaves = package["leaves"]
    leaves[at], leaves[at + 1] = leaves[at + 1], leaves[at]
    return written(package)


def cover_a_part_with_another_hash(package: Package, chance: random.Random) -> bytes:
    leaf = chance.choice(package["leaves"])
    del leaf["value"], leaf["salt"]
    leaf["removed"] = chance.randbytes(32).hex()
    return written(package)


def another_root(package: Package, chance: random.Random) -> bytes:
    package["root"] = chance.randbytes(32).hex()
    return written(package)


def change_a_value_and_every_hash(package: Package, chance: random.Random) -> bytes:
    """Consistent at every level: only the root that was told apart from the file, or the derivation, tells."""
    parts = {leaf["path"]: leaf["value"] for leaf in package["leaves"]}
    path = chance.choice(sorted(parts))
    return written(packed({**parts, path: edited(parts[path], chance)}, SEED))


def change_the_root_of_another(package: Package, chance: random.Random) -> bytes:
    """Consistent at one level: the value is changed and the root is that of the changed tree, but the rest is not."""
    changed = packed({leaf["path"]: leaf["value"] for leaf in package["leaves"] if leaf["path"] != "facts/title"}, SEED)
    return written({**package, "root": changed["root"]})


KINDS: tuple[Tampering, ...] = (
    flip_a_byte, edit_a_value, replace_a_provision, swap_two_values, remove_or_repeat_a_part, reorder,
    cover_a_part_with_another_hash, another_root, change_a_value_and_every_hash, change_the_root_of_another,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_hundred_tamperings_of_each_of_ten_kinds_are_refused(kind: Tampering) -> None:
    whole = package_of(example("urged-and-supervised-four-times"))
    raw, chance, done = written(whole), random.Random(kind.__name__), Counter[str]()
    verify(raw)
    while done["refused"] < 100:
        changed = kind({**whole, "leaves": [dict(leaf) for leaf in whole["leaves"]]}, chance)
        if changed == raw:
            continue
        with pytest.raises(Refused):
            verify(changed, whole["root"])
        done["refused"] += 1


# --- the copy for the person ---------------------------------------------------------------------------------------------


def canaries() -> tuple[dict[str, Any], dict[str, list[str]]]:
    """A case of three persons with a mark in every text, and the marks by whether they may stay."""
    data = example("joint-matter-three-units")
    marks: dict[str, list[str]] = {"gone": [], "stays": []}

    def mark(what: str, kind: str = "gone") -> str:
        marks[kind].append(f"{what}金丝雀{sum(map(len, marks.values())):03}号")
        return marks[kind][-1]

    data["narrative"] = f"经询问，{mark('叙述')}"
    for number, person in enumerate(data["persons"]):
        kind = "stays" if number == 0 else "gone"
        person |= {"name": mark("姓名", kind), "post": mark("职务", kind)}
        others = mark("会议纪要", kind)
        person["evidence"] = {"harm": [others, {"title": mark("文件", kind), "page": 3}]}
        for elements in person["findings"].values():
            for name, found in elements.items():
                status = found["status"] if isinstance(found, dict) else found
                elements[name] = {
                    "status": status, "found_by": mark("认定人"), "note": mark("说明"),
                    "evidence": [mark("甲的谈话笔录"), {"hearing": 1, "said": mark("陈述")}, mark("台账", kind)],
                }  # fmt: skip
    data["title"] = f"{data['persons'][1]['name']}等人的案件"
    data["persons"][0]["evidence"]["role"] = [f"{data['persons'][2]['name']}的签收单"]
    return data, marks


def test_the_copy_for_a_person_verifies_under_the_same_root_and_holds_none_of_the_removed_words() -> None:
    data, marks = canaries()
    whole, shown = written(package_of(data)), written(copy_for(data, 0))
    for raw in (whole, shown):
        assert verify(raw)["root"] == package_of(data)["root"]
    assert all(mark.encode() in whole for found in marks.values() for mark in found)
    assert not [mark for mark in marks["gone"] if mark.encode() in shown]
    assert not [mark for mark in marks["stays"] if mark.encode() not in shown]
    assert "签收单".encode() not in shown


def test_each_person_gets_a_copy_with_their_own_part_alone() -> None:
    data, _ = canaries()
    for number in range(3):
        told = verify(written(copy_for(data, number)))
        assert list(told["persons"]) == [number + 1]


def test_what_was_removed_cannot_be_guessed_or_replaced() -> None:
    data, _ = canaries()
    whole, shown = package_of(data), copy_for(data, 0)
    hidden = [leaf for leaf in shown["leaves"] if "removed" in leaf]
    assert hidden
    for leaf in hidden:
        original = part(whole, leaf["path"])
        unsalted = proof_check._digest(b"\x02", b"", proof_check.canonical(original["value"])).hex()
        assert unsalted != leaf["removed"]
        assert original["salt"].encode() not in written(shown)
    altered = copy.deepcopy(shown)
    leaf = next(leaf for leaf in altered["leaves"] if "removed" in leaf)
    leaf |= {"salt": "0" * 32, "value": "另写"}
    del leaf["removed"]
    assert "散列值不一致" in refused(altered)


@pytest.mark.parametrize(
    "path", ["facts/case", "facts/matter", "facts/persons/000", "answer/000", "rulebook/measures", "readings"]
)
def test_a_part_on_which_the_outcome_rests_cannot_be_covered(path: str) -> None:
    refused(without(package_of(example("plan-task-missed")), [path]))


# --- the script by itself -------------------------------------------------------------------------------------------------


def alone(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The script, copied to an empty folder, without site packages and without the environment."""
    script = folder / "check.py"
    script.write_bytes(SCRIPT.read_bytes())
    command = [sys.executable, "-I", "-S", "-X", "importtime", str(script), *words]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_script_runs_alone_and_imports_the_standard_library_only(tmp_path: Path) -> None:
    package = package_of(example("plan-task-missed"))
    (tmp_path / "proof.json").write_bytes(written(package))
    done = alone(tmp_path, "proof.json", "--root", package["root"])
    assert (done.returncode, "核验通过" in done.stdout, package["root"] in done.stdout) == (0, True, True), done.stderr
    rows = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")]
    imported = {name.partition(".")[0] for name in rows[1:]} - {"imported package"}
    assert imported <= set(sys.stdlib_module_names) | {"zipimport"}


def test_the_script_says_in_chinese_what_is_wrong(tmp_path: Path) -> None:
    package = package_of(example("plan-task-missed"))
    part(package, "facts/title")["value"] = "另一个标题"
    (tmp_path / "proof.json").write_bytes(written(package))
    for words, said in (
        (("proof.json",), "核验不通过：散列值不一致"), (("proof.json", "--root", "0" * 64), "root 与另行告知的"),
        (("nothing.json",), "文件不存在"), (("check.py",), "不是证明包"), ((), "用法"),
    ):  # fmt: skip
        done = alone(tmp_path, *words)
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[]", b"\xff", b"null", b"[" * 5000, b'{"a":NaN}\n', b'{"format":"wenze-proof/1","leaves":[1],"root":"' + b"0" * 64 + b'"}\n'],
    ids=["empty", "object", "list", "bytes", "null", "deep", "nan", "leaf"],
)  # fmt: skip
def test_what_is_no_package_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        verify(raw)
