"""No guard of authorisation or log-in can be removed without a test that fails; three of them also in the daily suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.guard_mutants import MUTANTS, Mutant, asked, noticed_by

DAILY = {
    "    if self.scopes is not None and permission not in self.scopes:":
        "test_user_command.py::test_a_token_for_an_account_does_what_its_roles_allow_within_its_scopes",
    " or not hmac.compare_digest(sent.encode(), csrf.encode())": "test_log_in.py::test_a_change_comes_from_a_page_of_ours",
    '"inquiry", tuple(persons)': "test_case_hands.py::test_a_member_of_the_team_does_not_decide",
}  # fmt: skip
"""Guard → the test that is known to miss it, so that no other need run."""


def test_the_guards_of_the_daily_suite_are_among_all() -> None:
    assert {one.guard for one in MUTANTS} >= DAILY.keys()


def test_every_guard_stands_once_where_it_is_to_be_removed() -> None:
    assert [str(one) for one in MUTANTS if (ROOT / one.path).read_text(encoding="utf-8").count(one.guard) != 1] == []


@pytest.mark.parametrize("mutant", [one for one in MUTANTS if one.guard in DAILY], ids=str)
def test_a_guard_is_missed(mutant: Mutant, tmp_path: Path) -> None:
    assert noticed_by(mutant, tmp_path, [DAILY[mutant.guard]]) is not None


@pytest.mark.soak
@pytest.mark.parametrize("mutant", [one for one in MUTANTS if one.guard not in DAILY], ids=str)
def test_every_other_guard_is_missed(mutant: Mutant, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = noticed_by(mutant, tmp_path, asked(mutant))
    with capsys.disabled():
        print(f"\n{mutant} → {found}")
    assert found is not None
