"""Rulebooks other than the shipped one, and receipts as an earlier release stored them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
import orjson
import pytest
from sqlalchemy import Engine, MetaData, Table

from models.schemas.case_file import load_case
from models.schemas.reading import read_yaml
from models.store.database import writing
from rules.answering import written
from rules.book import loading
from rules.book.loading import BOOK, load_kept, load_rulebook
from rules.book.overlay import load_changed
from rules.book.rulebook import Rulebook
from rules.reasoning.editions import carried
from rules.reasoning.recommendation import Recommender
from service import books as book_in_use
from service.usecases.recommending import kept_books

NOW = datetime(2026, 10, 1, tzinfo=UTC)
WORD = "（改后的说法）"


@cache
def first_release() -> Rulebook:
    """The book of 0.1.0."""
    (files,) = carried()
    return load_kept(files)


@cache
def amended() -> Rulebook:
    """A book as an operator may have amended it: other ranges of the policy, and another word for every outcome."""
    files = {
        name: deepcopy(read_yaml(load_rulebook().sources[name].encode())) for name in ("policy/default", "vocabulary")
    }
    for row in files["policy/default"]["rows"]:
        row |= {"lo": "notice_of_criticism", "hi": "notice_of_criticism"}
    words = files["vocabulary"]["enumerations"]["outcome"]
    words |= {name: word + WORD for name, word in words.items()}
    return load_changed(BOOK, files)


@contextmanager
def in_use(book: Rulebook) -> Iterator[None]:
    """This book in the place of the shipped one, in a process that has read no other."""
    shipped = loading._load
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            loading, "_load", lambda folder, edition: book if folder == BOOK.resolve() else shipped(folder, edition)
        )
        patch.setattr(kept_books, "_READ", {})
        book_in_use.books.cache_clear()
        yield
    book_in_use.books.cache_clear()


def stored(engine: Engine, receipt_id: str, book: Rulebook, data: Any) -> bytes:
    """A receipt as 0.1.0 stored it, with nothing kept beside it: what was answered."""
    answer = Recommender(book).recommend(load_case(data, load_rulebook()), "测试")
    body = written(msgspec.structs.replace(answer, id=receipt_id))
    put(engine, "receipts", id=receipt_id, created_at=NOW, actor="测试", rulebook_id=book.id, rulebook_sha256=book.sha256,
        engine="durable_rules 2.0.28", facts=orjson.dumps(data), recommendation=body, sha256=hashlib.sha256(body).hexdigest())  # fmt: skip
    return body


def put(engine: Engine, table: str, /, **values: Any) -> None:
    """A row, whatever the schema is."""
    with writing(engine) as session:
        place = Table(table, MetaData(), autoload_with=session.connection())
        session.execute(place.insert().values(values))
