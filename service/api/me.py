"""Who asks, with which roles."""

from __future__ import annotations

from typing import Annotated

from flask import g

from rules.answering import Value, about
from service.access import access
from service.api.openapi import answers, gives, interface
from service.usecases.people.principals import Principal

routes = interface("me", "本人")


class RoleHeld(Value, frozen=True):
    role: Annotated[str, about("角色")]
    label: Annotated[str, about("角色名称")]
    unit: Annotated[str | None, about("所代表的单位")]


class Me(Value, frozen=True):
    name: Annotated[str, about("姓名；不属于个人的令牌为其名称")]
    personal: Annotated[bool, about("是否属于个人")]
    person: Annotated[str | None, about("本人在人员登记中的标识，办理人填写它；不属于个人的令牌没有")]
    roles: Annotated[tuple[RoleHeld, ...], about("现有的角色")]
    permissions: Annotated[tuple[str, ...], about("权限；与案件、事项的关系另作要求")]


@routes.get("/me", "documentation:read", None, own=True)
@answers("readMe", gives(Me, "本人"))
def read() -> Me:
    """本人的角色和权限"""
    found: Principal = g.principal
    roles = tuple(RoleHeld(held.role.id, held.role.label, held.unit) for held in found.roles)
    permissions = tuple(name for name in access().permissions if found.relations(name))
    person = found.person.id if found.person is not None else None
    return Me(found.name, found.personal, person, roles, permissions)
