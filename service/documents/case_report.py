"""The report of the inquiry: its six groups in the order of the regulation, each with the records that belong to it. Source: art-9.2.2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from models.domain.cases.case import Case
from models.domain.matter import Record
from rules.contract.case_effects import AboutPerson, Reported
from service.documents.case_basis import moved
from service.documents.case_dossier import Dossier
from service.documents.case_words import (
    BLANK_DAY,
    LATE,
    committee,
    established_items,
    findings_table,
    headed,
    late_entries,
    matters_table,
    of_action,
    paragraphs,
    persons_table,
    points_said,
    regulation,
)
from service.documents.forms import day, narrow_day
from service.documents.paper import Block, Line, Paper, Table, cell, listing

REPORT = "调查报告"
_PROCESS = (
    "propose",
    "approve",
    "form_team",
    "add_member",
    "recuse",
    "approve_again",
    "serve_fact_material",
    "hear",
    "sign",
    "discuss",
)
"""The steps of the inquiry that the report tells of."""


def report_paper(dossier: Dossier, made: Record | None) -> Paper:
    """The report as it was made; as a draft (None), what the records hold so far."""
    case = dossier.as_of(made.number) if made else dossier.case
    book = dossier.book
    said = made.effect if made and isinstance(made.effect, Reported) else Reported(groups={}, signatures=())
    parts = (
        (
            label,
            [
                *paragraphs(said.groups.get(name), "（尚未撰写）"),
                *(_ADDED[name](dossier, case) if name in _ADDED else ()),
            ],
        )
        for name, label in book.proceedings.words["report_groups"].items()
    )
    blocks = (
        Line(f"关于{case.title}的\n问责{REPORT}", "title"),
        Line(f"{committee(book)}：", "plain"),
        Line(f"依照{regulation(book)}{of_action(book, 'report')}的规定，调查组经集体讨论，形成本报告。"),
        *headed(parts),
        *_signatures(case, said.signatures),
        Line(day(made.on) if made else BLANK_DAY, "date"),
    )
    return Paper(f"{case.title}的问责{REPORT}", blocks)


def _subject(dossier: Dossier, case: Case) -> Iterator[Block]:
    yield Line("调查对象", "caption")
    yield persons_table(case.persons.values(), dossier.book)


def _basis(dossier: Dossier, case: Case) -> Iterator[Block]:
    yield Line("所涉督查督办事项", "caption")
    until = dossier.moment(case)  # a draft tells of everything
    yield matters_table(dossier.matters, dossier.book, until)
    entered = list(late_entries(dossier.matters, dossier.book, until))
    yield from [Line(LATE, "caption"), *map(Line, entered)] if entered else ()


def _process(dossier: Dossier, case: Case) -> Iterator[Block]:
    """The team, and the steps with their days and provisions."""
    book = dossier.book
    team = ((str(at), one.name, one.unit, "组长" if one.head else "成员", "" if one.active else "已回避")
            for at, one in enumerate(case.team, 1))  # fmt: skip
    yield Line("调查组", "caption")
    yield listing(
        ("序号", "姓名", "单位", "职责", "备注"), team, (12.0, 36.0, 60.0, 24.0, 24.0), centred=frozenset({0, 1, 3, 4})
    )
    steps = [record for record in case.records if record.action in _PROCESS]
    rows = (
        (str(at), narrow_day(record.on), book.proceedings.actions[record.action].label, _about(case, record),
         record.actor.name, of_action(book, record.action))
        for at, record in enumerate(steps, 1)
    )  # fmt: skip
    yield Line("调查经过", "caption")
    columns, widths = ("序号", "日期", "办理", "调查对象", "办理人", "依据"), (12.0, 22.0, 40.0, 24.0, 24.0, 34.0)
    yield listing(columns, rows, widths, centred=frozenset({0, 1, 3, 4}))


def _about(case: Case, record: Record) -> str:
    return case.persons[record.effect.person].name if isinstance(record.effect, AboutPerson) else ""


def _facts(dossier: Dossier, case: Case) -> Iterator[Block]:
    """Every person's findings, and how they carried the decision out."""
    for person in case.persons.values():
        yield Line(f"对{person.name}的认定和证据", "caption")
        yield from findings_table(person, dossier.book)
        conduct = person.findings.get("conduct")
        if conduct is not None:
            said = dossier.book.vocabulary.enumerations["conduct"][conduct.value]
            yield Line(f"{person.name}的执行情况：{said}（{of_action(dossier.book, 'find')}）。")
        last = dossier.evaluated(person.id, person.receipt_id)
        items = [
            *established_items(dossier.book, person, last.of(person.id) if last else None),
            *map(Line, moved(dossier, case, person.id, last)),
        ]
        if items:
            yield Line(f"{person.name}的从宽从严情形", "caption")
            yield from items


def _attitude(dossier: Dossier, case: Case) -> Iterator[Block]:
    """Every point of the defence with its answer, and what was signed."""
    words = dossier.book.proceedings.words["signatures"]
    for person in case.persons.values():
        points = list(person.points.values())
        yield Line(f"{person.name}提出申辩意见{len(points)}条。" if points else f"{person.name}没有提出申辩意见。")
        yield from points_said(points, dossier.book, answers=True)
        if person.signature is not None:
            yield Line(f"{person.name}在事实材料上{words[person.signature.kind]}。")
            yield from paragraphs(f"调查组的说明：{person.signature.note}" if person.signature.note else None)


_ADDED: Mapping[str, Callable[[Dossier, Case], Iterator[Block]]] = {
    "subject": _subject,
    "basis": _basis,
    "process": _process,
    "facts": _facts,
    "attitude": _attitude,
}
"""Group of the report → what the records add to its text."""


def _signatures(case: Case, signed: tuple[str, ...]) -> Iterator[Block]:
    """The members, each with the place to sign; who signed is told by the record."""
    members = [one for one in case.active if not signed or one.name in signed]
    yield Line("调查组签名", "caption")
    rows = tuple(
        (cell("组长" if one.head else "成员", "label"), cell(f"{one.name}（{one.unit}）"),
         cell("已签名" if signed else "签名：", "cell"))
        for one in sorted(members, key=lambda one: not one.head)
    )  # fmt: skip
    if rows:
        yield Table((28.0, 76.0, 52.0), rows, heights=(14.0,) * len(rows))
