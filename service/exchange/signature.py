"""How a message to OA is signed, so that OA can tell who wrote it, that nobody changed it, and that it is not an old one.

Every POST carries three headers:

``X-Wenze-Timestamp``
    When it was sent, in whole seconds since 1970-01-01 UTC.
``X-Wenze-Signature``
    ``v1=`` and the lower-case hexadecimal HMAC-SHA256, under the shared secret (UTF-8), of: the timestamp as it stands in its
    header, one full stop, the bytes of the body as they came.
``Idempotency-Key``
    The same for every try of one message, and for no other.

The receiver computes the same over the bytes it received, before it parses them, compares in constant time, refuses a timestamp
that is more than five minutes away from its own clock, and answers a key that it knows already with 2xx, doing nothing.
``verify`` does the first three; it needs the standard library alone.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

TOLERANCE_SECONDS = 300


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of ``X-Wenze-Signature``."""
    signed = timestamp.encode("ascii") + b"." + body
    return f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def verify(secret: str, timestamp: str, signature: str, body: bytes, *, now: datetime) -> bool:
    """Whether a message as received was signed with this secret, at most five minutes before or after ``now``."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode("utf-8", "replace"))
