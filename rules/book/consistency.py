"""What the parts of a finished rulebook must be to each other: contradictions that no single file shows."""

from __future__ import annotations

from collections.abc import Iterator

from rules.book.coverage import unlinked
from rules.book.logic import AtLeast, leaves
from rules.book.rulebook import Rulebook, rule_groups

Contradiction = tuple[str, tuple[str | int, ...], str]
"""File, place in it, and what is wrong."""


def contradictions(book: Rulebook) -> Iterator[Contradiction]:
    """Every contradiction between the parts of the book, the first found first."""
    yield from _counts(book)
    yield from _vocabulary(book)
    yield from _ladder(book)
    yield from _policy(book)
    yield from _outcomes(book)
    yield from _periods(book)
    yield from _duties(book)
    yield from _ledger(book)
    yield from _proceedings(book)
    yield from _searches(book)
    yield from _latitude(book)
    yield from (("provisions", ("provisions", position), fault) for position, fault in unlinked(book))


def _counts(book: Rulebook) -> Iterator[Contradiction]:
    for position, rule in enumerate(book.of_kind("aggravate")):
        numbers = {leaf.number for when in rule.when.values() for leaf in leaves(when) if isinstance(leaf, AtLeast)}
        if numbers and numbers != {rule.still_unfulfilled_after}:
            yield "aggravations", ("rules", position), "at_least 与 still_unfulfilled_after 的次数不一致"


def _vocabulary(book: Rulebook) -> Iterator[Contradiction]:
    read = {group for rule in book.rules.values() for group in rule_groups(rule, book.vocabulary)}
    for group in book.vocabulary.groups:
        if group not in read:
            yield "vocabulary", ("groups", group), f"没有规则使用 {group}"
    for provision in sorted(book.vocabulary.people_only):
        if provision not in book.rules:
            yield "vocabulary", ("people_only",), f"people_only 中的 {provision} 没有规则"
    for rule in book.of_kind("situation"):
        if book.provisions[rule.provision].treatment == "people" and rule.provision not in book.vocabulary.people_only:
            yield "vocabulary", ("people_only",), f"{rule.provision} 只能由人认定，应列入 people_only"


def _ladder(book: Rulebook) -> Iterator[Contradiction]:
    if set(book.ladder) != set(book.vocabulary.enumerations["measure"]):
        yield "measures", ("ladder",), "问责方式的次序与词汇表 measure 不一致"
    rank = book.rank
    for position, (_, lo, hi) in enumerate(book.law_ranges):
        if lo not in rank or hi not in rank or rank[lo] > rank[hi]:
            yield "measures", ("law", position), "法定区间的上下限不存在或者颠倒"
    for lower, upper in book.aggravation.raises.items():
        if rank[upper] <= rank[lower]:
            yield "measures", ("adjustments", "aggravation"), "加重之后不高于加重之前"


def _policy(book: Rulebook) -> Iterator[Contradiction]:
    words = book.vocabulary.enumerations
    rank = book.rank
    reserved = {measure for _, lo, hi in book.law_ranges for measure in (lo, hi)}
    for position, (cell, (lo, hi)) in enumerate(book.policy.items()):
        if rank[lo] > rank[hi]:
            yield "policy/default", ("rows", position), f"{cell[0]} × {cell[1]} 的下限高于上限"
        if {lo, hi} & reserved:
            yield "policy/default", ("rows", position), "只有符合法定条件才能采取的方式不得列入策略表"
    for harm in [level for level in words["harm"] if level != "none"]:
        for role in [role for role in words["role"] if role != "undetermined"]:
            if (harm, role) not in book.policy:
                yield "policy/default", ("rows",), f"策略表缺少 {harm} × {role}"


def _outcomes(book: Rulebook) -> Iterator[Contradiction]:
    if [choice.id for choice in book.outcomes] != list(dict.fromkeys(choice.id for choice in book.outcomes)):
        yield "outcomes", ("outcomes",), "结论重复"
    if {choice.id for choice in book.outcomes} != set(book.vocabulary.enumerations["outcome"]):
        yield "outcomes", ("outcomes",), "结论与词汇表 outcome 不一致"
    if {choice.id for choice in book.tracks} != set(book.vocabulary.enumerations["discipline_track"]):
        yield "measures", ("discipline_track",), "纪律处分衔接与词汇表 discipline_track 不一致"


def _periods(book: Rulebook) -> Iterator[Contradiction]:
    seen = set()
    for position, period in enumerate(book.periods):
        if period.id in seen:
            yield "periods", ("rows", position), f"{period.id} 重复"
        seen.add(period.id)
        if period.ladder not in {*book.ladder, "discipline", "administrative"}:
            yield "periods", ("rows", position), f"ladder“{period.ladder}”不存在"
        if period.confirmed and period.mark != "V":
            yield "periods", ("rows", position), "已确认的行，核对标记 mark 应为 V"


def _duties(book: Rulebook) -> Iterator[Contradiction]:
    for position, row in enumerate(book.duties):
        if row.get("when_measure") is not None and row["when_measure"] not in book.ladder:
            yield "duties", ("duties", position), f"问责方式“{row['when_measure']}”不存在"
        law_without_words = row["source"] == "law" and book.provisions[row["provision"]].modality == "declaratory"
        if law_without_words:
            yield "duties", ("duties", position), "条款只是说明，不能作为法定职责的依据"


def _ledger(book: Rulebook) -> Iterator[Contradiction]:
    reached = {action.to for action in book.ledger.actions.values()}
    for state in book.ledger.states:
        if state not in reached:
            yield "ledger", ("states", state), f"没有办理到达状态 {state}"
    for position, action in enumerate(book.ledger.actions.values()):
        for guard in action.guards:
            if guard not in book.guards:
                yield "ledger", ("actions", position), f"限制“{guard}”不存在"
        if action.counts_as is not None and action.counts_as not in book.vocabulary.enumerations["act_kind"]:
            yield "ledger", ("actions", position), f"督办行为的种类“{action.counts_as}”不存在"
        if action.issues is not None and action.issues not in book.forms:
            yield "ledger", ("actions", position), f"附件“{action.issues}”不存在"
    for actor, guard in book.ledger.actor_guards.items():
        if guard not in book.guards:
            yield "ledger", ("actor_guards", actor), f"限制“{guard}”不存在"


def _proceedings(book: Rulebook) -> Iterator[Contradiction]:
    """Every state is reached, every guard exists, every tracked duty is fulfilled by an action."""
    procedure = book.proceedings
    reached = {action.to for action in procedure.actions.values()}
    for state in procedure.states:
        if state not in reached:
            yield "proceedings", ("states", state), f"没有办理到达状态 {state}"
    for position, action in enumerate(procedure.actions.values()):
        for guard in (*action.guards, *(procedure.actor_guards[actor] for actor in action.actors)):
            if guard not in book.guards:
                yield "proceedings", ("actions", position), f"限制“{guard}”不存在"
    awaited = procedure.awaits.done_by
    for duty in sorted(awaited.keys() ^ book.tracked.keys()) if awaited else ():
        yield "proceedings", ("awaits", "done_by"), f"跟踪的职责“{duty}”由哪项办理完成，应当恰好写明一次"


def _searches(book: Rulebook) -> Iterator[Contradiction]:
    """Every adverse rule has its paired search, or says why it has none."""
    adverse = [rule.id for kind in ("situation", "aggravate") for rule in book.of_kind(kind)]
    for rule in adverse:
        if rule not in book.searches.favourable:
            yield "searches", ("favourable",), f"不利规则 {rule} 没有对称检索"
    for position, rule in enumerate(book.searches.favourable):
        if rule not in adverse:
            yield "searches", ("favourable", position), f"{rule} 不是不利规则"
    for element, actions in book.searches.adverse.items():
        for action in actions:
            if action not in book.ledger.actions:
                yield "searches", ("adverse", element), f"办理“{action}”不存在"


def _latitude(book: Rulebook) -> Iterator[Contradiction]:
    kinds = [kind.id for kind in book.latitude.kinds]
    if sorted(kinds) != sorted(book.proceedings.words["outcomes"]):
        yield "latitude", ("kinds",), "处理的种类与 proceedings.yaml 的 outcomes 不一致"
