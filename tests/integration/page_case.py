"""A case of two persons for the pages: what one of them said must not be seen by the other."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from models.domain.matter import Actor
from tests.integration.case_office import plain, proposed, taken
from tests.lawful_case import (
    ELEMENTS,
    HEAD,
    INQUIRY,
    OFFICE,
    PERSON,
    PERSONS,
    SECOND,
    Step,
    by,
    first,
    found,
    step,
    with_details,
)

OTHER = Actor("王某", "person")
OTHERS_WORDS = "王某陈述：当日请假"
_TWO = (*PERSONS, {**PERSONS[0], "id": "P2", "name": OTHER.name, "post": "副处长"})
_OPEN = (by(first("approve"), first("approve").actor), first("form_team"))
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
    step("sign", PERSON, "2026-05-29", person="P1", kind="differs", text="对影响全局有不同意见", note="已经复核"),
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


def submitted(client: FlaskClient) -> Any:
    """The case before the committee."""
    return taken(client, proposed(client, persons=plain(_TWO)).json, *TO_REPORT, SUBMIT)


def with_person(one: Step, person: str) -> Step:
    return with_details(one, person=person)
