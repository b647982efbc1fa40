"""Draft amendments: laid over an edition, checked with every fault at once, and never used to decide a case."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from models.schemas.case_file import load_case
from rules.analysis.amendment import AmendmentRefused, Version, load_amendment, load_version
from rules.book.loading import BOOK, RulebookError, load_rulebook
from rules.reasoning.editions import Books
from rules.reasoning.recommendation import DraftRulebook, Recommender
from service.books import books
from service.cli import main
from service.usecases.recommending.store_receipt import store_receipt
from tests.conftest import ROOT, example

DRAFTS = ROOT / "examples" / "amendments"
HEAD = "id: trial\ntitle: 试改\nbasis: 测试\nreplacements:\n"
TIMES = next(rule.id for rule in load_rulebook().rules.values() if rule.still_unfulfilled_after)


def draft(tmp_path: Path, *rows: str, head: str = HEAD) -> Path:
    path = tmp_path / "draft.yaml"
    path.write_text(head + "".join(f"  - {row}\n" for row in rows), encoding="utf-8")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        load_amendment(path)
    return str(caught.value).splitlines()


# --- what a draft is ---


def test_five_times_replaces_the_number_in_the_condition_and_in_what_is_looked_at_after_it() -> None:
    found = load_amendment(DRAFTS / "five-times.yaml")
    rule, shipped = found.book.rules[TIMES], load_rulebook()
    assert rule.still_unfulfilled_after == 5
    assert {part.number for when in rule.when.values() for part in when.parts if hasattr(part, "number")} == {5}  # type: ignore[union-attr]
    assert (found.changes[0].was, found.changes[0].becomes) == ("3", "5")
    assert found.changes[0].provisions == (rule.provision,)
    assert "5 次以上" in str(found.changes[0].words)
    unchanged = [name for name in shipped.rules if name != TIMES]
    assert all(found.book.rules[name] == shipped.rules[name] for name in unchanged)
    assert shipped.rules[TIMES].still_unfulfilled_after == 3


def test_a_draft_has_an_id_a_hash_and_a_mark_of_its_own(tmp_path: Path) -> None:
    shipped, found = load_rulebook(), load_amendment(DRAFTS / "stricter-table.yaml").book
    assert found.id == f"{shipped.id}+stricter-table"
    assert found.draft
    assert "草案" in found.title
    same = draft(tmp_path, "{reading: A-03, default: calendar_year}")
    other = draft(tmp_path, "{reading: A-03, default: calendar_year}  # 注", head=HEAD).rename(tmp_path / "other.yaml")
    draft(tmp_path, "{reading: A-03, default: calendar_year}")
    assert len({shipped.sha256, found.sha256, load_amendment(same).book.sha256, load_amendment(other).book.sha256}) == 4
    assert load_amendment(same).book.sha256 == load_amendment(same).book.sha256


def test_another_policy_table_and_another_reading_are_told_in_words() -> None:
    (cell,) = load_amendment(DRAFTS / "stricter-table.yaml").changes
    assert (cell.what, cell.was, cell.becomes) == ("策略表 影响全局或者严重影响 × 主要责任人", "通报至诫勉", "诫勉")
    (reading,) = load_amendment(DRAFTS / "calendar-year.yaml").changes
    assert (reading.was, reading.becomes) == ("办结时限在提出问责之日前一年以内（含两端）", "同一自然年度")


def test_any_datum_may_be_replaced_where_it_stands(tmp_path: Path) -> None:
    path = draft(tmp_path, "{file: measures, at: [adjustments, mitigation, lowers_by], to: 2}",
                 "{file: outcomes, at: [outcomes, human_only, when], to: {art-8.1.6: established}}",
                 f"{{rule: {next(iter(load_rulebook().of_kind('situation'))).id}, harm_at_least: considerable}}")  # fmt: skip
    found = load_amendment(path)
    assert found.book.mitigation.lowers_by == 2
    assert [change.was for change in found.changes][0::2] == ["1", "影响全局或者严重影响"]


def test_a_version_is_a_draft_a_book_or_one_of_its_editions() -> None:
    assert load_version(BOOK) == Version(load_rulebook())
    assert load_version(BOOK / load_rulebook().in_force_from.isoformat()) == Version(load_rulebook())
    assert load_version(DRAFTS / "five-times.yaml").book.draft


# --- what is refused ---


def test_every_fault_is_told_at_once_with_its_line_and_field_and_what_is_allowed(tmp_path: Path) -> None:
    told = faults(draft(
        tmp_path, "{rule: art-9.9, times: 5}", "{rule: art-8.1.1, times: 5}", "{reading: A-03, default: never}",
        "{reading: A-08, default: exclusive}", "{reading: A-09, default: office_acts}", "{rule: art-8.1.1, reading: A-03}",
        "{policy: default, rows: [{harm: adverse, role: principal, lo: admonition, hi: admonition}]}",
        "{file: provisions, at: [provisions], to: 1}", "{file: measures, at: [law, law.unfitt, lo], to: admonition}",
        "{file: measures, at: [law, law.unfit, lo, x], to: 1}", "{rule: art-8.1.1}", "{rule: art-8.1.1, default: x}",
        "{words: 无}", "{file: measures, at: [law]}", "{rule: art-8.1.2, months: 3}",
    ))  # fmt: skip
    expected = [
        "第5行：replacements.0.rule：没有规则 art-9.9；可以是：gate.scope、",
        "第6行：replacements.1.times：规则 art-8.1.1 不按次数",
        "第7行：replacements.2.default：解释 A-03 没有取值“never”；可以是：rolling_year、calendar_year",
        "第8行：replacements.3.reading：解释 A-08 没有写成条件",
        "第9行：replacements.4.default：与现行的相同（office_acts）",
        "第10行：replacements.5：应当恰好写明 rule、reading、policy、file 之一，现有：rule、reading",
        "第11行：replacements.6.policy：另立的策略表须有自己的编号，不能是 default",
        "第12行：replacements.7.file：不能修改 provisions；可以是：gates、",
        "第13行：replacements.8.at：measures 中没有“law.unfitt”；可以是：0、law.unfit",
        "第14行：replacements.9.at：measures 中没有“x”；可以是：无（已经是一个值）",
        "第15行：replacements.10：没有写明改成什么；可以是：times、",
        "第16行：replacements.11.default：不能与 rule 同用；可以是：times、",
        "第17行：replacements.12：应当恰好写明 rule、reading、policy、file 之一，现有：无",
        "第18行：replacements.13：缺少 to",
        "第19行：replacements.14.months：规则 art-8.1.2 没有月数",
    ]
    assert len(told) == len(expected), told
    assert [row for row, line in zip(expected, told, strict=True) if row not in line] == []


def test_what_the_checks_of_a_rulebook_find_is_told_of_each_replacement(tmp_path: Path) -> None:
    told = faults(draft(
        tmp_path, "{rule: art-8.1.1, when: art-8.1.1.nothing}", "{rule: art-8.1.2, harm_at_least: huge}",
        "{file: measures, at: [adjustments, mitigation, lowers_by], to: two}", "{rule: gate.window, months: 6}",
    ))  # fmt: skip
    assert [line.partition("：")[2] for line in told] == [
        "replacements.0：词汇表中没有要素“art-8.1.1.nothing”（situations.yaml）",
        "replacements.1：损害程度“huge”不存在（situations.yaml）",
        "replacements.2：“lowers_by”应为整数（measures.yaml）",
    ]


def test_the_same_place_is_not_replaced_twice(tmp_path: Path) -> None:
    (told,) = faults(draft(tmp_path, f"{{rule: {TIMES}, times: 4}}", f"{{rule: {TIMES}, times: 5}}"))
    assert "replacements.1.times：与前面的一项修改同一处" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(HEAD.replace("trial", "Trial 1"), "“id”", id="id"),
        pytest.param("id: a\ntitle: b\nreplacements: []\n", "缺少字段'basis'", id="basis"),
        pytest.param(HEAD + "  - {rule: x, time: 5}\n", "不认识的字段“time”", id="misspelt"),
        pytest.param(HEAD + "  - {rule: x, times: 5.0}\n", "应为整数", id="decimal"),
        pytest.param(HEAD + "  - {policy: p, rows: [{harm: adverse}]}\n", "缺少字段", id="rows"),
        pytest.param("edition: '2030-01-01'\n" + HEAD + "  - {rule: x, times: 5}\n", "edition：没有 2030-01-01 起施行的一版；可以是：2021-06-28", id="edition"),
        pytest.param("- 1\n", "应为若干字段", id="list"),
    ],
)  # fmt: skip
def test_a_draft_of_another_shape_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    assert said in "\n".join(faults(path))


# --- nothing of a draft reaches live use ---


def test_a_draft_decides_no_case_and_is_kept_in_no_receipt() -> None:
    book = load_amendment(DRAFTS / "five-times.yaml").book
    with pytest.raises(DraftRulebook, match="不能用于在办案件"):
        Recommender(book)
    data = example("urged-and-supervised-four-times")
    answer = Recommender(book, replay=True).recommend(load_case(data, load_rulebook()), "测试")
    assert answer.rulebook.draft == book.draft
    with pytest.raises(DraftRulebook):
        store_receipt(Session(), books(), data, answer, {}, actor="某人", now=datetime(2026, 11, 1, tzinfo=UTC))


def test_a_draft_among_the_files_of_the_book_is_not_read(tmp_path: Path) -> None:
    folder = shutil.copytree(BOOK, tmp_path / "book")
    for place in (folder, folder / load_rulebook().in_force_from.isoformat()):
        shutil.copy(DRAFTS / "five-times.yaml", place / "amendment.yaml")
    (only,) = Books(folder).editions
    assert (only.draft, only.sha256) == (None, load_rulebook().sha256)


@pytest.mark.parametrize("command", [("recommend",), ("serve", "--sample")])
def test_no_command_for_cases_takes_a_draft(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'test.sqlite3'}")
    told = CliRunner().invoke(main, [*command, str(DRAFTS / "five-times.yaml")])
    assert (told.exit_code, "replacements：不认识的字段" in told.output) == (2, True), told.output
    assert not (tmp_path / "test.sqlite3").exists()


def test_a_draft_is_verified_and_compared_like_a_rulebook() -> None:
    def run(*options: str) -> tuple[int, str]:
        told = CliRunner().invoke(main, ["rules", "verify", *options])
        return told.exit_code, told.output

    code, told = run("--book", str(DRAFTS / "five-times.yaml"))
    assert (code, "没有发现问题" in told) == (0, True), told
    code, told = run("--against", str(DRAFTS / "five-times.yaml"))
    assert (code, "两个版本不等价" in told) == (1, True), told
    code, told = run("--against", str(DRAFTS / "calendar-year.yaml"))
    assert (code, "所采用的解释不同：A-03" in told, "在同一解释之下" in told) == (1, True, True), told


def test_verify_tells_every_fault_of_a_draft(tmp_path: Path) -> None:
    path = draft(tmp_path, "{rule: art-9.9, times: 5}", "{reading: A-03, default: never}")
    told = CliRunner().invoke(main, ["rules", "verify", "--against", str(path)])
    assert told.exit_code == 2
    assert len(told.output.splitlines()) == 2


def test_the_faults_are_one_error_of_the_rulebook() -> None:
    assert issubclass(AmendmentRefused, RulebookError)
