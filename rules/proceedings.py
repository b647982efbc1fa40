"""The accountability procedure of the rulebook: its states, actions, and the consequences that can be unwound. Source: art-9."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType

from rules.book_file import BookFile
from rules.procedure import CaseAction, ConsequenceRule, Proceedings
from rules.rulebook import Provision

WORDS = (
    "recusal_grounds",
    "report_groups",
    "point_kinds",
    "signatures",
    "outcomes",
    "reviews",
    "departments",
    "executions",
)


def proceedings_of(file: BookFile, provisions: Mapping[str, Provision]) -> Proceedings:
    """The file's data, every name in it known. Raises RulebookError."""
    data = file.data
    actions = {}
    for position, row in enumerate(data["actions"]):
        place = ("actions", position)
        file.known(place, row["provision"], provisions, "条款")
        for state in [*row["from"], *([row["to"]] if row["to"] else [])]:
            file.known(place, state, data["states"], "状态")
        for actor in row["actors"]:
            file.known(place, actor, data["actor_guards"], "办理人身份")
        filled_by = {name: tuple(who) for name, who in row.get("filled_by", {}).items()}
        for actor in chain.from_iterable(filled_by.values()):
            file.known(place, actor, row["actors"], "办理人身份")
        actions[row["id"]] = CaseAction(
            row["id"],
            row["label"],
            row["provision"],
            tuple(row["actors"]),
            tuple(row["from"]),
            row["to"],
            row["person"],
            tuple(row["guards"]),
            MappingProxyType(filled_by),
        )
    consequences = {}
    for position, row in enumerate(data["consequences"]):
        place = ("consequences", position)
        file.known(place, row["provision"], provisions, "条款")
        file.known(place, row["of"], actions, "办理")
        consequences[row["id"]] = ConsequenceRule(**row)
    words = {name: MappingProxyType(data[name]) for name in WORDS}
    return Proceedings(
        MappingProxyType(data["states"]),
        MappingProxyType(actions),
        MappingProxyType(data["actor_guards"]),
        MappingProxyType(words),
        MappingProxyType(consequences),
    )
