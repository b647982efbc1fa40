"""What a user sees of the demonstration year stays as it is, unless a change says why it does not."""

from __future__ import annotations

import json

from tests.conftest import ROOT
from tests.frozen import digests, surfaces

FROZEN = ROOT / "tests/data/frozen.json"


def test_answers_pages_documents_and_the_statements_for_them_are_those_that_were_frozen() -> None:
    """``python -m tests.frozen folder`` writes the texts: of two commits, they are compared folder with folder."""
    was, now = json.loads(FROZEN.read_text(encoding="utf-8")), digests(dict(surfaces()))
    assert {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)} == set()
