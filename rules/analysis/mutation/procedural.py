"""Mutants of the procedure: who may do what, when, under which limits, by which provision; and of what follows a decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rules.analysis.mutation.making import Data, Maker, Mutant
from rules.analysis.mutation.sites import neighbours

_ACTORS = {
    "ledger": ("office", "unit", "leader"),
    "proceedings": ("office", "leader", "team", "person", "committee", "organisation", "personnel", "unit"),
}


class ProceduralMutants(Maker):
    def procedural(self) -> Iterator[Mutant]:
        yield from self._duties()
        yield from self._counts()
        for name in ("ledger", "proceedings"):
            yield from self._procedure(name)
        yield from self._others()

    # --- what follows a decision ---

    def _duties(self) -> Iterator[Mutant]:
        for key in ("procedure", "duties", "tracked"):
            for position, row in enumerate(self.data["duties"][key]):
                path = (key, position)
                if key != "tracked":
                    yield self.drop("drop_rule", "duties", (key,), position)
                if "provision" in row:
                    yield from self.citations("duties", path, row)
                yield from self._due(path, row)
                if row.get("source") in ("law", "policy", "superior"):
                    yield self.row("source", "duties", path, "source", "policy" if row["source"] == "law" else "law")
                if "when_measure" in row:
                    yield self.row("measure", "duties", path, "when_measure", None)
                    other = neighbours(row["when_measure"], list(self.book.ladder))[0]
                    yield self.row("measure", "duties", path, "when_measure", other)
                if "who" in row:
                    other = next(name for name in ("学校党委", "党委组织部") if name != row["who"])
                    yield self.row("actor", "duties", path, "who", other)

    def _due(self, path: tuple[Any, ...], row: Data) -> Iterator[Mutant]:
        due = row.get("due")
        if not due:
            return
        for key in ("months", "workdays"):
            yield from self.numbers("duties", (*path, "due"), due, key)
        for start in ("decision", "receipt"):
            if start != due["from"]:
                yield self.row("start", "duties", (*path, "due"), "from", start)
                break

    def _counts(self) -> Iterator[Mutant]:
        kinds = list(self.book.vocabulary.enumerations["act_kind"])
        for name, row in self.data["vocabulary"]["counts"].items():
            path = ("counts", name)
            for kind in kinds:
                made = [k for k in kinds if (k in row["kinds"]) != (k == kind)]
                if made:
                    yield self.row("counted", "vocabulary", path, "kinds", made)
        for position, row in enumerate(self.data["readings"]["readings"]):
            if row["evaluated"]:
                other = next(value for value in row["alternatives"] if value != row["default"])
                yield self.row("reading", "readings", ("readings", position), "default", other)

    # --- the procedure ---

    def _procedure(self, name: str) -> Iterator[Mutant]:
        for position, row in enumerate(self.data[name]["actions"]):
            path = ("actions", position)
            yield self.row("citation", name, path, "provision", self.neighbour(row["provision"]))
            for key, operator in (("guards", "drop_guard"), ("from", "drop_state")):
                for place in range(len(row[key])):
                    yield self.drop(operator, name, (*path, key), place)
            yield from self._actors(name, path, row)
            if row["to"] is not None:
                states = list(self.data[name]["states"])
                yield self.row("target", name, path, "to", neighbours(row["to"], states)[-1])
            for key, operator in (("counts_as", "counted"), ("issues", "form")):
                if key in row:
                    yield self.row(operator, name, path, key, None)

    def _actors(self, name: str, path: tuple[Any, ...], row: Data) -> Iterator[Mutant]:
        if "actor" in row:
            for other in _ACTORS[name]:
                if other != row["actor"]:
                    yield self.row("actor", name, path, "actor", other)
            return
        for other in _ACTORS[name]:
            if other not in row["actors"] and other in ("office", "committee", "person"):
                yield self.row("actor", name, path, "actors", [other])
                break
        if len(row["actors"]) > 1:
            for place in range(len(row["actors"])):
                yield self.drop("actor", name, (*path, "actors"), place)

    def _others(self) -> Iterator[Mutant]:
        for place, row in enumerate(self.data["guards"]["guards"]):
            yield self.row("citation", "guards", ("guards", place), "provision", self.neighbour(row["provision"]))
        ledger = self.data["ledger"]
        for by in (-1, 1):
            yield self.row("number", "ledger", (), "leader_route_units", ledger["leader_route_units"] + by)
        for place in range(len(ledger["archive"])):
            yield self.drop("drop_rule", "ledger", ("archive",), place, provision=self._archive())
        for place, row in enumerate(self.data["inspections"]["regular"]):
            path = ("regular", place)
            yield from self.numbers("inspections", path, row, "months")
            yield self.row("flag", "inspections", path, "written_report", not row["written_report"])
            yield self.row("citation", "inspections", path, "provision", self.neighbour(row["provision"]))
        for place, row in enumerate(self.data["inspections"]["forms"]):
            for position in range(len(row["needs"])):
                yield self.drop("drop_condition", "inspections", ("forms", place, "needs"), position)
            yield self.row("citation", "inspections", ("forms", place), "provision", self.neighbour(row["provision"]))
        for place, form in enumerate(self.data["forms"]["forms"]):
            for key, provision in form["fields"].items():
                yield self.row("citation", "forms", ("forms", place, "fields"), key, self.neighbour(provision))
        for place, row in enumerate(self.data["proceedings"]["consequences"]):
            yield self.drop("drop_rule", "proceedings", ("consequences",), place)
            other = "organisation" if row["by"] == "office" else "office"
            yield self.row("actor", "proceedings", ("consequences", place), "by", other)

    def _archive(self) -> str:
        return next(str(row["provision"]) for row in self.data["ledger"]["actions"] if row["id"] == "archive")
