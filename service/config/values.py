"""Configuration from the environment, checked where it is read; what is wrong is told by the variable's name."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from models.matter.waiting import Thresholds

_LEAST_SECRET = 16
DECISION_PREFIX = "问责决定"
_PREFIX = re.compile(r"[A-Za-z\u3400-\u9fff]{1,20}\Z")


_HASHES = ("sha256", "sm3")
_HOST, _PORT, _WORKERS = "127.0.0.1", "8000", "2"


class ConfigError(ValueError):
    """Settings that cannot be used; each fault names its variable and what is allowed, on a line of its own."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Listening:
    """host: an address or a name of this machine; workers: processes."""

    host: str
    port: int
    workers: int

    @property
    def bind(self) -> str:
        """As the server takes it: an address of IPv6 in brackets."""
        host = f"[{self.host}]" if ":" in self.host and not self.host.startswith("[") else self.host
        return f"{host}:{self.port}"


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


def database_url() -> str:
    """DATABASE_URL, or the embedded SQLite in WENZE_DATA_DIR (default ./var), made ready."""
    url = os.environ.get("DATABASE_URL")
    if url:
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url
    return f"sqlite:///{data_folder() / 'wenze.sqlite3'}"


def embedded_path() -> Path | None:
    """Where the embedded database lies or would lie, without making anything; None where DATABASE_URL names another."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return data_path() / "wenze.sqlite3"
    from sqlalchemy import make_url  # here, since a case without a database does without it

    found = make_url(url)
    return Path(found.database) if found.drivername.startswith("sqlite") and found.database else None


def data_folder() -> Path:
    """Where files are kept: WENZE_DATA_DIR (default ./var)."""
    folder = data_path()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def data_path() -> Path:
    """WENZE_DATA_DIR as it stands, without making it."""
    return Path(os.environ.get("WENZE_DATA_DIR", "var")).resolve()


def calendar_folder() -> Path:
    """Where the years lie that the operator brought in from the yearly notice; not made here."""
    return data_path() / "calendar"


def approvers() -> frozenset[str]:
    """WENZE_APPROVERS: the school leaders who may approve an investigation, by their numbers, separated by 、 (A-20); empty where it is
    not set. Raises ConfigError where it names nobody, which would mean anybody."""
    given = os.environ.get("WENZE_APPROVERS", "")
    found = frozenset(one.strip() for one in given.split("、") if one.strip())
    if given and not found:
        raise ConfigError("WENZE_APPROVERS 没有写明任何人：应为工号，以“、”分隔；不限的，不设")
    return found


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
    yellow, red, again = together(
        lambda: _days("WENZE_DUE_YELLOW_DAYS", usual.yellow),
        lambda: _days("WENZE_DUE_RED_DAYS", usual.red),
        lambda: _days("WENZE_URGE_AGAIN_DAYS", usual.urge_again),
    )
    if red > yellow:
        raise ConfigError(f"WENZE_DUE_RED_DAYS（{red}）不得大于 WENZE_DUE_YELLOW_DAYS（{yellow}）")
    return Thresholds(yellow, red, again)


def public_url() -> str | None:
    """WENZE_PUBLIC_URL: the address that users open; None where it is not set."""
    return os.environ.get("WENZE_PUBLIC_URL", "").rstrip("/") or None


def oa() -> WebhookSettings | FolderSettings | None:
    """WENZE_OA_URL with WENZE_OA_SECRET, or WENZE_OA_FOLDER; None where neither is set. Raises ConfigError."""
    url, folder = os.environ.get("WENZE_OA_URL"), os.environ.get("WENZE_OA_FOLDER")
    if url and folder:
        raise ConfigError("WENZE_OA_URL 和 WENZE_OA_FOLDER 只能设置一个")
    if folder:
        return FolderSettings(Path(folder).resolve())
    if not url:
        return None
    secret = os.environ.get("WENZE_OA_SECRET", "")
    faults = []
    if not is_protected(url):
        faults.append("WENZE_OA_URL 应为 https 地址（本机可以用 http）")
    if len(secret) < _LEAST_SECRET:
        faults.append(f"设置 WENZE_OA_URL 的，须同时设置 WENZE_OA_SECRET，至少{_LEAST_SECRET}个字符")
    if faults:
        raise ConfigError(*faults)
    return WebhookSettings(url, secret)


def session_idle() -> timedelta:
    """WENZE_SESSION_IDLE_MINUTES: after how long without a request a log-in ends (default 30). Raises ConfigError."""
    given = os.environ.get("WENZE_SESSION_IDLE_MINUTES", "30")
    if not is_whole(given, 1, 720):
        raise ConfigError("WENZE_SESSION_IDLE_MINUTES 应为1至720的整数")
    return timedelta(minutes=int(given))


def mail() -> MailSettings | None:
    """WENZE_SMTP_HOST, _PORT, _FROM, _USER, _PASSWORD, _STARTTLS and WENZE_OFFICE_EMAIL; None without a host."""
    host = os.environ.get("WENZE_SMTP_HOST")
    if not host:
        return None
    sender, port = os.environ.get("WENZE_SMTP_FROM", ""), os.environ.get("WENZE_SMTP_PORT", "587")
    starttls = os.environ.get("WENZE_SMTP_STARTTLS", "true")
    user, password = os.environ.get("WENZE_SMTP_USER"), os.environ.get("WENZE_SMTP_PASSWORD")
    faults = []
    if "@" not in sender:
        faults.append("设置 WENZE_SMTP_HOST 的，须在 WENZE_SMTP_FROM 中写明发件地址")
    if not is_whole(port, 1, 65535):
        faults.append("WENZE_SMTP_PORT 应为1至65535的整数")
    if starttls not in ("true", "false"):
        faults.append("WENZE_SMTP_STARTTLS 只能取 true 或者 false")
    if user and starttls == "false" and not is_loopback(host):
        faults.append("有用户名的邮件服务器须用 STARTTLS（WENZE_SMTP_STARTTLS=true），不得明文传送密码")
    if faults:
        raise ConfigError(*faults)
    return MailSettings(
        host, int(port), sender, os.environ.get("WENZE_OFFICE_EMAIL"), user, password, starttls == "true"
    )


def host_name(given: str | None = None) -> str:
    """``given``, or WENZE_HOST (default 127.0.0.1)."""
    return given or os.environ.get("WENZE_HOST") or _HOST


def listening(host: str | None = None, port: int | None = None, workers: int | None = None) -> Listening:
    """WENZE_HOST, WENZE_PORT (or PORT) and WENZE_WORKERS, each unless it is given. Raises ConfigError."""
    port_text = str(port or os.environ.get("WENZE_PORT") or os.environ.get("PORT") or _PORT)
    workers_text = str(workers or os.environ.get("WENZE_WORKERS") or _WORKERS)
    faults = []
    if not is_whole(port_text, 1, 65535):
        faults.append("WENZE_PORT（或者 PORT）应为1至65535的整数")
    if not is_whole(workers_text, 1, 64):
        faults.append("WENZE_WORKERS 应为1至64的整数")
    if faults:
        raise ConfigError(*faults)
    return Listening(host_name(host), int(port_text), int(workers_text))


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


def together(*readers: Callable[[], int]) -> list[int]:
    """What each of ``readers`` reads. Raises one ConfigError with the faults of all of them."""
    found: list[int] = []
    faults: list[str] = []
    for reader in readers:
        try:
            found.append(reader())
        except ConfigError as error:
            faults += error.faults
    if faults:
        raise ConfigError(*faults)
    return found


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_protected(address: str) -> bool:
    """Whether nobody can listen on the way to a web address: TLS, or this machine alone."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        )
    except ValueError:
        return False


def is_whole(given: str, least: int, most: int) -> bool:
    """Whether ``given`` is written as a whole number within the bounds."""
    return given.isascii() and given.isdigit() and len(given) <= len(str(most)) and least <= int(given) <= most


def _days(name: str, usual: int) -> int:
    given = os.environ.get(name)
    if given is None:
        return usual
    if not is_whole(given, 0, 365):
        raise ConfigError(f"{name} 应为0至365的整数")
    return int(given)
