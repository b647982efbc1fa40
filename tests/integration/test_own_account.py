"""One's own account: its log-ins and tokens, which one ends; what administrators did to it, which one is told of."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.people import accounts, log_ins, tokens
from models.people.accounts import Account
from models.store.database import reading, writing
from service import audit
from service.audit import By
from service.usecases.people.accounts import Asked, bind, set_disabled
from service.usecases.people.api_tokens import create_token
from tests.integration.pages import signed_in
from tests.people import LONG_AGO, by_token, logged_in, made

ME = "/api/v1/me"
TOLD = "对您账号的办理"


def account(app: Flask, login: str) -> Account:
    with reading(app.extensions["database"]) as session:
        found = accounts.by_login(session, login)
    assert found is not None
    return found


def roles(client: FlaskClient) -> list[str]:
    return [held["role"] for held in client.get(ME).json["roles"]]


def known_devices(app: Flask, login: str) -> int:
    with reading(app.extensions["database"]) as session:
        return len(log_ins.devices(session, account(app, login).id))


def place(app: Flask, login: str, what: str) -> str:
    return f"/admin/accounts/{account(app, login).id}/{what}"


def test_one_sees_ones_log_ins_and_tokens_and_ends_them(app: Flask) -> None:
    made(app, "li", name="李四")
    made(app, "other", name="旁人")
    here, there, third = (logged_in(app, "li") for _ in range(3))
    other, token, foreign = logged_in(app, "other"), by_token(app, "li"), by_token(app, "other")
    page = here.get("/me").text
    ids = re.findall(r'name="session" value="(\w+)"', page)
    assert (len(ids), page.count("（本次）"), page.count("撤销令牌测试")) == (3, 1, 1)
    assert "wenze_" not in page
    not_own = set(re.findall(r'name="session" value="(\w+)"', other.get("/me").text))
    assert not not_own & set(ids)
    assert here.post("/me/sessions/end", data={"session": not_own.pop()}).status_code == 303
    mine = next(one for one in ids if one not in re.findall(r'value="(\w+)"', page.partition("（本次）")[2][:600]))
    assert here.post("/me/sessions/end", data={"session": mine}).status_code == 303
    assert sorted(client.get(ME).status_code for client in (here, there, third)) == [200, 200, 401]
    assert here.post("/me/sessions/end").location == "/me"
    assert sorted(client.get(ME).status_code for client in (here, there, third, other)) == [200, 200, 401, 401]
    revoke = re.findall(r'action="(/me/tokens/[^"]+)"', page)
    theirs = re.findall(r'action="(/me/tokens/[^"]+)"', other.get("/me").text)
    assert here.post(theirs[0]).status_code == 404
    assert token.get(ME).status_code == 200
    assert here.post(revoke[0]).status_code == 303
    assert (token.get(ME).status_code, foreign.get(ME).status_code) == (401, 200)


def test_a_token_neither_ends_log_ins_nor_takes_note(app: Flask) -> None:
    made(app, "li", name="李四")
    there, token = logged_in(app, "li"), by_token(app, "li")
    own = account(app, "li").id
    with reading(app.extensions["database"]) as session:
        one = tokens.valid_of(session, own)[0].id
    sent = [token.post(path).status_code for path in ("/me/sessions/end", f"/me/tokens/{one}/revoke", "/me/acts")]
    assert (sent, there.get(ME).status_code, token.get(ME).status_code) == ([403] * 3, 200, 200)


@pytest.mark.parametrize("what", ["password", "disable", "bind", "disabled by command"])
def test_whatever_is_open_ends_with_a_reset_and_when_it_is_disabled(app: Flask, what: str) -> None:
    made(app, "li", Asked("office_clerk", LONG_AGO), name="李四")
    clients = [logged_in(app, "li"), by_token(app, "li"), logged_in(app, "li")]
    assert [client.get(ME).status_code for client in clients] == [200] * 3
    assert known_devices(app, "li") == 2
    if what in ("bind", "disabled by command"):
        with writing(app.extensions["database"]) as session:
            if what == "bind":
                bind(session, "li", "20210059", now=datetime.now(UTC))
            else:
                set_disabled(session, "li", True, now=datetime.now(UTC))
    else:
        assert signed_in(app, "system_administrator").post(place(app, "li", what)).status_code in (200, 303)
    assert [client.get(ME).status_code for client in clients] == [401] * 3
    assert known_devices(app, "li") == 0
    with writing(app.extensions["database"]) as session:
        set_disabled(session, "li", False, now=datetime.now(UTC))
    assert [client.get(ME).status_code for client in clients] == [401] * 3


def test_after_a_reset_roles_sleep_until_the_administrator_of_security_has_confirmed_the_owner(app: Flask) -> None:
    made(app, "li", Asked("office_clerk", LONG_AGO), name="李四")
    system, security = signed_in(app, "system_administrator"), signed_in(app, "security_administrator")
    system.post(place(app, "li", "password"))
    assert "待核实本人" in security.get("/admin").text
    made(app, "li", Asked("office_director", LONG_AGO), name="李四")
    client, token = logged_in(app, "li"), by_token(app, "li")
    assert (roles(client), roles(token)) == ([], [])
    assert "角色暂不生效" in client.get("/").text
    assert "已向本人核实" not in system.get(place(app, "li", "")[:-1]).text
    assert system.post(place(app, "li", "confirm")).status_code == 403
    assert "已向本人核实" in security.get(place(app, "li", "")[:-1]).text
    assert security.post(place(app, "li", "confirm")).status_code == 303
    assert roles(client) == roles(token) == ["office_clerk", "office_director"]


def test_an_account_without_roles_waits_for_nobody(app: Flask) -> None:
    made(app, "li", Asked("auditor", LONG_AGO, LONG_AGO + timedelta(1)), name="李四")
    signed_in(app, "system_administrator").post(place(app, "li", "password"))
    assert account(app, "li").unconfirmed_at is None


def test_what_is_done_to_an_account_is_seen_by_its_owner_until_noted_and_by_the_administrator_of_the_trail(
    app: Flask,
) -> None:
    made(app, "li", name="李四")
    system, security = signed_in(app, "system_administrator"), signed_in(app, "security_administrator")
    audit = signed_in(app, "audit_administrator")
    form = {"role": "office_clerk", "from_on": "2026-01-01", "to_on": "2099-12-31"}
    assert security.post(place(app, "li", "grants"), data=form).status_code == 303
    system.post(place(app, "li", "password"))
    made(app, "li", name="李四")
    client = logged_in(app, "li")
    said = client.get("/").text.partition(TOLD)[2].partition("</ul>")[0]
    lines = re.findall(r"<li>\S+ \S+ (.+?)</li>", said)
    assert lines == ["管理员：重设密码", "安全员：授予角色“督办工作人员，2026-01-01 至 2099-12-31”"]
    assert TOLD not in logged_in(app, "system_administrator").get("/").text
    upto = re.findall(r'name="upto" value="(\d+)"', client.get("/").text)[0]
    security.post(place(app, "li", "confirm"))
    assert client.post("/me/acts", data={"upto": upto}).location == "/"
    assert [TOLD in client.get("/").text, "核实本人" in client.get("/").text, "重设密码" in client.get("/").text] == [
        True,
        True,
        False,
    ]
    client.post("/me/acts", data={"upto": "999999999"})
    assert TOLD not in client.get("/").text
    client.post("/me/acts", data={"upto": "1"})
    assert TOLD not in client.get("/").text
    system.post(place(app, "li", "disable"))
    shown = audit.get("/admin/acts").text
    rows = re.findall(r"<td>([^<]+)</td><td>([^<]+)</td><td>([^<]+)</td></tr>", shown)
    assert rows == [
        ("管理员", "停用账号", "李四（li）"), ("安全员", "核实本人", "李四（li）"), ("管理员", "重设密码", "李四（li）"),
        ("安全员", "授予角色：督办工作人员，2026-01-01 至 2099-12-31", "李四（li）"),
    ]  # fmt: skip
    assert [one.get("/admin/acts").status_code for one in (system, security, client)] == [403, 403, 401]


def test_the_acts_are_paged(app: Flask) -> None:
    made(app, "li", name="李四")
    system, audit = signed_in(app, "system_administrator"), signed_in(app, "audit_administrator")
    for _ in range(51):
        system.post(place(app, "li", "enable"))
    first = audit.get("/admin/acts").text
    assert first.count("恢复账号</td>") == 50
    further = re.findall(r'href="(/admin/acts\?last=\d+)"', first)
    assert audit.get(further[0]).text.count("恢复账号</td>") == 1


def test_a_token_made_for_an_account_is_told_to_its_owner(app: Flask) -> None:
    made(app, "li", name="李四")
    with writing(app.extensions["database"]) as session:
        create_token(session, "导入", now=datetime.now(UTC), expires_at=None, login="li")
        audit.record(
            session,
            "token create",
            By("命令行（操作系统用户 root）", "command"),
            now=datetime.now(UTC),
            privileged=True,
        )
    assert "命令行（操作系统用户 root）：生成令牌" in logged_in(app, "li").get("/").text
