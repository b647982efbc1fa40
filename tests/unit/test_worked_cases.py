"""The twelve worked cases come out as their expected blocks say."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.schemas.reading import read_yaml
from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.recommending.recommend import recommend
from tests.answers import answered
from tests.conftest import EXAMPLES


def test_there_are_twelve_worked_cases() -> None:
    assert len(EXAMPLES) == 12


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_worked_case_comes_out_as_expected(path: Path) -> None:
    data = read_yaml(path.read_bytes())
    persons = answered(recommend(data, path.name, books()))["persons"]
    assert list(persons) == list(data["expected"])
    for person_id, expected in data["expected"].items():
        answer = persons[person_id]
        assert set(expected.pop("cite")) <= set(answer["citations"])
        assert {key: answer[key] for key in expected} == expected


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_citation_exists_and_carries_the_provisions_words(path: Path) -> None:
    book = load_rulebook()
    for person in answered(recommend(read_yaml(path.read_bytes()), path.name, books()))["persons"].values():
        assert set(person["citations"]) <= set(book.provisions)
        for step in person["steps"]:
            assert step["text"] == book.provisions[step["provision"]].text


def test_several_open_choices_never_carry_a_preselection() -> None:
    for path in EXAMPLES:
        for person in answered(recommend(read_yaml(path.read_bytes()), path.name, books()))["persons"].values():
            assert all(set(slot) == _SLOT for slot in person["discretion"])
            assert all(slot["reason_required"] is True for slot in person["discretion"])


_SLOT = {"slot", "provision", "citation", "text", "question", "options", "reason_required"}
