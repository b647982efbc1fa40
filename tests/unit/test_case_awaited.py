"""What waits for whom in a case is what ``act`` then accepts from them, counted by trying every action, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from models.case.act import PersonUnknown, WrongStage, act
from models.case.awaited import Awaited, awaited, is_for, lookout
from models.case.case import Case
from models.case.request import CaseRequest
from models.case.waiting import look
from models.matter.act import ActRefused, WrongDay
from models.records.damage import CaseDamaged
from models.records.record import Actor, Hand
from rules.book.actions import Action
from rules.book.contract.asking import Aside
from rules.book.contract.fields import Word
from rules.book.contract.people import PersonRef
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import work_calendar
from tests.case_attempts import CONFIRMED, FULL, TWO, best, details
from tests.lawful_case import (
    APPEAL,
    BOOK,
    DECISION,
    DELIBERATION,
    EVALUATION,
    FOLLOWING,
    HEAD,
    INQUIRY,
    LAWFUL,
    LEADER,
    NOW,
    OFFICE,
    OTHER_BODY,
    PERSON,
    Step,
    asks_to_recuse,
    decides_to_recuse,
    first,
    lifts,
    lived,
    stands_down,
    step,
    taken,
    until,
    with_details,
)

CALENDAR = work_calendar()
APPROVERS = frozenset({"书记", "校长"})
COMPETENT = frozenset(map(PersonRef, APPROVERS))
PEOPLE = (
    Actor("主任", "office"), Actor("书记", "leader"), Actor("校长", "leader"), Actor("副校长", "leader"), Actor("张某", "leader"),
    Actor("组长", "team"), Actor("组员甲", "team"), Actor("路人", "team"), Actor("张某", "person"), Actor("李某", "person"),
    Actor("党委秘书", "committee"), Actor("组织部", "organisation"), Actor("人事处", "personnel"),
    Actor("联络员", "unit", "甲处"), Actor("联络员", "unit", "丁处"),
)  # fmt: skip
"""Everybody who might ask, and some who bear a role without being the one."""
TOLD_APART = {"serve_decision": "to", "notify_department": "department", "execute": "kind", "inform_of_review": "to",
              "unwind": "consequence", "decide_recusal": "proposal"}  # fmt: skip
"""Actions that are done several times, each time about something else: the field that says about what."""
OF_SCHOOL = ("circulation", "admonition", "organisational_measure")
"""What the person does not carry out themselves, refused where it is entered. Source: art-8.2.0."""
AT_WILL = {
    "refuse": "art-9.0: instead of an approval", "withdraw": "art-9.0: as the leader sees fit", "recuse": "A-21: where there is a ground",
    "propose_recusal": "A-21: where there is a ground", "lift_recusal": "A-21: where the ground is gone",
    "add_member": "art-9.1.a: as the Office sees fit", "find": "art-9.1.b: as long as the inquiry goes on",
    "raise_point": "art-9.2.1.b: a right", "withdraw_point": "art-9.2.1.b: a right", "send_back": "art-9.2.2.d: instead of a decision",
    "correct": "art-9.4.c: where the committee finds it wrong", "appeal": "art-9.4.a: a right, told as long as its window runs",
}  # fmt: skip
"""What may be done and yet waits for nobody, and why."""
OTHER = {"same_body_reason": None, "prepared_by": ()}
REVIEWED = {result: with_details(first("review_appeal"), meeting=OTHER_BODY, result=result, **OTHER) for result in ("changed", "revoked")}  # fmt: skip
REVIEWED["changed"] = with_details(REVIEWED["changed"], decision=DECISION)
BEFORE_APPEAL = (*INQUIRY, *DELIBERATION, *FOLLOWING, APPEAL[0])
HISTORIES: Mapping[str, tuple[Step, ...]] = {
    "lawful": LAWFUL,
    "member recused": (*INQUIRY[:12], stands_down("组员甲", "2026-05-25")),
    "approver recused": (*INQUIRY[:12], stands_down("书记", "2026-05-25"),
                         step("approve_again", Actor("校长", "leader"), "2026-05-26")),
    "of the approver proposed": (*INQUIRY[:2], asks_to_recuse("书记", "approver", "2026-05-13"), decides_to_recuse(3, "2026-05-14", Actor("校长", "leader"))),
    "of a member proposed": (*INQUIRY[:12], asks_to_recuse("组员甲", "team", "2026-05-25", PERSON), decides_to_recuse(13, "2026-05-26"),
                             lifts("组员甲", "2026-05-27")),
    "of the committee proposed": (*until("decide"), asks_to_recuse("委员一", "committee", "2026-06-10")),
    "of a department proposed": (*BEFORE_APPEAL, asks_to_recuse("组织部", "department", "2026-07-11")),
    "differs": (*INQUIRY[:15], step("sign", PERSON, "2026-05-29", person="P1", kind="differs", text="不同意")),
    "revoked": (*BEFORE_APPEAL, REVIEWED["revoked"], step("unwind", OFFICE, "2026-08-14", person="P1", consequence="departments")),
    "changed": (*BEFORE_APPEAL, REVIEWED["changed"], step("issue_decision", OFFICE, "2026-08-14", person="P1", number="2号")),
    "not held": (*INQUIRY, DELIBERATION[0], with_details(first("decide"), decisions=({"person": "P1", "outcome": "not_held", "departure": "另有理由", "slots": FULL},))),
    "refused": (LAWFUL[0], step("refuse", LEADER, "2026-05-13", reason="不足")),
    "two, nothing found": (with_details(LAWFUL[0], persons=TWO), *INQUIRY[1:3]),
    "two, one heard": (with_details(LAWFUL[0], persons=TWO), *INQUIRY[1:13]),
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """A case on a day."""

    case: Case
    on: date
    book: Rulebook = BOOK

    def told(self) -> tuple[Awaited, ...]:
        return awaited(self.case, self.on, self.book, CALENDAR)

    def request(self, actor: Actor, said: Mapping[str, Any]) -> CaseRequest:
        """What somebody asks for, with the recommendation that every person has."""
        answers = dict.fromkeys(self.case.persons, EVALUATION)
        return CaseRequest(self.case, dict(said), actor, self.on, self.book, COMPETENT, answers)


Key = tuple[str, str | None, str | None]
"""An act: the action, about whom, and about what."""


def key_of(one: Awaited) -> Key:
    return one.action.id, one.person, one.says.get(TOLD_APART.get(one.action.id, ""))


def moments() -> Iterator[Any]:
    known: dict[str, Case] = {"()": Case()}
    for name, steps in HISTORIES.items():
        for length in range(1, len(steps) + 1):
            if repr(steps[:length]) not in known:
                last = steps[length - 1]
                case = known[repr(steps[:length])] = taken(known[repr(steps[: length - 1])], last, approvers=APPROVERS)
                yield pytest.param(Moment(case, last.on), id=f"{name}-{length}-{last.action}")
    decided = lived(*BEFORE_APPEAL, *APPEAL[1:], book=CONFIRMED)
    for days in (0, 900):
        yield pytest.param(Moment(decided, APPEAL[-1].on + timedelta(days=days), CONFIRMED), id=f"period-{days}")


MOMENTS = tuple(moments())


def accepted(moment: Moment, action: Action, actor: Actor, person: str | None, about: str | None) -> bool:
    """Whether the act is done where everything is filled in as well as can be."""
    said = details(action.id, person or "", moment.case, moment.on, best)
    if action.id == "inform_of_review":
        said["form"] = "书面"
    if actor.kind == "person" and about in OF_SCHOOL:
        return False
    if about is not None:
        said[TOLD_APART[action.id]] = about
    if action.id == "review_appeal":
        said |= {"same_body_reason": None, "prepared_by": (), "meeting": said["meeting"] | {"body": "另一会议"}}
    try:
        act(action.id, moment.request(actor, said), hand=Hand(actor, "测试"), recorded_at=NOW)
    except (ActRefused, WrongStage, PersonUnknown, WrongDay, CaseDamaged):
        return False
    return True


def tried(moment: Moment, actor: Actor) -> set[Key]:
    """Every act that somebody is let do, of all that there are."""
    found = set[Key]()
    for action in moment.book.proceedings.actions.values():
        if issubclass(action.effect, Aside):
            continue
        if not action.sources:
            continue
        field = next((one for one in action.fields if one.id == TOLD_APART.get(action.id)), None)
        abouts: tuple[str | None, ...] = (None,)
        if field is not None:
            abouts = tuple(field.kind.words) if isinstance(field.kind, Word) else tuple(moment.case.recusals.proposed)
        for person, about in product(moment.case.persons if action.person else (None,), abouts):
            if accepted(moment, action, actor, person, about):
                found.add((action.id, person, about))
    return found


def done_before(moment: Moment, act: Key) -> bool:
    """Whether this very act is among the records, and nothing has taken it back since."""
    action, person, about = act
    since = moment.case.persons[person].overturned_at if person is not None else 0
    return any(
        record.action == action
        and record.number > since
        and record.details.get("person") in (person, None)
        and (about is None or record.details.get(TOLD_APART[action]) == about)
        for record in moment.case.records
    )


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_waits_for_somebody_is_what_they_are_let_do(moment: Moment) -> None:
    """Beside it they may do only what is at their will, what they did before, and what would be in vain."""
    waits = moment.told()
    for actor in PEOPLE:
        told = {key_of(one) for one in waits if is_for(one, actor, moment.request(actor, {}))}
        may = tried(moment, actor)
        assert told - may == set(), actor
        beside = {act for act in may - told if act[0] not in AT_WILL and not done_before(moment, act)}
        assert beside == set(), actor


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_case_that_runs_waits_for_somebody_and_is_found_where_it_is_looked_for(moment: Moment) -> None:
    told = moment.told()
    if moment.case.state in ("not_approved", "withdrawn", "closed"):
        assert {one.action.id for one in told} <= {"appeal"}
    elif moment.book is BOOK or moment.on > moment.case.records[-1].on:
        assert told
    until, since = look(moment.case, moment.book)
    dated = (until is not None and until >= moment.on) or (since is not None and since <= moment.on)
    recused = bool(moment.case.recused)
    for one in told if moment.case.state != "closed" else ():
        for kind in one.by:
            there = lookout(moment.book, [kind])
            assert (
                moment.case.state in there.states
                or (recused and moment.case.state in there.after_recusal)
                or (there.dated and dated)
            ), (one.action.id, kind)


@pytest.mark.parametrize(("book", "persons"), [(BOOK, TWO), (CONFIRMED, TWO[:1])], ids=["two", "confirmed"])
def test_doing_only_what_waits_leads_from_the_proposal_to_the_end(book: Rulebook, persons: Any) -> None:
    case, day = lived(with_details(LAWFUL[0], persons=persons), book=book), LAWFUL[0].on
    for _ in range(150):
        day += timedelta(days=1)
        moment = Moment(case, day, book)
        waits = [one for one in moment.told() if one.action.id != "appeal"]
        if not waits:
            assert case.state in ("closed", "decided")
            if case.state == "closed":
                return
            day += timedelta(days=200)  # until the influence period has ended
            continue
        one = waits[0]
        actor = next(actor for actor in PEOPLE if is_for(one, actor, moment.request(actor, {})))
        said = details(one.action.id, one.person or "", case, day, best) | dict(one.says)
        case = act(
            one.action.id,
            moment.request(actor, said),
            recorded_at=datetime.max.replace(tzinfo=NOW.tzinfo),
            hand=Hand(actor, "测试"),
        )[0]
    raise AssertionError(f"{case.state} after {[record.action for record in case.records]}")


def test_nobody_else_is_told_what_waits_for_a_leader_or_a_member() -> None:
    moment = Moment(lived(*INQUIRY[:1]), date(2026, 5, 12))
    assert [actor.name for actor in PEOPLE for one in moment.told() if is_for(one, actor, moment.request(actor, {}))] == [
        "书记", "校长"
    ]  # fmt: skip
    running = Moment(lived(*INQUIRY[:3]), date(2026, 5, 14))
    named = {actor.name for actor in PEOPLE for one in running.told() if is_for(one, actor, running.request(actor, {}))}
    assert named == {HEAD.name, "组员甲"}


def test_what_carries_on_comes_in_the_order_of_the_report_s_conditions() -> None:
    moment = Moment(lived(*HISTORIES["two, one heard"][:4]), date(2026, 5, 21))
    assert [(one.action.id, one.person) for one in moment.told()][:3] == [
        ("find", "P2"), ("serve_fact_material", "P1"), ("serve_fact_material", "P2")
    ]  # fmt: skip
    assert replace(moment, case=lived(LAWFUL[0])).told()[0].by == ("leader",)
