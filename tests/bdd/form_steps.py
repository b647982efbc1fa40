"""The annexes as they are printed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from pytest_bdd import given, parsers, then, when

from service.books import books
from service.documents.drawing.formats import as_paper
from service.documents.parts.paper import Cell, Paper, Table
from service.documents.writing.forms import Document
from service.usecases.matters.forms import matter_form, status_table_of
from tests.bdd.ledger_steps import Office


def fields(made: Paper) -> dict[str, str]:
    """Label → what stands beside it: in the next cell, or row by row where the label stands before several."""
    found: dict[str, str] = {}
    for table in (block for block in made.blocks if isinstance(block, Table)):
        for at, row in enumerate(table.rows):
            told = [said(cell) for cell in row]
            found |= {label: text for label, text in pairwise(told) if label not in found}
            if row[0].down > 1:
                beside = [
                    told[1:],
                    *([said(cell) for cell in other] for other in table.rows[at + 1 : at + row[0].down]),
                ]
                found[told[0]] = "\n".join("\u3000".join(texts) for texts in beside)
    return found


def said(cell: Cell) -> str:
    return "\n".join(line.text for line in cell.lines)


@given("一件由甲处牵头、经校领导批准立项并已结项的事项")
def closed_matter(office: Office) -> None:
    office.opinion |= {"co_units": ["乙处", "丙处"]}
    office.must("办公室", "propose", **office.opinion)
    office.must("校领导", "approve_registration", "2026-01-06", agrees=True)
    office.must("办公室", "register", "2026-01-06", route="leader", opinion="建议立项")
    leader = {"name": "赵六", "rank": "正职"}
    office.must("办公室", "arrange", "2026-01-07", plan="方案", division="分工", project_leader=leader)
    office.must("办公室", "assign", "2026-01-08", channel="oa")
    office.must("甲处", "report", "2026-04-20", result="已完成")
    office.must("办公室", "accept", "2026-04-22")
    office.must("校领导", "sign_closing", "2026-04-24", agrees=True)
    office.must("办公室", "close", "2026-04-24", office_agrees=True)


@given("一件已经于2026-05-04催办并签收的事项")
def urged_matter(office: Office) -> None:
    office.must("办公室", "propose", **office.opinion)
    office.register(on="2026-01-06")
    office.must("办公室", "arrange", "2026-01-07", project_leader={"name": "赵六", "rank": "正职"})
    office.must("办公室", "assign", "2026-01-08", channel="oa")
    office.must("甲处", "progress", "2026-04-01", note="完成七成")
    office.must("办公室", "urge", "2026-05-04", contact="李四", phone="0772-2686000")
    office.must("办公室", "record_urging", "2026-05-05", signed_by="甲处经办人")


@when(parsers.re("办公室打印“(?P<title>.+)”"), target_fixture="printed")
def print_form(office: Office, title: str) -> Paper:
    names = {"登记表": "registration-form", "催办通知": "urging-notice"}
    found = matter_form(
        office.session, books(), office.known.id, next(name for said, name in names.items() if title.endswith(said))
    )
    assert found.subject == title
    return found


@when("办公室打印2026年5月的办理情况表", target_fixture="printed")
def print_table(office: Office) -> Document:
    days = {"month": date(2026, 5, 1), "cutoff": date(2026, 5, 25), "submit_by": date(2026, 5, 28)}
    return status_table_of(office.session, books(), **days)


@then(parsers.re("“(?P<number>附件 [123])”的栏目“(?P<label>.+)”写有“(?P<text>.+)”"))
def field_says(printed: Paper, number: str, label: str, text: str) -> None:
    assert printed.texts[0] == number
    assert text in fields(printed)[label]


@then(parsers.re("全文写有“(?P<text>.+)”"))
def says(printed: Document | Paper, text: str) -> None:
    assert text in "\n".join(as_paper(printed).texts)


@then(parsers.re("表头依次为(?P<names>.+)"))
def columns_are(printed: Document, names: str) -> None:
    assert list(printed.columns) == names.split("、")


@then(parsers.re("第1行依次为(?P<values>.+)"))
def first_row_is(printed: Document, values: str) -> None:
    assert list(printed.rows[0]) == values.split("、")
