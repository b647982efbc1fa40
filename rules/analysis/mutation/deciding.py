"""Mutants of what decides a case: the rules, the ordered lists, the ranges and how they move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rules.analysis.mutation.making import Data, Maker, Mutant, Place, at, provision_of
from rules.analysis.mutation.sites import condition_changes, neighbours

RULES = ("gates", "situations", "exemptions", "mitigations", "aggravations")
_OTHER_SIDE = {"exemptions": "mitigations", "mitigations": "aggravations", "aggravations": "mitigations"}


class DecidingMutants(Maker):
    def deciding(self) -> Iterator[Mutant]:
        for name in RULES:
            yield from self._rules(name)
        for name, key in (
            ("outcomes", "outcomes"),
            ("measures", "law"),
            ("measures", "discipline_track"),
            ("measures", "flags"),
            ("duties", "discretion"),
        ):
            yield from self._choices(name, key)
        yield from self._measures()

    # --- the rules of article 8 ---

    def _rules(self, name: str) -> Iterator[Mutant]:
        for position, row in enumerate(self.data[name]["rules"]):
            path = ("rules", position)
            for operator, made in condition_changes(row["when"], {}):
                yield self.row(operator, name, path, "when", made)
            yield from self.citations(name, path, row)
            yield from self.numbers(name, path, row, "months")
            if row.get("still_unfulfilled_after"):
                yield from self._acts(name, path, row)
            if name != "gates":
                yield self._modality(name, path, row)
                yield self._dropped_rule(name, position, row)
            if name in _OTHER_SIDE:
                yield self._other_effect(name, position, row)

    def _acts(self, name: str, path: tuple[Any, ...], row: Data) -> Iterator[Mutant]:
        """The number of acts, in the condition and in what is looked at after it."""
        for by in (-1, 1):
            number = row["still_unfulfilled_after"] + by

            def change(files: Data, number: int = number) -> None:
                target = at(files[name], path)
                target["still_unfulfilled_after"] = number
                for case in target["when"]["cases"].values():
                    for part in case["all"]:
                        if isinstance(part, dict):
                            part["at_least"] = number

            yield self.one("number", name, f"{row['id']}.at_least", row["provision"], number - by, number, change)

    def _modality(self, name: str, path: tuple[Any, ...], row: Data) -> Mutant:
        new = {"may": "shall", "shall": "may"}[row["modality"]]

        def change(files: Data) -> None:
            at(files[name], path)["modality"] = _provision(files, row)["modality"] = new

        return self.one("modality", name, row["id"], row["provision"], row["modality"], new, change)

    def _dropped_rule(self, name: str, position: int, row: Data) -> Mutant:
        """A rule with everything that speaks of it."""

        def change(files: Data) -> None:
            del files[name]["rules"][position]
            _forget(files, row["id"])
            if row["id"] in files["vocabulary"]["people_only"]:
                files["vocabulary"]["people_only"].remove(row["id"])

        return self.one("drop_rule", name, row["id"], row["provision"], row["id"], "（删去）", change)

    def _other_effect(self, name: str, position: int, row: Data) -> Mutant:
        """A ground moved to the list of another effect, with its modality."""
        other = _OTHER_SIDE[name]

        def change(files: Data) -> None:
            moved = files[name]["rules"].pop(position)
            moved["modality"] = "shall" if other == "aggravations" else "may"
            files[other]["rules"].append(moved)
            _provision(files, row)["modality"] = moved["modality"]
            rows = files["searches"]["favourable"]
            rows[:] = [each for each in rows if each["rule"] != row["id"]]
            if other == "aggravations":
                rows.append({"rule": row["id"], "searches": [], "reason": "—"})

        return self.one("effect", name, row["id"], row["provision"], name, other, change)

    # --- ordered lists ---

    def _choices(self, name: str, key: str) -> Iterator[Mutant]:
        rows = self.data[name][key]
        for position, row in enumerate(rows):
            path = (key, position)
            for operator, made in condition_changes(row["when"], self.domains):
                yield self.row(operator, name, path, "when", made)
            yield from self.citations(name, path, row)
            if key in ("flags", "discretion", "law"):
                yield self.drop("drop_rule", name, (key,), position)
            for place in range(len(row.get("options", ()))):
                yield self.drop("option", name, (*path, "options"), place)
            if key in ("outcomes", "discipline_track") and position + 1 < len(rows):
                yield self._swapped(name, (key,), position)

    def _swapped(self, name: str, path: tuple[Any, ...], position: int) -> Mutant:
        rows = at(self.data[name], path)

        def change(files: Data) -> None:
            target = at(files[name], path)
            target[position], target[position + 1] = target[position + 1], target[position]

        first, second = rows[position], rows[position + 1]
        was, becomes = f"{first['id']}，{second['id']}", f"{second['id']}，{first['id']}"
        return self.one("order", name, str(path[-1]), provision_of(first), was, becomes, change)

    def _measures(self) -> Iterator[Mutant]:
        ladder = list(self.book.ladder)
        cells: list[tuple[str, Place, str]] = [
            (file, (rows, place), key)
            for file, rows in (("policy/default", "rows"), ("measures", "law"))
            for place in range(len(self.data[file][rows]))
            for key in ("lo", "hi")
        ]
        cells += [("measures", ("adjustments", "aggravation", "raises"), key) for key in self.book.aggravation.raises]
        cells += [("measures", ("adjustments", "mitigation"), "floor")]
        for file, path, key in cells:
            row = at(self.data[file], path)
            for measure in neighbours(row[key], ladder):
                yield self._ranged(file, path, key, measure)
        adjustments = self.data["measures"]["adjustments"]
        yield from self.numbers("measures", ("adjustments", "mitigation"), adjustments["mitigation"], "lowers_by")
        for place, row in enumerate(self.data["measures"]["ladder"]):
            yield self.row("citation", "measures", ("ladder", place), "provision", self.neighbour(row["provision"]))
        for side in ("aggravation", "mitigation"):
            other = self.neighbour(adjustments[side]["provision"])
            yield self.row("citation", "measures", ("adjustments", side), "provision", other)
        for place, row in enumerate(self.data["latitude"]["effects"]):
            yield self.row("flag", "latitude", ("effects", place), "within", not row["within"])

    def _ranged(self, file: str, path: tuple[Any, ...], key: str, measure: str) -> Mutant:
        found, row = self.row("measure", file, path, key, measure), at(self.data[file], path)
        return replace(found, place=f"{row['harm']}×{row['role']}.{key}") if "harm" in row else found


def _provision(files: Data, row: Data) -> Data:
    """The provision of a row."""
    found: Data = next(each for each in files["provisions"]["provisions"] if each["id"] == row["provision"])
    return found


def _forget(files: Data, rule: str) -> None:
    """A rule's groups, searches, kinds of work, and every condition that reads it."""
    for group in [name for name in files["vocabulary"]["groups"] if name.partition("/")[0] == rule]:
        del files["vocabulary"]["groups"][group]
    work = files["latitude"]["work"]["facts"]
    for fact in [name for name in work if name.rpartition(".")[0].partition("/")[0] == rule]:
        del work[fact]
    rows = files["searches"]["favourable"]
    rows[:] = [row for row in rows if row["rule"] != rule]
    adverse = files["searches"]["adverse"]
    for fact in [name for name in adverse if name.rpartition(".")[0].partition("/")[0] == rule]:
        del adverse[fact]
    for file, key in (("outcomes", "outcomes"), ("measures", "discipline_track"), ("measures", "flags")):
        for row in files[file][key]:
            row["when"] = _without(row["when"], rule)


def _without(tree: Any, rule: str) -> Any:
    """The condition with a rule that never holds."""
    for connective in ("all", "any"):
        if connective in tree:
            parts = [_without(part, rule) for part in tree[connective]]
            if connective == "all":
                return {"any": []} if {"any": []} in parts else {"all": parts}
            return {"any": [part for part in parts if part != {"any": []}]}
    return {"any": []} if rule in tree else tree
