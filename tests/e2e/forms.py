"""The form of a page as a browser would send it, without a browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

_ENTRY = {
    "on": "on",
    "late_reason": "late_reason",
    "papers": "papers",
    "actor_name": "actor.name",
    "actor_kind": "actor.kind",
    "actor_unit": "actor.unit",
}
"""What an entry has beside its details, by the names that the tests give it."""


def filled_in(page: str, details: Mapping[str, Any]) -> dict[str, str | float | bool]:
    """What the form in the main part of a page sends once these details are filled in."""
    form = _Form()
    form.feed(page)
    return form.values | {name_of(name): value for name, value in _written(details)}


def name_of(name: str) -> str:
    """The name of a field of the form, by that of the entry or of its details."""
    return _ENTRY.get(name, f"details.{name}")


def _written(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _written(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for at, row in enumerate(value):
            yield from _written(row, f"{path}[{at}]")
    else:
        yield (
            path,
            "\n".join(value)
            if isinstance(value, list)
            else str(value).lower()
            if value in (True, False)
            else str(value),
        )


class _Form(HTMLParser):
    """values: what stands in the fields of the form of the main part before anybody fills it in."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str | float | bool] = {}
        self._main, self._name = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, value = found.get("name") or "", found.get("value") or ""
        self._main = self._main or tag == "main"
        if not self._main:
            return
        if tag in ("select", "textarea"):
            self._name = name
        elif tag == "option" and ("selected" in found or self._name not in self.values):
            self.values[self._name] = value
        elif tag == "input" and name and (found.get("type") not in ("radio", "checkbox", "file") or "checked" in found):
            self.values[name] = value

    def handle_data(self, data: str) -> None:
        if self._name and self.lasttag == "textarea":
            self.values[self._name] = f"{self.values.get(self._name, '')}{data}"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._name = ""
        self._main = self._main and tag != "main"
