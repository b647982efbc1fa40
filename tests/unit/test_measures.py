"""The results of the measures are of the shape that other programs read."""

from __future__ import annotations

from tests.bench.measure import Measure, in_turn


def test_the_median_counts_and_the_spread_is_told() -> None:
    measure = Measure("x", "某项", [3.0, 1.0, 2.0], 2.5, "at_least")
    assert measure.row() == {
        "id": "x", "what": "某项", "ratio": 2.0, "target": 2.5, "direction": "at_least", "runs": 3, "spread": [1.0, 3.0],
    }  # fmt: skip
    assert measure.met() is False
    assert Measure("x", "某项", [3.0], 2.5, "at_least").met() is True
    assert Measure("x", "某项", [3.0], 2.5, "at_most").met() is False
    assert Measure("x", "某项", [3.0], None, "at_most").met() is None


def test_both_take_their_turn_in_every_round() -> None:
    order: list[str] = []
    ratios = in_turn(lambda: order.append("a"), lambda: order.append("b"), 4)
    assert len(ratios) == 4
    assert order == ["a", "b", "b", "a", "a", "b", "b", "a"]
