"""Accountability cases on a real database, made by the use cases, for the tests of their documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from models.schemas.entries import case_entries
from models.store.database import writing
from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.entry import Entry
from tests import issued
from tests.backdated import moment
from tests.integration.case_office import entry
from tests.lawful_case import (
    COMMITTEE,
    DECISION,
    FOLLOWING,
    HEAD,
    LAWFUL,
    OFFICE,
    PERSON,
    SLOTS,
    Step,
    first,
    found,
    step,
    until,
    with_details,
)
from tests.registered import act_on_case, open_case

NOW = datetime(2026, 12, 31, tzinfo=UTC)
RARE = "喆堃昇珺"
LONG = "逐项整改、按期销号，压实责任、改进作风。" * 60
AGGRAVATED = {"id": "aggravation", "choice": "从重", "reason": "催办三次仍未完成"}
DECIDE = with_details(first("decide"), decisions=({**DECISION, "slots": (*SLOTS, AGGRAVATED)},))
STEPS = tuple(DECIDE if one.action == "decide" else one for one in LAWFUL)
"""The lawful history with what the evaluation of an overdue matter asks about as well."""
LIGHTER = {
    "outcome": "held", "measures": ("notice_of_criticism",), "departure": "复查认为影响已经消除",
    "slots": ({"id": "measure", "choice": "通报", "reason": "后果轻于原认定"}, {"id": "combination", "choice": "单独使用", "reason": "足以教育"},
              {"id": "circulation_scope", "choice": "处级干部会议", "reason": "与影响范围相称"}, AGGRAVATED),
}  # fmt: skip
REVOKED = with_details(first("review_appeal"), result="revoked", reason="主要事实不清")
CHANGED = with_details(first("review_appeal"), result="changed", reason="后果轻于原认定", decision=LIGHTER)
REISSUED = step("issue_decision", OFFICE, "2026-08-13", person="P1")
REFUSED = step("serve_decision", OFFICE, "2026-08-14", person="P1", to="person", received_on=datetime(2026, 8, 14).date(),
               refusal_note="本人拒绝签收，留置送达", witness=f"工会李{RARE}")  # fmt: skip
SENT_BACK = step("send_back", COMMITTEE, "2026-06-12", reason="补充证据")
TELLS = {
    "approval-form": {"propose", "approve"},
    "fact-material": {"find", "serve_fact_material", "sign"},
    "hearing-record": {"hear", "raise_point"},
    "report": {"propose", "approve", "form_team", "find", "serve_fact_material", "hear", "raise_point", "answer_point", "sign", "discuss", "report"},
    "review-material": {"find", "raise_point", "answer_point", "sign", "evaluate", "report"},
    "service-receipt": {"serve_decision"},
}  # fmt: skip
"""Document → whose acts it tells of by name: of each it says who wrote it down and what shows whose act it is. The check-up gives the
numbers of those that rest on paper; a letter of the committee or of the Office tells of nobody's act but its own."""
__all__ = ["COMMITTEE", "FOLLOWING", "HEAD", "PERSON", "found"]


def before(action: str, steps: Sequence[Step] = STEPS) -> tuple[Step, ...]:
    return until(action, tuple(steps))


def renamed(steps: Sequence[Step], name: str, long: str = "") -> tuple[Step, ...]:
    """The same steps about somebody of another name; long: what every longer text ends with."""
    texts = ("text", "reason", "note", "minutes")
    made = []
    for one in steps:
        details: dict[str, Any] = dict(one.details)
        if "persons" in details:
            details["persons"] = tuple({**row, "name": name} for row in details["persons"])
        if details.get("signed_by") == "张某":
            details["signed_by"] = name
        if "groups" in details:
            details["groups"] = {key: text + long for key, text in details["groups"].items()}
        details |= {key: f"{details[key]}{long}" for key in texts if details.get(key)}
        actor = replace(one.actor, name=name) if one.actor.name == "张某" else one.actor
        made.append(replace(one, actor=actor, details=details))
    return tuple(made)


def with_second(steps: Sequence[Step], name: str) -> tuple[Step, ...]:
    """The same steps with a second person beside the first one, about whom everything is said in other words."""
    made: list[Step] = []
    for one in steps:
        details: dict[str, Any] = dict(one.details)
        if "persons" in details:
            second = {**details["persons"][0], "id": "P2", "name": name, "unit": "乙处"}
            made.append(replace(one, details={**details, "persons": (*details["persons"], second)}))
        elif "decisions" in details:
            second = {**details["decisions"][0], "person": "P2"}
            made.append(replace(one, details={**details, "decisions": (*details["decisions"], second)}))
        elif "person" in details:
            own = {**details, "person": "P2"} | {
                key: f"{details[key]}（{name}）" for key in ("text",) if details.get(key)
            }
            if own.get("signed_by") == "张某":
                own["signed_by"] = name
            actor = replace(one.actor, name=name) if one.actor.name == "张某" else one.actor
            made += [one, replace(one, actor=actor, details=own)]
        else:
            made.append(one)
    return tuple(made)


def overdue(engine: Engine) -> str:
    """The id of a matter that was urged three times."""
    matter = issued.assigned(engine)
    for day in ("2026-05-04", "2026-05-06", "2026-05-08"):
        matter = issued.act(engine, matter, "urge", day)
    return matter.id


def lived(engine: Engine, steps: Sequence[Step]) -> str:
    """The id of a case that went through these steps, the first one being its proposal."""
    opening = with_details(steps[0], matters=(overdue(engine),))
    with writing(engine) as session:
        case = open_case(session, books(), _entry(opening), now=moment(opening.on), approvers=frozenset())
    for one in steps[1:]:
        with writing(engine) as session:
            case = act_on_case(
                session,
                books(),
                case.id,
                _entry(one),
                expected=case.case.version,
                now=moment(one.on),
                approvers=frozenset(),
            )
    return case.id


def _entry(one: Step) -> Entry:
    return Entry(one.action, **case_entries(load_rulebook()).load(one.action, entry(one)), entered_by="测试")
