"""How what a case holds is said on paper: provisions, persons, findings with evidence, points of the defence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from models.domain.cases.inquiry import JUDGEMENTS
from models.domain.cases.parts import Finding, Person, Point
from rules.answer import AnsweredPerson
from rules.contract.case_effects import Reviewed
from rules.contract.effect import Effect
from rules.contract.matter_effects import MatterEffect
from rules.rulebook import Rule, Rulebook, rule_groups
from service.documents.case_dossier import Concerned
from service.documents.forms import day, narrow_day
from service.documents.paper import Block, Line, NewPage, Table, listing

BLANK_DAY = "　　　　年　　月　　日"
"""A date to be written by hand."""
LATE = "补录的督办、催办"
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_SIGNS = "印发通知落款第一署名"
_EVIDENCE_KINDS = {"document": "文件", "record": "台账记录", "ledger": "台账记录", "interview": "谈话笔录",
                   "statement": "陈述", "witness": "证言"}  # fmt: skip
_EVIDENCE_KEYS = {"sha256": "散列值", "hash": "散列值", "date": "日期", "on": "日期", "by": "提供人", "page": "页码",
                  "source": "来源", "note": "说明", "title": "名称", "name": "名称"}  # fmt: skip
_FOUND_COLUMNS, _FOUND_WIDTHS = ("序号", "认定事项", "认定", "证据", "认定人、\n日期"), (12.0, 48.0, 22.0, 52.0, 22.0)


def committee(book: Rulebook) -> str:
    """The committee as it signs: the first of the two that signed the regulation's own notice."""
    return next(found.text for found in book.provisions.values() if found.citation == _SIGNS)


def regulation(book: Rulebook) -> str:
    """The regulation with its number."""
    return f"《{book.title}》（{book.number}）"


def cited(book: Rulebook, provision: str) -> str:
    return book.provisions[provision].citation


def of_action(book: Rulebook, action: str) -> str:
    """The citation of the provision that an action rests on."""
    return cited(book, book.proceedings.actions[action].provision)


def of_guard(book: Rulebook, guard: str) -> str:
    return cited(book, book.guards[guard].provision)


def duty(book: Rulebook, name: str) -> Mapping[str, Any]:
    """A duty after the decision."""
    return next(row for row in book.duties if row["id"] == name)


def headed(parts: Iterable[tuple[str, Iterable[Block]]]) -> Iterator[Block]:
    """Parts under numbered headings; a part without anything in it is left out."""
    shown = [(title, blocks) for title, given in parts if (blocks := list(given))]
    for numeral, (title, blocks) in zip(NUMERALS, shown, strict=False):
        yield Line(f"{numeral}、{title}", "heading")
        yield from blocks


def paged(parts: Iterable[Iterable[Block]]) -> tuple[Block, ...]:
    """Parts, each on a page of its own."""
    return tuple(block for at, part in enumerate(parts) for block in (*((NewPage(),) if at else ()), *part))


def paragraphs(text: str | None, otherwise: str = "") -> Iterator[Line]:
    """A text as paragraphs; ``otherwise`` where nothing was written."""
    found = [part.strip() for part in (text or "").split("\n") if part.strip()]
    yield from (Line(part) for part in found or ([otherwise] if otherwise else []))


def ended(text: str) -> str:
    """The sentence with its full stop."""
    plain = text.strip()
    return plain if not plain or plain.endswith(("。", "！", "？", "；")) else f"{plain}。"


def by_whom_decided(review: Effect | None) -> str:
    """That a review or correction was made by whoever had decided: why, and who prepared it; nothing where it was not."""
    reason = (review.same_body_reason or "").strip() if isinstance(review, Reviewed) else ""
    if not isinstance(review, Reviewed) or not reason:
        return ""
    prepared = "、".join(review.prepared_by)
    return f"由作出决定的会议或者参加过表决的人员进行的理由：{ended(reason)}有关材料由{prepared}准备。"


def introduced(person: Person, book: Rulebook) -> str:
    """Who somebody is, in a sentence."""
    managed = book.vocabulary.enumerations["managed_by"][person.managed_by]
    party = "中共党员" if person.party_member else "非中共党员"
    return f"{person.name}，{person.unit}{person.post}，{party}，{managed}。"


def titled(matter: Concerned) -> str:
    return f"{matter.title}（{matter.number}）" if matter.number else matter.title


def late_entries(matters: Iterable[Concerned], book: Rulebook, until: datetime | None = None) -> Iterator[str]:
    """The acts that count and were entered late, as far as they stood in the ledger by then."""
    for matter in matters:
        for record in matter.late:
            if until is None or record.recorded_at <= until:
                reason = record.effect.late_reason if isinstance(record.effect, MatterEffect) else None
                yield ended(
                    f"{titled(matter)}第{record.number}号记录，{book.ledger.actions[record.action].label}，{day(record.on)}办理，"
                    f"{day(record.entered_on)}由{record.entered_by}补录，{f'理由：{reason}' if reason else '没有写明理由'}"
                )


def finding_name(element: str, book: Rulebook) -> str:
    """An element with the provision that it belongs to."""
    label = book.vocabulary.label(element)
    return label if element in JUDGEMENTS else f"{label}（{_provision_of(element, book)}）"


def _provision_of(element: str, book: Rulebook) -> str:
    return cited(book, book.vocabulary.groups[element.rpartition(".")[0]].provision)


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


def findings_table(person: Person, book: Rulebook) -> Iterator[Block]:
    """Every finding with its status, its evidence, and the findings that it replaced."""
    found = ordered(person, book)
    if not found:
        yield Line("尚无认定。")
        return
    rows = (
        (str(at), finding_name(one.element, book), _with_former(one, book), _with_note(one),
         f"{'、'.join(one.by)}\n{narrow_day(one.on)}")
        for at, one in enumerate(found, 1)
    )  # fmt: skip
    yield listing(_FOUND_COLUMNS, rows, _FOUND_WIDTHS, centred=frozenset({0, 2, 4}))


def _with_former(found: Finding, book: Rulebook) -> str:
    said, was = finding_value(found, book), found.was
    while was is not None:
        said += f"\n原为{finding_value(was, book)}（{was.on.month}月{was.on.day}日）"
        was = was.was
    return f"{said}\n更改理由：{found.reason}" if found.was is not None and found.reason else said


def _with_note(found: Finding) -> str:
    """The evidence, and what was written down with a finding that changed none."""
    proof = evidence_words(found.evidence) or "无"
    return f"{proof}\n说明：{found.reason}" if found.was is None and found.reason else proof


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
    others = [f"{_EVIDENCE_KEYS.get(key, key)}：{_plain(value)}" for key, value in item.items()
              if key not in ("kind", "reference", "text", *told) and value is not None]  # fmt: skip
    return "，".join(part for part in (known, said.rstrip("。；") if others else said, *others) if part)


def _known(item: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """What the system wrote down of a piece, in words, and the fields that these tell."""
    match item:
        case {"attachment": _, "file_name": name, "sha256": sha256}:
            return f"{name}（散列值{str(sha256)[:12]}）", ("attachment", "file_name", "sha256")
        case {"ledger_record": named, "action": action, "on": on}:
            return f"台账记录{named}（{action}，{on}）", ("ledger_record", "action", "on")
        case {"hearing": number, "by": name, "on": on}:
            return f"谈话笔录（办理记录第{number}号，{name}，{on}）", ("hearing", "by", "on")
    return "", ()


def _plain(value: Any) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def step_name(step: str, book: Rulebook) -> str:
    """What a point of the defence is pinned to, in words; as it was written where it is no name of the rulebook."""
    if step in book.provisions:
        return cited(book, step)
    if step in book.rules:
        return book.rules[step].label
    try:
        return finding_name(step, book)
    except KeyError:
        return step


def points_said(points: Iterable[Point], book: Rulebook, *, answers: bool) -> Iterator[Line]:
    """Each point of the defence, and its answer under it."""
    for point in points:
        kind = book.proceedings.words["point_kinds"][point.kind]
        gone = "（已由本人撤回）" if point.withdrawn else ""
        head = f"第{point.id}条意见{gone}（{kind}，针对{step_name(point.step, book)}）："
        first, *others = list(paragraphs(point.text)) or [Line("")]
        yield Line(f"{head}{first.text}")
        yield from others
        if answers and not point.withdrawn:
            yield from _answered(point)


def _answered(point: Point) -> Iterator[Line]:
    if point.adopted is None:
        yield Line("调查组的答复：尚未答复。")
        return
    said = f"{'意见合理' if point.reasonable else '意见不合理'}，{'予以采纳' if point.adopted else '未予采纳'}"
    yield from paragraphs(f"调查组的答复：{said}。{ended(point.answer or '')}")


def persons_table(persons: Iterable[Person], book: Rulebook) -> Table:
    """Who is investigated."""
    words = book.vocabulary.enumerations["managed_by"]
    rows = (
        (str(at), one.name, one.unit, one.post, words[one.managed_by], "是" if one.party_member else "否")
        for at, one in enumerate(persons, 1)
    )
    columns, widths = ("序号", "姓名", "单位", "职务", "干部管理权限", "中共党员"), (12.0, 26.0, 38.0, 34.0, 26.0, 20.0)
    return listing(columns, rows, widths, centred=frozenset({0, 1, 4, 5}))


def matters_table(matters: Iterable[Concerned], book: Rulebook, until: datetime | None) -> Table:
    """The matters that a case is about, as the ledger had them at a moment; None: as it stands."""
    rows = (
        (str(at), one.number or "", then.title, "、".join(then.units), narrow_day(then.due_on))
        for at, one in enumerate(matters, 1)
        for then in (one.as_of(until, book),)
    )
    columns, widths = ("序号", "编号", "事项", "承办单位", "办结时限"), (12.0, 32.0, 58.0, 32.0, 22.0)
    return listing(columns, rows, widths, centred=frozenset({0, 1, 4}))


def established_items(
    book: Rulebook, person: Person, answer: AnsweredPerson | None, *, by_findings: bool = False,
    slots: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[Line]:  # fmt: skip
    """Every exempting, mitigating and aggravating item that is established, then what the committee chose upon it, and why.

    slots: of a decision, which lists these findings nowhere else, and no act that does not count.
    """
    at, decided = 0, slots is not None
    for question, items in items_by_question(book, person, answer, by_findings=by_findings, decided=decided).items():
        for head, *facts in items:
            at += 1
            yield from (Line(f"{at}. {head}"), *map(Line, facts))
        yield from chosen(book, question, slots or {})


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
            words = f"{rule.label}（{cited(book, rule.provision)}：“{book.provisions[rule.provision].text}”）"
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
            yield from (line.text for line in noted(one, book) if decided)
    if not groups:
        yield from _counted(book, answer, decided)


def noted(one: Finding, book: Rulebook) -> Iterator[Line]:
    """What the team wrote down with a finding."""
    if one.reason:
        yield from paragraphs(f"关于“{book.vocabulary.label(one.element)}”的说明：{ended(one.reason)}")


def chosen(book: Rulebook, question: str, slots: Mapping[str, Mapping[str, str]]) -> Iterator[Line]:
    """What was chosen upon a question of discretion, with its reason; nothing where it was not answered."""
    asked = {choice.id: (choice.provision, str(row["question"])) for choice, row in book.discretion}
    if question in slots:
        provision, words = asked[question]
        slot = slots[question]
        yield from paragraphs(f"{words}（{cited(book, provision)}）：{slot['choice']}。理由：{ended(slot['reason'])}")


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
            yield f"{day(record.date)}　{kind}：{said}。"
