"""Who fills which field of which action: what the regulation gives somebody else to say, nobody fills for them.

The table is written by hand after the regulation (article 9 with articles 7 and 8), not after the rulebook: an action a line for
each of its actors, with the fields that are theirs; ``field=words``: of a choice only these.
"""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from models.matter.act import GUARDS, MatterRequest
from models.matter.matter import Matter
from models.records.record import Actor
from models.schemas.entries import case_entries, matter_entries
from models.schemas.errors import CaseFileError
from models.schemas.fields import KnownWord
from rules.book.contract.guards import ActorKind
from rules.book.loading import load_rulebook
from rules.reasoning.editions import KEPT
from tests.written_entries import whole

TABLE = """
propose              office        title matters situations persons reason                  art-9.0 发现问责情形
approve              leader        opinion                                                  art-9.0 有关学校领导批准
refuse               leader        reason                                                   art-9.0
approve_again        leader        opinion                                                  art-9.0
form_team            office        members led_by_other                                     art-9.1.a 督查督办工作办公室牵头
recuse               office        name ground reason                                       A-21
recuse               leader        name ground reason                                       A-21
recuse               team          name ground reason                                       A-21
recuse               committee     name ground reason                                       A-21
recuse               organisation  name ground reason                                       A-21
recuse               personnel     name ground reason                                       A-21
propose_recusal      office        name ground capacity reason                              A-21
propose_recusal      leader        name ground capacity reason                              A-21
propose_recusal      team          name ground capacity reason                              A-21
propose_recusal      person        name ground capacity reason                              A-21
propose_recusal      committee     name ground capacity reason                              A-21
propose_recusal      organisation  name ground capacity reason                              A-21
propose_recusal      personnel     name ground capacity reason                              A-21
decide_recusal       leader        proposal granted reason                                  A-21
decide_recusal       committee     proposal granted reason                                  A-21
lift_recusal         leader        name reason                                              A-21
lift_recusal         committee     name reason                                              A-21
add_member           office        members                                                  art-9.1.a
find                 team          person element value evidence reason second              art-9.1.b 调查组查明
evaluate             team          person matter                                            art-9.1.c
serve_fact_material  team          person text                                              art-9.2.1.a 调查组撰写事实材料
hear                 team          person place present text                                art-9.2.1.b 听取并记录在案
raise_point          person        person kind step text accepting                          art-9.2.1.b 陈述和申辩
raise_point          team          person kind step text accepting                          art-9.2.1.b 记录在案
withdraw_point       person        person point reason                                      art-9.2.1.b
answer_point         team          person point reasonable adopted reason                   art-9.2.1.c 合理的予以采纳
sign                 person        person kind text                                         art-9.2.1.d 调查对象签署意见
sign                 team          person kind text note                                    art-9.2.1.d 调查组作出说明或者注明
discuss              team          participants minutes                                     art-9.2.2.a
report               team          groups signatures                                        art-9.2.2.b
submit               office        note                                                     art-9.2.2.d
send_back            committee     reason                                                   art-9.2.2.d
decide               committee     meeting decisions                                        art-9.2.2.d 学校党委审议
issue_decision       office        person                                                   art-9.2.2.d
serve_decision       office        person to received_on signed_by refusal_note witness     art-9.3.a
notify_department    office        person department                                        art-9.3.b
file_decision        organisation  person reference                                         art-9.3.c
complete_formalities organisation  person note                                              art-9.3.d
complete_formalities personnel     person note                                              art-9.3.d
bar_ratings          organisation  person rating_final                                      art-7.2.b
bar_ratings          personnel     person rating_final                                      art-7.2.b
execute              office        person kind text                                         art-8.2.1 art-8.2.2
execute              organisation  person kind text                                         art-8.2.2
execute              unit          person kind text                                         art-8.2.1
execute              person        person kind=self_examination,rectification text          art-8.2.1 责令作出书面检查、切实整改
suspend_execution    office        person reason                                            art-9.4.b
suspend_execution    leader        person reason                                            art-9.4.b
suspend_execution    committee     person reason                                            art-9.4.b
appeal               person        person text                                              art-9.4.a 书面申诉
review_appeal        committee     person meeting result reason decision same_body_reason prepared_by art-9.4.c A-70
inform_of_review     office        person to form                                           art-9.4.c
correct              committee     person meeting result reason decision same_body_reason prepared_by art-9.4.c A-70
unwind               office        person consequence note                                  art-9.4.c
unwind               organisation  person consequence note                                  art-9.4.c
unwind               personnel     person consequence note                                  art-9.4.c
end_period           organisation  person note                                              art-9.5
close                office        note                                                     art-9.3.a
withdraw             leader        reason                                                   art-9.0
"""
_BOOK = load_rulebook()
_ROWS: dict[tuple[str, str], dict[str, set[str] | None]] = {}
for _line in filter(None, TABLE.splitlines()):
    _action, _kind, *_told = _line.split()
    _named = [one.partition("=") for one in _told if not (one.startswith(("art-", "A-")) or one > "\u3000")]
    _ROWS[_action, _kind] = {name: set(words.split(",")) if sign else None for name, sign, words in _named}
_IDS = [f"{action} by {kind}" for action, kind in _ROWS]


def test_the_table_has_every_actor_of_every_action_and_every_field() -> None:
    assert set(_ROWS) == {
        (one.id, actor) for one in _BOOK.proceedings.actions.values() if one.entered for actor in one.actors
    }
    for action, fields in case_entries(load_rulebook()).fields.items():
        assert {name for (one, _), row in _ROWS.items() if one == action for name in row} == set(fields), action


def asked(action: str, kind: str) -> dict[str, Any]:
    return whole(action, case_entries(load_rulebook()).blocks[action]) | {"actor": {"name": "甲", "kind": kind}}


@pytest.mark.parametrize(("action", "kind"), _ROWS, ids=_IDS)
def test_each_is_offered_what_is_theirs_and_may_enter_nothing_else(action: str, kind: str) -> None:
    row, offered = _ROWS[action, kind], case_entries(load_rulebook()).fields_of(action, kind)
    assert set(offered) == set(row)
    validator = Draft202012Validator(case_entries(load_rulebook()).schemas()[f"CaseEntry.{action}"])
    told = asked(action, kind)
    own = {name: value for name, value in told["details"].items() if name in row}
    for name, field in case_entries(load_rulebook()).fields[action].items():
        words = row.get(name)
        values = list(field.chinese) if isinstance(field, KnownWord) and words is not None else [told["details"][name]]
        for value in values:
            entry = {**told, "details": {**own, name: value}}
            allowed = name in row and (words is None or value in words)
            assert refusal(action, entry) == (set() if allowed else {f"details.{name}"}), value
            assert validator.is_valid(entry) is allowed, value
            if words is not None:
                shown = offered[name]
                assert isinstance(shown, KnownWord)
                assert set(shown.chinese) == words


def refusal(action: str, entry: Any) -> set[str]:
    faults = []
    try:
        case_entries(load_rulebook()).load(action, entry)
    except CaseFileError as error:
        faults = error.errors
    assert all("只能由" in fault.message and "不得代填" in fault.message for fault in faults)
    return {fault.path for fault in faults}


LEDGER = """
propose                office   title category reason basis consulted_with consulted_on items major comprehensive lead_unit co_units due_on
carry_over             office   title category reason basis lead_unit co_units due_on registered_on assigned_on project_leader original_number source
endorse_registration   director agrees opinion attachments
approve_registration   leader   agrees opinion attachments
register               office   route opinion reason attachments
arrange                office   lead_unit co_units due_on plan division milestones project_leader reason attachments
approve_change         leader   lead_unit co_units due_on agrees opinion attachments
assign                 office   channel message_id person reason attachments
supplement_assignment  office   channel person note attachments
acknowledge            unit     signed_by attachments
progress               unit     note milestones_reached attachments
check                  office   method problems coordination attachments
supervise              office   method problems coordination note proof attachments
urge                   office   responsible contact phone channel message_id proof attachments
record_urging          office   signed_by contact_note attachments
request_extension      unit     reason progress attachments
decide_extension       leader   granted new_due_on measures reason attachments
special_report         unit     meeting note attachments
report                 unit     result attachments
accept                 office   opinion attachments
return                 office   kind reason new_due_on attachments
sign_closing           leader   agrees opinion attachments
close                  office   office_agrees remarks attachments
feed_back              office   to note circulated_to attachments
archive                office   contents attachments
"""
"""Of the ledger: an action, whose it is alone, and what is filled in. Source: art-6.1 – art-6.7, art-3.2, art-3.3, annex 1."""
_OF_LEDGER = {action: (kind, fields) for action, kind, *fields in map(str.split, filter(None, LEDGER.splitlines()))}


def test_the_table_of_the_ledger_has_every_action_with_its_one_actor() -> None:
    assert {name: (kind,) for name, (kind, _) in _OF_LEDGER.items()} == {
        one.id: one.actors for one in _BOOK.ledger.actions.values() if one.entered
    }


@pytest.mark.parametrize("kind", _BOOK.ledger.actors)
@pytest.mark.parametrize("action", _OF_LEDGER)
def test_each_field_of_the_ledger_is_offered_to_its_actor_and_entered_by_nobody_else(action: str, kind: str) -> None:
    (whose, fields), entries = _OF_LEDGER[action], matter_entries(_BOOK)
    rule, told = _BOOK.ledger.actions[action], whole(action, entries.blocks[action])
    actor = Actor("甲", cast(ActorKind, kind), "甲处" if kind == "unit" else None, "甲")
    given = {"name": "甲", "kind": kind} | ({"unit": "甲处"} if kind == "unit" else {})
    # whose it is: the guard of its one actor refuses every other, whatever is filled in
    matter = Matter(lead_unit="甲处")
    request = MatterRequest(matter, told["details"], actor, date(2026, 1, 5), frozenset({"甲处"}), _BOOK.ledger)
    guards = [_BOOK.ledger.actor_guards[one] for one in rule.actors]
    assert all(GUARDS[name](request) for name in guards) is (kind == whose)
    # what is filled in: every field of the table, in the form and over the interface, and no other
    if kind == whose:
        assert list(entries.fields_of(action, kind)) == fields
        assert set(entries.load(action, {**told, "actor": given})["details"]) == set(told["details"]) <= set(fields)
    for name in {one for _, others in _OF_LEDGER.values() for one in others} - set(fields):
        with pytest.raises(CaseFileError, match="不认识的字段"):
            entries.load(action, {**told, "actor": given, "details": {**told["details"], name: "甲"}})


def test_a_form_for_several_says_whose_a_field_is() -> None:
    together = case_entries(load_rulebook()).fields_of("sign", "person", "team")
    assert together["note"].label == "调查组的说明或者注明（只由调查组成员填写）"
    assert together["text"].label == "签署的意见"
    assert "note" not in case_entries(load_rulebook()).fields_of("sign", "person")
    assert case_entries(load_rulebook()).fields["sign"]["note"].label == "调查组的说明或者注明"


def test_the_kept_book_of_the_first_release_says_nothing_of_fields() -> None:
    for folder in KEPT.iterdir():
        kept = load_rulebook(folder)
        assert not any(one.fields for one in kept.proceedings.actions.values())
        assert kept.institution == ()
