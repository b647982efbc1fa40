"""What takes away a post, gives access or a password is confirmed again by whoever is logged in, and nothing filled in is lost."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from models.audit import events
from models.people import accounts
from models.people.accounts import WebSession
from models.store.database import reading, writing
from rules.book.contract.case_effects import OfMeeting
from rules.book.loading import load_rulebook
from service.app import routes
from tests.integration.page_case import browser, submitted
from tests.integration.pages import signed_in
from tests.integration.stages import Stage, at
from tests.integration.test_pages_committee import filled
from tests.people import PASSWORD, Clock, by_token, made


def long_ago(app: Flask, ago: timedelta | None) -> None:
    """Every session was last confirmed so long ago; None: never, since the single sign-on opened it."""
    at = None if ago is None else datetime.now(UTC) - ago
    with writing(app.extensions["database"]) as session:
        session.execute(update(WebSession).values(confirmed_at=at))


def kept(page: str) -> dict[str, str]:
    """What the page that asks holds of the form."""
    found = re.findall(r'name="([^"]+)" aria-hidden[^>]*>\n([^<]*)</textarea>', page)
    return {name: html.unescape(value) for name, value in found}


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    made(app, "li", name="李五")
    return signed_in(app, "security_administrator")


def grants(app: Flask) -> tuple[str, list[str]]:
    with reading(app.extensions["database"]) as session:
        account = accounts.by_login(session, "li")
        assert account is not None
        return f"/admin/accounts/{account.id}/grants", [one.role for one in accounts.grants_of(session, account.id)]


SENT = {
    "role": "office_clerk",
    "from_on": "2026-01-05",
    "to_on": "",
    "unit": "",
    "key": "k1",
    "text": '一行\r\n"<二行>',
}


@pytest.mark.parametrize("ago", [timedelta(minutes=5, seconds=5), None], ids=["a while ago", "never"])
def test_a_role_is_granted_once_the_password_was_shown_again(
    app: Flask, admin: FlaskClient, ago: timedelta | None
) -> None:
    place, before = grants(app)
    long_ago(app, ago)
    asked = admin.post(place, data=SENT)
    assert (asked.status_code, "再次确认身份" in asked.text) == (403, True)
    assert kept(asked.text) == SENT
    wrong = admin.post(place, data={**kept(asked.text), "confirm_with": "wrong"})
    assert (wrong.status_code, "不对，请重新填写" in wrong.text) == (403, True)
    assert kept(wrong.text) == SENT
    assert "wrong" not in wrong.text
    assert grants(app)[1] == before
    done = admin.post(place, data={**kept(wrong.text), "confirm_with": PASSWORD})
    assert done.status_code == 303
    assert grants(app)[1] == [*before, "office_clerk"]
    assert admin.post(place, data=SENT).status_code == 303  # the same form once more, and lately confirmed
    assert grants(app)[1] == [*before, "office_clerk"]


def test_the_password_is_guessed_there_no_faster_than_at_the_log_in(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.web.proving.datetime", Clock())
    place, before = grants(app)
    long_ago(app, None)
    said = [admin.post(place, data={**SENT, "confirm_with": "wrong"}).text for _ in range(6)]
    assert ["连续填错" in page for page in said] == [False] * 5 + [True]
    right = admin.post(place, data={**SENT, "confirm_with": PASSWORD})
    assert (right.status_code, "秒后再试" in right.text) == (403, True)
    assert grants(app)[1] == before
    with reading(app.extensions["database"]) as session:
        told = [(one.action, one.outcome) for one in events.page(session, after=0, limit=99)]
    assert told.count(("confirm", "refused")) == 5


def test_just_logged_in_nothing_is_asked(app: Flask, admin: FlaskClient) -> None:
    long_ago(app, timedelta(minutes=4, seconds=50))
    assert admin.post(grants(app)[0], data=SENT).status_code == 303


def test_the_setting_says_for_how_long(app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_CONFIRM_MINUTES", "1")
    long_ago(app, timedelta(minutes=2))
    assert admin.post(grants(app)[0], data=SENT).status_code == 403


@at(submitted)
def test_the_committee_decides_once_its_secretary_has_confirmed(app: Flask, stage: Stage) -> None:
    case: Any = stage.case
    secretary = browser(app, "secretary", "党委秘书", "committee_secretary")
    secretary.environ_base["HTTP_ACCEPT"] = "text/html"
    place = f"/cases/{case['id']}/committee"
    form = filled(secretary.get(place).text)
    long_ago(app, timedelta(hours=1))
    asked = secretary.post(place, data=form)
    assert (asked.status_code, "再次确认身份" in asked.text) == (403, True)
    done = secretary.post(place, data={**kept(asked.text), "confirm_with": PASSWORD})
    assert (done.status_code, done.location) == (303, f"/cases/{case['id']}")


@at(submitted)
def test_a_session_at_the_interface_confirms_too_and_a_token_shows_itself(app: Flask, stage: Stage) -> None:
    case: Any = stage.case
    secretary = browser(app, "secretary", "党委秘书", "committee_secretary")
    long_ago(app, timedelta(hours=1))
    meeting = {
        "body": "党委常委会",
        "held_on": "2026-06-20",
        "attendance": ["委员一"],
        "votes": {"for": 1, "against": 0, "abstain": 0},
    }
    sent = {
        "on": "2026-06-22", "actor": {"name": "党委秘书", "kind": "committee"},
        "details": {"meeting": meeting, "decisions": [{"person": "P1", "outcome": "no_situation"}]},
    }  # fmt: skip
    place, seen = f"/api/v1/cases/{case['id']}/actions/decide", {"If-Match": f'"{case["version"]}"'}
    refused = secretary.post(place, json=sent, headers=seen | {"Accept": "application/json"})
    assert (refused.status_code, refused.json["title"]) == (403, "confirm-first")
    assert by_token(app, "secretary").post(place, json=sent, headers=seen).status_code != 403


def test_what_a_meeting_decides_and_what_gives_access_is_confirmed() -> None:
    book = load_rulebook()
    deciding = {one.id for one in book.proceedings.actions.values() if issubclass(one.effect, OfMeeting)}
    with_meeting = {
        one.id for one in book.proceedings.actions.values() if any(field.id == "meeting" for field in one.fields)
    }
    assert deciding == with_meeting >= {"decide", "review_appeal", "correct"}
    confirmed = {name for name, route in routes(book).items() if route.confirms}
    assert confirmed == {
        "admin-pages.add", "admin-pages.grant", "admin-pages.revoke", "admin-pages.reset", "admin-pages.confirm", "second-factor.begin", "second-factor.confirm",
        "second-factor.renew_codes", "second-factor.off", "second-factor.reset",
    }  # fmt: skip
