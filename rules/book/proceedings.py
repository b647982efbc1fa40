"""The accountability procedure of the rulebook: its states, actions, and the consequences that can be unwound. Source: art-9."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rules.book.actions import ActionsFile
from rules.book.book_file import BookFile
from rules.book.contract import case_effects
from rules.book.contract.effect import effects_of
from rules.book.contract.guards import CASE_GUARDS
from rules.book.procedure import ConsequenceRule, Proceedings
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
    return Proceedings(
        MappingProxyType(data["states"]),
        found.actions(provisions),
        MappingProxyType(data["actor_guards"]),
        found.words,
        MappingProxyType(consequences),
        MappingProxyType(data.get("actors", {})),
        MappingProxyType(elements),
    )
