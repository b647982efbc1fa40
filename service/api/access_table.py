"""The table of who may do what."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response
from flask_smorest import Blueprint

from models.schemas.access_view import AccessView
from service.access import access
from service.api.answers import as_json
from service.api.asked import asks
from service.api.openapi import Operations, answers

blueprint = Blueprint("access", __name__, description="权限表")
routes = Operations(blueprint)


@routes.get("/access", "access:read", None)
@asks()
@blueprint.doc(operationId="readAccess", summary="权限表：角色、与案件和事项的关系、权限")
@answers(blueprint, 400, 401, 403)
@blueprint.response(200, AccessView, description="权限表")
def read() -> Response:
    table = access()
    order = list(table.relations)
    permissions = [
        {"id": one.id, "label": one.label, "about": one.about,
         "allow": [{"role": role, "relations": sorted(held, key=order.index)} for role, held in one.allow.items()]}
        for one in table.permissions.values()
    ]  # fmt: skip
    relations = [{"id": name, "label": label} for name, label in table.relations.items()]
    return as_json(
        {"relations": relations, "roles": [asdict(role) for role in table.roles.values()], "permissions": permissions}
    )
