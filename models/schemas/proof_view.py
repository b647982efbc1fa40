"""A proof package as it is answered."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from models.schemas.described import a_text, several


def _hex(label: str, digits: int, *, required: bool) -> fields.String:
    shape = validate.Regexp(f"^[0-9a-f]{{{digits}}}$")
    return fields.String(required=required, validate=shape, metadata={"title": label})


class ProofLeaf(Schema):
    """A part: its value with the salt, or the hash that stands for it where it was removed."""

    path = a_text("部分的名称")
    salt = _hex("盐", 32, required=False)
    value = fields.Raw(required=False, allow_none=True, metadata={"title": "内容"})
    removed = _hex("已遮盖的部分的散列值", 64, required=False)

    class Meta:
        unknown = RAISE


class ProofPackage(Schema):
    format = fields.String(required=True, validate=validate.Equal("wenze-proof/1"), metadata={"title": "格式"})
    root = _hex("全部部分的散列值之根", 64, required=True)
    leaves = several(ProofLeaf, "各部分，按名称排列")

    class Meta:
        unknown = RAISE
