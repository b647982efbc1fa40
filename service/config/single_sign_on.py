"""Single sign-on: which providers say who somebody is, and where one leaves them."""

from __future__ import annotations

import os
from dataclasses import dataclass

from service.config.values import ConfigError, is_protected, public_url

_SUBJECT = "sub"


@dataclass(frozen=True, slots=True)
class CasSettings:
    """url: of the CAS server, without a slash at its end; back: where it sends the browser."""

    url: str
    back: str


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """claim: which claim of the ID token is the identity; back: where the provider sends the browser."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    back: str


def cas() -> CasSettings | None:
    """WENZE_CAS_URL; None where it is not set. Raises ConfigError."""
    url = os.environ.get("WENZE_CAS_URL")
    if not url:
        return None
    faults = [*_address_faults("WENZE_CAS_URL", url), *_back_faults("WENZE_CAS_URL")]
    if faults:
        raise ConfigError(*faults)
    return CasSettings(url.rstrip("/"), f"{public_url()}/login/cas/back")


def oidc() -> OidcSettings | None:
    """WENZE_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _CLAIM; None where none is set. Raises ConfigError."""
    names = ("WENZE_OIDC_ISSUER", "WENZE_OIDC_CLIENT_ID", "WENZE_OIDC_CLIENT_SECRET")
    issuer, client_id, secret = (os.environ.get(name, "") for name in names)
    claim = os.environ.get("WENZE_OIDC_CLAIM", "")
    if not (issuer or client_id or secret or claim):
        return None
    faults = [f"使用 OIDC 的，须设置 {name}" for name in names if not os.environ.get(name)]
    if issuer:
        faults += [*_address_faults("WENZE_OIDC_ISSUER", issuer), *_back_faults("WENZE_OIDC_ISSUER")]
    if os.environ.get("WENZE_CAS_URL") and not claim:
        faults.append(
            "同时使用 CAS 和 OIDC 的，须在 WENZE_OIDC_CLAIM 中写明与 CAS 用户名相同的声明，以免两处的标识混淆"
        )
    if faults:
        raise ConfigError(*faults)
    return OidcSettings(issuer, client_id, secret, claim or _SUBJECT, f"{public_url()}/login/oidc/back")


def sign_out() -> str | None:
    """WENZE_SSO_LOGOUT_URL: where one leaves the single sign-on itself. Raises ConfigError."""
    url = os.environ.get("WENZE_SSO_LOGOUT_URL")
    if url and not is_protected(url):
        raise ConfigError("WENZE_SSO_LOGOUT_URL 应为 https 地址（本机可以用 http）")
    return url or None


def _address_faults(name: str, url: str) -> list[str]:
    if is_protected(url) and url.isprintable() and not set(url) & set("?#@ "):
        return []
    return [f"{name} 应为 https 地址（本机可以用 http），不含用户名、“?”和“#”"]


def _back_faults(name: str) -> list[str]:
    address = public_url()
    if address is not None and is_protected(address):
        return []
    return [f"设置 {name} 的，须在 WENZE_PUBLIC_URL 中写明用户打开的 https 地址（本机可以用 http）"]
