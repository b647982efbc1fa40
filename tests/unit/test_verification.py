"""The verification finds every seeded fault of the rulebook, and none in the shipped one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.analysis.verification.comparison import difference
from rules.analysis.verification.faults import faults
from rules.analysis.verification.reasoning import answers_in
from rules.book.loading import BOOK as FOLDER
from rules.book.loading import load_rulebook
from rules.book.logic import All, AnyOf, AtLeast, Element, OneOf
from rules.book.rulebook import Branch, Rulebook
from rules.reasoning.evaluation import Evaluator
from rules.reasoning.facts import FindingFacts, PersonFacts
from service.cli import main
from tests.conftest import OWN_SESSION, ROOT

BOOK = load_rulebook()


def test_the_shipped_rulebook_has_no_fault() -> None:
    assert faults(BOOK) == []


def rule(name: str, **changed: object) -> Rulebook:
    return replace(BOOK, rules=MappingProxyType({**BOOK.rules, name: replace(BOOK.rules[name], **changed)}))  # type: ignore[arg-type]


def when(name: str, condition: object) -> Rulebook:
    return rule(name, when=MappingProxyType({"": condition}))


def without(outcome: str) -> Rulebook:
    return replace(BOOK, outcomes=tuple(choice for choice in BOOK.outcomes if choice.id != outcome))


def swapped(one: int, other: int) -> Rulebook:
    found = list(BOOK.outcomes)
    found[one], found[other] = found[other], found[one]
    return replace(BOOK, outcomes=tuple(found))


OBJECTION = tuple(Element(f"art-8.3.1.2.{name}") for name in BOOK.vocabulary.groups["art-8.3.1.2"].elements)
OBSTRUCTED = Element("art-8.3.3.2.obstructed_supervision")
UNFIT = Branch("law.other", "art-8.2.3", OneOf("unfit_for_post", ("established",)))
SEEDED: dict[str, tuple[Callable[[], Rulebook], str, str]] = {
    "gap in the outcomes": (lambda: without("insufficient_facts"), "gap", "得不出结论"),
    "gap in the policy": (
        lambda: replace(BOOK, policy={cell: row for cell, row in BOOK.policy.items() if cell != ("serious", "principal")}),
        "gap", "得不出区间",
    ),
    "gap in the tracks": (lambda: replace(BOOK, tracks=BOOK.tracks[:-1]), "gap", "纪律处分衔接"),
    "overlap of two ranges of law": (
        lambda: replace(BOOK, law_ranges=(*BOOK.law_ranges, (UNFIT, "admonition", "admonition"))), "overlap", "law.other",
    ),
    "outcome behind one that takes all its cases": (
        lambda: replace(BOOK, outcomes=(*BOOK.outcomes, BOOK.outcomes[5])), "unreachable", "永远轮不到",
    ),
    "rule that cannot hold": (
        lambda: when("art-8.3.3.2", All((OBSTRUCTED, Element(OBSTRUCTED.name, True)))), "unreachable", "永远不能成立",
    ),
    "flag that nothing raises": (
        lambda: replace(BOOK, flags=(*BOOK.flags, Branch("idle", "art-8.2.4", OneOf("situation", ("refuted",))))),
        "unreachable", "idle",
    ),
    "rule within another": (
        lambda: when("art-8.3.3.3", All((OBSTRUCTED, Element("art-8.3.3.3.retaliated")))), "subsumed", "没有作用",
    ),
    "one finding for and against": (
        lambda: when("art-8.3.1.2", All((*OBJECTION, OBSTRUCTED))), "contradiction", "同一认定",
    ),
    "aggravation that lightens": (
        lambda: replace(BOOK, aggravation=replace(BOOK.aggravation, raises={"admonition": "notice_of_criticism"})),
        "monotony", "应当的区间不得变轻",
    ),
    "mitigation that burdens": (
        lambda: replace(BOOK, mitigation=replace(BOOK.mitigation, lowers_by=-1)), "monotony", "不得变重",
    ),
    "graver harm, lighter range": (
        lambda: replace(BOOK, policy={**BOOK.policy, ("considerable", "principal"): ("notice_of_criticism",) * 2}),
        "monotony", "损害程度",
    ),
    "rule without a provision": (lambda: rule("art-8.3.3.2", provision=""), "uncited", "没有所依据的条款"),
    "rule on words that only declare": (lambda: rule("art-8.3.3.2", provision="art-8.2.h"), "uncited", "只是说明"),
    "可以 coded as 应当": (lambda: rule("art-8.3.2.2", modality="shall"), "modality", "应为可以"),
    "reading that changes nothing": (
        lambda: rule("art-8.3.3.1.b", when={value: AnyOf((OBSTRUCTED,)) for value in BOOK.rules["art-8.3.3.1.b"].when}),
        "idle_reading", "同样的结果",
    ),
}  # fmt: skip


@pytest.mark.parametrize("seeded", SEEDED)
def test_a_seeded_fault_is_found(seeded: str) -> None:
    book, kind, said = SEEDED[seeded]
    found = [fault for fault in faults(book(), {kind}) if fault.kind == kind and said in fault.message]
    assert found
    assert all(fault.case is not None for fault in found if kind in ("gap", "overlap", "monotony", "contradiction"))


# --- the solver's reasoning is the engine's ---

EVALUATOR = Evaluator(BOOK)
NAMES = [(group.id, element) for group in BOOK.vocabulary.groups.values() for element in group.elements]
STATUS = st.sampled_from(["established", "open", "refuted"])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_the_solver_answers_as_the_engine_does(data: st.DataObject) -> None:
    raised = data.draw(st.sets(st.sampled_from(list(BOOK.vocabulary.groups)), max_size=8))
    findings = {name: {e: data.draw(STATUS) for e in BOOK.vocabulary.groups[name].elements} for name in sorted(raised)}
    harm = data.draw(st.sampled_from([None, *BOOK.vocabulary.enumerations["harm"]]))
    role, unfit = data.draw(st.sampled_from(["principal", "other_member"])), data.draw(STATUS)
    person = PersonFacts(
        "P1", "school_committee", data.draw(st.booleans()), role=role, harm=harm, unfit_for_post=unfit,  # type: ignore[arg-type]
        distinct_periods=data.draw(st.booleans()),
        findings={name: {e: FindingFacts(status) for e, status in found.items()} for name, found in findings.items()},
    )  # fmt: skip
    case: dict[str, str | int] = {f"raised:{name}": "yes" for name in raised}
    case |= {f"{name}.{e}": status for name, found in findings.items() for e, status in found.items()}
    case |= {"harm": harm or "unknown", "role": role, "unfit_for_post": unfit}
    case |= {
        "party_member": "yes" if person.party_member else "no",
        "distinct_periods": "yes" if person.distinct_periods else "no",
    }
    told = answers_in(BOOK, case)
    record: dict[str, str | int] = {f"{group}.{e}": findings.get(group, {}).get(e, "refuted") for group, e in NAMES}
    record |= dict.fromkeys(BOOK.vocabulary.derived, "established") | {"accepted_in_time": "refuted"}
    record |= {count.field: 0 for count in BOOK.vocabulary.counts.values()}
    record |= {count.unfulfilled: "refuted" for count in BOOK.vocabulary.counts.values()}
    used = {reading.id: reading.default for reading in BOOK.readings.values()}
    found = EVALUATOR.conclude(person, EVALUATOR.statuses(record), used)
    assert (told["outcome"], told["track"], told["exemption"]) == (found.outcome, found.track.id, found.exemption)
    for name, ends in (("base", found.base), ("mandatory", found.mandatory), ("discretionary", found.discretionary)):
        shown = tuple(told[f"{name}.{end}"].removeprefix("measure:") for end in ("lo", "hi"))
        assert shown == (ends or ("∅", "∅"))
    flags = {name.split(":")[1] for name, value in told.items() if name.startswith("flag:") and value == "yes"}
    assert flags | ({"aggravation_capped"} if told["capped"] == "yes" else set()) == set(found.flags)


# --- two versions ---


def test_a_version_is_equivalent_to_itself_and_to_one_that_only_writes_a_condition_otherwise() -> None:
    assert difference(BOOK, BOOK) is None
    assert difference(BOOK, when("art-8.3.1.2", All(tuple(reversed(OBJECTION))))) is None


def test_the_smallest_case_tells_two_versions_apart() -> None:
    found = difference(BOOK, when("art-8.3.1.2", AnyOf(OBJECTION)))
    assert found is not None
    assert len(found.case) == 2  # the exemption is raised, and one of its elements is no longer refuted
    assert ("none", "available") in found.answers.values() or ("none", "pending") in found.answers.values()


def test_another_number_of_acts_is_told_apart_at_its_boundary() -> None:
    old = BOOK.rules["art-8.3.3.1.b"]
    cases = {value: All((AtLeast(f"supervision.{value}", 5), Element(f"unfulfilled.{value}"))) for value in old.when}
    found = difference(BOOK, rule(old.id, when=MappingProxyType(cases), still_unfulfilled_after=5))
    assert found is not None
    assert found.case["supervision.office_acts"] in range(3, 6)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    folder = tmp_path / "other"
    shutil.copytree(FOLDER, folder)
    return folder


def test_verify_says_that_nothing_was_found() -> None:
    told = CliRunner().invoke(main, ["rules", "verify"])
    assert (told.exit_code, "没有发现问题" in told.output) == (0, True), told.output


def test_verify_against_another_version_writes_the_case_as_a_scenario(other: Path, tmp_path: Path) -> None:
    policy = other / "policy" / "default.yaml"
    row = "harm: grave, role: principal, lo: notice_of_criticism, hi: admonition"
    policy.write_text(
        policy.read_text(encoding="utf-8").replace(row, row.replace("lo: notice_of_criticism", "lo: admonition")),
        encoding="utf-8",
    )
    told = CliRunner().invoke(main, ["rules", "verify", "--against", str(other), "--out", str(tmp_path / "out")])
    assert (told.exit_code, "不等价" in told.output) == (1, True), told.output
    stub = (tmp_path / "out" / "counterexamples.feature").read_text(encoding="utf-8")
    assert "而且 损害程度认定为影响全局或者严重影响" in stub
    assert "而且 应当的区间为通报至诫勉" in stub
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/bdd/run_features.py"]
    env = os.environ | OWN_SESSION | {"FEATURES_FOLDER": str(tmp_path / "out")}
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True)
    assert ran.returncode == 0, ran.stdout.decode()  # the steps are those of the features, and the case is as told
    assert CliRunner().invoke(main, ["rules", "verify", "--against", str(FOLDER)]).exit_code == 0


def test_verify_names_the_faults_of_a_book_that_loads(other: Path, tmp_path: Path) -> None:
    outcomes = other / BOOK.in_force_from.isoformat() / "outcomes.yaml"
    rows = outcomes.read_text(encoding="utf-8").splitlines(keepends=True)
    last = next(row for row in rows if "no_situation" in row)
    outcomes.write_text("".join(rows).replace(last, last.replace("refuted", "not_raised")), encoding="utf-8")
    told = CliRunner().invoke(main, ["rules", "verify", "--book", str(other), "--out", str(tmp_path / "out")])
    assert told.exit_code == 1
    assert "空白：有的认定得不出结论" in told.output
    assert "功能: 核验得出的反例" in (tmp_path / "out" / "counterexamples.feature").read_text(encoding="utf-8")
