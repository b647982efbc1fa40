"""Configuration from the environment, checked where it is read; what is wrong is told by the variable's name."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from models.domain.waiting import Thresholds

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LEAST_SECRET = 16
DECISION_PREFIX = "问责决定"
_PREFIX = re.compile(r"[A-Za-z\u3400-\u9fff]{1,20}\Z")


class ConfigError(ValueError):
    """A setting that cannot be used; the message names the variable and what is allowed."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """OA behind a web address. secret: shared with OA, signs every message."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """OA by a folder that both sides watch: ``out`` for what we issue, ``in`` for receipts."""

    folder: Path


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The SMTP server. starttls: whether the connection is secured before anything is said."""

    host: str
    port: int
    sender: str
    office: str | None
    user: str | None
    password: str | None
    starttls: bool


def check() -> None:
    """Read every setting once, so that a wrong one is told at the start. Raises ConfigError."""
    for setting in (thresholds, oa, mail, approvers, decision_prefix):
        setting()


def database_url() -> str:
    """DATABASE_URL, or the embedded SQLite in WENZE_DATA_DIR (default ./var), made ready."""
    url = os.environ.get("DATABASE_URL")
    if url:
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url
    return f"sqlite:///{data_folder() / 'wenze.sqlite3'}"


def data_folder() -> Path:
    """Where files are kept: WENZE_DATA_DIR (default ./var)."""
    folder = _data_path()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _data_path() -> Path:
    return Path(os.environ.get("WENZE_DATA_DIR", "var")).resolve()


def calendar_folder() -> Path:
    """Where the years lie that the operator brought in from the yearly notice; not made here."""
    return _data_path() / "calendar"


def approvers() -> frozenset[str]:
    """WENZE_APPROVERS: the school leaders who may approve an investigation, separated by 、 (A-20); empty where none is set."""
    return frozenset(name.strip() for name in os.environ.get("WENZE_APPROVERS", "").split("、") if name.strip())


def decision_prefix() -> str:
    """WENZE_DECISION_PREFIX: what the number of a 《问责决定书》 begins with (default 问责决定). Raises ConfigError."""
    given = os.environ.get("WENZE_DECISION_PREFIX", DECISION_PREFIX)
    if not _PREFIX.match(given):
        raise ConfigError("WENZE_DECISION_PREFIX 应为1至20个汉字或者字母，不含括号、空格和数字")
    return given


def attachments_folder() -> Path:
    """Where the bytes of attachments lie, by their hash."""
    return data_folder() / "attachments"


def thresholds() -> Thresholds:
    """WENZE_DUE_YELLOW_DAYS, WENZE_DUE_RED_DAYS, WENZE_URGE_AGAIN_DAYS. Raises ConfigError."""
    usual = Thresholds()
    yellow = _days("WENZE_DUE_YELLOW_DAYS", usual.yellow)
    red = _days("WENZE_DUE_RED_DAYS", usual.red)
    if red > yellow:
        raise ConfigError(f"WENZE_DUE_RED_DAYS（{red}）不得大于 WENZE_DUE_YELLOW_DAYS（{yellow}）")
    return Thresholds(yellow, red, _days("WENZE_URGE_AGAIN_DAYS", usual.urge_again))


def oa() -> WebhookSettings | FolderSettings | None:
    """WENZE_OA_URL with WENZE_OA_SECRET, or WENZE_OA_FOLDER; None where neither is set. Raises ConfigError."""
    url, folder = os.environ.get("WENZE_OA_URL"), os.environ.get("WENZE_OA_FOLDER")
    if url and folder:
        raise ConfigError("WENZE_OA_URL 和 WENZE_OA_FOLDER 只能设置一个")
    if folder:
        return FolderSettings(Path(folder).resolve())
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ConfigError("WENZE_OA_URL 应为 https 地址（本机可以用 http）")
    secret = os.environ.get("WENZE_OA_SECRET", "")
    if len(secret) < _LEAST_SECRET:
        raise ConfigError(f"设置 WENZE_OA_URL 的，须同时设置 WENZE_OA_SECRET，至少{_LEAST_SECRET}个字符")
    return WebhookSettings(url, secret)


def mail() -> MailSettings | None:
    """WENZE_SMTP_HOST, _PORT, _FROM, _USER, _PASSWORD, _STARTTLS and WENZE_OFFICE_EMAIL; None without a host."""
    host = os.environ.get("WENZE_SMTP_HOST")
    if not host:
        return None
    sender = os.environ.get("WENZE_SMTP_FROM", "")
    if "@" not in sender:
        raise ConfigError("设置 WENZE_SMTP_HOST 的，须在 WENZE_SMTP_FROM 中写明发件地址")
    port = os.environ.get("WENZE_SMTP_PORT", "587")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ConfigError("WENZE_SMTP_PORT 应为1至65535的整数")
    starttls = os.environ.get("WENZE_SMTP_STARTTLS", "true")
    if starttls not in ("true", "false"):
        raise ConfigError("WENZE_SMTP_STARTTLS 只能取 true 或者 false")
    user, password = os.environ.get("WENZE_SMTP_USER"), os.environ.get("WENZE_SMTP_PASSWORD")
    if user and starttls == "false" and host not in _LOOPBACK:
        raise ConfigError("有用户名的邮件服务器须用 STARTTLS，不得明文传送密码")
    return MailSettings(
        host, int(port), sender, os.environ.get("WENZE_OFFICE_EMAIL"), user, password, starttls == "true"
    )


def _days(name: str, usual: int) -> int:
    given = os.environ.get(name)
    if given is None:
        return usual
    if not (given.isascii() and given.isdigit() and int(given) <= 365):
        raise ConfigError(f"{name} 应为0至365的整数")
    return int(given)
