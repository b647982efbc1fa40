"""The features run against mutants of the rulebook: one test session, and for each mutant a child of it.

A child makes the rulebook in memory equal to the mutant, forgets what was remembered of the old one, and runs the scenarios
that can be touched by the change until one fails. What was taken from the rulebook when a module was imported is not changed:
a mutant may then survive wrongly, but is never killed wrongly.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pkgutil
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rules.analysis.mutation.equivalence import proof
from rules.analysis.mutation.mutants import Mutant
from rules.book.book_file import RulebookError
from rules.book.loading import BOOK
from rules.book.overlay import load_changed, pour
from service.books import books
from service.cli.mutation_touch import Touches, forget, touched_by

_SECONDS = 300
"""A child that takes longer is given up: its mutant is reported as failed."""


@dataclass(frozen=True, slots=True)
class MutantVerdict:
    """state: refused (by the loader), killed, survived, failed (the run). by: what refused or killed; how many scenarios ran."""

    state: str
    by: str = ""


class Audit:
    """A plugin of the test session: in place of running the tests it runs them against each mutant.

    verdicts: a mutant's name → verdict. told: called with each. base: nothing if the features pass on the rulebook as it is.
    nearest: at most so many scenarios, those nearest to the changed provision first; None runs all that can be touched.
    """

    def __init__(self, mutants: list[Mutant], workers: int, told: Any, nearest: int | None = None) -> None:
        self.mutants, self.workers, self.told, self.nearest = mutants, workers, told, nearest
        self.base, self.touches = "", Touches()
        self.failed, self.passed = "", 0
        self._folder = Path(tempfile.mkdtemp())

    def pytest_runtestloop(self, session: Any) -> bool:
        for name in ("service.usecases", "service.documents", "service.exchange"):
            for found in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
                importlib.import_module(found.name)
        base = self._folder / "base.json"
        _in_child(lambda: self._baseline(session.items, base))
        os.wait()
        told = json.loads(base.read_text(encoding="utf-8"))
        self.base, self.touches = told["failed"], Touches({name: set(found) for name, found in told["touched"].items()})
        if not self.base:
            for mutant, verdict in self._all(session.items):
                self.told(mutant, verdict)
        return True

    def _baseline(self, items: list[Any], target: Path) -> None:
        _quiet(items)
        self.touches.start()
        for item in items:
            with self.touches.noting(item.nodeid):
                _run(item)
        target.write_text(json.dumps({"failed": self.failed, "touched": self.touches.listed()}), encoding="utf-8")

    def _all(self, items: list[Any]) -> Iterator[tuple[Mutant, MutantVerdict]]:
        waiting, running = list(enumerate(self.mutants))[::-1], dict[int, tuple[Mutant, Path]]()
        while waiting or running:
            while waiting and len(running) < self.workers:
                place, mutant = waiting.pop()
                target = self._folder / f"{place}.json"
                running[_in_child(lambda m=mutant, t=target: self._judge(m, items, t))] = (mutant, target)
            child, _ = os.wait()
            if child in running:
                mutant, target = running.pop(child)
                told = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {"state": "failed"}
                yield mutant, MutantVerdict(**told)

    def _judge(self, mutant: Mutant, items: list[Any], target: Path) -> None:
        verdict = self._against(mutant, items)
        target.write_text(json.dumps(asdict(verdict)), encoding="utf-8")

    def _against(self, mutant: Mutant, items: list[Any]) -> MutantVerdict:
        book = books().usual
        try:
            changed = load_changed(BOOK, mutant.files)
        except RulebookError as error:
            return MutantVerdict("refused", str(error))
        proved = proof(book, changed)
        if proved is not None:
            return MutantVerdict("equivalent", proved)
        pour(book, changed)
        forget()
        _quiet(items)
        chosen = [item for item in items if self.touches.may_touch(item.nodeid, touched_by(mutant))]
        for item in sorted(chosen, key=lambda item: _distance(item, mutant.provision))[: self.nearest]:
            _run(item)
            if self.failed:
                return MutantVerdict("killed", self.failed)
        return MutantVerdict("survived", str(self.passed))

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed = _written(report.nodeid.partition("::test_")[2])
        self.passed += report.when == "call" and report.passed


def run_features(root: Path, features: Path, audit: Audit) -> None:
    """One test session over the features of a folder, given to the audit. root: the project's folder, with the steps."""
    import pytest

    os.environ["FEATURES_FOLDER"] = str(features)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", "-o", "filterwarnings="]
    options += ["-p", "no:warnings", "-p", "no:playwright", "-p", "no:base-url"]
    with tempfile.TemporaryDirectory() as folder:
        code = pytest.main(
            [*options, f"--basetemp={folder}/t", f"--rootdir={root}", str(root / "tests" / "bdd" / "run_features.py")],
            plugins=[audit],
        )
    audit.base = audit.base or ("" if int(code) in (0, 5) else f"pytest {int(code)}")


def _in_child(work: Any) -> int:
    child = os.fork()
    if child:
        return child
    signal.alarm(_SECONDS)
    try:
        with open(os.devnull, "w") as quiet, contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            work()
    except BaseException as error:
        print(repr(error), file=sys.__stderr__, flush=True)
    finally:
        os._exit(0)


def _written(name: str) -> str:
    """A scenario's name with the characters that the test session escapes."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), name)


def _quiet(items: list[Any]) -> None:
    if items:
        items[0].config.pluginmanager.unregister(name="terminalreporter")


def _run(item: Any) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def _distance(item: Any, provision: str) -> int:
    tags = [mark.name for mark in item.iter_markers()]
    return -max((_common(tag, provision) for tag in tags), default=0)


def _common(one: str, other: str) -> int:
    """How many characters two provisions have in common from the start."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
