"""The reasoning of a recommendation as a drawing: one row of boxes for each stage, an arrow from stage to stage, and people last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.web.chain import STAGES, Link

_WIDTH, _GAP, _PAD, _LINE = 760, 14, 10, 20
_ACROSS, _CHARACTERS = 3, 15
_HEAD = 26
_DRAWN = ("gate", "situation", "exempt", "mitigate", "aggravate", "outcome", "range", "discipline_track")
_LOOKS = {"established": "holds", "refuted": "fails", "open": "open"}
_LAST = "由学校党委审议并作出决定"


@dataclass(frozen=True, slots=True)
class Box:
    """A step. look: holds, fails, open or plain; lines: text with its height, the last two being state and citation."""

    x: int
    y: int
    width: int
    height: int
    look: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A stage. above: where the arrow from the stage before begins, None for the first."""

    label: str
    y: int
    boxes: tuple[Box, ...]
    above: int | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """words: the same as one sentence for each stage."""

    width: int
    height: int
    bands: tuple[Band, ...]
    words: tuple[str, ...]


def drawing(links: list[Link]) -> Drawing:
    """The chain from the gates to the range; what people do after it is one box without any choice in it."""
    bands: list[Band] = []
    words, y = [], _PAD
    for stage in _DRAWN:
        some = [link for link in links if link.stage == stage]
        if some:
            bands.append(_band(STAGES[stage], some, y, bool(bands)))
            words.append(f"{STAGES[stage]}：{'；'.join(_said(link) for link in some)}")
            y = _foot(bands[-1]) + 2 * _GAP
    last = Box(_PAD, y + _HEAD, _WIDTH - 2 * _PAD, _LINE + 2 * _PAD, "people", ((y + _HEAD + _PAD + 15, _LAST),))
    bands.append(Band("决定", y, (last,), y - 2 * _GAP if bands else None))
    return Drawing(_WIDTH, _foot(bands[-1]) + _PAD, tuple(bands), (*words, _LAST))


def _said(link: Link) -> str:
    return f"{link.step.label}{f'，{link.state}' if link.state else ''}（{link.step.citation}）"


def _foot(band: Band) -> int:
    return max(box.y + box.height for box in band.boxes)


def _band(label: str, links: list[Link], y: int, follows: bool) -> Band:
    """Boxes in rows of three; a row is as high as its highest box."""
    boxes: list[Box] = []
    top = y + _HEAD
    for first in range(0, len(links), _ACROSS):
        row = links[first : first + _ACROSS]
        across = min(_ACROSS, len(links))
        width = (_WIDTH - 2 * _PAD - (across - 1) * _GAP) // across
        texts = [list(_texts(link, _CHARACTERS * width // 235)) for link in row]
        height = max(map(len, texts)) * _LINE + 2 * _PAD
        for at, (link, lines) in enumerate(zip(row, texts, strict=True)):
            placed = tuple((top + _PAD + 15 + number * _LINE, text) for number, text in enumerate(lines))
            boxes.append(
                Box(_PAD + at * (width + _GAP), top, width, height, _LOOKS.get(link.step.status, "plain"), placed)
            )
        top += height + _GAP
    return Band(label, y, tuple(boxes), y - 2 * _GAP if follows else None)


def _texts(link: Link, most: int) -> Iterator[str]:
    """What stands in a box: the step, how it stands, its provision."""
    yield from _wrapped(link.step.label, most)
    said = "，".join(part for part in (link.duty, link.state) if part)
    yield from _wrapped(f"【{said}】" if said else "", most)
    yield from _wrapped(link.step.citation, most)


def _wrapped(text: str, most: int) -> Iterator[str]:
    """Lines of so many characters; two that are no Chinese take the place of one."""
    line, taken = "", 0.0
    for character in text:
        taken += 0.55 if character.isascii() else 1
        if taken > most:
            yield line
            line, taken = "", 0.55 if character.isascii() else 1
        line += character
    if line:
        yield line
