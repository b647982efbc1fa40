"""The 督查通报 as a paper: three parts in sentences, a table, charts by month and by unit, and the list of overdue matters.

Every number comes from the figures of the period. It is no accountability record, and says so (A-11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from models.domain.bulletin import LABELS, Bulletin, figures_of
from models.domain.figures import Figures
from rules.rulebook import Rulebook
from service.documents.charts import monthly, stacked
from service.documents.forms import day, narrow_day, not_counted, office_signature
from service.documents.paper import Block, Line, NewPage, Paper, Picture, listing

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
_LATE = "月末逾期未办结"
_MOST_BARS = 40
"""So many units stand in one chart at most; it fills a page."""
_CHART_WIDTH = 148.0
_UNIT_WIDTH, _FIGURE_WIDTH = 36.0, 12.0
_LATE_WIDTHS = (10.0, 32.0, 27.0, 42.0, 22.0, 11.5, 11.5)


def bulletin_paper(bulletin: Bulletin, *, number: int | None, issued_on: date, book: Rulebook) -> Paper:
    """The paper. number: of the year's issues, left blank for people where it is None."""
    blocks: list[Block] = [
        Line("督查通报", "title"),
        Line(f"督查通报〔{issued_on.year}〕第{number or '　'}期", "number"),
        Line(
            f"现将{_span(bulletin)}督查督办工作运行情况、工作质量和办理落实情况通报如下。"
        ),
        Line("一、运行情况", "heading"), *_running(bulletin, book),
        Line("二、工作质量", "heading"), *_quality(bulletin.whole),
        Line("三、办理落实情况", "heading"), *_outcome(bulletin),
        Line(not_counted(bulletin.left_out) + NOT_ACCOUNTABILITY, "last"),
    ]  # fmt: skip
    if bulletin.overdue:
        blocks.append(Line(f"附件：{_LIST}", "last"))
    blocks += [Line(office_signature(book), "sign"), Line(day(issued_on), "date")]
    if bulletin.overdue:
        blocks += _annex(bulletin)
    return Paper(f"督查通报（{_span(bulletin)}）", tuple(blocks))


_LIST = "逾期未办结事项清单"


def _span(bulletin: Bulletin) -> str:
    return f"{day(bulletin.first)}至{day(bulletin.last)}"


def _running(bulletin: Bulletin, book: Rulebook) -> Iterator[Block]:
    whole = bulletin.whole
    busy = sum(found.running > 0 for _, found in bulletin.units)
    standing = f"在办{whole.running}件，涉及{busy}个牵头单位" if busy else "没有在办的事项"
    yield Line(
        f"本期立项{whole.registered}件，交办{whole.assigned}件。{book.office}督办{whole.formal_supervisions}次，"
        f"催办{whole.urgings}次，各月次数见图1。截至{day(bulletin.last)}，{standing}。"
    )
    acts = [{"督办": found.formal_supervisions, "催办": found.urgings} for _, found in bulletin.months]
    yield _by_month(bulletin, acts, "各月督办、催办次数", "次")
    yield Line("图1　各月督办、催办次数", "figure")


def _by_month(bulletin: Bulletin, counts: list[dict[str, int]], about: str, counted: str) -> Picture:
    one_year = bulletin.first.year == bulletin.last.year
    names = [f"{month.month}月" if one_year else f"{month.year}.{month.month}" for month, _ in bulletin.months]
    kinds = tuple(counts[0]) if counts else ()
    return Picture(monthly(zip(names, counts, strict=True), kinds, counted), f"{about}的柱形图", _CHART_WIDTH)


def _quality(whole: Figures) -> Iterator[Block]:
    returned = f"退回补办或者重办{whole.returned}次" if whole.returned else "没有退回补办或者重办的情形"
    granted = f"校领导准予延期{whole.extensions_granted}次" if whole.extensions_granted else "没有准予延期的情形"
    yield Line(f"本期审查承办单位的办理结果，{returned}；{granted}。")


def _outcome(bulletin: Bulletin) -> Iterator[Block]:
    yield Line(f"{_completed(bulletin.whole)}{_late(bulletin)}各月的件数见图2。")
    results = [{"办结": found.completed, _LATE: found.overdue} for _, found in bulletin.months]
    yield _by_month(bulletin, results, "各月办结、月末逾期未办结件数", "件")
    yield Line("图2　各月办结、月末逾期未办结件数", "figure")
    units = bulletin.concerned
    if not units:
        return
    charts = [
        *_charts(units, _KINDS, 3, "各牵头单位事项办理结果", "件"),
        *_charts(units, _ACTS, 4, "各牵头单位的督办、催办次数", "次"),
    ]
    shown = "".join(f"、图{number}" for number in dict.fromkeys(number for number, *_ in charts))
    yield Line(f"各牵头单位的情况见表1{shown}。")
    yield Line("表1　各牵头单位办理情况", "caption")
    rows = [[name, *figures_of(found)] for name, found in units]
    widths = (_UNIT_WIDTH, *[_FIGURE_WIDTH] * len(LABELS))
    numbers = frozenset(range(1, len(widths)))
    columns = ("牵头单位", *LABELS.values())
    yield listing(columns, [*rows, ["合计", *figures_of(bulletin.whole)]], widths, centred=numbers)
    for number, page, about, chart in charts:
        yield chart
        yield Line(f"图{number}{'（续）' if page else ''}　{about}", "figure")


def _completed(whole: Figures) -> str:
    share = whole.per_mille_in_time
    if share is None:
        return "本期没有办结的事项。"
    return (
        f"本期办结{whole.completed}件，其中按时办结{whole.completed_in_time}件，逾期办结{whole.completed_late}件，"
        f"按时办结率为{share // 10}.{share % 10}%。"
    )


def _late(bulletin: Bulletin) -> str:
    late = [name for name, found in bulletin.units if found.overdue]
    if not late:
        return f"截至{day(bulletin.last)}，没有逾期未办结的事项。"
    return f"截至{day(bulletin.last)}，逾期未办结{bulletin.whole.overdue}件，涉及{len(late)}个牵头单位，清单见附件。"


def _charts(
    units: tuple[tuple[str, Figures], ...], kinds: Mapping[str, Callable[[Figures], int]], number: int, about: str, counted: str
) -> Iterator[tuple[int, int, str, Picture]]:  # fmt: skip
    """As many charts as it takes, of about the same length and on one scale: number, page, what it shows, the chart."""
    counts_of = [(name, {kind: count(found) for kind, count in kinds.items()}) for name, found in units]
    shown = [(name, counts) for name, counts in counts_of if any(counts.values())]
    most = max((sum(counts.values()) for _, counts in shown), default=0)
    pages = -(-len(shown) // _MOST_BARS)
    for page in range(pages):
        rows = shown[len(shown) * page // pages : len(shown) * (page + 1) // pages]
        spec = stacked(rows, tuple(kinds), most=most, counted=counted)
        yield number, page, about, Picture(spec, f"{about}的条形图", _CHART_WIDTH)


def _annex(bulletin: Bulletin) -> Iterator[Block]:
    yield NewPage()
    yield Line("附件", "mark")
    yield Line(_LIST, "title")
    rows = (
        (str(at), row.number or "", row.unit or "（未明确）", row.title, narrow_day(row.due_on), str(row.days), str(row.urgings))
        for at, row in enumerate(bulletin.overdue, 1)
    )  # fmt: skip
    columns = ("序号", "编号", "牵头单位", "事项", "办结时限", "逾期天数", "催办次数")
    yield listing(columns, rows, _LATE_WIDTHS, centred=frozenset({0, 1, 4, 5, 6}))
    yield Line(f"注：逾期天数和催办次数统计至{day(bulletin.last)}。", "note")
