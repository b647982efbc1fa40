"""Single sign-on: a log-in under way, what a provider of identities proves, and how it is asked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
ATTEMPT_SECONDS = 600
"""How long a log-in may take, from our page to the provider and back."""
AGAIN = " again"
"""What is behind the way of such an attempt."""
_CLOCK_SECONDS = 60
_MOST_ANSWER = 262_144


class NotProven(Exception):
    """The provider did not confirm who it is. reason: one of our own words, for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProviderDown(Exception):
    """The provider gave no usable answer; in Chinese why."""


@dataclass(frozen=True, slots=True)
class Identity:
    """subject: as in ``Account.subject``; credential: what proved it, good once."""

    subject: str
    credential: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A log-in under way. The browser alone holds ``secret``; what goes round by the provider is derived from it.

    Thus nothing is stored before somebody is known, and an answer counts only in the browser that asked, by the way that it
    asked, and not for long.
    """

    way: str
    at: int
    secret: str

    @property
    def again(self) -> bool:
        """Whether somebody who is logged in shows again who they are: the provider is to ask for it, whatever it remembers."""
        return self.way.endswith(AGAIN)

    @classmethod
    def begun(cls, way: str, *, now: datetime) -> Attempt:
        return cls(way, int(now.timestamp()), secrets.token_urlsafe(32))

    @classmethod
    def of_cookie(cls, way: str, text: str, *, now: datetime) -> Attempt | None:
        """What ``cookie`` wrote; None where it is no such text, or too old."""
        at, _, secret = text.partition(".")
        if not (at.isascii() and at.isdigit() and len(at) <= 12 and secret):
            return None
        age = now.timestamp() - int(at)
        return cls(way, int(at), secret) if -_CLOCK_SECONDS <= age <= ATTEMPT_SECONDS else None

    def cookie(self) -> str:
        return f"{self.at}.{self.secret}"

    def derived(self, purpose: str) -> str:
        """``state``, ``nonce`` or ``verifier``: 43 characters, of which none tells another or the secret."""
        said = f"{purpose} {self.way} {self.at}".encode()
        made = hmac.new(self.secret.encode("utf-8", "replace"), said, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode("ascii")

    def answers(self, state: str) -> bool:
        return hmac.compare_digest(self.derived("state").encode(), state.encode("utf-8", "replace"))


def subject_of(given: object) -> str:
    """A name as a provider gives it. Raises NotProven."""
    if not isinstance(given, str) or not 0 < len(given) <= 200 or not given.isprintable() or given != given.strip():
        raise NotProven("subject")
    return given


def fetch(
    address: str, *, data: dict[str, str] | None = None, password: tuple[str, str] | None = None
) -> tuple[int, bytes]:
    """The status and the body of a GET, or of a POST of ``data``. Raises ProviderDown.

    Certificates are verified, redirects not followed; the answer is neither waited for nor read without end.
    """
    import requests  # here, since the log-in of few schools asks a provider

    from service.exchange.webhook import no_password

    faults = (
        (requests.exceptions.SSLError, "证书没有通过验证"),
        (requests.exceptions.ConnectTimeout, "连接超时"),
        (requests.exceptions.Timeout, "没有按时答复"),
        (requests.exceptions.ConnectionError, "无法连接"),
    )
    try:
        with requests.request(
            "GET" if data is None else "POST",
            address,
            data=data,
            auth=password or no_password,
            allow_redirects=False,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            stream=True,
            headers={"Accept-Encoding": "identity"},
        ) as response:
            return response.status_code, _whole(response)
    except requests.exceptions.RequestException as error:
        raise ProviderDown(next((text for kind, text in faults if isinstance(error, kind)), "答复中断")) from None


def _whole(response: requests.Response) -> bytes:
    found, until = b"", time.monotonic() + ANSWER_SECONDS
    for chunk in response.iter_content(1):  # a larger piece would wait for a slow server to fill it
        found += chunk
        if len(found) > _MOST_ANSWER:
            raise ProviderDown("答复过长")
        if time.monotonic() > until:
            raise ProviderDown("没有按时答复")
    return found
