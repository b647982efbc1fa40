"""``wenze proof``: make a proof package, and check one by the script that stands alone."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from models.receipts import receipts
from models.store.audit_notes import tell
from service import proof_check
from service.books import books
from service.cli.db import ledger_session
from service.cli.files import whole_file
from service.cli.options import MADE
from service.documents.recommending.proof_archive import write_archive
from service.documents.recommending.proof_file import Package, written
from service.usecases.cases.prove import prove, prove_case

_SCRIPT = Path(proof_check.__file__)


@click.group("proof")
def command() -> None:
    """证明包：一份处理建议（连同学校党委的决定）的全部依据，不用本系统也能核验。"""


@command.command("export")
@click.argument("named", metavar="回执或案件")
@click.option("--person", help="人员的编号；只有一名的，可以不写")
@click.option("--redacted", is_flag=True, help="送本人的副本：遮盖他人的姓名、谈话和有关他人的证据，仍可核验")
@click.option("--out", type=MADE, required=True, metavar="文件", help="写入的文件，.json 或者 .zip（连同核验脚本）")
def export(named: str, person: str | None, redacted: bool, out: Path) -> None:
    """制作证明包，并显示其 root；root 另记入审计记录，可以另行告知，用以辨认改动。"""
    if out.suffix not in (".json", ".zip"):
        raise click.BadParameter("文件名应以 .json 或者 .zip 结尾", param_hint="--out")
    with whole_file(out) as made, ledger_session() as session:
        package = _made(session, named, person, redacted)
        if out.suffix == ".zip":
            write_archive(package, _SCRIPT, made)
        else:
            made.write(written(package))
        click.echo(f"root　{package['root']}")


def _made(session: Session, named: str, person: str | None, redacted: bool) -> Package:
    """The package, with the event's subject told."""
    kind = "receipt" if receipts.exists(session, named) else "case"
    make = prove if kind == "receipt" else prove_case
    package = make(session, books(), named, person=person, redacted=redacted, seed=secrets.token_bytes(32))
    assert package is not None
    tell(session, subject=(kind, named), proof=package["root"])
    return package


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@click.option("--root", help="另行告知的 root")
def check(file: Path, root: str | None) -> None:
    """核验证明包：另行运行一个只用标准库、不用本系统代码的脚本。退出码：0 通过，1 不通过。"""
    arguments = [str(_SCRIPT), str(file), *(["--root", root] if root is not None else [])]
    done = subprocess.run(
        [sys.executable, "-I", "-S", *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )
    click.echo(done.stdout, nl=False)
    click.echo(done.stderr, nl=False, err=True)
    sys.exit(done.returncode)
