"""Which entries of the rulebook rest on a provision: the way from the text back to the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.book.rulebook import Rulebook


def uses(book: Rulebook) -> Mapping[str, tuple[str, ...]]:
    """Provision id → the entries that rest on it or cite it, each as ``file:id``, in the order of the book."""
    found: dict[str, dict[str, None]] = {}
    for provision, entry in _entries(book):
        found.setdefault(provision, {})[entry] = None
    return {provision: tuple(entries) for provision, entries in found.items()}


def _entries(book: Rulebook) -> Iterator[tuple[str, str]]:
    for kind, lead in book.leads.items():
        yield lead.provision, f"lead:{kind}"
    for rule in book.rules.values():
        for provision in (rule.provision, *rule.cites):
            yield provision, f"{rule.kind}:{rule.id}"
    for name, choices in book.lists.items():
        for choice in choices:
            for provision in (choice.provision, *choice.cites):
                yield provision, f"{name}:{choice.id}"
    for measure, provision in book.ladder.items():
        yield provision, f"measure:{measure}"
    for name, adjustment in (("aggravation", book.aggravation), ("mitigation", book.mitigation)):
        yield adjustment.provision, f"adjustment:{name}"
    for name, rows in (("duty", book.duties), ("procedure", book.procedure)):
        for row in rows:
            yield row["provision"], f"{name}:{row['id']}"
    for permit in (*book.latitude.kinds, *book.latitude.effects, book.latitude.combined):
        yield permit.provision, f"latitude:{permit.id}"
    for annex in book.forms.values():
        for provision in (annex.number, annex.title, *annex.fields.values()):
            yield provision, f"form:{annex.id}"
    for form in book.inspections.forms.values():
        yield form.provision, f"inspection:{form.id}"
    for regular in book.inspections.regular:
        yield regular.provision, f"inspection:{regular.id}"
    for action in book.ledger.actions.values():
        yield action.provision, f"action:{action.id}"
    for guard in book.guards.values():
        yield guard.provision, f"guard:{guard.id}"
    for reading in book.readings.values():
        for provision in reading.provisions:
            yield provision, f"reading:{reading.id}"
