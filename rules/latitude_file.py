"""Read the latitude of the rulebook: every name in it known, every outcome and every fact that can be open covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from rules.book_file import BookFile
from rules.latitude import Effect, Ground, Kind, Latitude, Permit
from rules.rulebook import Provision, Reading, Vocabulary

_MATTER = ("registered", "assignment_record", "due_on", "review", "redo_review", "acts")
_VALUES = ("true", "false", "counted", "not_counted")
_GROUNDS = (
    "no_exemption", "exemption_pending", "should_be_held", "must_be_heavier", "no_aggravation", "no_mitigation", "capped",
    "reserved", "ordered", "other_degree", "below_heaviest", "no_netting", "more_than_a_rung", "outside_table",
    "harm_not_found",
)  # fmt: skip


def latitude_of(
    file: BookFile,
    provisions: Mapping[str, Provision],
    readings: Mapping[str, Reading],
    vocabulary: Vocabulary,
    slots: Iterable[str],
) -> Latitude:
    """The file's latitude. slots: the questions of discretion. Raises RulebookError."""
    data, known_slots = file.data, set(slots)
    for key in ("kinds", "effects", "grounds", "combined"):
        rows = data[key] if isinstance(data[key], list) else [data[key]] if key == "combined" else data[key].values()
        for row in rows:
            _references(file, key, row, provisions, readings, known_slots)
    _complete(file, ("states",), data["states"], vocabulary.enumerations["outcome"], "结论")
    _complete(file, ("grounds",), data["grounds"], _GROUNDS, "理由")
    _complete(file, ("work", "facts"), data["work"]["facts"], _facts(vocabulary), "认定")
    _complete(file, ("work", "matter"), data["work"]["matter"], _MATTER, "事项的字段")
    _complete(file, ("work", "values"), data["work"]["values"], _VALUES, "取值")
    for fact, kind in data["work"]["facts"].items():
        file.known(("work", "facts", fact), kind, data["work"]["labels"], "工作种类")
    sides = {(row["side"], row["within"]) for row in data["effects"]}
    if len(sides) != len(data["effects"]):
        raise file.error(("effects",), "从轻、减轻、从重、加重应当各有一项")
    return Latitude(
        kinds=tuple(Kind(**_plain(row)) for row in data["kinds"]),
        combined=Permit("combined", **_plain(data["combined"])),
        effects=tuple(Effect(**_plain(row)) for row in data["effects"]),
        states=MappingProxyType(data["states"]),
        state_labels=MappingProxyType(data["state_labels"]),
        grounds=MappingProxyType({name: Ground(name, **_plain(row)) for name, row in data["grounds"].items()}),
        work=MappingProxyType(data["work"]["labels"]),
        needs=MappingProxyType(data["work"]["facts"]),
        matter=MappingProxyType(data["work"]["matter"]),
        values=MappingProxyType(data["work"]["values"]),
    )


def _references(
    file: BookFile,
    key: str,
    row: Mapping[str, Any],
    provisions: Mapping[str, Provision],
    readings: Mapping[str, Reading],
    slots: set[str],
) -> None:
    file.known((key,), row["provision"], provisions, "条款")
    for reading in row.get("readings", ()):
        file.known((key,), reading, readings, "解释")
    if "slot" in row:
        file.known((key,), row["slot"], slots, "留给人的选择")


def _complete(file: BookFile, place: tuple[str, ...], found: Iterable[str], wanted: Iterable[str], what: str) -> None:
    """Exactly the wanted names; a gap would otherwise show only in the case that meets it."""
    odd = sorted(set(found) ^ set(wanted))
    if odd:
        raise file.error(place, f"{what}缺少或者多余：{'、'.join(odd)}")


def _facts(vocabulary: Vocabulary) -> list[str]:
    elements = [f"{group.id}.{element}" for group in vocabulary.groups.values() for element in group.elements]
    return [*elements, *(f"matter.{name}" for name in _MATTER), "role", "harm", "unfit_for_post"]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "readings": tuple(row.get("readings", ()))}
