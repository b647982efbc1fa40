"""No blank, no invisible character and no other spelling defeats a separation; and nobody fills what another has to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from marshmallow import ValidationError

from models.case.checkup_inquiry import PERSON_CHECKS
from models.case.inquiry import team_fits
from models.case.involvement import involvements
from models.case.involvements import OtherHand
from models.case.trail import Trail
from models.matter.act import ActRefused
from models.people.names import bare, name_fault
from models.records.record import Actor
from models.records.signs import says
from models.schemas.entries import case_entries, matter_entries
from models.schemas.errors import CaseFileError, flatten
from models.schemas.fields import Block, Items, Name, PersonId, StrictField, Text
from models.schemas.oa_receipt import _RECEIPT
from models.schemas.office_entries import office_entries
from rules.book.contract.case_effects import Member
from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.refusals import explained
from tests.integration.case_office import entry
from tests.lawful_case import (
    BOOK,
    HEAD,
    INQUIRY,
    MEETING,
    MEMBERS,
    OFFICE_NAME,
    OTHER_BODY,
    REVIEW_MEETING,
    SECOND,
    Step,
    asks_to_recuse,
    by,
    decides_to_recuse,
    first,
    found,
    lived,
    refused,
    stands_down,
    step,
    taken,
    until,
    with_details,
)
from tests.written_entries import filled, leaves, put, shown, whole

_UNSEEN = {
    "blank": " ", "ideographic blank": "\u3000", "no-break blank": "\u00a0", "zero width": "\u200b", "joiner": "\u200d",
    "byte order": "\ufeff", "soft hyphen": "\u00ad", "word joiner": "\u2060", "hangul filler": "\u3164",
    "choseong filler": "\u115f", "braille blank": "\u2800", "variant": "\ufe0f", "line": "\u2028",
}  # fmt: skip
SPELLINGS: dict[str, Callable[[str], str]] = {
    **{f"{label} after": lambda name, sign=sign: name + sign for label, sign in _UNSEEN.items()},
    **{f"{label} before": lambda name, sign=sign: sign + name for label, sign in _UNSEEN.items()},
    **{f"{label} inside": lambda name, sign=sign: name[:1] + sign + name[1:] for label, sign in _UNSEEN.items()},
    "unit": lambda name: f"{name}（督查办）",
    "square": lambda name: f"{name} [甲]",
    "shell": lambda name: f"{name}〔乙〕",
    "lens": lambda name: f"{name}【丙】",
}


def met(one: Step, meeting: Any, name: str) -> Step:
    return with_details(one, meeting={**meeting, "attendance": (*meeting["attendance"][1:], name)})


SEPARATIONS: dict[str, tuple[str, tuple[Step, ...], Callable[[str], Step], str]] = {
    "the person approves": ("张某", until("approve"), lambda name: by(first("approve"), Actor(name, "leader")),
                            "approver_not_involved"),
    "the person in the team": (
        "张某", until("form_team"),
        lambda name: with_details(first("form_team"), members=(*MEMBERS, {"name": name, "unit": "审计处"})), "team_not_involved"),
    "twice in the team": (
        "组员甲", until("form_team"),
        lambda name: with_details(first("form_team"), members=(*MEMBERS, {"name": name, "unit": OFFICE_NAME})),
        "members_distinct"),
    "twice in the discussion": ("组长", until("discuss"), lambda name: with_details(first("discuss"), participants=("组长", name)),
                                "discussed_together"),
    "twice under the report": ("组长", until("report"), lambda name: with_details(first("report"), signatures=("组长", name)),
                               "report_signed"),
    "reversed alone": (
        "组长", until("serve_fact_material"),
        lambda name: found("art-8.1.1.not_completed", "refuted", "2026-05-21", reason="复核", second=name), "reversal_by_two"),
    "the person decides": ("张某", until("decide"), lambda name: met(first("decide"), MEETING, name), "deciders_not_involved"),
    "the team decides": ("组员甲", until("decide"), lambda name: met(first("decide"), MEETING, name), "deciders_not_involved"),
    "votes of one": ("委员二", until("decide"), lambda name: with_details(
        first("decide"), meeting={**MEETING, "attendance": ("委员二", "委员三", name)}), "meeting_recorded"),
    "a decider reviews": (
        "委员一", until("review_appeal"),
        lambda name: with_details(met(first("review_appeal"), OTHER_BODY, name), same_body_reason=None), "same_body_reasoned"),
    "the team reviews": ("组长", until("review_appeal"), lambda name: met(first("review_appeal"), REVIEW_MEETING, name),
                         "reviewers_not_involved"),
    "the team prepares a review": (
        "组长", until("review_appeal"), lambda name: with_details(first("review_appeal"), prepared_by=(name,)),
        "reviewers_not_involved"),
    "the one recused decides": (
        "书记", (*until("form_team"), asks_to_recuse("书记", "approver", "2026-05-13")),
        lambda name: decides_to_recuse(3, "2026-05-13", Actor(name, "leader")), "competent_in_recusal"),
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("separation", SEPARATIONS)
def test_another_spelling_separates_as_the_name_does(separation: str, spelling: str) -> None:
    name, before, attempt, guard = SEPARATIONS[separation]
    assert guard in refused(before, attempt(name)), "the name itself"
    assert guard in refused(before, attempt(SPELLINGS[spelling](name)))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_office_written_otherwise_is_no_other_department(spelling: str) -> None:
    own = ({**MEMBERS[0]}, {**MEMBERS[2], "unit": SPELLINGS[spelling](OFFICE_NAME)})
    assert "joint_team" in refused(until("form_team"), with_details(first("form_team"), members=own))
    assert not team_fits([Member(**one) for one in own], None, BOOK)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ｊｏｈｎ Ｓｍｉｔｈ", "John Smith"),
        ("Jose\u0301", "Jos\u00e9"),
        ("\uf90a某", "金某"),
        ("Zoe\u0308", "Zo\u00eb"),
    ],
)
def test_what_unicode_writes_in_two_ways_is_one_name(written: str, name: str) -> None:
    assert bare(written) == bare(name)
    assert (name_fault(name), name_fault("王\u00b7买买提"), name_fault("张某（督查办）")) == (None, None, None)


@pytest.mark.parametrize("spelling", [name for name in SPELLINGS if " " in name])
def test_a_spelling_of_the_person_or_of_who_was_recused_sees_no_more(spelling: str) -> None:
    case = lived(
        *until("report"),
        stands_down("组员乙", "2026-06-02"),
    )
    kept_out = {one.who for one in involvements(case) if one.relation in ("investigated", "recused")}
    for name in ("张某", "组员乙"):
        assert bare(SPELLINGS[spelling](name)) in kept_out


_GROUNDS = BOOK.proceedings.words["recusal_grounds"]


def names_in(path: str, field: StrictField) -> Iterator[str]:
    if isinstance(field, Name | PersonId):
        yield path
    elif isinstance(field, Items):
        yield from names_in(f"{path}[]", field.item)
    elif isinstance(field, Block):
        for name, one in field.fields.items():
            yield from names_in(f"{path}.{name}", one)


_PEOPLE = {"members[].name", "persons[].name", "present[]", "participants[]", "signatures[]", "meeting.attendance[]",
           "meeting.recused[]", "second", "witness", "signed_by"}  # fmt: skip


def test_the_fields_of_people_are_names() -> None:
    known = {path for action, one in case_entries(load_rulebook()).blocks.items() for path in names_in(action, one)}
    ends = {path.partition(".details.")[2] for path in known}
    assert ends >= _PEOPLE
    assert {f"{action}.actor.name" for action in case_entries(load_rulebook()).blocks} <= known
    assert {f"{action}.actor.name" for action in matter_entries(load_rulebook()).blocks} <= {
        p for a, one in matter_entries(load_rulebook()).blocks.items() for p in names_in(a, one)
    }


_LABELLED = re.compile("姓名|人$|人员$|签名$|^第二|的成员$|见证|批准人$")
SCHEMAS: dict[str, Block] = {
    **case_entries(load_rulebook()).blocks,
    **matter_entries(load_rulebook()).blocks,
    **office_entries(load_rulebook()),
    "OaReceipt": _RECEIPT,
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_whatever_is_called_the_name_of_somebody_is_read_as_one(schema: str) -> None:
    for path, field in leaves(SCHEMAS[schema]):
        if isinstance(field, Text) and _LABELLED.search(field.label):
            assert isinstance(field, Name | PersonId), path


WRITTEN_WRONGLY = {
    **{name: write for name, write in SPELLINGS.items() if " " in name},
    "tab after": lambda name: f"{name}\t", "tab inside": lambda name: f"{name[:1]}\t{name[1:]}", "line after": lambda name: f"{name}\n",
    "full width": lambda name: f"{name}Ａ", "full-width digit": lambda name: f"{name}１", "decomposed": lambda name: f"{name}e\u0301",
    "compatible": lambda name: f"\uf90a{name}", "halfwidth kana": lambda name: f"{name}ｱ",
}  # fmt: skip


@pytest.mark.parametrize("schema", SCHEMAS)
def test_no_name_field_takes_a_name_that_cannot_be_told_from_another(schema: str) -> None:
    block = SCHEMAS[schema]
    fields = [(path, field) for path, field in leaves(block) if isinstance(field, Name)]
    told = (
        whole(schema, block)
        if schema in (*case_entries(load_rulebook()).blocks, *matter_entries(load_rulebook()).blocks)
        else filled(block)
    )
    for path, field in fields:
        for spelling, write in WRITTEN_WRONGLY.items():
            with pytest.raises(ValidationError) as error:
                block.deserialize(put(told, path, write("沈言")))
            ((where, said),) = [(fault.path, fault.message) for fault in flatten(error.value.messages)]
            assert where == shown(path), spelling
            assert field.label in said, spelling
            assert re.search("空格|不可见|全角|控制字符", said), said
        for name in ("沈言", "沈言（机电学院）", "John Smith", "买买提·艾力", "Zo\u00eb"):
            block.deserialize(put(told, path, name))


def test_the_guards_that_go_by_names_say_that_a_namesake_may_be_meant() -> None:
    told = {guard.id for guard in BOOK.guards.values() if guard.by_name}
    assert told == {guard for _, _, _, guard in SEPARATIONS.values()} | {"approval_stands"}
    for guard in BOOK.guards.values():
        assert ("如系同名的另一人" in explained(ActRefused((guard.id,)), books())) is guard.by_name
    assert "如系同名的另一人" in explained(OtherHand("罗成", "inquiry", "decision"), books())


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_approver_recused_under_another_spelling_leaves_no_approval(spelling: str) -> None:
    for name in ("书记", SPELLINGS[spelling]("书记")):
        gone = (
            asks_to_recuse(name, "approver", "2026-05-13"),
            decides_to_recuse(3, "2026-05-13", Actor("校长", "leader")),
        )
        assert "approval_stands" in refused((*until("form_team"), *gone), first("form_team"))


GRANTED: dict[str, tuple[str, tuple[Step, ...], Callable[[str], Step], str]] = {
    "approves": ("书记", until("approve"), lambda name: by(first("approve"), Actor(name, "leader")), "competent_approver"),
    "acts in the team": ("组长", until("find"), lambda name: by(first("find"), Actor(name, "team")), "acts_in_team"),
    "acts as the person": ("张某", until("sign"), lambda name: by(first("sign"), Actor(name, "person")), "acts_as_person"),
    "confirms": (
        "组员甲", until("serve_fact_material"),
        lambda name: found("art-8.1.1.not_completed", "refuted", "2026-05-21", reason="复核", second=name), "reversal_by_two"),
    "discusses": ("组长", until("discuss"), lambda name: with_details(first("discuss"), participants=(name, "组员甲")),
                  "discussed_together"),
    "signs": ("组长", until("report"), lambda name: with_details(first("report"), signatures=(name, "组员甲")), "report_signed"),
}  # fmt: skip


@pytest.mark.parametrize("granted", GRANTED)
def test_another_spelling_grants_nothing(granted: str) -> None:
    name, before, attempt, guard = GRANTED[granted]
    case = lived(*before)
    taken(case, attempt(name))
    for spelling, write in SPELLINGS.items():
        with pytest.raises(ActRefused) as error:
            taken(case, attempt(write(name)))
        assert guard in error.value.guards, spelling


@pytest.mark.parametrize("spelling", [name for name in SPELLINGS if " " in name])
def test_a_new_name_with_what_cannot_be_seen_is_refused(spelling: str) -> None:
    assert name_fault(SPELLINGS[spelling]("沈言")) is not None


DIFFERS = with_details(first("sign"), kind="differs", text="数据来源有误")


def test_the_person_cannot_fill_the_teams_note() -> None:
    with pytest.raises(CaseFileError) as error:
        case_entries(load_rulebook()).load("sign", entry(with_details(DIFFERS, note="已作说明")))
    assert [fault.path for fault in error.value.errors] == ["details.note"]
    assert case_entries(load_rulebook()).load("sign", entry(by(with_details(DIFFERS, note="已作说明"), HEAD)))


def test_after_another_opinion_the_report_waits_for_the_teams_note_and_the_opinion_stands() -> None:
    rest = INQUIRY[INQUIRY.index(first("sign")) + 1 :]
    told = step("sign", SECOND, "2026-05-29", person="P1", kind="agrees", note="已当面核对")
    assert "signature_asked" in refused((*until("sign"), DIFFERS, *rest[:-1]), rest[-1])
    case = lived(*until("sign"), DIFFERS, told, *rest)
    signature = case.persons["P1"].signature
    assert signature is not None
    assert (signature.kind, signature.note) == ("differs", "已当面核对")


def test_an_old_record_in_which_the_person_filled_the_note_has_no_note_of_the_team() -> None:
    old = with_details(DIFFERS, note="已作说明")
    case = lived(*until("sign"), old)
    assert case.persons["P1"].signature is not None
    assert case.persons["P1"].signature.note is None
    assert PERSON_CHECKS["refusal_note"](Trail(case.records, BOOK), "P1").state != "kept"


@pytest.mark.parametrize(
    "written",
    ["（审计处）马云", "(甲处)马云", "马云❨审计处❩", "马云⟨审计处⟩", "马云⦅甲⦆", "马云“甲处”", "马云«甲»", "马云/甲处", "马云-甲处", "马云_2处",
     "马\U0001d159云", "马\U00016fe4云", "马\u0301云", "马·云", "马云＜甲处＞",
     "（马云）", "〔马云〕", "马云）", "(马云)(审计处)", "（马云", "<马云>", "马ˉ云", "马ー云", "马云ʼ"],
)  # fmt: skip
def test_whatever_stands_beside_a_name_restricts_as_the_name_does(written: str) -> None:
    assert bare(written) == bare("马云") == "马云"


@pytest.mark.parametrize(
    "written",
    [
        "⻢云", "马\U0001d159云", "马\U00016fe4云", "马\u0301云", "马☆云", "马／云", "马云❨甲❩", "马=云",
        "（马云）", "马（云）", "（马云", "马云）", "马云（甲处", "马云）甲处（", "马-云", "马.云", "马,云", "马'云", "马’云", "马–云", "马云-甲处",
        "马ˉ云", "马ー云", "马云ʼ", "马<云>", "马云（）", "（）", "-", "·", "()-",
    ],
)  # fmt: skip
def test_a_new_name_is_written_with_letters_and_not_with_what_looks_like_them(written: str) -> None:
    assert name_fault(written) is not None


@pytest.mark.parametrize(
    "written",
    [
        "马云",
        "马云（审计处）",
        "阿不都·热合曼",
        "O'Neil",
        "Jean-Luc Picard",
        "José",
        "李〇",
        "委员1",
        "अमित",
        "沈言【甲处】",
        "佐々木",
        "Anne-Marie O’Hara（外国语学院）",
        "Иванов-Петров",
        "沈言（督查办·综合科）",
        "张伟（甲处）（1）",
        "党委（校长）办公室",
    ],
)
def test_names_as_people_bear_them_are_taken(written: str) -> None:
    assert name_fault(written) is None


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\u3164", "\u2800", "\u00ad", "\ufe0f", " "])
def test_a_text_that_shows_nothing_is_none_and_no_reason(sign: str) -> None:
    with pytest.raises(ValidationError):
        Text("理由", 100).deserialize(sign * 3)
    assert not says(sign)
    assert not says("。" + sign)
    assert says("因病" + sign)
