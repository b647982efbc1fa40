"""The whole procedure at random: what anybody may try in a case, lawful or not, and what must hold whatever they try."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.case.act import WrongStage, act
from models.case.case import Case, case_fold
from models.case.duties import duties_of
from models.case.request import CaseRequest
from models.matter.act import ActRefused, WrongDay
from models.records.reading import Torn
from models.records.record import Actor, Hand
from rules.book.contract.people import PersonRef
from rules.reasoning.calendar import work_calendar
from tests.case_attempts import CONFIRMED, ONWARD, ORGANISED, PATHS, TRAIL, TWO, actor_of, best, details, picking
from tests.case_invariants import apart, defended, rightly_done, row_confirmed
from tests.lawful_case import APPROVERS, BOOK, COMMITTEE, EVALUATION, NOW, PERSONS

CALENDAR = work_calendar()
ACTIONS = BOOK.proceedings.actions
ENTERED = sorted(one.id for one in ACTIONS.values() if one.entered)
COUNTS: Counter[tuple[str, bool]] = Counter()
"""Action, whether it was taken → how often, over all the runs of a process."""
_COMPETENT = frozenset(map(PersonRef, APPROVERS | {"校长"}))


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
                    actor = Actor(self.case.persons[person].name.name, "person")
                assert self.take(action, actor, said), action
                self.day += timedelta(days=1)

    def take(self, action: str, actor: Actor, said: Mapping[str, Any]) -> bool:
        """Try it; whether it was allowed. What was forbidden leaves no trace."""
        evaluations = dict.fromkeys(self.case.persons, self.evaluation)
        request = CaseRequest(self.case, dict(said), actor, self.day, self.book, _COMPETENT, evaluations)
        try:
            after, _ = act(action, request, hand=Hand(request.actor, "测试"), recorded_at=NOW)
        except (ActRefused, WrongStage, WrongDay, Torn):  # the last: what the interface refuses before
            return False
        self.after(action, after, said)
        self.case = after
        return True

    @rule(data=st.data(), days=st.sampled_from((0, 0, 1, 5, 40)), person=st.sampled_from(("P1", "P1", "P2")))
    def fitting(self, data: st.DataObject, days: int, person: str) -> None:
        """An action that fits the state."""
        fits = [one.id for one in ACTIONS.values()
                if one.entered and (self.case.state in one.sources if one.sources else not self.case.version)]  # fmt: skip
        if fits:
            self.attempt(data, data.draw(st.sampled_from(fits)), days, person)

    @precondition(lambda self: self.case.state in ONWARD)
    @rule(data=st.data(), steps=st.integers(1, 10), left_out=st.integers(0, 15), found_at=st.integers(0, 15))
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

    @rule(data=st.data(), action=st.sampled_from(ENTERED), person=st.sampled_from(("P1", "P2")))
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
        rightly_done(self.case, now.records[-1])
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
        assert case_fold(self.case.records, ACTIONS) == self.case

    @invariant()
    def who_decides_is_apart(self) -> None:
        for record in self.case.records:
            if record.action in ("decide", "review_appeal", "correct"):
                apart(self.case, record)
        assert self.case.state not in ("decided", "closed") or any(one.action == "decide" for one in self.case.records)

    @invariant()
    def an_appeal_can_be_reviewed(self) -> None:
        """By the committee that took the last decision, without whoever was recused since: nobody else is needed."""
        for name, person in self.case.persons.items():
            if person.pending_appeal is None or self.case.meeting is None:
                continue
            there = tuple(one.name for one in self.case.meeting.attendance if one not in self.case.recused)
            meeting = {"body": self.case.meeting.body, "held_on": self.day, "attendance": there, "recused": (),
                       "votes": {"for": len(there), "against": 0, "abstain": 0}}  # fmt: skip
            said = {"person": name, "meeting": meeting, "result": "upheld", "reason": "理由", "decision": None,
                    "same_body_reason": "理由", "prepared_by": ("党委秘书",)}  # fmt: skip
            request = CaseRequest(self.case, said, COMMITTEE, self.day, self.book, _COMPETENT, {})
            assert not there or act("review_appeal", request, hand=Hand(request.actor, "测试"), recorded_at=NOW)

    @invariant()
    def a_reversal_unwound_leaves_the_person_as_never_decided(self) -> None:
        for name, person in self.case.persons.items():
            if person.overturned_at and person.decision is None and not person.owed:
                at = next(one.number for one in self.case.records if one.action == "decide")
                never = case_fold(self.case.records[: at - 1], ACTIONS).persons[name]
                assert person == replace(never, **{field: getattr(person, field) for field in TRAIL})
                assert all(one.undone_on for one in person.consequences)
