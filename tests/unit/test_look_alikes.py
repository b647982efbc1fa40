"""What looks like another sign makes no other name where that keeps somebody out, and is refused, by itself named, in a new one."""

from __future__ import annotations

import unicodedata

import pytest

from models.people.names import bare, name_fault

LIKE = {
    "周清": ("周淸", "周\u3000清", "周清（督查办）", "周清2", "周清２", "周清老师", "周清处长", "周清\u200b"),
    "沈言": ("瀋言", "沈\u8a00", "沈\u2f94", "沈言同志", "沈言副教授"),
    "张伟": ("張偉", "張伟", "张伟1", "张伟书记（甲处）"),
    "李真": ("李眞", "李\u771f"),
    "口言": ("ロ言",),
    "anna": ("Anna", "Аnnа", "ΑNNΑ", "ａｎｎａ"),
    "崎田": ("\ufa11田",),
}
REFUSED = {
    "周淸": "淸",
    "李眞": "眞",
    "郞平": "郞",
    "Аnna": "А",
    "Annа": "а",
    "ΑNNA": "Α",
    "ロ言": "ロ",
    "阿Q正": "Q",
    "\ufa11田": "\ufa11",
}


@pytest.mark.parametrize("name", LIKE)
def test_what_looks_the_same_restricts_the_same(name: str) -> None:
    assert {bare(one) for one in (name, *LIKE[name])} == {name}


@pytest.mark.parametrize("name", REFUSED)
def test_a_new_name_with_a_sign_that_looks_like_another_is_refused_and_the_sign_named(name: str) -> None:
    fault, sign = name_fault(name), unicodedata.normalize("NFC", REFUSED[name])
    assert fault is not None
    assert f"“{sign}”（U+{ord(sign):04X}）" in fault


@pytest.mark.parametrize(
    "name",
    [
        "張偉",
        "黃彥",
        "李〇",
        "佐々木",
        "高橋みなみ",
        "阿不都·热合曼",
        "Иванов",
        "Παπαδόπουλος",
        "김철수",
        "王处长",
        "委员1",
    ],
)
def test_names_of_one_script_and_traditional_forms_are_taken(name: str) -> None:
    assert name_fault(name) is None


def test_a_title_or_a_number_makes_no_name_of_one_sign() -> None:
    assert [bare(name) for name in ("王处长", "某2", "王主任3")] == ["王处长", "某2", "王主任3"]


def test_different_people_stay_different() -> None:
    names = ("沈言", "沈研", "沈砚", "周清", "周青", "张伟", "张玮", "王士", "王土", "李未", "李末")
    assert len({bare(name) for name in names}) == len(names)
