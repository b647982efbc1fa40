"""Charts as Vega-Lite specifications, told apart by brightness and by their numbers, so that they may be printed in black."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimHei, sans-serif"
_GREYS = ("#d0d0d0", "#8a8a8a", "#ffffff", "#1f1f1f")
_WIDTH = 320
_PNG_DPI = 220


def stacked(
    rows: Iterable[tuple[str, Mapping[str, int]]], kinds: tuple[str, ...], *, most: int, counted: str = "件"
) -> dict[str, Any]:
    """One bar a unit, from left to right by kind, each part with its number.

    rows: unit → kind → how many. most: how far the scale reaches; counted: what is counted.
    """
    listed = list(rows)
    values = [part for name, counts in listed for part in _parts(name, counts, kinds)]
    named = {"labelLimit": 170, "ticks": False}
    axis = {"field": "unit", "type": "nominal", "sort": [name for name, _ in listed], "title": None, "axis": named}
    bars = {
        "mark": {"type": "bar", "stroke": "#000", "strokeWidth": 0.6, "height": {"band": 0.72}},
        "encoding": {
            "x": {"field": "from", "type": "quantitative", "title": counted, "axis": _whole_numbers(most),
                  "scale": {"domain": [0, most]}},
            "x2": {"field": "to"}, "color": _fill(kinds),
        },
    }  # fmt: skip
    numbers = {
        "transform": [{"filter": "datum.count > 0"}],
        "mark": {"type": "text", "fontSize": 9},
        "encoding": {
            "x": {"field": "middle", "type": "quantitative"}, "text": {"field": "count"},
            "color": {"condition": {"test": f"datum.kind === '{kinds[-1]}'", "value": "#fff"}, "value": "#000"},
        },
    }  # fmt: skip
    return _whole(values, {"encoding": {"y": axis}, "layer": [bars, numbers], "width": _WIDTH, "height": {"step": 17}})


def _parts(name: str, counts: Mapping[str, int], kinds: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The parts of one bar, each from where the one before it ends."""
    start = 0
    for kind in kinds:
        end = start + counts[kind]
        yield {"unit": name, "kind": kind, "count": counts[kind], "from": start, "to": end, "middle": (start + end) / 2}
        start = end


def monthly(rows: Iterable[tuple[str, Mapping[str, int]]], kinds: tuple[str, ...], counted: str) -> dict[str, Any]:
    """One group of bars a month. rows: month → kind → how many; counted: what is counted."""
    listed = list(rows)
    values = [{"month": month, "kind": kind, "count": counts[kind]} for month, counts in listed for kind in kinds]
    across: dict[str, Any] = {
        "field": "month",
        "type": "nominal",
        "sort": [month for month, _ in listed],
        "title": None,
    }
    if len(listed) <= 14:
        across["axis"] = {"labelAngle": 0}
    beside = {"field": "kind", "sort": list(kinds)}
    most = max((counts[kind] for _, counts in listed for kind in kinds), default=0)
    up = {"field": "count", "type": "quantitative", "title": counted, "axis": _whole_numbers(most)}
    bars = {"mark": {"type": "bar", "stroke": "#000", "strokeWidth": 0.6}, "encoding": {"color": _fill(kinds)}}
    numbers = {"mark": {"type": "text", "dy": -7, "fontSize": 9}, "transform": [{"filter": "datum.count > 0"}],
               "encoding": {"text": {"field": "count"}}}  # fmt: skip
    shared = {"x": across, "xOffset": beside, "y": up}
    return _whole(values, {"encoding": shared, "layer": [bars, numbers], "width": _WIDTH + 60, "height": 170})


def moves(rows: Iterable[tuple[str, int]], *, title: str, note: str) -> dict[str, Any]:
    """One bar a move, with its number; the scale is that of the longest. rows: from → to in words, how many.

    note: stands below the title, so that the chart says it also where it stands alone.
    """
    listed = list(rows)
    values = [{"move": move, "count": count} for move, count in listed]
    most = max((count for _, count in listed), default=0)
    across = {"field": "count", "type": "quantitative", "title": "人", "axis": _whole_numbers(most)}
    named = {"labelLimit": 330, "ticks": False}
    shared = {"x": across, "y": {"field": "move", "type": "nominal", "sort": None, "title": None, "axis": named}}
    bars = {"mark": {"type": "bar", "color": _GREYS[1], "stroke": "#000", "strokeWidth": 0.6, "height": {"band": 0.72}}}
    numbers = {
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 9},
        "encoding": {"text": {"field": "count"}},
    }
    head = {
        "text": title,
        "subtitle": note,
        "font": _FONT,
        "subtitleFont": _FONT,
        "fontSize": 12,
        "anchor": "start",
        "frame": "bounds",
    }
    shape = {"width": _WIDTH - 60, "height": {"step": 19}, "title": head}
    return _whole(values, {"encoding": shared, "layer": [bars, numbers], **shape})


def _whole_numbers(most: int) -> dict[str, Any]:
    return {"format": "d", "tickMinStep": 1, "grid": True, "tickCount": max(1, min(most, 8))}


def _fill(kinds: tuple[str, ...]) -> dict[str, Any]:
    greys = _GREYS if len(kinds) == len(_GREYS) else (_GREYS[0], _GREYS[-1])
    legend = {"orient": "top", "title": None, "symbolStrokeColor": "#000", "symbolType": "square"}
    return {"field": "kind", "type": "nominal", "sort": list(kinds), "legend": legend,
            "scale": {"domain": list(kinds), "range": list(greys)}}  # fmt: skip


def _whole(values: list[dict[str, Any]], view: Mapping[str, Any]) -> dict[str, Any]:
    text = {"labelFont": _FONT, "titleFont": _FONT, "labelFontSize": 11, "titleFontSize": 11}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        **view,
        "config": {
            "font": _FONT, "axis": {**text, "gridColor": "#e4e4e4", "domainColor": "#000"}, "legend": text,
            "view": {"stroke": None}, "text": {"font": _FONT},
        },
    }  # fmt: skip


def as_svg(spec: Mapping[str, Any]) -> str:
    """For a PDF: lines and letters."""
    import vl_convert  # here, since a document without charts does without it

    made: str = vl_convert.vegalite_to_svg(dict(spec), vl_version="5.21")
    return made


def as_png(spec: Mapping[str, Any]) -> bytes:
    """For a word processor: points."""
    import vl_convert

    made: bytes = vl_convert.vegalite_to_png(dict(spec), vl_version="5.21", ppi=_PNG_DPI)
    return made
