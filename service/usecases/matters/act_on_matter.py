"""Open a matter, and act on it: the guards decide, a record is written, a request submitted twice happens once."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from models.matter import act, matters
from models.matter.matter import Matter, matter_fold
from models.office import outbox
from models.people import posts, units
from models.records.damage import ROW, Damaged, MatterDamaged
from models.records.fold import with_effect
from models.records.record import Actor, Record
from models.records.signs import says
from models.schemas.entries import LATE_REASON, PAPERS
from models.schemas.errors import CaseFileError, FieldError, shown
from models.store import attachments, sent_forms
from models.store.database import once
from rules.book.actions import Action
from rules.reasoning.calendar import LOCAL
from rules.reasoning.editions import Books
from service.usecases.chosen import with_persons
from service.usecases.entry import Entry
from service.usecases.hands import asking, asking_action, hand_of

_NUMBER = re.compile(r"督〔([0-9]{4})〕([0-9]{1,9})号")
_NUMBERED = ("register", "carry_over")
_BATCH = 500


class MatterUnknown(LookupError):
    """No matter has this id."""


class EntryImpossible(ValueError):
    """An entry that names a day to come, what the matter does not have (an attachment, a milestone), or the key of another
    request; ``path`` is its field."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class Stale(Exception):
    """Somebody else acted first; ``since`` are the records that the caller has not seen."""

    def __init__(self, version: int, since: tuple[Record, ...]) -> None:
        super().__init__(str(version))
        self.version, self.since = version, since


@dataclass(frozen=True, slots=True)
class MatterOutcome:
    """The matter after an entry. repeated: the same request had been carried out before, and nothing was done now."""

    id: str
    number: str | None
    matter: Matter
    repeated: bool = False


def open_matter(session: Session, books: Books, entry: Entry, *, now: datetime) -> MatterOutcome:
    """A new matter by its registration opinion, or carried over. Raises ledger.Refused, EntryImpossible, CaseFileError."""
    entry = with_persons(session, books.usual.ledger.actions[entry.action], entry)
    if entry.request_key is not None and (row := matters.opened_by(session, entry.request_key)) is not None:
        found = read_matter(session, books, row.id)
        _same_request(session, books, row.id, found.matter.records[0], entry)
        return replace(found, repeated=True)
    matter, record = _acted(session, books, None, Matter(), entry, now)
    row = matters.add(session, str(uuid.uuid4()), matter, open_key=entry.request_key)
    if row is None:  # the same request, a moment earlier
        return open_matter(session, books, entry, now=now)
    _write(session, books, row, matter, record, entry)
    return MatterOutcome(row.id, shown_number(row), matter)


def act_on_matter(
    session: Session, books: Books, matter_id: str, entry: Entry, *, expected: int, now: datetime
) -> MatterOutcome:
    """Act on a matter that the caller has seen with ``expected`` records.

    Raises MatterUnknown, Stale, EntryImpossible, CaseFileError, ledger.WrongState, ledger.WrongDay, ledger.Refused; then nothing
    is written.
    """
    row = matters.lock(session, matter_id)
    if row is None:
        raise MatterUnknown(matter_id)
    entry = with_persons(session, books.usual.ledger.actions[entry.action], entry)
    matter = read_matter(session, books, matter_id).matter
    seen = matters.request_seen(session, matter_id, entry.request_key) if entry.request_key is not None else None
    if seen is not None:
        _same_request(session, books, matter_id, matter.records[seen - 1], entry)
        return MatterOutcome(row.id, shown_number(row), matter, repeated=True)
    if matter.version != expected:
        raise Stale(matter.version, matter.records[expected:])
    _attached(session, matter_id, entry)
    _planned(matter, entry)
    changed, record = _acted(session, books, matter_id, matter, entry, now)
    _write(session, books, row, changed, record, entry)
    return MatterOutcome(row.id, shown_number(row), changed)


def keep_request(session: Session, owner_id: str, entry: Entry, now: datetime) -> None:
    """What was asked for, beside the record that it became: the system may have added to that, or written a name in full."""
    if entry.request_key is not None:
        sent_forms.keep(session, owner_id, entry.request_key, fingerprint(entry), now)


def known_request(session: Session, owner_id: str, entry: Entry) -> bool | None:
    """Whether the key came with the same request before; None where only the record is left of that (from before 0.2.0)."""
    kept = sent_forms.kept(session, owner_id, entry.request_key or "")
    return None if kept is None else kept == fingerprint(entry)


def fingerprint(entry: Entry) -> str:
    """The hash of all that an entry says; what is left empty says nothing."""
    actor = [entry.actor.name, entry.actor.kind, entry.actor.unit]
    beside = [entry.papers, entry.late_reason] if entry.papers or entry.late_reason else []
    told = [entry.action, entry.on, actor, _as_json(entry.details), entry.entered_by, *beside]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def same_request(record: Record, entry: Entry, actions: Mapping[str, Action], known: bool | None = None) -> None:
    """A key that is known comes again with the same request; another one would be lost without a word.

    actions: what may be done. known: as ``known_request`` found. Raises EntryImpossible, which names both.
    """
    if known:
        return
    differing = [said for said, was, now in _compared(record, entry) if was != now]
    kept, asked = _as_json(record.details), _as_json(entry.details)
    names = sorted(name for name in {*kept, *asked} if not _kept(name, kept, asked))
    fields = [field for name in (entry.action, record.action) if name in actions for field in actions[name].fields]
    told = {field.id: field.label for field in reversed(fields)}
    differing += (told.get(name, name) for name in names)
    if differing or known is False:
        raise EntryImpossible(
            "Idempotency-Key",
            f"这个请求编号已经用于第{record.number}条记录（{_named(record, actions)}），现在要办理的是{_named(entry, actions)}，"
            f"不同之处：{'、'.join(differing) or '录入人或者所填的写法'}；没有办理，不同的办理应当用不同的编号",
        )


def _named(done: Record | Entry, actions: Mapping[str, Action]) -> str:
    return f"{actions[done.action].label}，{done.on}，{done.actor.name}"


def _same_request(session: Session, books: Books, matter_id: str, record: Record, entry: Entry) -> None:
    """The record has the proper name of a unit that was named otherwise."""
    details, actor = _by_proper_names(entry, units.aliases(session))
    known = known_request(session, matter_id, entry)
    asked = replace(entry, details=details, actor=actor)
    same_request(record, asked, books.usual.ledger.actions, known)


_SUPPLIED = frozenset({"receipt_id", "number", "period", "matter"})
"""What the system itself adds to an entry before it becomes a record."""


def _compared(record: Record, entry: Entry) -> Iterator[tuple[str, object, object]]:
    yield "办理的种类", record.action, entry.action
    yield "办理日期", record.on, entry.on
    yield "办理人", record.actor, entry.actor
    yield PAPERS.label, tuple(paper.attachment for paper in record.hand.papers), tuple(dict.fromkeys(entry.papers))
    yield LATE_REASON.label, record.hand.late_reason, entry.late_reason


def _as_json(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details as they are stored; what is left empty says nothing."""
    return {name: value for name, value in orjson.loads(orjson.dumps(details)).items() if value is not None}


def _kept(name: str, kept: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether a field was recorded as it is asked for now."""
    if name not in asked:
        return name in _SUPPLIED
    if name != "evidence" or not isinstance(kept.get(name), list):
        return name in kept and bool(kept[name] == asked[name])
    return len(kept[name]) == len(asked[name]) and all(
        was == now or (isinstance(was, dict) and isinstance(now, dict) and now.items() <= was.items())
        for was, now in zip(kept[name], asked[name], strict=True)
    )


def _write(
    session: Session, books: Books, row: matters.MatterRow, matter: Matter, record: Record, entry: Entry
) -> None:
    """The record, the matter's number where it gets one, and what goes out through OA, in one transaction."""
    if record.action in _NUMBERED:
        year = (matter.registered_on or record.on).year
        matters.give_number(session, row, year)
    matters.append(session, row, matter, record, request_key=entry.request_key)
    keep_request(session, row.id, entry, record.recorded_at)
    form = books.usual.ledger.actions[record.action].issues
    by_hand = record.details.get("message_id") is not None
    if form is not None and record.details.get("channel") == "oa" and not by_hand:
        moment = record.recorded_at
        parcel = outbox.Parcel(
            matter_id=row.id, record_number=record.number, form=form, created_at=moment, tries=0, next_try_at=moment
        )
        outbox.add(session, parcel)


def read_matter(session: Session, books: Books, matter_id: str) -> MatterOutcome:
    """The matter as it stands. Raises MatterUnknown, MatterDamaged."""
    actions, asked = books.usual.ledger.actions, ("matter", matter_id, books.usual.sha256)
    found = once(session, asked, lambda: list(matters.find_and_load(session, [matter_id], actions)))
    if not found:
        raise MatterUnknown(matter_id)
    return _whole(*found[0])


def read_matters(session: Session, books: Books, matter_ids: Sequence[str]) -> list[MatterOutcome]:
    """The matters of a case as they stand, in this order, by one question. Raises MatterDamaged, also where one is gone."""
    actions = books.usual.ledger.actions
    found = {row.id: (row, matter) for row, matter in matters.find_and_load(session, matter_ids, actions)}
    outcomes = []
    for matter_id in matter_ids:
        if matter_id not in found:
            raise MatterDamaged(ROW)
        outcomes.append(_whole(*found[matter_id]))
    return outcomes


def stored_matters(
    session: Session, books: Books, rows: Sequence[matters.MatterRow]
) -> list[tuple[matters.MatterRow, Matter | Damaged]]:
    """The matters of these rows, in their order; what is wrong with it in the place of one that is damaged."""
    return matters.load_many(session, rows, books.usual.ledger.actions)


def sound_matters(
    session: Session, books: Books, rows: Sequence[matters.MatterRow], left_out: list[str]
) -> Iterator[tuple[matters.MatterRow, Matter]]:
    """The matters of these rows that are whole; the others are named in ``left_out``, and nothing of them is counted."""
    for row, matter in stored_matters(session, books, rows):
        if isinstance(matter, Damaged):
            where = f"第{matter.number}条记录" if matter.number != ROW else "台账的登记行"
            left_out.append(f"{shown_number(row) or row.id}（{where}）")
        else:
            yield row, matter


def sound_by_batches(
    session: Session, books: Books, asked: Callable[..., Sequence[matters.MatterRow]], left_out: list[str]
) -> Iterator[tuple[matters.MatterRow, Matter]]:
    """All that are whole, some at a time. asked: the rows behind a position, so many at most (``after``, ``limit``)."""
    after = 0
    while rows := asked(after=after, limit=_BATCH):
        yield from sound_matters(session, books, rows, left_out)
        after = rows[-1].position
        session.expunge_all()


def _whole(row: matters.MatterRow, matter: Matter | Damaged) -> MatterOutcome:
    """Raises MatterDamaged."""
    if isinstance(matter, Damaged):
        raise matter
    return MatterOutcome(row.id, shown_number(row), matter)


def shown_number(row: matters.MatterRow) -> str | None:
    """督〔2026〕1号; None before registration."""
    return None if row.number is None else f"督〔{row.number_year}〕{row.number}号"


def matter_id_of(session: Session, named: str) -> str:
    """The id of a matter named by its id or by its number as it is shown. Raises MatterUnknown."""
    numbered = _NUMBER.fullmatch(named.strip())
    row = (
        matters.by_number(session, int(numbered[1]), int(numbered[2]))
        if numbered
        else matters.find(session, named.strip())
    )
    if row is None:
        raise MatterUnknown(named)
    return row.id


def day_of_entry(entry: Entry, now: datetime) -> date:
    """Today, as the school counts. Raises EntryImpossible where the day of an entry lies ahead, CaseFileError where it lies before the
    day on which it is written down, or was when it was asked for, and nothing says why only then."""
    today = now.astimezone(LOCAL).date()
    if entry.on > today:
        raise EntryImpossible("on", f"办理日期（{entry.on}）不得晚于今天（{today}）")
    if entry.on < (entry.asked_on or today) and not says(entry.late_reason):
        said = (
            f"请写明没有及时录入的理由：办理日期为 {entry.on}，现于 {today} 录入；写明理由的可以录入，"
            "并标明“补录”（本系统采用的做法，规章没有规定录入期限）"
        )
        raise CaseFileError([FieldError("late_reason", said)])
    return today


def _acted(
    session: Session, books: Books, matter_id: str | None, matter: Matter, entry: Entry, now: datetime
) -> tuple[Matter, Record]:
    today = day_of_entry(entry, now)
    book = books.usual
    named = units.aliases(session)
    details, actor = _by_proper_names(entry, named)
    there = frozenset(units.on_day(session, entry.on))
    lead = details.get("lead_unit") or matter.lead_unit
    leading = posts.leading(session, {*([lead] if lead else ()), *book.office_names}, entry.on)
    request = act.MatterRequest(matter, details, actor, entry.on, there, book.ledger, leading, book.office_names, today)
    whole, action = replace(entry, details=details, actor=actor), book.ledger.actions[entry.action]
    hand = hand_of(session, action, whole, "matter", matter_id)
    changed, record = act.act(entry.action, request, hand=hand, recorded_at=now)
    if hand.vouched != "asked":
        return changed, record
    by = asking_action(book.ledger.actions)
    asked = asking(session, action, by, whole, number=matter.version + 1, now=now)
    return matter_fold.applied(matter, asked, None), asked


def write_aside(session: Session, books: Books, matter_id: str, record: Record, request_key: str | None) -> Matter:
    """The matter with a record that asks for an act, or answers. Raises ledger.WrongState."""
    row = matters.lock(session, matter_id)
    matter, action = read_matter(session, books, matter_id).matter, books.usual.ledger.actions[record.action]
    if row is None or matter.state not in action.sources:
        raise act.WrongState(action, matter.state)
    changed = matter_fold.applied(matter, with_effect(record, action), None)
    matters.append(session, row, changed, changed.records[-1], request_key=request_key)
    return changed


def _by_proper_names(entry: Entry, named: Mapping[str, str]) -> tuple[dict[str, Any], Actor]:
    """The entry with every unit under the name that the school's list gives it."""
    details = dict(entry.details)
    if details.get("lead_unit") is not None:
        details["lead_unit"] = named.get(details["lead_unit"], details["lead_unit"])
    if details.get("co_units") is not None:
        details["co_units"] = tuple(named.get(unit, unit) for unit in details["co_units"])
    if details.get("milestones") is not None:
        details["milestones"] = tuple(
            stone | {"unit": named.get(stone["unit"], stone["unit"])} if stone.get("unit") else stone
            for stone in details["milestones"]
        )
    unit = entry.actor.unit
    return details, replace(entry.actor, unit=named.get(unit, unit) if unit else None)


def _attached(session: Session, matter_id: str, entry: Entry) -> None:
    for at, attachment_id in enumerate(entry.details.get("attachments") or ()):
        if attachments.find(session, "matter", matter_id, attachment_id) is None:
            raise EntryImpossible(f"details.attachments[{at}]", "没有这个附件；请先为本事项上传")


def _planned(matter: Matter, entry: Entry) -> None:
    """A milestone that is reported as reached is one of the plan: a name mistyped would leave the right one open."""
    there = [stone.title for stone in matter.milestones]
    for at, title in enumerate(entry.details.get("milestones_reached") or ()):
        if title not in there:
            known = f"已定的阶段目标：{'、'.join(there)}" if there else "本事项没有定过阶段目标"
            raise EntryImpossible(f"details.milestones_reached[{at}]", f"没有阶段目标“{shown(title)}”；{known}")
