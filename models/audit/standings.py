"""What vouches for each table: the audit trail, triggers that refuse changes; and why nothing does, where that is so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableStanding:
    """label: what its rows are; kept: triggers refuse every change; open: why no hash is held against them, None where one is."""

    label: str
    kept: bool = False
    open: str | None = None


_DERIVED = "由办理记录得出，以记录为准"
_NUMBERING = "只用于续编序号"
_CORRECTED = "可以更正，每次更正另有审计记录"
_ACCESS = "随时变更，每次授予、变更另有审计记录"
_PASSING = "登录、传递中的状态，随时变更"

STANDINGS: Mapping[str, TableStanding] = {
    "audit_events": TableStanding("审计记录", kept=True),
    "audit_records": TableStanding("审计记录所写的各行", kept=True),
    "audit_head": TableStanding("审计记录的末条"),
    "records": TableStanding("事项的办理记录", kept=True),
    "case_records": TableStanding("案件的办理记录", kept=True),
    "receipts": TableStanding("处理建议回执", kept=True),
    "rulebooks": TableStanding("回执所依的规则库", kept=True),
    "proofs": TableStanding("回执的证明材料", kept=True),
    "evaluations": TableStanding("由台账请求的处理建议"),
    "case_receipts": TableStanding("各案件的处理建议回执及其编号", kept=True),
    "attachments": TableStanding("附件"),
    "decisions": TableStanding("决定文号", kept=True),
    "period_acts": TableStanding("影响期表的登记", kept=True),
    "matters": TableStanding("事项一览（编号另已核对）", open=_DERIVED),
    "desk": TableStanding("各单位手中的事项", open=_DERIVED),
    "cases": TableStanding("案件一览", open=_DERIVED),
    "case_matters": TableStanding("案件所涉的事项", open=_DERIVED),
    "involvements": TableStanding("案件的相关人员", open=_DERIVED),
    "asked": TableStanding("待本人确认的办理", open=_DERIVED),
    "years": TableStanding("事项的末号", open=_NUMBERING),
    "decision_numbers": TableStanding("决定文号的末号", open=_NUMBERING),
    "own_numbers": TableStanding("人员自编号的末号", open=_NUMBERING),
    "persons": TableStanding("人员登记", open=_CORRECTED),
    "former_names": TableStanding("人员的曾用名", open=_CORRECTED),
    "merges": TableStanding("人员登记的合并", open=_CORRECTED),
    "units": TableStanding("单位", open=_CORRECTED),
    "unit_aliases": TableStanding("单位的别称", open=_CORRECTED),
    "posts": TableStanding("任职", open=_CORRECTED),
    "inspections": TableStanding("督查登记", open=_CORRECTED),
    "rating_bars": TableStanding("评优评先资格", open=_CORRECTED),
    "accounts": TableStanding("账号", open=_ACCESS),
    "role_grants": TableStanding("角色", open=_ACCESS),
    "tokens": TableStanding("令牌", open=_ACCESS),
    "web_sessions": TableStanding("登录", open=_PASSING),
    "failed_logins": TableStanding("失败的登录", open=_PASSING),
    "known_devices": TableStanding("登录过的设备", open=_PASSING),
    "past_passwords": TableStanding("用过的密码（散列值）", open=_PASSING),
    "second_factors": TableStanding("动态验证码的密钥", open=_ACCESS),
    "recovery_codes": TableStanding("恢复码（散列值）", open=_PASSING),
    "outbox": TableStanding("待交 OA 的表单", open=_PASSING),
    "mailed": TableStanding("已发邮件的登记", open=_PASSING),
    "sent_forms": TableStanding("已提交的网页表单", open=_PASSING),
}
"""Table → its standing; a table that is not here fails a test."""
