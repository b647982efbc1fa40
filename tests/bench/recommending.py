"""A whole recommendation for one person against one plain evaluation by the engine."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import orjson

from models.schemas.case_file import load_case
from models.schemas.reading import read_yaml
from rules.answering import written
from rules.book.loading import load_rulebook
from rules.reasoning.derivation import count_supervision, derive_matter, derive_person, element_record
from rules.reasoning.facts import CaseFacts
from rules.reasoning.recommendation import Recommender
from service.books import books
from tests.bench.measure import Measure, in_turn
from tests.conftest import EXAMPLES

_STATUSES = ("established", "open", "refuted")


def single_persons() -> list[dict[str, Any]]:
    """The worked cases, each person of each as a case of their own."""
    cases = [read_yaml(path.read_bytes()) for path in EXAMPLES]
    return [case | {"persons": [person]} for case in cases for person in case["persons"]]


def varied(number: int) -> list[dict[str, Any]]:
    """Cases by chance, so that nothing remembered from one case answers the next."""
    chance, made = random.Random(59), []
    groups = books().ready(books().usual).book.vocabulary.groups
    for _ in range(number):
        case = orjson.loads(orjson.dumps(chance.choice(single_persons())))
        person = case["persons"][0]
        person |= {"harm": chance.choice(("adverse", "grave", "considerable", "serious"))}
        person |= {"unfit_for_post": chance.choice(_STATUSES), "distinct_periods": chance.random() < 0.5}
        for name in chance.sample(list(groups), chance.randint(1, 5)):
            person["findings"][name] = {
                element: chance.choices(_STATUSES, (6, 2, 1))[0] for element in groups[name].elements
            }
        made.append(case)
    return made


def plain_records(made: Recommender, cases: list[CaseFacts]) -> list[tuple[Any, ...]]:
    """What the engine is asked for these cases, checked beforehand."""
    records = []
    for case in cases:
        matter = derive_matter(case, count_supervision(case, made.book), made.book)
        person = case.persons[0]
        record = {**matter, **derive_person(person), **element_record(person, made.book)}
        records.append(made.evaluator._stage_one._checked(record))
    return records


def measures(number: int, rounds: int) -> Iterator[Measure]:
    """Ratios of time: how many plain evaluations a recommendation costs."""
    made = books().ready(books().usual)
    worked = single_persons()
    kinds = {
        "recommendation_vs_engine": (worked, 40.0, "十二份案卷逐人，一份完整建议（至 JSON）的用时是一次引擎推算的几倍"),
        "varied_recommendation_vs_engine": (
            varied(number),
            None,
            "随机变化的案卷，一份完整建议的用时是一次引擎推算的几倍",
        ),
    }
    for name, (datas, target, what) in kinds.items():
        cases = [load_case(data, load_rulebook()) for data in datas]
        records = plain_records(made, cases)
        repeats = max(1, number // len(cases))

        def plain(records: list[tuple[Any, ...]] = records, repeats: int = repeats) -> None:
            for _ in range(repeats):
                for values in records:
                    made.evaluator._stage_one._run(values)

        def whole(cases: list[CaseFacts] = cases, repeats: int = repeats) -> None:
            for _ in range(repeats):
                for case in cases:
                    written(made.recommend(case, "案"))

        yield Measure(name, what, in_turn(plain, whole, rounds), target, "at_most")

    def read_and_whole() -> None:
        for data in worked:
            written(made.recommend(load_case(data, load_rulebook()), "案"))

    records = plain_records(made, [load_case(data, load_rulebook()) for data in worked])

    def plain_worked() -> None:
        for values in records:
            made.evaluator._stage_one._run(values)

    what = "同上，连同案卷校验"
    yield Measure(
        "validated_recommendation_vs_engine", what, in_turn(plain_worked, read_and_whole, rounds), None, "at_most"
    )
