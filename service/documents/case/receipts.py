"""Everything that was evaluated in a case, and how what was asked differs from the last step: nothing is shown to the committee alone.

Source: art-9.1, art-9.2.2.d.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from models.people.identity import may_be
from models.schemas.case_file import case_file_block, load_case
from models.schemas.errors import CaseFileError
from models.schemas.fields import Block, Items
from rules.book.contract.people import PersonRef
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import LOCAL
from rules.reasoning.facts import CaseFacts, PersonFacts
from service.documents.writing.case_words import finding_name, titled
from service.documents.writing.dossier import Dossier, PersonEvaluation, ReadReceipt
from service.documents.writing.record_words import value_words

_APART = frozenset({"title", "narrative", "expected", "persons", "id", "name", "post", "findings", "evidence"})
"""What is no ground of the outcome, and what is compared by itself."""
_UNREAD = "案卷的格式已不再读取，无从比较"
Said = dict[str, tuple[str, ...]]
"""What of a case file, by its Chinese name → what it says, in words; several of a list, none where it says nothing."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A receipt as it is listed. step: whether it is a step of the case; by: who asked; what: what for; outcome: of each person;
    differs: how what was asked differs from the last step on the same person."""

    receipt: ReadReceipt
    step: bool
    by: str
    what: str
    outcome: tuple[str, ...]
    differs: tuple[str, ...]

    @property
    def on(self) -> datetime:
        """When it was asked for, in local time."""
        return self.receipt.asked_at.astimezone(LOCAL)


def receipt_lines(dossier: Dossier, only: str | None = None) -> list[ReceiptLine]:
    """Every receipt of the case by its number. only: for a paper on one person, which tells nothing of the others."""
    steps = {one.receipt_id: (person, one) for person, some in dossier.evaluations.items() for one in some}
    alone = only if len(dossier.case.persons) > 1 else None
    return [_line(dossier, one, steps.get(one.receipt_id), alone) for one in dossier.receipts]


def _line(
    dossier: Dossier, receipt: ReadReceipt, step: tuple[str, PersonEvaluation] | None, only: str | None
) -> ReceiptLine:
    persons = orjson.loads(receipt.facts)["persons"]
    asked = {one["id"]: _Asked(one.get("name") or one["id"], _of_case(dossier, one, persons)) for one in persons}
    told = {id: one for id, one in asked.items() if only is None or one.known == only}
    if step is None:
        by = receipt.by
        what = f"推算，不是本案的办理：{_tried_on(dossier, receipt, titled_too=only is None)}"
    else:
        person, made = step
        actor, entered_by = made.record.actor.name, made.record.entered_by
        by = actor if entered_by == actor else f"{actor}（{entered_by}录入）"
        name = dossier.case.persons[person].name if only in (None, person) else "另一名调查对象"
        what = f"办理记录第{made.record.number}号，就{name}请求处理建议（第{made.at}次）"
    outcome = tuple(
        f"{one.name}：{receipt.says.state(found.outcome)}，应当的区间{receipt.says.range(found.range_mandatory)}"
        for id, one in told.items()
        if (found := receipt.answer.persons.get(id))
    )
    differs = tuple(_differs(dossier, receipt, told))
    return ReceiptLine(receipt, step is not None, by, what, outcome, differs or ("不涉及本人",))


def _tried_on(dossier: Dossier, receipt: ReadReceipt, *, titled_too: bool) -> str:
    if receipt.matter_id is None:
        title = orjson.loads(receipt.facts).get("title") if titled_too else None
        return f"自行填写的案卷{f'“{title}”' if title else ''}"
    matter = next((titled(one) for one in dossier.matters if one.id == receipt.matter_id), None)
    return f"台账事项{matter}" if matter else "台账中不属于本案的事项"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A person as a case file calls them. known: who of the case that is."""

    name: str
    known: str | None


def _of_case(dossier: Dossier, person: Mapping[str, str], asked: Collection[object]) -> str | None:
    """Who of the case is meant: by id, else by name, else the only one that there is."""
    known, name = dossier.case.persons, person.get("name")
    named = [id for id, one in known.items() if name and may_be(one.name, PersonRef(name))]
    alone = known if len(asked) == len(known) == 1 else ()
    return person["id"] if person["id"] in known else next(iter(named or alone), None)


def _differs(dossier: Dossier, receipt: ReadReceipt, told: Mapping[str, _Asked]) -> Iterator[str]:
    """Person by person, since each has a last step of their own."""
    asked = _read(receipt, dossier.book)
    if asked is None:
        yield _UNREAD
        return
    for person in asked.persons:
        if person.id in told:
            yield _differing(dossier, receipt, asked, person, told[person.id])


def _differing(dossier: Dossier, receipt: ReadReceipt, asked: CaseFacts, person: PersonFacts, called: _Asked) -> str:
    name, known, book = called.name, called.known, dossier.book
    if known is None:
        return f"{name}不是本案的调查对象"
    last = dossier.evaluated(known, dossier.case.persons[known].receipt_id)
    if last is None:
        return f"对{name}尚未请求处理建议，无从比较"
    if last.receipt_id == receipt.receipt_id:
        return f"对{name}的最后一次请求"
    final = _read(last, book)
    if final is None:
        return _UNREAD
    about = next(one for one in final.persons if one.id == known)
    changed = list(_changes(_said(asked, person, book), _said(final, about, book)))
    return f"{name}：{'；'.join(changed) or '与最后一次相同'}"


def _read(receipt: ReadReceipt, book: Rulebook) -> CaseFacts | None:
    try:
        return load_case(orjson.loads(receipt.facts), book)
    except CaseFileError:
        return None


def _said(case: CaseFacts, person: PersonFacts, book: Rulebook) -> Said:
    """What the outcome for a person follows from."""
    whole = case_file_block(book)
    persons = whole.fields["persons"]
    assert isinstance(persons, Items)
    assert isinstance(persons.item, Block)
    elements = {f"{group}.{name}": one for group, some in person.findings.items() for name, one in some.items()}
    words = book.vocabulary.enumerations["status"]
    found = {finding_name(name, book): (words[one.status],) for name, one in elements.items()}
    proved = {f"{finding_name(name, book)}的证据": tuple(map(str, one.evidence)) for name, one in elements.items()}
    return {**dict(_fields(whole, case)), **dict(_fields(persons.item, person)), **found, **proved}


def _fields(block: Block, value: object, within: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, field in block.fields.items():
        said, label = getattr(value, field.attribute or name, None), f"{within}{field.label}"
        if name in _APART and not within:
            continue
        if isinstance(field, Block):
            yield from _fields(field, said, f"{label}·") if said is not None else ()
        elif isinstance(field, Items):
            yield label, tuple(_entry(field, one) for one in said or ())
        else:
            yield label, () if said is None else (value_words(field, said),)


def _entry(field: Items, value: object) -> str:
    if not isinstance(field.item, Block):
        return value_words(field.item, value)
    return "，".join(words for _, said in _fields(field.item, value) for words in said)


def _changes(asked: Said, final: Said) -> Iterator[str]:
    for label in dict.fromkeys((*asked, *final)):
        here, there = Counter(asked.get(label, ())), Counter(final.get(label, ()))
        if here == there:
            continue
        if label.endswith("的证据"):
            yield f"{label}不同"
        elif max(here.total(), there.total()) > 1:
            parts = (("多出", here - there), ("缺少", there - here))
            yield f"{label}{'，'.join(f'{how}{_listed(some)}' for how, some in parts if some)}"
        else:
            yield f"{label}：{_listed(here)}（最后一次：{_listed(there)}）"


def _listed(some: Iterable[str]) -> str:
    return "、".join(some) or "没有写明"
