"""A case of the solver as a scenario to be finished by people: the steps are those of the features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rules.analysis.verification.faults import Case
from rules.book.rulebook import Rulebook


def feature(title: str, scenarios: Iterable[str]) -> str:
    """A feature file of the scenarios."""
    return "\n".join([f"# language: zh-CN\n功能: {title}", *scenarios])


def scenario(book: Rulebook, name: str, case: Case, answers: Mapping[str, Any], notes: Iterable[str] = ()) -> str:
    """The case with what is expected of it; ``notes`` are comments. What no step can say is a comment too."""
    tags = dict.fromkeys(group.partition("/")[0] for group in _groups(book, case))
    given, remarks = list(_given(book, case)), [*notes, *_derived(book, case)]
    lines = ["", *(f"  # {note}" for note in remarks)]
    lines += ["  " + " ".join(f"@{tag}" for tag in tags)] if tags else []
    lines += [f"  场景: {name}"]
    lines += [f"    {'假如' if not place else '而且'} {step}" for place, step in enumerate(given)]
    lines += ["    当 调查组请求处理建议", *_then(book, answers)]
    return "\n".join(lines) + "\n"


def _groups(book: Rulebook, case: Case) -> list[str]:
    return [group for group in book.vocabulary.groups if case.get(f"raised:{group}") == "yes"]


def _given(book: Rulebook, case: Case) -> Iterator[str]:
    words, groups = book.vocabulary.enumerations, _groups(book, case)
    role = words["role"]["other_member" if case.get("role") == "other_member" else "principal"]
    yield f"一名{role}只被提出{groups[0]}" if groups else "一名主要责任人没有被提出任何情形"
    if case.get("role") == "undetermined":
        yield "该干部的责任角色尚未认定"
    for group in groups:
        yield from _group(book, case, group)
    yield f"损害程度认定为{words['harm'][str(case['harm'])]}" if "harm" in case else "损害程度尚未认定"
    if "unfit_for_post" in case:
        yield f"不适宜担任现职{words['status'][str(case['unfit_for_post'])]}"
    if case.get("party_member") == "no":
        yield "该干部不是中共党员"
    if case.get("distinct_periods") == "yes":
        yield "互相矛盾的认定分属不同时段"


def _group(book: Rulebook, case: Case, group: str) -> Iterator[str]:
    labels, words = book.vocabulary.groups[group].elements, book.vocabulary.enumerations["status"]
    found = {element: words[str(case.get(f"{group}.{element}", "refuted"))] for element in labels}
    kinds = list(found.values())
    others = [element for element, status in found.items() if status != words["established"]]
    if len(set(kinds)) == 1:
        yield f"{group}的各项要素均{kinds[0]}"
    elif len(others) == 1:
        yield f"{group}中“{labels[others[0]]}”{found[others[0]]}，其余要素均已查明"
    else:
        yield f"{group}的要素为" + "，".join(f"“{labels[name]}”{status}" for name, status in found.items())


def _derived(book: Rulebook, case: Case) -> Iterator[str]:
    """What follows from days and counts, and what a second case changes: for people to bring about."""
    words = book.vocabulary.enumerations["status"]
    for name, value in case.items():
        plain = name.rstrip("'").partition("@")[0]
        if name.endswith("'") or plain in book.readings or book.vocabulary.is_derived(plain):
            label, changed = _label(book, plain), "改为：" if name.endswith("'") else "须使："
            yield f"{changed}{label} = {words.get(str(value), value)}"


def _label(book: Rulebook, name: str) -> str:
    if name in book.readings:
        return f"解释 {name}"
    if name.startswith("raised:"):
        return f"提出 {name.removeprefix('raised:')}"
    try:
        return book.vocabulary.label(name)
    except KeyError:
        return name


def _then(book: Rulebook, answers: Mapping[str, Any]) -> Iterator[str]:
    words = book.vocabulary.enumerations
    yield f"    那么 结论为“{words['outcome'].get(answers.get('outcome', ''), '（待定）')}”"
    ends = [str(answers.get(f"mandatory.{end}", "")).removeprefix("measure:") for end in ("lo", "hi")]
    if all(end in book.ladder for end in ends):
        yield f"    而且 应当的区间为{'至'.join(dict.fromkeys(words['measure'][end] for end in ends))}"
    elif answers:
        yield "    而且 不产生区间"
