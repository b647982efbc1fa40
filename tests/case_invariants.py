"""What must hold of a case by its records, whatever was tried; no code is shared with the guards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.case.case import Case
from models.case.parts import Person
from models.records.record import Record
from tests.case_attempts import ADVERSE, FAVOURABLE
from tests.lawful_case import BOOK

GOES_ON = ("form_team", "add_member", "find", "evaluate", "serve_fact_material", "hear", "answer_point", "discuss", "report",
           "submit", "decide")  # fmt: skip
"""What rests on an approval by somebody who has not been recused."""


_DECIDES = {
    "committee": "committee",
    "approver": "leader",
    "team": "leader",
    "office": "leader",
    "department": "leader",
}


def gone(earlier: Sequence[Record]) -> set[str]:
    """Who took no part after these records."""
    found = set[str]()
    for one in earlier:
        if one.action == "recuse":
            found.add(one.details["name"])
        elif one.action == "decide_recusal" and one.details["granted"]:
            found.add(earlier[int(one.details["proposal"]) - 1].details["name"])
        elif one.action == "lift_recusal":
            found.discard(one.details["name"])
    return found


def rightly_recused(earlier: Sequence[Record], record: Record) -> None:
    """At once only at one's own request; else by who is competent, never on themselves, and as often as it was asked."""
    said, actor = record.details, record.actor
    if record.action == "recuse":
        assert said["name"] == actor.name
    elif record.action == "decide_recusal":
        asked = earlier[int(said["proposal"]) - 1]
        assert asked.action == "propose_recusal"
        assert said["proposal"] not in {one.details["proposal"] for one in earlier if one.action == "decide_recusal"}
        assert actor.kind == _DECIDES[asked.details["capacity"]]
        assert actor.name != asked.details["name"]
        assert actor.name not in gone(earlier)
    elif record.action == "lift_recusal":
        assert said["name"] in gone(earlier)
        assert said["name"] != actor.name
        assert actor.name not in gone(earlier)


def defended(case: Case, person: Person) -> None:
    """Heard after the last adverse finding and the fact material; every point answered, reasonable ones adopted."""
    mine = [one for one in case.records if one.details.get("person") == person.id]
    heard = max(one.number for one in mine if one.action == "hear")
    last: dict[str, Record] = {one.details["element"]: one for one in mine if one.action == "find"}
    adverse = [one.number for name, one in last.items() if ADVERSE.get(name) == one.details["value"]]
    materials = [one.number for one in mine if one.action == "serve_fact_material"]
    assert heard > max([*adverse, *materials])
    told = [one for one in mine if one.action == "find" and one.details["element"] == FAVOURABLE and one.number < heard]
    if told and told[-1].details["value"] == "established":
        assert last[FAVOURABLE].details["value"] == "established"
    raised = [one for one in mine if one.action == "raise_point"]
    gone = {one.details["point"] for one in mine if one.action == "withdraw_point"}
    answers = {one.details["point"]: one.details for one in mine if one.action == "answer_point"}
    for point in {f"{at + 1}" for at in range(len(raised))} - gone:
        assert answers[point]["reason"].strip()
        assert answers[point]["adopted"] or not answers[point]["reasonable"]
        if answers[point]["adopted"]:
            taken_up(raised[int(point) - 1], last)


def rightly_done(before: Case, record: Record) -> None:
    """What must hold of a record by itself: who made it, and the reasons that it owes."""
    said, actor = record.details, record.actor
    assert actor.kind in BOOK.proceedings.actions[record.action].actors
    earlier = before.records
    rightly_recused(earlier, record)
    if actor.kind == "team":
        listed = [
            row["name"]
            for one in earlier
            if one.action in ("form_team", "add_member")
            for row in one.details["members"]
        ]
        assert actor.name in listed
        assert actor.name not in gone(earlier)
    if record.action in ("form_team", "add_member"):
        names = [row["name"] for row in said["members"]] + [
            one.name.name for one in before.active if record.action != "form_team"
        ]
        assert len(names) == len(set(names))
    if record.action in ("answer_point", "send_back", "withdraw", "refuse", "recuse", "review_appeal", "correct", "propose_recusal",
                         "decide_recusal", "lift_recusal"):  # fmt: skip
        assert said["reason"].strip()
    if record.action == "answer_point":
        assert said["adopted"] or not said["reasonable"]
    if record.action in ("review_appeal", "correct") and said["decision"]:
        person = before.persons[said["person"]]
        assert person.decision is not None
        if person.pending_appeal is not None:
            ranks = [
                max(map(list(BOOK.ladder).index, one), default=-1)
                for one in (said["decision"]["measures"], person.decision.measures)
            ]
            assert ranks[0] <= ranks[1]
            if "organisational_measure" in said["decision"]["measures"]:
                assert said["decision"]["organisational_kind"] == person.decision.organisational_kind
    if record.action in GOES_ON:
        approved = [one.actor.name for one in earlier if one.action in ("approve", "approve_again")]
        assert approved[-1] not in gone(earlier)


def taken_up(point: Record, last: Mapping[str, Record]) -> None:
    """What an adopted point asked for is what was found last."""
    for row in point.details["accepting"]:
        assert last[row["element"]].details["value"] == row["value"]


def apart(case: Case, record: Record) -> None:
    """A record of the committee: who was there took no part in the inquiry, is not investigated or recused.

    Where they decided before, it says why they review, and who prepared it.
    """
    held, earlier = record.details["meeting"], case.records[: record.number - 1]
    there = set(held["attendance"])
    team = {
        row["name"]
        for one in case.records
        if one.action in ("form_team", "add_member")
        for row in one.details["members"]
    }
    away = gone(earlier) | set(held["recused"])
    assert there
    assert record.actor.kind == "committee"
    assert not there & (team | away | {person.name.name for person in case.persons.values()})
    assert held["votes"]["for"] > held["votes"]["against"]
    if record.action != "decide":
        about = record.details["person"]
        made = [one for one in earlier if one.action == "decide" or (
            one.action in ("review_appeal", "correct") and one.details["person"] == about and one.details["decision"])]  # fmt: skip
        meetings = [one.details["meeting"] for one in made]
        same = held["body"] in {one["body"] for one in meetings} or there & {
            name for one in meetings for name in one["attendance"]
        }
        assert bool(same) is bool(record.details["same_body_reason"])
        assert not same or record.details["prepared_by"]
        assert not set(record.details["prepared_by"]) & (
            team | away | {person.name.name for person in case.persons.values()}
        )


def row_confirmed(book: Any, person: Person) -> None:
    """A period ended only where a confirmed row is of the very measure."""
    assert person.decision is not None
    rows = [row for row in book.periods if row.confirmed and row.ladder in person.decision.measures]
    assert any(row.ladder == "admonition" or row.label == person.decision.organisational_kind for row in rows)
