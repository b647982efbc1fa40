"""Answers as typed values: their JSON, read and written again, is the same to the byte, whatever release stored it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import orjson
import pytest

from models.schemas.answers import answer_schemas
from models.schemas.reading import read_yaml
from rules.answering import written
from rules.book.loading import load_rulebook
from rules.latitude.answer import Admissible
from rules.reasoning.answer import AnsweredResult, Exemption, read
from rules.reasoning.ledger_answer import LedgerAct, RecordReference
from service.api import NAMED
from service.books import books
from service.documents.writing.recommendation import RecommendationInWords
from service.usecases.recommending.recommend import recommend
from service.usecases.recommending.tell_latitude import latitude
from tests.conftest import EXAMPLES, ROOT

OLD = (ROOT / "tests" / "data" / "receipt-0.1.0.json").read_bytes()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_answer_that_is_stored_is_read_as_what_was_answered(path: Path) -> None:
    case = read_yaml(path.read_bytes())
    answer, space = recommend(case, "测试", books()), latitude(case, books())
    assert read(written(answer)) == answer
    assert msgspec.json.decode(written(space), type=Admissible) == space
    assert msgspec.convert(orjson.loads(written(space)), Admissible) == space


def test_a_receipt_of_the_first_release_is_read_and_is_still_the_same_to_the_byte() -> None:
    answer = read(OLD)
    assert written(answer) == OLD
    assert "结论：未按要求完成" not in RecommendationInWords(load_rulebook()).render(answer, {})
    assert list(answer.persons) == ["P1"]
    assert [one.counted for one in answer.persons["P1"].supervision_count.records] == []


def test_the_first_release_did_not_tell_who_entered_an_act_and_a_later_one_may_tell_more() -> None:
    row = {"record": "x#1", "on": "2026-05-08", "label": "督办", "counted": True, "why": "计一次"}
    act = msgspec.convert(row, LedgerAct)
    assert orjson.loads(written(act)) == row
    assert not act.late
    named = {
        "record": "x#1",
        "on": "2026-05-08",
        "action": "supervise",
        "label": "督办",
        "provision": "p",
        "by": "李四",
    }
    assert orjson.loads(written(msgspec.convert(named, RecordReference))) == named
    assert read(OLD[:-1] + b',"of_a_later_release":{"a":[1]}}') == read(OLD)


def test_what_is_no_recommendation_is_not_read_as_one() -> None:
    for body in (b"{}", b"[]", b"", OLD[:-1], OLD.replace(b'"outcome":', b'"outcom":')):
        with pytest.raises(msgspec.DecodeError):
            read(body)


def test_a_change_tells_only_what_it_alters_and_nothing_where_it_alters_nothing() -> None:
    now = AnsweredResult(outcome="accountable", exemption=Exemption("none", ()), base=("admonition", "admonition"))
    then = msgspec.structs.replace(now, base=None)
    assert (written(then.differing(now)), bool(then.differing(now))) == (b'{"base":null}', True)
    assert (written(now.differing(now)), bool(now.differing(now))) == (b"{}", False)


def test_every_field_of_an_answer_is_told_in_the_description_of_the_interface() -> None:
    untitled = {
        f"{name}.{field}"
        for name, schema in answer_schemas(NAMED, load_rulebook()).items()
        for field, told in schema["properties"].items()
        if "title" not in told and "$ref" not in told
    }
    assert untitled == {
        "Admissible.persons",
        "FromLedger.matter_id",
        "MatterRecommendation.persons",
        "Person.situations",
        "Recommendation.persons",
        "Result.discipline_track",
        "StoredRecommendation.persons",
    }
