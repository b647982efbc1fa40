"""The mutation audit as a report: how many changes of the encoded law the features notice, by operator and by provision."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rules.analysis.mutation.making import Mutant
from rules.analysis.mutation.sites import LABELS
from rules.book.rulebook import Rulebook
from service.documents.writing.laid_out import text

STATES = {
    "killed": "被场景发现",
    "refused": "加载时即被拒绝",
    "equivalent": "证明等价",
    "survived": "没有被发现",
    "failed": "没有得出结果",
}


def rows(found: Iterable[tuple[Mutant, str, str]]) -> list[dict[str, str]]:
    """Each mutant with its verdict (state and by what), plain."""
    return [
        {
            "provision": mutant.provision,
            "operator": mutant.operator,
            "file": mutant.file,
            "place": mutant.place,
            "was": mutant.was,
            "becomes": mutant.becomes,
            "state": state,
            "by": by,
        }
        for mutant, state, by in found
    ]


def write_report(book: Rulebook, made: list[dict[str, str]], folder: Path) -> None:
    """report.md and report.json in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(made, key=lambda row: (_place(book, row["provision"]), row["file"], row["place"], row["becomes"]))
    data: dict[str, Any] = {
        "rulebook": {"id": book.id, "sha256": book.sha256},
        "by_operator": _by_operator(made),
        "mutants": ordered,
    }
    (folder / "report.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "report.md").write_text(_told(book, ordered), encoding="utf-8")


def _place(book: Rulebook, provision: str) -> int:
    known = list(book.provisions)
    return known.index(provision) if provision in known else len(known)


def _by_operator(made: list[dict[str, str]]) -> dict[str, dict[str, int]]:
    counted = Counter((row["operator"], row["state"]) for row in made)
    return {name: {state: counted[name, state] for state in STATES} for name in LABELS}


def _counted(made: list[dict[str, str]]) -> Counter[str]:
    return Counter(row["state"] for row in made)


def _told(book: Rulebook, made: list[dict[str, str]]) -> str:
    by_provision: dict[str, list[dict[str, str]]] = {}
    for row in made:
        by_provision.setdefault(row["provision"], []).append(row)
    return text(
        "mutation",
        book=book,
        made=made,
        by_provision=by_provision,
        by_operator=_by_operator(made),
        states=STATES,
        labels=LABELS,
        counted=_counted,
    )
