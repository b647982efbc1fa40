"""The patrol's findings as lists for whoever has to act: text to read, rows to exchange. No names of persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rules.reasoning.editions import Books
from service.usecases.exchange.patrol import ToLookAt

OFFICE = "督查督办工作办公室"


def grouped(findings: Iterable[ToLookAt]) -> list[tuple[str | None, list[ToLookAt]]]:
    """The findings by who acts: the Office (None) first, then the units in the order of their names."""
    groups: dict[str | None, list[ToLookAt]] = {}
    for finding in findings:
        groups.setdefault(finding.unit, []).append(finding)
    return sorted(groups.items(), key=lambda group: (group[0] is not None, group[0] or ""))


def shown(groups: Sequence[tuple[str | None, list[ToLookAt]]], books: Books) -> str:
    """The lists one below the other, each under its unit's name."""
    return "\n\n".join(
        "\n".join([f"{unit or OFFICE}（{len(found)} 项）", *(f"  {line(finding, books)}" for finding in found)])
        for unit, found in groups
    )


def line(finding: ToLookAt, books: Books) -> str:
    """``【已超过办结时限】督〔2026〕1号 审核评估自评报告，时限 2026-04-30，已超 10 天``."""
    number = f"{finding.number} " if finding.number else ""
    what = f"，{finding.what}" if finding.what else ""
    ends = f"，时限 {finding.due_on}" if finding.due_on else ""
    late = f"，已超 {-finding.days} 天" if finding.days is not None and finding.days < 0 else ""
    return f"【{finding.label(books.usual)}】{number}{finding.title}{what}{ends}{late}"


def row(finding: ToLookAt, books: Books) -> dict[str, Any]:
    """A finding as it is exchanged."""
    return {"kind": finding.kind, "label": finding.label(books.usual), "unit": finding.unit, "matter_id": finding.matter_id,
            "number": finding.number, "title": finding.title, "lead_unit": finding.lead_unit, "what": finding.what,
            "due_on": finding.due_on, "days": finding.days}  # fmt: skip
