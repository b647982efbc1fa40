"""The documents of the inquiry: proposal and approval, fact material, record of the hearing. Source: art-9.0, art-9.2.1."""

from __future__ import annotations

from collections.abc import Iterator

from models.domain.cases.case import Case
from models.domain.cases.parts import Person
from models.domain.matter import Record
from rules.contract.case_effects import Approved, FactMaterialServed, Heard, NotApproved, Signed
from rules.contract.effect import Reasoned
from service.documents.case_basis import moved
from service.documents.case_dossier import Dossier
from service.documents.case_words import (
    BLANK_DAY,
    LATE,
    cited,
    established_items,
    findings_table,
    headed,
    introduced,
    late_entries,
    of_action,
    paragraphs,
    points_said,
    titled,
)
from service.documents.forms import day
from service.documents.paper import Block, Cell, Line, NewPage, Paper, Table, cell

APPROVAL, FACTS, HEARING = "问责调查审批表", "事实材料", "谈话（听取陈述申辩）笔录"
_WIDTHS = (32.0, 46.0, 32.0, 46.0)
_ROW, _TALL = 14.0, 40.0
_HAND = 17
"""Characters before the date where people sign: it stands on the same line."""


def approval_form(dossier: Dossier) -> Paper:
    """The proposal, and what the leader wrote under it."""
    case, book = dossier.case, dossier.book
    proposal = case.records[0]
    reason = proposal.effect.reason if isinstance(proposal.effect, Reasoned) else None
    situations = [f"{found.label}（{cited(book, found.provision)}）" for found in
                  (book.rules[name] for name in case.situations)]  # fmt: skip
    persons = [f"{one.name}，{one.unit}{one.post}" for one in case.persons.values()]
    rows = [
        _field("案由", case.title),
        _field("所涉事项", *_numbered(titled(one) for one in dossier.matters)),
        _field("调查对象", *_numbered(persons)),
        _field("发现的问责情形", *_numbered(situations)),
        _field("提出调查的理由", *(line.text for line in paragraphs(reason))),
        (cell("提出人", "label"), cell(_who(proposal)), cell("提出日期", "label"), cell(day(proposal.on))),
        (cell("批准人意见", "label"), Cell(tuple(_opinion(dossier)), across=3, middle=False)),
    ]
    heights = (_ROW, _ROW, _ROW, _ROW, _TALL, _ROW, _TALL)
    blocks = (
        Line(APPROVAL, "title"),
        Table(_WIDTHS, tuple(rows), heights=heights),
        Line(f"依据：《{book.title}》{of_action(book, 'approve')}。", "below"),
    )
    return Paper(f"{APPROVAL}（{case.title}）", blocks)


def _numbered(texts: Iterator[str] | list[str]) -> list[str]:
    found = list(texts)
    return found if len(found) < 2 else [f"{at}. {text}" for at, text in enumerate(found, 1)]


def _field(label: str, *texts: str) -> tuple[Cell, ...]:
    return (cell(label, "label"), Cell(tuple(Line(text, "cell") for text in texts or ("",)), across=3))


def _who(record: Record) -> str:
    return f"{record.actor.name}（{record.actor.unit}）" if record.actor.unit else record.actor.name


def _opinion(dossier: Dossier) -> Iterator[Line]:
    """What was approved or refused; space for it where nothing was yet."""
    found = dossier.last("approve") or dossier.last("refuse")
    if found is None:
        yield from (Line("", "cell"), Line("批准人签名：　　　　　　", "cell_sign"), Line(BLANK_DAY, "cell_date"))
        return
    yield Line(f"{dossier.book.proceedings.actions[found.action].label}。", "cell")
    match found.effect:
        case Approved(opinion=said) | NotApproved(reason=said):
            yield from (Line(line.text, "cell") for line in paragraphs(said))
    yield Line(f"批准人：{_who(found)}", "cell_sign")
    yield Line(day(found.on), "cell_date")


def fact_material(dossier: Dossier, person: str, served: Record | None) -> Paper:
    """The text that was served with the findings as they then stood, and the place to sign. served: None for a draft."""
    case = dossier.as_of(served.number) if served else dossier.case
    about, book = case.persons[person], dossier.book
    said = served.effect.text if served and isinstance(served.effect, FactMaterialServed) else None
    facts = paragraphs(said, "（尚未撰写）")
    blocks = [
        Line(FACTS, "title"),
        Line(f"（{case.title}）", "number"),
        *headed((
            ("调查对象", [Line(introduced(about, book))]),
            ("事实", facts),
            ("认定和证据", findings_table(about, book)),
            ("从宽从严的情形", _items(dossier, case, about, served)),
            (LATE, map(Line, late_entries(dossier.matters, book, served.recorded_at if served else None))),
            ("签署意见", [Line(f"依照{of_action(book, 'sign')}的规定，请在下面签署意见。", "last")]),
        )),
        _signing(dossier, person, served),
        *_signed_by_team(case, served),
    ]  # fmt: skip
    return Paper(f"{FACTS}（{about.name}）", tuple(blocks))


def _items(dossier: Dossier, case: Case, person: Person, served: Record | None) -> Iterator[Line]:
    """By the last receipt before the material was served; by the findings and the ledger where none had been asked for."""
    number = served.number if served else len(dossier.case.records) + 1
    known = [one for one in dossier.evaluations.get(person.id, ()) if one.record.number < number]
    answer = known[-1].of(person.id) if known else dossier.by_ledger(case, person.id, served)
    yield from established_items(dossier.book, person, answer, by_findings=True)
    yield from map(Line, moved(dossier, case, person.id, known[-1] if known else None))


def _signing(dossier: Dossier, person: str, served: Record | None) -> Table:
    """What the person wrote under this material, and the team's note; blank where nothing was signed."""
    later = [
        one.number for one in dossier.records("serve_fact_material", person) if served and one.number > served.number
    ]
    until = min(later, default=len(dossier.case.records) + 1)
    signed = [one for one in dossier.told(Signed, person) if served and served.number < one[0].number < until]
    own = [one for one in signed if one[0].actor.kind == "person"]
    said = (own or signed)[-1] if signed else None
    noted = next((one for one in reversed(signed) if one[0].actor.kind == "team"), None)
    name = dossier.case.persons[person].name
    rows = (
        (cell("调查对象\n签署意见", "label"), Cell(tuple(_said(dossier, said, name)), middle=False)),
        (cell("调查组说明\n或者注明", "label"), Cell(tuple(_noted(noted)), middle=False)),
    )
    return Table((32.0, 124.0), rows, heights=(_TALL, _TALL))


def _said(dossier: Dossier, said: tuple[Record, Signed] | None, name: str) -> Iterator[Line]:
    if said is None:
        yield from (Line("", "cell"), Line("签名：　　　　　　", "cell_sign"), Line(BLANK_DAY, "cell_date"))
        return
    found, signature = said
    yield Line(f"{dossier.book.proceedings.words['signatures'][signature.kind]}。", "cell")
    yield from (Line(line.text, "cell") for line in paragraphs(signature.text))
    signer = name if signature.kind != "refuses" else "（拒签）"
    yield from (Line(f"签名：{signer}", "cell_sign"), Line(day(found.on), "cell_date"))


def _noted(said: tuple[Record, Signed] | None) -> Iterator[Line]:
    note = said[1].note if said else None
    yield from (Line(line.text, "cell") for line in paragraphs(note))
    yield Line(f"调查组：{said[0].actor.name if said and note else '　　　　　　'}", "cell_sign")
    yield Line(day(said[0].on) if said and note else BLANK_DAY, "cell_date")


def _signed_by_team(case: Case, served: Record | None) -> Iterator[Line]:
    yield Line(f"调查组组长：{case.head.name if case.head else ''}", "sign")
    yield Line(day(served.on) if served else BLANK_DAY, "date")


def hearing_record(dossier: Dossier, person: str) -> Paper:
    """Every hearing of the person, each on a page of its own, with the points raised until the next one."""
    heard = dossier.told(Heard, person)
    about = dossier.case.persons[person]
    blocks: list[Block] = []
    for at, (record, said) in enumerate(heard or [(None, Heard(person=person, present=()))]):
        if at:
            blocks.append(NewPage())
        after = heard[at - 1][0].number if at else 0
        until = heard[at + 1][0].number if at + 1 < len(heard) else len(dossier.case.records) + 1
        start = record.number if record and at else after
        points = [one for one in about.points.values() if start <= one.number < until]
        blocks += _hearing(dossier, about, (record, said), [one.id for one in points])
    return Paper(f"{HEARING}（{about.name}）", tuple(blocks))


def _hearing(dossier: Dossier, about: Person, heard: tuple[Record | None, Heard], points: list[str]) -> Iterator[Block]:
    book, (record, said) = dossier.book, heard
    yield Line(HEARING, "title")
    rows = (
        (cell("案由", "label"), cell(dossier.case.title, across=3)),
        (cell("调查对象", "label"), cell(about.name), cell("单位及职务", "label"), cell(f"{about.unit}{about.post}")),
        (cell("日期", "label"), cell(day(record.on if record else None)), cell("地点", "label"),
         cell(said.place or "")),
        (cell("在场人员", "label"), cell("、".join(said.present), across=3)),
    )  # fmt: skip
    yield Table(_WIDTHS, rows, heights=(_ROW,) * 4)
    listed = points_said((about.points[name] for name in points), book, answers=False)
    yield from headed((
        ("陈述和申辩", paragraphs(said.text, "（尚未记录）")),
        ("申辩意见", listed if points else [Line("没有单独列出的申辩意见。")]),
    ))  # fmt: skip
    yield Line(f"以上内容依照{of_action(book, 'hear')}的规定记录在案。", "last")
    yield from _hands(("调查对象核对后签名：", "调查组成员签名：", "记录人签名："))


def _hands(labels: tuple[str, ...]) -> Iterator[Line]:
    """Where people sign by hand: lines that stand on one page."""
    for label in labels:
        yield Line("", "last")
        yield Line(f"{label.ljust(_HAND, '　')}{BLANK_DAY.strip()}", "last" if label != labels[-1] else "body")
