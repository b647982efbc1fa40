"""Who asks: what their roles allow, and how they stand to the case, matter or receipt that they ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.case import sight as case_sight
from models.case.sight import Reader, Sight
from models.matter import matters
from models.people.accounts import Account, RoleGrant
from models.people.identity import is_same
from models.receipts import case_receipts
from models.records.damage import MatterDamaged
from models.records.record import Actor
from rules.book.contract.people import PersonRef
from rules.reasoning.editions import Books
from service.access import NONE, Role, access
from service.usecases.matters.act_on_matter import MatterUnknown, read_matter

_OF_MATTER = ("subject", "recused", "assigned")


@dataclass(frozen=True, slots=True)
class Held:
    """A role as somebody holds it today."""

    role: Role
    unit: str | None = None
    case_id: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. id: of the account or the token; person: whose account it is, None for a token of no person; scopes: the permissions that the token is confined to, None: all of the roles';
    former: other names of the person."""

    id: str
    name: str
    roles: tuple[Held, ...]
    scopes: frozenset[str] | None = None
    person: PersonRef | None = None
    former: frozenset[str] = frozenset()

    @property
    def personal(self) -> bool:
        """Whether it is somebody."""
        return self.person is not None

    def relations(self, permission: str) -> frozenset[str]:
        """The relations with which the roles have a permission."""
        if self.scopes is not None and permission not in self.scopes:
            return frozenset()
        return frozenset().union(*(access().relations_of(permission, held.role.id) for held in self.roles))

    @property
    def reader(self) -> Reader:
        """Who this is to the cases."""
        bound = ((held.case_id, held.person) for held in self.roles if held.role.of_case)
        return Reader(self.person, frozenset((c, p) for c, p in bound if c and p), self.former)

    def sight(self, permission: str) -> Sight:
        """The cases for which the roles have a permission."""
        return Sight(self.reader, self.relations(permission))

    @property
    def of_committee(self) -> bool:
        """Whether one of the roles has a hand in every case that lies before the committee."""
        return any(held.role.of_committee for held in self.roles)

    @property
    def units(self) -> frozenset[str]:
        """The units that the roles are held for."""
        return frozenset(held.unit for held in self.roles if held.unit is not None)

    @property
    def kinds(self) -> frozenset[str]:
        """As what the roles let somebody act."""
        return frozenset(kind for held in self.roles for kind in held.role.acts_as)

    @property
    def informed_of(self) -> frozenset[str]:
        """Of whose acts the roles let somebody know when they are due."""
        return frozenset(kind for held in self.roles for kind in held.role.informed_of)

    def may_act_as(self, actor: Actor) -> bool:
        """Whether an entry may say that this actor did it: oneself in one's role, or somebody whom one enters for."""
        if any(actor.kind in held.role.enters_for for held in self.roles):
            return True
        return (
            self.person is not None
            and is_same(self.person, actor.person)
            and any(
                actor.kind in held.role.acts_as and (not held.role.of_unit or held.unit == actor.unit)
                for held in self.roles
            )
        )


def of_account(account: Account, grants: Iterable[RoleGrant], former: frozenset[str] = frozenset()) -> Principal:
    """The account with the roles that it holds; a role that the table no longer names is not held.

    None is held until it is confirmed whose the account is, and no administrator's beside another that excludes it.
    """
    known = [grant for grant in grants if grant.role in access().roles and account.unconfirmed_at is None]
    alone = {role.id for role in access().administrators if len({access().group_of(one.role) for one in known}) > 1}
    held = (
        Held(access().roles[grant.role], grant.unit, grant.case_id, grant.person)
        for grant in known
        if grant.role not in alone
    )
    person = PersonRef(account.name, account.person_id)
    return Principal(account.id, account.name, tuple(held), person=person, former=former)


def of_token(token_id: str, name: str, permissions: frozenset[str]) -> Principal:
    """A token of no person: what it was made for, with every case, as far as no person is needed."""
    return Principal(token_id, name, (Held(access().of_nobody),), permissions)


def relation_to_case(session: Session, principal: Principal, case_id: str) -> str | None:
    """How somebody stands to a case; None where there is no such case."""
    return case_sight.relation_to(session, principal.reader, case_id) if principal.personal else NONE


def relation_to_matter(session: Session, books: Books, principal: Principal, matter_id: str) -> str | None:
    """How somebody stands to a matter: their unit has it in hand, or as they stand to the cases about it; None: no such matter."""
    if not principal.personal:
        return NONE
    try:
        units = set(read_matter(session, books, matter_id).matter.units)
    except MatterUnknown:
        return None
    except MatterDamaged:  # nobody is let in by records that cannot be believed, but by what lists are searched by
        units = set(matters.units_of(session, matter_id))
    if principal.units & units:
        return "in_hand"
    found = {relation for _, relation in case_sight.relations_about(session, principal.reader, matter_id)}
    return next((relation for relation in _OF_MATTER if relation in found), NONE)


def relation_to_receipt(session: Session, principal: Principal, receipt_id: str) -> str | None:
    """How somebody stands to the case that a receipt belongs to; None where there is no such receipt."""
    if not principal.personal:
        return NONE
    match case_receipts.case_of(session, receipt_id):
        case (str() as case_id,):
            return case_sight.relation_to(session, principal.reader, case_id)
        case (None,):
            return NONE
    return None


RELATION_TO: Mapping[str, Callable[[Session, Books, Principal, str], str | None]] = {
    "case": lambda session, _, principal, case_id: relation_to_case(session, principal, case_id),
    "matter": relation_to_matter,
    "receipt": lambda session, _, principal, receipt_id: relation_to_receipt(session, principal, receipt_id),
}
"""What a permission is about → how somebody stands to it, by its id."""
