"""The drawing of a chain: stages in their order, a box for each step, nothing that runs out of its box."""

from __future__ import annotations

from typing import Any

import pytest

from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.recommending.recommend import recommend
from service.web.chain import STAGES, chain, stage_of
from service.web.diagram import Box, Drawing, drawing
from tests.conftest import EXAMPLES, example

BOOK = load_rulebook()


def drawn(case: dict[str, Any]) -> Drawing:
    return drawing(chain(recommend(case, "测试", books()).persons["P1"], BOOK))


def boxes(found: Drawing) -> list[Box]:
    return [box for band in found.bands for box in band.boxes]


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_every_box_stays_within_the_drawing_apart_from_the_others_and_holds_its_lines(
    name: str,
) -> None:
    found = drawn(example(name))
    placed = boxes(found)
    for box in placed:
        assert 0 <= box.x < box.x + box.width <= found.width
        assert 0 <= box.y < box.y + box.height <= found.height
        for y, line in box.lines:
            assert box.y < y < box.y + box.height
            assert sum(0.55 if letter.isascii() else 1 for letter in line) * 14 <= box.width - 15
    for at, one in enumerate(placed):
        for other in placed[at + 1 :]:
            beside = one.x + one.width < other.x or other.x + other.width < one.x
            assert beside or one.y + one.height < other.y


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_the_stages_follow_the_reasoning_and_people_decide_last(
    name: str,
) -> None:
    labels = [band.label for band in drawn(example(name)).bands]
    order = [label for label in STAGES.values() if label in labels]
    assert labels == [*order, "决定"]
    assert labels[0] == "问责前提"


def test_what_is_open_looks_otherwise_than_what_is_found_and_is_told_in_words() -> None:
    case = example("plan-task-missed")
    findings = case["persons"][0]["findings"]
    group = next(iter(findings))
    findings[group] = dict.fromkeys(findings[group], "open")
    found = drawn(case)
    situation = next(band for band in found.bands if band.label == "问责情形")
    assert {box.look for box in situation.boxes} == {"open"}
    assert any("未查明" in line for box in situation.boxes for _, line in box.lines)
    assert any(words.startswith("问责情形") and "未查明" in words for words in found.words)


def test_a_step_of_a_rule_that_the_book_no_longer_has_keeps_a_place() -> None:
    assert stage_of("a-rule-of-former-days", BOOK) == "other"
    assert stage_of("procedure.hearing", BOOK) == "procedure"
