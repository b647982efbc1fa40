"""The reasoning in order, step by step, each with the provision it rests on and what it follows from."""

from __future__ import annotations

from typing import Any

from rules.evaluation import Conclusion, Evaluator
from rules.flips import Question
from rules.rulebook import Adjustment, Rule, Rulebook

Step = dict[str, Any]


def shown(rule: Rule, question: Question, evaluator: Evaluator) -> bool:
    """Whether a rule has its own step: every gate, what was alleged, and counting where there is something to count."""
    if rule.kind == "gate":
        return True
    groups = evaluator.groups[rule.id]
    if groups:
        return any(group in question.person.findings for group in groups)
    return bool(question.case.matter.acts)


def reasoning(question: Question, evaluator: Evaluator) -> list[Step]:
    """Gates, situations, lists of 8.3, the outcome, the range and how it moved, the track, what must come before."""
    book, conclusion = evaluator.book, question.conclusion
    rules = [rule for rule in book.rules.values() if shown(rule, question, evaluator)]
    steps = [_rule_step(rule, question, evaluator) for rule in rules]
    states = {
        "exempt": conclusion.exemption,
        "mitigate": conclusion.record["mitigated"],
        "aggravate": conclusion.record["aggravated"],
    }
    for kind, lead in book.leads.items():
        if any(rule.kind == kind for rule in rules):
            steps.append(_step(book, kind, lead.provision, lead.label, "law", states[kind]))
    outcome = next(choice for choice in book.outcomes if choice.id == conclusion.outcome)
    steps.append(_step(book, "outcome", outcome.provision, "结论", "law", conclusion.outcome))
    return [*steps, *_range_steps(question, book), *_track_steps(conclusion, book), *_procedure_steps(book)]


def _step(book: Rulebook, step: str, provision: str, label: str, basis: str, status: str) -> Step:
    cited = book.cite(provision)
    return {"step": step, "label": label, **cited, "basis": basis, "status": status, "because": [], "also": []}


def _rule_step(rule: Rule, question: Question, evaluator: Evaluator) -> Step:
    book = evaluator.book
    value = question.readings[rule.reading] if rule.reading else ""
    basis = "reading" if rule.reading else "law"  # a status that another reading would alter is not plain law
    step = _step(book, rule.id, rule.provision, rule.label, basis, question.statuses[rule.id, value])
    step["modality"] = rule.modality
    step["because"] = [_because(name, question, book) for name in evaluator.elements[rule.id, value]]
    step["also"] = [book.cite(provision) for provision in rule.cites]
    return _with_readings(step, rule.readings, question, book)


def _with_readings(step: Step, readings: tuple[str, ...], question: Question, book: Rulebook) -> Step:
    if readings:
        step["readings"] = [
            {"reading": name, "used": question.readings[name],
             "text": book.readings[name].alternatives[question.readings[name]]}
            for name in readings
        ]  # fmt: skip
    return step


def _because(name: str, question: Question, book: Rulebook) -> dict[str, Any]:
    group, _, element = name.rpartition(".")
    evidence: list[Any] = []
    if group in book.vocabulary.groups:
        found = question.person.findings.get(group, {}).get(element)
        evidence = [*(found.evidence if found else ()), *question.person.evidence.get(name, ())]
    label = book.vocabulary.label(name)
    return {"element": name, "label": label, "status": question.record[name], "evidence": evidence}


def _range_steps(question: Question, book: Rulebook) -> list[Step]:
    conclusion, person = question.conclusion, question.person
    if conclusion.base is None:
        return []
    words = book.vocabulary.enumerations
    source = "依本条" if conclusion.law else f"按策略表 {book.policy_id}（不是规章内容）"
    harm, role = words["harm"][str(person.harm)], words["role"][person.role]
    label = f"{source}：损害程度“{harm}”、{role} → {named(conclusion.base, book)}"
    provision = conclusion.law.provision if conclusion.law else book.ladder[conclusion.base[0]]
    step = _step(book, "base", provision, label, "law" if conclusion.law else "policy", "base")
    step["because"] = [
        _judged("harm", "损害程度", str(person.harm), question),
        _judged("unfit_for_post", "不适宜担任现职", person.unfit_for_post, question),
        _judged("role", "责任角色", person.role, question),
    ]
    if conclusion.base[1] != conclusion.base[0]:
        step["also"] = [book.cite(book.ladder[conclusion.base[1]])]
    return [step, *_adjusting_steps(question, book)]


def _judged(name: str, label: str, status: str, question: Question) -> dict[str, Any]:
    """A finding that only people make, with its evidence."""
    return {
        "element": name,
        "label": label,
        "status": status,
        "evidence": [*question.person.evidence.get(name, ())],
    }


def _adjusting_steps(question: Question, book: Rulebook) -> list[Step]:
    """How the range moved: what must be (aggravation, 应当) apart from what may be (mitigation, 可以)."""
    conclusion = question.conclusion
    steps = []
    if conclusion.aggravation:
        label = f"{book.aggravation.label}：区间为 {named(conclusion.mandatory, book)}"
        steps.append(_adjusting(book.aggravation, "aggravated_range", label, "required", question, book))
    if conclusion.mitigation:
        label = f"{book.mitigation.label}：如行使裁量，区间为 {named(conclusion.discretionary, book)}"
        steps.append(_adjusting(book.mitigation, "mitigated_range", label, "allowed", question, book))
    return steps


def _adjusting(rule: Adjustment, step: str, label: str, status: str, question: Question, book: Rulebook) -> Step:
    made = _step(book, step, rule.provision, label, "reading", status)
    return _with_readings(made, rule.readings, question, book)


def named(bounds: tuple[str, str] | None, book: Rulebook) -> str:
    """The measures of a range in Chinese, lowest to highest."""
    words = book.vocabulary.enumerations["measure"]
    return " 至 ".join(dict.fromkeys(words[measure] for measure in bounds or ()))


def _track_steps(conclusion: Conclusion, book: Rulebook) -> list[Step]:
    if conclusion.track.id == "not_triggered":
        return []
    label = book.vocabulary.enumerations["discipline_track"][conclusion.track.id]
    step = _step(book, "discipline_track", conclusion.track.provision, label, "law", conclusion.track.id)
    step["also"] = [book.cite(provision) for provision in conclusion.track.cites]
    return [step]


def _procedure_steps(book: Rulebook) -> list[Step]:
    return [
        _step(book, f"procedure.{row['id']}", row["provision"], f"决定之前：{row['text']}", "law", "required")
        for row in book.procedure
    ]
