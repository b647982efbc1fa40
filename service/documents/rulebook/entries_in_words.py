"""What rests on a provision, in words: the entries of ``rules.book.uses`` with their kind and their name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rules.book.rulebook import Rulebook

_KINDS: Mapping[str, str] = {
    "lead": "情形的引领语", "gate": "前提", "situation": "问责情形", "exempt": "不予、免予问责情形", "mitigate": "从轻、减轻情形",
    "aggravate": "从重、加重情形", "outcome": "结论的条件", "track": "纪律处分的衔接", "flag": "冲突的提示", "law": "法定区间",
    "discretion": "由人裁量之处", "measure": "问责方式", "adjustment": "加减的规则", "duty": "决定之后的职责", "procedure": "程序事项",
    "latitude": "裁量的范围", "form": "附件的栏目", "inspection": "督查", "action": "事项的办理", "guard": "办理的限制",
    "reading": "解释",
}  # fmt: skip
MODALITIES: Mapping[str, str] = {"may": "可以", "shall": "应当", "declaratory": "陈述"}


@dataclass(frozen=True, slots=True)
class Resting:
    """An entry of the rulebook. label: its name, empty where it has none of its own; modality: of a rule."""

    id: str
    kind: str
    label: str
    modality: str = ""


def in_words(book: Rulebook, entry: str) -> Resting:
    """An entry ``kind:id`` as people read it."""
    kind, _, name = entry.partition(":")
    rule = book.rules.get(name) if kind in _RULES else None
    if rule is not None:
        return Resting(entry, _KINDS[kind], rule.label, MODALITIES[rule.modality])
    named = _NAMES.get(kind)
    return Resting(entry, _KINDS[kind], named(book).get(name, "") if named is not None else "")


_RULES = frozenset({"gate", "situation", "exempt", "mitigate", "aggravate"})
_NAMES: Mapping[str, Callable[[Rulebook], Mapping[str, str]]] = {
    "lead": lambda book: {name: lead.label for name, lead in book.leads.items()},
    "flag": lambda book: {flag.id: flag.label for flag in book.flags},
    "measure": lambda book: {name: book.provisions[at].text for name, at in book.ladder.items()},
    "adjustment": lambda book: {"aggravation": book.aggravation.label, "mitigation": book.mitigation.label},
    "duty": lambda book: {row["id"]: row["what"] for row in book.duties},
    "procedure": lambda book: {row["id"]: row["text"] for row in book.procedure},
    "form": lambda book: {name: book.provisions[form.title].text for name, form in book.forms.items()},
    "inspection": lambda book: (
        {form.id: form.label for form in book.inspections.forms.values()}
        | {regular.id: regular.label for regular in book.inspections.regular}
    ),
    "action": lambda book: {action.id: action.label for action in book.ledger.actions.values()},
    "guard": lambda book: {guard.id: guard.text for guard in book.guards.values()},
    "reading": lambda book: {reading.id: reading.question for reading in book.readings.values()},
}  # fmt: skip
