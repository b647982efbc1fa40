"""The check-up of procedure of the rulebook: each duty, when it must be there, whether its lack can be made up. Source: art-9."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rules.book_file import BookFile
from rules.procedure import Checkup, CheckupDuty, TrackedDuty
from rules.rulebook import Provision


def checkup_of(file: BookFile, provisions: Mapping[str, Provision], tracked: Mapping[str, TrackedDuty]) -> Checkup:
    """The file's data, every name in it known. Raises RulebookError."""
    data, found = file.data, {}
    for position, row in enumerate(data["duties"]):
        place = ("duties", position)
        file.known(place, row["provision"], provisions, "条款")
        file.known(place, row["stage"], data["stages"], "阶段")
        if row["id"] in found:
            raise file.error(place, f"职责 {row['id']} 重复")
        if "reminder" in row:
            file.known(place, row["reminder"], tracked, "提醒期")
        if row["once_decided"] == "incurable" and "beyond" not in row:
            raise file.error(place, f"{row['id']} 不可补正，须写明 beyond")
        found[row["id"]] = CheckupDuty(**row)
    return Checkup(MappingProxyType(data["grades"]), tuple(data["stages"]), MappingProxyType(found))
