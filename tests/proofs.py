"""Proof packages of case files, made without a database."""

from __future__ import annotations

from typing import Any

import msgspec

from models.schemas.case_file import load_case
from rules.answering import written
from rules.book.loading import load_rulebook
from service.books import books
from service.documents.recommending.proof_file import Package, packed, without
from service.usecases.cases.redact_proof import private
from service.usecases.recommending.proof_parts import kept_beside, whole
from service.usecases.recommending.recommend import recommend
from service.usecases.recommending.tell_latitude import latitude

SEED = bytes(range(32))


def parts_of(data: dict[str, Any]) -> dict[str, Any]:
    body = written(msgspec.structs.replace(recommend(data, "测试", books()), id="00000000-0000-0000-0000-000000000000"))
    book = load_rulebook()
    return whole(kept_beside(load_case(data, load_rulebook()), latitude(data, books()), book), body, book.sources)


def package_of(data: dict[str, Any]) -> Package:
    return packed(parts_of(data), SEED)


def copy_for(data: dict[str, Any], number: int) -> Package:
    """The redacted copy for one person."""
    parts = parts_of(data)
    return without(packed(parts, SEED), private(parts, number))
