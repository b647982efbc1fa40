"""A rulebook's two stages as one SQL query over a population; the same query runs in process and on Spark.

SQL's AND, OR and NOT with NULL are Kleene's: an element that is NULL is open, and a condition over findings is its own
translation. What has a vocabulary leaves the query as a number: its place among its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from sqlglot import exp

from rules.columns.schema import CASE, PERSON, RAISED, Schema, role_facts
from rules.evaluation import NOT_RAISED
from rules.facts import ESTABLISHED, OPEN, REFUTED
from rules.logic import AtLeast, Condition, Finding, Leaf, OneOf, folded
from rules.rulebook import Choice, Rule, Rulebook, rule_groups

Term = exp.Expr
Words = Mapping[str, tuple[str, ...]]
"""Column → the words that its numbers stand for."""
STATUS_WORDS = (REFUTED, OPEN, ESTABLISHED, NOT_RAISED)
POPULATION = "population"
_UNKNOWN = "unknown"
_RANGED = "accountable"
"""The outcome that has a range, flags and choices."""


def written(book: Rulebook, schema: Schema, readings: Mapping[str, str]) -> tuple[exp.Select, Words]:
    """The query, and what the numbers of its columns stand for. NULL: there is none."""
    made = _Made(book, schema, readings)
    query: exp.Select | exp.Subquery = exp.select("*").from_(POPULATION)
    for name, step in made.steps():
        shown = [exp.Star(), *(_named(term, column) for column, term in step.items())]
        query = exp.select(*shown).from_(query.subquery(name))
    shown = [_column(name) for name in (CASE, PERSON)] + [_named(term, name) for name, term in made.answers.items()]
    return exp.select(*shown).from_(query.subquery("answers")), made.words


def _column(name: str) -> Term:
    return exp.column(name, quoted=True)


def _named(term: Term, name: str) -> Term:
    return exp.alias_(term, name, quoted=True)


def _number(value: int) -> Term:
    return exp.cast(exp.Literal.number(value), "tinyint")


def _joined(kind: type[exp.Connector], parts: Sequence[Term], neutral: Term) -> Term:
    if not parts:
        return neutral
    result = parts[0]
    for part in parts[1:]:
        result = kind(this=result, expression=part)
    return exp.paren(result) if len(parts) > 1 else result


def _every(parts: Sequence[Term]) -> Term:
    return _joined(exp.And, parts, exp.true())


def _some(parts: Sequence[Term]) -> Term:
    return _joined(exp.Or, parts, exp.false())


def _not(term: Term) -> Term:
    return exp.Not(this=exp.paren(term))


def _null(term: Term) -> Term:
    return exp.Is(this=term, expression=exp.null())


def _case(branches: Iterable[tuple[Term, Term]], otherwise: Term | None = None) -> Term:
    """The first branch whose condition holds. A condition that is constant ends the list."""
    result = exp.Case()
    for when, then in branches:
        if when == exp.true():
            otherwise = then
            break
        result = result.when(when, then)
    return result.else_(otherwise or exp.null()) if result.args.get("ifs") else otherwise or exp.null()


def _or(term: Term, default: Term) -> Term:
    return exp.Coalesce(this=term, expressions=[default])


class _Made:
    """The columns of each step, from those of the steps before; ``answers`` are the ones shown."""

    def __init__(self, book: Rulebook, schema: Schema, readings: Mapping[str, str]) -> None:
        self.book, self.schema, self.readings = book, schema, readings
        self.rank = {measure: place for place, measure in enumerate(book.ladder)}
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
            filled = [_not(_null(_column(name))) for name in self.schema.of_group(group)]
            found[f"alleged:{group}"] = _or(_column(RAISED + group), _some(filled))
        for name, statuses in self.by_role.items():
            settled = [(role, status) for role, status in statuses.items() if status != OPEN]
            found[name] = _case([(_is("role", role), _truth(status == ESTABLISHED)) for role, status in settled])
        return found

    def _truth(self, rule: Rule) -> Term:
        return folded(rule.when[self.readings[rule.reading] if rule.reading else ""], self._found, _every, _some)

    def _found(self, leaf: Leaf) -> Term:
        """A leaf over findings: TRUE, FALSE or NULL. What is open in a group not alleged is refuted."""
        match leaf:
            case Finding(name, negated):
                column = self.schema.columns.get(name)
                alleged = [_column(f"alleged:{column.group}")] if column and column.group else []
                term = _every([_column(name), *alleged])
                return _not(term) if negated else term
            case AtLeast(name, number, negated):
                kind = exp.LT if negated else exp.GTE
                return kind(this=_column(name), expression=exp.Literal.number(number))
        raise TypeError(leaf)

    def _status(self, rule: Rule) -> Term:
        term, groups = _column(f"is:{rule.id}"), rule_groups(rule, self.book.vocabulary)
        alleged = _some([_column(f"alleged:{group}") for group in groups]) if groups else exp.true()
        code = self._coded(rule.id, STATUS_WORDS)
        settled = [(_not(alleged), code(NOT_RAISED)), (term, code(ESTABLISHED)), (_null(term), code(OPEN))]
        return _case(settled, code(REFUTED))

    def _coded(self, name: str, words: Iterable[str]) -> Callable[[str], Term]:
        """The numbers of the words of this column."""
        known = self.words[name] = tuple(dict.fromkeys(words))
        return lambda word: _number(known.index(word))

    # --- stage two ---

    def _with(self, kind: str, status: str) -> Term:
        people = self.book.vocabulary.people_only if kind == "situation" else ()
        rules = [rule.id for rule in self.book.of_kind(kind) if rule.id not in people]
        return _some([self._has(f"status:{rule}", rule, status) for rule in rules])

    def _has(self, column: str, coded: str, word: str) -> Term:
        return exp.EQ(this=_column(column), expression=_number(self.words[coded].index(word)))

    def _gathered(self) -> dict[str, Term]:
        situation = self._coded("situation", STATUS_WORDS)
        exemption = self._coded("exemption", ("none", "pending", "available"))
        held, waits = (self._with("situation", status) for status in (ESTABLISHED, OPEN))
        free, perhaps = (self._with("exempt", status) for status in (ESTABLISHED, OPEN))
        return {
            "record:situation": _case([(held, situation(ESTABLISHED)), (waits, situation(OPEN))], situation(REFUTED)),
            "record:exemption": _case(
                [(free, exemption("available")), (perhaps, exemption("pending"))], exemption("none")
            ),
            "record:mitigated": self._with("mitigate", ESTABLISHED),
            "record:aggravated": self._with("aggravate", ESTABLISHED),
        }

    def holds(self, condition: Condition) -> Term:
        """Whether a condition on the derived record holds: TRUE or FALSE."""
        return folded(condition, self._recorded, _every, _some)

    def _recorded(self, leaf: Leaf) -> Term:
        if not isinstance(leaf, OneOf):
            raise TypeError(leaf)
        term = _some([self._equal(leaf.name, str(value)) for value in leaf.values])
        return _not(term) if leaf.negated else term

    def _equal(self, name: str, word: str) -> Term:
        if name in self.book.rules:
            return self._has(f"status:{name}", name, word)
        if name in ("situation", "exemption"):
            return self._has(f"record:{name}", name, word) if word in self.words[name] else exp.false()
        if name in ("mitigated", "aggravated"):
            return _yes_no(_column(f"record:{name}"), word)
        column = _column(name)
        if word in (_UNKNOWN, OPEN):
            return _null(column)
        if self.schema.columns[name].kind == "word":
            return _or(_is(name, word), exp.false())
        known = {ESTABLISHED: column, REFUTED: _not(column), "yes": column, "no": _not(_or(column, exp.false()))}
        return _or(known[word], exp.false()) if word in known else exp.false()

    def _places(self) -> dict[str, Term]:
        """The place of the choice taken in each ordered list."""
        laws = [choice for choice, _, _ in self.book.law_ranges]
        lists = {"outcome": self.book.outcomes, "track": self.book.tracks, "law": laws}
        return {
            f"place:{name}": _case((self.holds(choice.when), _number(place)) for place, choice in enumerate(choices))
            for name, choices in lists.items()
        }

    def _at(self, name: str, choices: Sequence[Choice], field: str) -> Term:
        """The field of the choice taken, as a number."""
        values = [getattr(choice, field) for choice in choices]
        code = self._coded(name if field == "id" else f"{name}.{field}", values)
        return _case((_placed(name, place), code(value)) for place, value in enumerate(values))

    def _bases(self) -> dict[str, Term]:
        places = [place for place, choice in enumerate(self.book.outcomes) if choice.id == _RANGED]
        accountable = _or(_some([_placed("outcome", place) for place in places]), exp.false())
        ranged = _every([accountable, _not(_null(_column("harm")))])
        return {"accountable": accountable, "ranged": ranged} | {
            f"base:{end}": _case([(ranged, self._base(number))]) for number, end in enumerate(("lo", "hi"))
        }

    def _base(self, end: int) -> Term:
        branches = [
            (_placed("law", place), _number(self.rank[limits[end]]))
            for place, (_, *limits) in enumerate(self.book.law_ranges)
        ]
        for measure, rank in self.rank.items():
            cells = [cell for cell, bounds in self.book.policy.items() if bounds[end] == measure]
            if cells:
                met = _some([_every([_is("harm", harm), _is("role", role)]) for harm, role in cells])
                branches.append((met, _number(rank)))
        return _case(branches)

    def _raised(self) -> dict[str, Term]:
        """The ends as they move. Readings A-30, A-34."""
        lo, hi, heavier = _column("base:lo"), _column("base:hi"), _column("record:aggravated")
        rule, raises = self.book.mitigation, self.book.aggravation.raises
        raised = _case(((_equals(hi, self.rank[one]), _number(self.rank[other])) for one, other in raises.items()), hi)
        lowered = {rank: max(self.rank[rule.floor], rank - rule.lowers_by) for rank in self.rank.values()}
        lower = _case((_equals(lo, rank), _number(to)) for rank, to in lowered.items())
        return {
            "raised": _case([(heavier, raised)], hi),
            "must": _case([(heavier, hi)], lo),
            "lower": _case([(_not(_column("record:mitigated")), _case([(heavier, hi)], lo)), (heavier, lo)], lower),
        }

    # --- what is shown ---

    def _answer(self) -> None:
        book, shown = self.book, self.answers
        shown |= {"outcome": self._at("outcome", book.outcomes, "id")}
        shown |= {"outcome.provision": self._at("outcome", book.outcomes, "provision")}
        shown |= {"exemption": _column("record:exemption")}
        shown |= {name: self._at("track", book.tracks, field) for name, field in _fields("track")}
        laws = [choice for choice, _, _ in book.law_ranges]
        shown |= {name: _case([(_column("ranged"), self._at("law", laws, field))]) for name, field in _fields("law")}
        ends = {"base": ("base:lo", "base:hi"), "mandatory": ("must", "raised"), "discretionary": ("lower", "raised")}
        for name, columns in ends.items():
            for end, column in zip(("lo", "hi"), columns, strict=True):
                shown[f"{name}.{end}"] = _column(column)
                self.words[f"{name}.{end}"] = tuple(book.ladder)
        shown |= {name: _column(f"record:{name}") for name in ("mitigated", "aggravated")}
        shown |= {f"flag:{choice.id}": self._if_accountable(choice) for choice in book.flags}
        if book.aggravation.capped:
            moved = [
                _column("ranged"),
                _column("record:aggravated"),
                exp.EQ(this=_column("raised"), expression=_column("base:hi")),
            ]
            shown[f"flag:{book.aggravation.capped.id}"] = _or(_every(moved), exp.false())
        shown |= {f"slot:{choice.id}": self._if_accountable(choice) for choice, _ in book.discretion}
        shown |= {rule: _column(f"status:{rule}") for rule in book.rules}

    def _if_accountable(self, choice: Choice) -> Term:
        return _every([_column("accountable"), self.holds(choice.when)])


def _fields(name: str) -> tuple[tuple[str, str], ...]:
    return ((name, "id"), (f"{name}.provision", "provision"))


def _is(name: str, word: str) -> Term:
    return exp.EQ(this=_column(name), expression=exp.Literal.string(word))


def _equals(term: Term, rank: int) -> Term:
    return exp.EQ(this=term, expression=_number(rank))


def _placed(name: str, place: int) -> Term:
    return _equals(_column(f"place:{name}"), place)


def _truth(value: bool) -> Term:
    return exp.true() if value else exp.false()


def _yes_no(term: Term, word: str) -> Term:
    return term if word == "yes" else _not(term)
