"""One mutant: a change of one place in the data of the rulebook, with everything that must change along with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from rules.book.rulebook import Rulebook, stage_two_fields
from rules.strict_yaml import parse

Data = dict[str, Any]
Place = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """files: name → data of every file that differs. place: the entry changed. was, becomes: what is shown of it."""

    operator: str
    file: str
    place: str
    provision: str
    was: str
    becomes: str
    files: Data

    @property
    def name(self) -> str:
        return f"{self.file}:{self.place}:{self.operator}:{self.was}→{self.becomes}"


class Maker:
    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.data: Data = {name: parse(words) for name, words in book.sources.items() if name != "text"}
        words = book.vocabulary.enumerations
        fields = stage_two_fields(book.vocabulary, book.rules)
        statuses = [*reversed(list(words["status"])), "not_raised"]
        ordered = {"harm": [*words["harm"]], "exemption": [*words["exemption"]]}
        self.domains = {
            name: ordered.get(name, [v for v in (*statuses, "yes", "no") if v in values])
            for name, values in fields.items()
        }
        self.domains["harm"] = ["unknown", *words["harm"]]
        self.order = list(book.provisions)

    # --- making one ---

    def one(
        self,
        operator: str,
        file: str,
        place: str,
        provision: str,
        was: Any,
        becomes: Any,
        change: Callable[[Data], Any],
    ) -> Mutant:
        """The mutant whose ``change`` edits copies of the files; the ones that then differ are kept."""
        changed = _Copies(self.data)
        change(changed)
        files = {name: data for name, data in changed.made.items() if data != self.data[name]}
        return Mutant(operator, file, place, provision, _shown(was), _shown(becomes), files)

    def row(self, operator: str, file: str, path: tuple[Any, ...], key: str, new: Any) -> Mutant:
        """One field of the row at ``path`` set to a new value; None takes it away."""
        row = at(self.data[file], path)

        def change(files: Data) -> None:
            target = at(files[file], path)
            if new is None:
                del target[key]
            else:
                target[key] = new

        place = f"{row.get('id') or (path or ('',))[-1]}.{key}"
        return self.one(operator, file, str(place), self.provision(file, path, key), row.get(key), new, change)

    def drop(self, operator: str, file: str, path: tuple[Any, ...], position: Any, provision: str = "") -> Mutant:
        """One item of the list or the object at ``path`` taken away."""
        row = at(self.data[file], path)
        item = row[position]
        owner = at(self.data[file], path[:-1]) if path else {}
        found = provision or (provision_of(item) if isinstance(item, dict) else "")
        found = found or (provision_of(owner) if isinstance(owner, dict) else "")
        label = item.get("id", position) if isinstance(item, dict) else position if isinstance(row, dict) else item
        place = f"{owner.get('id', '') if isinstance(owner, dict) else ''}.{path[-1] if path else ''}"

        def change(files: Data) -> None:
            target = at(files[file], path)
            del target[position]

        return self.one(operator, file, place.strip("."), found, label, "（删去）", change)

    def provision(self, file: str, path: Place, key: str = "") -> str:
        """The provision of the row at ``path`` or of what holds it; of a duty taken over; else the one that the file rests on."""
        for end in range(len(path), 0, -1):
            row = at(self.data[file], path[:end])
            found = row.get("provision") or row.get("provisions") if isinstance(row, dict) else None
            if isinstance(row, dict) and "of" in row and file == "duties":
                found = found or next(
                    each["provision"] for each in self.data[file]["duties"] if each["id"] == row["of"]
                )
            if found:
                return str(found if isinstance(found, str) else found[0])
        if file == "forms":
            return str(at(self.data[file], path)[key])
        return self._resting(file, key)

    def _resting(self, file: str, key: str) -> str:
        """The provision on which data rest that name none themselves."""
        if file == "vocabulary":
            return next(rule.provision for rule in self.book.rules.values() if rule.still_unfulfilled_after is not None)
        if key == "leader_route_units":
            return self.book.guards["major_needs_leader"].provision
        return str(next(row["provision"] for row in self.data["duties"]["discretion"] if row["id"] == "measure"))

    def citations(self, name: str, path: tuple[Any, ...], row: Data) -> Iterator[Mutant]:
        yield self.row("citation", name, path, "provision", self.neighbour(row["provision"]))
        for cited in row.get("cites", ()):
            left = [other for other in row["cites"] if other != cited]
            yield self.row("drop_citation", name, path, "cites", left or None)

    def neighbour(self, provision: str) -> str:
        """The next provision of the same article that has the same modality, else the next one."""
        place, article = self.order.index(provision), provision.split(".")[0]
        others, known = (*self.order[place + 1 :], *reversed(self.order[:place])), self.book.provisions
        rest = [name for name in others if name.split(".")[0] == article]
        alike = [name for name in rest if known[name].modality == known[provision].modality]
        return (alike or rest or self.order[place - 1 :])[0]

    def numbers(self, name: str, path: tuple[Any, ...], row: Data, key: str) -> Iterator[Mutant]:
        if isinstance(row.get(key), int):
            for by in (-1, 1):
                if row[key] + by > 0:
                    yield self.row("number", name, path, key, row[key] + by)


class _Copies(Data):
    """The files, each copied when it is first asked for."""

    def __init__(self, data: Data) -> None:
        super().__init__()
        self.data, self.made = data, dict[str, Any]()

    def __missing__(self, name: str) -> Any:
        return self.made.setdefault(name, deepcopy(self.data[name]))


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def provision_of(row: Data) -> str:
    found = row.get("provision") or row.get("id") or ""
    return str(found)


def _shown(value: Any) -> str:
    if value is None:
        return "（无）"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
