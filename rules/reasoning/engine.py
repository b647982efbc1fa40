"""The only importer of durable_rules: one flat typed record in, the names of the rules that fired out.

Only the C module is used. The high-level ``Host`` starts timer threads that steal actions and crash the process after
``delete_state``. Every evaluation ends with a sentinel rule, and is compared with the Python functions generated from
the same conditions; a disagreement or a missing end raises, and no partial result leaves this module.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from operator import itemgetter
from typing import Any

import durable_rules_engine as dre

from rules.book.logic import Condition, Record, Values, all_numbers, fields, leaves, to_engine

NAME, VERSION = "durable_rules", version("durable_rules")
_MESSAGE = "m"
_SENTINEL = "end_of_evaluation"
_CAP = 60_000
_LAST = 60_000
_MAX_RULES = 63
_MAX_FIELDS = 240
_MAX_INTEGER = 2**53 - 1
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")
_names = itertools.count()


class EngineFault(RuntimeError):
    """The engine did not finish, or does not agree with the reference; there is no result."""


class Ruleset:
    """Rules ``(name, condition, may)`` over one flat record, evaluated by the engine and checked by the reference.

    Safe under threads (a pool of warm states, one per evaluation in flight) and forks (a child builds its own).
    Every field of ``domain`` must be in the record: a set of allowed strings, or ``int``. Inside, rules and fields are
    numbers: the engine hands the whole record back with every rule that fires, and long names would cost most of the time.
    Raises ValueError where a rule reads an unknown field, or a limit of the engine would be passed.
    """

    def __init__(self, rules: Iterable[tuple[str, Condition, bool]], domain: Mapping[str, frozenset[str] | type[int]]):
        self._rules = tuple(rules)
        self._names = {str(number): name for number, (name, _, _) in enumerate(self._rules)}
        self._domain = {name: domain[name] for name in fields(condition for _, condition, _ in self._rules)}
        self._places = {name: place for place, name in enumerate(self._domain)}
        self._check_limits()
        self._values = _getter(tuple(self._domain))
        self._counts = tuple(self._places[name] for name, allowed in self._domain.items() if allowed is int)
        self._words = self._words_by_set()
        self._message = self._message_form()
        self._reference = all_numbers(((condition, may) for _, condition, may in self._rules), self._places)
        self._lock = threading.Lock()
        self._build()

    def _check_limits(self) -> None:
        if not 0 < len(self._rules) <= _MAX_RULES or len(self._domain) > _MAX_FIELDS:
            raise ValueError(f"一个规则集应有1至{_MAX_RULES}条规则，至多{_MAX_FIELDS}个字段")
        if len(set(self._names.values())) != len(self._names):
            raise ValueError("规则名称重复")
        for name, condition, _ in self._rules:
            if not any(True for _ in leaves(condition)):
                raise ValueError(f"规则 {name} 没有条件")
        for name, allowed in self._domain.items():
            if isinstance(allowed, frozenset) and not all(_WORD.match(word) for word in allowed):
                raise ValueError(f"{name} 的取值只能由字母、数字和 _ . - 组成")

    def _words_by_set(self) -> tuple[tuple[Callable[[Values], Values], frozenset[str]], ...]:
        """The enumerated fields by their allowed words, so that one look checks all fields of a kind."""
        places: dict[frozenset[str], list[int]] = {}
        for name, allowed in self._domain.items():
            if isinstance(allowed, frozenset):
                places.setdefault(allowed, []).append(self._places[name])
        return tuple((_getter(tuple(found)), allowed) for allowed, found in places.items())

    def _message_form(self) -> str:
        """The message with places for its values; they are plain words and integers, checked before they are put in."""
        parts = [
            f'"f{place}":%d' if allowed is int else f'"f{place}":"%s"'
            for place, allowed in enumerate(self._domain.values())
        ]
        return f'{{"id":"{_MESSAGE}","_c":1,"sid":"%s",{",".join(parts)}}}'

    def _build(self) -> None:
        self._pool: list[str] = []
        self._sids = itertools.count()
        definition: dict[str, Any] = {
            str(number): {
                "all": [{_MESSAGE: to_engine(condition, may=may, places=self._places)}],
                "pri": number + 1,
                "cap": _CAP,
            }
            for number, (_, condition, may) in enumerate(self._rules)
        }
        definition[_SENTINEL] = {"all": [{_MESSAGE: {"_c": 1}}], "pri": _LAST, "cap": _CAP}
        self._handle = dre.create_ruleset(f"wenze-{os.getpid()}-{next(_names)}", json.dumps(definition))
        self._pid = os.getpid()  # last: whoever sees it finds the rest

    def evaluate(self, record: Record) -> list[str]:
        """The names of the rules that hold, in their order. Raises ValueError (record), EngineFault (engine)."""
        values = self._checked(record)
        fired = self._run(values)
        expected = self._reference(values)
        if fired != expected:
            raise EngineFault(f"规则引擎与参照计算不一致：引擎 {fired}，参照 {expected}")
        return [self._names[number] for number in fired]

    def _checked(self, record: Record) -> Values:
        """The values in their places. Raises ValueError where one is of another type or not among the allowed ones."""
        values = self._values(record)
        for place in self._counts:
            value = values[place]
            if type(value) is not int or not 0 <= value <= _MAX_INTEGER:
                raise ValueError(f"{list(self._domain)[place]} 应为0至2^53-1的整数")
        try:
            allowed = all(words.issuperset(pick(values)) for pick, words in self._words)
        except TypeError:  # a value that is not even hashable
            allowed = False
        if not allowed:
            raise ValueError("取值不在允许范围：" + "、".join(self._refused(values)))
        return values

    def _refused(self, values: Values) -> list[str]:
        pairs = zip(self._domain.items(), values, strict=True)
        return [
            name for (name, allowed), value in pairs if isinstance(allowed, frozenset) and str(value) not in allowed
        ]

    def _run(self, values: Values) -> list[str]:
        sid = self._take()
        handle = self._handle
        _, offset = dre.assert_fact(handle, self._message % (sid, *values))
        fired = []
        # the first step is a pair (state, context), the following ones the context alone: {"number": [the record]}
        step = dre.start_action_for_state(handle, offset)
        step = step[1] if isinstance(step, tuple) else step
        while step is not None:
            fired.append(step[2 : step.index('"', 2)])
            step = dre.complete_and_start_action(handle, offset)
        if not fired or fired.pop() != _SENTINEL:
            raise EngineFault("规则引擎未走完全部规则，本次结果作废")
        dre.retract_fact(handle, f'{{"id":"{_MESSAGE}","sid":"{sid}"}}')
        self._pool.append(sid)  # only a state that ended cleanly is used again; any other is abandoned
        return fired

    def _take(self) -> str:
        if os.getpid() != self._pid:
            with self._lock:
                if os.getpid() != self._pid:
                    self._build()
        try:
            return self._pool.pop()
        except IndexError:
            return f"s{next(self._sids)}"


def _getter(keys: tuple[Any, ...]) -> Callable[[Any], Values]:
    if len(keys) == 1:
        return lambda found: (found[keys[0]],)
    return itemgetter(*keys)
