"""Bad input: each fault named, all at once, exit status 2, nothing printed as a result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import main
from tests.conftest import ROOT, example


def run(tmp_path: Path, text: str | bytes, suffix: str = "yaml") -> tuple[int, str, str]:
    path = tmp_path / f"case.{suffix}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    result = CliRunner().invoke(main, ["recommend", "--format", "json", str(path)])
    return result.exit_code, result.stdout, result.stderr


def changed(**at: Any) -> str:
    case = example("plan-task-missed")
    for path, value in at.items():
        *parents, last = path.split("__")
        target: Any = case
        for name in parents:
            target = target[int(name) if name.isdigit() else name]
        target[last] = value
    return json.dumps(case, ensure_ascii=False)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"matter__colour": "红"}, "matter.colour"),
        ({"matter__registered": "true"}, "matter.registered"),
        ({"matter__registered": 3.0}, "matter.registered"),
        ({"matter__due_on": "2026-02-30"}, "matter.due_on"),
        ({"matter__due_on": "2025-12-31"}, "matter.due_on"),
        ({"trigger_date": 20260518}, "trigger_date"),
        ({"persons": []}, "persons"),
        ({"persons__0__harm": "terrible"}, "persons[0].harm"),
        ({"persons__0__findings": {"art-8.9.9": {}}}, "persons[0].findings.art-8.9.9"),
        ({"persons__0__findings": {"art-8.3.3.1.b": {}}}, "persons[0].findings.art-8.3.3.1.b"),
        ({"persons__0__findings": {"art-8.1.1": {"x": "open"}}}, "persons[0].findings.art-8.1.1.x"),
        ({"persons__0__findings": {"art-8.1.1": {"task_in_plan": "maybe"}}}, "art-8.1.1.task_in_plan"),
        ({"matter__name": "甲\u0000乙"}, "matter.name"),
        ({"matter__extension": {"granted": True, "new_due_on": "2026-06-30"}}, "matter.extension.decided_by"),
        ({"matter__redone_on": "2026-05-01"}, "matter.redone_on"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_field_is_named(tmp_path: Path, change: dict[str, Any], named: str) -> None:
    code, out, err = run(tmp_path, changed(**change), "json")
    assert code == 2
    assert out == ""
    assert named in err


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    code, _, err = run(tmp_path, changed(trigger_date="x", matter__category="y", persons__0__role="z"), "json")
    assert code == 2
    assert all(name in err for name in ("trigger_date", "matter.category", "persons[0].role"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "重复"),
        ("a: &x 1\nb: *x\n", "锚点"),
        ("a: !!python/object:os.system 1\n", "标签"),
        ("a: 1\n---\nb: 2\n", "一份内容"),
        ("- 1\n", "应为对象"),
        ("", "null"),
        (b"\xff\xfe", "UTF-8"),
        ("a: [", "YAML"),
    ],
    ids=["duplicate", "alias", "tag", "two documents", "list", "empty", "not UTF-8", "broken"],
)
def test_yaml_that_is_not_plain_data_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    code, out, err = run(tmp_path, text)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":2}', '{"a":NaN}', "[" * 100_000, '{"a":1e999}', '{"title":"\\ud800"}', "9" * 5000]
)
def test_json_that_is_not_plain_data_is_refused(tmp_path: Path, text: str) -> None:
    code, out, err = run(tmp_path, text, "json")
    assert (code, out) == (2, "")
    assert err


def test_a_file_of_ten_megabytes_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, "narrative: " + "长" * 3_500_000)[0] == 2


def test_json_lines_answer_line_by_line_and_name_the_bad_one() -> None:
    good = changed()
    result = CliRunner().invoke(main, ["recommend", "--format", "json", "-"], input=f"{good}\n{{}}\n{good}\n")
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 2
    assert "第2行" in result.stderr


def test_the_report_is_readable_chinese_with_the_provisions_words() -> None:
    result = CliRunner().invoke(main, ["recommend", str(ROOT / "examples/plan-task-missed.yaml")])
    assert result.exit_code == 0
    assert "无正当理由，未完成学校工作计划" in result.stdout
    assert "不构成问责决定" in result.stdout
    assert "established" not in result.stdout


def test_the_rulebook_check_tells_what_was_loaded() -> None:
    result = CliRunner().invoke(main, ["rules", "check"])
    assert result.exit_code == 0
    assert "条款 159 条" in result.stdout
