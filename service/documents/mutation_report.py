"""The mutation audit as a report: how many changes of the encoded law the features notice, by operator and by provision."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rules.mutation.making import Mutant
from rules.mutation.sites import LABELS
from rules.rulebook import Rulebook

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
        {"provision": mutant.provision, "operator": mutant.operator, "file": mutant.file, "place": mutant.place,
         "was": mutant.was, "becomes": mutant.becomes, "state": state, "by": by}
        for mutant, state, by in found
    ]  # fmt: skip


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
    (folder / "report.md").write_text("\n".join(_lines(book, ordered)) + "\n", encoding="utf-8")


def _place(book: Rulebook, provision: str) -> int:
    known = list(book.provisions)
    return known.index(provision) if provision in known else len(known)


def _by_operator(made: list[dict[str, str]]) -> dict[str, dict[str, int]]:
    counted = Counter((row["operator"], row["state"]) for row in made)
    return {name: {state: counted[name, state] for state in STATES} for name in LABELS}


def _lines(book: Rulebook, made: list[dict[str, str]]) -> Iterator[str]:
    totals = Counter(row["state"] for row in made)
    yield f"# 条文变异审计：《{book.title}》"
    yield ""
    yield f"规则库 {book.id}，sha256 {book.sha256}。每次只改动一处规则数据，看可执行场景能否发现。"
    yield f"共 {len(made)} 处改动：" + "，".join(f"{label} {totals[state]}" for state, label in STATES.items()) + "。"
    yield ""
    yield "| 改动 | 合计 | " + " | ".join(STATES.values()) + " |"
    yield "|---|" + "---|" * (len(STATES) + 1)
    for name, numbers in _by_operator(made).items():
        if sum(numbers.values()):
            yield f"| {LABELS[name]} | {sum(numbers.values())} | " + " | ".join(map(str, numbers.values())) + " |"
    yield from _provisions(book, made)


def _provisions(book: Rulebook, made: list[dict[str, str]]) -> Iterator[str]:
    """Each provision with its figures; what was not noticed, and what is equivalent and why, one a line."""
    for provision in dict.fromkeys(row["provision"] for row in made):
        own = [row for row in made if row["provision"] == provision]
        numbers = Counter(row["state"] for row in own)
        known = book.provisions.get(provision)
        yield f"\n## {known.citation if known else '其他'}（{provision or '—'}）\n"
        if known:
            yield f"> {known.text}\n"
        yield "，".join(f"{STATES[state]} {number}" for state, number in numbers.items()) + "。"
        for row in own:
            if row["state"] in ("survived", "failed", "equivalent"):
                why = f"；{row['by']}" if row["state"] == "equivalent" else ""
                yield f"- {STATES[row['state']]}：{LABELS[row['operator']]}，{row['file']} {row['place']}，{row['was']} → {row['becomes']}{why}"
