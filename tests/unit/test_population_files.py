"""The file of a population: three formats, one meaning; every fault told with its row and column, nothing half-read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rules.analysis.columns import Column, PopulationError, Schema, batches, decide, plan, vocabulary
from rules.analysis.columns.faults import SHOWN
from rules.book.loading import load_rulebook
from tests.populations import population

BOOK = load_rulebook()
SCHEMA = vocabulary(BOOK)
PEOPLE = population(BOOK, 1_000)
Writer = Callable[[pl.DataFrame, Path], object]


def _lines(frame: pl.DataFrame, path: Path) -> None:
    rows = ({name: value for name, value in row.items() if value is not None} for row in frame.iter_rows(named=True))
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")


def _words(frame: pl.DataFrame, path: Path) -> None:
    """As people fill in tables: 是, 否, blanks and Chinese names."""
    harms = dict(SCHEMA.columns["harm"].words)
    names = [name for name, dtype in frame.schema.items() if dtype == pl.Boolean]
    said = [pl.when(name).then(pl.lit("是")).when(~pl.col(name)).then(pl.lit("否")).alias(name) for name in names]
    frame.with_columns(*said, pl.col("harm").cast(pl.String).replace(harms)).write_csv(path)


FORMATS: dict[str, tuple[str, Writer]] = {
    "parquet": ("people.parquet", lambda frame, path: frame.write_parquet(path, row_group_size=150)),
    "csv": ("people.csv", lambda frame, path: frame.write_csv(path)),
    "csv-in-words": ("people.CSV", _words),
    "json-lines": ("people.jsonl", _lines),
    "json-lines-with-nulls": ("people.ndjson", lambda frame, path: frame.write_ndjson(path)),
}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_the_same_and_comes_in_batches(form: str, tmp_path: Path) -> None:
    name, write = FORMATS[form]
    path = tmp_path / name
    write(PEOPLE, path)
    found = list(batches(path, SCHEMA, rows=300))
    assert len(found) > 1
    assert max(map(len, found)) <= 300
    decided = pl.concat([decide(plan(BOOK), frame) for frame in found])
    assert decided.equals(decide(plan(BOOK), PEOPLE))


def faults(path: Path, content: str | bytes = "", **changed: Any) -> list[str]:
    """What is told of a file, a line a fault; nothing is handed out."""
    if content:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(PopulationError) as told:
        assert not list(batches(path, SCHEMA, **changed))
    heading, *lines = str(told.value).splitlines()
    assert heading == f"{path.name} 有 {told.value.total} 处错误："
    return lines


def test_bad_cells_are_told_by_row_and_column_all_at_once(tmp_path: Path) -> None:
    table = (
        "case,party_member,harm,supervision.office_acts,art-8.1.3.adverse_effect,raised:art-8.1.3\n"
        "A-1,是,危害严重,3,已查明,\n"
        "A-2,也许,grave,,未查明,是\n"
        "\n"
        ",1,严重,-1,,\n"
        f"{'长' * 201},0,,1.5,是,否\n"
        "A-5,,,99999999999,maybe,\n"
    )
    assert faults(tmp_path / "people.csv", table) == [
        "第3行 party_member：应为是、否，而不是“也许”",
        "第5行 case：必须填写",
        "第5行 harm：应为none（无）、adverse（不良影响或者后果）、grave（影响全局或者严重影响）、considerable（危害较重）、serious（危害严重），而不是“严重”",
        "第5行 supervision.office_acts：应为九位以内的非负整数，而不是“-1”",
        "第6行 art-8.1.3.adverse_effect：已查明，但 raised:art-8.1.3 为否：没有提出的情形不能有查明的要素",
        "第6行 case：应为不超过200字、没有控制字符的文字",
        "第6行 supervision.office_acts：应为九位以内的非负整数，而不是“1.5”",
        "第7行 art-8.1.3.adverse_effect：应为是、否、空白，或者已查明、未查明、不成立，而不是“maybe”",
        "第7行 party_member：必须填写",
        "第7行 supervision.office_acts：应为九位以内的非负整数，而不是“99999999999”",
    ]


def test_columns_unknown_or_missing_are_told_with_the_rows(tmp_path: Path) -> None:
    told = faults(tmp_path / "people.csv", "case,name,harm\nA-1,张某,坏\n")
    assert told[:2] == ["name：没有这一列，请删去或者改名", "party_member：缺少这一列"]
    assert told[2].startswith("第2行 harm：应为")
    assert faults(tmp_path / "twice.csv", "case,case,party_member\nA-1,A-1,1\n") == ["case：列名重复"]


def test_rows_that_are_no_rows_of_the_table_are_told_and_none_is_lost(tmp_path: Path) -> None:
    table = b'case,party_member\nA-1,1\nA-2,1,1\nA-3\n\xff\xfe,1\n"A-5"x,1\nA-6,x\n'
    assert faults(tmp_path / "people.csv", table) == [
        "第3行：应有 2 列，而有 3 列",
        "第4行：应有 2 列，而有 1 列",
        "第5行：不是 UTF-8 编码",
        "第6行：不是有效的 CSV：引号没有配对，或者一格过长",
        "第7行 party_member：应为是、否，而不是“x”",
    ]


def test_bad_json_lines_are_told_by_line(tmp_path: Path) -> None:
    lines = '{"case": 1, "party_member": true}\n[1]\n{"case": "A-2"\n\n{"case": "A-3", "party_member": [1], "harmm": 1}\n{}\n'
    assert faults(tmp_path / "people.jsonl", lines) == [
        "第2行：应为一个 JSON 对象",
        "第3行：不是有效的 JSON",
        "第5行 harmm：没有这一列，请删去或者改名",
        "第5行 party_member：应为是、否，而不是“[1]”",
        "第6行 case：必须填写",
        "第6行 party_member：必须填写",
    ]


def test_a_batch_before_the_fault_is_handed_out_and_none_after_it(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("case,party_member\n" + "A,1\n" * 10 + "B,?\n" + "A,1\n" * 10 + "C,?\n", encoding="utf-8")
    seen = []
    with pytest.raises(PopulationError) as told:
        seen.extend(batches(path, SCHEMA, rows=5))
    assert [len(frame) for frame in seen] == [5, 5]
    assert [fault.row for fault in told.value.faults] == [12, 23]


def test_faults_beyond_the_first_ones_are_counted(tmp_path: Path) -> None:
    told = faults(tmp_path / "people.csv", "case,party_member\n" + "A,?\n" * 1_000, rows=300)
    assert len(told) == SHOWN + 1
    assert told[0].startswith("第2行 party_member：")
    assert told[-1] == f"……另有 {1_000 - SHOWN} 处"


def test_a_parquet_file_may_have_words_and_whole_floats_and_no_nested_values(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    frame = pl.DataFrame(
        {
            "case": [1, 2],
            "party_member": [1.0, 0.0],
            "supervision.office_acts": [3.0, None],
            "harm": ["危害严重", None],
        },
        schema_overrides={"harm": pl.Categorical},
    )
    frame.write_parquet(path)
    (found,) = batches(path, SCHEMA)
    assert found.rows() == [("1", True, 3, "serious"), ("2", False, None, None)]
    frame.with_columns(harm=pl.concat_list("case"), party_member=pl.Series([1.5, 1.0])).write_parquet(path)
    assert faults(path) == ["harm：应为单个值的列，而不是 List(Int64)", "第1行 party_member：应为是、否，而不是“1.5”"]


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path / "people.xlsx", "x") == ["文件名应以 .parquet、.csv、.jsonl、.ndjson 之一结尾"]
    assert faults(tmp_path / "missing.csv") == ["没有这个文件"]
    assert faults(tmp_path / "empty.csv", "case,party_member\n") == ["没有任何一行"]
    assert faults(tmp_path / "empty.jsonl", "\n") == ["没有任何一行"]
    assert faults(tmp_path / "torn.parquet", "PAR1 and nothing else")[0].startswith("无法读取（")
    assert faults(tmp_path / "long.jsonl", b'{"case": "' + b"x" * 2_000_000)[0].startswith("第1行：一行超过")


def test_a_population_may_have_the_columns_of_two_rulebooks(tmp_path: Path) -> None:
    other = Schema(
        {"later": Column("later", "truth", "另一部规则库的事实", words=SCHEMA.columns["registered"].words)}, {}
    )
    path = tmp_path / "people.csv"
    path.write_text("case,party_member,later\nA-1,1,未查明\nA-2,1,不成立\n", encoding="utf-8")
    assert [frame["later"].to_list() for frame in batches(path, SCHEMA | other)] == [[None, False]]
    assert faults(path) == ["later：没有这一列，请删去或者改名"]
