"""The accountability procedure of the rulebook: its states, actions, and the consequences that can be unwound. Source: art-9."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import convert

from rules.book.actions import Action, ActionsFile
from rules.book.book_file import BookFile
from rules.book.contract import case_effects
from rules.book.contract.effect import Effect, effects_of
from rules.book.contract.fields import Word
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
    guards = {name for name, kind in CASE_GUARDS.items() if kind in (Effect, case_effects.AboutPerson)}
    for key, named, known, what in (
        ("onward", found.onward, file.data["states"], "状态"),
        ("met_by", found.met_by, guards, "不取决于所填内容的限制"),
    ):
        for name, carried in named.items():
            file.known(("awaits", key, name), name, known, what)
            for action in carried:
                file.known(("awaits", key, name), action, actions, "办理")
    if found.on_proposal is not None:
        file.known(("awaits", "on_proposal"), found.on_proposal, actions, "办理")
        if not issubclass(actions[found.on_proposal].effect, case_effects.RecusalDecided):
            raise file.error(("awaits", "on_proposal"), f"{found.on_proposal}：作用应为 RecusalDecided")
    for duty, one in found.done_by.items():
        place = ("awaits", "done_by", duty)
        file.known(place, one.action, actions, "办理")
        words = {field.id: field.kind.words for field in actions[one.action].fields if isinstance(field.kind, Word)}
        for name, value in one.says.items():
            file.known(place, name, words, "有选项的栏目")
            file.known(place, value, words[name], "选项")
    return found
