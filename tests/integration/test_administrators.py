"""Three administrators, none of whom comes to a case alone: roles that exclude each other, ways in, and who is told of them."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from models.people import accounts
from models.people.accounts import Account, RoleGrant
from models.people.units import Unit
from models.schemas.errors import CaseFileError
from models.store.database import connect, reading, upgrade, writing
from service.access import access
from service.usecases.people.accounts import Asked, grant_role, revoke_role, wanting_administrators
from service.usecases.people.principals import of_account
from tests.entering import Entering
from tests.integration.case_office import proposed
from tests.integration.pages import signed_in
from tests.people import LONG_AGO, attempt, made, with_csrf

NOW = datetime.now(UTC)
TODAY = NOW.date()
SYSTEM, SECURITY, AUDIT = "system_administrator", "security_administrator", "audit_administrator"
ROLES = [role for role in access().roles.values() if not role.of_token]
NEW = "another-horse-battery-77"


def may_hold_together(role: str, other: str) -> bool:
    """By the issue: an administrator holds nothing else."""
    return role == other or not {role, other} & {SYSTEM, SECURITY, AUDIT}


@pytest.fixture(scope="module")
def school(embedded: Flask, token: str) -> tuple[Flask, str]:
    """A case, and the units of its matter and of those who act for one."""
    with writing(embedded.extensions["database"]) as session:
        session.add_all([Unit(name=name, from_on=LONG_AGO) for name in ("甲处", "乙处", "丙处")])
    return embedded, proposed(Entering.at(embedded, token)).json["id"]


def asked(role: str, case_id: str, first: date, last: date | None) -> Asked:
    """A role as it has to be asked for."""
    of = access().roles[role]
    unit = "丙处" if of.of_unit else None
    return Asked(role, first, last, unit, case_id if of.of_case else None, "P1" if of.of_case else None)


def an_account(session: Any, login: str) -> str:
    session.add(Account(id=str(uuid.uuid4()), login=login, name=login, must_change=False, created_at=NOW))
    session.flush()
    return login


def test_of_every_pair_of_roles_those_alone_are_held_together_that_no_administrator_is_of(
    school: tuple[Flask, str],
) -> None:
    app, case_id = school

    def both(login: str, one: str, other: str, first: date, last: date | None) -> bool:
        with writing(app.extensions["database"]) as session:
            an_account(session, login)
            grant_role(session, login, asked(one, case_id, TODAY, TODAY), by="测试", now=NOW)
            try:
                grant_role(session, login, asked(other, case_id, first, last), by="测试", now=NOW)
            except CaseFileError:
                return False
            return True

    pairs = [(one.id, other.id) for one, other in itertools.product(ROLES, ROLES)]
    wrong = [pair for at, pair in enumerate(pairs)
             if both(f"pair {at}", *pair, TODAY, None) is not may_hold_together(*pair)]  # fmt: skip
    assert not wrong
    day = timedelta(1)
    spans = {(-9, 9): False, (-9, None): False, (0, 0): False, (1, None): True, (-9, -1): True}
    found = {
        (first, last): both(
            f"span {first} {last}",
            "office_clerk",
            AUDIT,
            TODAY + first * day,
            None if last is None else TODAY + last * day,
        )
        for first, last in spans
    }
    assert found == spans


def test_what_was_revoked_excludes_nothing(app: Flask) -> None:
    with writing(app.extensions["database"]) as session:
        login = an_account(session, "li")
        revoke_role(
            session, grant_role(session, login, Asked("office_clerk", TODAY), by="测试", now=NOW), by="测试", now=NOW
        )
        grant_role(session, login, Asked(SYSTEM, TODAY), by="测试", now=NOW)


@pytest.mark.parametrize("other", ["office_clerk", SECURITY])
def test_of_two_exclusive_grants_at_once_one_is_made(app: Flask, other: str) -> None:
    engine = app.extensions["database"]

    def give(login: str, role: str, barrier: Barrier) -> bool:
        barrier.wait()
        try:
            with writing(engine) as session:
                grant_role(session, login, Asked(role, TODAY), by="测试", now=NOW)
        except CaseFileError:
            return False
        return True

    for at in range(5):
        with writing(engine) as session:
            login = an_account(session, f"li{at}")
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(give, login, role, barrier) for role in (SYSTEM, other)]
            assert sorted(future.result() for future in futures) == [False, True]


def test_roles_that_came_past_the_grant_leave_the_administrators_out(app: Flask) -> None:
    with writing(app.extensions["database"]) as session:
        for at, roles in enumerate([(SYSTEM, "office_clerk"), (SYSTEM, SECURITY), (SECURITY,), (AUDIT,)]):
            login = an_account(session, f"li{at}")
            account = accounts.by_login(session, login)
            assert account is not None
            for role in roles:
                session.add(RoleGrant(id=f"{at} {role != SYSTEM}", account_id=account.id, role=role, from_on=LONG_AGO,
                                      granted_by="旧版", granted_at=NOW))  # fmt: skip
        session.flush()
        held = {
            account.login: [one.role.id for one in of_account(account, grants).roles]
            for account, grants in accounts.holding(session, [SYSTEM, SECURITY, AUDIT], TODAY).items()
        }
        assert held == {"li0": ["office_clerk"], "li1": [], "li2": [SECURITY], "li3": [AUDIT]}
        wanting = list(wanting_administrators(session, TODAY))
    assert [line.partition("：")[0] for line in wanting] == [
        "还没有系统管理员，其职责无人办理",
        "账号 li0 同时持有系统管理员、督办工作人员，互相排斥，其管理员角色不生效",
        "账号 li1 同时持有系统管理员、安全管理员，互相排斥，其管理员角色不生效",
    ]


def test_an_administrator_from_before_becomes_the_systems_and_is_told_how_the_others_are_named(bare_url: str) -> None:
    upgrade(bare_url, "0013")
    engine = connect(bare_url)
    with engine.begin() as connection:
        for login in ("old", "mixed"):
            connection.execute(
                text(
                    f"INSERT INTO accounts (id, login, name, must_change, created_at) VALUES ('{login}', '{login}', '{login}', false, '2026-01-01')"
                )
            )
        grants = (("old", "administrator"), ("mixed", "administrator"), ("mixed", "office_clerk"))
        for at, (login, role) in enumerate(grants):
            connection.execute(
                text(
                    f"INSERT INTO role_grants (id, account_id, role, from_on, granted_by, granted_at) VALUES ('{at}', '{login}', '{role}', '2026-01-01', '命令行', '2026-01-01')"
                )
            )
        connection.execute(text("UPDATE audit_head SET number = 7"))
    upgrade(bare_url)
    with reading(engine) as session:
        found = {
            account.login: ([one.role.id for one in of_account(account, grants).roles], account.acknowledged)
            for account, grants in accounts.holding(session, [SYSTEM, "office_clerk"], TODAY).items()
        }
        wanting = list(wanting_administrators(session, TODAY))
    engine.dispose()
    assert found == {"old": ([SYSTEM], 7), "mixed": (["office_clerk"], 7)}
    assert [re.search(r"wenze user grant 登录名 (\w+)", line) is not None for line in wanting] == [True, True, False]
    assert [said in line for said, line in zip(("安全管理员", "安全审计员", "账号 mixed"), wanting, strict=True)] == [
        True
    ] * 3


@dataclass
class Attempt:
    """One administrator, whoever they have in view, and the passwords that they were shown on the way."""

    app: Flask
    client: FlaskClient
    victim: str
    newcomer: str
    known: dict[str, str] = field(default_factory=dict)

    def place(self, login: str, what: str) -> str | None:
        with reading(self.app.extensions["database"]) as session:
            found = accounts.by_login(session, login)
        return f"/admin/accounts/{found.id}{what}" if found is not None else None

    def state(self) -> object:
        """How the two accounts stand, whatever they are called."""
        with reading(self.app.extensions["database"]) as session:
            found = [accounts.by_login(session, login) for login in (self.victim, self.newcomer)]
            return tuple(
                (one.disabled_at is None, one.unconfirmed_at is None, one.must_change, one.login in self.known,
                 sorted(grant.role for grant in accounts.grants_of(session, one.id) if grant.revoked_at is None).__repr__())
                if one is not None else None for one in found)  # fmt: skip

    def do(self, act: tuple[str, str]) -> bool:
        """Whether it was done at all."""
        what, whose = act
        login = getattr(self, whose)
        path = "/admin/accounts/new" if what == "new" else self.place(login, f"/{what}")
        if path is None:
            return False
        given = (
            {"role": "office_clerk", "from_on": "2020-01-01"}
            if what == "grants"
            else {"login": login, "name": login, "subject": login}
        )
        answer = self.client.post(path, data=given)
        if (shown := re.search(r'class="secret">([^<]+)<', answer.text)) is not None:
            self.known[login] = shown[1]
        return answer.status_code in (200, 303)

    def clients(self) -> Iterator[FlaskClient]:
        """Everybody as whom they come in, having chosen another password where that is asked for."""
        yield self.client
        for login, password in self.known.items():
            client = self.app.test_client()
            answer = attempt(client, login, password)
            if answer.status_code == 303:
                with_csrf(client)
                if answer.location == "/password":
                    client.post("/password", data={"old": password, "new": NEW, "again": NEW})
                yield with_csrf(client)


ACTS = [
    ("new", "newcomer"),
    *itertools.product(("grants", "password", "confirm"), ("victim", "newcomer")),
    ("disable", "victim"),
    ("enable", "victim"),
]
"""Log-ins that end open nothing; nobody does anything to themselves, which is shown by itself."""


def test_no_three_acts_of_one_administrator_end_in_a_case(
    school: tuple[Flask, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of sequences of acts that leave everything alike one is followed further; acts that are refused lead nowhere."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("service.usecases.people.accounts.HASHER", quick)
    embedded, case_id = school
    clients = {role: signed_in(embedded, role) for role in (SYSTEM, SECURITY, AUDIT)}
    numbers = itertools.count()

    def tried(role: str, acts: tuple[tuple[str, str], ...]) -> tuple[bool, Attempt]:
        at = next(numbers)
        made(embedded, f"victim{at}", Asked("office_clerk", LONG_AGO))
        found = Attempt(embedded, clients[role], f"victim{at}", f"newcomer{at}")
        return [found.do(act) for act in acts][-1], found

    def reads(found: Attempt) -> bool:
        asked = [(client.get(f"/api/v1/cases/{case_id}").status_code, client.get(f"/cases/{case_id}").status_code,
                  client.post(f"/cases/{case_id}/act/approve", data={}).status_code) for client in found.clients()]  # fmt: skip
        return any(status not in (401, 403, 404) and status != 303 for row in asked for status in row)

    states: dict[str, set[object]] = {}
    for role in clients:
        may = {act[0] for act in ACTS if (act[1] == "victim" or role == SYSTEM) and tried(role, (act,))[0]}
        further: list[tuple[tuple[str, str], ...]] = [()]
        states[role] = set()
        for _ in range(3):
            longer = [(*acts, act) for acts in further for act in ACTS if act[0] in may]
            further = []
            for acts in longer:
                went, found = tried(role, acts)
                if went and found.state() not in states[role]:
                    states[role].add(found.state())
                    further.append(acts)
                    assert not reads(found), (role, acts)
    assert len(states[SYSTEM]) > 6
    assert len(states[SECURITY]) > 1
    assert not states[AUDIT]
    at = Attempt(embedded, clients[SYSTEM], "victim0", "newcomer0")
    assert at.do(("password", "victim"))
    assert not reads(at)
    assert Attempt(embedded, clients[SECURITY], "victim0", "newcomer0").do(("confirm", "victim"))
    at.known["victim0"] = NEW
    assert reads(at)  # by two of them, and both are on record
