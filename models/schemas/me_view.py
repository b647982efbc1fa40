"""Who asks, as it is answered."""

from __future__ import annotations

from models.schemas.described import Exact, a_flag, a_text, several, some_texts


class RoleHeld(Exact):
    role = a_text("角色")
    label = a_text("角色名称")
    unit = a_text("所代表的单位", nullable=True)


class Me(Exact):
    name = a_text("姓名；不属于个人的令牌为其名称")
    personal = a_flag("是否属于个人")
    roles = several(RoleHeld, "现有的角色")
    permissions = some_texts("权限；与案件、事项的关系另作要求")
