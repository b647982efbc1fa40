"""Who asks: what their roles allow, and how they stand to the case, matter or receipt that they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.domain.cases.case import Case
from models.domain.matter import Actor
from models.domain.names import bare, bares
from models.records.damage import CaseDamaged, MatterDamaged
from models.store import accounts, cases, evaluations, matters, receipts
from models.store.accounts import Account
from service.access import NONE, Role, access
from service.usecases.act_on_case import CaseUnknown, read_case
from service.usecases.act_on_matter import MatterUnknown, read_matter

_OVER = ("decided", "closed")
_OF_MATTER = ("subject", "recused", "assigned")
_RANK = ("subject", "recused", "assigned", "none", "submitted", "decided")


@dataclass(frozen=True, slots=True)
class Held:
    """A role as somebody holds it today."""

    role: Role
    unit: str | None = None
    case_id: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. id: of the account or the token; scopes: the permissions that the token is confined to, None: all of the roles'."""

    id: str
    name: str
    roles: tuple[Held, ...]
    scopes: frozenset[str] | None = None
    personal: bool = True

    def relations(self, permission: str) -> frozenset[str]:
        """The relations with which the roles have a permission."""
        if self.scopes is not None and permission not in self.scopes:
            return frozenset()
        return frozenset().union(*(access().relations_of(permission, held.role.id) for held in self.roles))

    @property
    def units(self) -> frozenset[str]:
        """The units that the roles are held for."""
        return frozenset(held.unit for held in self.roles if held.unit is not None)

    def may_act_as(self, actor: Actor) -> bool:
        """Whether an entry may say that this actor did it: oneself in one's role, or somebody whom one enters for."""
        if any(actor.kind in held.role.enters_for for held in self.roles):
            return True
        return actor.name == self.name and any(
            actor.kind in held.role.acts_as and (not held.role.of_unit or held.unit == actor.unit)
            for held in self.roles
        )


def of_account(session: Session, account: Account, *, today: date) -> Principal:
    """The account with the roles that it holds on a local day; a role that the table no longer names is not held."""
    roles = access().roles
    held = tuple(
        Held(roles[grant.role], grant.unit, grant.case_id, grant.person)
        for grant in accounts.held(session, account.id, today)
        if grant.role in roles
    )
    return Principal(account.id, account.name, held)


def of_token(token_id: str, name: str, permissions: frozenset[str]) -> Principal:
    """A token of no person: what it was made for, with every case, as far as no person is needed."""
    return Principal(token_id, name, (Held(access().of_nobody),), permissions, personal=False)


def relation_to_case(session: Session, principal: Principal, case_id: str) -> str | None:
    """How somebody stands to a case; None where there is no such case."""
    if not principal.personal:
        return NONE
    try:
        return relation_in(principal, case_id, read_case(session, case_id).case)
    except CaseUnknown:
        return None
    except CaseDamaged:
        return _relation_to_damaged(session, principal, case_id)


def relation_in(principal: Principal, case_id: str, case: Case) -> str:
    """How somebody stands to a case that was read.

    Only the role bound to the case makes its subject. A name that is investigated or recused in it, however it is written, keeps
    out as a recusal does, whoever else bears it: nobody sees more by that.
    """
    if not principal.personal:
        return NONE
    name = principal.name
    if any(held.role.of_case and held.case_id == case_id and held.person in case.persons for held in principal.roles):
        return "subject"
    persons = (person.name for person in case.persons.values())
    away = (gone for met in _meetings(case) for gone in met.get("recused") or ())
    if bare(name) in bares((*persons, *case.recused, *away)):
        return "recused"
    if any(member.name == name and member.active for member in case.team):
        return "assigned"
    return "decided" if case.state in _OVER else "submitted" if case.state == "submitted" else NONE


def _relation_to_damaged(session: Session, principal: Principal, case_id: str) -> str:
    """Whoever the records of a damaged case name anywhere, they may have investigated or recused: no access."""
    named = principal.personal and any(
        _names(record.details, principal.name) for record in cases.torn_records(session, case_id)
    )
    return "recused" if named else NONE


def _names(told: object, name: str) -> bool:
    parts = told.values() if isinstance(told, Mapping) else told if isinstance(told, (tuple, list)) else ()
    return (isinstance(told, str) and bare(told) == bare(name)) or any(_names(part, name) for part in parts)


def _meetings(case: Case) -> Iterator[Mapping[str, Any]]:
    """What is recorded of each meeting that decided or reviewed."""
    yield from (record.details["meeting"] for record in case.records if "meeting" in record.details)


def relation_to_matter(session: Session, principal: Principal, matter_id: str) -> str | None:
    """How somebody stands to a matter: their unit has it in hand, or as they stand to the cases about it; None: no such matter."""
    if not principal.personal:
        return NONE
    try:
        units = set(read_matter(session, matter_id).matter.units)
    except MatterUnknown:
        return None
    except MatterDamaged:  # nobody is let in by records that cannot be believed, but by what lists are searched by
        units = set(matters.units_of(session, matter_id))
    if principal.units & units:
        return "in_hand"
    found = {relation_to_case(session, principal, case_id) for case_id in cases.of_matter(session, matter_id)}
    return next((relation for relation in _OF_MATTER if relation in found), NONE)


def relation_to_receipt(session: Session, principal: Principal, receipt_id: str) -> str | None:
    """How somebody stands to the cases that a receipt belongs to; being investigated or recused in one decides. None: no such."""
    if not principal.personal:
        return NONE
    if not receipts.exists(session, receipt_id):
        return None
    found = set(_relations_to_receipt(session, principal, receipt_id))
    return next((relation for relation in _RANK if relation in found), NONE)


def _relations_to_receipt(session: Session, principal: Principal, receipt_id: str) -> Iterator[str]:
    matter_id = evaluations.matter_of(session, receipt_id)
    for case_id in cases.of_matter(session, matter_id) if matter_id is not None else ():
        try:
            case = read_case(session, case_id).case
        except CaseDamaged:
            yield _relation_to_damaged(session, principal, case_id)
            continue
        if any(record.details.get("receipt_id") == receipt_id for record in case.records):
            yield relation_in(principal, case_id, case)


RELATION_TO = {"case": relation_to_case, "matter": relation_to_matter, "receipt": relation_to_receipt}
"""What a permission is about → how somebody stands to it, by its id."""
