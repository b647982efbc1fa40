"""``wenze replay`` over stored receipts on both databases, over a population, and what it writes and leaves."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import polars as pl
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from models.audit.events import AuditEvent
from models.receipts import evaluations, receipts
from models.store.database import reading, writing
from rules.analysis.amendment import load_amendment
from rules.book.loading import load_rulebook
from rules.reasoning.engine import EngineFault
from rules.reasoning.recommendation import Recommender
from service.books import books
from service.cli import main
from service.usecases.analysis import replay_population as columns
from service.usecases.recommending.kept_receipts import to_be_kept
from service.usecases.recommending.recommend import recommend
from service.usecases.recommending.store_receipt import store_receipt
from tests.conftest import ROOT
from tests.issued import opened, with_units
from tests.replayed_people import PEOPLE, Someone, row_of

DRAFTS = ROOT / "examples" / "amendments"
FIVE, YEAR = str(DRAFTS / "five-times.yaml"), str(DRAFTS / "calendar-year.yaml")
NOW = datetime(2026, 7, 1, tzinfo=UTC)
BY_WHY = {someone.why: someone for someone in PEOPLE}
CHOSEN = [BY_WHY[why] for why in (
    "three acts, 3 included", "five acts, 5 included", "three acts, grave: notice to admonition becomes admonition",
    "four acts, managed by others", "last year's due date",
)]  # fmt: skip
FILES = {"replay.json", "replay.xlsx", "replay.docx", "replay.svg", "replay.png"}
NAMES = ("金丝雀甲7391", "金丝雀乙5510")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["replay", *words])


@pytest.fixture
def engine(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The database that the command uses, on each in turn, with the receipts of some persons."""
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    return engine


def keep(engine: Engine, someone: Someone, matter: str | None = None) -> str:
    data = someone.data()
    with writing(engine) as session:
        receipt, _ = store_receipt(
            session, books(), data, recommend(data, "测试", books()), to_be_kept(data, books()), actor="测试", now=NOW
        )
        if matter is not None:
            evaluations.add(session, receipt, matter, 1)
    return receipt


def told(path: Path) -> Any:
    return orjson.loads(path.read_bytes())


def test_stored_cases_under_two_rulebooks_are_told_by_receipt_with_one_event_and_no_name(
    engine: Engine, tmp_path: Path
) -> None:
    ids = {someone.why: keep(engine, someone) for someone in CHOSEN}
    before = stored(engine)
    done = run("--and-under", FIVE, "--out", str(tmp_path / "five"))
    assert (done.exit_code, "共 5 人，2 人有变化" in done.output) == (0, True), done.output
    assert "有应予问责的情形：通报至诫勉 → 有应予问责的情形：通报　1 人" in done.output
    found = told(tmp_path / "five" / "replay.json")
    assert (found["persons"], found["changed"], [book["draft"] for book in found["rulebooks"]]) == (5, 2, [False, True])
    assert [row["case"] for row in found["changes"]] == [ids[CHOSEN[0].why], ids[CHOSEN[2].why]]
    assert found["changes"][0]["after"]["range_mandatory"] == ["notice_of_criticism", "notice_of_criticism"]
    assert {row["provision"] for row in found["provisions"]} == {
        rule.provision for rule in load_rulebook().rules.values() if rule.still_unfulfilled_after
    }
    assert [name for name in NAMES if name in everything(tmp_path / "five") + done.output] == []
    assert stored(engine) == before
    with reading(engine) as session:
        assert [(event.action, event.outcome) for event in session.scalars(select(AuditEvent))][-1:] == [
            ("replay", "read")
        ]
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "replay"))
        assert orjson.loads(event.facts) == {"under": "gxust-2021-59 → gxust-2021-59+five-times"}


def test_under_one_rulebook_the_answer_then_is_compared(engine: Engine, tmp_path: Path) -> None:
    for someone in CHOSEN:
        keep(engine, someone)
    done = run("--out", str(tmp_path / "same.json"))
    assert (done.exit_code, told(tmp_path / "same.json")["changed"]) == (0, 0), done.output
    done = run("--under", YEAR, "--out", str(tmp_path / "year.json"))
    found = told(tmp_path / "year.json")
    assert (done.exit_code, found["compared_with_answers_then"]) == (0, True)
    assert {"from": {"outcome": "accountable", "range_mandatory": ["notice_of_criticism"] * 2},
            "to": {"outcome": "gate_failed", "range_mandatory": None}, "persons": 1, "label": "问责前提不成立"} in found["states"]  # fmt: skip


def test_of_a_matter_evaluated_again_only_the_last_counts_and_what_cannot_be_read_is_told(
    engine: Engine, tmp_path: Path
) -> None:
    with_units(engine, 甲处=None)
    matter = opened(engine).id
    keep(engine, CHOSEN[1], matter)
    last = keep(engine, CHOSEN[0], matter)
    with writing(engine) as session:
        odd = receipts.Receipt(id="odd", created_at=NOW, actor="x", rulebook_id="b", rulebook_sha256="0", engine="e",
                               facts=b'{"persons": 1}', recommendation=b"{}", sha256="0")  # fmt: skip
        receipts.add(session, odd)
    done = run("--and-under", FIVE, "--out", str(tmp_path / "five.json"))
    found = told(tmp_path / "five.json")
    assert (done.exit_code, found["persons"], [row["case"] for row in found["changes"]]) == (0, 1, [last])
    assert found["notes"] == ["1 份回执的案卷不符合现在的格式，没有重放：odd"]


def test_an_engine_that_disagrees_with_the_reference_stops_it_and_names_the_receipt(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = keep(engine, CHOSEN[0])

    def fault(*_: Any) -> Any:
        raise EngineFault("引擎与参照不一致")

    monkeypatch.setattr(Recommender, "recommend", fault)
    done = run("--out", str(tmp_path / "out"))
    assert (done.exit_code, f"回执 {receipt}：引擎与参照不一致" in done.output) == (1, True), done.output
    assert not (tmp_path / "out").exists()
    with reading(engine) as session:
        assert session.scalar(select(AuditEvent)) is None


def stored(engine: Engine) -> list[bytes]:
    with reading(engine) as session:
        return list(session.scalars(select(receipts.Receipt.recommendation).order_by(receipts.Receipt.number)))


def everything(folder: Path) -> str:
    """The texts of all the files in a folder, those in archives too."""
    found = ""
    for path in folder.iterdir():
        raw = path.read_bytes()
        if zipfile.is_zipfile(io.BytesIO(raw)):
            with zipfile.ZipFile(path) as parts:
                raw = b"".join(parts.read(name) for name in parts.namelist())
        found += raw.decode("utf-8", "ignore")
    return found


# --- a population: no database ---


@pytest.fixture
def people(tmp_path: Path) -> Path:
    books = load_rulebook(), load_amendment(Path(FIVE)).book
    rows = [row_of(someone, *books) for someone in CHOSEN]
    path = tmp_path / "people.parquet"
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(path)
    return path


def test_a_population_is_told_in_every_format_marked_as_a_draft(people: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    done = run("--population", str(people), "--and-under", FIVE, "--out", str(tmp_path / "out"))
    assert (done.exit_code, {path.name for path in (tmp_path / "out").iterdir()}) == (0, FILES), done.output
    found = told(tmp_path / "out" / "replay.json")
    assert (found["persons"], found["changed"], found["sampled_against_engine"]) == (5, 2, 10)
    assert [row["case"] for row in found["changes"]] == [CHOSEN[0].why, CHOSEN[2].why]
    sheets = openpyxl.load_workbook(tmp_path / "out" / "replay.xlsx")
    assert sheets.sheetnames == ["说明", "从何到何", "矩阵", "变化的项目", "所依条款", "变化的人员"]
    matrix = list(sheets["矩阵"].iter_rows(values_only=True))
    assert sum(sum(map(int, row[1:])) for row in matrix[1:]) == 5
    rows = [tuple(cell.value for cell in row) for row in sheets["变化的人员"].iter_rows(min_row=2)]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        (CHOSEN[0].why, "有应予问责的情形：通报至诫勉", "有应予问责的情形：通报"),
        (CHOSEN[2].why, "有应予问责的情形：诫勉", "有应予问责的情形：通报至诫勉"),
    ]
    with zipfile.ZipFile(tmp_path / "out" / "replay.docx") as parts:
        text = parts.read("word/document.xml").decode()
    assert all(
        word in text for word in ("规则重放报告", "督办五次以上", "经督查督办工作办公室督办 5 次以上", "2人有变化")
    )
    svg = (tmp_path / "out" / "replay.svg").read_text(encoding="utf-8")
    assert "草案：修改稿没有施行" in svg


def test_one_file_is_written_by_its_name(people: Path, tmp_path: Path) -> None:
    done = run("--population", str(people), "--and-under", FIVE, "--out", str(tmp_path / "out.svg"))
    assert (done.exit_code, (tmp_path / "out.svg").read_bytes()[:4]) == (0, b"<svg")


def test_the_worked_example_is_as_the_documentation_shows_it(tmp_path: Path) -> None:
    told_there = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")
    people = str(ROOT / "examples" / "population.csv")
    done = run("--population", people, "--and-under", FIVE, "--out", str(tmp_path / "out.xlsx"))
    assert done.stdout
    assert done.stdout in told_there
    rows = openpyxl.load_workbook(tmp_path / "out.xlsx")["变化的人员"].iter_rows(min_row=2, values_only=True)
    shown = {str(row[0]): f"| {row[0]} | {row[2]} | {row[3]} | {str(row[4]).partition('；')[0]}" for row in rows}
    assert {case for case, line in shown.items() if line in told_there} == {"2026-003", "2026-006", "2026-008"}
    assert sorted(shown) == [f"2026-{number:03d}" for number in (3, 4, 6, 8, 9, 10, 11)]


@pytest.mark.parametrize("name", ["out", "out.json"])
def test_a_mismatch_stops_it_and_leaves_nothing(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    decide = columns.decide
    monkeypatch.setattr(columns, "decide", lambda made, frame: decide(made, frame).with_columns(~pl.col("aggravated")))
    left = {*tmp_path.iterdir()}
    done = run("--population", str(people), "--and-under", FIVE, "--out", str(tmp_path / name))
    assert (done.exit_code, "第1行" in done.output, "没有写出任何结果" in done.output) == (1, True, True), done.output
    assert {*tmp_path.iterdir()} == left


def test_bad_rows_and_a_bad_draft_are_told_and_nothing_is_left(people: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(orjson.dumps({"case": "A", "person": "P1", "party_member": True, "harm": "巨大"}) + b"\n{\n")
    (tmp_path / "draft.yaml").write_text(
        "id: a\ntitle: b\nbasis: c\nreplacements: [{rule: x, times: 5}, {reading: y, default: z}]\n", encoding="utf-8"
    )
    left = {*tmp_path.iterdir()}
    done = run("--population", str(bad), "--out", str(tmp_path / "out"))
    assert (done.exit_code, "第1行 harm：" in done.output, "第2行：不是有效的 JSON" in done.output) == (2, True, True)
    done = run("--population", str(people), "--and-under", str(tmp_path / "draft.yaml"), "--out", str(tmp_path / "out"))
    assert (done.exit_code, len(done.output.splitlines())) == (2, 2)
    assert {*tmp_path.iterdir()} == left


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("out.pptx", "没有 .pptx 这种格式"),
        (".", "已经有内容"),
        ("none/out", "没有文件夹"),
        ("none/out.json", "没有文件夹"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_refused_first(people: Path, tmp_path: Path, name: str, said: str) -> None:
    done = run("--population", str(people), "--out", str(tmp_path / name))
    assert (done.exit_code, said in done.output) == (2, True), done.output
