"""``wenze form``: the registration form and the urging notice of a matter."""

from __future__ import annotations

from pathlib import Path

import click

from models.store.database import connect, reading
from service.books import books
from service.cli.db import ready_database
from service.cli.files import out_option, put
from service.documents.forms import MATTER_FORMS
from service.usecases.act_on_matter import MatterUnknown, matter_id_of
from service.usecases.forms import NeverIssued, matter_form


@click.command("form")
@click.argument("named", metavar="事项")
@click.argument("form", type=click.Choice(list(MATTER_FORMS)))
@click.option("--format", "kind", type=click.Choice(["docx", "pdf"]), default="docx", show_default=True)
@out_option
def command(named: str, form: str, kind: str, out: Path | None) -> None:
    """一个事项的登记表（registration-form，附件1）或者最近一次催办的通知（urging-notice，附件2）。

    事项可以用编号（督〔2026〕1号）或者标识指明。办理情况表（附件3）见 wenze status-table。
    """
    from service.documents.drawing import PAGES  # here, since its libraries take half of a start-up

    with reading(connect(ready_database())) as session:
        try:
            found = matter_form(session, books(), matter_id_of(session, named), form)
        except MatterUnknown:
            raise click.BadParameter("没有这个事项") from None
        except NeverIssued:
            raise click.BadParameter("这个事项没有催办过") from None
    put(PAGES[kind](found), kind, out)
