"""A rulebook's two stages as one SQL query over a population; the same query runs in process and on Spark.

SQL's AND, OR and NOT with NULL are Kleene's: an element that is NULL is open, and a condition over findings is its own
translation. What has a vocabulary leaves the query as a number: its place among its words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from sqlglot import exp

from rules.analysis.columns import terms
from rules.analysis.columns.schema import CASE, PERSON, RAISED, Schema, role_facts
from rules.analysis.columns.terms import Term
from rules.book.logic import ESTABLISHED, OPEN, REFUTED, AtLeast, Condition, Element, Leaf, OneOf, folded
from rules.book.rulebook import Branch, Rule, Rulebook, rule_groups
from rules.reasoning.evaluation import NOT_RAISED

Words = Mapping[str, tuple[str, ...]]
"""Column → the words that its numbers stand for."""
STATUS_WORDS = (REFUTED, OPEN, ESTABLISHED, NOT_RAISED)
COMPLETED = "completed"
"""What the query reads: the population with all of its columns."""
_TYPES: Mapping[str, str] = {"text": "varchar", "word": "varchar", "truth": "boolean", "count": "int"}
_UNKNOWN = "unknown"
_RANGED = "accountable"
"""The outcome that has a range, flags and choices."""


def written(book: Rulebook, schema: Schema, readings: Mapping[str, str]) -> tuple[exp.Select, Words]:
    """The query over ``COMPLETED``, and what the numbers of its columns stand for. NULL: there is none."""
    made = _Made(book, schema, readings)
    query: exp.Select | exp.Subquery = exp.select("*").from_(COMPLETED)
    for name, step in made.steps():
        shown = [exp.Star(), *(terms.named(term, column) for column, term in step.items())]
        query = exp.select(*shown).from_(query.subquery(name, copy=False))
    shown = [terms.column(name) for name in (CASE, PERSON)]
    shown += [terms.named(term, name) for name, term in made.answers.items()]
    return exp.select(*shown).from_(query.subquery("answers", copy=False)), made.words


def completed(schema: Schema, present: Collection[str], view: str) -> exp.Select:
    """The columns of the schema, and no others, from a view that has those ``present``; what is missing is NULL.

    A numbered column stands in the place of its fact.
    """
    shown = []
    for name, column in schema.columns.items():
        source = next((each for each in (schema.numbered.get(name), name) if each in present), None)
        found = terms.column(source) if source else exp.cast(exp.null(), _TYPES[column.kind])
        shown.append(terms.named(found, name))
    return exp.select(*shown).from_(view)


def in_words(query: exp.Select, words: Words) -> exp.Select:
    """The query with each number as its word."""
    shown = []
    for name in query.named_selects:
        of = [
            (terms.equals(terms.column(name), place), exp.Literal.string(word))
            for place, word in enumerate(words.get(name, ()))
        ]
        shown.append(terms.named(terms.case(of), name) if of else terms.column(name))
    return exp.select(*shown).from_(query.subquery("numbers", copy=False))


class _Made:
    """The columns of each step, from those of the steps before; ``answers`` are the ones shown."""

    def __init__(self, book: Rulebook, schema: Schema, readings: Mapping[str, str]) -> None:
        self.book, self.schema, self.readings = book, schema, readings
        self.rank = book.rank
        self.by_role = role_facts(book)
        self.words: dict[str, tuple[str, ...]] = {}
        self.answers: dict[str, Term] = {}

    def steps(self) -> Iterator[tuple[str, dict[str, Term]]]:
        yield "facts", self._facts()
        yield "truths", {f"is:{rule.id}": self._truth(rule) for rule in self.book.rules.values()}
        yield "statuses", {f"status:{rule.id}": self._status(rule) for rule in self.book.rules.values()}
        yield "record", self._gathered()
        yield "places", self._places()
        yield "bases", self._bases()
        yield "ranges", self._raised()
        self._answer()

    # --- stage one ---

    def _facts(self) -> dict[str, Term]:
        """Which groups were alleged, and what follows from the role alone."""
        found: dict[str, Term] = {}
        for group in self.book.vocabulary.groups:
            filled = [terms.not_(terms.null(terms.column(name))) for name in self.schema.of_group(group)]
            found[f"alleged:{group}"] = terms.or_else(terms.column(RAISED + group), terms.some(filled))
        for name, statuses in self.by_role.items():
            settled = [(role, status) for role, status in statuses.items() if status != OPEN]
            found[name] = terms.case(
                [(terms.is_word("role", role), terms.truth(status == ESTABLISHED)) for role, status in settled]
            )
        return found

    def _truth(self, rule: Rule) -> Term:
        return folded(
            rule.when[self.readings[rule.reading] if rule.reading else ""], self._found, terms.every, terms.some
        )

    def _found(self, leaf: Leaf) -> Term:
        """A leaf over findings: TRUE, FALSE or NULL. What is open in a group not alleged is refuted."""
        match leaf:
            case Element(name, negated):
                column = self.schema.columns.get(name)
                alleged = [terms.column(f"alleged:{column.group}")] if column and column.group else []
                term = terms.every([terms.column(name), *alleged])
                return terms.not_(term) if negated else term
            case AtLeast(name, number, negated):
                kind = exp.LT if negated else exp.GTE
                return kind(this=terms.column(name), expression=exp.Literal.number(number))
        raise TypeError(leaf)

    def _status(self, rule: Rule) -> Term:
        term, groups = terms.column(f"is:{rule.id}"), rule_groups(rule, self.book.vocabulary)
        alleged = terms.some([terms.column(f"alleged:{group}") for group in groups]) if groups else exp.true()
        code = self._coded(rule.id, STATUS_WORDS)
        settled = [(terms.not_(alleged), code(NOT_RAISED)), (term, code(ESTABLISHED)), (terms.null(term), code(OPEN))]
        return terms.case(settled, code(REFUTED))

    def _coded(self, name: str, words: Iterable[str]) -> Callable[[str], Term]:
        """The numbers of the words of this column."""
        known = self.words[name] = tuple(dict.fromkeys(words))
        return lambda word: terms.number(known.index(word))

    # --- stage two ---

    def _with(self, kind: str, status: str) -> Term:
        people = self.book.vocabulary.people_only if kind == "situation" else ()
        rules = [rule.id for rule in self.book.of_kind(kind) if rule.id not in people]
        return terms.some([self._has(f"status:{rule}", rule, status) for rule in rules])

    def _has(self, column: str, coded: str, word: str) -> Term:
        return terms.equals(terms.column(column), self.words[coded].index(word))

    def _gathered(self) -> dict[str, Term]:
        situation = self._coded("situation", STATUS_WORDS)
        exemption = self._coded("exemption", ("none", "pending", "available"))
        held, waits = (self._with("situation", status) for status in (ESTABLISHED, OPEN))
        free, perhaps = (self._with("exempt", status) for status in (ESTABLISHED, OPEN))
        return {
            "record:situation": terms.case(
                [(held, situation(ESTABLISHED)), (waits, situation(OPEN))], situation(REFUTED)
            ),
            "record:exemption": terms.case(
                [(free, exemption("available")), (perhaps, exemption("pending"))], exemption("none")
            ),
            "record:mitigated": self._with("mitigate", ESTABLISHED),
            "record:aggravated": self._with("aggravate", ESTABLISHED),
        }

    def holds(self, condition: Condition) -> Term:
        """Whether a condition on the derived record holds: TRUE or FALSE."""
        return folded(condition, self._recorded, terms.every, terms.some)

    def _recorded(self, leaf: Leaf) -> Term:
        if not isinstance(leaf, OneOf):
            raise TypeError(leaf)
        term = terms.some([self._equal(leaf.name, str(value)) for value in leaf.values])
        return terms.not_(term) if leaf.negated else term

    def _equal(self, name: str, word: str) -> Term:
        if name in self.book.rules:
            return self._has(f"status:{name}", name, word)
        if name in ("situation", "exemption"):
            return self._has(f"record:{name}", name, word) if word in self.words[name] else exp.false()
        if name in ("mitigated", "aggravated"):
            return terms.yes_no(terms.column(f"record:{name}"), word)
        column = terms.column(name)
        if word in (_UNKNOWN, OPEN):
            return terms.null(column)
        if self.schema.columns[name].kind == "word":
            return terms.or_else(terms.is_word(name, word), exp.false())
        known = {
            ESTABLISHED: column,
            REFUTED: terms.not_(column),
            "yes": column,
            "no": terms.not_(terms.or_else(column, exp.false())),
        }
        return terms.or_else(known[word], exp.false()) if word in known else exp.false()

    def _places(self) -> dict[str, Term]:
        """The place of the choice taken in each ordered list."""
        lists = self.book.lists
        return {
            f"place:{name}": terms.case(
                (self.holds(choice.when), terms.number(place)) for place, choice in enumerate(lists[name])
            )
            for name in ("outcome", "track", "law")
        }

    def _at(self, name: str, field: str) -> Term:
        """The field of the choice taken in a list, as a number."""
        values = [getattr(choice, field) for choice in self.book.lists[name]]
        code = self._coded(name if field == "id" else f"{name}.{field}", values)
        if len(set(values)) == len(values):
            return terms.column(f"place:{name}")
        return terms.case((_placed(name, place), code(value)) for place, value in enumerate(values))

    def _bases(self) -> dict[str, Term]:
        places = [place for place, choice in enumerate(self.book.outcomes) if choice.id == _RANGED]
        accountable = terms.or_else(terms.some([_placed("outcome", place) for place in places]), exp.false())
        ranged = terms.every([accountable, terms.not_(terms.null(terms.column("harm")))])
        return {"accountable": accountable, "ranged": ranged} | {
            f"base:{end}": terms.case([(ranged, self._base(number))]) for number, end in enumerate(("lo", "hi"))
        }

    def _base(self, end: int) -> Term:
        branches = [
            (_placed("law", place), terms.number(self.rank[limits[end]]))
            for place, (_, *limits) in enumerate(self.book.law_ranges)
        ]
        for measure, rank in self.rank.items():
            cells = [cell for cell, bounds in self.book.policy.items() if bounds[end] == measure]
            if cells:
                met = terms.some(
                    [terms.every([terms.is_word("harm", harm), terms.is_word("role", role)]) for harm, role in cells]
                )
                branches.append((met, terms.number(rank)))
        return terms.case(branches)

    def _raised(self) -> dict[str, Term]:
        """The ends as they move. Readings A-30, A-34."""
        lo, hi, heavier = terms.column("base:lo"), terms.column("base:hi"), terms.column("record:aggravated")
        rule, raises = self.book.mitigation, self.book.aggravation.raises
        raised = terms.case(
            ((terms.equals(hi, self.rank[one]), terms.number(self.rank[other])) for one, other in raises.items()), hi
        )
        lowered = {rank: max(self.rank[rule.floor], rank - rule.lowers_by) for rank in self.rank.values()}
        lower = terms.case((terms.equals(lo, rank), terms.number(to)) for rank, to in lowered.items())
        return {
            "raised": terms.case([(heavier, raised)], hi),
            "must": terms.case([(heavier, hi)], lo),
            "lower": terms.case(
                [(terms.not_(terms.column("record:mitigated")), terms.case([(heavier, hi)], lo)), (heavier, lo)], lower
            ),
        }

    # --- what is shown ---

    def _answer(self) -> None:
        book, shown = self.book, self.answers
        shown |= {name: self._at("outcome", field) for name, field in _fields("outcome")}
        shown |= {"exemption": terms.column("record:exemption")}
        shown |= {name: self._at("track", field) for name, field in _fields("track")}
        for name, field in _fields("law"):
            shown[name] = terms.case([(terms.column("ranged"), self._at("law", field))])
        ends = {"base": ("base:lo", "base:hi"), "mandatory": ("must", "raised"), "discretionary": ("lower", "raised")}
        for name, columns in ends.items():
            for end, column in zip(("lo", "hi"), columns, strict=True):
                shown[f"{name}.{end}"] = terms.column(column)
                self.words[f"{name}.{end}"] = tuple(book.ladder)
        shown |= {name: terms.column(f"record:{name}") for name in ("mitigated", "aggravated")}
        shown |= {f"flag:{choice.id}": self._if_accountable(choice) for choice in book.flags}
        if book.aggravation.capped:
            moved = [
                terms.column("ranged"),
                terms.column("record:aggravated"),
                exp.EQ(this=terms.column("raised"), expression=terms.column("base:hi")),
            ]
            shown[f"flag:{book.aggravation.capped.id}"] = terms.or_else(terms.every(moved), exp.false())
        shown |= {f"slot:{choice.id}": self._if_accountable(choice) for choice, _ in book.discretion}
        shown |= {rule: terms.column(f"status:{rule}") for rule in book.rules}

    def _if_accountable(self, choice: Branch) -> Term:
        return terms.every([terms.column("accountable"), self.holds(choice.when)])


def _fields(name: str) -> tuple[tuple[str, str], ...]:
    return ((name, "id"), (f"{name}.provision", "provision"))


def _placed(name: str, place: int) -> Term:
    return terms.equals(terms.column(f"place:{name}"), place)
