"""Who asks, with which roles."""

from __future__ import annotations

from typing import Annotated

from flask import Response, g
from flask_smorest import Blueprint

from rules.answering import Value, about
from service.access import access
from service.api.answers import as_json
from service.api.asked import asks
from service.api.openapi import Operations, answers
from service.usecases.principals import Principal

blueprint = Blueprint("me", __name__, description="本人")
routes = Operations(blueprint)


class RoleHeld(Value, frozen=True):
    role: Annotated[str, about("角色")]
    label: Annotated[str, about("角色名称")]
    unit: Annotated[str | None, about("所代表的单位")]


class Me(Value, frozen=True):
    name: Annotated[str, about("姓名；不属于个人的令牌为其名称")]
    personal: Annotated[bool, about("是否属于个人")]
    roles: Annotated[tuple[RoleHeld, ...], about("现有的角色")]
    permissions: Annotated[tuple[str, ...], about("权限；与案件、事项的关系另作要求")]


@routes.get("/me", "documentation:read", None)
@asks()
@blueprint.doc(operationId="readMe", summary="本人的角色和权限")
@answers(blueprint, 400, 401, 403)
@blueprint.response(200, "Me", description="本人")
def read() -> Response:
    found: Principal = g.principal
    roles = tuple(RoleHeld(held.role.id, held.role.label, held.unit) for held in found.roles)
    permissions = tuple(name for name in access().permissions if found.relations(name))
    return as_json(Me(found.name, found.personal, roles, permissions))
