"""What imports answer, and the organisation, as marshmallow schemas; the tests hold the answers against them."""

from __future__ import annotations

from models.domain.organisation import RANKS
from models.schemas.described import Exact, a_day, a_flag, a_number, a_text, one_of, several, some_texts
from rules.loading import load_rulebook

_MANAGED = list(load_rulebook().vocabulary.enumerations["managed_by"])


class ImportRow(Exact):
    line = a_number("行")
    subject = a_text("所指的单位、任职或者事项")
    outcome = one_of("新增、变更、无变化、已有（不写入）或者有误", ["new", "changed", "same", "known", "refused"])
    problems = some_texts("不对之处")
    number = a_text("立项编号", nullable=True)


class ImportView(Exact):
    """What an import did, or would do, row by row."""

    applied = a_flag("已写入")
    summary = a_text("合计")
    rows = several(ImportRow, "逐行的结果")


class UnitView(Exact):
    name = a_text("单位")
    from_on = a_day("起")
    to_on = a_day("止", nullable=True)
    email = a_text("邮箱", nullable=True)
    aliases = some_texts("别名")


class PostView(Exact):
    staff_number = a_text("工号")
    name = a_text("姓名")
    unit = a_text("单位")
    post = a_text("职务")
    rank = one_of("职级", RANKS)
    managed_by = one_of("干部管理", _MANAGED)
    from_on = a_day("起")
    to_on = a_day("止", nullable=True)
