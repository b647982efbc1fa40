"""The latitude of a case on paper: what may be done, what excludes the rest, what would alter it, what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rules.latitude_answer import (
    Admissible,
    AlteringChanges,
    FactChanged,
    GroundedResults,
    PersonLatitude,
    PossibleResult,
    UnderUncertainty,
)
from service.documents.report import BASES

_MOST = 8
"""Sets of findings that a report lists; all of them stand in the JSON."""


def render(told: Admissible, names: Mapping[str, str | None]) -> str:
    """names: person id → name as in the case file."""
    lines = []
    for person_id, person in told.persons.items():
        lines += ["", f"【{names.get(person_id) or person_id}】裁量空间：{person.state_label}", *_person(person)]
    return "\n".join([*lines, "", told.notice])


def _person(person: PersonLatitude) -> Iterator[str]:
    yield from _section("可以作出的处理（须写明理由的裁量附后）", list(_admitted(person)))
    yield from _section("尚不能确定的处理", list(_grounded(person.undetermined)))
    yield from _section("被排除的处理", list(_grounded(person.excluded)))
    yield from _section("会改变裁量空间的最小的变化", list(_altering(person.alterations)))
    yield from _section("未查明的认定", list(_open(person.uncertain)))


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"　{title}"
        yield from (f"　　{line}" for line in lines)


def _admitted(person: PersonLatitude) -> Iterator[str]:
    for result in person.admitted:
        yield f"· {result.label}"
    for slot in person.slots:
        yield f"□ {slot.question}（{slot.citation}）　理由：____________________________"


def _grounded(rows: Iterable[GroundedResults]) -> Iterator[str]:
    for row in rows:
        yield f"· {'；'.join(_gathered(row.results))}"
        for ground in row.grounds:
            readings = "".join(f"；解释 {used.reading}：{used.text}" for used in ground.readings)
            yield f"　——{ground.why}（{ground.citation}，{BASES[ground.basis]}{readings}）"


def _gathered(results: Iterable[PossibleResult]) -> list[str]:
    """The labels; more than a few are told by their number."""
    labels = [result.label for result in results]
    return labels if len(labels) <= _MOST else [*labels[:2], f"等共 {len(labels)} 种"]


def _altering(rows: Iterable[AlteringChanges]) -> Iterator[str]:
    for row in rows:
        yield f"· {_ways(row.changes)}"
        parts = [("增加", row.admits), ("减少", row.withdraws)]
        told = [f"{word} {'、'.join(_gathered(results))}" for word, results in parts if results]
        yield f"　——{'；'.join([*told, *(['另有处理尚不能确定'] if row.undetermined else [])])}"


def _ways(parts: Iterable[Iterable[Iterable[FactChanged]]]) -> str:
    """Every part is needed; of the ways of a part, any one."""
    told = []
    for ways in parts:
        each = [" 并且 ".join(f"“{change.label}”变为“{change.to_label}”" for change in way) for way in ways]
        told.append(" 或者 ".join(each))
    return "；并且 ".join(told)


def _open(uncertain: UnderUncertainty) -> Iterator[str]:
    if not uncertain.open:
        return
    yield "、".join(f"{fact.label}（{fact.work_label}）" for fact in uncertain.open)
    if uncertain.decided:
        yield "无论如何查明，可以作出的处理都相同"
        return
    robust, possible = _gathered(uncertain.robust), _gathered(uncertain.possible)
    yield f"无论如何查明都可以作出：{'；'.join(robust) or '没有'}"
    yield f"依查明结果而定：{'；'.join(possible) or '没有'}"
    if uncertain.contradictory:
        yield "有的查明结果互相矛盾或者与损害程度不一致，不计在内"
    for row in uncertain.deciding[:_MOST]:
        yield f"· 只要查明：{_ways(row.findings)}"
        yield f"　——{row.state_label}：{'；'.join(_gathered(row.admits)) or '没有可以作出的处理'}"
    if len(uncertain.deciding) > _MOST:
        yield f"（另有 {len(uncertain.deciding) - _MOST} 组，见 JSON）"
