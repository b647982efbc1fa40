"""The table of access for people: which role may do what, with which relation to the case; as a paper and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.access import NONE, Access, Permission, Role
from service.documents.parts.paper import Paper
from service.documents.writing.laid_out import laid_out, text

TITLE = "权限表"
_ABOUT = {
    "case": "与案件有关的",
    "matter": "与督查督办事项有关的",
    "receipt": "与处理建议回执有关的",
    "none": "与具体案件、事项无关的",
}
_NOTE = "没有列出的一律不准。案件、事项、回执的关系不符的，答复与没有这个案件、事项、回执时完全相同。"
_ORDER = (
    "与一个案件同时有几种关系的，按上表的次序取第一种；本人是调查对象或者已经回避的，不再有其他关系。"
    "事项由本单位承办的，先取这一种。"
)
_YES, _NO = "●", ""


@dataclass(frozen=True, slots=True)
class AccessPart:
    """A table under its heading. wide: how many of its columns, from the first, hold sentences rather than marks."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: int
    note: str = ""


def parts(table: Access, actors: Mapping[str, str]) -> Iterator[AccessPart]:
    """Roles, relations, then the permissions by what they are about. actors: as what somebody acts → its name."""
    yield AccessPart(
        "角色",
        ("角色", "办理时的身份（须为本人姓名）", "可以代为录入", "授予时写明"),
        tuple(_role(role, actors) for role in table.roles.values()),
        4,
    )
    yield AccessPart(
        "与案件、事项的关系",
        ("次序", "关系"),
        tuple((str(at), label) for at, label in enumerate(table.relations.values(), 1)),
        2,
        _ORDER,
    )
    for about, heading in _ABOUT.items():
        found = [permission for permission in table.permissions.values() if permission.about == about]
        yield _unrelated(heading, found, table) if about == NONE else _related(heading, found, table)


def _role(role: Role, actors: Mapping[str, str]) -> tuple[str, ...]:
    given = "单位" if role.of_unit else "案件和调查对象" if role.of_case else "不授予账号" if role.of_token else ""
    return (
        role.label,
        "、".join(actors[kind] for kind in role.acts_as),
        "、".join(actors[kind] for kind in role.enters_for),
        given,
    )


def _related(heading: str, found: list[Permission], table: Access) -> AccessPart:
    used = [name for name in table.relations if any(name in held for one in found for held in one.allow.values())]
    rows = tuple(
        (one.label, table.roles[role].label, *(_YES if name in held else _NO for name in used))
        for one in found
        for role, held in one.allow.items()
    )
    return AccessPart(heading, ("权限", "角色", *(table.relations[name] for name in used)), rows, 2, _NOTE)


def _unrelated(heading: str, found: list[Permission], table: Access) -> AccessPart:
    rows = tuple((one.label, "、".join(table.roles[role].label for role in one.allow)) for one in found)
    return AccessPart(heading, ("权限", "角色"), rows, 2)


def access_paper(table: Access, actors: Mapping[str, str]) -> Paper:
    """The table on pages."""
    return laid_out("access", TITLE, parts=parts(table, actors))


def access_markdown(table: Access, actors: Mapping[str, str]) -> str:
    """The table as Markdown, one line a row, so that a changed cell shows as a changed line."""
    return text("access", parts=parts(table, actors))
