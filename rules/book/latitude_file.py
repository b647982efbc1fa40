"""Read the latitude of the rulebook: every name in it known, every outcome and every fact that can be open covered."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import convert

from rules.book.book_file import BookFile, Known
from rules.book.latitude import Latitude
from rules.book.rulebook import Vocabulary

_MATTER = ("registered", "assignment_record", "due_on", "review", "redo_review", "acts")
_VALUES = ("true", "false", "counted", "not_counted")
_GROUNDS = (
    "no_exemption", "exemption_pending", "should_be_held", "must_be_heavier", "no_aggravation", "no_mitigation", "capped",
    "reserved", "ordered", "other_degree", "below_heaviest", "no_netting", "more_than_a_rung", "outside_table",
    "harm_not_found",
)  # fmt: skip


def latitude_of(file: BookFile, known: Known, vocabulary: Vocabulary, slots: Collection[str]) -> Latitude:
    """The file's latitude. slots: the questions of discretion. Raises RulebookError."""
    data, work = file.data, file.data["work"]
    for key, rows in (
        ("kinds", data["kinds"]),
        ("effects", data["effects"]),
        ("grounds", data["grounds"].values()),
        ("combined", [data["combined"]]),
    ):
        for row in rows:
            known.check(file, (key,), row)
            if "slot" in row:
                file.known((key,), row["slot"], slots, "留给人的选择")
    _complete(file, ("states",), data["states"], vocabulary.enumerations["outcome"], "结论")
    _complete(file, ("grounds",), data["grounds"], _GROUNDS, "理由")
    _complete(file, ("work", "facts"), work["facts"], _facts(vocabulary), "认定")
    _complete(file, ("work", "matter"), work["matter"], _MATTER, "事项的字段")
    _complete(file, ("work", "values"), work["values"], _VALUES, "取值")
    for fact, kind in work["facts"].items():
        file.known(("work", "facts", fact), kind, work["labels"], "工作种类")
    sides = {(row["side"], row["within"]) for row in data["effects"]}
    if len(sides) != len(data["effects"]):
        raise file.error(("effects",), "从轻、减轻、从重、加重应当各有一项")
    named = {"combined": {"id": "combined"} | data["combined"], "work": work["labels"], "needs": work["facts"]}
    return convert(data | named | {"matter": work["matter"], "values": work["values"]}, Latitude)


def _complete(file: BookFile, place: tuple[str, ...], found: Iterable[str], wanted: Iterable[str], what: str) -> None:
    """Exactly the wanted names; a gap would otherwise show only in the case that meets it."""
    odd = sorted(set(found) ^ set(wanted))
    if odd:
        raise file.error(place, f"{what}缺少或者多余：{'、'.join(odd)}")


def _facts(vocabulary: Vocabulary) -> list[str]:
    elements = [f"{group.id}.{element}" for group in vocabulary.groups.values() for element in group.elements]
    return [*elements, *(f"matter.{name}" for name in _MATTER), "role", "harm", "unfit_for_post"]
