"""A receipt from OA becomes a record of the ledger: a unit signed for an assignment, or for an urging."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from models.people import units
from models.records.record import Actor
from models.schemas.oa_receipt import OaReceipt, load_oa_receipt
from models.schemas.reading import read_json
from rules.reasoning.editions import Books
from service.usecases.entry import Entry
from service.usecases.exchange.todo_lists import OFFICE
from service.usecases.matters.act_on_matter import (
    EntryImpossible,
    MatterOutcome,
    act_on_matter,
    matter_id_of,
    read_matter,
)

_BY, _LATE = "OA", "OA 的签收回执在签收之后送达本系统"


def take_receipt(session: Session, books: Books, raw: bytes, *, now: datetime) -> MatterOutcome:
    """The matter with the receipt recorded; the same bytes are recorded once.

    Raises Stale where somebody wrote in the same moment: take it again. Raises Unreadable, CaseFileError, MatterUnknown,
    EntryImpossible, ledger.WrongState, ledger.WrongDay, ledger.Refused: it says something that the ledger cannot hold.
    """
    receipt = load_oa_receipt(read_json(raw))
    found = read_matter(session, books, matter_id_of(session, receipt.matter))
    unit = units.aliases(session).get(receipt.unit, receipt.unit)
    if receipt.kind == "urging":
        _urged(found, unit)
    entry = _entry(receipt, unit, hashlib.sha256(raw).hexdigest())
    return act_on_matter(session, books, found.id, entry, expected=found.matter.version, now=now)


def _urged(found: MatterOutcome, unit: str) -> None:
    if unit not in found.matter.units:
        raise EntryImpossible("unit", f"“{unit}”不是本事项的承办单位")
    if not found.matter.has("urge"):
        raise EntryImpossible("kind", "本事项没有下发过催办通知")


def _entry(receipt: OaReceipt, unit: str, key: str) -> Entry:
    """An assignment is signed for by the unit; that an urging was signed for is recorded by the Office."""
    details = {"signed_by": {"name": receipt.signed_by}}
    action, actor = "record_urging", Actor(OFFICE, "office")
    if receipt.kind == "acknowledge":
        action, actor = "acknowledge", Actor(receipt.signed_by, "unit", unit)
    return Entry(action, details, actor, receipt.on, _BY, key, late_reason=_LATE, brought_in=True)
