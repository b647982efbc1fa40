"""Documents of a period and of a matter's end, as they are read."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from pytest_bdd import parsers, then, when

from rules.book.loading import load_rulebook
from service.books import books
from service.documents.ledger.bulletin import bulletin_paper
from service.documents.ledger.written_report import WrittenReport
from service.documents.parts.paper import Paper
from service.usecases.exchange.archive_package import write_archive_package
from service.usecases.matters.bulletin import bulletin
from service.usecases.matters.written_report import written_report
from tests.bdd.ledger_steps import Office


@when(parsers.re(r"办公室印制(?P<first>[\d-]+)至(?P<last>[\d-]+)的督查通报"), target_fixture="paper")
def print_bulletin(office: Office, first: str, last: str) -> Paper:
    found = bulletin(office.session, books(), first=date.fromisoformat(first), last=date.fromisoformat(last))
    return bulletin_paper(found, number=None, issued_on=date(2026, 7, 6), book=load_rulebook())


@when(parsers.parse("办公室起草{year:d}年{month:d}月的书面报告"), target_fixture="report")
def draft_report(office: Office, year: int, month: int) -> WrittenReport:
    return written_report(office.session, books(), month=date(year, month, 1), today=date(2026, 12, 31))


@when("办公室导出归档材料", target_fixture="index")
def export(office: Office, tmp_path: Path) -> Any:
    out = io.BytesIO()
    write_archive_package(office.session, books(), office.known.id, out, folder=tmp_path)
    with zipfile.ZipFile(out) as packed:
        return orjson.loads(packed.read("index.json"))


@then(parsers.re("通报写有“(?P<text>.+)”"))
def bulletin_says(paper: Paper, text: str) -> None:
    assert text in "\n".join(paper.texts)


@then(parsers.re("书面报告(?P<told>没有该事项|列有该事项，已逾期|列有该事项，尚未逾期)"))
def report_tells(report: WrittenReport, told: str) -> None:
    assert [row.overdue for row in report.resolutions] == {
        "没有该事项": [], "列有该事项，已逾期": [True], "列有该事项，尚未逾期": [False],
    }[told]  # fmt: skip


@then(parsers.re("归档目录中“(?P<label>.+)”一项为(?P<there>有|缺)"))
def material_is(index: Any, label: str, there: str) -> None:
    shown = {row["label"]: row["shown_by"] for row in index["materials"]}
    assert bool(shown[label]) is (there == "有")
