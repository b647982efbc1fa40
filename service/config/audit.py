"""The audit trail: which hash, and where its head is kept outside of this system."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from service.config.values import ConfigError, data_path, mail

_HASHES = ("sha256", "sm3")


def audit_hash() -> str:
    """WENZE_AUDIT_HASH: the hash of new events. Raises ConfigError, also where OpenSSL has no SM3."""
    given = os.environ.get("WENZE_AUDIT_HASH") or _HASHES[0]
    if given not in _HASHES:
        raise ConfigError(f"WENZE_AUDIT_HASH 只能取 {' 或者 '.join(_HASHES)}")
    try:
        hashlib.new(given)
    except ValueError:
        raise ConfigError("WENZE_AUDIT_HASH=sm3 不能使用：本机的 OpenSSL 没有 SM3，请升级或者改用 sha256") from None
    return given


def audit_anchor() -> Path | None:
    """WENZE_AUDIT_ANCHOR: a file outside of the data folder, best on another machine. Raises ConfigError."""
    given = os.environ.get("WENZE_AUDIT_ANCHOR")
    if not given:
        return None
    path = Path(given).resolve()
    if path.is_relative_to(data_path()):
        raise ConfigError("WENZE_AUDIT_ANCHOR 应在 WENZE_DATA_DIR 之外，最好在另一台机器的共享文件夹中")
    if not path.parent.is_dir():
        raise ConfigError(f"WENZE_AUDIT_ANCHOR 所在的文件夹（{path.parent}）不存在")
    return path


def audit_mail() -> str | None:
    """WENZE_AUDIT_MAIL: who gets the head by mail. Raises ConfigError, also without a mail server."""
    given = os.environ.get("WENZE_AUDIT_MAIL")
    if not given:
        return None
    if "@" not in given:
        raise ConfigError("WENZE_AUDIT_MAIL 应为一个邮箱地址")
    if mail() is None:
        raise ConfigError("设置 WENZE_AUDIT_MAIL 的，须同时设置 WENZE_SMTP_HOST、WENZE_SMTP_FROM")
    return given
