"""Two people act on a case at the same moment; on both databases. Two hundred times behind ``make soak``."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.integration.case_office import proposed
from tests.interleaved import PAIRS


@pytest.mark.parametrize("times", [3, pytest.param(200, marks=pytest.mark.soak)])
@pytest.mark.parametrize("pair", PAIRS)
def test_of_two_at_once_neither_violates_the_procedure(office: FlaskClient, pair: str, times: int) -> None:
    for at in range(times):
        PAIRS[pair](office, proposed(office, f"case-{at}").json)
