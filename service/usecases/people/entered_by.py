"""By whom a record was entered, as whoever sees it is told: by name; to a person investigated about it, by role."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from models.case import cases
from models.people import accounts
from models.records.record import Record
from service.access import access
from service.usecases.matters.act_on_matter import MatterOutcome
from service.usecases.people.principals import Principal

_OWN, _NO_PERSON = "本人", "系统（导入、接口或者命令行）"


def matter_as_told(session: Session, principal: Principal, found: MatterOutcome) -> MatterOutcome:
    """The matter with its records as this principal is told of them."""
    told = records_as_told(session, principal, cases.of_matter(session, found.id), found.matter.records)
    return replace(found, matter=replace(found.matter, records=told))


def records_as_told(
    session: Session, principal: Principal, case_ids: Collection[str], records: tuple[Record, ...]
) -> tuple[Record, ...]:
    """Records of these cases, or of a matter that they are about."""
    if not any(held.role.of_case and held.case_id in case_ids for held in principal.roles):
        return records

    grants = accounts.grants_by_name(session, {record.entered_by for record in records})

    def role(record: Record) -> str:
        if record.entered_by == principal.name:
            return _OWN
        held = (grant.role for grant in grants.get(record.entered_by, ()) if _good_at(grant, record))
        roles = [access().roles[name] for name in dict.fromkeys(held) if name in access().roles]
        # of whoever else is investigated, nobody is told that they are
        return "、".join(role.label for role in roles if not role.of_case) or _NO_PERSON

    return tuple(replace(record, hand=replace(record.hand, entered_by=role(record))) for record in records)


def _good_at(grant: accounts.RoleGrant, record: Record) -> bool:
    """Whether the role was held when the record was entered."""
    begun = grant.from_on <= record.entered_on and (grant.to_on is None or record.entered_on <= grant.to_on)
    return begun and (grant.revoked_at is None or record.recorded_at < grant.revoked_at)
