"""Every act × every wrong hand: what somebody else enters, or says of somebody else, is asked for or on paper, and never counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
from sqlalchemy.orm import Session

from models.case.words_of import also_by
from models.matter.matter import Matter, matter_fold
from models.people.asking import waiting_acts
from models.records.fold import with_effect
from models.records.record import Actor, Hand, Record
from models.schemas.errors import CaseFileError
from rules.book.actions import Action
from rules.book.contract.asking import Aside
from rules.book.contract.case_effects import OfMeeting, Signed
from rules.book.contract.guards import ActorKind
from rules.book.contract.people import PersonRef
from rules.book.loading import load_rulebook
from service.usecases.entry import Entry
from service.usecases.hands import hand_of, others
from tests.lawful_case import LAWFUL, lived, until

_BOOK = load_rulebook()
_DAY = date(2026, 6, 1)
_KINDS: tuple[ActorKind, ...] = get_args(ActorKind)
_OURS = {"own": "本人", "other": "他人"}


def _acts() -> Iterator[tuple[Action, ActorKind]]:
    for action in (*_BOOK.ledger.actions.values(), *_BOOK.proceedings.actions.values()):
        if action.entered and action.sources:
            yield from ((action, kind) for kind in _KINDS if kind in action.actors)


ACTS = [pytest.param(action, kind, id=f"{action.id} by {kind}") for action, kind in _acts()]


def entry_by(action: Action, kind: ActorKind, enterer: str | None, named: str = "own") -> Entry:
    """An act of 本人, in which the fields of own hands name somebody."""
    who: Any = {"id": named, "name": _OURS[named]}
    details = {one.id: (who,) if one.most else who for one in action.fields if one.own}
    return Entry(action.id, details, Actor("本人", kind, id="own"), _DAY, "录入人", enterer=enterer)


def vouched(action: Action, entry: Entry) -> str:
    """What shows whose it is; what a meeting did needs its minutes whoever enters it."""
    minutes = issubclass(action.effect, OfMeeting)
    try:
        return hand_of(Session(), action, entry, "case", "c", minutes=minutes).vouched
    except CaseFileError as error:
        return "refused" if minutes and {one.path for one in error.errors} == {"papers"} else str(error)


@pytest.mark.parametrize(("action", "kind"), ACTS)
def test_an_act_counts_at_once_only_by_the_hand_of_everybody_whose_it_is(action: Action, kind: ActorKind) -> None:
    meeting = issubclass(action.effect, OfMeeting)
    assert vouched(action, entry_by(action, kind, "own")) == ("refused" if meeting else "self")
    for enterer in ("other", None):
        assert vouched(action, entry_by(action, kind, enterer)) == ("refused" if meeting else "asked")
    if any(one.own for one in action.fields):
        entry = entry_by(action, kind, "own", "other")
        assert [one.id for one in others(action, entry, ())] == ["other"]
        assert vouched(action, entry) == "asked"


def test_the_fields_of_own_hands_are_those_that_the_regulation_gives_to_several() -> None:
    own = {(action.id, one.id) for action, _ in _acts() for one in action.fields if one.own}
    assert {("find", "second"), ("discuss", "participants"), ("report", "signatures")} <= own


@pytest.mark.parametrize("kind", ["agrees", "differs", "refuses"])
def test_what_the_team_says_that_the_person_signed_is_the_persons_own_but_not_that_they_refuse(kind: str) -> None:
    case = lived(*until("sign"))
    said = also_by(Signed(person="P1", kind=kind), Actor("组长", "team"), case)  # type: ignore[arg-type]
    assert [one.name for one in said] == ([] if kind == "refuses" else ["张某"])
    assert also_by(Signed(person="P1", kind="agrees"), Actor("张某", "person"), case) == ()
    signed = lived(*until("evaluate", LAWFUL))
    assert also_by(Signed(person="P1", kind="agrees"), Actor("组长", "team"), signed) == ()


def asides() -> Iterator[Record]:
    """A record that asks two, each by its own number behind 7 others; one confirms, the other declines."""
    actions = {action.effect: action for action in _BOOK.ledger.actions.values() if issubclass(action.effect, Aside)}
    entry = {"action": "accept", "done_on": _DAY, "actor": {"name": "甲", "kind": "office", "id": "a"}, "details": {}}
    of = ({"id": "a", "name": "甲"}, {"id": "b", "name": "乙"})
    told = {
        "ConfirmationAsked": (entry | {"of": of}, "c"),
        "ConfirmationGiven": ({"to": 1}, "a"),
        "ConfirmationDeclined": ({"to": 1, "reason": "没有"}, "b"),
    }
    for number, (name, (details, who)) in enumerate(told.items(), 1):
        action = next(one for kind, one in actions.items() if kind.__name__ == name)
        hand = Hand(Actor(who, "office", id=who), who, who, "self")
        yield with_effect(Record(number, action.id, _DAY, hand, details, datetime(2026, 6, 1, tzinfo=UTC)), action)


def test_who_has_answered_is_asked_no_more_and_who_declines_ends_it() -> None:
    asked, confirmed, declined = asides()
    assert waiting_acts([asked])[1].outstanding == (PersonRef("甲", "a"), PersonRef("乙", "b"))
    assert waiting_acts([asked, confirmed])[1].outstanding == (PersonRef("乙", "b"),)
    assert waiting_acts([asked, confirmed, declined]) == {}


def test_what_is_only_asked_changes_nothing_but_the_number_of_records() -> None:
    made = Matter(state="reported", records=())
    for record in asides():
        made = matter_fold.applied(made, record, None)
    assert made.version == 3
    assert (made.state, made.submissions, made.has("accept")) == ("reported", (), False)
