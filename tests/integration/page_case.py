"""A case of two persons for the pages: what one of them said must not be seen by the other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from models.people.units import Unit
from models.records.record import Actor
from models.store.database import writing
from service.usecases.people.accounts import Asked
from service.usecases.people.api_tokens import create_token
from tests.entering import Entering
from tests.integration.case_office import plain, proposed, taken
from tests.lawful_case import (
    DECISION,
    ELEMENTS,
    HEAD,
    INQUIRY,
    LAWFUL,
    OFFICE,
    PERSON,
    PERSONS,
    SECOND,
    SLOTS,
    Step,
    first,
    found,
    step,
    with_details,
)
from tests.people import LONG_AGO, logged_in, made

OTHER = Actor("王某", "person")
OTHERS_WORDS = "王某陈述：当日请假"
_TWO = (*PERSONS, {**PERSONS[0], "id": "P2", "name": OTHER.name, "post": "副处长"})
_OPEN = (first("approve"), first("form_team"))
_OF_P1 = (
    *(found(f"art-8.1.1.{element}", "established") for element in ELEMENTS),
    found("role", "principal"), found("harm", "grave"), found("conduct", "ineffective"),
    step("evaluate", HEAD, "2026-05-21", person="P1"),
    found("art-8.1.1.affects_overall", "open", "2026-05-22", reason="须再核对"),
    found("art-8.1.1.affects_overall", "established", "2026-05-23", reason="已经核对", second=SECOND.name),
    *INQUIRY[len(ELEMENTS) + 6 : len(ELEMENTS) + 8],
    step("raise_point", PERSON, "2026-05-27", person="P1", kind="fact_denied", step="art-8.1.1", text="没有影响全局",
         accepting=({"element": "art-8.1.1.affects_overall", "value": "refuted"},)),
    step("answer_point", HEAD, "2026-05-28", person="P1", point="1", reasonable=False, adopted=False, reason="与会议纪要不符"),
    step("sign", PERSON, "2026-05-29", person="P1", kind="differs", text="对影响全局有不同意见"),
    step("sign", HEAD, "2026-05-29", person="P1", kind="differs", note="已经复核"),
    step("evaluate", HEAD, "2026-05-30", person="P1"),
)  # fmt: skip
_OF_P2 = (
    *(found(f"art-8.1.1.{element}", "refuted", person="P2") for element in ELEMENTS),
    found("role", "other_member", person="P2"), found("harm", "none", person="P2"), found("conduct", "improper", person="P2"),
    step("serve_fact_material", HEAD, "2026-05-25", person="P2", text="关于王某的事实材料"),
    step("hear", HEAD, "2026-05-27", person="P2", text=OTHERS_WORDS, place="会议室", present=("组长", "组员甲")),
    step("sign", OTHER, "2026-05-29", person="P2", kind="agrees"),
    step("evaluate", HEAD, "2026-05-30", person="P2"),
)  # fmt: skip
TO_REPORT: tuple[Step, ...] = (*_OPEN, *_OF_P1, *_OF_P2, first("discuss"), first("report"))
SUBMIT = step("submit", OFFICE, "2026-06-05")
DECIDE = with_details(
    first("decide"),
    decisions=({**DECISION, "slots": (*SLOTS, {"id": "aggravation", "choice": "从重", "reason": "催办三次仍未完成"})},),
)
ALONE = tuple(DECIDE if one.action == "decide" else one for one in LAWFUL)
"""The lawful history of one person, as the stored recommendation asks for it."""


def submitted(client: FlaskClient, **change: Any) -> Any:
    """The case of the two before the committee."""
    return taken(client, proposed(client, persons=plain(_TWO), **change).json, *TO_REPORT, SUBMIT)


def entering(app: Flask) -> FlaskClient:
    """A client that may enter everything, at a school of two units."""
    with writing(app.extensions["database"]) as session:
        session.add_all([Unit(name=name, from_on=LONG_AGO) for name in ("甲处", "乙处")])
        secret = create_token(session, "录入", now=datetime.now(UTC), expires_at=None)
    return Entering.at(app, secret)


def browser(app: Flask, login: str, name: str, role: str, **binding: Any) -> FlaskClient:
    """The browser of somebody of this name and role."""
    made(app, login, Asked(role, LONG_AGO, **binding), name=name)
    client = logged_in(app, login)
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client
