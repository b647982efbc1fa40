"""The accountability procedure of the rulebook: its states, actions, and the consequences that can be unwound. Source: art-9."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import convert

from rules.book.actions import Action, ActionsFile
from rules.book.book_file import BookFile
from rules.book.contract import case_effects
from rules.book.contract.effect import effects_of
from rules.book.contract.guards import CASE_GUARDS
from rules.book.procedure import Awaits, ConsequenceRule, Proceedings
from rules.book.rulebook import Provision, Vocabulary

_WORDS = (
    "recusal_grounds",
    "report_groups",
    "point_kinds",
    "signatures",
    "outcomes",
    "reviews",
    "departments",
    "executions",
)
"""The lists that a book of the first release has at the top of the file."""


def proceedings_of(
    file: BookFile,
    provisions: Mapping[str, Provision],
    vocabulary: Vocabulary,
    situations: Mapping[str, str],
    *,
    compared: bool,
) -> Proceedings:
    """The file's data, every name in it known. Raises RulebookError."""
    data = file.data
    consequences = {}
    for position, row in enumerate(data["consequences"]):
        place = ("consequences", position)
        file.known(place, row["provision"], provisions, "条款")
        file.known(place, row["of"], {action["id"] for action in data["actions"]}, "办理")
        consequences[row["id"]] = ConsequenceRule(**row)
    statuses = vocabulary.enumerations["status"]
    elements = {f"{group.id}.{name}": statuses for group in vocabulary.groups.values() for name in group.elements}
    lists = {
        **vocabulary.enumerations,
        **{name: data[name] for name in _WORDS if name in data},
        "situations": situations,
        "consequences": {rule.id: rule.label for rule in consequences.values()},
        "elements": dict.fromkeys((*elements, *data.get("judged", ())), ""),
    }
    found = ActionsFile(file, lists, effects_of(case_effects), CASE_GUARDS, compared=compared)
    if found.compared and set(data.get("judged", ())) != case_effects.JUDGEMENTS:
        raise file.error(("judged",), f"应当恰为：{'、'.join(sorted(case_effects.JUDGEMENTS))}")
    for element, name in data.get("judged", {}).items():
        file.known(("judged", element), name, found.words, "选项")
        elements[element] = found.words[name]
    actions = found.actions(provisions)
    return Proceedings(
        MappingProxyType(data["states"]),
        actions,
        MappingProxyType(data["actor_guards"]),
        found.words,
        MappingProxyType(consequences),
        MappingProxyType(data.get("actors", {})),
        MappingProxyType(elements),
        _awaits(file, actions),
    )


def _awaits(file: BookFile, actions: Mapping[str, Action]) -> Awaits:
    """What a case waits for, every name in it known."""
    found = convert(file.data.get("awaits", {}), Awaits)
    for state, names in found.onward.items():
        file.known(("awaits", "onward", state), state, file.data["states"], "状态")
        for name in names:
            file.known(("awaits", "onward", state), name, actions, "办理")
    for guard, names in found.met_by.items():
        file.known(("awaits", "met_by", guard), guard, CASE_GUARDS, "限制")
        for name in names:
            file.known(("awaits", "met_by", guard), name, actions, "办理")
    for duty, one in found.done_by.items():
        place = ("awaits", "done_by", duty)
        file.known(place, one.action, actions, "办理")
        for name in one.says:
            file.known(place, name, {field.id for field in actions[one.action].fields}, "栏目")
    return found
