"""A token of no person and an account never bear one name: who entered a record is told by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from models.schemas.errors import CaseFileError
from models.store.database import connect
from service.books import books
from service.cli import main
from service.usecases.people.accounts import add_account
from service.usecases.people.api_tokens import NameOfAccount, create_calendar_token, create_token

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = connect(database_url)
    with Session(engine) as made:
        yield made
    engine.dispose()


@pytest.mark.parametrize("name", ["李四", "李 四", "李四（对接）", "李\u200b四"])
def test_a_token_of_no_person_bears_no_name_of_an_account(session: Session, name: str) -> None:
    add_account(session, books(), "li", "李四", now=NOW)
    with pytest.raises(NameOfAccount):
        create_token(session, name, now=NOW, expires_at=None)
    assert create_token(session, name, now=NOW, expires_at=None, login="li")
    assert create_token(session, "督办平台", now=NOW, expires_at=None)


def test_an_account_bears_no_name_of_a_token_of_no_person(session: Session) -> None:
    create_token(session, "李四", now=NOW, expires_at=NOW)
    with pytest.raises(CaseFileError, match="令牌用过这个名称"):
        add_account(session, books(), "li", "李四", now=NOW)
    add_account(session, books(), "li", "李四（教务处）", now=NOW)
    create_token(session, "我的", now=NOW, expires_at=None, login="li")
    add_account(session, books(), "wo", "我的", now=NOW)
    create_calendar_token(session, "日历", unit=None, now=NOW, expires_at=None)
    add_account(session, books(), "rili", "日历", now=NOW)


def test_the_command_names_the_way_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    run = CliRunner().invoke
    assert run(main, ["db", "upgrade", "--new"]).exit_code == 0
    assert run(main, ["user", "add", "li", "李四"]).exit_code == 0
    refused = run(main, ["token", "create", "--name", "李四"])
    assert (refused.exit_code, "--for" in refused.stderr, refused.stdout) == (2, True, "")
    assert run(main, ["token", "create", "--name", "李四", "--for", "li"]).exit_code == 0
