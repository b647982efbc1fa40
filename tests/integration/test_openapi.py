"""The interface is what its own description says."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator, FormatChecker
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from models.schemas.reading import read_yaml
from models.store.database import writing
from rules.book.loading import load_rulebook
from service.app import routes
from tests.conftest import EXAMPLES, example
from tests.entering import CLERK, Entering, token_of
from tests.integration.case_office import proposed
from tests.integration.page_case import entering

PATH = "/api/v1/recommendations"
ANSWERING = "/api/v1/confirmations/{kind}/{subject_id}/{record}/{given}"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]


@pytest.fixture(scope="module")
def document(embedded: Flask, token: str) -> dict[str, Any]:
    answer = embedded.test_client().get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {token}"})
    found: dict[str, Any] = answer.json
    return found


def validator(document: dict[str, Any], name: str) -> Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def test_the_document_is_openapi_3_1_in_chinese_with_security(embedded: Flask, document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["security"] == [{"bearerAuth": []}]
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    operations = [
        operation for path in document["paths"].values() for operation in path.values() if "responses" in operation
    ]
    served = {
        (rule.rule, method)
        for rule in embedded.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
    }
    assert len(operations) == len(served) + 1  # and the health check
    for operation in operations:
        assert not operation["summary"].isascii()
        for status, response in operation["responses"].items():
            kinds = set(response.get("content", ()))
            assert (status == "204") is not bool(kinds)
            assert kinds == {"application/problem+json"} if status >= "400" else "application/problem+json" not in kinds


def test_the_document_names_the_permission_of_every_operation(embedded: Flask, document: dict[str, Any]) -> None:
    told = {
        rule.endpoint: document["paths"][re.sub(r"<(\w+)>", r"{\1}", rule.rule)][method.lower()].get("x-permission")
        for rule in embedded.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule == "/healthz" or (rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json"))
    }
    assert told == {endpoint: routes(load_rulebook())[endpoint].permission for endpoint in told}
    assert len(told) > 90


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_case_files_and_answers_are_of_the_documented_shape(
    document: dict[str, Any], user: FlaskClient, path: Any
) -> None:
    case = read_yaml(path.read_bytes())
    validator(document, "CaseFile").validate(case)
    answer = user.post(PATH, json=case)
    validator(document, "StoredRecommendation").validate(answer.json)
    validator(document, "Recommendation").validate(user.post(f"{PATH}?store=false", json=case).json)


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "红"},
        {"trigger_date": "18/05/2026"},
        {"persons": []},
        {"title": "甲\u0000乙"},
        {"title": " "},
        {"narrative": 3},
    ],
    ids=str,
)
def test_what_the_shape_forbids_is_refused_and_the_other_way_round(
    document: dict[str, Any], user: FlaskClient, change: dict[str, Any]
) -> None:
    case = example("plan-task-missed") | change
    assert not validator(document, "CaseFile").is_valid(case)
    assert user.post(PATH, json=case).status_code == 422


def for_generation(schema: Any) -> Any:
    """The description without great lengths, which tests of the fields hold.

    The generator folds a length beside a pattern into it: ``{0,19999}`` of a class of characters takes it 40 MB and half a
    second, for every such text of every operation, and its process grew to 6.7 GB."""
    if isinstance(schema, dict):
        return {
            name: for_generation(part)
            for name, part in schema.items()
            if name != "maxLength" or not isinstance(part, int) or part <= 200
        }
    return [for_generation(part) for part in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("each", [3, pytest.param(50, marks=pytest.mark.soak)])
def test_no_generated_request_breaks_the_service(embedded: Flask, document: dict[str, Any], each: int) -> None:
    with writing(embedded.extensions["database"]) as session:
        secret = token_of(session, CLERK, "office_clerk", "auditor")
    headers = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_dict(for_generation(document))
    schema.app = embedded
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(max_examples=each, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def run(case: Any) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(headers=headers, checks=CHECKS)

        given(case=operation.as_strategy())(run)()
    assert tried > 100


def test_every_operation_that_writes_reads_the_key_or_says_that_it_does_not(user: FlaskClient) -> None:
    document = user.get("/api/v1/openapi.json").json
    told = {
        f"{method} {path}": (
            any(one.get("name") == "Idempotency-Key" for one in operation.get("parameters", ())),
            "不读取 Idempotency-Key" in operation.get("description", ""),
        )
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in ("post", "put", "patch", "delete")
    }
    assert {name for name, (read, said) in told.items() if read is said} == set()
    acts = {name for name in told if "/actions/" in name} | {"post /api/v1/matters", "post /api/v1/cases"}
    acts.add(f"post {ANSWERING}")  # whoever confirms an act carries it out
    assert {name for name, (read, _) in told.items() if read} == acts
    assert len(acts) > 50


def test_every_operation_refuses_a_query_that_it_does_not_declare(embedded: Flask, document: dict[str, Any]) -> None:
    """The check of health alone takes any: what asks it may add what it likes."""
    user = entering(embedded)
    with writing(embedded.extensions["database"]) as session:
        somebody = Entering.at(embedded, token_of(session, CLERK, "office_clerk"))  # a token of nobody confirms nothing
    case = proposed(user).json
    ids = {"case_id": case["id"], "matter_id": case["matters"][0]}
    taken = []
    for path, item in document["paths"].items():
        address = re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], "x"), path)
        for method in item.keys() & {"get", "post"}:
            client = somebody if item[method].get("x-permission") == "confirmation:answer" else user
            answer = client.open(address, method=method.upper(), query_string={"unknown": "1"})
            if answer.status_code != 400 or "查询参数" not in answer.json["detail"]:
                taken.append((method, path))
    assert taken == [("get", "/healthz")]
