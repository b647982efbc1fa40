"""The columns decide as the engine does: over lattices, at every boundary, under every reading, where nothing is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from types import MappingProxyType
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.analysis.columns import Engine, decide, plan, vocabulary
from rules.analysis.columns import boundaries as boundaries_module
from rules.analysis.columns.boundaries import boundaries
from rules.analysis.columns.plans import dtype_of
from rules.book.loading import load_rulebook
from rules.book.logic import All, AnyOf, AtLeast, Element
from rules.book.rulebook import Rulebook
from service.cli import main
from tests.populations import population

BOOK = load_rulebook()
PLAN = plan(BOOK)
ENGINE = Engine(PLAN)
SCHEMA = PLAN.schema
NAMES = SCHEMA.plain
TRUTHS = (True, False, None)
OTHERWISE = Engine(plan(BOOK, {"A-03": "calendar_year", "A-09": "formal_only"}))
PASSED: dict[str, Any] = {
    "case": "A-1", "party_member": True, "role": "principal", "harm": "serious", "registered": True, "due_in_force": True,
    "accepted_in_time": False, "after_due": True, "within_rolling_year": True, "same_calendar_year": True,
    "managed_by_school_committee": True,
}  # fmt: skip
OBSTRUCTED = {"art-8.3.3.2.obstructed_supervision": True}


def rows(*found: dict[str, Any]) -> pl.DataFrame:
    """The rows as a population; what they do not say is NULL."""
    return pl.DataFrame(found, schema={name: dtype_of(SCHEMA.columns[name]) for name in NAMES})


def established(group: str) -> dict[str, Any]:
    return {f"{group}.{element}": True for element in BOOK.vocabulary.groups[group].elements}


def decided(row: dict[str, Any], **readings: str) -> dict[str, Any]:
    """The answers for one row that passes the gates; the engine gives the same."""
    asked = (
        Engine(plan(BOOK, {name.replace("_", "-"): value for name, value in readings.items()})) if readings else ENGINE
    )
    frame = rows(PASSED | row)
    result = decide(asked.plan, frame)
    assert not list(asked.mismatches(frame, result))
    return result.row(0, named=True)


# --- what is decided ------------------------------------------------------------------------------------------------


def test_a_situation_established_makes_accountable_with_range_and_provisions() -> None:
    told = decided(established("art-8.1.3") | OBSTRUCTED)
    assert (told["outcome"], told["outcome.provision"]) == ("accountable", "art-8.1.0")
    assert (told["base.lo"], told["mandatory.lo"], told["mandatory.hi"]) == ("admonition", "admonition", "admonition")
    assert told["law"] is None
    assert told["track.provision"] == "art-8.2.4"
    assert (told["mitigated"], told["aggravated"], told["flag:aggravation_capped"]) == (False, True, True)
    assert (told["art-8.1.3"], told["art-8.3.3.2"], told["art-8.1.1"]) == ("established", "established", "not_raised")


def test_an_element_not_known_leaves_the_situation_open() -> None:
    told = decided(established("art-8.1.3") | {"art-8.1.3.adverse_effect": None})
    assert (told["art-8.1.3"], told["outcome"], told["mandatory.hi"]) == ("open", "insufficient_facts", None)


def test_an_element_refuted_settles_it_whatever_else_is_not_known() -> None:
    told = decided({"art-8.1.3.adverse_effect": False})
    assert (told["art-8.1.3"], told["outcome"]) == ("refuted", "no_situation")


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({}, "not_raised"),
        ({"raised:art-8.1.3": True}, "open"),
        ({"raised:art-8.1.3": False}, "not_raised"),
        ({"raised:art-8.1.3": False, "art-8.1.3.adverse_effect": False}, "not_raised"),
        ({"art-8.1.3.adverse_effect": True}, "open"),
    ],
    ids=["nothing-said", "alleged", "not-alleged", "not-alleged-and-refuted", "one-cell-filled"],
)
def test_a_group_is_alleged_where_it_is_said_or_any_of_it_is_filled_in(row: dict[str, Any], status: str) -> None:
    assert decided(row)["art-8.1.3"] == status


@pytest.mark.parametrize(
    ("count", "failed", "status"),
    [(2, True, "refuted"), (3, True, "established"), (4, True, "established"), (3, None, "open"), (3, False, "refuted"),
     (None, True, "open"), (None, False, "refuted"), (None, None, "open"), (2, None, "refuted")],
)  # fmt: skip
def test_a_count_is_held_against_its_threshold_and_may_be_unknown(
    count: int | None, failed: bool | None, status: str
) -> None:
    told = decided({"supervision.office_acts": count, "unfulfilled.office_acts": failed})
    assert told["art-8.3.3.1.b"] == status


def test_the_readings_decide_which_count_and_which_year() -> None:
    row = established("art-8.1.3") | {"supervision.office_acts": 3, "unfulfilled.office_acts": True}
    row |= {"supervision.formal_only": 2, "unfulfilled.formal_only": False, "same_calendar_year": False}
    assert decided(row)["aggravated"] is True
    assert decided(row, A_09="formal_only")["aggravated"] is False
    assert decided(row, A_03="calendar_year")["outcome"] == "gate_failed"


def test_a_reading_that_is_not_evaluated_is_refused() -> None:
    with pytest.raises(ValueError, match=r"解释 A-08 未登记为可推算"):
        plan(BOOK, {"A-08": "exclusive"})
    with pytest.raises(ValueError, match="没有取值“lunar_year”"):
        plan(BOOK, {"A-03": "lunar_year"})


def test_a_fact_of_another_number_is_read_from_its_own_column() -> None:
    five = altered_rule("art-8.3.3.1.b", still_unfulfilled_after=5)
    name = vocabulary(five).numbered["unfulfilled.office_acts"]
    assert name == "unfulfilled.office_acts@5/formal+urging"
    row = PASSED | {"supervision.office_acts": 5, "unfulfilled.office_acts": True, name: False}
    frame = pl.DataFrame([row])
    assert decide(plan(five), frame)["art-8.3.3.1.b"].to_list() == ["refuted"]
    assert decide(PLAN, frame)["art-8.3.3.1.b"].to_list() == ["established"]


def test_nothing_known_at_all_supports_no_adverse_step() -> None:
    frame = pl.DataFrame({"case": ["A-1"], "party_member": [True]})
    result = decide(PLAN, frame)
    assert not list(ENGINE.mismatches(frame, result))
    told = result.row(0, named=True)
    assert (told["outcome"], told["aggravated"], told["base.lo"]) == ("gate_pending", False, None)


def test_an_entry_without_a_condition_keeps_its_place_in_the_list() -> None:
    first = Engine(plan(replace(BOOK, tracks=(BOOK.tracks[-1], *BOOK.tracks[:-1]))))
    frame = rows(PASSED | established("art-8.1.3"))
    result = decide(first.plan, frame)
    assert result["track"].to_list() == ["not_triggered"]
    assert not list(first.mismatches(frame, result))
    assert decided(established("art-8.1.3"))["track"] == "referral_required"


def test_rows_keep_their_order_and_their_names() -> None:
    frame = population(BOOK, 1_000)
    result = decide(PLAN, frame)
    assert result["case"].equals(frame["case"])
    assert result["person"].equals(frame["person"])
    assert decide(PLAN, frame.reverse()).reverse().equals(result)


# --- held against the engine ----------------------------------------------------------------------------------------

CELLS = {"truth": st.sampled_from(TRUTHS), "count": st.sampled_from([0, 2, 3, 4, None]), "text": st.just("A-1")}


def cell(name: str) -> st.SearchStrategy[Any]:
    column = SCHEMA.columns[name]
    if column.needed and column.kind == "truth":
        return st.booleans()
    return CELLS[column.kind] if column.kind != "word" else st.sampled_from([*column.words, None])


ANY_ROW = st.fixed_dictionaries({name: cell(name) for name in NAMES})


@settings(max_examples=12, deadline=None)
@given(st.lists(ANY_ROW, min_size=1, max_size=20))
def test_any_row_is_decided_as_by_the_engine(found: list[dict[str, Any]]) -> None:
    frame = rows(*found)
    for engine in (ENGINE, OTHERWISE):
        assert not list(engine.mismatches(frame, decide(engine.plan, frame)))


SITUATIONS = [rule.id for rule in BOOK.of_kind("situation")]


@settings(max_examples=4, deadline=None)
@given(beside=ANY_ROW)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_lattice_of_a_situation_is_decided_as_by_the_engine(situation: str, beside: dict[str, Any]) -> None:
    names = [name for name, column in SCHEMA.columns.items() if (column.group or "").partition("/")[0] == situation]
    varied = [TRUTHS if place < 2 or len(names) < 5 else (True, None) for place in range(len(names))]
    unsaid = {name: None for name in SCHEMA.columns if name.startswith(f"raised:{situation}")}
    frame = rows(*(beside | unsaid | PASSED | dict(zip(names, found, strict=True)) for found in product(*varied)))
    assert not list(ENGINE.mismatches(frame, decide(PLAN, frame)))


def test_the_columns_and_the_query_are_told() -> None:
    told = CliRunner().invoke(main, ["rules", "columns"]).output.splitlines()
    assert [line.split("\t")[0] for line in told] == list(SCHEMA.columns)
    assert "party_member\t是否（必填）\t中共党员" in told
    assert "art-8.1.3.adverse_effect\t是否\t第八条第（一）款第3项：造成不良影响或者后果" in told
    query = CliRunner().invoke(main, ["rules", "columns", "--sql", "spark"]).output
    assert query.strip() == PLAN.sql("spark", NAMES)
    assert query.count("FROM population") == 1


def test_the_engine_agrees_at_every_boundary_of_the_shipped_rulebook() -> None:
    told = CliRunner().invoke(main, ["rules", "check-columns"])
    assert told.exit_code == 0, told.output
    assert "边界情形 9356 种，解释的组合 4 种，列式计算与规则引擎完全一致" in told.output


def altered_rule(name: str, **changed: Any) -> Rulebook:
    return replace(BOOK, rules=MappingProxyType({**BOOK.rules, name: replace(BOOK.rules[name], **changed)}))


def altered() -> Iterator[tuple[str, Rulebook]]:
    threshold = {
        value: All((AtLeast(f"supervision.{value}", 4), Element(f"unfulfilled.{value}")))
        for value in BOOK.rules["art-8.3.3.1.b"].when
    }
    yield "threshold", altered_rule("art-8.3.3.1.b", when=threshold)
    cooperated = AnyOf(tuple(Element(name) for name in established("art-8.3.2.2")))
    yield "connective", altered_rule("art-8.3.2.2", when={"": cooperated})
    yield "negation", altered_rule("art-8.3.3.3", when={"": Element("art-8.3.3.3.retaliated", negated=True)})
    yield "policy", replace(BOOK, policy={**BOOK.policy, ("grave", "principal"): ("admonition", "admonition")})
    yield "order", replace(BOOK, outcomes=(BOOK.outcomes[1], BOOK.outcomes[0], *BOOK.outcomes[2:]))
    yield "raises", replace(BOOK, aggravation=replace(BOOK.aggravation, raises={}))
    yield "lowers", replace(BOOK, mitigation=replace(BOOK.mitigation, lowers_by=2))
    yield "law", replace(BOOK, law_ranges=())
    yield "flag", replace(BOOK, flags=(replace(BOOK.flags[0], when=BOOK.flags[1].when), *BOOK.flags[1:]))


ALTERED = dict(altered())


@pytest.fixture(scope="module")
def at_boundaries() -> tuple[pl.DataFrame, pl.DataFrame]:
    frame = boundaries(BOOK)
    return frame, decide(PLAN, frame)


@pytest.mark.parametrize("name", ALTERED)
def test_the_boundaries_tell_another_law_apart(name: str, at_boundaries: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    frame, ours = at_boundaries
    theirs = decide(plan(ALTERED[name]), frame)
    assert not theirs.select(ours.columns).cast(pl.String).equals(ours.cast(pl.String))


def test_a_boundary_that_differs_is_told_with_its_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = ALTERED["negation"]
    monkeypatch.setattr(boundaries_module, "decide", lambda found, frame: decide(plan(wrong, found.readings), frame))
    told = CliRunner().invoke(main, ["rules", "check-columns"])
    assert told.exit_code == 1
    assert "列式计算与规则引擎不一致：" in told.output
    assert "art-8.3.3.3：列式" in told.output
    assert "中共党员）= 是" in told.output


def test_a_sample_finds_a_result_tampered_with_and_names_row_and_answers() -> None:
    frame = population(BOOK, 200)
    result = decide(PLAN, frame)
    assert Engine(PLAN).sample(frame, result, 200, 7) is None
    place = 123
    dtype = result.schema["outcome"]
    other = "accountable" if result["outcome"][place] != "accountable" else "no_situation"
    wrong = result.with_columns(
        outcome=pl.when(pl.int_range(pl.len()) == place).then(pl.lit(other, dtype)).otherwise("outcome")
    )
    found = Engine(PLAN).sample(frame, wrong, 200, 7)
    assert found is not None
    assert (found.row, found.case) == (place + 1, frame["case"][place])
    assert str(found) == (
        f"第{place + 1}行（A-{place}）列式计算与规则引擎不一致：outcome：列式 {other}，引擎 {result['outcome'][place]}"
    )
