"""Who may do what: the one declared table (``access.yaml``) of permission × role × relation, default deny."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated

import msgspec

from rules.answering import about
from rules.packaged import packaged
from rules.strict_yaml import parse

_TABLE = packaged("service/access.yaml")
ABOUT = ("case", "matter", "receipt", "none")
NONE = "none"
"""The relation of whoever has no other, and the only one where no case is concerned."""


@dataclass(frozen=True, slots=True)
class Role:
    """acts_as, enters_for, informed_of: kinds of actors; of_unit, of_case: whether it is held for a unit, for a person in a case.

    of_committee: whether it has a hand in every case that lies before the committee.
    """

    id: Annotated[str, about("角色")]
    label: Annotated[str, about("名称")]
    acts_as: Annotated[tuple[str, ...], about("办理时的身份，须为本人姓名")]
    enters_for: Annotated[tuple[str, ...], about("可以代为录入")]
    of_unit: Annotated[bool, about("按单位授予")] = False
    of_case: Annotated[bool, about("按案件和调查对象授予")] = False
    of_token: Annotated[bool, about("属于不代表个人的令牌，不授予账号")] = False
    informed_of: Annotated[tuple[str, ...], about("待办中列出由哪些办理人办理的事，仅供知悉")] = ()
    of_committee: Annotated[bool, about("参加学校党委的审议")] = False


@dataclass(frozen=True, slots=True)
class Permission:
    """about: what the relation is to; allow: role → the relations with which it has the permission."""

    id: str
    label: str
    about: str
    allow: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Access:
    """The whole table; what it does not name is not allowed."""

    relations: Mapping[str, str]
    roles: Mapping[str, Role]
    permissions: Mapping[str, Permission]
    exclusive: Mapping[str, frozenset[str]]
    """Group → its roles; nobody holds roles of two groups on one day."""

    @property
    def of_nobody(self) -> Role:
        """The role of a token of no person."""
        return next(role for role in self.roles.values() if role.of_token)

    def relations_of(self, permission: str, role: str) -> frozenset[str]:
        """The relations with which a role has a permission; none of them where the table does not say so."""
        found = self.permissions.get(permission)
        return found.allow.get(role, frozenset()) if found else frozenset()

    def group_of(self, role: str) -> str | None:
        """The group of exclusive roles that a role is of; None where the table does not name the role."""
        return next((group for group, roles in self.exclusive.items() if role in roles), None)

    @property
    def administrators(self) -> tuple[Role, ...]:
        """The roles that are held alone: of each there has to be somebody."""
        return tuple(self.roles[role] for held in self.exclusive.values() if len(held) == 1 for role in held)


@cache
def access() -> Access:
    """The table, checked: no role, relation or kind of thing that it does not declare. Raises ValueError."""
    data = parse(_TABLE.read_text("utf-8"), _TABLE.name)
    roles = {name: msgspec.convert({"id": name, **row}, Role) for name, row in data["roles"].items()}
    permissions = {name: msgspec.convert({"id": name, **row}, Permission) for name, row in data["permissions"].items()}
    exclusive = {group: frozenset(held) for group, held in data["exclusive"].items()}
    made = Access(data["relations"], roles, permissions, exclusive)
    _check(made)
    return made


def _check(made: Access) -> None:
    grouped = sorted(role for held in made.exclusive.values() for role in held)
    if grouped != sorted(role.id for role in made.roles.values() if not role.of_token):
        raise ValueError("exclusive：授予账号的每个角色须恰好属于一组")
    for permission in made.permissions.values():
        if permission.about not in ABOUT:
            raise ValueError(f"{permission.id}：about 只能取 {'、'.join(ABOUT)}")
        for role, held in permission.allow.items():
            if role not in made.roles or not held or held - set(made.relations):
                raise ValueError(f"{permission.id}：{role} 的角色或者关系没有声明")
            if permission.about == NONE and held != {NONE}:
                raise ValueError(f"{permission.id}：与具体案件无关的，关系只能是 none")
