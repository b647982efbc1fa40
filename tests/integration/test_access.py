"""The table of access holds at every route: route × method × role × relation, from the map of addresses.

Every view is replaced by one that only tells that it was reached, so that nothing but the guard answers.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from rules.book.loading import load_rulebook
from service.access import access
from service.app import routes
from tests.access_cells import (
    ABSENT,
    AWAY,
    BOUND,
    MEMBER,
    OUTSIDER,
    RECUSED,
    SUBJECT,
    World,
    address,
    built,
    methods,
    outcome,
)
from tests.entering import Entering

ROLES = tuple(role for role in access().roles if role != "integration")
CELLS = {
    "case": [
        (OUTSIDER, "investigating", "none"), (MEMBER, "investigating", "assigned"), (RECUSED, "investigating", "recused"),
        (SUBJECT, "investigating", "recused"), (OUTSIDER, "submitted", "submitted"), (OUTSIDER, "closed", "decided"),
    ],
    "matter": [(OUTSIDER, "of another", "none"), (MEMBER, "of case", "assigned"), (OUTSIDER, "of case", "in_hand"),
               (RECUSED, "of case", "recused"), (SUBJECT, "of case", "recused")],
    "receipt": [
        (OUTSIDER, "investigating", "none"), (MEMBER, "investigating", "assigned"), (RECUSED, "investigating", "recused"),
        (SUBJECT, "investigating", "recused"), (OUTSIDER, "submitted", "submitted"), (OUTSIDER, "closed", "decided"),
    ],
    "none": [(OUTSIDER, "", "none")],
}  # fmt: skip
"""about → account, thing, and how the account stands to it: each relation once, for every route."""
FURTHER = {
    "case": [
        (OUTSIDER, "proposed", "none"), (SUBJECT, "proposed", "recused"), (OUTSIDER, "decided", "decided"),
        *[(name, stage, relation) for stage in ("submitted", "decided", "closed")
          for name, relation in ((MEMBER, "assigned"), (RECUSED, "recused"), (SUBJECT, "recused"))],
        (AWAY, "submitted", "submitted"), (AWAY, "decided", "recused"), (AWAY, "closed", "recused"),
    ],
    "matter": [(OUTSIDER, "of co-unit", "in_hand"), (MEMBER, "of another", "none"), (RECUSED, "of another", "none")],
    "receipt": [
        (OUTSIDER, "bare", "none"), (MEMBER, "bare", "none"), (RECUSED, "closed", "recused"), (SUBJECT, "closed", "recused"),
        (MEMBER, "closed", "assigned"), (OUTSIDER, "decided", "decided"), (AWAY, "decided", "recused"),
    ],
}  # fmt: skip
"""Which of several relations counts, for one route of each permission."""
OF_UNIT = {role.id for role in access().roles.values() if role.of_unit}


@pytest.fixture(scope="module")
def world(embedded: Flask, token: str) -> World:
    client = embedded.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return built(embedded, Entering.at(embedded, token), client)


def guarded(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route that asks who one is, with its permission."""
    for rule in app.url_map.iter_rules():
        permission = routes(load_rulebook())[rule.endpoint].permission
        if permission is not None:
            yield rule, permission


def expected(permission: str, role: str, relation: str) -> str:
    allowed = access().relations_of(permission, role)
    return "refused" if not allowed else "reached" if relation in allowed else "hidden"


def of_role(relation: str, role: str) -> str:
    """What is in the hands of one's unit is so for those alone who act for it."""
    return "none" if relation == "in_hand" and role not in OF_UNIT else relation


def wrong_cells(
    world: World, role: str, rule: Rule, permission: str, cells: list[tuple[str, str, str]]
) -> Iterator[str]:
    about = access().permissions[permission].about
    for method in methods(rule):
        absent = outcome(world.clients[OUTSIDER], method, address(rule, about, ABSENT)) if about != "none" else None
        if absent is not None and absent[0] != ("hidden" if access().relations_of(permission, role) else "refused"):
            yield f"{method} {rule.rule} absent: {absent[0]}"
        for name, thing, relation in (
            cells if method != "HEAD" else cells[:2]
        ):  # HEAD is GET's: one in, one out tells it
            wanted = expected(permission, role, of_role(relation, role))
            found = outcome(
                world.clients[name], method, address(rule, about, world.things.get(about, {}).get(thing, ""))
            )
            if found[0] != wanted or (wanted == "hidden" and found != absent):
                yield f"{method} {rule.rule} {name} {thing}: {found[0]} instead of {wanted}"


@pytest.mark.parametrize("role", ROLES)
def test_every_route_is_open_to_a_role_as_the_table_says(world: World, role: str) -> None:
    world.grant(role)
    wrong: list[str] = []
    for rule, permission in guarded(world.app):
        wrong += wrong_cells(world, role, rule, permission, CELLS[access().permissions[permission].about])
    assert not wrong


@pytest.mark.parametrize("role", ROLES)
def test_of_several_relations_the_strictest_counts(world: World, role: str) -> None:
    world.grant(role)
    wrong: list[str] = []
    for permission in access().permissions.values():
        rule = next((rule for rule, needed in guarded(world.app) if needed == permission.id), None)
        if rule is not None and permission.about in FURTHER:
            wrong += wrong_cells(world, role, rule, permission.id, FURTHER[permission.about])
    assert not wrong


def test_a_token_of_nobody_reaches_what_its_scopes_name(world: World) -> None:
    wrong = [
        (method, rule.rule)
        for rule, permission in guarded(world.app)
        for method in methods(rule)
        if outcome(world.token, method, address(rule, "case", ABSENT))[0]
        != ("reached" if access().relations_of(permission, "integration") else "refused")
    ]
    assert not wrong


def test_whoever_is_bound_to_a_person_of_a_case_is_its_subject_there_and_nowhere_else(world: World) -> None:
    world.grant("person_investigated")
    send = {name: f"/api/v1/cases/{world.things['case'][name]}/attachments" for name in ("investigating", "closed")}
    assert outcome(world.clients[BOUND], "POST", send["investigating"])[0] == "reached"
    assert outcome(world.clients[BOUND], "POST", send["closed"])[0] == "hidden"


# The key statements, written by hand and not from the table: role, who, method, address, what comes of it.
_CASE, _PAPERS = "/api/v1/cases/{case}", "/api/v1/cases/{case}/papers"
_FIND, _FILES = "/api/v1/cases/{case}/actions/find", "/api/v1/cases/{case}/attachments"
_CHECKUP, _MATTER = "/api/v1/cases/{case}/checkup", "/api/v1/matters/{matter}"
_URGE, _RECEIPT = "/api/v1/matters/{matter}/actions/urge", "/api/v1/recommendations/{receipt}"
_OF_CASE = (("GET", _CASE), ("GET", _PAPERS), ("POST", _FIND), ("GET", _FILES), ("GET", _CHECKUP), ("GET", _RECEIPT))
ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")
STATEMENTS = [
    *[(role, OUTSIDER, "investigating", *way, "refused") for role in ADMINISTRATORS for way in (*_OF_CASE, ("GET", _MATTER), ("POST", _URGE))],
    *[(role, OUTSIDER, "closed", *way, "refused") for role in ADMINISTRATORS for way in _OF_CASE],
    *[(role, OUTSIDER, "closed", "GET", path, "refused") for role in ADMINISTRATORS for path in ("/api/v1/cases", "/api/v1/matters", "/api/v1/export")],
    *[("office_clerk", RECUSED, stage, *way, "hidden") for stage in ("investigating", "submitted", "closed") for way in _OF_CASE],
    *[("team_member", RECUSED, "investigating", *way, "hidden") for way in _OF_CASE],
    *[("office_clerk", name, "investigating", method, f"{_MATTER}/recommendations", "hidden")
      for name in (RECUSED, SUBJECT) for method in ("GET", "POST")],
    *[("office_clerk", name, "investigating", *way, "reached")
      for name in (RECUSED, SUBJECT) for way in (("GET", _MATTER), ("POST", _URGE))],
    *[("committee_member", AWAY, "closed", *way, "hidden") for way in (("GET", _CASE), ("GET", _PAPERS), ("GET", _RECEIPT))],
    *[("office_clerk", SUBJECT, "investigating", *way, "hidden") for way in _OF_CASE],
    *[("school_leader", SUBJECT, "closed", *way, "hidden") for way in (("GET", _CASE), ("GET", _PAPERS), ("POST", _FIND))],
    *[("person_investigated", SUBJECT, "investigating", *way, "refused")
      for way in (("GET", _CASE), ("GET", _PAPERS), ("GET", _FILES), ("GET", _CHECKUP), ("GET", _RECEIPT), ("GET", _MATTER))],
    ("person_investigated", BOUND, "investigating", "POST", "/api/v1/cases/{case}/actions/raise_point", "reached"),
    ("person_investigated", SUBJECT, "investigating", "POST", "/api/v1/cases/{case}/actions/raise_point", "hidden"),
    ("person_investigated", OUTSIDER, "investigating", "POST", "/api/v1/cases/{case}/actions/raise_point", "hidden"),
    *[("committee_member", OUTSIDER, "investigating", *way, "hidden")
      for way in (("GET", _CASE), ("GET", _PAPERS), ("GET", _CHECKUP), ("GET", _RECEIPT))],
    ("committee_member", OUTSIDER, "submitted", "GET", _CASE, "reached"),
    ("committee_member", OUTSIDER, "submitted", "POST", _FIND, "refused"),
    ("committee_secretary", OUTSIDER, "investigating", "POST", "/api/v1/cases/{case}/actions/decide", "hidden"),
    ("committee_secretary", OUTSIDER, "submitted", "POST", "/api/v1/cases/{case}/actions/decide", "reached"),
    *[(role, OUTSIDER, stage, "GET", _CASE, said)
      for role in ("organisation_department", "personnel_department")
      for stage, said in (("investigating", "hidden"), ("submitted", "hidden"), ("decided", "reached"), ("closed", "reached"))],
    ("team_member", MEMBER, "investigating", "POST", _FIND, "reached"),
    ("team_member", OUTSIDER, "investigating", "GET", _CASE, "hidden"),
    ("team_member", OUTSIDER, "closed", "GET", _CASE, "hidden"),
    ("auditor", OUTSIDER, "closed", "GET", _CHECKUP, "reached"),
    ("auditor", OUTSIDER, "closed", "GET", "/api/v1/audit", "reached"),
    *[("auditor", OUTSIDER, "closed", *way, "refused")
      for way in (("GET", _CASE), ("GET", _PAPERS), ("POST", _FIND), ("GET", _FILES), ("GET", _RECEIPT), ("GET", _MATTER))],
    *[(role, OUTSIDER, "closed", "GET", "/api/v1/audit", "refused") for role in ROLES if role not in ("auditor", "audit_administrator")],
    *[(role, OUTSIDER, "closed", "POST", "/api/v1/imports/ledger", "refused")
      for role in ROLES if role not in ("office_clerk", "office_director")],
    *[(role, OUTSIDER, "closed", "GET", "/api/v1/export", "refused") for role in ("unit_liaison", "unit_head", "team_member", "auditor")],
]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "name", "stage", "method", "path", "said"), STATEMENTS, ids=lambda value: str(value).replace("/api/v1", "")
)
def test_a_key_statement_holds(
    world: World, role: str, name: str, stage: str, method: str, path: str, said: str
) -> None:
    world.grant(role)
    things = world.things
    ids = {"case": things["case"][stage], "receipt": things["receipt"][stage], "matter": things["matter"]["of case"]}
    assert outcome(world.clients[name], method, path.format(**ids))[0] == said


@pytest.mark.parametrize("role", ["unit_liaison", "unit_head"])
def test_whoever_acts_for_a_unit_reaches_its_own_matters_alone(world: World, role: str) -> None:
    matters = world.things["matter"]
    for unit, reached in (("甲处", {"of case", "of co-unit"}), ("乙处", {"of co-unit", "of another"}), ("丙处", set())):
        world.grant(role, unit)
        for method, way in (("GET", _MATTER), ("POST", _URGE)):
            found = {name for name, one in matters.items()
                     if outcome(world.clients[OUTSIDER], method, way.format(matter=one))[0] == "reached"}  # fmt: skip
            assert found == reached, (unit, method)


def test_whoever_holds_no_role_reaches_their_own_account_and_the_way_out_alone(world: World) -> None:
    world.grant("no such role")
    reached = {
        rule.rule for rule, _ in guarded(world.app) for method in methods(rule)
        if outcome(world.clients[OUTSIDER], method, address(rule, "case", world.things["case"]["closed"]))[0] == "reached"
    }  # fmt: skip
    factor = {f"/second-factor{what}" for what in ("", "/new", "/confirm", "/codes", "/off", "/seen", "/devices")}
    assert reached == {"/password", "/logout", "/api/logout", "/", "/me", "/api/v1/me", "/me/acts", "/me/sessions/end",
                       "/me/tokens/<token_id>/revoke", "/login/code", *factor}  # fmt: skip


def test_a_stranger_reaches_nothing(world: World) -> None:
    stranger: FlaskClient = world.app.test_client()
    found = {outcome(stranger, method, address(rule, "case", ABSENT))[0]
             for rule, _ in guarded(world.app) for method in methods(rule)}  # fmt: skip
    assert found == {"401"}
