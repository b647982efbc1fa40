"""The 督查通报 as a paper: three parts in sentences, a table, charts by month and by unit, and the list of overdue matters.

Every number comes from the figures of the period. It is no accountability record, and says so (A-11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from models.office.bulletin import LABELS, Bulletin, figures_of
from models.office.figures import Figures
from rules.book.rulebook import Rulebook
from service.documents.parts.charts import monthly, stacked
from service.documents.parts.paper import Paper, Picture
from service.documents.writing.laid_out import laid_out
from service.documents.writing.wording import day

NOT_ACCOUNTABILITY = "本督查通报只反映督查督办工作情况，不是问责方式中的通报，不产生问责记录。"
_KINDS: Mapping[str, Callable[[Figures], int]] = {
    "按时办结": lambda found: found.completed_in_time,
    "逾期办结": lambda found: found.completed_late,
    "期末在办（未逾期）": lambda found: found.running_in_time,
    "期末逾期未办结": lambda found: found.overdue,
}
_ACTS: Mapping[str, Callable[[Figures], int]] = {
    "督办": lambda found: found.formal_supervisions,
    "催办": lambda found: found.urgings,
}
_MOST_BARS = 40
"""So many units stand in one chart at most; it fills a page."""
_CHART_WIDTH = 148.0
_Chart = tuple[int, int, str]
"""Number, page of it, what it shows."""


def bulletin_paper(bulletin: Bulletin, *, number: int | None, issued_on: date, book: Rulebook) -> Paper:
    """The paper. number: of the year's issues, left blank for people where it is None."""
    acts = [{"督办": found.formal_supervisions, "催办": found.urgings} for _, found in bulletin.months]
    results = [{"办结": found.completed, "月末逾期未办结": found.overdue} for _, found in bulletin.months]
    charts = [
        *_charts(bulletin.concerned, _KINDS, 3, "各牵头单位事项办理结果", "件"),
        *_charts(bulletin.concerned, _ACTS, 4, "各牵头单位的督办、催办次数", "次"),
    ]
    pictures = [
        _by_month(bulletin, acts, "各月督办、催办次数", "次"),
        _by_month(bulletin, results, "各月办结、月末逾期未办结件数", "件"),
        *(picture for _, picture in charts),
    ]
    span = f"{day(bulletin.first)}至{day(bulletin.last)}"
    return laid_out(
        "bulletin",
        f"督查通报（{span}）",
        book,
        bulletin=bulletin,
        number=number,
        issued_on=issued_on,
        span=span,
        units=bulletin.concerned,
        labels=LABELS.values(),
        figures_of=figures_of,
        charts=[chart for chart, _ in charts],
        pictures=pictures,
        not_accountability=NOT_ACCOUNTABILITY,
    )


def _by_month(bulletin: Bulletin, counts: list[dict[str, int]], about: str, counted: str) -> Picture:
    one_year = bulletin.first.year == bulletin.last.year
    names = [f"{month.month}月" if one_year else f"{month.year}.{month.month}" for month, _ in bulletin.months]
    kinds = tuple(counts[0]) if counts else ()
    return Picture(monthly(zip(names, counts, strict=True), kinds, counted), f"{about}的柱形图", _CHART_WIDTH)


def _charts(
    units: Iterable[tuple[str, Figures]],
    kinds: Mapping[str, Callable[[Figures], int]],
    number: int,
    about: str,
    counted: str,
) -> Iterator[tuple[_Chart, Picture]]:
    """As many charts as it takes, of about the same length and on one scale."""
    counts_of = [(name, {kind: count(found) for kind, count in kinds.items()}) for name, found in units]
    shown = [(name, counts) for name, counts in counts_of if any(counts.values())]
    most = max((sum(counts.values()) for _, counts in shown), default=0)
    pages = -(-len(shown) // _MOST_BARS)
    for page in range(pages):
        rows = shown[len(shown) * page // pages : len(shown) * (page + 1) // pages]
        spec = stacked(rows, tuple(kinds), most=most, counted=counted)
        yield (number, page, about), Picture(spec, f"{about}的条形图", _CHART_WIDTH)
