"""Single sign-on by CAS and by OpenID Connect, against real servers on loopback: who gets in, and what does not get anybody in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models.people import accounts
from models.people.accounts import Account, WebSession
from models.schemas.errors import CaseFileError
from models.store.database import reading, writing
from service.books import books
from service.cli import main
from service.exchange import sign_on
from service.usecases.people.accounts import Asked, add_account, bind, grant_role, set_disabled
from tests.identity_servers import (
    CLIENT_ID,
    CLIENT_SECRET,
    CasServer,
    OpenIdProvider,
    Provider,
    cas_answer,
    providing,
)
from tests.people import with_csrf

PUBLIC = "http://127.0.0.1:8000"
USER = Provider().user
KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
WAYS = ("cas", "oidc")


@pytest.fixture
def cas(monkeypatch: pytest.MonkeyPatch) -> Iterator[CasServer]:
    server = CasServer()
    with providing(server, "/cas"):
        monkeypatch.setenv("WENZE_PUBLIC_URL", PUBLIC)
        monkeypatch.setenv("WENZE_CAS_URL", server.url)
        yield server


@pytest.fixture
def oidc(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenIdProvider]:
    server = OpenIdProvider(key=KEY)
    with providing(server):
        monkeypatch.setenv("WENZE_PUBLIC_URL", PUBLIC)
        monkeypatch.setenv("WENZE_OIDC_ISSUER", server.url)
        monkeypatch.setenv("WENZE_OIDC_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("WENZE_OIDC_CLIENT_SECRET", CLIENT_SECRET)
        monkeypatch.setenv("WENZE_OIDC_CLAIM", "sub")
        yield server


@pytest.fixture
def servers(cas: CasServer, oidc: OpenIdProvider) -> dict[str, Provider]:
    return {"cas": cas, "oidc": oidc}


@pytest.fixture
def school(embedded: Flask) -> Flask:
    """An account with the identity that the providers know, whose first password nobody has used; nobody is logged in."""
    with writing(embedded.extensions["database"]) as session:
        session.execute(delete(WebSession))
        if accounts.any_there(session):
            set_disabled(session, "zhangsan", False, now=datetime.now(UTC))
        else:
            _enrol(session)
    return embedded


@pytest.fixture
def stored(app: Flask) -> Flask:
    """The same on each database in turn."""
    with writing(app.extensions["database"]) as session:
        _enrol(session)
    return app


def _enrol(session: Session) -> None:
    now = datetime.now(UTC)
    add_account(session, books(), "zhangsan", "张三", now=now, subject=USER)
    grant_role(session, "zhangsan", Asked("auditor", date(2020, 1, 1)), by="测试", now=now)
    add_account(session, books(), "lisi", "李四", now=now)


def back(client: FlaskClient, way: str) -> str:
    """From our page to the provider and its answer: the path that the browser is sent back to."""
    sent = client.get(f"/login/{way}")
    assert sent.status_code == 303
    answered = requests.get(sent.location, allow_redirects=False, timeout=10).headers["Location"]
    assert answered.startswith(f"{PUBLIC}/login/{way}/back?")
    return answered.removeprefix(PUBLIC)


def is_in(client: FlaskClient) -> bool:
    return client.get("/api/v1/me").status_code == 200


def refused(client: FlaskClient, answer: TestResponse, status: int, said: str) -> None:
    """A page of ours that says why; nobody is in, and no session was written."""
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert "<h1>" in answer.text
    assert not any(cookie.startswith(("wenze=", "__Host-wenze=")) for cookie in answer.headers.getlist("Set-Cookie"))
    assert not is_in(client)
    with reading(client.application.extensions["database"]) as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == 0


def with_query(path: str, **changed: str | None) -> str:
    """The path with other values in its query; None takes one out."""
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    kept = {name: value for name, value in query.items() if value is not None}
    return requests.Request("GET", f"{PUBLIC}{parts.path}", params=kept).prepare().path_url


@pytest.mark.parametrize("way", WAYS)
def test_whoever_the_provider_knows_is_in(stored: Flask, servers: dict[str, Provider], way: str) -> None:
    client = stored.test_client()
    answer = client.get(back(client, way))
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/api/v1/me").json["name"] == "张三"  # and is not asked for a first password that another made
    assert client.get_cookie("wenze-sign-on") is None


def shown_again(client: FlaskClient, way: str) -> TestResponse:
    """Once more to the provider, which has to ask who sits there, and back."""
    sent = client.get(f"/login/{way}?again")
    asked = {"cas": ("renew", "true"), "oidc": ("prompt", "login")}[way]
    assert asked in [(name, values[0]) for name, values in parse_qs(urlsplit(sent.location).query).items()]
    answered = requests.get(sent.location, allow_redirects=False, timeout=10).headers["Location"]
    return client.get(answered.removeprefix(PUBLIC))


@pytest.mark.parametrize("way", WAYS)
def test_what_is_to_be_confirmed_is_confirmed_there_too_by_the_same_person(
    school: Flask, servers: dict[str, Provider], oidc: OpenIdProvider, way: str
) -> None:
    oidc.alter = lambda claims: claims.update(auth_time=int(time.time()))
    client = school.test_client()
    client.get(back(client, way))
    with_csrf(client)
    before = client.get_cookie("wenze")
    assert client.post("/second-factor/new").status_code == 403
    servers[way].user = "somebody else"
    assert shown_again(client, way).status_code == 403
    assert client.post("/second-factor/new").status_code == 403
    servers[way].user = USER
    told = shown_again(client, way)
    assert (told.status_code, "身份已经确认" in told.text) == (200, True)
    assert client.get_cookie("wenze") == before
    assert client.post("/second-factor/new").status_code == 200


@pytest.mark.parametrize("auth_time", [None, 0, "now"])
def test_a_token_that_does_not_say_that_somebody_was_asked_confirms_nothing(
    school: Flask, oidc: OpenIdProvider, auth_time: object
) -> None:
    client = school.test_client()
    client.get(back(client, "oidc"))
    with_csrf(client)
    oidc.alter = lambda claims: claims.update(auth_time=auth_time) if auth_time is not None else None
    assert shown_again(client, "oidc").status_code == 401
    assert client.post("/second-factor/new").status_code == 403


@pytest.mark.parametrize("way", WAYS)
def test_the_cookies_are_for_the_browser_alone_and_for_a_short_time(
    school: Flask, servers: dict[str, Provider], way: str
) -> None:
    client = school.test_client()
    begun = client.get(f"/login/{way}", base_url="https://localhost").headers["Set-Cookie"]
    assert begun.startswith("__Host-wenze-sign-on=")
    ended = client.get(back(client, way)).headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in ended] == ["wenze", "wenze-sign-on"]
    for cookie in (begun, *ended):
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert {"Secure", "Max-Age=600"} <= set(begun.split("; "))
    assert "Max-Age=0" in ended[1]


def test_a_provider_that_wants_the_password_in_the_form_gets_it_there(school: Flask, oidc: OpenIdProvider) -> None:
    oidc.by_post = True
    client = school.test_client()
    assert client.get(back(client, "oidc")).status_code == 303


def test_the_identity_is_the_configured_claim(
    school: Flask, oidc: OpenIdProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENZE_OIDC_CLAIM", "employee")
    oidc.user, oidc.alter = "f00d", lambda claims: claims.update(employee=USER)
    client = school.test_client()
    assert client.get(back(client, "oidc")).status_code == 303
    assert is_in(client)


@pytest.mark.parametrize("given", [None, 20030017, ["20030017"], "", " 20030017", "20030017\n", "2" * 201], ids=repr)
def test_an_identity_that_is_no_plain_text_is_none(school: Flask, oidc: OpenIdProvider, given: object) -> None:
    oidc.alter = lambda claims: claims.update(sub=given)
    client = school.test_client()
    refused(client, client.get(back(client, "oidc")), 401, "统一身份认证没有通过")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("user", ["20030018", "张三", "zhangsan", "20030017'--", "<script>x</script>"])
def test_an_identity_without_an_account_is_told_whom_to_ask(
    school: Flask, servers: dict[str, Provider], way: str, user: str
) -> None:
    servers[way].user = user
    client = school.test_client()
    answer = client.get(back(client, way))
    refused(client, answer, 403, "尚未开通，请联系管理员")
    assert "<script>" not in answer.text
    with reading(school.extensions["database"]) as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 2


@pytest.mark.parametrize("way", WAYS)
def test_a_disabled_account_is_answered_as_none_and_a_session_ends_with_it(
    stored: Flask, servers: dict[str, Provider], way: str
) -> None:
    client, engine = stored.test_client(), stored.extensions["database"]
    client.get(back(client, way))
    with writing(engine) as session:
        set_disabled(session, "zhangsan", True, now=datetime.now(UTC))
    assert not is_in(client)
    answer = client.get(back(client, way))
    assert (answer.status_code, f"您的统一身份（{USER}）尚未开通，请联系管理员" in answer.text) == (403, True)
    assert not is_in(client)


def test_an_account_is_bound_to_another_identity_and_the_one_before_is_none(stored: Flask, cas: CasServer) -> None:
    client, engine = stored.test_client(), stored.extensions["database"]
    client.get(back(client, "cas"))
    with writing(engine) as session:
        bind(session, "zhangsan", "20030099", now=datetime.now(UTC))
    assert not is_in(client)
    assert client.get(back(client, "cas")).status_code == 403
    cas.user = "20030099"
    assert client.get(back(client, "cas")).status_code == 303
    for subject, said in (
        ("20030099", "已有这个统一身份"),
        ("", "应为1至200个字"),
        (" 1", "前后没有空格"),
        ("2" * 201, "应为1至200个字"),
    ):
        with pytest.raises(CaseFileError, match=said), writing(engine) as session:
            bind(session, "lisi", subject, now=datetime.now(UTC))
        with pytest.raises(CaseFileError, match=said), writing(engine) as session:
            add_account(session, books(), "wangwu", "王五", now=datetime.now(UTC), subject=subject)


def test_the_command_binds_an_account_and_names_what_is_wrong(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    run = CliRunner().invoke
    assert run(main, ["user", "add", "zhangsan", "张三", "--subject", USER]).exit_code == 0
    assert run(main, ["user", "add", "lisi", "李四"]).exit_code == 0
    assert run(main, ["user", "bind", "lisi", "20030018"]).exit_code == 0
    for login, subject, said in (
        ("lisi", USER, "已有这个统一身份的账号"),
        ("wangwu", "1", "没有这个登录名的账号"),
        ("lisi", "甲 ", "统一身份：应为1至200个字"),
    ):
        done = run(main, ["user", "bind", login, subject])
        assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_a_session_that_was_there_before_ends(stored: Flask, servers: dict[str, Provider], way: str) -> None:
    client = stored.test_client()
    client.get(back(client, way))
    planted = client.get_cookie("wenze")
    assert planted is not None
    client.get(back(client, way))
    fresh = client.get_cookie("wenze")
    assert fresh is not None
    assert fresh.value != planted.value
    thief = stored.test_client()
    thief.set_cookie("wenze", planted.value)
    assert not is_in(thief)
    assert is_in(client)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", [None, "", "x", "x" * 43, "甲", "\ud800"], ids=repr)
def test_an_answer_that_nobody_asked_for_is_not_looked_at(
    school: Flask, servers: dict[str, Provider], way: str, state: str | None
) -> None:
    client = school.test_client()
    path = back(client, way)
    asked = len(servers[way].asked)
    changed = with_query(path, state=None) + (f"&state={state.encode('utf-8', 'surrogatepass')!r}" if state else "")
    refused(client, client.get(changed), 400, "本次登录不是从本页开始的")
    assert len(servers[way].asked) == asked


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_counts_only_in_the_browser_that_asked(school: Flask, servers: dict[str, Provider], way: str) -> None:
    attacker, victim = school.test_client(), school.test_client()
    path = back(attacker, way)
    refused(victim, victim.get(path), 400, "本次登录不是从本页开始的")
    victim.get(f"/login/{way}")  # one of the victim's own under way does not help
    refused(victim, victim.get(path), 400, "本次登录不是从本页开始的")


@pytest.mark.parametrize("way", WAYS)
def test_a_ticket_or_code_of_another_attempt_is_worth_nothing(
    school: Flask, servers: dict[str, Provider], way: str
) -> None:
    attacker, victim = school.test_client(), school.test_client()
    stolen, own = back(attacker, way), back(victim, way)
    mixed = with_query(stolen, state=parse_qs(urlsplit(own).query)["state"][0])
    refused(victim, victim.get(mixed), 401, "统一身份认证没有通过")


@pytest.mark.parametrize(("way", "other"), [("cas", "oidc"), ("oidc", "cas")])
def test_an_attempt_by_one_way_is_not_answered_by_the_other(
    school: Flask, servers: dict[str, Provider], way: str, other: str
) -> None:
    client = school.test_client()
    path = back(client, way).replace(f"/login/{way}/", f"/login/{other}/")
    refused(client, client.get(path), 400, "本次登录不是从本页开始的")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "cookie",
    ["", ".", "x", "1.x", "99999999999.x", "-1.x", "９.x", f"{'9' * 3900}.x", "nan.x"],
    ids=lambda text: text[:12],
)
def test_a_cookie_that_is_not_ours_or_too_old_is_none(
    school: Flask, servers: dict[str, Provider], way: str, cookie: str
) -> None:
    client = school.test_client()
    path = back(client, way)
    client.set_cookie("wenze-sign-on", cookie)
    refused(client, client.get(path), 400, "本次登录不是从本页开始的")


def test_an_attempt_is_good_for_ten_minutes() -> None:
    now = datetime(2026, 5, 18, 8, tzinfo=UTC)
    attempt = sign_on.Attempt.begun("cas", now=now)
    for seconds, good in ((0, True), (600, True), (601, False), (-60, True), (-61, False)):
        found = sign_on.Attempt.of_cookie("cas", attempt.cookie(), now=now + timedelta(seconds=seconds))
        assert (found == attempt) is good
    later = sign_on.Attempt("cas", attempt.at + 1, attempt.secret)
    assert not later.answers(attempt.derived("state"))  # nobody makes it younger


@pytest.mark.parametrize("way", WAYS)
def test_what_was_used_once_is_used_up(stored: Flask, servers: dict[str, Provider], way: str) -> None:
    client = stored.test_client()
    path = back(client, way)
    kept = client.get_cookie("wenze-sign-on")
    assert kept is not None
    assert client.get(path).status_code == 303
    client.post("/logout", data={"csrf": _csrf(stored)})
    assert not is_in(client)
    assert client.get(path).status_code == 400
    client.set_cookie("wenze-sign-on", kept.value)
    assert client.get(path).status_code == 401
    assert not is_in(client)


def _csrf(app: Flask) -> str:
    with reading(app.extensions["database"]) as session:
        return session.scalars(select(WebSession.csrf).where(WebSession.ended_at.is_(None))).one()


@pytest.mark.parametrize("way", WAYS)
def test_a_provider_that_takes_a_proof_twice_does_not_mislead_us(
    stored: Flask, cas: CasServer, oidc: OpenIdProvider, way: str
) -> None:
    cas.body, oidc.keeps_codes = (
        cas_answer(f"<cas:authenticationSuccess><cas:user>{USER}</cas:user></cas:authenticationSuccess>"),
        True,
    )
    client = stored.test_client()
    path = back(client, way)
    kept = client.get_cookie("wenze-sign-on")
    assert kept is not None
    assert client.get(path).status_code == 303
    again = stored.test_client()
    again.set_cookie("wenze-sign-on", kept.value)
    assert again.get(path).status_code == 401
    assert not is_in(again)
    assert is_in(client)  # and the session that it opened rightly goes on


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["next", "url", "service", "redirect_uri", "return_to", "TARGET"])
def test_no_address_that_comes_with_the_request_is_ever_gone_to(
    school: Flask, servers: dict[str, Provider], way: str, name: str
) -> None:
    client = school.test_client()
    sent = client.get(f"/login/{way}", query_string={name: "https://evil.example/"})
    assert "evil" not in sent.location
    answer = client.get(back(client, way) + f"&{name}=https://evil.example/")
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("way", WAYS)
def test_the_host_that_a_request_names_counts_for_nothing(
    school: Flask, servers: dict[str, Provider], way: str
) -> None:
    client = school.test_client()
    games = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    sent = client.get(f"/login/{way}", base_url="http://evil.example", headers=games)
    assert "evil" not in sent.location
    query = parse_qs(urlsplit(sent.location).query)
    assert query["service" if way == "cas" else "redirect_uri"][0].startswith(f"{PUBLIC}/login/{way}/back")


@pytest.mark.parametrize("way", WAYS)
def test_a_way_that_is_not_configured_is_not_there(school: Flask, way: str) -> None:
    client = school.test_client()
    for path in (f"/login/{way}", f"/login/{way}/back"):
        assert client.get(path).status_code == 404
    assert "统一身份认证" not in client.get("/login").text


def test_the_log_in_page_offers_what_is_configured(
    school: Flask, servers: dict[str, Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENZE_SSO_LOGOUT_URL", "https://cas.example.edu.cn/cas/logout?a=1&b=2")
    shown = school.test_client().get("/login").text
    assert '<a class="sso" href="/login/cas">统一身份认证登录（CAS）</a>' in shown
    assert '<a class="sso" href="/login/oidc">统一身份认证登录（OIDC）</a>' in shown
    assert 'href="https://cas.example.edu.cn/cas/logout?a=1&amp;b=2"' in shown


# CAS


@pytest.mark.parametrize(
    "ticket",
    ["", "ST-unknown", "PT-1", "ST-甲", "ST-1&service=x", "ST-" + "x" * 600],
    ids=lambda text: text[:8],
)
def test_a_ticket_that_cas_does_not_know_gets_nobody_in(school: Flask, cas: CasServer, ticket: str) -> None:
    client = school.test_client()
    refused(client, client.get(with_query(back(client, "cas"), ticket=ticket)), 401, "统一身份认证没有通过")


def test_a_ticket_with_a_character_that_no_text_has_gets_nobody_in(school: Flask, cas: CasServer) -> None:
    client = school.test_client()
    address = with_query(back(client, "cas"), ticket="ST-\x00")
    answer = client.get(address, headers={"Accept": "text/html"})
    assert (answer.status_code, "不能含控制字符" in answer.text) == (400, True)
    assert client.get("/me", headers={"Accept": "text/html"}).status_code == 303


def test_a_ticket_for_another_service_gets_nobody_in(school: Flask, cas: CasServer) -> None:
    client = school.test_client()
    other = cas.issue("http://other.example/")
    refused(client, client.get(with_query(back(client, "cas"), ticket=other)), 401, "统一身份认证没有通过")


def test_an_expired_ticket_gets_nobody_in(school: Flask, cas: CasServer) -> None:
    client = school.test_client()
    path = back(client, "cas")
    cas.tickets.clear()
    refused(client, client.get(path), 401, "统一身份认证没有通过")


_SUCCESS = f"<cas:authenticationSuccess><cas:user>{USER}</cas:user></cas:authenticationSuccess>"
_NS = "xmlns:cas='http://www.yale.edu/tp/cas'"
FORGED = {
    "no namespace": f"<serviceResponse><authenticationSuccess><user>{USER}</user></authenticationSuccess></serviceResponse>".encode(),
    "another namespace": cas_answer(_SUCCESS).replace(b"www.yale.edu", b"evil.example"),
    "another namespace within": cas_answer(f"<x:authenticationSuccess xmlns:x='urn:x'><cas:user>{USER}</cas:user></x:authenticationSuccess>"),
    "user of another namespace": cas_answer(f"<cas:authenticationSuccess><user>{USER}</user></cas:authenticationSuccess>"),
    "success within failure": cas_answer(f"<cas:authenticationFailure code='X'>{_SUCCESS}</cas:authenticationFailure>"),
    "failure and success": cas_answer(f"<cas:authenticationFailure code='X'/>{_SUCCESS}"),
    "two successes": cas_answer(_SUCCESS * 2),
    "two users": cas_answer(f"<cas:authenticationSuccess><cas:user>x</cas:user><cas:user>{USER}</cas:user></cas:authenticationSuccess>"),
    "user in attributes": cas_answer(f"<cas:authenticationSuccess><cas:attributes><cas:user>{USER}</cas:user></cas:attributes></cas:authenticationSuccess>"),
    "user with parts": cas_answer(f"<cas:authenticationSuccess><cas:user>{USER}<x/></cas:user></cas:authenticationSuccess>"),
    "no user": cas_answer("<cas:authenticationSuccess><cas:user/></cas:authenticationSuccess>"),
    "another root": f"<x {_NS}>{_SUCCESS}</x>".encode(),
    "entity": f"<!DOCTYPE x [<!ENTITY u '{USER}'>]>".encode() + cas_answer(_SUCCESS.replace(USER, "&u;")),
    "document type": b"<!DOCTYPE x>" + cas_answer(_SUCCESS),
    "entity in UTF-16": (f"<!DOCTYPE x [<!ENTITY u '{USER}'>]>" + cas_answer(_SUCCESS.replace(USER, "&u;")).decode()).encode("utf-16"),
    "bomb": b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>" + cas_answer(_SUCCESS.replace(USER, "&b;")),
    "unknown encoding": b"<?xml version='1.0' encoding='x-evil'?>" + cas_answer(_SUCCESS),
    "cut": cas_answer(_SUCCESS)[:-3],
    "more behind": cas_answer(_SUCCESS) + cas_answer(_SUCCESS),
    "HTML": b"<html><body>login",
    "text of CAS 1": f"yes\n{USER}\n".encode(),
    "JSON": json.dumps({"serviceResponse": {"authenticationSuccess": {"user": USER}}}).encode(),
    "too long": cas_answer(_SUCCESS + " " * 300_000),
}  # fmt: skip


@pytest.mark.parametrize("body", FORGED.values(), ids=list(FORGED))
def test_an_answer_of_another_form_gets_nobody_in(school: Flask, cas: CasServer, body: bytes) -> None:
    cas.body = body
    client = school.test_client()
    answer = client.get(back(client, "cas"))
    refused(client, answer, answer.status_code, "统一身份认证")
    assert answer.status_code in (401, 503)


def test_an_external_entity_is_neither_read_nor_fetched(school: Flask, cas: CasServer, tmp_path: Path) -> None:
    (tmp_path / "user").write_text(USER, encoding="ascii")
    client = school.test_client()
    for address in (f"file://{tmp_path}/user", f"{cas.url}/fetched"):
        cas.body = f"<!DOCTYPE x [<!ENTITY u SYSTEM '{address}'>]>".encode() + cas_answer(_SUCCESS.replace(USER, "&u;"))
        refused(client, client.get(back(client, "cas")), 401, "统一身份认证没有通过")
    assert not any("fetched" in path for path in cas.asked)


@pytest.mark.parametrize(
    "body",
    [
        cas_answer(f"\n <cas:authenticationSuccess>\n  <cas:user>\n{USER}\n</cas:user></cas:authenticationSuccess>\n"),
        cas_answer(
            _SUCCESS.replace("</cas:user>", "</cas:user><cas:attributes><cas:email>a@b</cas:email></cas:attributes>")
        ),
        cas_answer(_SUCCESS).replace(b"cas:", b"").replace(b":cas", b""),
        b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>\n<!-- CAS -->" + cas_answer(_SUCCESS),
    ],
    ids=["spaced", "attributes", "default namespace", "declared"],
)
def test_the_forms_that_servers_write_are_understood(school: Flask, cas: CasServer, body: bytes) -> None:
    cas.body = body
    client = school.test_client()
    assert client.get(back(client, "cas")).status_code == 303


def logout_request(ticket: str) -> str:
    return ('<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="1" Version="2.0">'
            f"<samlp:SessionIndex>{ticket}</samlp:SessionIndex></samlp:LogoutRequest>")  # fmt: skip


def test_a_log_out_at_cas_ends_the_session_that_its_ticket_opened(stored: Flask, cas: CasServer) -> None:
    client, other, server = stored.test_client(), stored.test_client(), stored.test_client()
    path = back(client, "cas")
    client.get(path)
    other.get(back(other, "cas"))
    ticket = parse_qs(urlsplit(path).query)["ticket"][0]
    for said in ("", "x", logout_request("ST-other"), f"<!DOCTYPE x [<!ENTITY t '{ticket}'>]>{logout_request('&t;')}",
                 logout_request(ticket).replace("SAML:2.0", "SAML:9.0"), logout_request(f"{ticket}</samlp:SessionIndex><samlp:SessionIndex>ST-2")):  # fmt: skip
        assert server.post("/login/cas/back", data={"logoutRequest": said}).status_code == 204
        assert is_in(client)
    for _ in range(2):
        assert server.post(path, data={"logoutRequest": logout_request(ticket)}).status_code == 204
        assert not is_in(client)
    assert is_in(other)


# OpenID Connect


def unsigned(claims: dict[str, Any]) -> str:
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def by_public_key(claims: dict[str, Any]) -> str:
    """HS256, with the provider's public key as the secret: what a checker that trusts the header would take."""
    said = f"{_part({'alg': 'HS256', 'kid': '1'})}.{_part(claims)}"
    made = hmac.new(KEY.as_pem(private=False), said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def by_secret(claims: dict[str, Any]) -> str:
    said = f"{_part({'alg': 'HS256', 'kid': '1'})}.{_part(claims)}"
    made = hmac.new(CLIENT_SECRET.encode(), said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def by_key_of_its_own(claims: dict[str, Any]) -> str:
    """Signed by a key that the token itself brings along."""
    own = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "kid": "1", "jwk": own.as_dict(private=False)}, claims, own)


def with_claims_changed(claims: dict[str, Any]) -> str:
    head, _, signature = jwt.encode({"alg": "RS256", "kid": "1"}, claims | {"sub": "x"}, KEY).split(".")
    return f"{head}.{_part(claims)}.{signature}"


def _part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "sign",
    [unsigned, by_public_key, by_secret, by_key_of_its_own, with_claims_changed,
     lambda claims: jwt.encode({"alg": "RS256", "kid": "2"}, claims, KEY), lambda _: "", lambda _: "x.y.z", lambda _: "ey" * 9000],
    ids=["none", "HS256 by the public key", "HS256 by our secret", "own key", "changed", "unknown key", "empty", "no token", "long"],
)  # fmt: skip
def test_a_token_that_the_provider_did_not_sign_gets_nobody_in(
    school: Flask, oidc: OpenIdProvider, sign: Callable[[dict[str, Any]], str]
) -> None:
    oidc.sign = sign
    client = school.test_client()
    refused(client, client.get(back(client, "oidc")), 401, "统一身份认证没有通过")


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another"}, {"aud": []}, {"aud": ["another"]}, {"aud": [CLIENT_ID, "another"]}, {"aud": None}, {"azp": "another"},
     {"iss": "https://evil.example"}, {"iss": None}, {"exp": -3600}, {"exp": None}, {"exp": "9999999999"}, {"exp": float("nan")},
     {"iat": 3600}, {"iat": -3600}, {"iat": None}, {"nbf": 3600}, {"nonce": "x"}, {"nonce": None}, {"nonce": ""}],
    ids=str,
)  # fmt: skip
def test_a_token_for_another_by_another_or_of_another_time_gets_nobody_in(
    school: Flask, oidc: OpenIdProvider, claims: dict[str, Any]
) -> None:
    """Times are told in seconds from now."""

    def alter(said: dict[str, Any]) -> None:
        for name, value in claims.items():
            said[name] = int(time.time()) + value if isinstance(value, int) else value
            if value is None:
                del said[name]

    oidc.alter = alter
    client = school.test_client()
    refused(client, client.get(back(client, "oidc")), 401, "统一身份认证没有通过")


def test_several_audiences_are_fine_where_we_are_the_one_it_was_made_for(school: Flask, oidc: OpenIdProvider) -> None:
    oidc.alter = lambda claims: claims.update(aud=[CLIENT_ID, "another"], azp=CLIENT_ID)
    client = school.test_client()
    assert client.get(back(client, "oidc")).status_code == 303


@pytest.mark.parametrize("changed", [{"iss": "https://evil.example"}, {"iss": None}, {"code": "x"}, {"code": None},
                                     {"code": "x" * 3000}, {"code": None, "error": "access_denied"}], ids=str)  # fmt: skip
def test_an_answer_of_another_issuer_or_without_its_code_gets_nobody_in(
    school: Flask, oidc: OpenIdProvider, changed: dict[str, str | None]
) -> None:
    client = school.test_client()
    refused(client, client.get(with_query(back(client, "oidc"), **changed)), 401, "统一身份认证没有通过")


def test_a_code_is_redeemed_with_the_verifier_that_only_this_browser_can_make(
    school: Flask, oidc: OpenIdProvider
) -> None:
    client = school.test_client()
    path = back(client, "oidc")
    asked = next(iter(oidc.codes.values()))
    assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)
    asked["code_challenge"] = "x" * 43  # a code that was asked for by somebody else
    refused(client, client.get(path), 401, "统一身份认证没有通过")


@pytest.mark.parametrize(
    "said",
    [{"issuer": "https://evil.example"}, {"issuer": None}, {"token_endpoint": "http://evil.example/token"}, {"jwks_uri": None},
     {"authorization_endpoint": "javascript:alert(1)"}, {"authorization_endpoint": "https://x/#y"}, {"jwks_uri": "file:///etc/passwd"}],
    ids=str,
)  # fmt: skip
def test_a_discovery_document_that_leads_elsewhere_is_not_followed(
    school: Flask, oidc: OpenIdProvider, said: dict[str, Any]
) -> None:
    oidc.say = lambda document: document.update(said)
    client = school.test_client()
    refused(client, client.get("/login/oidc"), 503, "统一身份认证暂时不能使用")


# servers that are down, slow, or not the ones that they say


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_is_down_is_told_calmly(
    school: Flask, servers: dict[str, Provider], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = school.test_client()
    path = back(client, way)
    for name in ("WENZE_CAS_URL", "WENZE_OIDC_ISSUER"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    refused(client, client.get(path), 503, "统一身份认证暂时不能使用（无法连接），请稍后再试，或者用登录名和密码登录")


@pytest.mark.parametrize("way", WAYS)
def test_a_slow_server_is_not_waited_for(
    school: Flask, servers: dict[str, Provider], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_on, "ANSWER_SECONDS", 0.2)
    client = school.test_client()
    path = back(client, way)
    servers[way].pause = 2.0
    began = time.monotonic()
    refused(client, client.get(path), 503, "没有按时答复")
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("status", [301, 302, 404, 500, 503])
def test_an_answer_of_another_status_is_no_answer(school: Flask, cas: CasServer, status: int) -> None:
    cas.status = status
    client = school.test_client()
    refused(client, client.get(back(client, "cas")), 503, f"HTTP {status}")


class _Speaker(BaseHTTPRequestHandler):
    """Sends its answer byte by byte, without end."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def speaking(server: HTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def dripping() -> Iterator[int]:
    yield from speaking(HTTPServer(("127.0.0.1", 0), _Speaker))


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[int]:
    """A server with a certificate that nobody vouches for."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    held = tmp_path / "server.pem"
    plain = serialization.NoEncryption()
    held.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = HTTPServer(("127.0.0.1", 0), _Speaker)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(held)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    yield from speaking(server)


def test_an_answer_that_drips_is_not_waited_for(dripping: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_on, "ANSWER_SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(sign_on.ProviderDown, match="没有按时答复"):
        sign_on.fetch(f"http://127.0.0.1:{dripping}/")
    assert time.monotonic() - began < 2


def test_a_certificate_that_nobody_vouches_for_is_refused(self_signed: int) -> None:
    with pytest.raises(sign_on.ProviderDown, match="证书没有通过验证"):
        sign_on.fetch(f"https://localhost:{self_signed}/")


@pytest.mark.parametrize("way", WAYS)
def test_logs_hold_no_identity_and_no_secret(
    school: Flask, servers: dict[str, Provider], way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client = school.test_client()
    path = back(client, way)
    kept = client.get_cookie("wenze-sign-on")
    client.get(path)
    opened = client.get_cookie("wenze")
    assert kept is not None
    assert opened is not None
    servers[way].user = "20030018"
    client.get(back(client, way))
    client.get(with_query(back(client, way), ticket="ST-canary", code="canary"))
    written = capsys.readouterr().err
    rows = [json.loads(line) for line in written.splitlines()]
    assert [row["status"] for row in rows if row.get("route") == f"/login/{way}/back"] == [303, 403, 401]
    assert [(row["way"], row["reason"]) for row in rows if row["event"] == "single-sign-on"] == [
        (way, "ticket" if way == "cas" else "code")
    ]
    query = [values[0] for name, values in parse_qs(urlsplit(path).query).items() if name != "iss"]
    for secret in (*query, *kept.value.split("."), opened.value, CLIENT_SECRET, "canary", "20030017", "20030018"):
        assert secret not in written
