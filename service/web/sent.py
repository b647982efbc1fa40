"""The form that was sent, so that it is carried out once: its key, and the hash of who sent it and what."""

from __future__ import annotations

import hashlib

import orjson
from flask import g, request

from service.usecases.send_once import Sent
from service.web.pages import form_key

_NOT_FILLED_IN = ("csrf", "key")


def sent_form(*files: bytes) -> Sent:
    """files: the contents of those that came with it."""
    filled = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_FILLED_IN]
    hashes = [hashlib.sha256(raw).hexdigest() for raw in files]
    told = orjson.dumps([g.principal.id, request.path, sorted(filled), hashes])
    return Sent(form_key(), hashlib.sha256(told).hexdigest())
