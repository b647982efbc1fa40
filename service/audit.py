"""The audit trail: every change and every sensitive read leaves exactly one event; what is refused leaves none.

An edge sets ``models.store.database.closing`` to a function made of ``close``: the event of a change is thereby in its
transaction, and no route can forget it. The event of a read is committed after the reading and before the answer goes out: no
answer without its event, and no writer waits for a document that is being drawn. Events hold identifiers, never texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.store import audit
from models.store.audit_hashes import RECORDS
from models.store.audit_notes import Subject, keep_silent, told
from service import config

READS = {
    "cases.read_one": "查阅案件", "cases.list_cases": "查阅案件一览", "cases.points": "查阅申辩意见的作用",
    "cases.duties": "查阅决定之后的职责", "cases.checkup": "程序体检", "case-papers.every": "查阅文书一览",
    "case-papers.one": "取得文书", "case-papers.package": "取得案卷", "attachments.every": "查阅附件一览",
    "attachments.one": "取得附件", "attachments.every_of_case": "查阅附件一览", "attachments.one_of_case": "取得附件",
    "recommendations.read": "查阅处理建议回执", "recommendations.admissible": "查阅裁量空间", "recommendations.proof": "取得证明包", "evaluations.every": "查阅历次处理建议", "evaluations.evaluate": "试算处理建议",
    "documents.archive_package": "取得归档材料", "export.everything": "整体导出", "audit.every": "查阅审计记录",
    "audit.history": "查阅案件经过", "regulation-pages.citing": "查阅涉及条款的案件", "audit-pages.every": "查阅审计记录",
    "case-pages.every": "查阅案件一览", "case-pages.one": "查阅案件", "case-pages.check": "程序体检", "case-pages.act": "打开办理页面",
    "recommendation-pages.one": "查阅处理建议", "committee-pages.sheets": "查阅审议材料", "own-pages.one": "查阅本人的案件",
    "own-pages.act": "打开办理页面", "own-pages.paper": "取得文书",
    "case show": "查阅案件", "case list": "查阅案件一览", "case points": "查阅申辩意见的作用", "case duties": "查阅决定之后的职责",
    "case checkup": "程序体检", "case package": "取得案卷", "case attachments": "查阅附件", "case history": "查阅案件经过",
    "case-paper": "取得文书", "matter evaluations": "查阅历次处理建议", "matter recommend": "试算处理建议",
    "proof export": "取得证明包", "archive": "取得归档材料", "ledger export": "整体导出", "audit list": "查阅审计记录",
    "replay": "重放处理建议",
}  # fmt: skip
"""The reads that leave an event: endpoint, or command → what it is called. The rest of reading leaves none."""
OUTCOMES = {
    "done": "已办理",
    "refused": "被拒绝",
    "repeated": "重复提交，没有再办",
    "tried": "只试办，没有写入",
    "read": "已查阅",
}
_OTHERS = {
    "ledger.open_one": "提出事项", "matter-pages.new": "提出事项", "cases.open_one": "提出问责调查", "case-pages.new": "提出问责调查",
    "office.inspect": "登记督查", "office.report": "登记督查的书面报告", "office.bar": "登记取消评优评先资格", "imports.units": "导入单位",
    "imports.people": "导入任职", "imports.status_table": "读回办理情况表", "imports.ledger": "转入既有台账",
    "recommendations.evaluate": "请求处理建议", "matter-pages.send_file": "上传附件", "case-pages.send_file": "上传材料",
    "import-pages.send": "导入表格", "inspection-pages.inspect": "登记督查", "inspection-pages.report": "登记督查的书面报告",
    "inspection-pages.bar": "登记取消评优评先资格", "admin-pages.add": "建立账号", "admin-pages.grant": "授予角色",
    "admin-pages.revoke": "撤销角色", "admin-pages.disable": "停用账号", "admin-pages.enable": "恢复账号",
    "admin-pages.end": "退出账号的全部登录", "admin-pages.reset": "重设密码", "admin-table-pages.revoke": "撤销令牌",
    "adoption-pages.confirm": "登记影响期的确认", "adoption-pages.withdraw": "撤回影响期的确认", "adoption-pages.year": "导入节假日安排",
    "periods confirm": "登记影响期的确认", "periods withdraw": "撤回影响期的确认",
    "web.log_in": "登录", "web.log_out": "退出登录", "web.log_out_of_pages": "退出登录", "web.set_password": "修改密码",
    "single-sign-on.cas": "统一身份认证登录", "single-sign-on.oidc": "统一身份认证登录",
    "attachments.send_to_case": "上传附件", "case attach": "上传附件", "db upgrade": "纳入此前的记录", "backup": "备份",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class By:
    """Who: name, whether a token, an account, a command, and its id."""

    name: str
    kind: str
    id: str | None = None


def record(
    session: Session, action: str, by: By, *, now: datetime, outcome: str = "done", subject: Subject | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write one event now, in this transaction, with the records that it wrote; the edge then adds none.

    Call it last: from here on every other appender waits for this transaction.
    """
    found = told(session)
    draft = audit.Draft(
        now.astimezone(UTC).isoformat(timespec="microseconds"), by.name, by.kind, by.id, action, outcome,
        found.subject or subject, {**(facts or {}), **found.facts}, tuple(found.records),
    )  # fmt: skip
    audit.append(session, draft, config.audit_hash())
    found.records.clear()
    keep_silent(session)


def close(
    session: Session, action: str, by: By, *, now: datetime, subject: Subject | None, facts: Mapping[str, Any]
) -> bool:
    """The event of a transaction that is about to be committed; whether there is one, now or before."""
    found = told(session)
    if found.silent and not found.records:
        return False
    record(session, action, by, now=now, outcome=found.outcome, subject=subject, facts=facts)
    return True


def label(action: str) -> str:
    """What an action other than an entry is called."""
    return READS.get(action) or _OTHERS.get(action, action)


_BATCH = 1000


def adopt(session: Session, by: By, *, now: datetime) -> None:
    """Take in what was there before the trail vouched for its kind; from then on a row without an event stays one."""
    kinds = sorted(RECORDS.keys() - audit.taken_in(session))
    keys = list(audit.unvouched(session, kinds))
    for at in range(0, len(keys) or len(kinds[:1]), _BATCH):
        told(session).records.update(dict.fromkeys(keys[at : at + _BATCH]))
        record(session, audit.TAKEN_IN, by, now=now, facts={"kinds": kinds})
