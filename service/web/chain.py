"""A recommendation as a chain: its steps in the order of reasoning, each with what it is: duty or discretion, law or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson, Step
from service.documents.writing.case_words import evidence_words
from service.documents.writing.recommendation import BASES, RecommendationInWords

STAGES: Mapping[str, str] = {
    "gate": "问责前提", "situation": "问责情形", "exempt": "不予或者免予问责", "mitigate": "从轻或者减轻", "aggravate": "从重或者加重",
    "outcome": "结论", "range": "区间", "discipline_track": "纪律处分的衔接", "procedure": "决定之前应当做到", "other": "其他",
}  # fmt: skip
"""The parts of the chain in their order."""
_RANGES = ("base", "aggravated_range", "mitigated_range")
_DUTY, _DISCRETION = "应当", "可以"


@dataclass(frozen=True, slots=True)
class Reason:
    """An element that a step rests on. evidence: in words, one a line."""

    label: str
    status: str
    state: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A step. duty: 应当, 可以, or empty; status: as stored; state: in words."""

    step: Step
    number: int
    stage: str
    duty: str
    state: str
    basis: str
    reasons: tuple[Reason, ...]


def chain(answer: AnsweredPerson, book: Rulebook) -> list[Link]:
    """The steps of one person's recommendation."""
    says = RecommendationInWords(book)
    links = []
    for number, step in enumerate(answer.steps, 1):
        stage, state, reasons = stage_of(step.step, book), _state(step, says), tuple(_reasons(step, says))
        links.append(Link(step, number, stage, _duty(step), state, BASES[step.basis], reasons))
    return links


def staged(links: list[Link]) -> list[tuple[str, list[Link]]]:
    """The links under the names of their stages; a stage without any is left out."""
    found = [(label, [link for link in links if link.stage == stage]) for stage, label in STAGES.items()]
    return [(label, some) for label, some in found if some]


def facts_of(links: list[Link]) -> list[Reason]:
    """Every element that the chain rests on, once."""
    return list({reason.label: reason for link in links for reason in link.reasons}.values())


def stage_of(step: str, book: Rulebook) -> str:
    """The stage of a step by its name; a rule that the book no longer has is of the last one."""
    if step in book.rules:
        return book.rules[step].kind
    if step in _RANGES:
        return "range"
    first = step.partition(".")[0]
    return first if first in STAGES else "other"


def _state(step: Step, says: RecommendationInWords) -> str:
    """How a step stands; where it only says 应当 or 可以, that is told as such."""
    return "" if step.status in ("required", "allowed") else says.state(step.status)


def _duty(step: Step) -> str:
    if step.status in ("required", "allowed"):
        return _DUTY if step.status == "required" else _DISCRETION
    return {"shall": _DUTY, "may": _DISCRETION}.get(step.modality, "")


def _reasons(step: Step, says: RecommendationInWords) -> Iterator[Reason]:
    for because in step.because:
        derived = says.book.vocabulary.is_derived(because.element)
        words = ("由案卷日期和记录推算",) if derived else tuple(evidence_words(because.evidence).splitlines())
        yield Reason(because.label, str(because.status), says.state(because.status), words)
