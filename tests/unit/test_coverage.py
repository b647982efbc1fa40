"""The text to the character: each belongs to one segment, and what is to be carried out is."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from click.testing import CliRunner

from rules.book.coverage import links
from rules.book.loading import BOOK, load_rulebook
from service.cli import main
from service.documents.rulebook.compliance import compliance_rows, coverage_rows, render
from tests.conftest import ROOT

TEXT = (BOOK / "text.md").read_text(encoding="utf-8")
RULEBOOK = load_rulebook()


def test_the_segments_are_the_text_without_gap_or_overlap() -> None:
    assert "".join(segment.text for segment in RULEBOOK.segments) == TEXT
    taken = Counter(at for segment in RULEBOOK.segments for at in range(segment.start, segment.end))
    assert taken == Counter(range(len(TEXT)))
    assert [segment.provision for segment in RULEBOOK.segments if segment.provision] == list(RULEBOOK.provisions)


def test_only_blanks_and_marks_of_layout_belong_to_no_provision() -> None:
    others = {segment.treatment for segment in RULEBOOK.segments if segment.provision is None}
    assert others == {"blank", "markup"}
    assert not any(segment.text.strip() for segment in RULEBOOK.segments if segment.treatment == "blank")


@pytest.mark.parametrize("name", sorted({link for row in RULEBOOK.provisions.values() for link in row.carried_by}))
def test_what_a_provision_is_carried_out_by_exists_in_the_service_too(name: str) -> None:
    kind, _, part = name.partition(":")
    if kind == "service":
        assert list((ROOT / "service").rglob(f"{part}.py"))


def test_every_binding_provision_is_carried_out_somewhere() -> None:
    linked = links(RULEBOOK)
    lost = [row.id for row in RULEBOOK.provisions.values() if not linked[row.id]]
    assert {RULEBOOK.provisions[name].treatment for name in lost} == {"information"}


def test_the_report_shows_every_character_and_its_treatment_in_words() -> None:
    page = render(RULEBOOK, compliance_rows(RULEBOOK, []))
    for row in coverage_rows(RULEBOOK):
        assert f"<th>{row['label']}</th><td>{row['segments']}</td><td>{row['characters']}</td>" in page
    assert sum(row["characters"] for row in coverage_rows(RULEBOOK)) == len(TEXT)
    text = page.partition('<div class="text">')[2].partition("</div>")[0]
    assert text.count("<sub>") == len(RULEBOOK.provisions)


def test_the_command_counts_and_lists() -> None:
    told = CliRunner().invoke(main, ["rules", "coverage"])
    assert told.exit_code == 0
    assert f"原文 {len(TEXT)} 字" in told.output
    listed = json.loads(CliRunner().invoke(main, ["rules", "coverage", "--format", "json"]).output)
    assert "".join(row["text"] for row in listed) == TEXT
    situation = next(row for row in listed if row["provision"] == "art-8.1.1")
    assert "situation:art-8.1.1" in situation["carried_by"]
