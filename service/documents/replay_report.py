"""A replay as a short report, and its chart: who moves from what to what, by which provisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.documents.charts import moves
from service.documents.paper import Block, Line, Paper, Picture, listing
from service.documents.replay_files import facts
from service.documents.replay_words import DRAFT, MARKED, NOTICE, Told

_MOST_BARS = 20
_WIDTH = 150.0


def replay_chart(told: Told) -> dict[str, Any]:
    """The moves from one state to another, the most numerous first; without a comparison, how many stand where."""
    return moves(_bars(told)[:_MOST_BARS], title=told.head, note=f"{DRAFT}：{MARKED}" if told.draft else "")


def _bars(told: Told) -> list[tuple[str, int]]:
    rows = told.tally.ordered()
    if not told.compares:
        return [(told.state(after), number) for _, after, number in rows]
    return [(told.move(before, after), number) for before, after, number in rows if before != after]


def replay_paper(told: Told) -> Paper:
    blocks = (
        Line("规则重放报告", "title"),
        *_subject(told), *_persons(told), *_moves(told), *_causes(told), Line("四、说明", "heading"),
        *(Line(note) for note in told.notes), Line(NOTICE, "last"),
    )  # fmt: skip
    mark = DRAFT if told.draft else ""
    return Paper(f"规则重放报告（{told.head}）", blocks, mark=mark, mark_note=MARKED if mark else "")


def _subject(told: Told) -> Iterator[Block]:
    yield Line("一、比较的是什么" if told.compares else "一、推算的是什么", "heading")
    shown = [(name, str(value)) for name, value in facts(told) if name not in ("注意", "说明")]
    yield listing(("项目", "内容"), shown, (34.0, 122.0))


def _persons(told: Told) -> Iterator[Block]:
    tally = told.tally
    yield Line("二、谁有变化" if told.compares else "二、各是什么结论", "heading")
    if not told.compares:
        yield Line(f"共{tally.persons}人，各人的结论和应当的区间见表1、图1。")
    elif not tally.changed:
        yield Line(f"共{tally.persons}人，没有一人的结论、区间、情形、提示或者纪律处分衔接有变化。")
    else:
        moved = sum(number for before, after, number in tally.ordered() if before != after)
        yield Line(
            f"共{tally.persons}人，其中{tally.changed}人有变化，占{_share(tally.changed, tally.persons)}；"
            f"结论或者应当的区间有变化的{moved}人，见表1、图1，其余{tally.changed - moved}人只是所依的情形、裁量的区间或者提示不同。"
        )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%"


def _moves(told: Told) -> Iterator[Block]:
    rows = [
        (told.state(before) or "—", "（不变）" if before == after else told.state(after), str(number))
        for before, after, number in told.tally.ordered()
    ]
    yield Line("表1　从何到何" if told.compares else "表1　结论和应当的区间", "caption")
    yield listing(("前", "后", "人数"), rows, (66.0, 66.0, 24.0), centred=frozenset({2}))
    bars = _bars(told)
    if bars:
        more = f"（人数最多的{_MOST_BARS}种，共{len(bars)}种）" if len(bars) > _MOST_BARS else ""
        yield Picture(replay_chart(told), "从何结论到何结论的人数的条形图", _WIDTH)
        yield Line(f"图1　{'结论或者区间的变化' if told.compares else '结论和区间'}{more}", "figure")


def _causes(told: Told) -> Iterator[Block]:
    if not told.compares:
        return
    yield Line("三、变化的是什么，依何条款", "heading")
    tally = told.tally
    if not tally.changed:
        yield Line("没有变化。")
        return
    yield Line("同一人可以有几项变化，由几条条款引起，各计一次。")
    yield Line("表2　变化的项目", "caption")
    fields = [(told.field(name), str(number)) for name, number in tally.fields.most_common()]
    yield listing(("项目", "人数"), fields, (120.0, 36.0), centred=frozenset({1}))
    yield Line("表3　引起变化的条款", "caption")
    provisions = [(told.provision(name), str(number)) for name, number in tally.provisions.most_common()]
    yield listing(("条款", "人数"), provisions, (120.0, 36.0), centred=frozenset({1}))
