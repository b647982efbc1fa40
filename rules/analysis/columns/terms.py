"""The parts of which the query is built, as SQL that every dialect takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

Term = exp.Expr


def column(name: str) -> Term:
    return exp.column(name, quoted=True)


def named(term: Term, name: str) -> Term:
    return exp.alias_(term, name, quoted=True, copy=False)


def number(value: int) -> Term:
    return exp.cast(exp.Literal.number(value), exp.DataType.Type.UTINYINT)


def _joined(kind: type[exp.Connector], parts: Sequence[Term], neutral: Term) -> Term:
    if not parts:
        return neutral
    result = parts[0]
    for part in parts[1:]:
        result = kind(this=result, expression=part)
    return exp.paren(result) if len(parts) > 1 else result


def every(parts: Sequence[Term]) -> Term:
    return _joined(exp.And, parts, exp.true())


def some(parts: Sequence[Term]) -> Term:
    return _joined(exp.Or, parts, exp.false())


def not_(term: Term) -> Term:
    return exp.Not(this=exp.paren(term))


def null(term: Term) -> Term:
    return exp.Is(this=term, expression=exp.null())


def case(branches: Iterable[tuple[Term, Term]], otherwise: Term | None = None) -> Term:
    """The first branch whose condition holds. A condition that is constant ends the list."""
    result = exp.Case()
    for when, then in branches:
        if when == exp.true():
            otherwise = then
            break
        result = result.when(when, then, copy=False)
    return result.else_(otherwise or exp.null(), copy=False) if result.args.get("ifs") else otherwise or exp.null()


def or_else(term: Term, default: Term) -> Term:
    return exp.Coalesce(this=term, expressions=[default])


def is_word(name: str, word: str) -> Term:
    return exp.EQ(this=column(name), expression=exp.Literal.string(word))


def equals(term: Term, place: int) -> Term:
    return exp.EQ(this=term, expression=exp.Literal.number(place))


def truth(value: bool) -> Term:
    return exp.true() if value else exp.false()


def yes_no(term: Term, word: str) -> Term:
    return term if word == "yes" else not_(term)
