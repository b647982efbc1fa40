"""What imports answer, and the organisation, as marshmallow schemas; the tests hold the answers against them."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from models.domain.organisation import RANKS
from rules.loading import load_rulebook

_MANAGED = list(load_rulebook().vocabulary.enumerations["managed_by"])


class _Exact(Schema):
    class Meta:
        unknown = RAISE


def _text(label: str, *, nullable: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"title": label})


def _day(label: str, *, nullable: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"title": label, "format": "date"})


class ImportRow(_Exact):
    line = fields.Integer(required=True, metadata={"title": "行"})
    subject = _text("所指的单位、任职或者事项")
    outcome = fields.String(
        required=True,
        validate=validate.OneOf(["new", "changed", "same", "known", "refused"]),
        metadata={"title": "新增、变更、无变化、已有（不写入）或者有误"},
    )
    problems = fields.List(fields.String(), required=True, metadata={"title": "不对之处"})
    number = _text("立项编号", nullable=True)


class ImportView(_Exact):
    """What an import did, or would do, row by row."""

    applied = fields.Boolean(required=True, metadata={"title": "已写入"})
    summary = _text("合计")
    rows = fields.List(fields.Nested(ImportRow), required=True, metadata={"title": "逐行的结果"})


class UnitView(_Exact):
    name = _text("单位")
    from_on = _day("起")
    to_on = _day("止", nullable=True)
    email = _text("邮箱", nullable=True)
    aliases = fields.List(fields.String(), required=True, metadata={"title": "别名"})


class PostView(_Exact):
    staff_number = _text("工号")
    name = _text("姓名")
    unit = _text("单位")
    post = _text("职务")
    rank = fields.String(required=True, validate=validate.OneOf(RANKS), metadata={"title": "职级"})
    managed_by = fields.String(required=True, validate=validate.OneOf(_MANAGED), metadata={"title": "干部管理"})
    from_on = _day("起")
    to_on = _day("止", nullable=True)
