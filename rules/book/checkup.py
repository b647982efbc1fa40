"""What is followed up after a decision, and the check-up of procedure, as the rulebook lists them. Source: art-9, art-7.2.b."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import convert

from rules.book.book_file import BookFile, Known
from rules.book.procedure import Checkup, CheckupDuty, TrackedDuty

_TAKEN_OVER = ("provision", "who", "what", "source", "due", "when_measure")


def tracked_of(file: BookFile, known: Known) -> Mapping[str, TrackedDuty]:
    """The file's tracked duties; one ``of`` a duty takes over what it does not say itself. Raises RulebookError."""
    duties = {row["id"]: row for row in file.data["duties"]}
    found: dict[str, TrackedDuty] = {}
    for position, row in enumerate(file.data["tracked"]):
        place = ("tracked", position)
        file.once(place, row["id"], found, "职责")
        if "of" in row:
            file.known(place, row["of"], duties, "职责")
            row = {name: duties[row["of"]][name] for name in _TAKEN_OVER if name in duties[row["of"]]} | row
        known.check(file, place, row)
        found[row["id"]] = convert(row, TrackedDuty)
    return MappingProxyType(found)


def checkup_of(file: BookFile, known: Known, tracked: Mapping[str, TrackedDuty]) -> Checkup:
    """The file's data, every name in it known. Raises RulebookError."""
    data = file.data
    found: dict[str, CheckupDuty] = {}
    for position, row in enumerate(known.rows(file, "duties")):
        place = ("duties", position)
        file.known(place, row["stage"], data["stages"], "阶段")
        file.once(place, row["id"], found, "职责")
        if "reminder" in row:
            file.known(place, row["reminder"], tracked, "提醒期")
        if row["once_decided"] == "incurable" and "beyond" not in row:
            raise file.error(place, f"{row['id']} 不可补正，须写明 beyond")
        found[row["id"]] = convert(row, CheckupDuty)
    return Checkup(data["grades"], tuple(data["stages"]), MappingProxyType(found))
