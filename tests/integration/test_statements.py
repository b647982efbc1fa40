"""A page, a list, an answer of the API costs what it shows: as many statements with ten cases as with three thousand, whoever asks."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from models.office.inspections import InspectionRow
from models.office.outbox import Parcel
from models.people import accounts
from models.people.accounts import Account
from models.people.units import Unit
from models.store.attachments import Attachment
from models.store.database import reading, writing
from service import auth
from service.books import books
from service.usecases.people.api_tokens import create_token
from tests.integration.page_case import browser, entering, submitted
from tests.integration.pages import counted
from tests.lawful_case import PERSON
from tests.many_cases import many
from tests.people import LONG_AGO, by_token

MEMBER = "三案成员"
READERS = {
    "none": ("旁人", "team_member"), "three": (MEMBER, "team_member"), "all": ("李四", "office_clerk"),
    "committee": ("党委秘书", "committee_secretary"), "auditor": ("审计员", "auditor"), "administrator": ("管理员", "system_administrator"),
    "overseer": ("审计管理员", "audit_administrator"),
}  # fmt: skip
DESKS = {
    "leader": ("校领导", "school_leader"), "organisation": ("组织部", "organisation_department"), "member": ("委员", "committee_member"),
}  # fmt: skip
"""Who has a desk of another kind: asked for what waits for them alone."""
DRAWN = (
    "documents.",
    "export.",
    "case-papers.one",
    "case-papers.package",
    "office-pages.",
    "docs.",
    "recommendations.proof",
)
"""Files that are drawn or packed, and what is drawn into pages: none of it is a list, and all of it takes long."""
HOME = ("work.home", "exchange.list_todo")
"""What waits: of matters, of cases, of inspections, of OA."""
QUERY = {"office": {"year": "2026"}, "organisation.find_persons": {"q": "李"}}
"""What a query must ask for, by endpoint or group of them."""
BESIDE = {"work.home": 1}
"""More than the rest may take: what one is asked to confirm."""
Counts = Mapping[tuple[str, str], tuple[int, Sequence[str]]]


def _routes(app: Flask, things: Mapping[str, str]) -> Iterator[Rule]:
    """Every address that can be asked for by what the tests have: lists, pages and answers, not the files."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= things.keys() and not rule.endpoint.startswith(DRAWN):
            yield rule


def _asked(app: Flask, clients: Mapping[str, FlaskClient], things: Mapping[str, str]) -> Counts:
    found = {}
    for reader, client in clients.items():
        for rule in _routes(app, things):
            if reader in DESKS and rule.endpoint not in HOME:
                continue
            path = rule.rule
            for name, value in things.items():
                path = path.replace(f"<{name}>", value)
            query = QUERY.get(rule.endpoint, QUERY.get(rule.endpoint.partition(".")[0], {}))
            with counted(app) as statements:
                answer = client.get(path, query_string=query)
            assert answer.status_code < 500, path
            found[reader, rule.endpoint] = answer.status_code, tuple(statements)
    return found


def _of_all_kinds(app: Flask, number: int, things: Mapping[str, str]) -> None:
    """So many more of what there is beside cases."""
    now, form = datetime.now(UTC), next(iter(books().usual.forms))
    with writing(app.extensions["database"]) as session:
        for at in range(number):
            name = f"第{number}批{at}"
            account = Account(id=str(uuid.uuid4()), login=name, name=name, must_change=False, created_at=now)
            session.add_all([account, Unit(name=name, from_on=LONG_AGO)])
            session.flush()
            create_token(session, name, now=now, expires_at=None, login=name)
            session.add(
                Parcel(matter_id=things["matter_id"], record_number=1_000 * number + at, form=form, created_at=now)
            )
            session.add(
                InspectionRow(
                    id=name,
                    form=next(iter(books().usual.inspections.forms)),
                    done_on=date(2026, 3, 1),
                    members=b"[]",
                    recorded_at=now,
                    entered_by=name,
                )
            )
            session.add_all(
                Attachment(id=f"{name}{owner}", sha256="0" * 64, file_name=name, media_type="text/plain", size=1, uploaded_at=now,
                           uploaded_by=name, **{owner: things[owner]})
                for owner in ("case_id", "matter_id")
            )  # fmt: skip


@pytest.fixture(scope="module")
def few_and_many(embedded: Flask) -> tuple[Counts, Counts]:
    """What every reader is answered, and by which statements, at ten cases and at three thousand."""
    case = submitted(entering(embedded))
    clients = {name: browser(embedded, name, *who) for name, who in (READERS | DESKS).items()}
    clients["token"] = by_token(embedded, "all")
    clients["own"] = browser(embedded, "own", PERSON.name, "person_investigated", case_id=case["id"], person="P1")
    book = books().usual
    with reading(embedded.extensions["database"]) as session:
        account = accounts.by_login(session, "all")
        assert account is not None
    things: dict[str, Any] = {
        "case_id": case["id"], "matter_id": case["matters"][0], "receipt_id": case["persons"][0]["evaluations"][-1],
        "book_id": book.id, "provision_id": next(iter(book.provisions)), "account_id": account.id,
    }  # fmt: skip
    engine = embedded.extensions["database"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(auth, "is_stale", lambda *_: False)  # that a log-in was used is written down once a minute
        many(engine, 9, of_team=(MEMBER, 3))
        _of_all_kinds(embedded, 1, things)
        few = _asked(embedded, clients, things)
        many(engine, 2_990)
        _of_all_kinds(embedded, 5, things)
        return few, _asked(embedded, clients, things)


def test_every_address_is_answered_by_as_many_statements_however_many_cases_there_are(
    few_and_many: tuple[Counts, Counts],
) -> None:
    """Fewer, where a list is full before everything was asked."""
    few, much = few_and_many
    assert {key: status for key, (status, _) in few.items()} == {key: status for key, (status, _) in much.items()}
    more = {key: (len(few[key][1]), len(much[key][1])) for key in few if len(few[key][1]) < len(much[key][1])}
    assert more == {}


def test_a_list_takes_six_statements_and_a_page_twelve(embedded: Flask, few_and_many: tuple[Counts, Counts]) -> None:
    """All of them, with what opens a transaction, the check of access and the event of the audit trail."""
    whole = {rule.endpoint for rule in embedded.url_map.iter_rules() if not rule.arguments} - {*HOME}
    most = {key: (6 if key[1] in whole else 12) + BESIDE.get(key[1], 0) for counts in few_and_many for key in counts}
    above = {key: len(said) for counts in few_and_many for key, (_, said) in counts.items() if len(said) > most[key]}
    assert above == {}


def test_every_address_is_answered_to_somebody(few_and_many: tuple[Counts, Counts]) -> None:
    """So that what was counted is the answer, and not a refusal."""
    _, much = few_and_many
    answered = {endpoint for (_, endpoint), (status, _) in much.items() if status == 200}
    elsewhere = {f"single-sign-on.{to}" for to in ("to_cas", "from_cas", "to_oidc", "from_oidc")}
    assert {endpoint for _, endpoint in much} - answered == {*elsewhere, "second-factor.code"}  # asked of nobody here
    lists = {
        reader for (reader, endpoint), (status, _) in much.items() if endpoint == "case-pages.every" and status == 200
    }
    assert {"none", "three", "all", "committee", "auditor"} <= lists
