"""What is evaluated goes through two doors of the interface, which ask to which case it belongs; nobody makes a token at any of them."""

from __future__ import annotations

from tests.architecture.test_rooms import TREES, imported

_EVALUATING = {
    "recommend.recommend", "evaluate_matter.evaluate_matter", "evaluate_matter.evaluated_on", "evaluate_matter.keep_evaluation",
    "store_receipt.store_receipt", "tell_latitude.latitude", "tell_latitude.told",
}  # fmt: skip
_DOORS = {"service/api/recommendations.py", "service/api/evaluations.py"}
_EDGES = [path for path in TREES if str(path).startswith(("service/api/", "service/web/", "service/exchange/"))]


def _importing(wanted: set[str]) -> set[str]:
    return {str(path) for path in _EDGES if any(one.endswith(name) for one in imported(path) for name in wanted)}


def test_nothing_of_the_service_evaluates_what_it_was_sent_but_the_two_doors() -> None:
    assert _importing({f"recommending.{name}" for name in _EVALUATING}) == _DOORS
    assert {
        path for path in _DOORS if "belongs_to" in TREES_BY_NAME[path] or "in_case" in TREES_BY_NAME[path]
    } == _DOORS


def test_no_account_makes_a_token_by_the_service() -> None:
    assert _importing({"api_tokens.create_token"}) == set()


TREES_BY_NAME = {str(path): path.read_text(encoding="utf-8") for path in _EDGES}
