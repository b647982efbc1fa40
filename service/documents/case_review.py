"""What the committee deliberates on: findings and evidence first, the recommendation behind them, every choice left blank.

The recommendation is that of the stored receipt. Nothing is chosen for the committee. Source: art-9.2.2.d, art-8.2, art-8.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.answer import AnsweredPerson, Because, Step
from rules.answering import Slot
from rules.contract.case_effects import Reported
from rules.rulebook import Rulebook
from service.documents.case_basis import moved
from service.documents.case_dossier import Dossier, Evaluated
from service.documents.case_words import (
    BLANK_DAY,
    ended,
    evidence_words,
    findings_table,
    headed,
    introduced,
    matters_table,
    of_action,
    of_guard,
    paragraphs,
    points_said,
)
from service.documents.forms import narrow_day
from service.documents.paper import Block, Cell, Line, NewPage, Paper, Table, cell, listing
from service.documents.report import BASES, Report

REVIEW = "审议材料"
_ROW, _CHOICE = 14.0, 22.0


def review_material(dossier: Dossier, person: str) -> Paper:
    """The material on one person, and the record that the committee fills in."""
    book, about = dossier.book, dossier.case.persons[person]
    evaluations = dossier.evaluations.get(person, ())
    last = evaluations[-1] if evaluations else None
    until = dossier.moment(dossier.deliberated(person))
    who: list[Block] = [Line(introduced(about, book)), matters_table(dossier.matters, book, until)]
    parts: tuple[tuple[str, Iterable[Block]], ...] = (
        ("调查对象", who),
        ("认定和证据", findings_table(about, book)),
        ("申辩意见和答复", _defence(dossier, person)),
        ("调查组的处理意见以及依据", _opinion(dossier)),
        ("历次处理建议", _listed(evaluations, person)),
        ("处理建议及其推理过程", _recommendation(dossier, last, person)),
        ("未查明的事实和会改变结果的变化", _changes(last, person)),
    )
    blocks = (
        Line(f"关于{about.name}问责事宜的\n{REVIEW}", "title"),
        Line(f"（{dossier.case.title}）", "number"),
        *headed(parts),
        NewPage(),
        *_to_fill_in(dossier, about.name, last.of(person) if last else None),
    )
    return Paper(f"{REVIEW}（{about.name}）", blocks)


def _defence(dossier: Dossier, person: str) -> Iterator[Line]:
    about, words = dossier.case.persons[person], dossier.book.proceedings.words["signatures"]
    if not about.points:
        yield Line("没有提出申辩意见。")
    yield from points_said(about.points.values(), dossier.book, answers=True)
    if about.signature is not None:
        note = f"调查组的说明：{about.signature.note}" if about.signature.note else ""
        yield from paragraphs(f"在事实材料上{words[about.signature.kind]}。{note}")


def _opinion(dossier: Dossier) -> Iterator[Line]:
    reports = dossier.told(Reported) if dossier.stands("report") else []
    yield from paragraphs(reports[-1][1].groups["opinion"] if reports else None, "（调查报告尚未形成）")


def _listed(evaluations: Iterable[Evaluated], person: str) -> Iterator[Block]:
    """Every evaluation of the person by number: none is kept from the committee."""
    rows = [
        (str(one.at), narrow_day(one.record.on), one.record.actor.name, _outcome(one.of(person), one.book),
         _bounds(one.of(person).range_mandatory, one.book), one.receipt_id)
        for one in evaluations
    ]  # fmt: skip
    if not rows:
        yield Line("尚未请求处理建议。")
        return
    columns, widths = ("序号", "日期", "请求人", "结论", "应当的区间", "回执"), (12.0, 22.0, 22.0, 34.0, 30.0, 36.0)
    yield listing(columns, rows, widths, centred=frozenset({0, 1, 2}))


def _outcome(found: AnsweredPerson, book: Rulebook) -> str:
    return book.vocabulary.enumerations["outcome"][found.outcome]


def _bounds(bounds: Iterable[str] | None, book: Rulebook) -> str:
    """Both ends of a range, also where they are the same: it is a range, no measure that is recommended."""
    if bounds is None:
        return "不产生区间"
    low, high = (book.vocabulary.enumerations["measure"][one] for one in bounds)
    return f"下限：{low}；上限：{high}"


class _Steps(Report):
    """The reasoning of a receipt, in the words of the printed report."""

    def table(self, person: AnsweredPerson) -> Table:
        """Each step with its provision's words, what it rests on, and the readings used."""
        rows = (
            (str(at), self._headed(step), f"{step.citation}：“{step.text}”", "\n".join(self._because(step)))
            for at, step in enumerate(person.steps, 1)
        )
        columns, widths = ("序号", "步骤和结果", "条款", "所依据的认定和解释"), (12.0, 42.0, 48.0, 54.0)
        return listing(columns, rows, widths, centred=frozenset({0}))

    def _headed(self, step: Step) -> str:
        state = self.state(step.status)
        return f"{step.label}{f'：{state}' if state else ''}\n（{BASES[step.basis]}）"

    def _because(self, step: Step) -> Iterator[str]:
        for because in step.because:
            yield f"{because.label}：{self.state(because.status)}{self._rests_on(because)}"
        for reading in step.readings:
            yield f"解释{reading.reading}（不是规章内容）：{reading.text}"

    def _rests_on(self, because: Because) -> str:
        if self.book.vocabulary.is_derived(because.element):
            return "（由案卷日期和记录推算）"
        said = evidence_words(because.evidence).replace("\n", "；")
        return f"（证据：{said}）" if said else ""

    def flags(self, person: AnsweredPerson) -> Iterator[Line]:
        for flag in person.flags:
            yield Line(f"提示：{ended(self.flag(flag).replace('，见第三部分', ''))}")

    def changing(self, person: AnsweredPerson) -> Iterator[Line]:
        """What is open, and what would change the result: findings, then readings."""
        if person.open_facts:
            yield Line(f"未查明：{'；'.join(self.fact(fact) for fact in person.open_facts)}。")
        for (was, to, new), facts in self.changes(person.flips).items():
            yield Line(f"{'；'.join(facts)}：由“{was}”变为“{to}”的，{new}。")
        for row in person.readings:
            changes = self.altered(row.differs) if row.differs else "结果不变"
            yield Line(f"{row.question}，如按“{row.text}”（解释{row.reading}）：{changes}。")


def _recommendation(dossier: Dossier, last: Evaluated | None, person: str) -> Iterator[Block]:
    """The result of the last receipt as a range, and the steps that led to it."""
    if last is None:
        yield Line("尚未请求处理建议。")
        return
    found, book = last.of(person), last.book
    words, says = book.vocabulary.enumerations, _Steps(book)
    rulebook = last.answer.rulebook
    yield Line(ended(last.answer.notice))
    yield Line(
        f"以下为第{last.at}次处理建议（回执{last.receipt_id}，规则版本{rulebook.sha256[:16]}，策略表{rulebook.policy}），"
        "按当时的认定得出。策略表和解释不是规章内容。"
    )
    yield from map(Line, moved(dossier, dossier.deliberated(person), person, last))
    yield Line(f"结论：{_outcome(found, book)}。应当的区间：{_bounds(found.range_mandatory, book)}。")
    yield Line(f"行使裁量（可以从轻、减轻）时的区间：{_bounds(found.range_if_discretion, book)}。")
    yield Line(f"不予、免予问责：{words['exemption'][found.exemption.state]}。")
    yield Line(f"纪律处分衔接：{words['discipline_track'][found.discipline_track]}。")
    yield from says.flags(found)
    yield Line("推理过程", "caption")
    yield says.table(found)


def _changes(last: Evaluated | None, person: str) -> Iterator[Line]:
    if last is not None:
        found = list(_Steps(last.book).changing(last.of(person)))
        yield from found or [Line("没有单独一项变化会改变结果。")]


def _to_fill_in(dossier: Dossier, name: str, found: AnsweredPerson | None) -> Iterator[Block]:
    """The questions of discretion with space for a choice and its reason, and the record of the meeting; all of it blank."""
    book = dossier.book
    yield Line(f"对{name}的审议记录", "title")
    yield Line(ended(f"依照{of_action(book, 'decide')}由学校党委审议决定；{book.guards['discretion_reasoned'].text}"
                     f"（{of_guard(book, 'discretion_reasoned')}）"))  # fmt: skip
    yield Line("裁量事项", "caption")
    raised = found.discretion if found else ()
    others = [slot for slot in book.slots() if slot.slot not in {one.slot for one in raised}]
    if raised:
        yield _slots(raised)
    if raised and others:
        yield NewPage()
    if others:
        yield Line("处理建议没有提出的裁量事项，如须决定，同样填写", "caption")
        yield _slots(others)
    yield NewPage()
    yield Line("审议结果", "caption")
    yield _result(book)


def _slots(slots: Iterable[Slot]) -> Table:
    head = tuple(cell(text, "label") for text in ("裁量事项", "选择", "理由"))
    rows = tuple(
        (Cell((Line(slot.question, "cell"), Line(f"（{slot.citation}）", "small"))),
         Cell(tuple(Line(f"☐ {option}", "cell") for option in slot.options) or (Line("", "cell"),)),
         cell(""))
        for slot in slots
    )  # fmt: skip
    return Table((56.0, 40.0, 60.0), (head, *rows), heights=(_ROW, *[_CHOICE] * len(rows)))


def _result(book: Rulebook) -> Table:
    """The committee's own record: outcome, measures, departure, referral, meeting, vote."""
    words, measures = book.proceedings.words, book.vocabulary.enumerations["measure"]
    fields = (
        ("结果", [f"☐ {label}" for label in words["outcomes"].values()]),
        ("问责方式", [f"☐ {measures[name]}" for name in book.ladder]),
        (f"在建议区间以外\n的理由（{of_guard(book, 'departure_reasoned')}）", ["", "", ""]),
        ("纪律处分的衔接", ["☐ 移送纪检监察机构研判　☐ 不移送", "说明："]),
        ("会议、日期", [BLANK_DAY]),
        ("出席人员", ["", ""]),
        ("回避人员及事由", ["", ""]),
        ("表决", ["赞成　　　票　反对　　　票　弃权　　　票"]),
        ("记录人签名", [""]),
    )
    rows = tuple((cell(label, "label"), Cell(tuple(Line(text, "cell") for text in texts))) for label, texts in fields)
    return Table((46.0, 110.0), rows, heights=(_ROW,) * len(rows))
