"""The table of who may do what."""

from __future__ import annotations

from typing import Annotated

from rules import answering
from rules.answering import Value
from service.access import ABOUT, Role, access
from service.api.openapi import answers, gives, interface

routes = interface("access", "权限表")


class RelationView(Value, frozen=True):
    id: Annotated[str, answering.about("关系")]
    label: Annotated[str, answering.about("名称")]


class AllowedView(Value, frozen=True):
    role: Annotated[str, answering.about("角色")]
    relations: Annotated[tuple[str, ...], answering.about("有此项权限的关系")]


class PermissionView(Value, frozen=True):
    id: Annotated[str, answering.about("权限")]
    label: Annotated[str, answering.about("名称")]
    about: Annotated[str, answering.about("关系是对什么而言", *ABOUT)]
    allow: Annotated[tuple[AllowedView, ...], answering.about("准许的角色；没有列出的一律不准")]


class AccessView(Value, frozen=True):
    relations: Annotated[tuple[RelationView, ...], answering.about("关系，按取用的次序")]
    roles: Annotated[tuple[Role, ...], answering.about("角色")]
    permissions: Annotated[tuple[PermissionView, ...], answering.about("权限")]


@routes.get("/access", "access:read", None)
@answers("readAccess", gives(AccessView, "权限表"))
def read() -> AccessView:
    """权限表：角色、与案件和事项的关系、权限"""
    table = access()
    order = list(table.relations)
    permissions = []
    for one in table.permissions.values():
        allow = (AllowedView(role, tuple(sorted(held, key=order.index))) for role, held in one.allow.items())
        permissions.append(PermissionView(one.id, one.label, one.about, tuple(allow)))
    relations = (RelationView(name, label) for name, label in table.relations.items())
    return AccessView(tuple(relations), tuple(table.roles.values()), tuple(permissions))
