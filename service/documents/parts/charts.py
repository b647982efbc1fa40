"""Charts: the Vega-Lite specifications of ``templates/charts.yaml``, with what each shows put in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rules.packaged import packaged
from rules.strict_yaml import parse

_SPECIFICATIONS = packaged("service/documents/templates/charts.yaml")
_GREYS = ("#d0d0d0", "#8a8a8a", "#ffffff", "#1f1f1f")
_PNG_DPI = 220
_Values = list[dict[str, Any]]


def stacked(
    rows: Iterable[tuple[str, Mapping[str, int]]], kinds: tuple[str, ...], *, most: int, counted: str = "件"
) -> dict[str, Any]:
    """One bar a unit. rows: unit → kind → how many. most: how far the scale reaches; counted: what is counted."""
    listed, known = list(rows), _known()
    spec: dict[str, Any] = known["stacked"]
    bars, numbers = spec["layer"]
    spec["encoding"]["y"]["sort"] = [name for name, _ in listed]
    bars["encoding"]["x"] |= {"title": counted, "axis": _whole_numbers(known, most), "scale": {"domain": [0, most]}}
    bars["encoding"]["color"] = _fill(known, kinds)
    numbers["encoding"]["color"]["condition"]["test"] = f"datum.kind === '{kinds[-1]}'"
    return _whole(known, [part for name, counts in listed for part in _parts(name, counts, kinds)], spec)


def _parts(name: str, counts: Mapping[str, int], kinds: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The parts of one bar, each from where the one before it ends."""
    start = 0
    for kind in kinds:
        end = start + counts[kind]
        yield {"unit": name, "kind": kind, "count": counts[kind], "from": start, "to": end, "middle": (start + end) / 2}
        start = end


def monthly(rows: Iterable[tuple[str, Mapping[str, int]]], kinds: tuple[str, ...], counted: str) -> dict[str, Any]:
    """One group of bars a month. rows: month → kind → how many; counted: what is counted."""
    listed, known = list(rows), _known()
    values: _Values = [
        {"month": month, "kind": kind, "count": counts[kind]} for month, counts in listed for kind in kinds
    ]
    spec: dict[str, Any] = known["monthly"]
    across, beside, up = spec["encoding"].values()
    across["sort"], beside["sort"] = [month for month, _ in listed], list(kinds)
    if len(listed) <= 14:
        across["axis"] = {"labelAngle": 0}
    up |= {"title": counted, "axis": _whole_numbers(known, max((one["count"] for one in values), default=0))}
    spec["layer"][0]["encoding"]["color"] = _fill(known, kinds)
    return _whole(known, values, spec)


def moves(rows: Iterable[tuple[str, int]], *, title: str, note: str) -> dict[str, Any]:
    """One bar a move; the scale is that of the longest. rows: from → to in words, how many.

    note: stands below the title, so that the chart says it also where it stands alone.
    """
    values: _Values = [{"move": move, "count": count} for move, count in rows]
    known = _known()
    spec: dict[str, Any] = known["moves"]
    spec["encoding"]["x"]["axis"] = _whole_numbers(known, max((one["count"] for one in values), default=0))
    font = known["font"]
    spec["title"] = {"text": title, "subtitle": note, "font": font, "subtitleFont": font, "fontSize": 12}
    spec["title"] |= {"anchor": "start", "frame": "bounds"}
    return _whole(known, values, spec)


def _known() -> dict[str, Any]:
    found: dict[str, Any] = parse(_SPECIFICATIONS.read_text(encoding="utf-8"), _SPECIFICATIONS.name)
    return found


def _whole_numbers(known: Mapping[str, Any], most: int) -> dict[str, Any]:
    return {**known["numbers"], "tickCount": max(1, min(most, 8))}


def _fill(known: Mapping[str, Any], kinds: tuple[str, ...]) -> dict[str, Any]:
    greys = _GREYS if len(kinds) == len(_GREYS) else (_GREYS[0], _GREYS[-1])
    return {**known["fill"], "sort": list(kinds), "scale": {"domain": list(kinds), "range": list(greys)}}


def _whole(known: Mapping[str, Any], values: _Values, spec: Mapping[str, Any]) -> dict[str, Any]:
    font = known["font"]
    text = {"labelFont": font, "titleFont": font, "labelFontSize": 11, "titleFontSize": 11}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        **spec,
        "config": {
            "font": font,
            "axis": {**text, "gridColor": "#e4e4e4", "domainColor": "#000"},
            "legend": text,
            "view": {"stroke": None},
            "text": {"font": font},
        },
    }


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
