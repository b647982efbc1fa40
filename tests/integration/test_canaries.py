"""A name put into every field of every request, as the interface's description lists them, is in no log, header or error.

The one place that repeats what was sent is ``errors`` of a problem: beside the field, to the one who sent it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DataError
from werkzeug.test import TestResponse

from models.people.units import Unit
from models.store.database import writing
from tests.entering import CLERK, Entering, token_of
from tests.integration.case_office import proposed

CANARY = "金丝雀甲7391"
OWN = frozenset({"/api/v1/confirmations"})
"""What only a person is told, so that no token of nobody comes as far as a fault."""
Schema = Mapping[str, Any]


class Filled:
    """Values for a schema. spoil: the canary also where it is not allowed, so that the field is refused."""

    def __init__(self, document: Schema, *, spoil: bool) -> None:
        self.known, self.spoil = document["components"]["schemas"], spoil

    def of(self, schema: Schema) -> Any:
        if "$ref" in schema:
            return self.of(self.known[schema["$ref"].rpartition("/")[2]])
        kind = schema.get("type", "object")
        kind = next(one for one in kind if one != "null") if isinstance(kind, list) else kind
        if kind == "object":
            fields = {name: self.of(inner) for name, inner in schema.get("properties", {}).items()}
            more = schema.get("additionalProperties")
            return fields | (
                {CANARY: self.of(more) if isinstance(more, dict) else CANARY} if self.spoil or more else {}
            )
        if kind == "array":
            return [self.of(schema["items"])]
        return CANARY if self.spoil else self.plain(kind, schema)

    def plain(self, kind: str, schema: Schema) -> Any:
        """A value that the field allows; the canary where it is free."""
        if "enum" in schema or "const" in schema:
            return schema.get("enum", [schema.get("const")])[0]
        if kind != "string":
            return {"integer": schema.get("minimum", 1), "number": 1, "boolean": True}[kind]
        if schema.get("format") == "binary":
            return CANARY
        return "2026-05-11" if schema.get("format") == "date" else CANARY[: schema.get("maxLength", 99)]


@pytest.fixture(scope="module")
def place(
    embedded: Flask, token: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FlaskClient, Schema, dict[str, str]]]:
    """A client, the description of the interface, and a matter and a case of which it can be asked."""
    client = Entering.at(embedded, token)
    with writing(embedded.extensions["database"]) as session:
        if not session.scalars(select(Unit)).first():
            session.add_all([Unit(name=name, from_on=date(2020, 1, 1)) for name in ("甲处", "乙处")])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WENZE_DATA_DIR", str(tmp_path_factory.mktemp("var")))  # where the papers of what is entered lie
        case = proposed(client).json
        matter = client.get("/api/v1/matters").json[0]["id"]
        yield client, client.get("/api/v1/openapi.json").json, {"case_id": case["id"], "matter_id": matter}


def requests(document: Schema, known: Mapping[str, str], *, spoil: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation with all that it takes: the method and path, and what is sent along."""
    filled = Filled(document, spoil=spoil)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            at = re.sub(r"\{(\w+)\}", lambda found: CANARY if spoil else known.get(found[1], "1"), path)
            asked = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
            sent: dict[str, Any] = {"query_string": {one["name"]: filled.of(one.get("schema", one)) for one in asked}}
            body = operation.get("requestBody", {}).get("content", {})
            if "application/json" in body:
                sent["json"] = filled.of(body["application/json"]["schema"])
            elif body:
                sent["data"] = {"file": (io.BytesIO(CANARY.encode()), f"{CANARY}.csv")}
            yield f"{method.upper()} {at}", sent


def escapes(answer: TestResponse) -> list[str]:
    """Where the canary is though it should not be."""
    said = [f"{name}: {value}" for name, value in answer.headers if CANARY in value or CANARY in name]
    if answer.mimetype == "application/problem+json":
        rest = {name: value for name, value in (answer.json or {}).items() if name != "errors"}
        said += [json.dumps(rest, ensure_ascii=False)] if CANARY in json.dumps(rest, ensure_ascii=False) else []
    return said


@pytest.mark.parametrize("spoil", [False, True], ids=["as it may be", "where it may not be"])
def test_no_word_that_was_sent_is_in_a_log_a_header_or_an_error(
    place: tuple[FlaskClient, Schema, dict[str, str]], capfd: pytest.CaptureFixture[str], spoil: bool
) -> None:
    client, document, known = place
    seen, wrong = set(), []
    for line, sent in requests(document, known, spoil=spoil):
        method, path = line.split(" ")
        with client.open(
            path,
            method=method,
            headers={"If-Match": '"1"', "Idempotency-Key": "1"},
            **sent,
        ) as answer:
            seen.add(answer.status_code)
            wrong += [f"{line} {answer.status_code} {found}" for found in escapes(answer)]
            assert answer.status_code < 500, line
    written = "".join(capfd.readouterr())
    assert wrong == []
    assert CANARY not in written
    assert written.count('"event": "request"') > 100
    assert {404, 422} <= seen if spoil else {200, 422} <= seen


@pytest.mark.parametrize(
    "error",
    [KeyError(CANARY), DataError("INSERT …", {"name": CANARY}, Exception(CANARY))],
    ids=["unexpected", "database"],
)
def test_no_fault_of_ours_tells_what_it_was_about(
    place: tuple[FlaskClient, Schema, dict[str, str]], embedded: Flask, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, error: Exception,
) -> None:  # fmt: skip
    def fail(**_: Any) -> None:
        raise error

    for endpoint in embedded.view_functions:
        monkeypatch.setitem(embedded.view_functions, endpoint, fail)
    with writing(embedded.extensions["database"]) as session:
        bearer = {"Authorization": f"Bearer {token_of(session, CLERK, 'office_clerk', 'auditor')}"}
    client, document, known = place
    for line, sent in requests(document, known, spoil=False):
        method, path = line.split(" ")
        answer = client.open(path, method=method, headers={} if method == "GET" and path not in OWN else bearer, **sent)
        assert answer.status_code in (500, 503), line
        assert escapes(answer) == []
        assert CANARY not in answer.text
    assert CANARY not in "".join(capfd.readouterr())
