"""A session for a command: what is refused ends the command with the reason and exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from sqlalchemy.orm import Session

from models.schemas.errors import CaseFileError
from models.store.attachments import ContentLost
from models.store.database import writing
from service.books import books
from service.cli.db import opened_database
from service.cli.trail import clerk, looking
from service.usecases.attach import UploadRefused
from service.usecases.refusals import REFUSALS, explained

__all__ = ["clerk", "end", "ledger_session"]


@contextmanager
def ledger_session(*, write: bool) -> Iterator[Session]:
    """Committed when the block ends well, if ``write``; nothing is left of it otherwise."""
    try:
        with opened_database() as engine, (writing if write else looking)(engine) as session:
            yield session
    except CaseFileError as error:
        end(*(str(fault) for fault in error.errors))
    except REFUSALS as error:
        end(explained(error, books()))
    except UploadRefused as error:
        end(str(error))
    except ContentLost as error:
        raise click.ClickException(f"附件的内容已经缺失或者被改动（sha256 {error}），没有取出") from None


def end(*lines: str) -> NoReturn:
    """Say what is wrong with the input, and end."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(2)
