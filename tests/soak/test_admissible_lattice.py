"""The whole lattice of findings of one situation, against a program of the text that shares nothing with the rules."""

from __future__ import annotations

import time

import pytest

from tests.regulation_lattice import Lattice, agree

WHOLE = {
    # elements of the situation, the exemption, the mitigation and the aggravation; then role, harm, fitness
    ("art-8.1.3", "art-8.3.1.1/good-faith", "art-8.3.2.2", "art-8.3.3.1.a"): 3 ** (4 + 1 + 2 + 2) * 3 * 6 * 3,
    ("art-8.1.2", "art-8.3.1.2", "art-8.3.2.2", "art-8.3.3.3"): 3 ** (3 + 3 + 2 + 1) * 3 * 6 * 3,
}


@pytest.mark.soak
@pytest.mark.parametrize("groups", WHOLE, ids=lambda groups: groups[0])
def test_every_point_of_the_lattice_agrees_with_the_text(
    groups: tuple[str, str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    started = time.perf_counter()
    number = agree(Lattice.of_elements(*groups))
    with capsys.disabled():
        print(f"\n{'、'.join(groups)}: {number} points in {time.perf_counter() - started:.0f} s, no disagreement")
    assert number == WHOLE[groups]
