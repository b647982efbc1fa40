"""Stored matters to look at: deadlines that were past when they were set, and overdue matters that were moved, with nobody's approval.

Before 0.2.0 nothing asked for it; the records stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from models.domain.ledger import GUARDS, Request
from models.domain.matter import Matter, replay
from models.store import matters
from rules.loading import load_rulebook
from service.usecases.act_on_matter import shown_number, sound_matters

_BATCH = 500


def rows(session: Session) -> Iterator[str]:
    """One line for each record that would be refused now as a matter of policy, with where it stands."""
    after = 0
    while found := matters.page(session, state=None, unit=None, due_before=None, after=after, limit=_BATCH):
        for row, matter in sound_matters(session, found, []):  # damaged ones are told by the patrol
            yield from (f"事项 {shown_number(row) or row.id} {said}" for said in _of(matter))
        after = found[-1].position


def _of(matter: Matter) -> Iterator[str]:
    book, then = load_rulebook(), Matter()
    for record in matter.records:
        action = book.ledger.actions[record.action]
        entered_on = record.entered_on
        request = Request(
            then,
            record.details,
            record.actor,
            record.on,
            frozenset(),
            book.ledger,
            entered_on=entered_on,
            effect=record.effect,
        )
        for guard in (book.guards[name] for name in action.guards):
            if guard.policy and not GUARDS[guard.id](request):
                yield f"记录 {record.number}（{action.label}，{record.on}）：{guard.text}；现无记载，请核对"
        then = replay.applied(then, record, action.to)
