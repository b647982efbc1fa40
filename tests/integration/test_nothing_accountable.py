"""Where nothing is accountable no discipline track is named, however serious the harm: in every answer, report, page and document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.schemas.case_file import load_case
from models.store.database import reading
from rules.book.loading import load_rulebook
from rules.latitude.answer import Admissible
from rules.latitude.view import LatitudeView
from rules.reasoning.answer import read
from rules.reasoning.editions import KEPT
from rules.reasoning.recommendation import Recommender
from service.books import books
from service.documents.parts.paper import Line, Paper, Table
from service.documents.recommending import latitude
from service.documents.writing.recommendation import RecommendationInWords
from service.usecases.cases.papers import papers_of
from tests.conftest import example
from tests.integration.case_office import plain, proposed, taken
from tests.integration.page_case import _TWO, SUBMIT, TO_REPORT, browser, entering
from tests.integration.test_api import PATH, post

TRACK = "应当移送纪检监察机构研判"
HEADING = "　纪律处分衔接："
OUTCOMES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "insufficient_facts": lambda case: _every(case, "open"),
    "no_situation": lambda case: _every(case, "refuted"),
    "gate_failed": lambda case: case["matter"].update(reported_on="2026-04-19"),
    "out_of_scope": lambda case: case["matter"].update(registered=False, assignment_record="none"),
}


def _every(case: dict[str, Any], status: str) -> None:
    (found,) = case["persons"][0]["findings"].values()
    found.update(dict.fromkeys(found, status))


def serious(outcome: str) -> dict[str, Any]:
    """A member whose delay had serious harm, in a case that comes to this outcome."""
    case = example("delay-and-refusal-to-sign")
    case["matter"] |= {"assigned_on": "2026-04-01", "due_on": "2026-04-20", "reported_on": "2026-06-06"}
    case["persons"][0] |= {"harm": "serious", "party_member": True}
    OUTCOMES[outcome](case)
    return case


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_no_answer_names_the_track(user: FlaskClient, outcome: str) -> None:
    case = serious(outcome)
    made = post(user, case)
    person = made.json["persons"]["P1"]
    assert (made.status_code, person["outcome"], person["discipline_track"]) == (201, outcome, "not_triggered")
    assert not [step["step"] for step in person["steps"] if step["step"].startswith("discipline_track")]
    space = msgspec.json.decode(user.get(f"{PATH}/{made.json['id']}/admissible").data, type=Admissible)
    report = RecommendationInWords(load_rulebook()).render(read(made.data), {}) + latitude.render(space, {})
    assert (TRACK in report, HEADING in report) == (False, False)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_book_of_the_first_release_did_name_it(outcome: str) -> None:
    """What the test above looks for is what stood there."""
    (folder,) = KEPT.iterdir()
    made = Recommender(load_rulebook(folder))
    case = load_case(serious(outcome), load_rulebook())
    answer = made.recommend(case, "测试")
    assert answer.persons["P1"].outcome == outcome
    assert f"{HEADING}{TRACK}" in RecommendationInWords(made.book).render(answer, {})
    assert LatitudeView(made).tell(case).persons["P1"].outcome == outcome


def test_neither_the_committees_page_nor_a_document_names_it(embedded: Flask) -> None:
    clerk = entering(embedded)
    steps = [
        replace(one, details={**one.details, "value": "serious"})
        if (one.details.get("person"), one.details.get("element")) == ("P2", "harm") else one
        for one in TO_REPORT
    ]  # fmt: skip
    case = taken(clerk, proposed(clerk, persons=plain(_TWO)).json, *steps, SUBMIT)
    page = browser(embedded, "secretary", "党委秘书", "committee_secretary").get(f"/cases/{case['id']}/committee")
    with reading(embedded.extensions["database"]) as session:
        papers = [one.paper() for one in papers_of(session, books(), case["id"]) if one.state != "not_yet"]
    assert page.status_code == 200
    texts = [page.text, *("\n".join(words_of(paper)) for paper in papers)]
    assert [TRACK in text for text in texts] == [False] * len(texts)
    assert sum("纪律处分衔接：未触发" in text for text in texts) == len(
        _TWO
    )  # the material on each, which tells the track


def words_of(paper: Paper) -> Iterator[str]:
    for block in paper.blocks:
        if isinstance(block, Line):
            yield block.text
        elif isinstance(block, Table):
            yield from (line.text for row in block.rows for cell in row for line in cell.lines)
