"""``wenze user`` and ``wenze token --for``: accounts and roles on the command line."""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.audit import events
from models.people import accounts
from models.people.units import Unit
from models.store.database import connect, reading, writing
from rules.reasoning.calendar import LOCAL
from service.app import create_app
from service.cli import main
from service.cli.db import ready_database
from tests.people import attempt
from tests.registered import register

Run = Callable[..., Result]
UNKNOWN = "没有这个登录名的账号；见 wenze user list"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line at a school of one unit, which has another name."""
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with writing(connect(ready_database(new=True))) as session:
        session.add(Unit(name="甲处", from_on=date(2020, 1, 1)))
    return lambda *words: CliRunner().invoke(main, list(words))


def password_in(result: Result) -> str:
    assert result.exit_code == 0, result.output
    found = re.search(r"：(\S+)$", result.stdout.strip())
    assert found is not None
    return found[1]


def test_the_first_administrators_are_shown_once_by_the_set_up(run: Run) -> None:
    first = run("db", "upgrade")
    shown = re.findall(r"已建立(\S+)账号 (\S+)，初始密码（只在此处显示，首次登录须修改）：(\S{16,})", first.stdout)
    assert [one[:2] for one in shown] == [("系统管理员", "admin"), ("安全管理员", "security"), ("安全审计员", "audit")]
    again = run("db", "upgrade")
    assert (again.stdout, "还没有" in again.stderr) == ("", False)
    for label, login, _ in shown:
        assert re.search(rf"{login}　{label}\n　　\S+　{label}　\S+ 至 长期　有效", run("user", "list").stdout)


def test_an_account_is_made_with_a_password_that_works_and_has_to_be_changed(run: Run) -> None:
    password = password_in(run("user", "add", "li", "李四", "--subject", "20210059"))
    app = create_app(ready_database(new=True))
    assert attempt(app.test_client(), "li", password).headers["Location"] == "/password"
    again = password_in(run("user", "password", "li"))
    assert attempt(app.test_client(), "li", password).status_code == 401
    assert attempt(app.test_client(), "li", again).status_code == 303
    app.extensions["database"].dispose()


def test_every_fault_of_an_account_is_told_at_once(run: Run) -> None:
    run("user", "add", "li", "李四")
    for words, told in (
        ((" li", ""), ("登录名：应为1至100个字", "姓名：应为1至200个字")),
        (("li", "李四"), ("登录名：已有这个登录名的账号", "工号：人员登记中已有“李四”")),
        (("l\x07", "王五"), ("登录名：应为1至100个字",)),
    ):
        refused = run("user", "add", *words)
        assert refused.exit_code == 2
        assert all(part in refused.stderr for part in told), refused.stderr
        assert refused.stdout == ""
    with reading(connect(ready_database(new=True))) as session:
        assert [account.login for account in accounts.every(session)] == ["li"]


def test_a_role_is_granted_from_day_to_day_and_revoked(run: Run) -> None:
    run("user", "add", "wang", "王五")
    today = datetime.now(UTC).astimezone(LOCAL).date()
    spans = {
        "有效": (today, today),
        "未到期": (today + timedelta(days=1), today + timedelta(days=1)),
        "已到期": (today - timedelta(days=1), today - timedelta(days=1)),
    }
    for state, (begins, ends) in spans.items():
        made = run("user", "grant", "wang", "unit_head", "--unit", "甲处", "--from", f"{begins}", "--to", f"{ends}")
        assert made.exit_code == 0, made.output
        assert f"{made.stdout.strip()}　单位负责人（甲处）　{begins} 至 {ends}　{state}" in run("user", "list").stdout
        assert run("user", "revoke", made.stdout.strip()).exit_code == 0
        assert f"{made.stdout.strip()}　单位负责人（甲处）　{begins} 至 {ends}　已撤销" in run("user", "list").stdout
    open_ended = run("user", "grant", "wang", "auditor")
    assert f"{open_ended.stdout.strip()}　审计人员　{today} 至 长期　有效" in run("user", "list").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("unit_head",), ["单位：单位负责人须写明单位"]),
        (("unit_head", "--unit", "丁处"), ["单位：单位表中没有这个单位"]),
        (("auditor", "--unit", "甲处"), ["单位：审计人员不按单位授予"]),
        (("auditor", "--case", "x"), ["案件：审计人员不按案件授予"]),
        (("auditor", "--person", "P1"), ["案件：审计人员不按案件授予"]),
        (("person_investigated", "--case", "x"), ["案件：调查对象须写明案件和调查对象的编号"]),
        (("person_investigated", "--case", "x", "--person", "P1"), ["案件：没有这个案件"]),
        (("auditor", "--unit", "甲处", "--from", "2026-02-01", "--to", "2026-01-31"), ["止：不得早于起", "单位：审计人员不按单位"]),
    ],
    ids=["no unit", "unknown unit", "needless unit", "needless case", "needless person", "no person", "unknown case", "two faults"],
)  # fmt: skip
def test_a_role_that_cannot_be_granted_is_refused_with_every_reason(
    run: Run, words: tuple[str, ...], told: list[str]
) -> None:
    run("user", "add", "wang", "王五")
    refused = run("user", "grant", "wang", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert all(part in refused.stderr for part in told), refused.stderr
    assert "　　" not in run("user", "list").stdout


def test_a_role_that_the_table_does_not_have_or_that_is_for_tokens_alone_is_refused(run: Run) -> None:
    run("user", "add", "wang", "王五")
    assert [run("user", "grant", "wang", role).exit_code for role in ("king", "integration")] == [2, 2]
    shown = run("user", "roles").stdout
    assert "unit_head　单位负责人（按单位授予）" in shown
    assert "integration" not in shown


def test_who_does_not_exist_is_said_for_every_command(run: Run) -> None:
    for words in (("grant", "no", "auditor"), ("disable", "no"), ("enable", "no"), ("password", "no")):
        refused = run("user", *words)
        assert (refused.exit_code, refused.stderr.splitlines()[-1], refused.stdout) == (2, UNKNOWN, ""), words
    assert run("user", "revoke", "no").stderr.splitlines()[-1] == "没有这次授予；编号见 wenze user list"
    made = run("token", "create", "--for", "no")
    assert (made.exit_code, made.stderr.splitlines()[-1], made.stdout) == (2, UNKNOWN, "")


def test_an_account_is_disabled_and_enabled_again(run: Run) -> None:
    password = password_in(run("user", "add", "li", "李四"))
    app = create_app(ready_database(new=True))
    for word, status in (("disable", 401), ("enable", 303)):
        assert run("user", word, "li").exit_code == 0
        assert attempt(app.test_client(), "li", password).status_code == status
        assert ("已停用" in run("user", "list").stdout) is (word == "disable")
    app.extensions["database"].dispose()


def test_a_token_for_an_account_does_what_its_roles_allow_within_its_scopes(run: Run) -> None:
    run("user", "add", "li", "李四")
    run("user", "grant", "li", "office_clerk")
    app = create_app(ready_database(new=True))
    for_li = run("token", "create", "--for", "li", "--name", "导入")
    whole = for_li.stdout.strip()
    assert "不代表" not in for_li.stderr
    part = run("token", "create", "--for", "li", "--only", "ledger").stdout.strip()
    made = run("token", "create", "--name", "对接")
    bare = made.stdout.strip()
    of_cases = run("token", "create", "--name", "案件对接", "--only", "case")
    assert "只限处理建议：" in made.stderr
    assert "只限问责案件：" in of_cases.stderr
    assert re.search(r"不代表任何账号.+不能以任何人的名义办理.+wenze token create --for 账号", made.stderr)
    listed = run("token", "list").stdout.splitlines()
    assert [line.split("  ")[-1] for line in listed] == [
        "代表账号 li",
        "代表账号 li",
        *["不代表任何账号，不能办理"] * 2,
    ]
    found = {}
    for name, secret in (("whole", whole), ("part", part), ("bare", bare), ("cases", of_cases.stdout.strip())):
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        found[name] = [client.get(f"/api/v1/{path}").status_code for path in ("matters", "cases", "access")]
        assert client.get("/api/v1/me").json["personal"] is (name not in ("bare", "cases"))
    assert found == {
        "whole": [200, 200, 403],
        "part": [200, 403, 403],
        "bare": [403, 403, 403],
        "cases": [403, 200, 403],
    }
    run("user", "disable", "li")
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {whole}"
    assert client.get("/api/v1/matters").status_code == 401
    app.extensions["database"].dispose()


def test_a_command_is_written_down_under_the_user_of_the_operating_system(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "冒名")
    run("user", "add", "li", "李四")
    run("user", "grant", "li", "office_clerk")
    run("user", "password", "li")
    run("user", "confirm", "li")
    who = f"命令行（操作系统用户 {pwd.getpwuid(os.getuid()).pw_name}）"
    with reading(connect(ready_database())) as session:
        account = accounts.by_login(session, "li")
        assert account is not None
        found = [(row.action, row.actor, row.subject_id) for row in events.page(session, after=0, limit=50)]
        assert [grant.granted_by for grant in accounts.grants_of(session, account.id)] == [who]
    wanted = [(f"user {name}", who, account.id) for name in ("add", "grant", "password", "confirm")]
    assert [event for event in found if event[0].startswith("user ")] == wanted


def test_a_calendar_is_of_nobody(run: Run) -> None:
    run("user", "add", "li", "李四")
    refused = run("token", "create", "--calendar", "--for", "li")
    assert (refused.exit_code, "--for 不能与 --calendar 同用" in refused.stderr) == (2, True)


def test_approvers_whom_the_registry_does_not_know_are_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(connect(ready_database(new=True))) as session:
        register(session, ["书记"])
    monkeypatch.setenv("WENZE_APPROVERS", "书记、张三,李四、10086")
    done = run("config", "check")
    assert (done.exit_code, done.stderr.splitlines()) == (2, [
        f"WENZE_APPROVERS 中的“{one}”不是人员登记中的工号：应写工号，以“、”分隔；改正之前，无人能以此批准启动调查"
        for one in ("10086", "张三,李四")
    ])  # fmt: skip
    served: list[str] = []
    monkeypatch.setattr("service.cli.serve.serve", lambda url, **_: served.append(url))
    started = run("serve")
    assert (started.exit_code, len(served), started.stderr.count("不是人员登记中的工号")) == (0, 1, 2)
    monkeypatch.setenv("WENZE_APPROVERS", "书记")
    assert run("config", "check").exit_code == 0
