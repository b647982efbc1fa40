"""``wenze case attach`` and ``wenze case attachments``: the files of an accountability case."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from models.store import attachments
from models.store.audit_notes import tell
from service import config
from service.cli.files import out_option, put
from service.cli.ledger_session import clerk, ledger_session
from service.usecases.attach import Upload, attach, attached


@click.command("attach")
@click.argument("case_id", metavar="案件")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件")
def attach_command(case_id: str, file: Path) -> None:
    """为案件附加证据材料，打印附件编号；认定时在 evidence 中以 attachment 引用。"""
    with ledger_session(write=True) as session:
        found = attach(
            session, "case", case_id, Upload(file.name, file.read_bytes()), folder=config.attachments_folder(),
            now=datetime.now(UTC), entered_by=clerk(),
        )  # fmt: skip
        click.echo(found.id)


@click.command("attachments")
@click.argument("case_id", metavar="案件")
@click.argument("attachment_id", required=False, metavar="[附件编号]")
@out_option
def attachments_command(case_id: str, attachment_id: str | None, out: Path | None) -> None:
    """列出案件的附件材料；指明一个附件的，核对散列值之后取出，如：wenze case attachments 案件 编号 --out 记录.pdf"""
    raw = None
    with ledger_session(write=False) as session:
        files = attached(session, "case", case_id)
        if attachment_id is not None:
            wanted = next((found for found in files if found.id == attachment_id), None)
            if wanted is None:
                raise click.BadParameter("本案没有这个附件；见 wenze case attachments 案件")
            tell(session, attachment=wanted.id)
            raw = attachments.content(config.attachments_folder(), wanted.sha256)
        else:
            for found in files:
                click.echo(f"{found.id}　{found.file_name}　{found.size:,} 字节　sha256 {found.sha256}")
    if raw is not None:
        put(raw, "附件", out)
