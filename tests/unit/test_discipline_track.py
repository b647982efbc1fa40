"""The discipline track only where somebody is accountable (contract 2, section 2); old receipts keep the book that made them."""

from itertools import product
from typing import Literal

import pytest

from rules.book.loading import digest_of, load_kept, load_rulebook
from rules.book.logic import Status
from rules.reasoning.editions import KEPT, carried
from rules.reasoning.evaluation import Conclusion, Evaluator
from rules.reasoning.facts import FindingFacts, PersonFacts
from tests.altered import parts_of

EVALUATOR = Evaluator(load_rulebook())
Harm = Literal["none", "adverse", "grave", "considerable", "serious"] | None
HARMS: tuple[Harm, ...] = (None, "none", "adverse", "grave", "considerable", "serious")
OUTCOMES: dict[str, dict[str, Status]] = {
    "out_of_scope": {"gate.subject": "refuted"},
    "gate_failed": {"gate.failure": "refuted"},
    "gate_pending": {"gate.failure": "open"},
    "contradiction": {"art-8.3.2.2": "established", "art-8.3.3.2": "established"},
    "inconsistent_harm": {},
    "accountable": {},
    "human_only": {"art-8.1.3": "refuted", "art-8.1.6": "established"},
    "insufficient_facts": {"art-8.1.3": "open"},
    "no_situation": {"art-8.1.3": "refuted"},
}


def concluded(outcome: str, harm: Harm, member: bool, retaliated: bool) -> Conclusion:
    """The conclusion that an outcome's own statuses lead to, with everything else established or refuted as needed."""
    raised: dict[str, Status] = {"art-8.1.3": "established", "art-8.3.3.3": "established" if retaliated else "refuted"}
    gates: dict[str, Status] = {rule: "established" for rule in EVALUATOR.book.rules if rule.startswith("gate.")}
    raised |= gates | OUTCOMES[outcome]
    if outcome == "inconsistent_harm":
        raised["art-8.1.1"] = "established"
    groups: dict[str, dict[str, FindingFacts]] = {group: {} for group in EVALUATOR.book.vocabulary.groups}
    person = PersonFacts("P1", "school_committee", member, role="principal", harm=harm, findings=groups)
    statuses: dict[tuple[str, str], Status] = {key: raised.get(key[0], "refuted") for key in EVALUATOR.elements}
    readings = {reading.id: reading.default for reading in EVALUATOR.book.readings.values()}
    return EVALUATOR.conclude(person, statuses, readings)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_track_follows_only_from_accountability(outcome: str) -> None:
    seen = set()
    for harm, member, retaliated in product(HARMS, (True, False), (True, False)):
        found = concluded(outcome, harm, member, retaliated)
        seen.add(found.outcome)
        expected = "not_triggered"
        if found.outcome == "accountable" and (harm == "serious" or retaliated):
            expected = "referral_required" if member else "not_applicable_non_member"
        assert found.track.id == expected, (found.outcome, harm, member, retaliated)
    assert outcome in seen


def test_the_book_of_the_first_release_is_carried_unchanged() -> None:
    (folder,) = KEPT.iterdir()
    old = load_rulebook(folder)
    (files,) = carried()
    assert (files, digest_of(files)) == (old.sources, old.sha256)
    assert old.sha256 != load_rulebook().sha256
    assert parts_of(load_kept(files)) == parts_of(old)
