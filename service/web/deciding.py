"""The committee's form: the fields of each person's decision, the entry that they make, and where what is refused belongs.

The questions of discretion stand in a fixed order, those of the recommendation first; what is left empty is not part of the
entry. Nothing is chosen in advance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from models.case.discretion import departs_unreasoned, unreasoned, without_measure
from models.matter.act import ActRefused
from models.records.reading import read
from models.schemas.entries import case_entries
from models.schemas.errors import CaseFileError, FieldError
from models.schemas.fields import Block, Items, StrictField
from rules.answering import Slot
from rules.book.contract.case_effects import Outcome
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson
from service.request_context import context
from service.usecases.cases.act_on_case import ChoicesRefused
from service.usecases.refusals import explained
from service.web.fields import Filled, Shown, shown

ACTION = "decide"
_ROWS = "decisions"
_SLOT = re.compile(r"(details\.decision(?:s\[\d+\])?)\.slots\[(\d+)\]")
_AT: Mapping[str, str] = {
    "meeting_recorded": "details.meeting", "deciders_not_involved": "details.meeting.attendance",
    "reviewers_not_involved": "details.meeting.attendance", "same_body_reasoned": "details.same_body_reason",
}  # fmt: skip
"""Guard → the field of the meeting that it is about."""
Evaluations = Mapping[str, AnsweredPerson | None]


@dataclass(frozen=True, slots=True)
class DiscretionQuestion:
    """A question of discretion with its fields. raised: whether the recommendation asks it."""

    slot: Slot
    path: str
    raised: bool
    choice: Shown
    reason: Shown


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """path: of the decision; fields: by name, without person and questions."""

    path: str
    fields: Mapping[str, Shown]
    questions: tuple[DiscretionQuestion, ...]


def meeting_form(book: Rulebook) -> Block:
    """The entry without the decisions, which stand on the sheets of the persons."""
    entries = case_entries(book)
    meeting = {name: one for name, one in entries.fields[ACTION].items() if name != _ROWS}
    details = Block("会议记录", dict, meeting, required=True)
    return Block("办理", dict, {**entries.blocks[ACTION].fields, "details": details})


def questions_of(evaluation: AnsweredPerson | None, book: Rulebook) -> list[tuple[Slot, bool]]:
    """Every question of the book, those that the recommendation asks first; with whether it does."""
    raised = evaluation.discretion if evaluation else ()
    others = (slot for slot in book.slots() if slot.slot not in {one.slot for one in raised})
    return [*((slot, True) for slot in raised), *((slot, False) for slot in others)]


def decision_form(at: int, evaluation: AnsweredPerson | None, book: Rulebook, filled: Filled) -> DecisionForm:
    """The fields of one person's decision."""
    path = f"details.{_ROWS}[{at}]"
    item = _item(case_entries(book).fields[ACTION][_ROWS])
    fields = {
        name: shown(f"{path}.{name}", one, filled) for name, one in item.items() if name not in ("person", "slots")
    }
    questions = [
        _question(f"{path}.slots[{number}]", slot, raised, _item(item["slots"]), filled)
        for number, (slot, raised) in enumerate(questions_of(evaluation, book))
    ]
    return DecisionForm(path, fields, tuple(questions))


def _item(field: StrictField) -> Mapping[str, StrictField]:
    """The fields of one of several."""
    assert isinstance(field, Items)
    assert isinstance(field.item, Block)
    return field.item.fields


def _question(
    path: str, slot: Slot, raised: bool, fields: Mapping[str, StrictField], filled: Filled
) -> DiscretionQuestion:
    given = replace(filled, options={"choice": tuple((one, one) for one in slot.options)} if slot.options else {})
    choice, reason = (
        replace(shown(f"{path}.{name}", fields[name], given), required=False) for name in ("choice", "reason")
    )
    return DiscretionQuestion(slot, path, raised, choice, reason)


def _made(details: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The decisions of an entry, each with its path: one for each person, or that of a review or correction."""
    yield from ((f"details.{_ROWS}[{at}]", row) for at, row in enumerate(details.get(_ROWS) or ()))
    if details.get("decision"):
        yield "details.decision", details["decision"]


def load_decisions(book: Rulebook, action: str, data: dict[str, Any]) -> dict[str, Any]:
    """The entry of the form. A question without choice and reason is left out. Raises CaseFileError with the form's own paths."""
    kept: dict[str, list[int]] = {}
    details = data.get("details", {})
    for path, row in _made(details):
        slots = row.pop("slots", None) or []
        kept[path] = [place for place, slot in enumerate(slots) if set(slot) - {"id"}]
        if kept[path]:
            row["slots"] = [slots[place] for place in kept[path]]
    if not details.get("decision", True):
        del details["decision"]

    def back(path: str) -> str:
        return _SLOT.sub(lambda found: f"{found[1]}.slots[{kept[found[1]][int(found[2])]}]", path)

    try:
        return case_entries(book).load(action, data)
    except CaseFileError as error:
        raise CaseFileError([replace(one, path=back(one.path)) for one in error.errors]) from None


def located(refused: ActRefused, details: Mapping[str, Any], evaluations: Evaluations, book: Rulebook) -> CaseFileError:
    """What the guards refuse, at the fields that it is about; what is about none of them, at the whole form."""
    found: list[FieldError] = []
    for guard in refused.guards:
        said = explained(ActRefused((guard,)), context().books)
        paths = list(_paths(guard, details, evaluations, book)) or [_AT.get(guard, "")]
        found += (FieldError(path, said) for path in paths)
    if isinstance(refused, ChoicesRefused):
        found += on_form(CaseFileError(list(refused.faults)), details, evaluations, book).errors
    return CaseFileError(found)


def _paths(guard: str, details: Mapping[str, Any], evaluations: Evaluations, book: Rulebook) -> Iterator[str]:
    ladder = list(book.ladder)
    for path, row in _made(details):
        decision = read(Outcome, row, as_far_as=True)
        evaluation = evaluations.get(row.get("person") or details["person"])
        if guard == "departure_reasoned" and departs_unreasoned(decision, evaluation, ladder):
            yield f"{path}.departure"
        if guard == "discretion_reasoned":
            yield from (f"{path}.{name}" for name in _lacking(decision, evaluation, book))
        if guard == "organisational_conditions" and ladder[-1] in decision.measures:
            yield f"{path}.measures"
        if guard == "discipline_by_referral" and decision.referral:
            yield f"{path}.referral_note"


def _lacking(decision: Outcome, evaluation: AnsweredPerson | None, book: Rulebook) -> Iterator[str]:
    """What a decision does not answer."""
    if without_measure(decision):
        yield "measures"
    missing = unreasoned(decision, evaluation, book)
    for number, (slot, _) in enumerate(questions_of(evaluation, book)):
        if slot.slot in missing:
            yield f"slots[{number}].reason"


def on_form(
    error: CaseFileError, details: Mapping[str, Any], evaluations: Evaluations, book: Rulebook
) -> CaseFileError:
    """The faults of an entry's questions at the places where the form asks them."""

    made = dict(_made(details))

    def place(found: re.Match[str]) -> str:
        decision = made[found[1]]
        asked = [slot.slot for slot, _ in questions_of(evaluations.get(decision.get("person", "")), book)]
        return f"{found[1]}.slots[{asked.index(decision['slots'][int(found[2])]['id'])}]"

    return CaseFileError(
        [replace(one, path=re.sub(r"\.id$", ".choice", _SLOT.sub(place, one.path))) for one in error.errors]
    )
