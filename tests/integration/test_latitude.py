"""What may be done to a person, from a receipt and on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker

from models.schemas.reading import read_yaml
from service.cli import main
from tests.conftest import EXAMPLES, ROOT, example
from tests.integration.test_api import PATH, changed, post
from tests.integration.test_openapi import document  # noqa: F401

CASE = ROOT / "examples" / "urged-and-supervised-four-times.yaml"


def asked(client: FlaskClient, case: dict[str, Any], query: str = "") -> Any:
    made = post(client, case)
    assert made.status_code == 201
    return client.get(f"{made.headers['Location']}/admissible{query}")


def test_the_space_of_a_receipt_is_told_from_what_is_stored(client: FlaskClient) -> None:
    answer = asked(client, example("plan-task-missed"))
    assert answer.status_code == 200
    person = answer.json["persons"]["P1"]
    assert [result["label"] for result in person["admitted"]] == [
        "予以问责：通报", "予以问责：诫勉", "予以问责：通报、诫勉",
    ]  # fmt: skip
    assert [slot["slot"] for slot in person["slots"]] == ["combination"]
    reserved = next(row for row in person["excluded"] if [g["ground"] for g in row["grounds"]] == ["reserved"])
    assert reserved["grounds"][0]["provision"] == "art-8.2.3"
    assert all(result["measures"][-1] == "organisational_measure" for result in reserved["results"])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_answers_are_of_the_documented_shape_and_leave_no_result_out(
    document: dict[str, Any],  # noqa: F811
    user: FlaskClient,
    path: Path,
) -> None:
    schema = {"$ref": "#/components/schemas/Admissible", "components": document["components"]}
    check = Draft202012Validator(schema, format_checker=FormatChecker())
    data = read_yaml(path.read_bytes())
    for case in (data, opened(data)):
        answer = asked(user, case).json
        check.validate(answer)
        for person in answer["persons"].values():
            rows = [*person["undetermined"], *person["excluded"]]
            told = [json.dumps(result) for row in rows for result in row["results"]]
            told += [json.dumps(result) for result in person["admitted"]]
            assert len(told) == len(set(told)) == 66


def opened(data: dict[str, Any]) -> dict[str, Any]:
    """The case with the judgements and everything of its first group still to be found."""
    for person in data["persons"]:
        person |= {"harm": None, "unfit_for_post": "open"}
        for group in list(person.get("findings", {}))[:1]:
            person["findings"][group] = {}
    return data


def test_the_documented_shape_refuses_another(document: dict[str, Any], user: FlaskClient) -> None:  # noqa: F811
    schema = {"$ref": "#/components/schemas/Admissible", "components": document["components"]}
    answer = asked(user, example("plan-task-missed")).json
    answer["persons"]["P1"].pop("excluded")
    assert not Draft202012Validator(schema).is_valid(answer)


@pytest.mark.parametrize("receipt", ["nothing", "00000000-0000-0000-0000-000000000000", "a%00b"])
def test_no_receipt_no_space(user: FlaskClient, receipt: str) -> None:
    assert user.get(f"{PATH}/{receipt}/admissible").status_code == 404


def test_disputed_acts_make_the_count_an_interval(user: FlaskClient) -> None:
    case = read_yaml(CASE.read_bytes())
    days = sorted({act["date"] for act in case["matter"]["acts"] if act["kind"] in ("formal", "urging")})
    query = "?" + "&".join(f"disputed={day}" for day in days[-2:])
    uncertain = asked(user, case, query).json["persons"]["P1"]["uncertain"]
    assert uncertain["counts"]["office_acts"] == [len(days) - 2, len(days)]
    assert {fact["work"] for fact in uncertain["open"] if fact["fact"].startswith("matter.acts")} == {"record"}
    assert not uncertain["decided"]


@pytest.mark.parametrize(
    "query", ["?disputed=2026-13-01", "?disputed=20260508", "?colour=red", "?disputed=2026-05-08&disputed=2026-05-08"]
)
def test_a_query_that_cannot_be_read_is_refused(user: FlaskClient, query: str) -> None:
    answer = asked(user, changed(), query)
    assert answer.status_code == 400
    assert "disputed" in answer.json["detail"]


def test_a_disputed_day_without_an_act_is_refused_with_the_days_that_there_are(user: FlaskClient) -> None:
    case = read_yaml(CASE.read_bytes())
    answer = asked(user, case, "?disputed=2020-01-01")
    assert answer.status_code == 422
    assert case["matter"]["acts"][0]["date"] in answer.json["errors"]["disputed"][0]


def test_the_report_says_what_may_be_done_what_excludes_the_rest_and_what_is_open(tmp_path: Path) -> None:
    file = tmp_path / "案卷.yaml"
    file.write_text(yaml.safe_dump(opened(example("plan-task-missed")), allow_unicode=True), encoding="utf-8")
    found = CliRunner().invoke(main, ["recommend", "--admissible", str(file), str(CASE)])
    assert found.exit_code == 0, found.output
    for words in ("裁量空间：尚待查明", "只要查明", "影响全局工作安排（第八条第（一）款第1项）（综合评判）", "被排除的处理",
                  "有应当从重或者加重的情形，不得既不从重也不加重（第八条第（三）款第三组首句，规章）"):  # fmt: skip
        assert words in found.output


def test_json_has_the_spaces_alone_and_the_acts_that_are_disputed_count_as_open() -> None:
    case = read_yaml(CASE.read_bytes())
    day = case["matter"]["acts"][-1]["date"]
    found = CliRunner().invoke(
        main, ["recommend", "--admissible", "--format", "json", "--disputed", str(day), str(CASE)]
    )
    told = json.loads(found.output)
    assert (told["case"], list(told["persons"])) == (case["title"], ["P1"])
    low, high = told["persons"]["P1"]["uncertain"]["counts"]["office_acts"]
    assert low == high - 1


def test_disputed_alone_or_on_a_day_without_an_act_is_refused() -> None:
    alone = CliRunner().invoke(main, ["recommend", "--disputed", "2026-05-08", str(CASE)])
    nothing = CliRunner().invoke(main, ["recommend", "--admissible", "--disputed", "2020-01-01", str(CASE)])
    assert (alone.exit_code, nothing.exit_code) == (2, 2)
    assert "--admissible" in alone.output
    assert "没有督办行为" in nothing.output
