"""The editions of a rulebook side by side: which one decides a case, and what each carries of its own."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.schemas.case_file import load_case
from rules.book.loading import BOOK, RulebookError, digest_of, load_kept, load_rulebook
from rules.reasoning.editions import Books, carried, days_in_force
from service.books import books
from service.usecases.recommending.recommend import book_of, recommend
from tests.altered import parts_of
from tests.conftest import example

FIRST, SECOND = date(2021, 6, 28), date(2026, 5, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped book with a second edition, in which five acts of the Office are needed; its text is its own."""
    made = shutil.copytree(BOOK, tmp_path_factory.mktemp("editions") / "book")
    later = shutil.copytree(made / FIRST.isoformat(), made / SECOND.isoformat())
    text = (made / "text.md").read_text(encoding="utf-8").replace("督办 3 次以上", "督办 5 次以上")
    (later / "text.md").write_text(text, encoding="utf-8")
    provisions = (made / "provisions.yaml").read_text(encoding="utf-8").replace("督办 3 次以上", "督办 5 次以上")
    (later / "provisions.yaml").write_text(provisions, encoding="utf-8")
    head = (made / "book.yaml").read_text(encoding="utf-8").replace(FIRST.isoformat(), SECOND.isoformat())
    head = head.replace(load_hash(made / "text.md"), load_hash(later / "text.md"))
    (later / "book.yaml").write_text(head, encoding="utf-8")
    rules = (later / "aggravations.yaml").read_text(encoding="utf-8")
    rules = rules.replace("at_least: 3", "at_least: 5").replace(
        "still_unfulfilled_after: 3", "still_unfulfilled_after: 5"
    )
    (later / "aggravations.yaml").write_text(rules, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def both(folder: Path) -> Books:
    return Books(folder)


@pytest.fixture
def faulty(folder: Path, tmp_path: Path) -> Path:
    """A copy, to be spoilt."""
    return shutil.copytree(folder, tmp_path / "book")


def load_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def case(due: str | None, trigger: str, new_due: str | None = None) -> Any:
    """A worked case of four acts of the Office, due and proposed on other days."""
    data = example("urged-and-supervised-four-times")
    data["matter"] |= {"due_on": due, "assigned_on": None}
    data["matter"].pop("extension", None)
    data["trigger_date"] = trigger
    if new_due:
        data["matter"]["extension"] = {
            "requested_on": due, "reason": "材料未到", "decided_on": due, "decided_by": "school_leader", "granted": True, "new_due_on": new_due,
        }  # fmt: skip
    return load_case(data, load_rulebook())


@pytest.mark.parametrize(
    ("due", "trigger", "new_due", "decides"),
    [
        pytest.param("2026-04-30", "2026-06-01", None, FIRST, id="due the day before, proposed after"),
        pytest.param("2026-05-01", "2026-06-01", None, SECOND, id="due on the day itself"),
        pytest.param("2026-04-30", "2026-06-01", "2026-05-10", SECOND, id="extended into the second"),
        pytest.param(None, "2026-06-01", None, SECOND, id="due date unknown: the day of the proposal"),
        pytest.param("2020-01-01", "2020-06-01", None, FIRST, id="before any was in force"),
    ],
)
def test_the_edition_in_force_on_the_due_date_decides(
    both: Books, due: str | None, trigger: str, new_due: str | None, decides: date
) -> None:
    answer = both.of(case(due, trigger, new_due)).recommend(case(due, trigger, new_due), "测试")
    assert answer.rulebook.in_force_from == decides


def test_what_was_due_before_any_edition_is_out_of_scope(both: Books) -> None:
    asked = case("2020-01-01", "2020-06-01")
    assert both.of(asked).recommend(asked, "测试").persons["P1"].outcome == "out_of_scope"


def test_each_edition_has_its_own_words_numbers_and_hash_and_the_first_keeps_its_hash(
    folder: Path, both: Books
) -> None:
    assert days_in_force(folder) == (FIRST, SECOND)
    first, second = both.editions
    assert (first.sha256, first.sources) == (load_rulebook().sha256, load_rulebook().sources)
    assert second.sha256 != first.sha256
    name = next(rule.provision for rule in second.rules.values() if rule.still_unfulfilled_after == 5)
    assert "5 次以上" in second.provisions[name].text
    assert "3 次以上" in first.provisions[name].text
    assert load_rulebook(folder).in_force_from == FIRST  # the edition that the book names, until it names another
    made = both.made_by(second.sha256)
    assert made is not None
    assert made.book is second
    assert both.made_by("0" * 64) is None


def test_the_files_of_every_edition_of_a_carried_book_have_its_hash_and_load_again(folder: Path, both: Books) -> None:
    (folder.parent / "说明.txt").write_text("不是规则库", encoding="utf-8")
    files = [found for found in carried(folder.parent) if digest_of(found) in {book.sha256 for book in both.editions}]
    assert [parts_of(load_kept(found)) for found in files] == [parts_of(book) for book in both.editions]
    lacking = {name: words for name, words in files[0].items() if name != "outcomes"}
    with pytest.raises(RulebookError, match="没有保存"):
        load_kept(lacking)


def test_a_new_edition_taken_into_use_leaves_the_hash_of_the_old_one(faulty: Path, both: Books) -> None:
    for name in ("book.yaml", "text.md", "provisions.yaml"):
        (faulty / name).rename(faulty / FIRST.isoformat() / name)
        (faulty / SECOND.isoformat() / name).rename(faulty / name)
    assert load_rulebook(faulty).in_force_from == SECOND
    assert [book.sha256 for book in Books(faulty).editions] == [book.sha256 for book in both.editions]


def test_four_acts_aggravate_under_the_first_edition_and_not_under_the_second(both: Books) -> None:
    asked = case("2026-04-30", "2026-07-13")
    found = [both.on(day).recommend(asked, "测试").persons["P1"].aggravation for day in (FIRST, SECOND)]
    assert len(found[0]) == len(found[1]) + 1


def test_an_edition_without_a_head_of_its_own_is_refused(faulty: Path) -> None:
    (faulty / SECOND.isoformat() / "book.yaml").unlink()
    with pytest.raises(RulebookError, match="须有自己的"):
        Books(faulty)


def test_an_edition_with_other_words_than_the_case_file_knows_is_refused(faulty: Path) -> None:
    words = faulty / SECOND.isoformat() / "vocabulary.yaml"
    words.write_text(
        words.read_text(encoding="utf-8").replace("passive: 消极应付", "passive: 消极对待"), encoding="utf-8"
    )
    with pytest.raises(RulebookError, match="词汇与所用的一版"):
        Books(faulty)


def test_a_folder_that_names_no_day_is_refused(faulty: Path) -> None:
    (faulty / "2026-13-01").mkdir()
    with pytest.raises(RulebookError, match="这一日不存在"):
        days_in_force(faulty)


def test_the_shipped_book_has_one_edition_and_a_recommendation_says_which_it_was_made_by() -> None:
    assert days_in_force() == (FIRST,)
    answer = recommend(example("plan-task-missed"), "测试", books())
    assert book_of(answer, books()) is load_rulebook()
    assert answer.rulebook == Books().ready(Books().usual).rulebook()
