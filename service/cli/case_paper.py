"""``wenze case-paper``: the documents of an accountability case."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from service.books import books
from service.cli.files import out_option, put
from service.cli.ledger_session import ledger_session
from service.documents.case_papers import KINDS, STATES, Kind, PersonToName
from service.usecases.act_on_matter import LOCAL
from service.usecases.case_papers import case_paper, papers_of


@click.command("case-paper")
@click.argument("case_id", metavar="案件")
@click.argument("name", required=False, metavar="[文书]")
@click.option("--person", help="调查对象的编号；只有一名的，可以不写")
@click.option("--format", "kind", type=click.Choice(["docx", "pdf"]), default="docx", show_default=True)
@out_option
def command(case_id: str, name: str | None, person: str | None, kind: str, out: Path | None) -> None:
    """一个案件的文书，如：wenze case-paper 案件 调查报告 --out 报告.docx；不写文书的，列出已有的、草稿和尚不能制作的。

    决定书及其后的文书，须有学校党委的决定和文号；尚未到相应阶段的文书为草稿，各页有标记。
    程序体检表按今天的情形，是内部工作底稿。
    """
    if name is None:
        return _list(case_id)
    wanted = next((found for found in KINDS.values() if name in (found.name, found.title)), None)
    if wanted is None:
        raise click.BadParameter(f"没有“{name}”这种文书；见 wenze case-paper 案件")
    with ledger_session(write=False) as session:
        only = _only(session, case_id, wanted) if person is None and wanted.per_person else person
        try:
            paper = case_paper(session, books(), case_id, wanted.name, only, today=datetime.now(LOCAL).date())
        except PersonToName as error:
            raise click.BadParameter(str(error)) from None
    from service.documents import drawing  # here, since its libraries take half of a start-up

    put(drawing.PAGES[kind](paper), kind, out)


def _only(session: Session, case_id: str, wanted: Kind) -> str | None:
    """The person investigated where there is but one."""
    persons = {found.person for found in papers_of(session, books(), case_id) if found.kind is wanted}
    return persons.pop() if len(persons) == 1 else None


def _list(case_id: str) -> None:
    with ledger_session(write=False) as session:
        for found in papers_of(session, books(), case_id):
            about, why = f"　{found.person}" if found.person else "", f"：{found.why}" if found.why else ""
            click.echo(f"{found.kind.name}　{found.kind.title}{about}　{STATES[found.state]}{why}")
