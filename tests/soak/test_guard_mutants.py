"""No guard of authorisation or log-in can be removed without a test that fails; three of them also in the daily suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guard_mutants import MUTANTS, Mutant, noticed_by

DAILY = (
    "    if self.scopes is not None and permission not in self.scopes:",
    " or not hmac.compare_digest(sent.encode(), csrf.encode())",
    "        if known not in (None, hand):",
)


@pytest.mark.parametrize("mutant", [one for one in MUTANTS if one.guard in DAILY], ids=str)
def test_a_guard_is_missed(mutant: Mutant, tmp_path: Path) -> None:
    assert noticed_by(mutant, tmp_path) is not None


@pytest.mark.soak
@pytest.mark.parametrize("mutant", [one for one in MUTANTS if one.guard not in DAILY], ids=str)
def test_every_other_guard_is_missed(mutant: Mutant, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = noticed_by(mutant, tmp_path)
    with capsys.disabled():
        print(f"\n{mutant} → {found}")
    assert found is not None
