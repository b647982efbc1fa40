"""What ends a command that met a fault: one line, and for what nobody expected the place where it arose. Never the data."""

from __future__ import annotations

import os
from pathlib import Path
from traceback import extract_tb

from sqlalchemy.exc import DBAPIError

from models.store.database import FAULTS, failure_of
from rules.packaged import ROOT, packaged
from service.usecases.calendar_years import YearTorn

_SAID = {
    "busy": "数据库或者数据文件夹正由其他程序占用，没有完成，请稍后再试",
    "full": "存储空间已满，没有完成，请腾出空间后再试",
    "unreachable": "数据库或者存放文件的地方不能使用，没有完成，请检查 DATABASE_URL、WENZE_DATA_DIR 和权限",
}


def told(error: Exception) -> str:
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
