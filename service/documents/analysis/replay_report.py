"""A replay as a short report, and its chart: who moves from what to what, by which provisions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.documents.analysis.replay_files import facts
from service.documents.analysis.replay_words import DRAFT, MARKED, NOTICE, FinishedReplay
from service.documents.parts.charts import moves
from service.documents.parts.paper import Paper, Picture
from service.documents.writing.laid_out import laid_out

_MOST_BARS = 20
_WIDTH = 150.0


def replay_chart(told: FinishedReplay) -> dict[str, Any]:
    """The moves from one state to another, the most numerous first; without a comparison, how many stand where."""
    return moves(_bars(told)[:_MOST_BARS], title=told.head, note=f"{DRAFT}：{MARKED}" if told.draft else "")


def _bars(told: FinishedReplay) -> list[tuple[str, int]]:
    rows = told.tally.ordered()
    if not told.compares:
        return [(told.state(after), number) for _, after, number in rows]
    return [(told.move(before, after), number) for before, after, number in rows if before != after]


def replay_paper(told: FinishedReplay) -> Paper:
    """The report; of a draft, with a mark."""
    paper = laid_out(
        "replay",
        f"规则重放报告（{told.head}）",
        told=told,
        notice=NOTICE,
        bars=len(_bars(told)),
        most=_MOST_BARS,
        facts=[(name, value) for name, value in facts(told) if name not in ("注意", "说明")],
        moved=sum(number for before, after, number in told.tally.ordered() if before != after),
        pictures=[Picture(replay_chart(told), "从何结论到何结论的人数的条形图", _WIDTH)],
    )
    return replace(paper, mark=DRAFT, mark_note=MARKED) if told.draft else paper
