"""What a deployment must have: nothing of it reaches a network unless it is secured. Told at the start, all at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from service.config.log_in import confirmed_for, password_history, second_factor
from service.config.settings import unknown
from service.config.single_sign_on import cas, oidc, sign_out
from service.config.values import (
    ConfigError,
    FolderSettings,
    approvers,
    audit_anchor,
    audit_hash,
    audit_mail,
    data_path,
    decision_prefix,
    host_name,
    is_loopback,
    listening,
    mail,
    oa,
    public_url,
    session_idle,
    thresholds,
)

if TYPE_CHECKING:
    from sqlalchemy import URL

_ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
_DRIVERS = ("postgres", "postgresql", "postgresql+psycopg")


def check(host: str | None = None, *, sample: bool = False) -> None:
    """Read every setting once. host: where to listen, unless WENZE_HOST; sample: whether a worked case is to be shown.

    Raises ConfigError with every fault.
    """
    readers: tuple[Callable[[], object], ...] = (
        listening, behind_tls, embedded_allowed, thresholds, session_idle, decision_prefix, approvers, oa, mail,
        cas, oidc, sign_out, password_history, confirmed_for, second_factor,
        audit_hash, audit_anchor, audit_mail,
    )  # fmt: skip
    faults = list(unknown())
    for reader in readers:
        try:
            reader()
        except ConfigError as error:
            faults += error.faults
    faults += [*_network(host_name(host), sample=sample), *_database()]
    if _reachable(host_name(host)):
        faults += exposed_folders()
    if faults:
        raise ConfigError(*faults)


def warnings(host: str | None = None) -> tuple[str, ...]:
    """What would be refused where the service could be reached from outside."""
    return () if _reachable(host_name(host)) else tuple(exposed_folders())


def behind_tls() -> bool:
    """WENZE_BEHIND_TLS: whether a proxy that ends TLS stands in front. Raises ConfigError."""
    return _flag("WENZE_BEHIND_TLS")


def embedded_allowed() -> bool:
    """WENZE_ALLOW_EMBEDDED: whether SQLite may serve other machines. Raises ConfigError."""
    return _flag("WENZE_ALLOW_EMBEDDED")


def exposed_folders() -> Iterator[str]:
    """A sentence for each folder that any user of the machine can look into."""
    folders = {"WENZE_DATA_DIR": data_path()}
    try:
        exchange = oa()
    except ConfigError:
        exchange = None
    if isinstance(exchange, FolderSettings):
        folders["WENZE_OA_FOLDER"] = exchange.folder
    for name, folder in folders.items():
        if _open_to_all(folder):
            yield f"{name} 的文件夹（{folder}）本机其他用户可以进入，应执行 chmod o-rwx 收回"
    try:
        anchor = audit_anchor()
    except ConfigError:
        anchor = None
    if anchor is not None and _open_to_all(anchor.parent, 0o002):  # what it says may be read, not rewritten
        yield f"WENZE_AUDIT_ANCHOR 的文件夹（{anchor.parent}）本机其他用户可以改写，应执行 chmod o-w 收回"


def _flag(name: str) -> bool:
    given = os.environ.get(name) or "false"
    if given not in ("true", "false"):
        raise ConfigError(f"{name} 只能取 true 或者 false")
    return given == "true"


def _said(name: str) -> bool:
    """A flag that is set rightly or wrongly; a wrong one is told elsewhere and counts as not set."""
    return os.environ.get(name) == "true"


def _reachable(host: str) -> bool:
    return not is_loopback(host) or _said("WENZE_BEHIND_TLS")


def _network(host: str, *, sample: bool) -> Iterator[str]:
    local, secured, embedded = is_loopback(host), _said("WENZE_BEHIND_TLS"), _embedded()
    if not local and not secured:
        yield f"WENZE_HOST（{host}）不是本机地址，须在前面设终止 TLS 的反向代理并设 WENZE_BEHIND_TLS=true；否则只能用 127.0.0.1、::1 或者 localhost"
    address = public_url()
    if secured and (address is None or not _is_web(address, "https")):
        yield "WENZE_BEHIND_TLS=true 的，须在 WENZE_PUBLIC_URL 中写明用户打开的 https 地址"
    elif address is not None and not _is_web(address, "https", "http"):
        yield "WENZE_PUBLIC_URL 应为 https 地址（本机试用可以用 http）"
    if embedded and not local and not _said("WENZE_ALLOW_EMBEDDED"):
        yield "没有设置 DATABASE_URL：嵌入式数据库只供本机使用；仍要对外使用的，设 WENZE_ALLOW_EMBEDDED=true"
    if sample and not (embedded and local and not secured):
        yield "示范数据、示例数据（wenze demo、--sample）只能在本机地址、嵌入式数据库、没有设置 WENZE_BEHIND_TLS 时使用"


def _is_web(address: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in schemes and bool(parts.hostname) and parts.username is None and not parts.query
    except ValueError:
        return False


def _embedded() -> bool:
    return not os.environ.get("DATABASE_URL") or os.environ["DATABASE_URL"].startswith("sqlite")


def _database() -> Iterator[str]:
    if _embedded():
        return
    from sqlalchemy import make_url  # here, since who reads another setting does without it
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(os.environ["DATABASE_URL"])
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in _DRIVERS:
        yield "DATABASE_URL 应为 postgresql://用户@主机/库；不设的用嵌入式数据库"
    elif not all(_within(host) for host in _hosts(url)) and not set(_asked(url, "sslmode", "PGSSLMODE")) & _ENCRYPTED:
        yield f"DATABASE_URL 的主机不是本机，须写明 sslmode={'、'.join(sorted(_ENCRYPTED))}之一（例如 …/库?sslmode=verify-full）"


def _hosts(url: URL) -> list[str]:
    """Every host that the driver may connect to; none for the socket of this machine."""
    named = [url.host] if url.host else _asked(url, "host", "PGHOST")
    return [host for entry in (*named, *_asked(url, "hostaddr", "PGHOSTADDR")) for host in entry.split(",") if host]


def _asked(url: URL, name: str, variable: str) -> list[str]:
    """A parameter of the address, else the driver's own variable."""
    found = url.query.get(name) or os.environ.get(variable) or ()
    return [found] if isinstance(found, str) else list(found)


def _within(host: str) -> bool:
    """A socket's folder, or an address of this machine alone."""
    return host.startswith(("/", "@")) or is_loopback(host)


def _open_to_all(folder: Path, rights: int = 0o007) -> bool:
    """Whether the folder gives any of these rights to everybody, and everybody can get to it."""
    if not folder.exists() or not folder.stat().st_mode & rights:
        return False
    return all(parent.stat().st_mode & 0o001 for parent in folder.parents)
