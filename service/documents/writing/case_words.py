"""How what a case holds is said on paper: provisions, persons, findings with evidence, points of the defence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from models.case.case import Case
from models.case.parts import Finding, Person, Point
from models.records.record import Record, about, told
from rules.book.contract.case_effects import JUDGEMENTS, AboutPerson, OfPoint, PointWithdrawn, Reviewed
from rules.book.contract.effect import Effect
from rules.book.rulebook import Rule, Rulebook, rule_groups
from rules.reasoning.answer import AnsweredPerson
from service.documents.writing.dossier import Concerned
from service.documents.writing.hand_words import why_late
from service.documents.writing.wording import day

_SIGNS = "印发通知落款第一署名"
_EVIDENCE_KINDS = {"document": "文件", "record": "台账记录", "ledger": "台账记录", "interview": "谈话笔录",
                   "statement": "陈述", "witness": "证言"}  # fmt: skip
_EVIDENCE_KEYS = {"sha256": "散列值", "hash": "散列值", "date": "日期", "on": "日期", "by": "提供人", "page": "页码",
                  "source": "来源", "note": "说明", "title": "名称", "name": "名称"}  # fmt: skip


def committee(book: Rulebook) -> str:
    """The committee as it signs: the first of the two that signed the regulation's own notice."""
    return next(found.text for found in book.provisions.values() if found.citation == _SIGNS)


def regulation(book: Rulebook) -> str:
    """The regulation with its number."""
    return f"《{book.title}》（{book.number}）"


def cited(provision: str, book: Rulebook) -> str:
    return book.provisions[provision].citation


def of_action(action: str, book: Rulebook) -> str:
    """The citation of the provision that an action rests on."""
    return cited(book.proceedings.actions[action].provision, book)


def of_guard(guard: str, book: Rulebook) -> str:
    return cited(book.guards[guard].provision, book)


def duty(name: str, book: Rulebook) -> Mapping[str, Any]:
    """A duty after the decision."""
    return next(row for row in book.duties if row["id"] == name)


def paragraphs(text: str | None, otherwise: str = "") -> list[str]:
    """A text as paragraphs; ``otherwise`` where nothing was written."""
    return [part.strip() for part in (text or "").split("\n") if part.strip()] or ([otherwise] if otherwise else [])


def ended(text: str) -> str:
    """The sentence with its full stop."""
    plain = text.strip()
    return plain if not plain or plain.endswith(("。", "！", "？", "；")) else f"{plain}。"


def by_whom_decided(review: Effect | None) -> str:
    """That a review or correction was made by whoever had decided: why, and who prepared it; nothing where it was not."""
    reason = (review.same_body_reason or "").strip() if isinstance(review, Reviewed) else ""
    if not isinstance(review, Reviewed) or not reason:
        return ""
    prepared = "、".join(map(str, review.prepared_by))
    return f"由作出决定的会议或者参加过表决的人员进行的理由：{ended(reason)}有关材料由{prepared}准备。"


def introduced(person: Person, book: Rulebook) -> str:
    """Who somebody is, in a sentence."""
    managed = book.vocabulary.enumerations["managed_by"][person.managed_by]
    party = "中共党员" if person.party_member else "非中共党员"
    return f"{person.name}，{person.unit}{person.post}，{party}，{managed}。"


def titled(matter: Concerned) -> str:
    return f"{matter.title}（{matter.number}）" if matter.number else matter.title


def late_entries(
    matters: Iterable[Concerned],
    case: Case,
    book: Rulebook,
    until: datetime | None = None,
    person: str | None = None,
) -> Iterator[str]:
    """What was entered later than its day, in the ledger and in the case, as far as it stood there by then.

    person: of the case, only what is about this one.
    """
    told = [
        (titled(matter), book.ledger.actions[record.action].label, record)
        for matter in matters
        for record in matter.matter.records
    ]
    told += [
        ("案件", book.proceedings.actions[record.action].label, record)
        for record in case.records
        if person is None or about(record, person)
    ]
    for where, label, record in told:
        if record.late and (until is None or record.recorded_at <= until):
            yield ended(
                f"{where}第{record.number}号记录，{label}，{day(record.on)}办理，"
                f"{day(record.entered_on)}由{record.entered_by}补录，{why_late(record)}"
            )


def acts_of_points(points: Iterable[Point], case: Case, *, answers: bool) -> Iterator[Record]:
    """That each was raised, and that it was withdrawn. answers: and what was answered."""
    for point in points:
        raised = case.records[point.number - 1]
        yield raised
        assert isinstance(raised.effect, AboutPerson)
        for record, said in told(case.records, OfPoint if answers else PointWithdrawn):
            if said.person == raised.effect.person and said.point == point.id:
                yield record


def finding_name(element: str, book: Rulebook) -> str:
    """An element with the provision that it belongs to."""
    label = book.vocabulary.label(element)
    return label if element in JUDGEMENTS else f"{label}（{_provision_of(element, book)}）"


def _provision_of(element: str, book: Rulebook) -> str:
    return cited(book.vocabulary.groups[element.rpartition(".")[0]].provision, book)


def finding_value(found: Finding, book: Rulebook) -> str:
    words = book.vocabulary.enumerations
    if found.element == "distinct_periods":
        return "属不同时段" if found.value == "true" else "同一时段"
    return words.get(found.element, words["status"]).get(found.value, found.value)


def ordered(person: Person, book: Rulebook) -> list[Finding]:
    """The findings in the order of the regulation, then the judgements."""
    groups = list(book.vocabulary.groups)

    def place(found: Finding) -> tuple[int, int]:
        group = found.element.rpartition(".")[0]
        return (groups.index(group) if group in groups else len(groups), found.number)

    return sorted(person.findings.values(), key=place)


def with_former(found: Finding, book: Rulebook) -> str:
    """How an element was found, and what was found before."""
    said, was = finding_value(found, book), found.was
    while was is not None:
        said += f"\n原为{finding_value(was, book)}（{was.on.month}月{was.on.day}日）"
        was = was.was
    return f"{said}\n更改理由：{found.reason}" if found.was is not None and found.reason else said


def evidence_words(items: Iterable[Any]) -> str:
    """The pieces of evidence, one a line."""
    return "\n".join(_piece(item) for item in items)


def _piece(item: Any) -> str:
    if isinstance(item, str):
        return item
    known, told = _known(item)
    kind, name, text = (str(item.get(key) or "") for key in ("kind", "reference", "text"))
    head = f"{name}{f'（{_EVIDENCE_KINDS.get(kind, kind)}）' if kind else ''}"
    said = "：".join(part for part in (head, text) if part)
    others = [
        f"{_EVIDENCE_KEYS.get(key, key)}：{_plain(value)}"
        for key, value in item.items()
        if key not in ("kind", "reference", "text", *told) and value is not None
    ]
    return "，".join(part for part in (known, said.rstrip("。；") if others else said, *others) if part)


def _known(item: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """What the system wrote down of a piece, in words, and the fields that these tell."""
    match item:
        case {"attachment": _, "file_name": name, "sha256": sha256}:
            return f"{name}（散列值{str(sha256)[:12]}）", ("attachment", "file_name", "sha256")
        case {"ledger_record": named, "action": action, "on": on}:
            return f"台账记录{named}（{action}，{on}{_entered(item)}）", ("ledger_record", "action", "on", "entered_on")
        case {"hearing": number, "by": name, "on": on}:
            return f"谈话笔录（办理记录第{number}号，{name}，{on}{_entered(item)}）", (
                "hearing",
                "by",
                "on",
                "entered_on",
            )
    return "", ()


def _entered(item: Mapping[str, Any]) -> str:
    return f"，{item['entered_on']} 补录" if "entered_on" in item else ""


def _plain(value: Any) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def step_name(step: str, book: Rulebook) -> str:
    """What a point of the defence is pinned to, in words; as it was written where it is no name of the rulebook."""
    if step in book.provisions:
        return cited(step, book)
    if step in book.rules:
        return book.rules[step].label
    try:
        return finding_name(step, book)
    except KeyError:
        return step


def items_by_question(
    book: Rulebook, person: Person, answer: AnsweredPerson | None, *, by_findings: bool = False, decided: bool = False
) -> dict[str, list[list[str]]]:
    """Question of discretion → every item established that it is asked upon: its words, then its facts, the acts it counts.

    by_findings: what was found decides where it can, the receipt only on what is counted: the material is served before any receipt.
    """
    told, asked = answer.established if answer else frozenset(), _questions(book)
    made: dict[str, list[list[str]]] = {}
    for rule in book.rules.values():
        groups = rule_groups(rule, book.vocabulary)
        held = _found(rule, person, book) if by_findings and groups else rule.provision in told
        if rule.kind in asked and held:
            words = f"{rule.label}（{cited(rule.provision, book)}：“{book.provisions[rule.provision].text}”）"
            made.setdefault(asked[rule.kind], []).append([words, *_facts_of(groups, person, book, answer, decided)])
    return made


def _questions(book: Rulebook) -> dict[str, str]:
    """Kind of rule → the question of discretion that is asked where one is established."""
    space = book.latitude
    pairs = (
        *(("exempt", kind.slot) for kind in space.kinds),
        *((effect.side, effect.slot) for effect in space.effects),
    )
    return {kind: slot for kind, slot in pairs if slot is not None}


def items_groups(book: Rulebook, answer: AnsweredPerson | None) -> set[str]:
    """The groups of findings of the items that a receipt holds established."""
    told, asked = answer.established if answer else frozenset(), _questions(book)
    held = (rule for rule in book.rules.values() if rule.kind in asked and rule.provision in told)
    return {group for rule in held for group in rule_groups(rule, book.vocabulary)}


def _facts_of(
    groups: Collection[str], person: Person, book: Rulebook, answer: AnsweredPerson | None, decided: bool
) -> Iterator[str]:
    for one in ordered(person, book):
        if one.value == "established" and one.element.rpartition(".")[0] in groups:
            proof = evidence_words(one.evidence).replace("\n", "；")
            yield f"{book.vocabulary.label(one.element)}：已查明。证据：{proof or '见调查报告'}。"
            yield from paragraphs(noted(one, book) if decided else None)
    if not groups:
        yield from _counted(book, answer, decided)


def noted(one: Finding, book: Rulebook) -> str:
    """What the team wrote down with a finding."""
    return f"关于“{book.vocabulary.label(one.element)}”的说明：{ended(one.reason)}" if one.reason else ""


def _found(rule: Rule, person: Person, book: Rulebook) -> bool:
    """Whether every element of one of its alternatives was found."""
    status = {name: one.value for name, one in person.findings.items()}
    groups = [book.vocabulary.groups[name] for name in rule_groups(rule, book.vocabulary)]
    return any(all(status.get(f"{group.id}.{name}") == "established" for name in group.elements) for group in groups)


def _counted(book: Rulebook, answer: AnsweredPerson | None, decided: bool) -> Iterator[str]:
    """The acts of an item that is counted, each with its day and kind; in what is not yet decided, those that do not count, with why."""
    for record in answer.supervision_count.records if answer else ():
        kind = book.vocabulary.enumerations["act_kind"].get(record.kind, record.kind)
        said = "计入" if record.counted else f"不计入（{record.why}）"
        if record.counted or not decided:
            entered = f"（{day(record.entered_on)}录入）" if record.entered_on else ""
            yield f"{day(record.date)}　{kind}{entered}：{said}。"
