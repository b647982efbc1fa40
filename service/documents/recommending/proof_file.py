"""A proof package as a file: salted leaves under one root, so that a leaf can be removed and the rest still be checked.

``service/proof_check.py`` reads it and shares no code with this; the form is described in docs/proof.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

FORMAT = "wenze-proof/1"
Package = dict[str, Any]


def packed(parts: Mapping[str, Any], seed: bytes) -> Package:
    """The package of these parts, path → value. seed: 32 random bytes, from which the salts are made and which nobody keeps."""
    leaves = [{"path": path, "salt": _salt(seed, path), "value": parts[path]} for path in sorted(parts)]
    return {"format": FORMAT, "root": _root(leaves), "leaves": leaves}


def without(package: Package, paths: Iterable[str]) -> Package:
    """The package with the values of these parts removed; its root stays."""
    gone = frozenset(paths)
    leaves = [
        {"path": leaf["path"], "removed": _inner(leaf).hex()} if leaf["path"] in gone and "value" in leaf else leaf
        for leaf in package["leaves"]
    ]
    return {**package, "leaves": leaves}


def written(package: Package) -> bytes:
    """The one form in which a package may be written."""
    return _bytes(package) + b"\n"


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _salt(seed: bytes, path: str) -> str:
    return hmac.new(seed, path.encode(), "sha256").hexdigest()[:32]


def _sha256(mark: int, *parts: bytes) -> bytes:
    return hashlib.sha256(bytes([mark]) + b"".join(parts)).digest()


def _inner(leaf: Mapping[str, Any]) -> bytes:
    if "removed" in leaf:
        return bytes.fromhex(leaf["removed"])
    return _sha256(2, bytes.fromhex(leaf["salt"]), _bytes(leaf["value"]))


def _root(leaves: list[dict[str, Any]]) -> str:
    row = [_sha256(0, _bytes(leaf["path"]), _inner(leaf)) for leaf in leaves]
    while len(row) > 1:
        joined = [_sha256(1, left, right) for left, right in zip(row[::2], row[1::2], strict=False)]
        row = [*joined, row[-1]] if len(row) % 2 else joined
    return _sha256(3, len(leaves).to_bytes(8, "big"), row[0]).hex()
