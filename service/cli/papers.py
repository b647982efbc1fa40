"""The commands that make a document: ``wenze form``, ``report``, ``bulletin``, ``assessment``, ``archive``, ``case-paper``, ``access``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from models.store.audit_notes import tell
from service import config
from service.access import access as access_in_use
from service.books import books
from service.cli.db import ledger_session
from service.cli.files import put, whole_file
from service.cli.options import DAY, format_option, out_option, package_option, today
from service.documents.administration.access_table import access_markdown, access_paper
from service.documents.case.papers import KINDS, STATES, PaperKind, PersonToName
from service.documents.exports import (
    ASSESSMENT,
    BULLETIN,
    WRITTEN_REPORT,
    assessment_file,
    bulletin_file,
    report_file,
)
from service.documents.writing.forms import MATTER_FORMS
from service.usecases.cases.papers import case_paper as paper_of
from service.usecases.cases.papers import papers_of
from service.usecases.exchange.archive_package import write_archive_package
from service.usecases.matters import bulletin as figures
from service.usecases.matters.act_on_matter import MatterUnknown, matter_id_of
from service.usecases.matters.forms import NeverIssued, matter_form
from service.usecases.matters.written_report import MonthToCome, written_report

_PAPER = ("docx", "pdf")
_ACCESS = ("md", *_PAPER)
_issued_option = click.option("--issued-on", type=DAY, default=today, help="成文日期（默认今天，北京时间）")


@click.command("form")
@click.argument("named", metavar="事项")
@click.argument("form", type=click.Choice(list(MATTER_FORMS)))
@format_option(_PAPER, "docx")
@out_option
def form(named: str, form: str, kind: str, out: Path | None) -> None:
    """一个事项的登记表（registration-form，附件1）或者最近一次催办的通知（urging-notice，附件2）。

    事项可以用编号（督〔2026〕1号）或者标识指明。办理情况表（附件3）见 wenze status-table。
    """
    from service.documents.drawing.formats import PAGES  # here, since its libraries take half of a start-up

    with ledger_session() as session:
        try:
            found = matter_form(session, books(), matter_id_of(session, named), form)
        except MatterUnknown:
            raise click.BadParameter("没有这个事项") from None
        except NeverIssued:
            raise click.BadParameter("这个事项没有催办过") from None
    put(PAGES[kind](found), kind, out)


@click.command("report")
@click.argument("month", type=click.DateTime(["%Y-%m"]), metavar="月")
@format_option(WRITTEN_REPORT, "docx")
@_issued_option
@out_option
def report(month: datetime, kind: str, issued_on: date, out: Path | None) -> None:
    """向校领导书面报告一个月（如 2026-05）的重要会议决议、决定贯彻落实情况。"""
    with ledger_session() as session:
        try:
            found = written_report(session, books(), month=month.date(), today=today())
        except MonthToCome:
            raise click.BadParameter(f"不得晚于本月（{today():%Y-%m}）") from None
    put(report_file(found, kind, issued_on=issued_on, book=books().usual), kind, out)


@click.command("bulletin")
@click.argument("first", type=DAY, metavar="起日")
@click.argument("last", type=DAY, metavar="止日")
@format_option(BULLETIN, "csv")
@click.option("--number", type=click.IntRange(1, 9999), help="期号；不写的，留空由人填写")
@_issued_option
@out_option
def bulletin(first: date, last: date, kind: str, number: int | None, issued_on: date, out: Path | None) -> None:
    """一个时期的督查通报，含起止两日：docx、pdf 为全文，csv、json 为数字。只统计，不产生问责记录。"""
    if last < first:
        raise click.BadParameter("止日不得早于起日")
    if last > today():
        raise click.BadParameter(f"止日不得晚于今天（{today()}）")
    if last.year - first.year >= figures.LONGEST_YEARS:
        raise click.BadParameter(f"一期通报最多跨{figures.LONGEST_YEARS}个年度")
    with ledger_session() as session:
        found = figures.bulletin(session, books(), first=first, last=last)
    put(bulletin_file(found, kind, number=number, issued_on=issued_on, book=books().usual), kind, out)


@click.command("assessment")
@click.argument("year", type=click.IntRange(1900, 2200), metavar="年")
@format_option(ASSESSMENT, "csv")
@out_option
def assessment(year: int, kind: str, out: Path | None) -> None:
    """年度考核所用的各单位数据，以及当年决定取消评优评先资格的人员和单位。本年的统计至今天。"""
    if year > today().year:
        raise click.BadParameter(f"不得晚于本年（{today().year}）")
    with ledger_session() as session:
        found = figures.assessment(session, books(), year=year, today=today())
    put(assessment_file(found, kind), kind, out)


@click.command("archive")
@click.argument("named", metavar="事项")
@package_option
def archive(named: str, out: Path) -> None:
    """一个事项的归档材料：登记表、催办通知、办理记录、附件、目录和各文件的散列值。同一事项每次生成的文件相同。"""
    with whole_file(out) as made, ledger_session() as session:
        matter_id = matter_id_of(session, named)
        tell(session, subject=("matter", matter_id))
        write_archive_package(session, books(), matter_id, made, folder=config.attachments_folder())


@click.command("access")
@click.option("--format", "kind", type=click.Choice(_ACCESS), help="格式；不写的，按文件的扩展名，没有文件的为 md")
@out_option
def access(kind: str | None, out: Path | None) -> None:
    """权限表：哪种角色、与案件是何关系的，可以做什么。"""
    chosen = kind or (out.suffix.lower().removeprefix(".") if out else "md")
    if chosen not in _ACCESS:
        raise click.UsageError("文件扩展名应为 .md、.docx 或者 .pdf，或者用 --format 写明格式")
    if chosen == "md":
        return put(access_markdown(access_in_use(), books().usual.actors).encode(), chosen, out)
    from service.documents.drawing.formats import PAGES  # here, since its libraries take long to load

    put(PAGES[chosen](access_paper(access_in_use(), books().usual.actors)), chosen, out)


@click.command("case-paper")
@click.argument("case_id", metavar="案件")
@click.argument("name", required=False, metavar="[文书]")
@click.option("--person", help="调查对象的编号；只有一名的，可以不写")
@format_option(_PAPER, "docx")
@out_option
def case_paper(case_id: str, name: str | None, person: str | None, kind: str, out: Path | None) -> None:
    """一个案件的文书，如：wenze case-paper 案件 调查报告 --out 报告.docx；不写文书的，列出已有的、草稿和尚不能制作的。

    决定书及其后的文书，须有学校党委的决定和文号；尚未到相应阶段的文书为草稿，各页有标记。
    程序体检表按今天的情形，是内部工作底稿。
    """
    if name is None:
        return _list(case_id)
    wanted = next((found for found in KINDS.values() if name in (found.name, found.title)), None)
    if wanted is None:
        raise click.BadParameter(f"没有“{name}”这种文书；见 wenze case-paper 案件")
    with ledger_session() as session:
        only = _only(session, case_id, wanted) if person is None and wanted.per_person else person
        try:
            paper = paper_of(session, books(), case_id, wanted.name, only, today=today())
        except PersonToName as error:
            raise click.BadParameter(str(error)) from None
    from service.documents.drawing.formats import PAGES  # here, since its libraries take half of a start-up

    put(PAGES[kind](paper), kind, out)


def _only(session: Session, case_id: str, wanted: PaperKind) -> str | None:
    """The person investigated where there is but one."""
    persons = {found.person for found in papers_of(session, books(), case_id) if found.kind is wanted}
    return persons.pop() if len(persons) == 1 else None


def _list(case_id: str) -> None:
    with ledger_session() as session:
        for found in papers_of(session, books(), case_id):
            about, why = f"　{found.person}" if found.person else "", f"：{found.why}" if found.why else ""
            click.echo(f"{found.kind.name}　{found.kind.title}{about}　{STATES[found.state]}{why}")
