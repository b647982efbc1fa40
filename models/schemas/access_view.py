"""The table of access, as it is answered."""

from __future__ import annotations

from marshmallow import fields

from models.schemas.described import Exact, a_flag, a_text, several, some_texts


class RelationView(Exact):
    id = a_text("关系")
    label = a_text("名称")


class RoleView(Exact):
    id = a_text("角色")
    label = a_text("名称")
    acts_as = some_texts("办理时的身份，须为本人姓名")
    enters_for = some_texts("可以代为录入")
    of_unit = a_flag("按单位授予")
    of_case = a_flag("按案件和调查对象授予")
    of_token = a_flag("属于不代表个人的令牌，不授予账号")


class AllowedView(Exact):
    role = a_text("角色")
    relations = some_texts("有此项权限的关系")


class PermissionView(Exact):
    id = a_text("权限")
    label = a_text("名称")
    about = fields.String(
        required=True, metadata={"title": "关系是对什么而言", "enum": ["case", "matter", "receipt", "none"]}
    )
    allow = several(AllowedView, "准许的角色；没有列出的一律不准")


class AccessView(Exact):
    relations = several(RelationView, "关系，按取用的次序")
    roles = several(RoleView, "角色")
    permissions = several(PermissionView, "权限")
