"""The whole procedure at random: what anybody may try in a case, lawful or not, and what must hold whatever they try.

The invariants read the records; they share no code with the guards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.domain.cases.act import WrongStage, act
from models.domain.cases.case import Case, replay
from models.domain.cases.duties import duties_of
from models.domain.cases.parts import Person
from models.domain.cases.request import Request
from models.domain.ledger import Refused, WrongDay
from models.domain.matter import Actor, Record
from rules.calendar import work_calendar
from tests.lawful_case import APPROVERS, BOOK, EVALUATION, GROUPS, NOW, OFFICE_NAME, PERSONS, SLOTS

CALENDAR = work_calendar()
TRANSITIONS = {action.id: action.to for action in BOOK.proceedings.actions.values()}
_BY = {"by": "学校党委", "on": "2026-01-05", "document": "党委会纪要"}
CONFIRMED = replace(BOOK, periods=tuple(
    replace(row, confirmed=_BY, mark="V") if row.id in ("admonition", "removal") else row for row in BOOK.periods
))  # fmt: skip
TWO = (*PERSONS, {**PERSONS[0], "id": "P2", "name": "李某", "unit": "乙处", "party_member": False})
MEMBERS = ({"name": "组长", "unit": OFFICE_NAME, "head": True}, {"name": "组员甲", "unit": "审计处", "head": False},
           {"name": "组员乙", "unit": OFFICE_NAME, "head": False})  # fmt: skip
ALONE, OTHERS_HEAD = MEMBERS[::2], ({**MEMBERS[1], "head": True}, MEMBERS[2])
TWICE = (MEMBERS[0], {**MEMBERS[0], "unit": "审计处", "head": False}, MEMBERS[2])
INVESTIGATED = (*MEMBERS, {"name": "张某", "unit": "丙处", "head": False})
ADVERSE = {"art-8.1.1.task_in_plan": "established", "harm": "grave", "role": "principal",
           "art-8.3.3.2.obstructed_supervision": "established"}  # fmt: skip
FAVOURABLE = "art-8.3.2.1/remedied.remedied"
FINDINGS = ((FAVOURABLE, "established"), (FAVOURABLE, "refuted"), ("conduct", "ineffective"), ("role", "other_member"),
            ("art-8.1.1.task_in_plan", "refuted"), ("art-8.1.1.task_in_plan", "open"), ("harm", "none"), *ADVERSE.items())  # fmt: skip
ACCEPTING = ((), ({"element": FAVOURABLE, "value": "established"},))
BENCHES = (("委员一", "委员二", "委员三"), ("委员四", "委员五", "委员六"), ("委员七", "委员八", "委员九"), ("委员一", "组员甲"),
           ("委员四", "张某"), ())  # fmt: skip
VOTES = ({"for": 3, "against": 0, "abstain": 0}, {"for": 2, "against": 0, "abstain": 0}, {"for": 1, "against": 2, "abstain": 0},
         {"for": 9, "against": 0, "abstain": 0})  # fmt: skip
ACTORS = {
    "office": Actor("主任", "office"), "leader": Actor("书记", "leader"), "committee": Actor("党委秘书", "committee"),
    "organisation": Actor("组织部", "organisation"), "personnel": Actor("人事处", "personnel"),
}  # fmt: skip
STRANGERS = (
    Actor("副校长", "leader"),
    Actor("张某", "leader"),
    Actor("路人", "team"),
    Actor("路人", "person"),
    Actor("丁", "unit", "丁处"),
)
ORGANISED = {**EVALUATION, "base": ["organisational_measure"],
             "range_mandatory": ["notice_of_criticism", "organisational_measure"]}  # fmt: skip
MEASURES = ((), ("notice_of_criticism",), ("admonition",), ("notice_of_criticism", "admonition"), ("organisational_measure",),
            ("discipline",))  # fmt: skip
FULL = (*SLOTS, {"id": "circulation_scope", "choice": "校内", "reason": "足够"},
        {"id": "organisational_kind", "choice": "免职", "reason": "不适宜"},
        {"id": "exemption", "choice": "免予问责", "reason": "探索中的失误"})  # fmt: skip
TRAIL = ("first_decision", "appeals", "consequences", "overturned_at")
ONWARD = {"": ("propose",), "proposed": ("approve",), "approved": ("form_team",), "reported": ("submit",), "submitted": ("decide",),
          "investigating": ("find", "serve_fact_material", "hear", "answer_point", "sign", "evaluate", "discuss", "report")}  # fmt: skip
"""State → what leads on from it, in the order in which it is lawful."""
PATHS = {
    "approve": ("propose",),
    "find": ("propose", "approve", "form_team"),
    "report": ("propose", "approve", "form_team", *["find"] * 4, "serve_fact_material", "hear", "raise_point", "answer_point",
               "sign", "evaluate", "discuss"),
    "decide": ("propose", "approve", "form_team", *["find"] * 4, "serve_fact_material", "hear", "raise_point", "answer_point",
               "sign", "evaluate", "discuss", "report", "submit"),
}  # fmt: skip
PATHS["after"] = (*PATHS["decide"], "decide", "issue_decision")
PATHS["served"] = (*PATHS["after"], "serve_decision", "serve_decision")
PATHS["finished"] = (
    *PATHS["served"],
    "notify_department",
    "notify_department",
    "file_decision",
    "bar_ratings",
    "execute",
)
"""From where a run starts → what has lawfully been done by then, for every person."""
Pick = Callable[..., Any]
Refusal = tuple[type[Exception], ...]
COUNTS: Counter[tuple[str, bool]] = Counter()
"""Action, whether it was taken → how often, over all the runs of a process."""


def best(*options: Any) -> Any:
    """The pick of somebody who does everything right: the first option."""
    return options[0]


def picking(data: st.DataObject, mode: str) -> Pick:
    """Somebody who does everything right, all but one thing, or whatever comes."""
    if mode == "right":
        return best
    slip = data.draw(st.integers(0, 9))
    made = iter(range(1_000))

    def pick(*options: Any) -> Any:
        anything = mode == "wild" or next(made) == slip
        return data.draw(st.sampled_from(options)) if anything else options[0]

    return pick


def meeting(on: date, pick: Pick, bench: int = 0) -> dict[str, Any]:
    there = pick(BENCHES[bench], *BENCHES)
    return {"body": "党委常委会", "held_on": on, "attendance": there, "recused": pick((), (), ("委员八",), ("委员一",)),
            "votes": pick({"for": max(1, len(there)), "against": 0, "abstain": 0}, *VOTES)}  # fmt: skip


def decision(person: str, pick: Pick) -> dict[str, Any]:
    outcome = pick("held", "held", "held", "exempted", "no_situation")
    measures = pick(("admonition",), *MEASURES) if outcome == "held" else pick((), ("admonition",))
    kind = "免职" if "organisational_measure" in measures else None
    return {"person": person, "outcome": outcome, "measures": measures, "slots": pick(FULL, FULL, SLOTS, ()),
            "organisational_kind": pick(kind, kind, "其他措施", None), "departure": pick("另有理由", None),
            "referral": pick(False, False, True), "referral_note": pick("衔接处分", None)}  # fmt: skip


def members(pick: Pick) -> Any:
    return pick(MEMBERS, MEMBERS, ALONE, OTHERS_HEAD, TWICE, INVESTIGATED)


def details(action: str, person: str, case: Case, on: date, pick: Pick) -> dict[str, Any]:
    """What somebody might say with an action; the first option of every pick is the lawful one."""
    reason, whom = pick("理由充分", "理由充分", ""), {"person": person}
    points = sorted(case.persons[person].points) if person in case.persons else []
    match action:
        case "propose":
            return {"title": "逾期", "matters": ("M1",), "situations": pick(("art-8.1.1",), ()), "reason": reason,
                    "persons": pick(TWO, PERSONS, (), (*PERSONS, *PERSONS), ({**PERSONS[0], "managed_by": "superior"},))}  # fmt: skip
        case "form_team":
            return {"members": members(pick)}
        case "add_member":
            return {"members": pick(({"name": "组员丙", "unit": "财务处", "head": False},), MEMBERS[1:2],
                                    ({"name": "组员丁", "unit": OFFICE_NAME, "head": True},), (INVESTIGATED[-1],))}  # fmt: skip
        case "recuse":
            return {
                "name": pick("组员甲", "组员乙", "书记", "组长", "路人"),
                "ground": pick("interest", "无"),
                "reason": reason,
            }
        case "find":
            element, value = pick(*_next_findings(case, person), *FINDINGS)
            second = pick("组员乙", "组员甲", None)
            return {**whom, "element": element, "value": value, "evidence": pick(({"kind": "document"},), ()), "reason": reason,
                    "second": second}  # fmt: skip
        case "evaluate":
            return {**whom, "receipt_id": f"R{case.version}"}
        case "serve_fact_material" | "hear" | "appeal":
            return {**whom, "text": pick("全文", "全文", " ")}
        case "raise_point":
            return {
                **whom,
                "kind": "mitigation",
                "step": "art-8.3.2.1",
                "text": "已经补救",
                "accepting": pick(ACCEPTING[case.version % 2], *ACCEPTING),
            }
        case "withdraw_point":
            return {**whom, "point": pick(*points, "9"), "reason": reason}
        case "answer_point":
            return {**whom, "point": pick(*_open(case, person), *points, "9"), "reason": reason,
                    "reasonable": case.version % 2 == 1, "adopted": pick(case.version % 2 == 1, False, True)}  # fmt: skip
        case "sign":
            return {**whom, "kind": pick("agrees", "differs", "refuses"), "note": pick("已作说明", None)}
        case "discuss":
            return {
                "participants": pick(_active(case), ("组长",), ("组长", "路人")),
                "minutes": pick("记录", "记录", ""),
            }
        case "report":
            return {
                "groups": pick(GROUPS, GROUPS, {"facts": "有"}),
                "signatures": pick(_active(case), ("组长",), ("组长", "路人")),
            }
        case "decide":
            named = pick(tuple(case.persons), tuple(case.persons), ("P1",), ("P9",))
            return {"meeting": meeting(on, pick), "decisions": tuple(decision(name, pick) for name in named)}
        case "issue_decision":
            return {**whom, "number": f"{case.version}号"}
        case "serve_decision":
            return {**whom, "to": pick(*_lacking(case, person, "served", ("person", "unit"))), "received_on": on,
                    "signed_by": pick("本人", "本人", None), "refusal_note": None, "witness": None}  # fmt: skip
        case "notify_department":
            return {**whom, "department": pick(*_lacking(case, person, "notified", ("organisation", "personnel")))}
        case "execute":
            return {**whom, "kind": pick(*_to_execute(case, person), *BOOK.proceedings.words["executions"])}
        case "inform_of_review":
            return {**whom, "to": pick("appellant", "unit")}
        case "review_appeal" | "correct":
            result = pick("upheld", "revoked", "changed") if action == "review_appeal" else pick("revoked", "changed")
            changed = decision(person, pick) if result == "changed" or pick(False, False, False, True) else None
            return {
                **whom,
                "meeting": meeting(on, pick, bench=1),
                "result": result,
                "reason": reason,
                "decision": changed,
            }
        case "unwind":
            owed = sorted({one.id for one in case.persons[person].owed}) if person in case.persons else []
            return {**whom, "consequence": pick(*owed, *BOOK.proceedings.consequences)}
        case _:
            return {**whom, "reason": reason}


def _next_findings(case: Case, person: str) -> list[tuple[str, str]]:
    wanted = [*list(ADVERSE.items())[:3], ("conduct", "ineffective")]
    known = case.persons[person].findings if person in case.persons else {}
    return [one for one in wanted if one[0] not in known]


def _open(case: Case, person: str) -> list[str]:
    return [point.id for point in case.persons[person].open_points] if person in case.persons else []


def _active(case: Case) -> tuple[str, ...]:
    return tuple(member.name for member in case.active)


def _to_execute(case: Case, person: str) -> list[str]:
    about = case.persons.get(person)
    if about is None or about.decision is None:
        return []
    kinds = {"organisational_measure": ["organisational_measure"], "admonition": ["admonition"],
             "notice_of_criticism": ["self_examination", "rectification", "circulation"]}  # fmt: skip
    wanted = [kind for measure in about.decision.measures for kind in kinds.get(measure, ())]
    return [kind for kind in wanted if kind not in about.executed]


def _lacking(case: Case, person: str, name: str, every: tuple[str, ...]) -> tuple[str, ...]:
    known = getattr(case.persons[person], name) if person in case.persons else ()
    return (*(one for one in every if one not in known), *every)


def actor_of(action: str, person: str, case: Case, pick: Pick, taken: Mapping[str, Any]) -> Actor:
    """Somebody for whom the action is, or a stranger."""
    kind = pick(*BOOK.proceedings.actions[action].actors)
    if action == "unwind":
        kind = BOOK.proceedings.consequences[str(taken["consequence"])].by
    name = case.persons[person].name if person in case.persons else "张某"
    if kind == "team":
        fit = Actor(pick(*(_active(case) or ("组长",))), "team")
    elif kind == "person":
        fit = Actor(name, "person")
    elif kind == "unit":
        fit = Actor("所在单位", "unit", case.persons[person].unit if person in case.persons else "甲处")
    else:
        fit = ACTORS[kind]
    return pick(fit, *STRANGERS) if pick is not best else fit


class CaseMachine(RuleBasedStateMachine):
    """A case on which anybody tries anything."""

    def __init__(self) -> None:
        super().__init__()
        self.case, self.book, self.day, self.evaluation = Case(), BOOK, date(2026, 3, 2), EVALUATION

    @initialize(path=st.sampled_from(("", *PATHS)), confirmed=st.booleans(), organised=st.booleans(), two=st.booleans())
    def start(self, path: str, confirmed: bool, organised: bool, two: bool) -> None:
        """A case that has lawfully come to some point."""
        self.book = CONFIRMED if confirmed else BOOK
        self.evaluation = ORGANISED if organised else EVALUATION
        persons = TWO if two else PERSONS
        for action in PATHS.get(path, ()):
            for person in [row["id"] for row in persons] if BOOK.proceedings.actions[action].person else ["P1"]:
                said = details(action, person, self.case, self.day, best)
                said |= {"propose": {"persons": persons}, "raise_point": {"accepting": ()}}.get(action, {})
                if action == "decide" and organised:
                    removal = {"measures": ("organisational_measure",), "organisational_kind": "免职"}
                    said["decisions"] = tuple(row | removal for row in said["decisions"])
                actor = actor_of(action, person, self.case, best, said)
                if action == "raise_point":
                    actor = Actor(self.case.persons[person].name, "person")
                assert self.take(action, actor, said), action
                self.day += timedelta(days=1)

    def take(self, action: str, actor: Actor, said: Mapping[str, Any]) -> bool:
        """Try it; whether it was allowed. What was forbidden leaves no trace."""
        evaluations = dict.fromkeys(self.case.persons, self.evaluation)
        request = Request(self.case, dict(said), actor, self.day, self.book, APPROVERS, evaluations)
        try:
            after, _ = act(action, request, recorded_at=NOW)
        except (Refused, WrongStage, WrongDay):
            return False
        self.after(action, after, said)
        self.case = after
        return True

    @rule(data=st.data(), days=st.sampled_from((0, 0, 1, 5, 40)), person=st.sampled_from(("P1", "P1", "P2")))
    def fitting(self, data: st.DataObject, days: int, person: str) -> None:
        """An action that fits the state."""
        fits = [one.id for one in BOOK.proceedings.actions.values()
                if (self.case.state in one.sources if one.sources else not self.case.version)]  # fmt: skip
        if fits:
            self.attempt(data, data.draw(st.sampled_from(fits)), days, person)

    @precondition(lambda self: self.case.state in ONWARD)
    @rule(data=st.data(), steps=st.integers(1, 8), left_out=st.integers(0, 15), found_at=st.integers(0, 15))
    def onward(self, data: st.DataObject, steps: int, left_out: int, found_at: int) -> None:
        """What leads on, in its last step or in several, for everybody; perhaps without one of them, or with a late finding."""
        leading = list(ONWARD[self.case.state])
        del leading[left_out : left_out + (1 if len(leading) > 1 else 0)]
        if self.case.state == "investigating" and found_at < len(leading):
            leading.insert(found_at, "find")
        for action in leading[-steps:]:
            for person in self.case.persons or ("P1",):
                if BOOK.proceedings.actions[action].person or person == "P1":
                    self.attempt(data, action, 0, person)

    @rule(
        data=st.data(), action=st.sampled_from(sorted(BOOK.proceedings.actions)), person=st.sampled_from(("P1", "P2"))
    )
    def anything(self, data: st.DataObject, action: str, person: str) -> None:
        """Any action at all."""
        self.attempt(data, action, 1, person)

    @precondition(lambda self: self.case.state in ("decided", "closed"))
    @rule(data=st.data(), days=st.sampled_from((0, 1, 30, 200)), person=st.sampled_from(("P1", "P2")),
          action=st.sampled_from(("appeal", "review_appeal", "inform_of_review", "unwind", "unwind", "correct", "execute",
                                  "serve_decision", "notify_department", "file_decision", "bar_ratings", "end_period",
                                  "complete_formalities", "issue_decision", "suspend_execution", "close")))  # fmt: skip
    def following(self, data: st.DataObject, action: str, days: int, person: str) -> None:
        """What comes after a decision."""
        self.attempt(data, action, days, person)

    def attempt(self, data: st.DataObject, action: str, days: int, person: str) -> None:
        if person not in self.case.persons:
            person = "P1"
        if person not in self.case.persons and BOOK.proceedings.actions[action].person:
            return
        self.day = min(self.day + timedelta(days=days), date(2031, 1, 1))
        if action in ("withdraw", "refuse") and data.draw(st.integers(0, 9)):
            return  # seldom, for nothing comes after it
        pick = picking(data, data.draw(st.sampled_from(("right", "right", "one", "one", "one", "wild"))))
        said = details(action, person, self.case, self.day, pick)
        COUNTS[action, self.take(action, actor_of(action, person, self.case, pick, said), said)] += 1

    def after(self, action: str, now: Case, said: Mapping[str, Any]) -> None:
        """What must hold of a step that was allowed."""
        assert action != "suspend_execution"
        if action == "appeal":
            self.nothing_left(now, str(said["person"]))
        if action == "report":
            for person in now.persons.values():
                defended(now, person)
        if action == "end_period":
            row_confirmed(self.book, self.case.persons[str(said["person"])])
        if action == "close":
            for name, person in now.persons.items():
                left = [
                    duty.id
                    for duty in duties_of(now, name, self.day, self.book, CALENDAR)
                    if duty.state in ("open", "overdue")
                ]
                assert set(left) <= {"appeal"}, (name, left, person.decision)

    def nothing_left(self, now: Case, person: str) -> None:
        """An appeal leaves every duty that was open as it was."""
        before, then = (
            {duty.id: duty for duty in duties_of(case, person, self.day, self.book, CALENDAR)}
            for case in (self.case, now)
        )
        owed = {name for name, duty in before.items() if duty.state in ("open", "overdue")} - {"appeal", "review"}
        assert all(then[name].state == before[name].state for name in owed if not name.startswith("tell_"))

    @invariant()
    def the_state_is_one_of_the_books(self) -> None:
        assert self.case.state in {"", *BOOK.proceedings.states}

    @invariant()
    def the_records_make_the_case(self) -> None:
        assert replay(self.case.records, TRANSITIONS) == self.case

    @invariant()
    def who_decides_is_apart(self) -> None:
        for record in self.case.records:
            if record.action in ("decide", "review_appeal", "correct"):
                apart(self.case, record)
        assert self.case.state not in ("decided", "closed") or any(one.action == "decide" for one in self.case.records)

    @invariant()
    def a_reversal_unwound_leaves_the_person_as_never_decided(self) -> None:
        for name, person in self.case.persons.items():
            if person.overturned_at and person.decision is None and not person.owed:
                at = next(one.number for one in self.case.records if one.action == "decide")
                never = replay(self.case.records[: at - 1], TRANSITIONS).persons[name]
                assert person == replace(never, **{field: getattr(person, field) for field in TRAIL})
                assert all(one.undone_on for one in person.consequences)


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


def taken_up(point: Record, last: Mapping[str, Record]) -> None:
    """What an adopted point asked for is what was found last."""
    for row in point.details["accepting"]:
        assert last[row["element"]].details["value"] == row["value"]


def apart(case: Case, record: Record) -> None:
    """A record of the committee: who was there took no part in the inquiry, is not investigated, recused, or a decider before."""
    held, earlier = record.details["meeting"], case.records[: record.number - 1]
    there = set(held["attendance"])
    team = {
        row["name"]
        for one in case.records
        if one.action in ("form_team", "add_member")
        for row in one.details["members"]
    }
    away = {one.details["name"] for one in earlier if one.action == "recuse"} | set(held["recused"])
    assert there
    assert record.actor.kind == "committee"
    assert not there & (team | away | {person.name for person in case.persons.values()})
    assert held["votes"]["for"] > held["votes"]["against"]
    if record.action != "decide":
        about = record.details["person"]
        made = [one for one in earlier if one.action == "decide" or (
            one.action in ("review_appeal", "correct") and one.details["person"] == about and one.details["decision"])]  # fmt: skip
        assert not there & {name for one in made for name in one.details["meeting"]["attendance"]}


def row_confirmed(book: Any, person: Person) -> None:
    """A period ended only where a confirmed row is of the very measure."""
    assert person.decision is not None
    rows = [row for row in book.periods if row.confirmed and row.ladder in person.decision.measures]
    assert any(row.ladder == "admonition" or row.label == person.decision.organisational_kind for row in rows)
