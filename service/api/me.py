"""Who asks, with which roles."""

from __future__ import annotations

from flask import Response, g
from flask_smorest import Blueprint

from models.schemas.me_view import Me
from service.access import access
from service.api.answers import as_json
from service.api.asked import asks
from service.api.openapi import Operations, answers
from service.usecases.principals import Principal

blueprint = Blueprint("me", __name__, description="本人")
routes = Operations(blueprint)


@routes.get("/me", "documentation:read", None)
@asks()
@blueprint.doc(operationId="readMe", summary="本人的角色和权限")
@answers(blueprint, 400, 401, 403)
@blueprint.response(200, Me, description="本人")
def read() -> Response:
    found: Principal = g.principal
    roles = [{"role": held.role.id, "label": held.role.label, "unit": held.unit} for held in found.roles]
    permissions = [name for name in access().permissions if found.relations(name)]
    return as_json({"name": found.name, "personal": found.personal, "roles": roles, "permissions": permissions})
