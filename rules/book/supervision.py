"""What the rulebook says of supervision: the life of a matter, inspections, annexes, what is looked for in the ledger. Source: art-3 – art-6."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from rules.book.actions import ActionsFile
from rules.book.book_file import BookFile
from rules.book.contract import matter_effects
from rules.book.contract.effect import effects_of
from rules.book.contract.guards import MATTER_GUARDS
from rules.book.rulebook import (
    Form,
    InspectionForm,
    Inspections,
    Ledger,
    Provision,
    RegularInspection,
    Reminder,
    Searches,
    Vocabulary,
)


def ledger_of(file: BookFile, provisions: Mapping[str, Provision], vocabulary: Vocabulary, *, compared: bool) -> Ledger:
    """The life of a supervised matter, every name in the file known. Raises RulebookError."""
    data = file.data
    for name in data["archive"]:
        file.known(("archive",), name, data["archive_labels"], "归档材料")
    archive = {name: data["archive_labels"][name] for name in data["archive"]}
    lists = {**vocabulary.enumerations, "archive": archive}
    found = ActionsFile(file, lists, effects_of(matter_effects), MATTER_GUARDS, compared=compared)
    reminders = {}
    for name, row in data["reminders"].items():
        file.known(("reminders", name), row["provision"], provisions, "条款")
        reminders[name] = Reminder(name, row["label"], row["provision"], row["for"])
    return Ledger(
        MappingProxyType(data["states"]),
        found.actions(provisions),
        MappingProxyType(data["actor_guards"]),
        data["leader_route_units"],
        MappingProxyType(archive),
        MappingProxyType(reminders),
        MappingProxyType(data.get("actors", {})),
    )


def inspections_of(file: BookFile, provisions: Mapping[str, Provision]) -> Inspections:
    """The inspections, every name in the file known. Raises RulebookError."""
    forms = {
        row["id"]: InspectionForm(row["id"], row["label"], row["provision"], tuple(row["needs"]))
        for row in _cited(file, "forms", provisions)
    }
    regular = tuple(RegularInspection(**row) for row in _cited(file, "regular", provisions))
    return Inspections(MappingProxyType(forms), regular)


def forms_of(file: BookFile, provisions: Mapping[str, Provision]) -> Mapping[str, Form]:
    """The annexes, every name in the file known. Raises RulebookError."""
    found = {}
    for position, row in enumerate(file.data["forms"]):
        for provision in (row["number"], row["title"], *row["fields"].values()):
            file.known(("forms", position), provision, provisions, "条款")
        found[row["id"]] = Form(row["id"], row["number"], row["title"], MappingProxyType(row["fields"]))
    return MappingProxyType(found)


def searches_of(file: BookFile, vocabulary: Vocabulary) -> Searches:
    """What is looked for in the ledger, every name in the file known. Raises RulebookError."""
    rows = file.data["favourable"]
    for position, row in enumerate(rows):
        for name in row["searches"]:
            file.known(("favourable", position), name, file.data["searches"], "检索")
    for element in file.data["adverse"]:
        if not vocabulary.has(element):
            raise file.error(("adverse", element), f"词汇表中没有要素“{element}”")
    return Searches(
        MappingProxyType(file.data["searches"]),
        MappingProxyType({row["rule"]: tuple(row["searches"]) for row in rows}),
        MappingProxyType({row["rule"]: row["reason"] for row in rows if "reason" in row}),
        MappingProxyType({element: tuple(actions) for element, actions in file.data["adverse"].items()}),
    )


def _cited(file: BookFile, key: str, provisions: Mapping[str, Provision]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = file.data[key]
    for position, row in enumerate(rows):
        file.known((key, position), row["provision"], provisions, "条款")
    return rows
