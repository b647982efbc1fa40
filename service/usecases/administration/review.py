"""Stored data to look at after an upgrade: each review tells, a line each, what would not be taken in today; nothing is changed.

What is damaged is passed over here: the patrol tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.case.cases import CaseRecordRow
from models.matter import matters
from models.matter.act import GUARDS, MatterRequest
from models.matter.matter import Matter, matter_fold
from models.matter.matters import MatterRow, RecordRow
from models.matter.support import counted_actions, entered_in_time
from models.people import accounts, posts, tokens
from models.people.names import bare, name_fault
from models.people.tokens import Token
from models.receipts import proofs, receipts, rulebooks
from models.receipts.evaluations import Evaluation
from models.records.reading import read as read_effect
from models.records.record import Record
from models.records.stored import RecordColumns, readable, torn_record_of
from models.schemas.entries import case_entries
from rules.book.contract.case_effects import Evaluated
from rules.book.contract.matter_effects import MatterEffect
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson, read
from rules.reasoning.editions import Books
from service.access import access
from service.usecases.administration import make_asked, make_involvements
from service.usecases.administration.match_names import unmatched
from service.usecases.adopting.calendar_years import calendar_in_use
from service.usecases.matters.act_on_matter import shown_number, sound_by_batches
from service.usecases.people.api_tokens import CALENDAR, in_effect
from service.usecases.recommending.kept_books import made_by

_BATCH = 500
_NAMED = frozenset({"name", "second", "witness", "signed_by", "approved_by"})
_NAMED_OF_MATTER = _NAMED | {"person", "responsible", "contact"}
_LISTED = frozenset({"present", "participants", "signatures", "attendance", "recused"})
_KINDS = {
    "office": "督查督办工作办公室",
    "director": "督查督办工作办公室主任",
    "unit": "单位",
    "leader": "校领导",
    "team": "调查组",
    "person": "调查对象",
    "committee": "学校党委",
    "organisation": "组织部门",
    "personnel": "人事部门",
}


def reviewed(session: Session, books: Books) -> Iterator[str]:
    """Every review, one after the other."""
    yield from tokens_of_nobody(session)
    yield from names(session)
    yield from unmatched_names(session)
    for review in (
        filled_by_others,
        late_without_reason,
        past_deadlines,
        unfounded_receipts,
        make_involvements.rows,
        make_asked.rows,
    ):
        yield from review(session, books)


def tokens_of_nobody(session: Session) -> Iterator[str]:
    """The tokens of no person that are not revoked, then the acts of people that were entered under the name of such a token.

    Before 0.2.0 such a token could enter an act of anybody. What an older ledger brought in, in one moment with its matter, is no act
    of a person. A record of 0.1.0 keeps the name of the token alone, which an account may bear too: a line asks to look, it does not
    accuse.
    """
    found = [
        one for one, _ in tokens.every(session) if one.account_id is None and CALENDAR not in one.permissions.split()
    ]
    yield from (_token(token) for token in found if token.revoked_at is None)
    named = {token.name for token in found}
    brought = aliased(RecordRow)
    imported = (
        select(brought.number)
        .where(brought.matter_id == RecordRow.matter_id, brought.recorded_at == RecordRow.recorded_at)
        .where(brought.action == "carry_over")
    )
    yield from _entered(session, "事项", RecordRow, RecordRow.matter_id, named, ~imported.exists())
    yield from _entered(session, "案件", CaseRecordRow, CaseRecordRow.case_id, named)


def _entered(
    session: Session,
    where: str,
    table: type[RecordColumns],
    owner: InstrumentedAttribute[str],
    named: set[str],
    *more: ColumnElement[bool],
) -> Iterator[str]:
    wanted = select(owner, table.number, table.actor_kind, table.actor_name, table.entered_by)
    among = wanted.where(table.entered_by.in_(named), table.actor_kind.in_(_KINDS), *more)
    for thing, number, kind, actor, entered_by in session.execute(among.order_by(owner, table.number)):
        yield (
            f"{where} {thing} 记录{number}：{_KINDS[kind]}“{actor}”的办理，"
            f"录入人“{entered_by}”与不代表个人的令牌同名，请核对"
        )


def _token(token: Token) -> str:
    until = f"有效期至 {token.expires_at:%Y-%m-%d}" if token.expires_at else "长期有效"
    allowed = (access().permissions[one].label for one in in_effect(token.permissions.split(), None))
    return f"令牌“{token.name}”（{token.id}）不代表任何账号，不能办理，{until}，准许：{'；'.join(allowed)}"


def names(session: Session) -> Iterator[str]:
    """Each name that a new one is no longer written as, with where it stands, and spellings in a case that are compared as one name."""
    for account in accounts.every(session):
        yield from _faults(f"账号 {account.login}", {account.name})
    for post in posts.every(session):
        yield from _faults(f"任职表工号 {post.staff_number}", {post.name})
    spelt: dict[str, dict[str, str]] = {}
    known = ""
    for row, record in _records_of_cases(session):
        if row.case_id != known:
            known, spelt = row.case_id, {}
        where = f"案件 {row.case_id} 记录 {row.number}"
        named = {*_texts(row.actor_name), *_in(record.details)}
        yield from _faults(where, named)
        yield from _spelt_otherwise(where, named, spelt)
    of_matter = select(RecordRow).order_by(RecordRow.matter_id, RecordRow.number)
    for entry in session.scalars(of_matter).yield_per(_BATCH):
        named = {*_texts(entry.actor_name), *_in(torn_record_of(entry).details, _NAMED_OF_MATTER)}
        yield from _faults(f"事项 {entry.matter_id} 记录 {entry.number}", named)


def unmatched_names(session: Session) -> Iterator[str]:
    """Each name in earlier records, and each account, of which it is not known which person of the registry it means."""
    labels = {"matter": "事项", "case": "案件", "account": "账号"}
    for one in unmatched(session):
        bearing = f"同名的有{len(one.bearing)}人（{'、'.join(one.bearing)}）" if one.bearing else "人员登记中没有"
        yield f"{labels[one.kind]} {one.id}：姓名“{_visible(one.name)}”{bearing}，请以 wenze people resolve 写明是谁；在此之前只限制，不授权"


def _records_of_cases(session: Session) -> Iterator[tuple[CaseRecordRow, Record]]:
    """Every record of every case, whether or not it can be read."""
    wanted = select(CaseRecordRow).order_by(CaseRecordRow.case_id, CaseRecordRow.number)
    for row in session.scalars(wanted).yield_per(_BATCH):
        yield row, torn_record_of(row)


def _texts(stored: object) -> tuple[str, ...]:
    """The text that is stored; nothing where it is none."""
    return (stored,) if isinstance(stored, str) else ()


def _faults(where: str, named: set[str]) -> Iterator[str]:
    for name in sorted(named):
        fault = name_fault(name)
        if fault is not None:
            yield f"{where}：姓名“{_visible(name)}”：{fault}"


def _spelt_otherwise(where: str, named: set[str], spelt: dict[str, dict[str, str]]) -> Iterator[str]:
    """A name that is written otherwise than earlier in the case and is compared as the same."""
    for name in sorted(named):
        known = spelt.setdefault(bare(name), {})
        if name not in known:
            for other, there in known.items():
                yield f"{where}：“{_visible(name)}”与“{_visible(other)}”（{there}）按同一姓名比较，请核对是否同一人"
            known[name] = where


def _visible(name: str) -> str:
    return "".join(sign if sign.isprintable() else f"⟨U+{ord(sign):04X}⟩" for sign in name)


def _in(told: object, fields: frozenset[str] = _NAMED) -> Iterator[str]:
    """The names that details tell, at any depth. fields: those that hold one."""
    if isinstance(told, Mapping):
        for key, value in told.items():
            if key in fields and isinstance(value, str):
                yield value
            elif key in _LISTED and isinstance(value, list | tuple):
                yield from (one for one in value if isinstance(one, str))
            else:
                yield from _in(value, fields)
    elif isinstance(told, list | tuple):
        for one in told:
            yield from _in(one, fields)


def filled_by_others(session: Session, books: Books) -> Iterator[str]:
    """Each field of a case's record in which somebody filled what is for somebody else to say; new entries refuse it."""
    entries = case_entries(books.usual)
    for row, record in _records_of_cases(session):
        known = record.action in entries.actions and record.actor.kind in entries.actors
        for fault in entries.others_fields(record.action, record.actor.kind, record.details) if known else ():
            yield f"案件 {row.case_id} 记录 {row.number}：{fault.message}；请由应当填写的一方核对，必要时另行登记"


def late_without_reason(session: Session, books: Books) -> Iterator[str]:
    """Each act that counts and was entered after the next working day without a reason, from before the ledger asked for one."""
    book, calendar = books.usual, calendar_in_use()
    wanted = select(MatterRow, RecordRow).join(RecordRow, RecordRow.matter_id == MatterRow.id)
    among = wanted.where(RecordRow.action.in_(counted_actions(book))).order_by(MatterRow.position, RecordRow.number)
    for matter, row in session.execute(among).yield_per(_BATCH):
        if not readable(row):
            continue
        record = torn_record_of(row)
        reason = record.hand.late_reason or read_effect(MatterEffect, record.details, as_far_as=True).late_reason
        if not entered_in_time(record, calendar) and not reason:
            yield (
                f"事项 {shown_number(matter) or matter.id} 记录 {record.number}：{record.on} 的"
                f"{book.ledger.actions[record.action].label}，{record.entered_on} 由{record.entered_by}录入，"
                "晚于下一个工作日，没有写明理由，请核对"
            )


def past_deadlines(session: Session, books: Books) -> Iterator[str]:
    """Each record of a matter that would be refused now as a matter of policy: deadlines that were past when they were set, and overdue
    matters that were moved, with nobody's approval. Before 0.2.0 nothing asked for it."""
    every = partial(matters.page, session, state=None, unit=None, due_before=None)
    for row, matter in sound_by_batches(session, books, every, []):
        yield from (f"事项 {shown_number(row) or row.id} {said}" for said in _against_policy(matter, books.usual))


def _against_policy(matter: Matter, book: Rulebook) -> Iterator[str]:
    then = Matter()
    for record in matter.records:
        action, entered_on = book.ledger.actions[record.action], record.entered_on
        request = MatterRequest(
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
        then = matter_fold.applied(then, record, action.to)


def unfounded_receipts(session: Session, books: Books) -> Iterator[str]:
    """Each person of a receipt for whom the discipline track was named for nothing, and each receipt that cannot be told and proved.

    A receipt stays as it was answered: what people decided on it is what they look at.
    """
    places, lost = _places(session), {sha256 for sha256, _ in rulebooks.wanting(session)}
    unproved = proofs.lacking(session)
    for receipt_id, sha256, body in receipts.every(session):
        where = f"{places.get(receipt_id, '')}回执 {receipt_id}"
        for person, found in read(body).persons.items():
            if found.outcome != "accountable" and found.discipline_track != "not_triggered":
                made = made_by(session, books, sha256)
                yield _track(where, person, found, made.book if made else books.usual)
        if sha256 in lost:
            yield f"{where}：所依的规则库（{sha256[:16]}）没有留存，原文照常可查，不能推算裁量空间、制作证明包"
        elif receipt_id in unproved:
            yield f"{where}：没有留存证明材料，请先执行 wenze db upgrade；仍然列出的，案卷不符合现在的格式"


def _places(session: Session) -> Mapping[str, str]:
    """Receipt → the matter that it was made from, or the case and record that asked for it."""
    made = session.execute(select(Evaluation.receipt_id, Evaluation.matter_id))
    found = {receipt_id: f"事项 {matter_id} " for receipt_id, matter_id in made}
    for row, record in _records_of_cases(session):
        if record.action == "evaluate":
            asked = read_effect(Evaluated, record.details, as_far_as=True)
            found[asked.receipt_id] = f"案件 {row.case_id} 记录 {row.number} "
    return found


def _track(where: str, person: str, found: AnsweredPerson, book: Rulebook) -> str:
    words = book.vocabulary.enumerations
    outcome = words["outcome"].get(found.outcome, found.outcome)
    track = words["discipline_track"].get(found.discipline_track, found.discipline_track)
    return f"{where} 人员 {person}：结论为“{outcome}”，却列有“纪律处分衔接：{track}”，请核对据此作出的决定和移送"
