"""The reasoning in order, step by step, each with the provision it rests on and what it follows from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rules.answering import Cited, ReadingUsed
from rules.book.rulebook import Adjustment, Rule, Rulebook
from rules.reasoning.answer import Because, Step
from rules.reasoning.evaluation import Conclusion, Evaluator
from rules.reasoning.facts import Evidence
from rules.reasoning.flips import Question


def shown(rule: Rule, question: Question, evaluator: Evaluator) -> bool:
    """Whether a rule has its own step: every gate, what was alleged, and counting where there is something to count."""
    if rule.kind == "gate":
        return True
    groups = evaluator.groups[rule.id]
    if groups:
        return any(group in question.person.findings for group in groups)
    return bool(question.case.matter.acts)


def reasoning(question: Question, evaluator: Evaluator) -> tuple[Step, ...]:
    """Gates, situations, lists of 8.3, the outcome, the range and how it moved, the track, what must come before."""
    book, conclusion = evaluator.book, question.conclusion
    rules = [rule for rule in book.rules.values() if shown(rule, question, evaluator)]
    states = {
        "exempt": conclusion.exemption,
        "mitigate": conclusion.record["mitigated"],
        "aggravate": conclusion.record["aggravated"],
    }
    kinds = {rule.kind for rule in rules}
    outcome = next(choice for choice in book.outcomes if choice.id == conclusion.outcome)
    return (
        *(_rule_step(rule, question, evaluator) for rule in rules),
        *(
            _step(book, kind, lead.provision, lead.label, "law", states[kind])
            for kind, lead in book.leads.items()
            if kind in kinds
        ),
        _step(book, "outcome", outcome.provision, "结论", "law", conclusion.outcome),
        *_range_steps(question, book),
        *_track_steps(conclusion, book),
        *_procedure_steps(book),
    )


def _step(
    book: Rulebook,
    step: str,
    provision: str,
    label: str,
    basis: str,
    status: str,
    *,
    because: Iterable[Because] = (),
    also: Iterable[str] = (),
    modality: str = "",
    readings: tuple[ReadingUsed, ...] = (),
) -> Step:
    return Step(
        step=step,
        label=label,
        **book.cite(provision),
        basis=basis,
        status=status,
        because=tuple(because),
        also=tuple(Cited(**book.cite(other)) for other in also),
        modality=modality,
        readings=readings,
    )


def _rule_step(rule: Rule, question: Question, evaluator: Evaluator) -> Step:
    book = evaluator.book
    value = question.readings[rule.reading] if rule.reading else ""
    return _step(
        book,
        rule.id,
        rule.provision,
        rule.label,
        "reading" if rule.reading else "law",  # a status that another reading would alter is not plain law
        question.statuses[rule.id, value],
        because=(_because(name, question, book) for name in evaluator.elements[rule.id, value]),
        also=rule.cites,
        modality=rule.modality,
        readings=readings_used(rule.readings, question.readings, book),
    )


def readings_used(names: Iterable[str], used: Mapping[str, str], book: Rulebook) -> tuple[ReadingUsed, ...]:
    """The readings of these names with the values that they are used with."""
    return tuple(ReadingUsed(name, used[name], book.readings[name].alternatives[used[name]]) for name in names)


def _because(name: str, question: Question, book: Rulebook) -> Because:
    group, _, element = name.rpartition(".")
    evidence: tuple[Evidence, ...] = ()
    if group in book.vocabulary.groups:
        found = question.person.findings.get(group, {}).get(element)
        evidence = (*(found.evidence if found else ()), *question.person.evidence.get(name, ()))
    return Because(name, book.vocabulary.label(name), question.record[name], evidence)


def _range_steps(question: Question, book: Rulebook) -> Iterator[Step]:
    conclusion, person = question.conclusion, question.person
    if conclusion.base is None:
        return
    words = book.vocabulary.enumerations
    source = "依本条" if conclusion.law else f"按策略表 {book.policy_id}（不是规章内容）"
    harm, role = words["harm"][str(person.harm)], words["role"][person.role]
    label = f"{source}：损害程度“{harm}”、{role} → {named(conclusion.base, book)}"
    low, high = conclusion.base
    judged = {
        "harm": ("损害程度", str(person.harm)),
        "unfit_for_post": ("不适宜担任现职", person.unfit_for_post),
        "role": ("责任角色", person.role),
    }
    yield _step(
        book,
        "base",
        conclusion.law.provision if conclusion.law else book.ladder[low],
        label,
        "law" if conclusion.law else "policy",
        "base",
        because=(Because(name, told, status, person.evidence.get(name, ())) for name, (told, status) in judged.items()),
        also=() if high == low else (book.ladder[high],),
    )
    yield from _adjusting_steps(question, book)


def _adjusting_steps(question: Question, book: Rulebook) -> Iterator[Step]:
    """How the range moved: what must be (aggravation, 应当) apart from what may be (mitigation, 可以)."""
    conclusion = question.conclusion
    if conclusion.aggravation:
        label = f"{book.aggravation.label}：区间为 {named(conclusion.mandatory, book)}"
        yield _adjusting(book.aggravation, "aggravated_range", label, "required", question, book)
    if conclusion.mitigation:
        label = f"{book.mitigation.label}：如行使裁量，区间为 {named(conclusion.discretionary, book)}"
        yield _adjusting(book.mitigation, "mitigated_range", label, "allowed", question, book)


def _adjusting(rule: Adjustment, step: str, label: str, status: str, question: Question, book: Rulebook) -> Step:
    readings = readings_used(rule.readings, question.readings, book)
    return _step(book, step, rule.provision, label, "reading", status, readings=readings)


def named(bounds: tuple[str, str] | None, book: Rulebook) -> str:
    """The measures of a range in Chinese, lowest to highest."""
    words = book.vocabulary.enumerations["measure"]
    return " 至 ".join(dict.fromkeys(words[measure] for measure in bounds or ()))


def _track_steps(conclusion: Conclusion, book: Rulebook) -> Iterator[Step]:
    track = conclusion.track
    if track.id != "not_triggered":
        label = book.vocabulary.enumerations["discipline_track"][track.id]
        yield _step(book, "discipline_track", track.provision, label, "law", track.id, also=track.cites)


def _procedure_steps(book: Rulebook) -> Iterator[Step]:
    for row in book.procedure:
        yield _step(book, f"procedure.{row['id']}", row["provision"], f"决定之前：{row['text']}", "law", "required")
