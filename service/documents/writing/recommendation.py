"""A recommendation as a report that a committee member can read on paper: plain words, the provision beside each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rules.answering import Slot
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import (
    AnsweredDuty,
    AnsweredPerson,
    Due,
    Flip,
    OtherReading,
    Recommendation,
    Step,
    SupervisionCount,
)
from rules.reasoning.ledger_answer import BesideRule, FromLedger, LedgerAct

_RULE = "─" * 60
BASES = {"law": "规章", "policy": "策略表，不是规章内容", "reading": "解释，不是规章内容", "superior": "上级文件"}
"""On what a step rests."""
_BASIS = BASES | {"reading": "解释"}
_SOURCE = {
    "law": "本办法",
    "superior": "上级文件",
    "policy": "工作提醒，不是规章期限",
    "unconfirmed": "尚未确认，不作为依据",
}
_MARK = {
    "V": "已读到条文，尚未经学校确认",
    "S": "只有间接来源，尚未确认",
    "M": "未核对，尚未确认",
}
_FROM = {"decision": "决定之日", "receipt": "收到《问责决定书》之日"}
_STATES = {"not_raised": "未提出", "yes": "有", "no": "无", "required": "应当做到", "allowed": "由人决定", "base": ""}
FIELDS = {
    "outcome": "结论",
    "exemption": "不予、免予问责",
    "mitigation": "从轻减轻情形",
    "aggravation": "从重加重情形",
    "base": "基本区间",
    "range_mandatory": "应当的区间",
    "range_if_discretion": "行使裁量时的区间",
    "discipline_track": "纪律处分衔接",
}


RANGES = ("base", "range_mandatory", "range_if_discretion")


def flag_labels(book: Rulebook) -> dict[str, str]:
    """Flag → what it is called."""
    capped = book.aggravation.capped
    return {choice.id: choice.label for choice in (*book.flags, *([capped] if capped else ()))}


def _late(act: LedgerAct) -> str:
    """When, by whom and why an act was entered that was not entered in time."""
    if not act.late:
        return ""
    reason = f"，理由：{act.late_reason}" if act.late_reason else "，没有写明理由"
    return f"（补录：{act.entered_on} 由{act.entered_by}录入{reason}）"


class RecommendationInWords:
    """Renders recommendations in the words of one rulebook."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.words = book.vocabulary.enumerations

    def render(self, recommendation: Recommendation, names: Mapping[str, str | None]) -> str:
        """The report of a whole case. names: person id → name as in the case file."""
        head = [_RULE, f"问责处理建议（{recommendation.notice}）", _RULE, f"案件：{recommendation.case}"]
        rulebook = recommendation.rulebook
        head.append(f"依据：《{self.book.title}》（{self.book.number}），{rulebook.in_force_from} 起施行")
        head.append(f"规则版本：{rulebook.sha256[:16]}　策略表：{rulebook.policy}")
        ledger = recommendation.ledger
        for person_id, person in recommendation.persons.items():
            head += ["", *self._person(names.get(person_id) or person_id, person)]
            head += self._beside(ledger.persons[person_id]) if ledger else []
        head += self._records(ledger) if ledger else []
        return "\n".join([*head, "", recommendation.notice, _RULE])

    def _person(self, name: str, person: AnsweredPerson) -> Iterator[str]:
        yield f"【{name}】"
        yield f"结论：{self.words['outcome'][person.outcome]}"
        if person.base:
            yield f"　应当的区间：{self.range(person.range_mandatory)}"
            if person.range_if_discretion != person.range_mandatory:
                yield f"　行使裁量（可以）时的区间：{self.range(person.range_if_discretion)}"
        if person.conditional:
            yield f"　如另查明不适宜担任现职，应当的区间为：{self.range(person.conditional)}"
        if person.exemption.state != "none":
            yield f"　不予、免予问责：{self.words['exemption'][person.exemption.state]}"
        if person.discipline_track != "not_triggered":
            yield f"　纪律处分衔接：{self.words['discipline_track'][person.discipline_track]}"
        for flag in person.flags:
            yield f"　提示：{self.flag(flag)}"
        yield from self._steps(person.steps)
        yield from self._acts(person.supervision_count)
        yield from self._readings(person.readings)
        yield from self._open(person)
        yield from self._discretion(person.discretion)
        yield from self._duties(person.duties)

    def _steps(self, steps: Iterable[Step]) -> Iterator[str]:
        yield ""
        yield "一、推理过程"
        for number, step in enumerate(steps, 1):
            status = self.state(step.status)
            yield f"{number}. {step.label}{'：' + status if status else ''}（{_BASIS[step.basis]}）"
            yield f"　　{step.citation}：“{step.text}”"
            for because in step.because:
                evidence = "；".join(self.evidence(item) for item in because.evidence) or "（未附证据）"
                derived = self.book.vocabulary.is_derived(because.element)
                shown = "由案卷日期和记录推算" if derived else evidence
                yield f"　　· {because.label}：{self.state(because.status)}——{shown}"
            for other in step.also:
                yield f"　　另见 {other.citation}：“{other.text}”"
            for reading in step.readings:
                yield f"　　解释 {reading.reading}（不是规章内容）：{reading.text}"

    def _acts(self, count: SupervisionCount) -> Iterator[str]:
        if not count.records:
            return
        yield ""
        yield f"二、督办计次：督办、催办均计 {count.office_acts} 次；只计督办 {count.formal_only} 次"
        for act in count.records:
            entered = f"，{act.entered_on} 录入" if act.entered_on else ""
            yield f"　　{act.date} {self.words['act_kind'][act.kind]}（{act.by}{entered}）：{act.why}"

    def _readings(self, readings: Iterable[OtherReading]) -> Iterator[str]:
        yield ""
        yield "三、换一种解释会怎样"
        for row in readings:
            changes = self.altered(row.differs) if row.differs else "结果不变"
            yield f"　　{row.question}——如按“{row.text}”：{changes}"

    def _open(self, person: AnsweredPerson) -> Iterator[str]:
        yield ""
        yield "四、尚未查明的事实，以及什么会改变结果"
        if person.open_facts:
            yield f"　　未查明：{'；'.join(self.fact(fact) for fact in person.open_facts)}"
        for (was, to, new), facts in self.changes(person.flips).items():
            which = f"下列任何一项由“{was}”变为“{to}”" if len(facts) > 1 else f"{facts[0]}由“{was}”变为“{to}”"
            yield f"　　如{which}：{new}"
            if len(facts) > 1:
                yield from (f"　　　· {fact}" for fact in facts)
        if not person.open_facts and not person.flips:
            yield "　　没有单独一项变化会改变结果"

    def changes(self, flips: Iterable[Flip]) -> dict[tuple[str, str, str], list[str]]:
        """The facts, gathered under the change and the result that they share; readings have a part of their own."""
        gathered: dict[tuple[str, str, str], list[str]] = {}
        for flip in flips:
            if flip.kind != "reading":
                change = (self.value(flip.from_), self.value(flip.to), self.altered(flip.new))
                gathered.setdefault(change, []).append(self.fact(flip.fact))
        return gathered

    def _discretion(self, slots: Sequence[Slot]) -> Iterator[str]:
        if not slots:
            return
        yield ""
        yield "五、留给人决定的事项（每项均须写明理由）"
        for slot in slots:
            options = f"　可选：{'、'.join(slot.options)}" if slot.options else ""
            yield f"　　□ {slot.question}（{slot.citation}）{options}"
            yield "　　　 理由：____________________________"

    def _duties(self, duties: Sequence[AnsweredDuty]) -> Iterator[str]:
        if not duties:
            return
        yield ""
        yield "六、作出决定之后"
        for duty in duties:
            yield f"　　{duty.who}：{duty.what}（{duty.citation}；{_SOURCE[duty.source]}）{self._due(duty.due)}"
            for row in duty.periods or ():
                months = f"{row.months}个月" if row.months else "没有查到期限"
                state = f"已确认，期满 {row.nominal}" if row.nominal else _MARK[row.mark]
                yield f"　　　　{row.label}：{months}（{row.basis}；{state}）"

    def _beside(self, rows: Iterable[BesideRule]) -> Iterator[str]:
        """What the ledger says against the person, and what it says for the person, rule by rule."""
        yield ""
        yield "七、台账的记录：不利与有利并列（只供核对，不作认定）"
        for row in rows:
            yield f"　　{row.citation}"
            against = [f"{found.label}——{'、'.join(found.records)}" for found in row.against]
            yield f"　　　不利：{'；'.join(against) or '台账没有相应的记录'}"
            found_for = [f"{found.label}——{'、'.join(found.records)}" for found in row.for_]
            if row.no_search:
                yield f"　　　有利：{row.no_search}"
            else:
                yield f"　　　有利：{'；'.join(found_for) or '没有找到'}（已检索：{'、'.join(row.searched)}）"

    def _records(self, ledger: FromLedger) -> Iterator[str]:
        """The acts of the Office, each by its record."""
        yield ""
        yield f"台账 {ledger.number or ledger.matter_id}（共 {ledger.version} 条记录）中办公室的办理："
        for act in ledger.acts:
            yield f"　　{act.record}　{act.on} {act.label}：{act.why}{_late(act)}"

    def _due(self, due: Due | None) -> str:
        if due is None:
            return ""
        start = f"自{_FROM[due.from_]}起"
        length = f"{due.months}个月" if due.months else f"{due.workdays}个工作日"
        if due.actual is None:
            return f"；{start}{length}内，{due.warning}"
        caution = f"；{due.warning}" if due.warning else ""
        return (
            f"；{start}{length}内（如为 {due.assumed_from}，则名义期满 {due.nominal}，实际期满 {due.actual}{caution}）"
        )

    def range(self, bounds: Iterable[str] | None) -> str:
        """The measures of a range, lowest to highest."""
        if bounds is None:
            return "不产生区间"
        return " 至 ".join(dict.fromkeys(self.words["measure"][measure] for measure in bounds))

    def flag(self, flag: str) -> str:
        name, _, reading = flag.partition(":")
        if reading:
            return f"{self.book.readings[reading].question}，两种解释得出不同结果（{reading}，见第三部分）"
        return flag_labels(self.book)[name]

    def state(self, status: str | int) -> str:
        told = str(status)
        for words in ("status", "outcome", "exemption", "discipline_track", "harm", "role"):
            if told in self.words[words]:
                return self.words[words][told]
        return _STATES.get(told, told)

    def value(self, value: Any) -> str:
        if value is None:
            return "未知"
        if isinstance(value, bool):
            return "是" if value else "否"
        for words in ("status", "harm", "role", "review", "assignment_record"):
            if value in self.words[words]:
                return self.words[words][value]
        return str(value)

    def fact(self, fact: str) -> str:
        if fact in self.book.readings:
            return self.book.readings[fact].question
        known = {"harm": "损害程度", "unfit_for_post": "不适宜担任现职", "role": "责任角色",
                 "matter.registered": "是否立项登记", "matter.review": "审查结果", "matter.redo_review": "补办审查结果",
                 "matter.assignment_record": "交办凭据"}  # fmt: skip
        if fact in known:
            return known[fact]
        group = fact.rpartition(".")[0].partition("/")[0]
        return f"“{self.book.vocabulary.label(fact)}”（{self.book.provisions[group].citation}）"

    def altered(self, new: Iterable[tuple[str, Any]]) -> str:
        """The values that a change alters, by their names."""
        rows = list(new)
        gone = [key for key, value in rows if key in RANGES and value is None]
        parts = [f"{FIELDS[key]}为 {self._shown(key, value)}" for key, value in rows if key not in gone]
        return "；".join([*parts, *(["不产生区间"] if gone else [])])

    def _shown(self, key: str, value: Any) -> str:
        if key in RANGES:
            return self.range(value)
        if key == "exemption":
            return self.words["exemption"][value.state]
        if key in ("mitigation", "aggravation"):
            return "、".join(self.book.provisions[name].citation for name in value) or "无"
        return self.words[key][value]

    def evidence(self, item: Any) -> str:
        if isinstance(item, str):
            return item
        return "，".join(f"{key}：{value}" for key, value in item.items() if value is not None)
