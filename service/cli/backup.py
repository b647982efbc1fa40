"""``wenze backup``: everything that the service keeps as one file; ``wenze backup verify``: whether such a file is whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from service import config
from service.cli.db import opened_database
from service.cli.files import whole_file
from service.cli.options import FILE, MADE
from service.cli.trail import looked
from service.usecases.administration.backup import BackupDamaged, Folders, Manifest, back_up, sha256_of, verify_backup


@click.group("backup", invoke_without_command=True)
@click.option("--out", type=MADE, metavar="文件", help="写入的文件，已有的不覆盖")
@click.pass_context
def command(context: click.Context, out: Path | None) -> None:
    """备份数据库、附件和导入的工作日历；服务不必停。备份含全部案情，请按涉密要求保管；设置和密钥不在其中。

    退出码：0 完成；1 没有完成，或者有附件的内容已经缺失（其余的已写入）；2 输入有误。
    """
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise click.UsageError("请用 --out 写明写入的文件")
    if out.exists():
        raise click.UsageError(f"{out} 已经存在，不覆盖")
    with whole_file(out) as target, opened_database() as engine:
        looked(engine)
        made = back_up(engine, folders(), target, now=datetime.now(UTC))
    tell(made, out)
    if made.lost:
        raise click.ClickException(f"附件的内容已经缺失或者被改动，没有备份：{'、'.join(made.lost)}")


@command.command("verify")
@click.argument("archive", type=FILE, metavar="文件")
@click.option("--sha256", metavar="散列值", help="备份时打印的散列值；写明的，整个文件须与之相符")
def verify(archive: Path, sha256: str | None) -> None:
    """核对一份备份：每个文件的散列值与清单相符，不多不少。"""
    check_hash(archive, sha256)
    tell(verify_backup(archive), archive)
    click.echo("备份完整", err=True)


def folders() -> Folders:
    """Where the service keeps files."""
    return Folders(config.attachments_folder(), config.calendar_folder())


def check_hash(archive: Path, sha256: str | None) -> None:
    """End the command where the whole file is not what was written down of it."""
    if sha256 is not None and sha256_of(archive) != sha256.strip().lower():
        raise BackupDamaged("整个文件的散列值不符")


def tell(found: Manifest, archive: Path) -> None:
    """What a backup holds, in one line, and its hash, to be kept elsewhere."""
    rows, (last, _) = sum(found.rows.values()), found.audit
    held = f"{len(found.rows)}张表{rows}行　{len(found.files) - 1}个文件　审计记录至第{last}条"
    click.echo(f"{found.made_at}　{found.database}　结构 {found.schema}　{held}")
    click.echo(f"sha256 {sha256_of(archive)}（另行保存，核对、恢复时用 --sha256 写明）")
