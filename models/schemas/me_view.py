"""Who asks, as it is answered."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields


class _Exact(Schema):
    class Meta:
        unknown = RAISE


class RoleHeld(_Exact):
    role = fields.String(required=True, metadata={"title": "角色"})
    label = fields.String(required=True, metadata={"title": "角色名称"})
    unit = fields.String(required=True, allow_none=True, metadata={"title": "所代表的单位"})


class Me(_Exact):
    name = fields.String(required=True, metadata={"title": "姓名；不属于个人的令牌为其名称"})
    personal = fields.Boolean(required=True, metadata={"title": "是否属于个人"})
    roles = fields.List(fields.Nested(RoleHeld), required=True, metadata={"title": "现有的角色"})
    permissions = fields.List(fields.String(), required=True, metadata={"title": "权限；与案件、事项的关系另作要求"})
