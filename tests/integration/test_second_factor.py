"""One-time passwords: set up by their owner, asked for at the log-in, good once; recovery codes, and what an administrator may do."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.audit import events
from models.people import accounts
from models.people.log_ins import RecoveryCode, SecondFactor
from models.store.database import reading, writing
from service.usecases.people.accounts import Asked
from service.usecases.people.log_in import open_session
from service.usecases.people.second_factor import begin_factor, confirm_factor, is_proof
from tests.people import LONG_AGO, Clock, attempt, by_token, logged_in, made

ME, KEY = "/api/v1/me", "a key of thirty-two signs or more"
CLERK, ADMINISTRATOR = Asked("office_clerk", LONG_AGO), Asked("system_administrator", LONG_AGO)
CODE = re.compile(r"(?:[2-9a-z]{5}-){3}[2-9a-z]{5}")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in ("service.request_context", "service.web.log_in", "service.web.proving", "service.web.second_factor"):
        monkeypatch.setattr(f"{module}.datetime", found)
    return found


def set_up(client: FlaskClient, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    """The account of this browser has one-time passwords now; what makes them, and the recovery codes."""
    shown = client.post("/second-factor/new")
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', shown.text)
    assert secret is not None
    assert "<svg" in shown.text
    made = pyotp.TOTP(secret[1].replace(" ", ""))
    told = client.post("/second-factor/confirm", data={"code": made.at(clock.at)})
    codes = CODE.findall(told.text)
    assert (told.status_code, len(set(codes))) == (200, 10)
    clock.later(seconds=30)
    return made, codes


def csrf_of(page: str) -> str:
    found = re.search('name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def entering(app: Flask, login: str, code: str) -> tuple[FlaskClient, Any]:
    """A browser that has shown the password and then this; and the answer."""
    client = app.test_client()
    assert attempt(client, login).status_code == 303
    client.environ_base["HTTP_X_CSRF_TOKEN"] = csrf_of(client.get("/login/code").text)
    return client, client.post("/login/code", data={"code": code})


@pytest.fixture
def owner(app: Flask, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    made(app, "li", CLERK)
    return set_up(logged_in(app, "li"), clock)


def test_the_password_alone_opens_nothing(app: Flask, clock: Clock, owner: tuple[pyotp.TOTP, list[str]]) -> None:
    client = app.test_client()
    attempt(client, "li")
    for path in (ME, "/", "/password", "/second-factor", "/matters", "/api/v1/matters"):
        assert (client.get(path).status_code, client.get(path).headers.get("Location")) == (303, "/login/code"), path
    client, answer = entering(app, "li", owner[0].at(clock.at))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get(ME).json["name"] == "li"


def test_a_code_is_good_once_and_around_its_half_minute(
    app: Flask, clock: Clock, owner: tuple[pyotp.TOTP, list[str]]
) -> None:
    code = owner[0].at(clock.at)
    assert entering(app, "li", code)[1].status_code == 303
    assert entering(app, "li", code)[1].status_code == 422
    clock.later(seconds=300)
    for seconds, status in (
        (-60, 422),
        (60, 422),
        (-30, 303),
        (30, 303),
        (0, 422),
    ):  # an earlier one than the last is none
        assert entering(app, "li", owner[0].at(clock.at + timedelta(seconds=seconds)))[1].status_code == status, seconds


def test_a_recovery_code_is_good_once_however_it_is_written(
    app: Flask, clock: Clock, owner: tuple[pyotp.TOTP, list[str]]
) -> None:
    code = owner[1][0]
    assert entering(app, "li", code.upper().replace("-", " "))[1].status_code == 303
    assert entering(app, "li", code)[1].status_code == 422
    assert entering(app, "li", owner[1][1])[1].status_code == 303


def test_codes_at_once_are_taken_once(app: Flask, clock: Clock, owner: tuple[pyotp.TOTP, list[str]]) -> None:
    engine = app.extensions["database"]
    with reading(engine) as session:
        account = accounts.by_login(session, "li")
        assert account is not None
    for given in (owner[0].at(clock.at), owner[1][3]):

        def take(_: int, given: str = given, account_id: str = account.id) -> bool:
            with writing(engine) as session:
                return is_proof(session, account_id, given, now=clock.at)

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(take, range(8))) == 1


def test_guesses_of_a_code_wait_and_end_nobody_elsewhere(
    app: Flask, clock: Clock, owner: tuple[pyotp.TOTP, list[str]]
) -> None:
    known, _ = entering(app, "li", owner[0].at(clock.at))
    clock.later(seconds=30)
    said = [entering(app, "li", "000000")[1].status_code for _ in range(6)]
    assert said == [422] * 5 + [429]
    assert attempt(known, "li").status_code == 303  # its own device counts for itself
    csrf = csrf_of(known.get("/login/code").text)
    answer = known.post("/login/code", data={"code": owner[0].at(clock.at), "csrf": csrf}, headers={"X-CSRF-Token": ""})
    assert answer.status_code == 303


def test_nothing_that_lies_in_the_database_makes_a_code(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENZE_SECOND_FACTOR_KEY", KEY)
    made(app, "li", CLERK)
    client = logged_in(app, "li")
    factor, codes = set_up(client, clock)
    with reading(app.extensions["database"]) as session:
        kept = session.scalars(select(SecondFactor)).one()
        hashes = session.scalars(select(RecoveryCode.code_sha256)).all()
    assert factor.secret not in kept.secret
    assert not set(codes) & set(hashes)
    assert factor.secret not in client.get("/second-factor").text.replace(" ", "")
    assert client.post("/second-factor/new").headers["Location"] == "/second-factor"
    assert entering(app, "li", factor.at(clock.at))[1].status_code == 303
    monkeypatch.setenv("WENZE_SECOND_FACTOR_KEY", KEY.upper())
    clock.later(seconds=30)
    assert entering(app, "li", factor.at(clock.at))[1].status_code == 422
    assert entering(app, "li", codes[0])[1].status_code == 303


def test_a_wrong_first_code_changes_nothing(app: Flask, clock: Clock) -> None:
    made(app, "li", CLERK)
    client = logged_in(app, "li")
    client.post("/second-factor/new")
    answer = client.post("/second-factor/confirm", data={"code": "000000"})
    assert (answer.status_code, "<svg" in answer.text) == (422, True)
    assert logged_in(app, "li").get(ME).status_code == 200


def test_setting_up_ends_the_other_sessions(app: Flask, clock: Clock) -> None:
    made(app, "li", CLERK)
    other, own = logged_in(app, "li"), logged_in(app, "li")
    set_up(own, clock)
    assert (other.get(ME).status_code, own.get(ME).status_code) == (401, 200)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_SECOND_FACTOR", "case_readers")
    monkeypatch.setenv("WENZE_SECOND_FACTOR_KEY", KEY)


def test_whoever_may_read_cases_does_nothing_before_it_is_set_up_where_that_is_asked(
    app: Flask, clock: Clock, asked: None
) -> None:
    made(app, "li", CLERK)
    made(app, "unit", Asked("auditor", LONG_AGO))
    client = app.test_client()
    attempt(client, "li")
    client.environ_base["HTTP_X_CSRF_TOKEN"] = csrf_of(client.get("/second-factor").text)
    for path in (ME, "/", "/cases", "/password"):
        assert client.get(path).headers["Location"] == "/second-factor", path
    assert logged_in(app, "unit").get(ME).status_code == 200  # checks up cases, reads none
    assert by_token(app, "li").get(ME).status_code == 200
    set_up(client, clock)
    assert client.get(ME).status_code == 200
    assert client.post("/second-factor/off").status_code == 409


def test_the_single_sign_on_does_not_stand_in_for_it(
    app: Flask, clock: Clock, owner: tuple[pyotp.TOTP, list[str]]
) -> None:
    with writing(app.extensions["database"]) as session:
        account = accounts.by_login(session, "li")
        assert account is not None
        opened = open_session(session, account, old=None, now=clock.at, credential="cas:ST-1")
    client = app.test_client()
    client.set_cookie("wenze", opened.secret)
    assert client.get(ME).headers["Location"] == "/login/code"


def test_an_administrator_takes_it_away_and_the_owner_is_told(
    app: Flask, clock: Clock, owner: tuple[pyotp.TOTP, list[str]]
) -> None:
    made(app, "boss", ADMINISTRATOR, name="管理员")
    inside, _ = entering(app, "li", owner[0].at(clock.at))
    boss, engine = logged_in(app, "boss"), app.extensions["database"]
    with reading(engine) as session:
        account = accounts.by_login(session, "li")
        assert account is not None
    page = f"/admin/accounts/{account.id}"
    assert "已启用" in boss.get(page).text
    assert boss.post(f"{page}/second-factor").status_code == 303
    with reading(engine) as session:
        last = events.page(session, after=0, limit=99)[-1]
    assert (last.action, last.actor, last.outcome) == ("second-factor.reset", "管理员", "done")
    assert inside.get(ME).status_code == 401
    client = app.test_client()
    assert attempt(client, "li").headers["Location"] == "/second-factor"
    assert "管理员：停用账号的动态验证码" in client.get("/").text
    made(app, "auditor", Asked("audit_administrator", LONG_AGO), name="审计管理员")
    acts = logged_in(app, "auditor").get("/admin/acts").text
    assert re.search("<td>管理员</td><td>停用账号的动态验证码</td><td>[^<]+（li）</td>", acts)
    told = client.get("/second-factor").text
    assert "管理员于" in told
    client.post("/second-factor/seen", data={"csrf": csrf_of(told)})
    assert "管理员于" not in client.get("/second-factor").text
    assert attempt(app.test_client(), "li").headers["Location"] == "/"


def test_a_token_has_no_pages_of_it(embedded: Flask) -> None:
    made(embedded, "by token", CLERK)
    client = by_token(embedded, "by token")
    assert client.get("/second-factor").status_code == 403
    assert [
        client.post(f"/second-factor/{one}").status_code
        for one in ("new", "confirm", "codes", "off", "seen", "devices")
    ] == [403] * 6


def test_a_second_secret_replaces_the_one_that_was_never_confirmed(embedded: Flask) -> None:
    made(embedded, "twice")
    now = datetime.now(UTC)
    with writing(embedded.extensions["database"]) as session:
        account = accounts.by_login(session, "twice")
        assert account is not None
        first, second = (begin_factor(session, account, now=now) for _ in range(2))
        assert confirm_factor(session, account.id, pyotp.TOTP(first).at(now), now=now) is None
        assert confirm_factor(session, account.id, pyotp.TOTP(second).at(now), now=now) is not None


def test_the_owner_sees_the_devices_and_forgets_them(embedded: Flask) -> None:
    made(embedded, "many")
    client = logged_in(embedded, "many")
    logged_in(embedded, "many")
    assert client.get("/second-factor").text.count("最后登录") == 2
    assert client.post("/second-factor/devices").status_code == 303
    assert "最后登录" not in client.get("/second-factor").text
