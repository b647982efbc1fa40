"""Log-in: how many passwords are remembered, how long a confirmation counts, and of whom a one-time password is asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from service.config.values import ConfigError, is_whole

AskedOf = Literal["nobody", "case_readers", "everybody"]
_LEAST_KEY = 32


@dataclass(frozen=True, slots=True)
class SecondFactorSettings:
    """asked_of: who may do nothing before they have one; key: seals the secrets in the database, None: they lie there as they are."""

    asked_of: AskedOf
    key: str | None


def password_history() -> int:
    """WENZE_PASSWORD_HISTORY: how many passwords of before may not be chosen again (default 5). Raises ConfigError."""
    return _whole("WENZE_PASSWORD_HISTORY", 5, 0, 24)


def confirmed_for() -> timedelta:
    """WENZE_CONFIRM_MINUTES: how long a password or one-time password just shown stands for what is to be confirmed (default 5).

    Raises ConfigError.
    """
    return timedelta(minutes=_whole("WENZE_CONFIRM_MINUTES", 5, 1, 60))


def second_factor() -> SecondFactorSettings:
    """WENZE_SECOND_FACTOR (default nobody) and WENZE_SECOND_FACTOR_KEY. Raises ConfigError."""
    given, key = os.environ.get("WENZE_SECOND_FACTOR") or "nobody", os.environ.get("WENZE_SECOND_FACTOR_KEY") or None
    faults = []
    known: dict[str, AskedOf] = {"nobody": "nobody", "case_readers": "case_readers", "everybody": "everybody"}
    asked_of = known.get(given, "nobody")
    if given not in known:
        faults.append("WENZE_SECOND_FACTOR 只能取 nobody、case_readers 或者 everybody")
    if key is not None and len(key) < _LEAST_KEY:
        faults.append(f"WENZE_SECOND_FACTOR_KEY 至少{_LEAST_KEY}个字符")
    if asked_of != "nobody" and key is None:
        faults.append(
            f"设置 WENZE_SECOND_FACTOR={asked_of} 的，须同时设置 WENZE_SECOND_FACTOR_KEY，至少{_LEAST_KEY}个字符"
        )
    if faults:
        raise ConfigError(*faults)
    return SecondFactorSettings(asked_of, key)


def _whole(name: str, usual: int, least: int, most: int) -> int:
    given = os.environ.get(name) or str(usual)
    if not is_whole(given, least, most):
        raise ConfigError(f"{name} 应为{least}至{most}的整数")
    return int(given)
