"""A replay as data: JSON and a workbook, both written row by row, however many persons it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import IO, Any

import orjson

from rules.analysis.amendment import Version
from rules.analysis.replay import POLICY, Change, ComparedAnswer, State
from service.documents.analysis.replay_words import DRAFT, NOTICE, FinishedReplay
from service.documents.parts.plain_sheets import PlainWorkbook

Changed = Iterable[tuple[str, str, Change]]
"""Case, person, change, in the order of the cases; gone through once a file."""


def write_json(told: FinishedReplay, changes: Changed, out: IO[bytes]) -> None:
    """One object; ``changes`` is its last member, a line for each person."""
    out.write(orjson.dumps(summary(told), option=orjson.OPT_INDENT_2).removesuffix(b"\n}") + b',\n  "changes": [')
    for place, (case, person, change) in enumerate(changes):
        out.write((b",\n    " if place else b"\n    ") + orjson.dumps(_changed(told, case, person, change)))
    out.write(b"\n  ]\n}\n")


def summary(told: FinishedReplay) -> dict[str, Any]:
    """All but the persons."""
    tally = told.tally
    return {
        "notice": NOTICE,
        "source": told.source,
        "rulebooks": [_version(version) for _, version in told.versions()],
        "compared_with_answers_then": told.compares and told.before is None,
        "persons": tally.persons,
        "changed": tally.changed if told.compares else None,
        "sampled_against_engine": told.sampled,
        "notes": list(told.notes),
        "states": [
            {"from": _state(before), "to": _state(after), "persons": number, "label": told.state(after)}
            for before, after, number in tally.ordered()
        ],
        "fields": dict(tally.fields.most_common()),
        "provisions": [
            {"provision": None if name == POLICY else name, "citation": told.provision(name), "persons": number}
            for name, number in tally.provisions.most_common()
        ],
    }


def _version(version: Version) -> dict[str, Any]:
    book = version.book
    return {
        "id": book.id, "title": book.title, "in_force_from": book.in_force_from.isoformat(), "sha256": book.sha256,
        "policy": book.policy_id, "draft": book.draft is not None, "basis": version.basis or None,
        "replacements": [asdict(change) for change in version.changes],
    }  # fmt: skip


def _state(state: State | None) -> dict[str, Any] | None:
    return {"outcome": state[0], "range_mandatory": state[1]} if state else None


def _changed(told: FinishedReplay, case: str, person: str, change: Change) -> dict[str, Any]:
    def values(answer: ComparedAnswer) -> dict[str, Any]:
        return {name: getattr(answer, name) for name in change.fields}

    return {
        "case": case, "person": person, "before": values(change.before), "after": values(change.after),
        "provisions": [name for name in change.provisions if name != POLICY], "policy": POLICY in change.provisions,
        "label": told.differences(change),
    }  # fmt: skip


def write_xlsx(told: FinishedReplay, changes: Changed, out: IO[bytes]) -> None:
    """Sheets: what was replayed, from what to what as a list and as a matrix, what changes, by which provisions, each person."""
    tally = told.tally
    with PlainWorkbook(out) as book:
        book.write("说明", ("项目", "内容"), facts(told))
        rows = [(told.state(before), told.state(after), number) for before, after, number in tally.ordered()]
        book.write("从何到何" if told.compares else "结论", ("前", "后", "人数"), rows)
        if told.compares:
            book.write("矩阵", *_matrix(told))
        fields = [(told.field(name), number) for name, number in tally.fields.most_common()]
        book.write("变化的项目", ("项目", "人数"), fields)
        provisions = [(told.provision(name), number) for name, number in tally.provisions.most_common()]
        book.write("所依条款", ("条款", "人数"), provisions)
        header = ("案件", "人员", "前", "后", "变化", "所依条款")
        book.write("变化的人员", header, (_row(told, *found) for found in changes))


def _matrix(told: FinishedReplay) -> tuple[list[str], list[list[str | int]]]:
    """The states before down, the states after across."""
    states = told.tally.states
    down = dict.fromkeys(before for before, _ in states)
    across = dict.fromkeys(after for _, after in states)
    rows: list[list[str | int]] = [
        [told.state(before), *(states[before, after] for after in across)] for before in down
    ]
    return ["前 ＼ 后", *map(told.state, across)], rows


def _row(told: FinishedReplay, case: str, person: str, change: Change) -> tuple[str, ...]:
    states = told.state(change.before.state), told.state(change.after.state)
    return (case, person, *states, told.differences(change), told.provisions(change))


def facts(told: FinishedReplay) -> Iterator[tuple[str, str | int]]:
    """What was replayed under what, line by line."""
    yield "比较" if told.compares else "推算", told.head
    yield "对象", told.source
    yield "人数", told.tally.persons
    if told.compares:
        yield "有变化的人数", told.tally.changed
    for place, version in told.versions():
        book = version.book
        yield (
            f"规则集（{place}）",
            f"{f'【{DRAFT}】' if book.draft else ''}{book.title}，{book.id}，sha256 {book.sha256}",
        )
        if version.basis:
            yield f"修改的依据（{place}）", version.basis
        for change in version.changes:
            words = f"；条文拟改为“{change.words}”" if change.words else ""
            yield f"修改（{place}）", f"{change.what}：{change.was} → {change.becomes}{words}"
    if told.sampled:
        yield "与规则引擎逐一核对", f"{told.sampled} 份结果，全部一致"
    for note in told.notes:
        yield "注意", note
    yield "说明", NOTICE
