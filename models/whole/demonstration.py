"""Whether a database holds nothing yet, and whose roles the demonstration gave."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.people.accounts import Account, RoleGrant
from models.whole.tables import METADATA

_OF_A_TRIAL = frozenset(
    {
        "receipts",
        "tokens",
        "audit_events",
        "audit_records",
        "audit_head",
        "web_sessions",
        "failed_logins",
        "known_devices",
        "past_passwords",
        "second_factors",
        "recovery_codes",
    }
)
_OF_THE_SET_UP = ("accounts", "own_numbers", "persons", "role_grants")
_FIRST = 3
"""How many rows of each there are at first: of the administrators."""


def is_empty(session: Session) -> bool:
    """Whether there is nothing but the first administrators, and what a trial of the interface leaves."""
    for table in METADATA.sorted_tables:
        most = _FIRST if table.name in _OF_THE_SET_UP else 0
        if table.name not in _OF_A_TRIAL and (session.scalar(select(func.count()).select_from(table)) or 0) > most:
            return False
    return True


def granted_by(session: Session, name: str) -> Sequence[tuple[Account, RoleGrant]]:
    """The roles that somebody gave, with their accounts, in the order of the accounts."""
    wanted = select(Account, RoleGrant).join(RoleGrant, RoleGrant.account_id == Account.id)
    rows = session.execute(wanted.where(RoleGrant.granted_by == name).order_by(Account.login))
    return [(account, grant) for account, grant in rows]


def any_granted_by(session: Session, name: str) -> bool:
    return session.scalar(select(RoleGrant.id).where(RoleGrant.granted_by == name).limit(1)) is not None
