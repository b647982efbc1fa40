"""The command line. Each command is imported only when it is called."""

from __future__ import annotations

import importlib
from typing import Any

import click

_COMMANDS = {
    "access": "service.cli.access",
    "ratings": "service.cli.ratings",
    "recommend": "service.cli.recommend",
    "archive": "service.cli.archive",
    "audit": "service.cli.audit",
    "assessment": "service.cli.assessment",
    "backup": "service.cli.backup",
    "bulletin": "service.cli.bulletin",
    "calendar": "service.cli.calendar",
    "case": "service.cli.case",
    "case-paper": "service.cli.case_paper",
    "compliance": "service.cli.compliance",
    "config": "service.cli.config",
    "demo": "service.cli.demo",
    "oa": "service.cli.oa",
    "form": "service.cli.form",
    "inspection": "service.cli.inspection",
    "ledger": "service.cli.ledger",
    "matter": "service.cli.matter",
    "org": "service.cli.org",
    "patrol": "service.cli.patrol",
    "periods": "service.cli.periods",
    "replay": "service.cli.replay",
    "report": "service.cli.report",
    "restore": "service.cli.restore",
    "rules": "service.cli.rules",
    "proof": "service.cli.proof",
    "serve": "service.cli.serve",
    "db": "service.cli.db",
    "status-table": "service.cli.status_table",
    "token": "service.cli.token",
    "user": "service.cli.user",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(_COMMANDS[cmd_name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever it does not expect ends it with one line, never with what a person wrote."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            from service.cli.faults import told  # here, since a command that ends well does without the database

            raise click.ClickException(told(error)) from None


@click.group(cls=_Lazy)
def main() -> None:
    """督查督办与问责辅助决策：整理认定、引用条款、标明裁量。仅供参考，不构成问责决定。"""
