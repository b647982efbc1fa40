"""The only importer of durable_rules: one flat typed record in, the names of the rules that fired out.

Only the C module is used. The high-level ``Host`` starts timer threads that steal actions and crash the process after
``delete_state``. Every evaluation ends with a sentinel rule, and is compared with the Python functions generated from
the same conditions; a disagreement or a missing end raises, and no partial result leaves this module.
"""

from __future__ import annotations

import itertools
import json
import os
import threading
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

import durable_rules_engine as dre
import orjson

from rules.logic import Condition, Record, all_names, fields, leaves, to_engine

NAME, VERSION = "durable_rules", version("durable_rules")
_MESSAGE = "m"
_SENTINEL = "end_of_evaluation"
_CAP = 60_000
_LAST = 60_000
_MAX_RULES = 63
_MAX_FIELDS = 240
_RESERVED = frozenset({"id", "sid", "_c"})
_MAX_INTEGER = 2**53 - 1
_names = itertools.count()


class EngineFault(RuntimeError):
    """The engine did not finish, or does not agree with the reference; there is no result."""


class Ruleset:
    """Rules ``(name, condition, may)`` over one flat record, evaluated by the engine and checked by the reference.

    Safe under threads (a pool of warm states, one per evaluation in flight) and forks (a child builds its own).
    Every field of ``domain`` must be in the record: a set of allowed strings, or ``int``.
    Raises ValueError where a rule reads an unknown field, or a limit of the engine would be passed.
    """

    def __init__(self, rules: Iterable[tuple[str, Condition, bool]], domain: Mapping[str, frozenset[str] | type[int]]):
        self._rules = tuple(rules)
        self._domain = {name: domain[name] for name in fields(condition for _, condition, _ in self._rules)}
        self._check_limits()
        self._reference = all_names(self._rules)
        self._lock = threading.Lock()
        self._build()

    def _check_limits(self) -> None:
        if len(self._rules) > _MAX_RULES or len(self._domain) > _MAX_FIELDS:
            raise ValueError(f"一个规则集至多{_MAX_RULES}条规则、{_MAX_FIELDS}个字段")
        if _RESERVED & set(self._domain):
            raise ValueError(f"字段名不可使用 {sorted(_RESERVED)}")
        if len({name for name, _, _ in self._rules} | {_SENTINEL}) != len(self._rules) + 1:
            raise ValueError("规则名称重复")
        for name, condition, _ in self._rules:
            if not any(True for _ in leaves(condition)):
                raise ValueError(f"规则 {name} 没有条件")

    def _build(self) -> None:
        self._pid = os.getpid()
        self._pool: list[str] = []
        self._sids = itertools.count()
        definition: dict[str, Any] = {
            name: {"all": [{_MESSAGE: to_engine(condition, may=may)}], "pri": position + 1, "cap": _CAP}
            for position, (name, condition, may) in enumerate(self._rules)
        }
        definition[_SENTINEL] = {"all": [{_MESSAGE: {"_c": 1}}], "pri": _LAST, "cap": _CAP}
        self._handle = dre.create_ruleset(f"wenze-{self._pid}-{next(_names)}", json.dumps(definition))

    def evaluate(self, record: Record) -> list[str]:
        """The names of the rules that hold, in their order. Raises ValueError (record), EngineFault (engine)."""
        message = self._message(record)
        fired = self._run(message)
        expected = self._reference(record)
        if fired != expected:
            raise EngineFault(f"规则引擎与参照计算不一致：引擎 {fired}，参照 {expected}")
        return fired

    def _message(self, record: Record) -> dict[str, Any]:
        message: dict[str, Any] = {"id": _MESSAGE, "_c": 1}
        for name, allowed in self._domain.items():
            value = record[name]
            if allowed is int:
                if type(value) is not int or not 0 <= value <= _MAX_INTEGER:
                    raise ValueError(f"{name} 应为0至2^53-1的整数")
            elif type(value) is not str or value not in allowed:  # type: ignore[operator]
                raise ValueError(f"{name} 的取值不在允许范围")
            message[name] = value
        return message

    def _run(self, message: dict[str, Any]) -> list[str]:
        sid = self._take()
        message["sid"] = sid
        handle = self._handle
        _, offset = dre.assert_fact(handle, orjson.dumps(message).decode())
        fired = []
        step = dre.start_action_for_state(handle, offset)
        while step is not None:
            # the first step is a pair (state, context), the following ones the context alone
            fired.append(next(iter(orjson.loads(step[1] if isinstance(step, tuple) else step))))
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
