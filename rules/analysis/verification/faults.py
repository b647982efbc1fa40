"""What is looked for in one book, each over every case: what is found says what is wrong, where, and in which smallest case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import combinations, permutations

from rules.analysis.verification.facts import Facts, Term
from rules.analysis.verification.reasoning import NONE, Reasoning, established
from rules.book.logic import Condition, leaves
from rules.book.rulebook import Branch, Monotony, Rule, Rulebook

Case = dict[str, str | int]
"""The facts of a case that depart from what is usual."""

KINDS = {
    "gap": "空白",
    "overlap": "重叠",
    "unreachable": "永不适用",
    "subsumed": "被包含",
    "contradiction": "矛盾",
    "monotony": "不单调",
    "uncited": "没有依据",
    "modality": "应当与可以不符",
    "idle_reading": "解释没有作用",
}


@dataclass(frozen=True, slots=True)
class BookFault:
    """kind: of ``KINDS``. places: the entries concerned, as ``list:id``. case: the smallest case that shows it, if one does."""

    kind: str
    message: str
    places: tuple[str, ...] = ()
    case: Case | None = None


def faults(book: Rulebook, kinds: Set[str] = KINDS.keys()) -> list[BookFault]:
    """Every fault of the book, or those of some kinds and of what is looked for together with them.."""
    search = _Search(book)
    looks = {
        search.gaps: {"gap"}, search.overlaps: {"overlap"}, search.unreachable: {"unreachable"},
        search.related: {"subsumed", "contradiction"}, search.idle_readings: {"idle_reading"},
        search.not_monotone: {"monotony"}, search.uncited: {"uncited", "modality"},
    }  # fmt: skip
    return [fault for look, of in looks.items() if of & kinds for fault in look()]


class _Search:
    def __init__(self, book: Rulebook) -> None:
        self.book, self.facts = book, Facts()
        self.what = Reasoning(book, self.facts)
        self.z3 = self.facts.z3

    def gaps(self) -> Iterator[BookFault]:
        """Cases without an outcome, without a track, or accountable with a harm and no range."""
        what = self.what
        for label, choices in (("结论", self.book.outcomes), ("纪律处分衔接", self.book.tracks)):
            case = self.facts.smallest(what.is_(what.first(choices, "id"), NONE))
            if case is not None:
                yield BookFault("gap", f"有的认定得不出{label}", (), case)
        known = self.z3.Not(what.is_(what.record["harm"], "unknown"))
        case = self.facts.smallest(what.accountable, known, what.ranges["base"][0] < 0)
        if case is not None:
            yield BookFault("gap", "应予问责而损害程度已经认定的，有的得不出区间", (), case)

    def overlaps(self) -> Iterator[BookFault]:
        """Two rules of law that fix different ranges for one case."""
        for (one, *first), (other, *second) in combinations(self.book.law_ranges, 2):
            if first != second:
                case = self.facts.smallest(self.what.accountable, *map(self.what.holds, (one.when, other.when)))
                if case is not None:
                    places = (f"law:{one.id}", f"law:{other.id}")
                    yield BookFault("overlap", f"{one.id} 与 {other.id} 同时适用，所定的区间不同", places, case)

    def unreachable(self) -> Iterator[BookFault]:
        yield from self._never_first("outcome", self.book.outcomes)
        yield from self._never_first("track", self.book.tracks)
        for name in ("flag", "law", "discretion"):
            asked = [] if name == "discretion" else [self.what.accountable]
            for choice in self.book.lists[name]:
                if not self.facts.possible(*asked, self.what.holds(choice.when)):
                    yield BookFault("unreachable", f"{choice.id} 在任何认定之下都不适用", (f"{name}:{choice.id}",))
        for rule in self.book.rules.values():
            for value, when in rule.when.items():
                if not self.facts.possible(self.what.found(when), self.what.raised(rule)):
                    shown = f"（解释取 {value} 时）" if value else ""
                    yield BookFault("unreachable", f"{rule.label}{shown}永远不能成立", (f"{rule.kind}:{rule.id}",))

    def _never_first(self, name: str, choices: Sequence[Branch]) -> Iterator[BookFault]:
        before: list[Term] = []
        for choice in choices:
            held = self.what.holds(choice.when)
            if not self.facts.possible(held, *before):
                message = f"{choice.id} 永远轮不到：它的条件总是已经落入排在前面的"
                yield BookFault("unreachable", message, (f"{name}:{choice.id}",))
            before.append(self.z3.Not(held))

    def related(self) -> Iterator[BookFault]:
        """Of two rules one always holds with the other: the same effect twice, or two effects that exclude each other."""
        kinds = ("situation", "exempt", "mitigate", "aggravate")
        for rule, other in permutations([rule for rule in self.book.rules.values() if rule.kind in kinds], 2):
            if self._reads(rule).isdisjoint(self._reads(other)):
                continue  # rules without a common fact hold and fail independently: neither is constant
            if self.facts.possible(established(self.what, rule), self.z3.Not(established(self.what, other))):
                continue
            places = (f"{rule.kind}:{rule.id}", f"{other.kind}:{other.id}")
            if rule.kind == other.kind:
                yield BookFault("subsumed", f"凡“{rule.label}”成立，“{other.label}”必成立：前者没有作用", places)
            elif "aggravate" in (rule.kind, other.kind) and {rule.kind, other.kind} & {"exempt", "mitigate"}:
                case = self.facts.smallest(established(self.what, rule))
                yield BookFault(
                    "contradiction", f"同一认定既使“{rule.label}”成立，又使“{other.label}”成立", places, case
                )

    def _reads(self, rule: Rule) -> set[str]:
        return {name for when in rule.when.values() for name in _names(when)}

    def idle_readings(self) -> Iterator[BookFault]:
        """A reading that is evaluated although none of its values changes any answer."""
        for name in self.what.case.readings:
            other = Reasoning(self.book, self.facts, {name: f"{name}'"})
            changed = [self.what.statuses[rule] != other.statuses[rule] for rule in self.book.rules]
            if not self.facts.possible(self.z3.Or(changed)):
                yield BookFault("idle_reading", f"解释 {name} 取哪一个值都得出同样的结果", (f"reading:{name}",))

    def not_monotone(self) -> Iterator[BookFault]:
        for stated in self.book.monotonies:
            yield from self._against(stated)

    def _against(self, stated: Monotony) -> Iterator[BookFault]:
        """The stated direction broken: one turned up, all else the same, and the range moved against it."""
        names = self._turned(stated.turned)
        after = Reasoning(self.book, self.facts, {name: f"{name}'" for name in names})
        more = [self._not_less(name, self.facts.terms[name], self.facts.terms[f"{name}'"]) for name in names]
        ends = zip(self.what.ranges[stated.range], after.ranges[stated.range], strict=True)
        moved = [then < now if stated.never == "lighter" else then > now for now, then in ends]
        ranged = [each.ranges["base"][0] >= 0 for each in (self.what, after)]
        case = self.facts.smallest(*more, *ranged, self.z3.Or(moved))
        if case is not None:
            yield BookFault("monotony", f"{stated.label}——有相反的情形", (f"monotony:{stated.id}",), case)

    def _turned(self, what: str) -> list[str]:
        if what in self.what.case.judged:
            return [what]
        rules = self.book.of_kind(what)
        read = dict.fromkeys(name for rule in rules for when in rule.when.values() for name in _names(when))
        groups = {name.rpartition(".")[0] for name in read}
        terms = self.facts.terms
        found = [name for name in terms if name.partition("@")[0] in read and not name.endswith("'")]
        return [*found, *(f"raised:{group}" for group in sorted(groups) if f"raised:{group}" in terms)]

    def _not_less(self, name: str, now: Term, then: Term) -> Term:
        if name == "harm":
            order = [self.facts.code(str(word)) for word in self.facts.values[name] if word != "unknown"]
            pairs = [(a, b) for place, a in enumerate(order) for b in order[place:]]
            return self.z3.Or([self.z3.And(now == a, then == b) for a, b in pairs])
        if name.startswith("raised:"):
            return self.z3.Or(now == then, then == self.facts.code("yes"))
        return now <= then

    def uncited(self) -> Iterator[BookFault]:
        """Entries that rest on no provision, or on one that binds nobody; rules whose 应当 or 可以 is not the provision's."""
        lists = self.book.lists.items()
        entries = [(f"{name}:{choice.id}", choice.provision) for name, choices in lists for choice in choices]
        entries += [(f"{rule.kind}:{rule.id}", rule.provision) for rule in self.book.rules.values()]
        for place, provision in entries:
            if provision not in self.book.provisions:
                yield BookFault("uncited", f"{place} 没有所依据的条款", (place,))
            elif self.book.provisions[provision].treatment == "information" and not place.startswith("discretion:"):
                yield BookFault("uncited", f"{place} 所依据的 {provision} 只是说明，不产生效果", (place,))
        for rule in self.book.rules.values():
            place, known = f"{rule.kind}:{rule.id}", self.book.provisions.get(rule.provision)
            wanted = "may" if rule.kind in ("exempt", "mitigate") else "shall"
            if rule.modality != wanted or (known is not None and known.modality != wanted):
                yield BookFault("modality", f"“{rule.label}”应为{'可以' if wanted == 'may' else '应当'}", (place,))


def _names(when: Condition) -> Iterator[str]:
    yield from (leaf.name for leaf in leaves(when))
