"""``wenze archive``: a matter's file as one package."""

from __future__ import annotations

from pathlib import Path

import click

from models.store.audit_notes import tell
from service import config
from service.books import books
from service.cli.files import package_option, whole_file
from service.cli.ledger_session import ledger_session
from service.usecases.act_on_matter import matter_id_of
from service.usecases.archive_package import write_archive_package


@click.command("archive")
@click.argument("named", metavar="事项")
@package_option
def command(named: str, out: Path) -> None:
    """一个事项的归档材料：登记表、催办通知、办理记录、附件、目录和各文件的散列值。同一事项每次生成的文件相同。"""
    with whole_file(out) as made, ledger_session(write=False) as session:
        matter_id = matter_id_of(session, named)
        tell(session, subject=("matter", matter_id))
        write_archive_package(session, books(), matter_id, made, folder=config.attachments_folder())
