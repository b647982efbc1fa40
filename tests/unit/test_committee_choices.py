"""The committee's choices: among the options, and in agreement with the rest of the decision."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from models.case.choices import objections
from models.case.discretion import DISCRETION_GUARDS, unreasoned
from models.case.request import CaseRequest
from models.records.reading import read
from models.schemas.entries import case_entries
from models.schemas.errors import CaseFileError
from rules.book.contract.case_effects import Decided, Outcome
from rules.book.loading import load_rulebook
from tests.answers import recommended
from tests.lawful_case import COMMITTEE, first, lived, until
from tests.written_entries import whole

BOOK = load_rulebook()
NOTICE, ADMONITION, ORGANISATIONAL = BOOK.ladder
FOUND = recommended(base=(NOTICE, ADMONITION), mitigation=("art-8.3.2.2",), aggravation=("art-8.3.3.2",))
LOW, HIGH = replace(FOUND, base=(NOTICE, NOTICE)), replace(FOUND, base=(ADMONITION, ADMONITION))
OPTIONS = [(choice.id, row["options"]) for choice, row in BOOK.discretion if row["options"]]


def against(slot: str, choice: str, *, outcome: str = "held", measures: tuple[str, ...] = (ADMONITION,),
            found: Any = FOUND, **more: Any) -> list[str]:  # fmt: skip
    decision = {"outcome": outcome, "measures": measures if outcome == "held" else (), **more,
                "slots": ({"id": slot, "choice": choice, "reason": "理由"},)}  # fmt: skip
    return [why for _, why, _ in objections(outcome_of(decision), found, BOOK)]


def outcome_of(decision: dict[str, Any]) -> Outcome:
    """As the record of it is read."""
    return read(Outcome, decision)


@pytest.mark.parametrize(("slot", "options"), OPTIONS, ids=[slot for slot, _ in OPTIONS])
@pytest.mark.parametrize("choice", ["都不", "视情况", "", "无"])
def test_a_choice_that_is_no_option_is_refused_with_the_options(slot: str, options: list[str], choice: str) -> None:
    (said,) = against(slot, choice)
    assert all(option in said for option in options)


def test_neither_is_an_option_where_the_law_says_may_and_none_where_it_says_shall() -> None:
    for choice in ("不适用", "都不", "从轻", "从重加重均不适用"):
        assert against("aggravation", choice)
    assert not against("mitigation", "不适用")
    assert not against("exemption", "不适用")


@pytest.mark.parametrize(("slot", "choice", "agreeing", "contrary"), [
    ("exemption", "不予问责", {"outcome": "not_held"}, {"outcome": "held"}),
    ("exemption", "不予问责", {"outcome": "no_situation"}, {"outcome": "exempted"}),
    ("exemption", "免予问责", {"outcome": "exempted"}, {"outcome": "held"}),
    ("exemption", "不适用", {"outcome": "held"}, {"outcome": "exempted"}),
    ("combination", "单独使用", {"measures": (ADMONITION,)}, {"measures": (NOTICE, ADMONITION)}),
    ("combination", "合并使用", {"measures": (NOTICE, ADMONITION)}, {"measures": (ADMONITION,)}),
    ("circulation_scope", "全校", {"measures": (NOTICE,)}, {"measures": (ADMONITION,)}),
    ("admonition_form", "书面", {"measures": (ADMONITION,)}, {"measures": (NOTICE,)}),
    ("organisational_kind", "免职", {"measures": (ORGANISATIONAL,)}, {"measures": (ADMONITION,)}),
    ("organisational_kind", "免职", {"measures": (ORGANISATIONAL,), "organisational_kind": "免职"},
     {"measures": (ORGANISATIONAL,), "organisational_kind": "降职"}),
    ("measure", "诫勉", {"measures": (ADMONITION,)}, {"measures": (NOTICE,)}),
    ("measure", "诫勉", {"measures": (ADMONITION,)}, {"measures": (ORGANISATIONAL, ADMONITION)}),
    ("measure", "诫勉、通报", {"measures": (NOTICE, ADMONITION)}, {"measures": (NOTICE,)}),
    ("organisational_kind", "其他措施", {"measures": (ORGANISATIONAL,), "organisational_kind": "限期调离"},
     {"measures": (ORGANISATIONAL,), "organisational_kind": "免职"}),
    ("organisational_kind", "其他措施", {"measures": (ORGANISATIONAL,), "organisational_kind": "限期调离"},
     {"measures": (ORGANISATIONAL,)}),
    ("aggravation", "从重", {"measures": (ADMONITION,), "found": HIGH}, {"measures": (NOTICE,), "found": HIGH}),
    ("measure", "通报并诫勉", {"measures": (NOTICE, ADMONITION)}, {"measures": (ADMONITION,)}),
    ("aggravation", "从重", {"measures": (ADMONITION,)}, {"found": LOW}),
    ("aggravation", "加重", {"found": LOW}, {"found": FOUND}),
    ("aggravation", "从重", {}, {"found": replace(FOUND, aggravation=())}),
    ("mitigation", "从轻", {"measures": (NOTICE,)}, {"measures": (NOTICE,), "found": HIGH}),
    ("mitigation", "减轻", {"measures": (NOTICE,), "found": HIGH}, {"measures": (NOTICE,)}),
    ("mitigation", "从轻", {}, {"found": replace(FOUND, mitigation=())}),
    ("aggravation", "从重", {}, {"outcome": "exempted"}),
])  # fmt: skip
def test_a_choice_agrees_with_what_is_decided(
    slot: str, choice: str, agreeing: dict[str, Any], contrary: dict[str, Any]
) -> None:
    assert against(slot, choice, **agreeing) == []
    assert against(slot, choice, **contrary)


def test_whoever_is_not_held_has_no_measures_and_a_question_is_answered_once() -> None:
    slot = {"id": "exemption", "choice": "免予问责", "reason": "理由"}
    found = list(
        objections(outcome_of({"outcome": "exempted", "measures": (NOTICE,), "slots": (slot, slot)}), FOUND, BOOK)
    )
    assert [field for field, _, _ in found] == ["measures", "slots[1].id"]


BASES = [(low, high) for at, low in enumerate(BOOK.ladder) for high in list(BOOK.ladder)[at:]]


@pytest.mark.parametrize("base", BASES, ids="-".join)
@pytest.mark.parametrize("sides", [("mitigation",), ("aggravation",), ("mitigation", "aggravation")], ids="-".join)
def test_whatever_was_found_some_choice_of_each_question_agrees_with_some_measures(
    base: tuple[str, str], sides: tuple[str, ...]
) -> None:
    found = recommended(base=base, **dict.fromkeys(sides, ("art-8.3.3.2",)))
    options = [[{"id": side, "choice": one, "reason": "理由"} for one in dict(OPTIONS)[side]] for side in sides]
    agreeing = [
        (measure, slots)
        for measure in BOOK.ladder
        for slots in product(*options)
        if not list(objections(outcome_of({"outcome": "held", "measures": (measure,), "slots": slots}), found, BOOK))
    ]
    assert {measure for measure, _ in agreeing} >= {base[1]}


def test_not_taking_a_measure_is_no_choice_of_it() -> None:
    assert against("measure", "不采取诫勉")


def test_on_review_what_speaks_for_the_person_may_have_come_up_since() -> None:
    decision = {
        "outcome": "held",
        "measures": (NOTICE,),
        "slots": ({"id": "mitigation", "choice": "从轻", "reason": "新证据"},),
    }
    found = replace(FOUND, mitigation=())
    assert list(objections(outcome_of(decision), found, BOOK))
    assert not list(objections(outcome_of(decision), found, BOOK, review=True))


@pytest.mark.parametrize("outcome", ["no_situation", "undetermined", None])
def test_whoever_is_held_without_a_recommendation_to_that_effect_is_owed_every_answer(outcome: str | None) -> None:
    """Article 8 (3) says shall of what aggravates, whatever else was recommended."""
    found = recommended(outcome=outcome, aggravation=("art-8.3.3.1.b",))
    decision = {"outcome": "held", "measures": [ADMONITION], "slots": []}
    assert unreasoned(outcome_of(decision), found, BOOK) == {"aggravation", "measure", "combination", "admonition_form"}
    assert "aggravation" not in unreasoned(outcome_of(decision), replace(found, aggravation=()), BOOK)
    assert unreasoned(outcome_of(decision | {"outcome": "not_held", "measures": []}), found, BOOK) == {"exemption"}


@pytest.mark.parametrize("where", ["decide", "review_appeal"])
def test_a_measure_is_written_once(where: str) -> None:
    entry = whole(where, case_entries(load_rulebook()).blocks[where])
    details = entry["details"]
    row = details["decisions"][0] if where == "decide" else details["decision"]
    row["measures"] = [ADMONITION, ADMONITION]
    with pytest.raises(CaseFileError) as error:
        case_entries(load_rulebook()).load(where, entry)
    assert [one.path.rpartition(".")[2] for one in error.value.errors if "只能写一次" in one.message] == ["measures"]


@pytest.mark.parametrize(("outcome", "track", "note", "refused"), [
    ("held", "referral_required", None, False), ("held", "not_triggered", None, True), ("held", None, None, True),
    ("held", "not_triggered", "另有线索", False), ("held", "not_triggered", "\u200b", True),
    ("no_situation", "referral_required", "另有线索", True), ("exempted", "referral_required", "另有线索", True),
])  # fmt: skip
def test_nobody_is_referred_without_being_held_or_without_a_ground(
    outcome: str, track: str | None, note: str | None, refused: bool
) -> None:
    case = lived(*until("decide"))
    decision = {"person": "P1", "outcome": outcome, "measures": (), "referral": True, "referral_note": note}
    details = {**first("decide").details, "decisions": (decision,)}
    request = CaseRequest(case, details, COMMITTEE, first("decide").on, BOOK, effect=read(Decided, details),
                      evaluations={"P1": recommended(discipline_track=track)} if track else {})  # fmt: skip
    assert DISCRETION_GUARDS["discipline_by_referral"](request) is not refused
