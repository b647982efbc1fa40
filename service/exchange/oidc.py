"""OpenID Connect: the authorization code flow with PKCE, and the ID token that it ends with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from service.config import OidcSettings, is_protected
from service.exchange.sign_on import ATTEMPT_SECONDS, Attempt, Identity, NotProven, ProviderDown, fetch, subject_of

_ALGORITHMS = tuple(f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512))
"""Signatures by a key that only the provider has: neither ``none``, nor one by a secret that we share."""
_CLOCK_SECONDS = 60
_MOST_CODE = 2048
_REFUSED = (400, 401, 403)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the browser brought back. issuer: who says that it answered, where the provider tells that."""

    code: str
    issuer: str | None


@dataclass(frozen=True, slots=True)
class _Provider:
    """What the provider says of itself."""

    authorization: str
    token: str
    keys: str
    names_itself: bool
    by_post: bool


def login_address(settings: OidcSettings, attempt: Attempt) -> str:
    """Where the browser goes to log in. Raises ProviderDown."""
    asked = urlencode(
        {
            "response_type": "code",
            "client_id": settings.client_id,
            "redirect_uri": settings.back,
            "scope": "openid profile",
            "state": attempt.derived("state"),
            "nonce": attempt.derived("nonce"),
            "code_challenge_method": "S256",
            "code_challenge": create_s256_code_challenge(attempt.derived("verifier")),
            **({"prompt": "login", "max_age": "0"} if attempt.again else {}),
        }
    )
    address = _provider(settings).authorization
    return f"{address}{'&' if '?' in address else '?'}{asked}"


def identity(settings: OidcSettings, attempt: Attempt, answered: Answered, *, now: datetime) -> Identity:
    """Whose code it is. Raises NotProven, ProviderDown."""
    if not 0 < len(answered.code) <= _MOST_CODE:
        raise NotProven("code")
    provider = _provider(settings)
    if answered.issuer != settings.issuer and (answered.issuer is not None or provider.names_itself):
        raise NotProven("issuer")
    claims = _claims(settings, attempt, _id_token(settings, provider, attempt, answered.code), _keys(provider), now)
    return Identity(subject_of(claims.get(settings.claim)), answered.code)


def _provider(settings: OidcSettings) -> _Provider:
    """By the discovery document, which must be the issuer's own; every address in it as protected as the issuer's."""
    said = _json(fetch(f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration"))
    named = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    addresses = [address for address in named if isinstance(address, str) and _as_protected(settings, address)]
    if said.get("issuer") != settings.issuer or len(addresses) != len(named):
        raise ProviderDown("发现文档与 WENZE_OIDC_ISSUER 不符，或者地址不是 https")
    methods = said.get("token_endpoint_auth_methods_supported")
    by_post = isinstance(methods, list) and "client_secret_basic" not in methods and "client_secret_post" in methods
    authorization, token, keys = addresses
    return _Provider(
        authorization, token, keys, said.get("authorization_response_iss_parameter_supported") is True, by_post
    )


def _as_protected(settings: OidcSettings, address: str) -> bool:
    local = settings.issuer.startswith("http:")
    return is_protected(address) and "#" not in address and (local or address.startswith("https:"))


def _id_token(settings: OidcSettings, provider: _Provider, attempt: Attempt, code: str) -> str:
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": settings.back,
        "code_verifier": attempt.derived("verifier"),
    }  # fmt: skip
    password: tuple[str, str] | None = (quote(settings.client_id, safe=""), quote(settings.client_secret, safe=""))
    if provider.by_post:
        form |= {"client_id": settings.client_id, "client_secret": settings.client_secret}
        password = None
    status, body = fetch(provider.token, data=form, password=password)
    if status in _REFUSED:
        raise NotProven("code")
    token = _json((status, body)).get("id_token")
    if not isinstance(token, str):
        raise NotProven("id_token")
    return token


def _keys(provider: _Provider) -> KeySet:
    """The keys that sign; those of another use, or of a kind that we do not take, are passed over."""
    given = _json(fetch(provider.keys)).get("keys")
    usable = (
        [
            key
            for key in given
            if isinstance(key, dict) and key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"
        ]
        if isinstance(given, list)
        else []
    )
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError, KeyError):
        raise ProviderDown("签名公钥不能使用") from None


def _claims(settings: OidcSettings, attempt: Attempt, token: str, keys: KeySet, now: datetime) -> dict[str, Any]:
    """What the ID token says, once its signature, issuer, audience, times and nonce are right."""
    at = int(now.timestamp())
    rules = JWTClaimsRegistry(
        at,
        _CLOCK_SECONDS,
        iss={"essential": True, "value": settings.issuer},
        aud={"essential": True, "value": settings.client_id},
        azp={"value": settings.client_id},
        nonce={"essential": True, "value": attempt.derived("nonce")},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )
    try:
        claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
        rules.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotProven(f"id_token {type(error).__name__}") from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several and "azp" not in claims) or at - claims["iat"] > ATTEMPT_SECONDS + _CLOCK_SECONDS:
        raise NotProven("id_token claims")
    asked_at = claims.get("auth_time")
    if attempt.again and not (isinstance(asked_at, int) and asked_at >= attempt.at - _CLOCK_SECONDS):
        raise NotProven("id_token auth_time")
    return claims


def _json(answer: tuple[int, bytes]) -> dict[str, Any]:
    status, body = answer
    if status != 200:
        raise ProviderDown(f"HTTP {status}")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise ProviderDown("答复不是 OpenID Connect 的格式")
    return found
