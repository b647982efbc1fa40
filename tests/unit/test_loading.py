"""The loader refuses whatever is misspelt, contradictory, uncited or not in the vocabulary, with file and line."""

from __future__ import annotations

import shutil
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from rules.loading import BOOK, RulebookError, load_rulebook


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("2021-06-28/situations.yaml", "art-8.1.2.passive", "art-8.1.2.pasive", "没有要素"),
        ("2021-06-28/situations.yaml", "provision: art-8.1.3", "provision: art-8.1.33", "不存在"),
        ("2021-06-28/situations.yaml", "harm_at_least: grave", "harm_atleast: grave", "不认识的字段"),
        ("2021-06-28/exemptions.yaml", "modality: may", "modality: shall", "应当、可以"),
        ("2021-06-28/aggravations.yaml", "at_least: 3}", "at_least: 3.0}", "整数"),
        ("2021-06-28/aggravations.yaml", "reading: A-09\n", "reading: A-99\n", "A-99"),
        ("2021-06-28/outcomes.yaml", "gate.scope: refuted", "gate.scope: refused", "不存在"),
        ("2021-06-28/outcomes.yaml", "id: no_situation, provision", "id: no_situation, provison", "provison"),
        ("2021-06-28/duties.yaml", "who: 党委组织部,", "whom: 党委组织部,", "whom"),
        ("policy/default.yaml", "harm: adverse, role: other_member", "harm: adverse, role: principal", "重复"),
        ("policy/default.yaml", "lo: admonition", "lo: admonish", "不存在"),
        ("provisions.yaml", "消极应付", "积极应付", "与原文"),
        ("text.md", "督办 3 次以上", "督办 5 次以上", "散列值"),
        ("2021-06-28/readings.yaml", "default: rolling_year", "default: rolling", "不存在"),
        ("2021-06-28/gates.yaml", "rules:", "rules: &all", "锚点"),
    ],
)
def test_a_faulty_book_is_refused(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    folder = tmp_path / "book"
    shutil.copytree(BOOK, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=said) as refused:
        load_rulebook(folder)
    assert "行：" in str(refused.value)


def test_the_book_is_immutable_and_its_hash_covers_every_file(tmp_path: Path) -> None:
    book = load_rulebook()
    with pytest.raises(FrozenInstanceError):
        book.id = "x"  # type: ignore[misc]
    folder = tmp_path / "book"
    shutil.copytree(BOOK, folder)
    duties = folder / "2021-06-28/duties.yaml"
    duties.write_text(duties.read_text(encoding="utf-8") + "# 一处改动\n", encoding="utf-8")
    assert load_rulebook(folder).sha256 != book.sha256
