"""Providers of identities for the tests: a CAS server and an OpenID provider, real HTTP servers on loopback."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from xml.sax.saxutils import escape

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

Answer = tuple[int, dict[str, str], bytes]
CLIENT_ID, CLIENT_SECRET = "wenze", "s3cret:%+/geheim"


@dataclass
class Provider:
    """What both have. user: who is logged in there; pause: seconds before each answer; asked: every path that was asked for."""

    user: str = "20030017"
    pause: float = 0.0
    url: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], authorization: str) -> Answer:
        raise NotImplementedError

    def back(self, address: str, **answered: str) -> Answer:
        return 302, {"Location": f"{address}{'&' if '?' in address else '?'}{urlencode(answered)}"}, b""


@dataclass
class CasServer(Provider):
    """Tickets are good once, for the service that they were issued for. body: answers every validation, where it is set."""

    tickets: dict[str, tuple[str, str]] = field(default_factory=dict)
    body: bytes | None = None
    status: int = 200

    def issue(self, service: str) -> str:
        ticket = f"ST-{secrets.token_urlsafe(16)}"
        self.tickets[ticket] = (service, self.user)
        return ticket

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], authorization: str) -> Answer:
        if path == "/cas/login":
            return self.back(query["service"], ticket=self.issue(query["service"]))
        assert path == "/cas/p3/serviceValidate", path
        service, user = self.tickets.pop(query["ticket"], ("", ""))
        good = f"<cas:authenticationSuccess><cas:user>{escape(user)}</cas:user></cas:authenticationSuccess>"
        bad = '<cas:authenticationFailure code="INVALID_TICKET">票据无效</cas:authenticationFailure>'
        said = good if service == query["service"] and user else bad
        elsewhere = {"Location": f"{self.url}/elsewhere"} if 300 <= self.status < 400 else {}
        return self.status, elsewhere, self.body or cas_answer(said)


def cas_answer(inner: str) -> bytes:
    return f"<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>{inner}</cas:serviceResponse>".encode()


@dataclass
class OpenIdProvider(Provider):
    """Codes are good once, with the verifier of their challenge.

    alter: changes the claims; sign: makes the ID token; say: changes the discovery document.
    """

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    alter: Callable[[dict[str, Any]], Any] = lambda claims: None
    sign: Callable[[dict[str, Any]], str] | None = None
    say: Callable[[dict[str, Any]], Any] = lambda said: None
    keeps_codes: bool = False
    by_post: bool = False

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], authorization: str) -> Answer:
        if path == "/.well-known/openid-configuration":
            return self._json(self._discovery())
        if path == "/keys":
            other = ECKey.generate_key("P-256", {"kid": "1", "use": "enc"})
            return self._json({"keys": [{"kty": "AKP"}, other.as_dict(private=False), self.key.as_dict(private=False)]})
        if path == "/authorize":
            code = secrets.token_urlsafe(16)
            self.codes[code] = query | {"user": self.user}
            return self.back(query["redirect_uri"], code=code, state=query["state"], iss=self.url)
        assert path == "/token", path
        return self._token(form, authorization)

    def _discovery(self) -> dict[str, Any]:
        said = {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys", "authorization_response_iss_parameter_supported": True,
        }  # fmt: skip
        if self.by_post:
            said["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
        self.say(said)
        return said

    def _token(self, form: dict[str, str], authorization: str) -> Answer:
        asked = self.codes.get(form["code"]) if self.keeps_codes else self.codes.pop(form["code"], None)
        made = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        known = self._client(form, authorization) == (CLIENT_ID, CLIENT_SECRET)
        if (
            asked is None
            or not known
            or asked["code_challenge"] != made
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return self._json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": asked["user"],
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        self.alter(claims)
        sign = self.sign or (lambda said: jwt.encode({"alg": "RS256", "kid": "1"}, said, self.key))
        return self._json({"access_token": "x", "token_type": "Bearer", "id_token": sign(claims)})

    def _client(self, form: dict[str, str], authorization: str) -> tuple[str, str]:
        if self.by_post:
            return form["client_id"], form["client_secret"]
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        return unquote(given[0]), unquote(given[2])

    def _json(self, said: dict[str, Any], status: int = 200) -> Answer:
        return status, {"Content-Type": "application/json"}, json.dumps(said).encode()


@contextmanager
def providing(provider: Provider, path: str = "") -> Iterator[None]:
    """The server on a port of its own for the length of the block. path: where it begins."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(_flat(self.rfile.read(int(self.headers["Content-Length"])).decode()))

        def _answer(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            given = self.headers.get("Authorization", "")
            status, headers, body = provider.answer(parts.path, _flat(parts.query), form, given)
            provider.asked.append(self.path)
            time.sleep(provider.pause)
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that does not wait is what the tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    provider.url = f"http://127.0.0.1:{server.server_port}{path}"
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _flat(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text).items()}
