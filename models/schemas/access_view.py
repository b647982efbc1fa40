"""The table of access, as it is answered."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields


class _Exact(Schema):
    class Meta:
        unknown = RAISE


def _text(title: str) -> fields.String:
    return fields.String(required=True, metadata={"title": title})


def _texts(title: str) -> fields.List[Any]:
    return fields.List(fields.String(), required=True, metadata={"title": title})


class RelationView(_Exact):
    id = _text("关系")
    label = _text("名称")


class RoleView(_Exact):
    id = _text("角色")
    label = _text("名称")
    acts_as = _texts("办理时的身份，须为本人姓名")
    enters_for = _texts("可以代为录入")
    of_unit = fields.Boolean(required=True, metadata={"title": "按单位授予"})
    of_case = fields.Boolean(required=True, metadata={"title": "按案件和调查对象授予"})
    of_token = fields.Boolean(required=True, metadata={"title": "属于不代表个人的令牌，不授予账号"})


class AllowedView(_Exact):
    role = _text("角色")
    relations = _texts("有此项权限的关系")


class PermissionView(_Exact):
    id = _text("权限")
    label = _text("名称")
    about = fields.String(
        required=True,
        metadata={"title": "关系是对什么而言", "enum": ["case", "matter", "receipt", "none"]},
    )
    allow = fields.List(fields.Nested(AllowedView), required=True, metadata={"title": "准许的角色；没有列出的一律不准"})


class AccessView(_Exact):
    relations = fields.List(fields.Nested(RelationView), required=True, metadata={"title": "关系，按取用的次序"})
    roles = fields.List(fields.Nested(RoleView), required=True, metadata={"title": "角色"})
    permissions = fields.List(fields.Nested(PermissionView), required=True, metadata={"title": "权限"})
