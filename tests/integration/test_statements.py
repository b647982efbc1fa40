"""A page, a list, an answer of the API costs what it shows: as many statements with ten cases as with three thousand, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from service import auth
from tests.integration.page_case import browser, entering, submitted
from tests.integration.pages import counted
from tests.many_cases import many

MEMBER = "三案成员"
READERS = {"none": ("旁人", "team_member"), "three": (MEMBER, "team_member"), "all": ("李四", "office_clerk")}
DRAWN = ("documents.", "export.", "case-papers.package", "office-pages.", "docs.", "recommendations.proof")
"""Files that are drawn or packed, and what is drawn into pages: none of it is a list, and all of it takes long."""
LISTS = ("case-pages.every", "cases.list_cases", "matter-pages.every", "ledger.list_matters")
PAGES = ("case-pages.one", "committee-pages.sheets", "work.home")
Counts = Mapping[tuple[str, str], tuple[int, Sequence[str]]]


def _routes(app: Flask) -> Iterator[Rule]:
    """Every address that can be asked for by what the tests have: lists, pages and answers, not the files."""
    asked = {"case_id", "matter_id", "receipt_id"}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= asked and not rule.endpoint.startswith(DRAWN):
            yield rule


def _asked(app: Flask, clients: Mapping[str, FlaskClient], things: Mapping[str, str]) -> Counts:
    found = {}
    for reader, client in clients.items():
        for rule in _routes(app):
            path = rule.rule
            for name, value in things.items():
                path = path.replace(f"<{name}>", value)
            with counted(app) as statements:
                answer = client.get(path)
            assert answer.status_code < 500, path
            found[reader, rule.endpoint] = answer.status_code, tuple(statements)
    return found


@pytest.fixture(scope="module")
def few_and_many(embedded: Flask) -> tuple[Counts, Counts]:
    """What every reader is answered, and by which statements, at ten cases and at three thousand."""
    case = submitted(entering(embedded))
    clients = {name: browser(embedded, name, *who) for name, who in READERS.items()}
    clients["committee"] = browser(embedded, "committee", "党委秘书", "committee_secretary")
    things: dict[str, Any] = {"case_id": case["id"], "matter_id": case["matters"][0],
                              "receipt_id": case["persons"][0]["evaluations"][-1]}  # fmt: skip
    engine = embedded.extensions["database"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(auth, "is_stale", lambda *_: False)  # that a log-in was used is written down once a minute
        many(engine, 9, of_team=(MEMBER, 3))
        few = _asked(embedded, clients, things)
        many(engine, 2_990)
        return few, _asked(embedded, clients, things)


def test_every_address_is_answered_by_as_many_statements_however_many_cases_there_are(
    few_and_many: tuple[Counts, Counts],
) -> None:
    """Fewer, where a list is full before everything was asked."""
    few, much = few_and_many
    assert {key: status for key, (status, _) in few.items()} == {key: status for key, (status, _) in much.items()}
    more = {key: (len(few[key][1]), len(much[key][1])) for key in few if len(few[key][1]) < len(much[key][1])}
    assert more == {}


def test_a_list_and_a_page_take_few_statements(few_and_many: tuple[Counts, Counts]) -> None:
    """With the check of access and the event of the audit trail; what opens a transaction on SQLite is none of a list."""
    lists = {
        key: [one for one in statements if not one.startswith("BEGIN")]
        for key, (status, statements) in few_and_many[1].items()
        if key[1] in LISTS and status == 200
    }
    assert {key: len(statements) for key, statements in lists.items() if len(statements) > 6} == {}
    pages = {key: len(said) for key, (status, said) in few_and_many[1].items() if key[1] in PAGES and status == 200}
    assert {key: number for key, number in pages.items() if number > 12} == {}
    assert {("all", "case-pages.one"), ("committee", "committee-pages.sheets"), ("none", "work.home")} <= pages.keys()
    assert {reader for reader, endpoint in lists if endpoint == "case-pages.every"} == {*READERS, "committee"}
