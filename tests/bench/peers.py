"""The same rules in other engines, each compiled once and asked one record at a time."""

from __future__ import annotations

import json
from typing import Any

import cedarpy
import rule_engine as rule_engine_library
import zen
from durable.engine import Host

from rules.book.logic import AtLeast, Element, Leaf, to_engine
from tests.bench.rules_in_turn import Engine, Record, Subject, branches, expression


class _QuietHost(Host):  # type: ignore[misc]
    """The high-level interface without its timer threads, which would also slow down whatever is measured beside it."""

    def _run(self) -> None:
        return None


def host(subject: Subject) -> Engine:
    """durable_rules as its manual shows it: a host, actions as Python functions."""
    fired: list[str] = []

    def action(name: str) -> Any:
        return lambda c: fired.append(name)

    places = {name: position for position, name in enumerate(subject.short)}
    rules = {
        name: {
            "all": [{"m": to_engine(condition, may=may, places=places)}],
            "pri": position + 1,
            "cap": 60_000,
            "run": action(name),
        }
        for position, (name, condition, may) in enumerate(subject.rules)
    }
    made = _QuietHost({"article_8": rules})

    def evaluate(record: Record) -> list[str]:
        fired.clear()
        fact = {"id": "m", "sid": "1", **record}
        made.assert_fact("article_8", fact)
        made.retract_fact("article_8", {"id": "m", "sid": "1"})
        return list(fired)

    return evaluate


def zen_table(subject: Subject) -> Engine:
    """A decision table that collects; a rule with alternatives has a row for each."""
    rows = []
    for name, condition, may in subject.rules:
        for number, branch in enumerate(branches(condition)):
            row = {"_id": f"{name}-{number}", "out": json.dumps(name)}
            row |= {subject.short[leaf.name]: _cell(leaf, may) for leaf in branch}
            rows.append(row)
    inputs = [{"id": field, "name": field, "field": field} for field in subject.short.values()]
    outputs = [{"id": "out", "name": "name", "field": "name"}]
    decision = _decision(
        "decisionTableNode", {"hitPolicy": "collect", "inputs": inputs, "outputs": outputs, "rules": rows}
    )
    return lambda record: list(dict.fromkeys(row["name"] for row in decision.evaluate(record)["result"]))


def _cell(leaf: Leaf, may: bool) -> str:
    if isinstance(leaf, AtLeast):
        return f"{'<' if leaf.negated else '>='} {leaf.number}"
    assert isinstance(leaf, Element)
    sought, other = ("refuted", "established") if leaf.negated else ("established", "refuted")
    allowed = [status for status in ("established", "open", "refuted") if status != other] if may else [sought]
    return ", ".join(json.dumps(status) for status in allowed)


def zen_expressions(subject: Subject) -> Engine:
    """One expression a rule."""
    names = {f"r{position}": name for position, (name, _, _) in enumerate(subject.rules)}
    expressions = [
        {"id": key, "key": key, "value": expression(condition, may, subject.short, ("and", "or"))}
        for key, (_, condition, may) in zip(names, subject.rules, strict=True)
    ]
    decision = _decision("expressionNode", {"expressions": expressions})

    def evaluate(record: Record) -> list[str]:
        result = decision.evaluate(record)["result"]
        return [name for key, name in names.items() if result[key]]

    return evaluate


def _decision(kind: str, content: dict[str, Any]) -> Any:
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "it", "name": "it", "type": kind, "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "it", "type": "edge"},
        {"id": "2", "sourceId": "it", "targetId": "out", "type": "edge"},
    ]
    return zen.ZenEngine().create_decision(
        json.dumps({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})
    )


def rule_engine(subject: Subject) -> Engine:
    """One compiled rule a condition."""
    made = [
        (name, rule_engine_library.Rule(expression(condition, may, subject.short, ("and", "or"))))
        for name, condition, may in subject.rules
    ]
    return lambda record: [name for name, rule in made if rule.matches(record)]


def cedar(subject: Subject) -> Engine:
    """One policy a rule, parsed once; the policies that hold are the reasons of the decision."""
    text = "\n".join(
        f"permit(principal, action, resource) when {{ {expression(condition, may, subject.short, ('&&', '||'), 'context.')} }};"
        for _, condition, may in subject.rules
    )
    policies, entities = cedarpy.PolicySet.from_str(text), cedarpy.Entities.from_json_str("[]")
    names = [name for name, _, _ in subject.rules]

    def evaluate(record: Record) -> list[str]:
        request = {"principal": 'A::"a"', "action": 'Action::"b"', "resource": 'C::"c"', "context": record}
        found = cedarpy.is_authorized(request, policies, entities)
        return [names[int(reason.removeprefix("policy"))] for reason in found.diagnostics.reasons]

    return evaluate
