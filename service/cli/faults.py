"""What ends a command: one line for each thing that was asked for wrongly; for what nobody expected, where it arose. Never the data."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb
from typing import NoReturn

import click
from sqlalchemy.exc import DBAPIError

from models.schemas.errors import CaseFileError
from models.schemas.tables import TableUnreadable
from models.store.attachments import ContentLost
from models.store.database import FAULTS, failure_of
from models.whole.dumps import DumpFailed
from rules.book.book_file import RulebookError
from rules.packaged import ROOT, packaged
from service.books import books
from service.cli.options import end
from service.usecases.administration.backup import BackupDamaged
from service.usecases.administration.restore import NotRestorable
from service.usecases.adopting.calendar_years import YearTorn
from service.usecases.cases.attach import UploadRefused
from service.usecases.cases.prove import NotEvaluated
from service.usecases.exchange.deliver_parcels import NotRetried, ParcelUnknown
from service.usecases.people.accounts import AccountUnknown, GrantUnknown
from service.usecases.people.api_tokens import NameOfAccount, NameUnusable, NoSuchAccount, NoSuchUnit, TokenUnknown
from service.usecases.people.registry import NotInRegistry
from service.usecases.recommending.kept_receipts import RulebookChanged
from service.usecases.refusals import REFUSALS, explained

_SAID = {
    "busy": "数据库或者数据文件夹正由其他程序占用，没有完成，请稍后再试",
    "full": "存储空间已满，没有完成，请腾出空间后再试",
    "unreachable": "数据库或者存放文件的地方不能使用，没有完成，请检查 DATABASE_URL、WENZE_DATA_DIR 和权限",
}
_NO_ACCOUNT = "没有这个登录名的账号；见 wenze user list"
_UNKNOWN: Mapping[type[Exception], str] = {
    AccountUnknown: _NO_ACCOUNT,
    NoSuchAccount: _NO_ACCOUNT,
    GrantUnknown: "没有这次授予；编号见 wenze user list",
    TokenUnknown: "没有这个令牌；编号见 wenze token list",
    NameOfAccount: "名称与一个账号的姓名相同或者看上去相同，不代表账号的令牌请换一个名称；代表该账号的，用 --for 登录名",
    NoSuchUnit: "单位表中没有这个单位",
    NotInRegistry: "人员登记中没有这个工号或者标识；见 wenze people list",
    ParcelUnknown: "没有这个编号；编号见 wenze oa status",
}
_TELLING = (RulebookError, RulebookChanged, UploadRefused, TableUnreadable, NotRetried, NotEvaluated, NameUnusable)
"""What tells its reason itself."""


def ended(error: Exception) -> NoReturn:
    """End the command that did not expect this."""
    if isinstance(error, CaseFileError):
        end(*(str(fault) for fault in error.errors))
    if isinstance(error, REFUSALS):
        end(explained(error, books()))
    if isinstance(error, _TELLING):
        end(str(error))
    if type(error) in _UNKNOWN:
        end(_UNKNOWN[type(error)])
    if isinstance(error, NotRestorable):
        end(*error.reasons)
    if isinstance(error, BackupDamaged):
        end(*error.faults, "备份不完整，没有使用", status=1)
    if isinstance(error, DumpFailed):
        raise click.ClickException(str(error)) from None
    if isinstance(error, ContentLost):
        raise click.ClickException(f"附件的内容已经缺失或者被改动（sha256 {error}），没有取出") from None
    raise click.ClickException(_told(error)) from None


def _told(error: Exception) -> str:
    """One line. A message of the database or of our own code may quote what was entered, and is left out."""
    if not isinstance(error, FAULTS):
        return f"系统内部错误，没有完成；请把这一行报给维护人员：{type(error).__name__}（{_where(error)}）"
    if isinstance(error, YearTorn):
        return f"工作日历的 {error.filename} 已经损坏，没有完成，请重新导入这一年（wenze calendar import --replace）"
    said = _SAID[failure_of(error)]
    if isinstance(error, DBAPIError):
        return f"{said}（{type(error.orig).__name__}）"
    number = error.errno if isinstance(error, OSError) else None
    return f"{said}（{os.strerror(number)}）" if number else said


def _where(error: Exception) -> str:
    """The last line of this program's own that it came through."""
    rooms = [packaged(room) for room in ("rules", "models", "service")]
    own = [
        frame
        for frame in extract_tb(error.__traceback__)
        if any(Path(frame.filename).is_relative_to(room) for room in rooms)
    ]
    last = own[-1]
    return f"{Path(last.filename).relative_to(ROOT)}:{last.lineno}"
