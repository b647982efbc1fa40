"""The compliance report: every provision with its text, its rules, its scenarios and their results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from rules.book.coverage import links
from rules.book.rulebook import Provision, Rulebook

STATES = {
    "specified": "已有场景并全部通过",
    "people_only": "只能由人适用",
    "declaratory": "只作说明，不设规则",
    "not_yet": "尚未写成场景",
}
RESULTS = {"passed": "通过", "failed": "未通过", "skipped": "未执行"}
TREATMENTS = {
    "rule": "规则", "procedure": "程序", "document": "文书", "deadline": "期限", "report": "报表", "duty": "职责",
    "people": "由人判断", "information": "仅作信息",
}  # fmt: skip
SPANS = TREATMENTS | {"heading": "标题", "markup": "排版标记", "blank": "空白"}
"""How a segment of the text is treated, in words."""
_PARTS = {"doc": "文头与印发通知", "annex": "附件"}


def compliance_rows(book: Rulebook, results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row a provision, in the order of the regulation (the shape is that of compliance.json).

    results: the scenarios that were run, each with feature, scenario, tags (provision ids) and result.
    """
    scenarios: dict[str, list[dict[str, Any]]] = {}
    for result in results:
        shown = {key: result[key] for key in ("feature", "scenario", "result")}
        for tag in result["tags"]:
            scenarios.setdefault(tag, []).append(shown)
    used = links(book)
    return [
        {
            "provision": provision.id,
            "citation": provision.citation,
            "text": provision.text,
            "treatment": provision.treatment,
            "rules": list(used[provision.id]),
            "scenarios": scenarios.get(provision.id, []),
            "state": _state(provision, scenarios.get(provision.id, [])),
        }
        for provision in book.provisions.values()
    ]


def coverage_rows(book: Rulebook) -> list[dict[str, Any]]:
    """How much of the text each treatment takes: segments and characters, in the order of ``SPANS``."""
    segments = Counter(segment.treatment for segment in book.segments)
    characters = Counter[str]()
    for segment in book.segments:
        characters[segment.treatment] += segment.end - segment.start
    return [
        {"treatment": name, "label": label, "segments": segments[name], "characters": characters[name]}
        for name, label in SPANS.items()
    ]


def _state(provision: Provision, scenarios: list[dict[str, Any]]) -> str:
    """people_only: treatment 由人判断, whatever is tested beside it. specified: it has scenarios and all passed.
    declaratory: treatment 仅作信息. not_yet: everything else, a failed scenario included."""
    if any(row["result"] != "passed" for row in scenarios):
        return "not_yet"
    if provision.treatment == "people":
        return "people_only"
    if scenarios:
        return "specified"
    return "declaratory" if provision.treatment == "information" else "not_yet"


def render(book: Rulebook, rows: list[dict[str, Any]]) -> str:
    """The report as one self-contained page that can be printed."""
    environment = Environment(
        loader=PackageLoader("service.documents"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        parts.setdefault(part_of(row["provision"]), []).append(row)
    results = Counter(scenario["result"] for row in rows for scenario in row["scenarios"])
    return environment.get_template("compliance.html").render(
        book=book,
        parts=parts,
        states=STATES,
        counts=Counter(row["state"] for row in rows),
        total=len(rows),
        results=RESULTS,
        treatments=TREATMENTS,
        failed=results["failed"],
        spans=SPANS,
        coverage=coverage_rows(book),
        used=links(book),
        ran={row["provision"]: len(row["scenarios"]) for row in rows},
    )


def part_of(provision: str) -> str:
    """Under which heading a provision stands: its article, the annexes, the head of the document, the chapters' titles."""
    head, _, number = provision.replace("-", ".", 1).partition(".")
    if head == "art":
        return f"第{_CHINESE[int(number.partition('.')[0])]}条"
    return _PARTS.get(head, "章名")


_CHINESE = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
