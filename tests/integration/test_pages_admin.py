"""The administrators' pages: accounts by one, roles by another, passwords shown once, nobody over themselves, nothing of cases."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.audit import events as audit
from models.people import accounts
from models.people.accounts import Account
from models.store.database import reading
from service.access import access
from tests.integration.case_office import proposed
from tests.integration.pages import counted, signed_in
from tests.people import attempt, logged_in, made, with_csrf

NEW = "/admin/accounts/new"
PAGES = ("/admin", NEW, "/admin/access", "/admin/tokens", "/admin/calendar")


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """The system's administrator."""
    return signed_in(app, "system_administrator")


@pytest.fixture
def security(app: Flask) -> FlaskClient:
    """That of security."""
    return signed_in(app, "security_administrator")


def account(app: Flask, login: str) -> Account:
    with reading(app.extensions["database"]) as session:
        found = accounts.by_login(session, login)
    assert found is not None
    return found


def place(app: Flask, login: str, what: str = "") -> str:
    return f"/admin/accounts/{account(app, login).id}{what}"


def held(app: Flask, login: str) -> list[tuple[str, str | None]]:
    owner = account(app, login)
    with reading(app.extensions["database"]) as session:
        return [(grant.role, grant.unit) for grant in accounts.grants_of(session, owner.id) if grant.revoked_at is None]


def events(app: Flask) -> list[tuple[str, str | None]]:
    with reading(app.extensions["database"]) as session:
        return [
            (row.action, row.subject_id)
            for row in audit.page(session, after=0, limit=500)
            if row.action.startswith("admin")
        ]


def test_an_account_is_made_its_password_shown_once_and_changed_at_the_first_log_in(
    app: Flask, admin: FlaskClient
) -> None:
    shown = admin.post(NEW, data={"login": "zhang", "name": "张三"})
    password = re.search(r'class="secret">([^<]+)<', shown.text)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    assert password is not None
    assert password[1] not in admin.get(place(app, "zhang")).text
    assert attempt(app.test_client(), "zhang", password[1]).location == "/password"
    assert events(app) == [("admin-pages.add", account(app, "zhang").id)]


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [({}, "login", "缺少必填字段"), ({"login": "system_administrator", "name": "新人"}, "login", "已有这个登录名"),
     ({"login": "new", "name": "管理员"}, "person", "人员登记中已有")],
    ids=["nothing", "log-in taken", "name taken"],
)  # fmt: skip
def test_an_account_that_cannot_be_is_told_at_its_field(admin: FlaskClient, form: Any, field: str, said: str) -> None:
    page = admin.post(NEW, data=form)
    assert page.status_code == 422
    assert said in page.text.partition(f'id="{field}-error">')[2][:60]


def test_roles_are_given_and_taken_with_their_days(app: Flask, office: FlaskClient, security: FlaskClient) -> None:
    admin = security
    made(app, "zhang", name="张三")
    grants = place(app, "zhang", "/grants")
    faulty = admin.post(grants, data={"role": "unit_head", "from_on": "2026-02-01", "to_on": "2026-01-01"})
    assert faulty.status_code == 422
    assert all(f'id="{field}-error"' in faulty.text for field in ("unit", "to_on"))
    assert admin.post(grants, data={"role": "integration", "from_on": "2026-02-01"}).status_code == 422
    assert admin.post(grants, data={"role": "unit_head", "unit": "甲处", "from_on": "2026-02-01"}).status_code == 303
    assert held(app, "zhang") == [("auditor", None), ("unit_head", "甲处")]
    page = admin.get(place(app, "zhang")).text
    revoke = re.findall(r'action="([^"]+/revoke)"', page)[-1]
    assert admin.post(revoke).status_code == 303
    assert held(app, "zhang") == [("auditor", None)]
    assert "由安全员撤销" in admin.get(place(app, "zhang")).text
    stranger = revoke.replace(account(app, "zhang").id, account(app, "security_administrator").id[:-1] + "x")
    assert admin.post(stranger).status_code == 404


def test_a_disabled_account_is_out_at_once_and_can_come_back(app: Flask, admin: FlaskClient) -> None:
    made(app, "zhang", name="张三")
    client = logged_in(app, "zhang")
    assert admin.post(place(app, "zhang", "/disable")).status_code == 303
    assert client.get("/api/v1/me").status_code == 401
    assert attempt(app.test_client(), "zhang").status_code == 401
    admin.post(place(app, "zhang", "/enable"))
    assert attempt(app.test_client(), "zhang").status_code == 303
    shown = admin.post(place(app, "zhang", "/password"))
    assert attempt(app.test_client(), "zhang").status_code == 401
    assert account(app, "zhang").must_change
    assert 'class="secret"' in shown.text
    assert [action for action, _ in events(app)] == [f"admin-pages.{name}" for name in ("disable", "enable", "reset")]


def test_the_log_ins_of_an_account_end_together(app: Flask, admin: FlaskClient) -> None:
    made(app, "zhang", name="张三")
    clients = [logged_in(app, "zhang"), logged_in(app, "zhang")]
    assert admin.get(place(app, "zhang")).text.count("没有结束") == 2
    admin.post(place(app, "zhang", "/sessions/end"))
    assert [client.get("/api/v1/me").status_code for client in clients] == [401, 401]
    assert "没有结束" not in admin.get(place(app, "zhang")).text


@pytest.mark.parametrize(
    "what", ["/disable", "/enable", "/password", "/sessions/end", "/confirm", "/grants", "/grants/x/revoke"]
)
def test_nobody_has_power_over_their_own_account(
    app: Flask, admin: FlaskClient, security: FlaskClient, what: str
) -> None:
    for client, role in ((admin, "system_administrator"), (security, "security_administrator")):
        given = {"role": "office_director", "from_on": "2026-01-01"}
        answer = client.post(place(app, role, what), data=given)
        own = answer.status_code == 409 and "请由另一位管理员办理" in answer.text
        assert own or answer.status_code == 403
        assert held(app, role) == [(role, None)]
        assert (account(app, role).disabled_at, account(app, role).must_change) == (None, False)


def test_tokens_are_listed_without_their_secrets_and_revoked(
    app: Flask, office: FlaskClient, admin: FlaskClient
) -> None:
    page = admin.get("/admin/tokens").text
    assert "wenze_" not in page
    revoke = re.search(r'action="(/admin/tokens/[^"]+/revoke)"', page)
    assert revoke is not None
    assert admin.post(revoke[1]).location == "/admin/tokens"
    assert "已撤销" in admin.get("/admin/tokens").text
    assert admin.post("/admin/tokens/none/revoke").status_code == 404


def test_the_table_of_access_is_shown_whole_to_those_who_may_read_it(app: Flask, admin: FlaskClient) -> None:
    for client in (admin, signed_in(app, "auditor")):
        page = client.get("/admin/access").text
        assert all(role.label in page for role in access().roles.values())
        assert all(permission.label in page for permission in access().permissions.values())
    assert 'href="/admin/tokens"' not in page


def test_the_calendar_tells_its_years_and_what_is_not_confirmed(admin: FlaskClient) -> None:
    page = admin.get("/admin/calendar").text
    assert '<th scope="row">2026</th>' in page
    assert "诫勉" in page


def test_the_pages_are_the_administrators_alone_and_show_no_case(
    app: Flask, office: FlaskClient, admin: FlaskClient, security: FlaskClient
) -> None:
    case = proposed(office, title="张某逾期一案").json
    made(app, "zhang", name="张三")
    form = {"role": "person_investigated", "case_id": case["id"], "person": "P1", "from_on": "2026-01-01"}
    assert security.post(place(app, "zhang", "/grants"), data=form).status_code == 303
    for path in (*PAGES, place(app, "zhang")):
        assert "张某" not in admin.get(path).text
    assert (
        case["id"] in security.get(place(app, "zhang")).text,
        case["id"] in admin.get(place(app, "zhang")).text,
    ) == (True, False)
    others = ("/cases", f"/cases/{case['id']}", "/matters", "/office")
    assert [admin.get(path).status_code for path in others] == [403] * 4
    director = signed_in(app, "office_director")
    assert [director.get(path).status_code for path in PAGES] == [403, 403, 200, 403, 403]
    assert director.post(place(app, "zhang", "/disable")).status_code == 403


def test_a_page_asks_as_often_with_thirty_accounts_as_with_one(app: Flask, admin: FlaskClient) -> None:
    with counted(app) as few:
        assert admin.get("/admin").status_code == 200
    for at in range(60):
        made(app, f"u{at:02}", name=f"某{at}")
    with counted(app) as many:
        page = admin.get("/admin").text
    assert (page.count("审计人员"), len(many)) == (49, len(few))
    following = re.search(r'href="(/admin\?[^"]+)">下一页', page)
    assert following is not None
    assert admin.get(following[1].replace("&amp;", "&")).text.count("审计人员") == 11
    assert admin.get("/admin?containing=某5").text.count("审计人员") == 11
    assert len(few) < 12


def test_a_form_without_the_sessions_token_changes_nothing(app: Flask, admin: FlaskClient) -> None:
    made(app, "zhang", name="张三")
    del admin.environ_base["HTTP_X_CSRF_TOKEN"]
    assert admin.post(place(app, "zhang", "/disable")).status_code == 403
    assert account(app, "zhang").disabled_at is None
    assert with_csrf(admin).post(place(app, "zhang", "/disable")).status_code == 303
