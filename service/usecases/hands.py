"""Whose hand an entry is, and what shows it: themselves, papers that are bound to it by the hashes of their bytes, or their own
confirmation. Without any of these nothing is done: whoever it is said of is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.people import accounts
from models.people.identity import distinct
from models.records.fold import own_hands, with_effect
from models.records.record import Actor, BoundPaper, Hand, Record, Vouched
from models.schemas.errors import CaseFileError, FieldError
from models.store import attachments
from models.store.attachments import Owner
from rules.book.actions import Action
from rules.book.contract.asking import ConfirmationAsked
from rules.book.contract.guards import ActorKind
from rules.book.contract.people import PersonRef
from rules.reasoning.calendar import LOCAL
from service.usecases.entry import Entry

BY_PAPER = "请先上传其签署、批准的纸面材料（扫描件），再在“所依据的纸面材料”中引用"


def hand_of(
    session: Session,
    action: Action,
    entry: Entry,
    owner: Owner,
    owner_id: str | None,
    *,
    also: Iterable[PersonRef] = (),
    minutes: bool = False,
) -> Hand:
    """Whose hand an entry on a matter or a case is; None where that is opened by it.

    also: whose own act it is too, beside those in the fields for that; minutes: whether it is what a meeting did, which nothing shows
    but its minutes. ``asked`` where nobody has shown that it is theirs; then ``asking`` is what may be written. Raises CaseFileError.
    """
    papers = _bound(session, entry, owner, owner_id)
    vouched = _vouched(action, entry, owner_id, also, papers)
    if minutes and not papers and vouched != "system":
        raise CaseFileError(
            [FieldError("papers", "会议所作的，应当附会议记录：请先上传会议记录，再在“所依据的纸面材料”中引用")]
        )
    return Hand(
        entry.actor,
        entry.entered_by,
        entry.enterer,
        vouched,
        papers,
        entry.late_reason,
        entry.confirmed,
        entry.asked_on,
    )


def _vouched(
    action: Action, entry: Entry, owner_id: str | None, also: Iterable[PersonRef], papers: Sequence[BoundPaper]
) -> Vouched:
    if entry.confirmed is not None:
        return "confirmed"
    if entry.brought_in or entry.actor.id is None:
        return "system"
    if not others(action, entry, also):
        return "self"
    return "paper" if papers else "asked" if owner_id is not None else "system"


def others(action: Action, entry: Entry, also: Iterable[PersonRef]) -> tuple[PersonRef, ...]:
    """Whose own act an entry is, beside whoever enters it."""
    people = (entry.actor.person, *own_hands(action, entry.details), *also)
    return tuple(one for one in distinct(people) if one.id is None or one.id != entry.enterer)


def asking_action(actions: Mapping[str, Action]) -> Action:
    """The one by which somebody is asked."""
    return next(action for action in actions.values() if action.effect is ConfirmationAsked)


def asking(
    session: Session,
    action: Action,
    by: Action,
    entry: Entry,
    *,
    also: Iterable[PersonRef] = (),
    number: int,
    now: datetime,
) -> Record:
    """The record by which everybody is asked whose own act an entry is. by: the action of asking.

    Raises CaseFileError, where somebody has no account by which they could answer.
    """
    of = others(action, entry, also)
    today = now.astimezone(LOCAL).date()
    if unable := [one.name for one in of if not _can_answer(session, one, today)]:
        said = f"{'、'.join(unable)}没有可用的账号，不能由本人确认；{BY_PAPER}"
        raise CaseFileError([FieldError("papers", said)])
    actor = entry.actor
    details = {
        "action": entry.action,
        "done_on": entry.on,
        "actor": {"name": actor.name, "id": actor.id, "kind": actor.kind, "unit": actor.unit},
        "details": dict(entry.details),
        "of": tuple({"name": one.name, "id": one.id} for one in of),
        "late_reason": entry.late_reason,
    }
    own = actor.id == entry.enterer
    kind: ActorKind = actor.kind if own else "team" if "team" in action.actors else "office"
    asks = Actor(entry.entered_by, kind, id=entry.enterer)
    hand = Hand(asks, entry.entered_by, entry.enterer, "asked", late_reason=entry.late_reason)
    return with_effect(Record(number, by.id, today, hand, details, now), by)


def _can_answer(session: Session, person: PersonRef, today: date) -> bool:
    """Whether somebody has an account that is good, and a role in it."""
    account = accounts.by_person(session, person.id) if person.id is not None else None
    if account is None or account.disabled_at is not None:
        return False
    return bool(accounts.held_by(session, [account.id], today)[account.id])


def _bound(session: Session, entry: Entry, owner: Owner, owner_id: str | None) -> tuple[BoundPaper, ...]:
    """The papers of an entry. Raises CaseFileError."""
    there = (
        {row.id: row.sha256 for row in attachments.of(session, owner, owner_id)} if entry.papers and owner_id else {}
    )
    faults = [
        FieldError(f"papers[{at}]", "没有这个附件；请先上传，再作为所依据的纸面材料引用")
        for at, paper in enumerate(entry.papers)
        if paper not in there
    ]
    if faults:
        raise CaseFileError(faults)
    return tuple(BoundPaper(paper, there[paper]) for paper in dict.fromkeys(entry.papers))
