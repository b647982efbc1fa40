"""OA behind a web address: one signed POST a message. The signature: ``service.exchange.signature``."""

from __future__ import annotations

import base64
from datetime import datetime

import orjson
import requests

from models.schemas.errors import shown
from service.config import WebhookSettings
from service.exchange.oa import Message, Undelivered
from service.exchange.signature import sign

_CONNECT_SECONDS, _ANSWER_SECONDS = 5.0, 30.0
_LATER = frozenset({408, 409, 425, 429})
"""Refusals that ask to come again: too slow, the same key in hand just now, too early, too often."""
_READ = 65_536
_MOST_ID = 200
_FAULTS = (
    (requests.exceptions.SSLError, "OA 的证书没有通过验证"),
    (requests.exceptions.ConnectTimeout, "连接 OA 超时"),
    (requests.exceptions.Timeout, "OA 没有按时答复"),
    (requests.exceptions.ConnectionError, "无法连接 OA"),
)


class Webhook:
    """Certificates are verified, redirects not followed. answer_seconds: how long OA may be silent."""

    def __init__(self, settings: WebhookSettings, *, answer_seconds: float = _ANSWER_SECONDS) -> None:
        self.settings = settings
        self.timeout = (_CONNECT_SECONDS, answer_seconds)

    def deliver(self, message: Message, *, now: datetime) -> str | None:
        """OA's message id where its answer names one. Any 2xx means that OA has the message. Raises Undelivered."""
        body = orjson.dumps(message.about() | {"docx_base64": base64.b64encode(message.docx).decode("ascii")})
        timestamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.key,
            "X-Wenze-Timestamp": timestamp,
            "X-Wenze-Signature": sign(self.settings.secret, timestamp, body),
        }
        try:
            with requests.post(
                self.settings.url,
                data=body,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
                auth=no_password,
            ) as response:
                return _outcome(response)
        except requests.exceptions.RequestException as error:
            said = next((text for kind, text in _FAULTS if isinstance(error, kind)), "向 OA 发送没有完成")
            raise Undelivered(said) from None


def no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no password that a file of the system's user holds for this host: the signature is the credential."""
    return request


def _outcome(response: requests.Response) -> str | None:
    status = response.status_code
    if 200 <= status < 300:
        return _message_id(_beginning(response))
    if 300 <= status < 400:
        raise Undelivered(f"OA 要求转到别处（HTTP {status}），没有跟随；请核对 WENZE_OA_URL")
    said = _beginning(response).decode("utf-8", "replace").strip()
    reason = f"OA 没有接收（HTTP {status}）" + (f"：{shown(said)}" if said else "")
    raise Undelivered(reason, final=400 <= status < 500 and status not in _LATER)


def _beginning(response: requests.Response) -> bytes:
    """The first bytes of the answer; the status has said already whether OA took the message."""
    found = b""
    try:
        for chunk in response.iter_content(4096):
            found += chunk
            if len(found) >= _READ:
                break
    except requests.exceptions.RequestException:
        return b""
    return found


def _message_id(raw: bytes) -> str | None:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    given = found.get("message_id") if isinstance(found, dict) else None
    usable = isinstance(given, str) and 0 < len(given) <= _MOST_ID and given.isprintable()
    return str(given) if usable else None
