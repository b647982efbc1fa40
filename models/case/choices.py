"""Whether the committee's choices are among the options and agree with what it decides. Source: art-8.2, art-8.3; readings A-30, A-45."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.book.contract.case_effects import Outcome
from rules.book.latitude import RangeEffect
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson

_PARTED = re.compile("[、，,；;和及并与]")
NOT_APPLICABLE = "不适用"
"""The option by which a question is answered without taking what it is about."""
Objection = tuple[str, str, str]
"""The field within the decision, what forbids its value, the provision of the question."""


def objections(
    decision: Outcome, evaluation: AnsweredPerson | None, book: Rulebook, *, review: bool = False
) -> Iterator[Objection]:
    """Everything about the choices of one decision that cannot stand, each at its field.

    review: of a decision that was made; what speaks for the person may have come up since, and is the reason's to tell.
    """
    rows = {choice.id: (choice.provision, row) for choice, row in book.discretion}
    yield from _measures_without_holding(decision, book)
    yield from _twice(decision, rows)
    for at, slot in enumerate(decision.slots):
        provision, row = rows[slot.id]
        options, choice = row["options"], slot.choice
        if options and choice not in options:
            yield f"slots[{at}].choice", f"“{row['question']}”的选择须为：{'、'.join(options)}", provision
            continue
        for why in _disagreeing(slot.id, choice, row, decision, evaluation, book):
            yield f"slots[{at}].choice", f"“{row['question']}”选择“{choice}”，{why}", provision
        if not _supported(slot.id, choice, evaluation, book, review=review):
            why = "而审议所依据的处理建议中没有已查明的相应情形"
            yield f"slots[{at}].choice", f"“{row['question']}”选择“{choice}”，{why}", provision


def _supported(slot: str, choice: str, evaluation: AnsweredPerson | None, book: Rulebook, *, review: bool) -> bool:
    """Whether something was found that a choice for or against the person rests on."""
    effect = _effect(slot, choice, book)
    return (
        effect is None or (evaluation is not None and evaluation.holds(slot)) or (review and effect.side == "mitigate")
    )


def _effect(slot: str, choice: str, book: Rulebook) -> RangeEffect | None:
    return next((one for one in book.latitude.effects if one.slot == slot and one.label == choice), None)


def _measures_without_holding(decision: Outcome, book: Rulebook) -> Iterator[Objection]:
    outcome = decision.outcome
    if outcome != "held" and decision.measures:
        said = book.proceedings.words["outcomes"][outcome]
        yield "measures", f"结果为“{said}”的，不得同时采取问责方式", book.latitude.combined.provision
    taken = set(decision.measures)
    for choice, row in book.discretion:
        kind = decision.organisational_kind
        if choice.id == "organisational_kind" and kind and row["measure"] not in taken:
            yield "organisational_kind", f"没有采取{_label(row['measure'], book)}的，不写措施的种类", choice.provision


def _twice(decision: Outcome, rows: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Iterator[Objection]:
    """A question answered more than once: which answer stands could not be told."""
    seen: set[str] = set()
    for at, slot in enumerate(decision.slots):
        provision, row = rows[slot.id]
        if slot.id in seen:
            yield f"slots[{at}].id", f"“{row['question']}”只能选择一次", provision
        seen.add(slot.id)


def _disagreeing(
    slot: str,
    choice: str,
    row: Mapping[str, Any],
    decision: Outcome,
    evaluation: AnsweredPerson | None,
    book: Rulebook,
) -> Iterator[str]:
    """Why a choice contradicts the rest of the decision."""
    measures = list(dict.fromkeys(decision.measures))
    words, agrees = book.proceedings.words["outcomes"], row.get("agrees", {}).get(choice, {})
    if decision.outcome not in agrees.get("outcomes", [decision.outcome]):
        allowed = "、".join(words[outcome] for outcome in agrees["outcomes"])
        yield f"而结果为“{words[decision.outcome]}”；结果须为：{allowed}"
    if decision.outcome != "held":
        if "outcomes" not in agrees and choice != NOT_APPLICABLE:
            yield f"而结果为“{words[decision.outcome]}”；不予以问责的，不作这项选择"
        return
    low, high = agrees.get("measures", (0, len(measures)))
    if not low <= len(measures) <= high:
        yield f"而所采取的问责方式有{len(measures)}项"
    if row.get("measure") and row["measure"] not in measures:
        yield f"而没有采取{_label(row['measure'], book)}"
    if slot == "organisational_kind":
        yield from _other_kind(choice, decision.organisational_kind or "", row["options"])
    if slot == "measure":
        yield from _named(choice, measures, book)
    favoured = any(one.id == "mitigation" and one.choice != NOT_APPLICABLE for one in decision.slots)
    yield from _degree(slot, choice, measures, evaluation, book, free=favoured and slot != "mitigation")


def _other_kind(choice: str, kind: str, options: Sequence[str]) -> Iterator[str]:
    """The kind that is written is the one that is chosen; the last option, any other, is written out."""
    if choice != options[-1] and kind not in ("", choice):
        yield f"而措施的种类写为“{kind}”"
    if choice == options[-1] and (not kind or kind in options):
        yield "须在措施的种类中写明是什么措施，不能是已列出的"


def _named(choice: str, measures: Sequence[str], book: Rulebook) -> Iterator[str]:
    """The measures that are named are those that are taken."""
    ladder = {measure: _label(measure, book) for measure in book.ladder}
    if {part.strip() for part in _PARTED.split(choice)} != {ladder[one] for one in measures if one in ladder}:
        yield f"而所采取的问责方式为：{'、'.join(ladder[one] for one in measures if one in ladder) or '无'}；请写明所采取的各项名称"


def _degree(
    slot: str, choice: str, measures: Sequence[str], evaluation: AnsweredPerson | None, book: Rulebook, *, free: bool
) -> Iterator[str]:
    """Whether the gravest measure stands to the base range as the choice says.

    free: another choice may lead out of the range on the other side.
    """
    effect, ladder = _effect(slot, choice, book), list(book.ladder)
    base = evaluation.base if evaluation else None
    ranks = [ladder.index(one) for one in measures if one in ladder]
    if effect is None or base is None or not ranks:
        return
    above, below = max(ranks) > ladder.index(base[1]), max(ranks) < ladder.index(base[0])
    sides = (("高于", above), ("低于", below))
    (ahead, beyond), (behind, short) = sides if effect.side == "aggravate" else sides[::-1]
    where = f"基本区间（{_label(base[0], book)}至{_label(base[1], book)}）（参照，解释{effect.readings[0]}）"
    if short and not free:
        yield f"最重的问责方式不得{behind}{where}"
    if effect.within == beyond:
        yield f"最重的问责方式{'不得' if effect.within else '须'}{ahead}{where}"


def _label(measure: str, book: Rulebook) -> str:
    return str(book.vocabulary.enumerations["measure"][measure])
