"""The loader refuses whatever is misspelt, contradictory, uncited or not in the vocabulary, with file and line."""

from __future__ import annotations

import shutil
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from rules.book.loading import BOOK, RulebookError, load_rulebook


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("2021-06-28/situations.yaml", "art-8.1.2.passive", "art-8.1.2.pasive", "没有要素"),
        ("2021-06-28/situations.yaml", "provision: art-8.1.3", "provision: art-8.1.33", "不存在"),
        ("2021-06-28/situations.yaml", "harm_at_least: grave", "harm_atleast: grave", "不认识的字段"),
        ("2021-06-28/exemptions.yaml", "    modality: may", "    modality: shall", "应当、可以"),
        ("2021-06-28/aggravations.yaml", "at_least: 3}", "at_least: 3.0}", "整数"),
        ("2021-06-28/aggravations.yaml", "reading: A-09\n", "reading: A-99\n", "A-99"),
        ("2021-06-28/outcomes.yaml", "gate.scope: refuted", "gate.scope: refused", "不存在"),
        ("2021-06-28/outcomes.yaml", "id: no_situation, provision", "id: no_situation, provison", "provison"),
        ("2021-06-28/duties.yaml", "who: 党委组织部,", "whom: 党委组织部,", "whom"),
        ("policy/default.yaml", "harm: adverse, role: other_member", "harm: adverse, role: principal", "重复"),
        ("policy/default.yaml", "lo: admonition", "lo: admonish", "不存在"),
        ("provisions.yaml", "消极应付", "积极应付", "与原文"),
        ("provisions.yaml", "span: [302, 324]", "span: [302, 323]", "不一致"),
        ("provisions.yaml", "  - [4467, 4474]\n", "", "没有归入任何条款"),
        ("provisions.yaml", "  - [4467, 4474]\n", "  - [4466, 4474]\n  - [4467, 4474]\n", "不得重复"),
        ("provisions.yaml", "[4651, 4660]", "[4640, 4660]", "不得重复"),
        ("provisions.yaml", "  - [4467, 4474]\n", "  - [4467, 4470]\n", "没有归入任何条款"),
        ("provisions.yaml", "    carried_by: [category:plan]\n", "", "没有任何规则、限制、文书或者职责使用"),
        ("provisions.yaml", "[category:plan]", "[category:plans]", "所连的“category:plans”不存在"),
        (
            "2021-06-28/ledger.yaml",
            "label: 尚未向校领导报告结果, for: office, provision: art-6.6",
            "label: 尚未向校领导报告结果, for: office, provision: art-6.66",
            "不存在",
        ),
        ("text.md", "督办 3 次以上", "督办 5 次以上", "散列值"),
        ("2021-06-28/readings.yaml", "default: rolling_year", "default: rolling", "不存在"),
        ("2021-06-28/gates.yaml", "rules:", "rules: &all", "锚点"),
        ("2021-06-28/gates.yaml", "months: 12", "months: 12.0", "应为整数"),
        ("2021-06-28/gates.yaml", "months: 12", "months: '12'", "应为整数"),
        ("2021-06-28/gates.yaml", "    months: 12\n", "    month: 12\n", "month"),
        ("2021-06-28/gates.yaml", "calendar_year: same_calendar_year", "calendar: same_calendar_year", "恰为"),
        ("2021-06-28/aggravations.yaml", "still_unfulfilled_after: 3", "still_unfulfilled_after: 4", "次数不一致"),
        ("2021-06-28/aggravations.yaml", "    provision: art-8.3.3.2\n", "", "缺少字段"),
        ("2021-06-28/aggravations.yaml", "lead: {provision: art-8.3.3.0", "lead: {provision: art-8.3.9.0", "不存在"),
        (
            "2021-06-28/aggravations.yaml",
            "when: art-8.3.3.2.obstructed_supervision",
            "when: {all: [art-8.3.3.2.obstructed_supervision, {not: art-8.3.3.2.obstructed_supervision}]}",
            "自相矛盾",
        ),
        ("2021-06-28/vocabulary.yaml", "people_only: [art-8.1.6]", "people_only: []", "只能由人认定"),
        ("2021-06-28/vocabulary.yaml", "kinds: [formal, urging]", "kinds: [formal, urges]", "不存在"),
        (
            "2021-06-28/measures.yaml",
            "raises: {notice_of_criticism: admonition}",
            "raises: {admonition: notice_of_criticism}",
            "不高于",
        ),
        ("2021-06-28/measures.yaml", "lowers_by: 1", "lowers_by: 1.0", "应为整数"),
        ("2021-06-28/measures.yaml", "floor: notice_of_criticism", "floor: notice", "不存在"),
        ("2021-06-28/duties.yaml", "when_measure: organisational_measure", "when_measure: organizational", "不存在"),
        (
            "2021-06-28/duties.yaml",
            "due: {from: receipt, months: 1}",
            "due: {from: receipt, months: 1, workdays: 5}",
            "workdays",
        ),
        ("2021-06-28/duties.yaml", "of: service, what: 向被问责人送达", "of: servise, what: 向被问责人送达", "不存在"),
        ("2021-06-28/duties.yaml", "{id: service_unit, of", "{id: service_person, of", "重复"),
        ("2021-06-28/duties.yaml", "of: formalities, reading: A-17", "of: formalities, reading: A-99", "不存在"),
        ("2021-06-28/checkup.yaml", "stage: reported", "stage: report", "不存在"),
        ("2021-06-28/checkup.yaml", "reminder: formalities", "reminder: formality", "不存在"),
        ("2021-06-28/checkup.yaml", "id: service_unit", "id: service_person", "重复"),
        ("2021-06-28/checkup.yaml", ", beyond: 理由不能事后补写，提请复查或者纠正时重新裁量", "", "须写明 beyond"),
        ("2021-06-28/monotonies.yaml", "never: lighter", "never: worse", "不存在，可用：lighter、heavier"),
        ("2021-06-28/monotonies.yaml", "reason:", "why:", "不认识的字段“why”"),
        ("2021-06-28/monotonies.yaml", "provision: art-8.2.h", "provision: art-8.2.z", "不存在"),
        ("2021-06-28/readings.yaml", "status: project_default", "status: adopted", "adopted_by"),
        ("2021-06-28/readings.yaml", "provisions: [art-10.b]", "provisions: []", "provisions"),
        (
            "policy/default.yaml",
            "role: principal, lo: admonition, hi: admonition",
            "role: principal, lo: organisational_measure, hi: organisational_measure",
            "法定条件",
        ),
        (
            "policy/default.yaml",
            "lo: notice_of_criticism, hi: admonition",
            "lo: admonition, hi: notice_of_criticism",
            "下限高于上限",
        ),
        (
            "2021-06-28/searches.yaml",
            "  - {rule: art-8.1.2, searches: [progress_reported, task_changed, not_acknowledged, entered_late]}\n",
            "",
            "没有对称检索",
        ),
        (
            "2021-06-28/searches.yaml",
            "searches: [], reason: 打击报复不在台账记录之内，由调查组取证",
            "searches: []",
            "reason",
        ),
        ("2021-06-28/searches.yaml", "art-8.1.4.delayed: [urge]", "art-8.1.4.delayed: [urged]", "不存在"),
        ("2021-06-28/ledger.yaml", "guards: [both_boxes]", "guards: [both_box]", "不存在"),
        ("2021-06-28/ledger.yaml", "from: [completed]\n    to: closed", "from: [completed]\n    to: close", "不存在"),
        (
            "2021-06-28/ledger.yaml",
            "guards: [both_boxes]",
            "guards: [archive_complete]",
            "限制“archive_complete”所需的是 Archived，不是 Closed",
        ),
        (
            "2021-06-28/ledger.yaml",
            "guards: [both_boxes]",
            "guards: [unit_barred_by_statement]",
            "限制“unit_barred_by_statement”不存在",
        ),
        ("2021-06-28/ledger.yaml", "  supervision:\n", "  supervision:\n    - {part: supervision}\n", "包含了自己"),
        ("2021-06-28/ledger.yaml", "  milestone:\n", "  note:\n    - {part: proved}\n  milestone:\n", "与类型同名"),
        ("2021-06-28/ledger.yaml", "  route: {", "  category: {a: 甲}\n  route: {", "选项“category”重复"),
        ("2021-06-28/proceedings.yaml", "{words: report_groups,", "{words: report_group,", "选项“report_group”不存在"),
        ("2021-06-28/ledger.yaml", "effect: acknowledged", "effect: acknowledge", "作用“acknowledge”不存在"),
        ("2021-06-28/ledger.yaml", "    effect: acknowledged\n", "", "缺少字段“effect”"),
        ("2021-06-28/ledger.yaml", "{id: opinion, label: 审查意见", "{id: opinoin, label: 审查意见", "opinoin"),
        (
            "2021-06-28/ledger.yaml",
            "{id: signed_by, label: 签收人, type: person}",
            "{id: signed_by, label: 签收人, type: day}",
            "类型",
        ),
        (
            "2021-06-28/ledger.yaml",
            "{id: signed_by, label: 签收人, type: person}",
            "{id: signed_by, label: 签收人, type: person, optional: true}",
            "可以不填",
        ),
        (
            "2021-06-28/ledger.yaml",
            "      - {id: signed_by, label: 签收人, type: person}\n",
            "",
            "缺少 Acknowledged 所需的“signed_by”",
        ),
        (
            "2021-06-28/ledger.yaml",
            "      - {part: proved}\n",
            "      - {part: proved}\n      - {part: proved}\n",
            "重复",
        ),
        ("2021-06-28/ledger.yaml", "oral: 口头}", "oral: 口头, wechat: 微信}", "wechat"),
        ("2021-06-28/ledger.yaml", "    - {id: rank, label: 职级, type: rank}\n", "", "project_leader.rank"),
        ("2021-06-28/ledger.yaml", "type: milestone,", "type: milestones,", "类型“milestones”不存在"),
        ("2021-06-28/ledger.yaml", "{part: attached}", "{part: attachment}", "不存在"),
        ("2021-06-28/ledger.yaml", "one_of: [lead_unit,", "one_of: [leading_unit,", "栏目“leading_unit”不存在"),
        (
            "2021-06-28/ledger.yaml",
            "{id: result, label: 完成情况, type: note}",
            "{id: result, label: 完成情况, type: text}",
            "longest",
        ),
        (
            "2021-06-28/ledger.yaml",
            "label: 审查意见, type: note, optional: true}",
            "label: 审查意见, type: note, optional: true, only_kept: true}",
            "only_kept",
        ),
        ("2021-06-28/proceedings.yaml", "filled_by: [team]", "filled_by: [committee]", "办理人身份“committee”不存在"),
        ("2021-06-28/proceedings.yaml", "reported: [submit]", "reportet: [submit]", "状态“reportet”不存在"),
        ("2021-06-28/proceedings.yaml", "reported: [submit]", "reported: [submits]", "办理“submits”不存在"),
        ("2021-06-28/proceedings.yaml", "heard: [hear]", "listened: [hear]", "限制“listened”不存在"),
        ("2021-06-28/proceedings.yaml", "heard: [hear]", "heard: [hears]", "办理“hears”不存在"),
        (
            "2021-06-28/proceedings.yaml",
            "issue: {action: issue_decision}",
            "issue: {action: issue}",
            "办理“issue”不存在",
        ),
        (
            "2021-06-28/proceedings.yaml",
            "heard: [hear]",
            "reason_given: [hear]",
            "不取决于所填内容的限制“reason_given”不存在",
        ),
        ("2021-06-28/proceedings.yaml", "says: {to: person}", "says: {too: person}", "栏目“too”不存在"),
        ("2021-06-28/proceedings.yaml", "says: {to: person}", "says: {to: persons}", "选项“persons”不存在"),
        (
            "2021-06-28/proceedings.yaml",
            "    ratings: {action: bar_ratings}\n",
            "",
            "跟踪的职责“ratings”由哪项办理完成",
        ),
        ("2021-06-28/proceedings.yaml", "filled_by: {circulation:", "filled_by: {circular:", "选项“circular”不存在"),
        (
            "2021-06-28/proceedings.yaml",
            "{id: for, label: 赞成, type: whole, up_to: 1000}",
            "{id: for, label: 赞成, type: flag}",
            "类型",
        ),
        ("2021-06-28/proceedings.yaml", "label: 裁量事项, type: answer", "label: 裁量事项, type: evidence", "类型"),
        ("2021-06-28/proceedings.yaml", "conduct: conduct", "conduct: conducts", "不存在"),
        ("2021-06-28/proceedings.yaml", "conduct: conduct, ", "", "应当恰为：conduct、"),
        ("2021-06-28/ledger.yaml", "  - id: check\n", "  - id: supervise\n", "办理 supervise 重复"),
        (
            "2021-06-28/ledger.yaml",
            "from: []\n    to: proposed",
            "from: [closed]\n    to: proposed",
            "Proposed 只能由第一项",
        ),
        (
            "2021-06-28/ledger.yaml",
            "from: [proposed]\n    to: registered",
            "from: []\n    to: registered",
            "Registered 不能由第一项",
        ),
        (
            "2021-06-28/proceedings.yaml",
            "person: false\n    guards: [approval_stands, discussed_together]",
            "person: true\n    guards: [approval_stands, discussed_together]",
            "person 与作用 Discussed 不一致",
        ),
        ("2021-06-28/proceedings.yaml", "signatures: {agrees:", "signatures: {agree:", "不认识：agree"),
        ("2021-06-28/proceedings.yaml", "executions: {", "executions: {training: 培训, ", "不认识：training"),
        (
            "2021-06-28/proceedings.yaml",
            "departments: {organisation:",
            "departments: {organization:",
            "不认识：organization",
        ),
        ("2021-06-28/proceedings.yaml", "outcomes: {held:", "outcomes: {guilty:", "不认识：guilty"),
        (
            "2021-06-28/proceedings.yaml",
            "actor_guards: {",
            "actor_guards: {union: proceeding_by_office, ",
            "“union”不存在",
        ),
        ("2021-06-28/proceedings.yaml", "actors: {office: 督查督办工作办公室, ", "actors: {", "“office”不存在"),
        (
            "2021-06-28/proceedings.yaml",
            "{id: head, label: 是否组长, type: flag,",
            "{id: head, label: 是否组长, type: flag, filled_by: [office],",
            "member.head：filled_by、hand、remarked 只能",
        ),
        (
            "2021-06-28/proceedings.yaml",
            "type: situations, most: 20,",
            "type: situations, most: 20, filled_by: {art-8.1.1: [office]},",
            "不能按选项写 filled_by",
        ),
        (
            "2021-06-28/proceedings.yaml",
            "type: member, most: 50, least: 1",
            "type: member, most: 50, least: 51",
            "least 大于 most",
        ),
        (
            "2021-06-28/proceedings.yaml",
            "      - {id: place, label: 地点,",
            "      - {id: persons, label: 旁听人员, type: person, most: 9, only_kept: true}\n      - {id: place, label: 地点,",
            "hear.persons：“persons”在程序中另有含义",
        ),
        ("2021-06-28/inspections.yaml", "months: 3", "months: 5", "不存在"),
        ("2021-06-28/forms.yaml", "task: annex-1.f1", "task: annex-1.f11", "不存在"),
        ("periods.yaml", "mark: S", "mark: X", "不存在"),
        ("periods.yaml", "id: adjustment", "id: admonition", "重复"),
        ("2021-06-28/guards.yaml", "provision: art-6.5.2.a", "provision: art-6.5.2.z", "不存在"),
    ],
)
def test_a_faulty_book_is_refused(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    folder = tmp_path / "book"
    shutil.copytree(BOOK, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=said) as refused:
        load_rulebook(folder)
    assert "行：" in str(refused.value)


def test_the_book_is_immutable_and_its_hash_covers_every_file(tmp_path: Path) -> None:
    book = load_rulebook()
    with pytest.raises(FrozenInstanceError):
        book.id = "x"  # type: ignore[misc]
    folder = tmp_path / "book"
    shutil.copytree(BOOK, folder)
    duties = folder / "2021-06-28/duties.yaml"
    duties.write_text(duties.read_text(encoding="utf-8") + "# 一处改动\n", encoding="utf-8")
    assert load_rulebook(folder).sha256 != book.sha256


@pytest.mark.parametrize("name", sorted(str(path.relative_to(BOOK)) for path in BOOK.rglob("*.yaml")))
def test_every_file_of_the_book_is_part_of_its_hash(name: str, tmp_path: Path) -> None:
    copy = shutil.copytree(BOOK, tmp_path / "book")
    (copy / name).write_bytes((copy / name).read_bytes() + "\n# 改动\n".encode())
    assert load_rulebook(copy).sha256 != load_rulebook().sha256
