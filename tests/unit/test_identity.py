"""Two persons of one name are two in every guard, relation and role; a name alone keeps out and lets nobody in."""

from __future__ import annotations

from typing import get_args

import pytest

from models.people.identity import all_held, distinct, holds, is_same, key, keys, may_be, may_hold, may_meet
from models.records.record import Actor
from rules.book.contract.guards import ActorKind
from rules.book.contract.people import PersonRef
from service.access import Role, access
from service.usecases.people.principals import Held, Principal
from tests.unit.test_look_alikes import LIKE

ONE, OTHER = PersonRef("张伟", "id-1"), PersonRef("张伟", "id-2")
SPELLINGS = ["张伟", *LIKE["张伟"], "张伟 ", " 张伟", "张　伟", "张\u200b伟", "张伟\ufeff", "张伟（乙处）", "(乙处)张伟", "张·伟", "张伟【甲】",
             "张伟老师", "张伟处长", "张伟２", "张\ufe0f伟", "张伟/甲处", "张伟\u3000"]  # fmt: skip
ROLES = [role for role in access().roles.values() if not role.of_token]


@pytest.mark.parametrize("written", SPELLINGS)
def test_however_a_name_is_written_the_id_decides_and_without_one_it_only_keeps_out(written: str) -> None:
    mine, others, old = PersonRef(written, "id-1"), PersonRef(written, "id-2"), PersonRef(written)
    assert is_same(ONE, mine)
    assert may_be(ONE, mine)
    assert not is_same(ONE, others)
    assert not may_be(ONE, others)
    assert not is_same(ONE, old)  # nothing is granted by it
    assert may_be(ONE, old)
    assert (holds([old, others], ONE), may_hold([old], ONE), may_meet([ONE], [old]), all_held([ONE], [old])) \
        == (False, True, True, False)  # fmt: skip
    assert distinct([ONE, others]) == (ONE, others)
    assert distinct([ONE, old]) == (ONE,)
    assert key(old) in keys(ONE)
    assert key(ONE) not in keys(others)


@pytest.mark.parametrize("first", ROLES, ids=lambda role: role.id)
@pytest.mark.parametrize("second", ROLES, ids=lambda role: role.id)
def test_of_two_of_one_name_neither_acts_as_the_other_by_a_role_of_either(first: Role, second: Role) -> None:
    for mine, own, others in ((first, ONE, OTHER), (second, OTHER, ONE)):
        principal = Principal("account", "张伟", (Held(mine, "甲处", "case", "P1"),), person=own)
        for kind in get_args(ActorKind):
            as_other = principal.may_act_as(Actor("张伟", kind, "甲处", others.id))
            assert as_other == (kind in mine.enters_for)
            by_name = principal.may_act_as(Actor("张伟", kind, "甲处"))
            assert by_name == (kind in mine.enters_for)
