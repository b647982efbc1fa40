"""A password that many would guess, or that holds a word of the institution, the unit, the login or the person, is none."""

from __future__ import annotations

import time
from random import Random
from string import ascii_letters, ascii_lowercase, digits

import pytest

from service.books import books
from service.usecases.people.guesses import estimate
from service.usecases.people.passwords import Owner, first_password, password_faults

LI = Owner("lihua", "李小华（教务处）", ("机电与汽车工程学院",))

GOOD = ["another-horse-43", "五湖四海皆兄弟也啊呀", "vR8-mkq2Tz_w", "雨后的三只青蛙跳过石桥", "m7$kq9!zpw"]
COMMON = [
    "woaini1314520", "Aa123456789", "Passw0rd2026", "qq123456789", "Admin@123456", "abcd1234567", "1qaz2wsx3edc",
    "aaaaaaaaaaaa", "P@ssw0rd1234", "asdfghjkl;'", "iloveyou1314", "密码密码密码密码密码", "2026-06-28",
]  # fmt: skip
CHINESE = [
    "woaini520131400", "wangwei1990!", "WangWei@1990", "wang.wei@1990!", "zhangxiaohong1990!", "ouyangxiuyuan88", "liming20260701", "!QAZ2wsx#EDC", "1qaz@WSX3edc",
    "!@#$%^&*()", "qwertyuiop[]", "1111111111", "password12", "woaizhongguo1949", "5201314woaini", "zhongqiujie2025", "xingqiyi20260629", "二〇二〇年六月二十八日",
    "2020年6月28日生", "十月一日国庆节快乐", "13877212345", "18907728563wei", "45020219900101123X", "buzhidao123", "guanliyuan888", "yijuliangde2024", "cqmygysdss1314", "床前明月光疑是地上霜",
]  # fmt: skip
OWN = [
    ("广西科技大学的门前有树", "广西科技大学"),
    ("我爱我的广西科大呀呀呀", "广西科大"),
    ("guangxikejidaxue-7kq!", "guangxikejidaxue"),
    ("7kq!GuangXiKeJiDaXue", "guangxikejidaxue"),
    ("guang-xi.ke_ji da xue 7", "guangxikejidaxue"),
    ("GXUST!m7kq9zpw", "gxust"),
    ("ＧＸＵＳＴ!m7kq9zpw", "gxust"),
    ("m7kq-gxkjdx-9!", "gxkjdx"),
    ("m7kq!xuekeduban督查督办工作办公室", "督查督办工作办公室"),
    ("m7kq-ducha.duban-gongzuo-bangongshi", "duchadubangongzuobangongshi"),
    ("机电与汽车工程学院m7kq", "机电与汽车工程学院"),
    ("jidianyuqichegongchengxueyuan", "jidianyuqichegongchengxueyuan"),
    ("m7kq9!教务处zpw", "教务处"),
    ("m7kq9!jiaowuchu", "jiaowuchu"),
    ("LiHua-m7kq9zpw", "lihua"),
    ("m7kq9-李小华-zpw", "李小华"),
    ("m7kq-lixiaohua9!", "lixiaohua"),
    ("五湖四海皆兄弟也xm啊呀", "xm"),
    ("m7kq-guangxi-9zpw", "guangxi"),
    ("m7kq9!ducha-zpw", "ducha"),
    ("wenze-m7kq9zpw!", "wenze"),
]


@pytest.mark.parametrize("password", GOOD)
def test_a_password_that_nobody_guesses_will_do(password: str) -> None:
    assert list(password_faults(password, LI, books())) == []


@pytest.mark.parametrize("password", COMMON)
def test_a_common_password_is_refused_with_what_makes_it_so(password: str) -> None:
    (said,) = password_faults(password, LI, books())
    assert "容易猜到" in said
    assert password not in said


@pytest.mark.parametrize("password", [*CHINESE, "广西科技大学广西科技"])
def test_what_people_make_of_pinyin_of_numbers_of_days_and_of_keys_is_refused(password: str) -> None:
    assert list(password_faults(password, LI, books()))


@pytest.mark.parametrize("signs", [ascii_lowercase + digits, ascii_letters + digits + "!@#$%-_"], ids=["plain", "all"])
def test_ten_signs_by_chance_will_nearly_always_do(signs: str) -> None:
    drawn = Random(15)
    refused = [
        password
        for password in ("".join(drawn.choice(signs) for _ in range(10)) for _ in range(200))
        if any(password_faults(password, LI, books()))
    ]
    assert len(refused) <= 6, refused


def test_the_longest_password_is_looked_at_in_no_time() -> None:
    estimate("woaini", ())  # the lists are read once
    for password in ("woaini" * 33, "a" * 200, "Aa1!" * 50, "zhuang" * 33, "İ" * 200, "\ufdfa" * 200, "#" * 200):
        began = time.process_time()
        estimate(password, ("wenze",))
        assert time.process_time() - began < 1, password


@pytest.mark.parametrize(("password", "word"), OWN, ids=[password for password, _ in OWN])
def test_a_password_with_a_word_of_ones_own_is_refused_by_that_word(password: str, word: str) -> None:
    owner = Owner("xm", "某人") if word == "xm" else LI
    assert any(f"不得含有“{word}”" in said for said in password_faults(password, owner, books()))


def test_words_turned_or_disguised_are_guessed_too() -> None:
    for password in ("6xu5t6xu5t", "tsuxg20210628", "xiaohua123"):
        assert list(password_faults(password, LI, books())), password


def test_too_short_too_long_and_everything_at_once() -> None:
    assert [said for said in password_faults("gxust", LI, books()) if "应为10至200个字符" in said]
    assert any("gxust" in said for said in password_faults("gxust", LI, books()))
    assert list(password_faults("五湖四海" + "vR8-mkq2Tz_w" * 17, LI, books())) == ["应为10至200个字符，现为208个"]


def test_a_first_password_is_never_one_of_these(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["lihua-xxxxxxxxxx", "gxust_m7kq9zpwaa", "aaaaaaaaaaaaaaaa", "vR8-mkq2Tz_wQ1x9"])
    monkeypatch.setattr("service.usecases.people.passwords.token_urlsafe", lambda _: next(drawn))
    assert first_password(LI, books()) == "vR8-mkq2Tz_wQ1x9"
