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
from service.usecases.people.api_tokens import NameOfAccount, NameUnusable, create_calendar_token, create_token

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
    if "\u200b" not in name:
        assert create_token(session, name, now=NOW, expires_at=None, login="li")
    assert create_token(session, "督办平台", now=NOW, expires_at=None)


def test_an_account_bears_no_name_of_a_token_of_no_person(session: Session) -> None:
    create_token(session, "李四", now=NOW, expires_at=NOW)
    create_token(session, "王 五（对接）", now=NOW, expires_at=NOW)
    for name in ("李四", "王五"):
        with pytest.raises(CaseFileError, match="令牌用过这个名称"):
            add_account(session, books(), "li", name, now=NOW)
    with pytest.raises(CaseFileError, match="令牌用过这个名称"):
        add_account(session, books(), "li", "王五（对接）", now=NOW)
    add_account(session, books(), "li", "李四（教务处）", now=NOW)
    create_token(session, "我的", now=NOW, expires_at=None, login="li")
    add_account(session, books(), "wo", "我的", now=NOW)
    create_calendar_token(session, "日历", unit=None, now=NOW, expires_at=None)
    add_account(session, books(), "rili", "日历", now=NOW)


@pytest.mark.parametrize(
    "name", ["对\u200b接", "\u200b", "对接\ufeff", "对\u3000接", "对\x00接", " 对接", "对接 ", "", "—"]
)
def test_a_token_has_a_name_that_is_seen(session: Session, name: str) -> None:
    add_account(session, books(), "li", "李四", now=NOW)
    for of in (None, "li"):
        with pytest.raises(NameUnusable, match="名称"):
            create_token(session, name, now=NOW, expires_at=None, login=of)
    with pytest.raises(NameUnusable, match="名称"):
        create_calendar_token(session, name, unit=None, now=NOW, expires_at=None)


def test_the_command_names_the_way_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    run = CliRunner().invoke
    assert run(main, ["db", "upgrade", "--new"]).exit_code == 0
    assert run(main, ["user", "add", "li", "李四"]).exit_code == 0
    refused = run(main, ["token", "create", "--name", "李四"])
    assert (refused.exit_code, "--for" in refused.stderr, refused.stdout) == (2, True, "")
    assert run(main, ["token", "create", "--name", "李四", "--for", "li"]).exit_code == 0
