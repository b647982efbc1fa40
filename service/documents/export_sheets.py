"""The export as sheets: one for each kind of row, its columns in Chinese, words for what is kept as a sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.domain.matter import Actor, Record
from models.records.fold import as_far_as
from models.records.record import Hand
from rules.calendar import LOCAL
from rules.loading import load_rulebook
from rules.rulebook import Rulebook
from service.documents.record_words import in_words

_KINDS = {"office": "督查督办工作办公室", "unit": "承办单位", "leader": "校领导"}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """A sheet: its title, and for each column what it is called and how it is found in a row."""

    title: str
    columns: Mapping[str, Callable[[Row], str | int | None]]

    def line(self, row: Row) -> list[str | int | None]:
        """A row as it stands in the sheet."""
        return [find(row) for find in self.columns.values()]


def export_sheets(book: Rulebook) -> dict[str, ExportSheet]:
    """Kind → its sheet, in the order in which they stand."""
    return {**_organisation(book), **_ledger(book), **_beside(book)}


def _organisation(book: Rulebook) -> dict[str, ExportSheet]:
    managed = book.vocabulary.enumerations["managed_by"]
    span = {"起": _of("from_on"), "止": _of("to_on")}
    unit = {"单位": _of("name"), **span, "邮箱": _of("email"), "别名": lambda row: "、".join(row["aliases"])}
    post = {
        "工号": _of("staff_number"), "姓名": _of("name"), "单位": _of("unit"), "职务": _of("post"), "职级": _of("rank"),
        "干部管理": _word("managed_by", managed), **span,
    }  # fmt: skip
    return {"unit": ExportSheet("单位", unit), "post": ExportSheet("任职", post)}


def _ledger(book: Rulebook) -> dict[str, ExportSheet]:
    categories, actions = book.vocabulary.enumerations["category"], book.ledger.actions
    matter = {
        "立项编号": _number, "标识": _of("id"), "工作任务": _of("title"), "事项来源": _word("category", categories),
        "牵头单位": _of("lead_unit"), "状态": _word("state", book.ledger.states), "办结时限": _of("due_on"),
        "记录数": _of("version"),
    }  # fmt: skip
    record = {
        "事项标识": _of("matter_id"), "序号": _of("number"), "办理": _word("action", {a.id: a.label for a in actions.values()}),
        "办理日期": _of("done_on"), "办理人": _of("actor_name"), "身份": _word("actor_kind", _KINDS), "所在单位": _of("actor_unit"),
        "内容": _details, "记入时间": _of("recorded_at"), "记入人": _of("entered_by"),
        "补录": lambda row: "补录" if row["late"] else None,
    }  # fmt: skip
    return {"matter": ExportSheet("事项", matter), "record": ExportSheet("记录", record)}


def _beside(book: Rulebook) -> dict[str, ExportSheet]:
    forms, kinds = book.inspections.forms, book.inspections.regular
    attachment = {
        "事项标识": _of("matter_id"), "附件编号": _of("id"), "文件名": _of("file_name"), "类型": _of("media_type"),
        "字节": _of("size"), "散列值": _of("sha256"), "上传时间": _of("uploaded_at"), "上传人": _of("uploaded_by"),
        "案件标识": _of("case_id"),
    }  # fmt: skip
    inspection = {
        "形式": _word("form", {form.id: form.label for form in forms.values()}),
        "种类": _word("kind", {kind.id: kind.label for kind in kinds}), "日期": _of("done_on"),
        "任务": _of("task"), "成员单位": lambda row: "、".join(row["members"]), "书面报告": _of("reported_to"),
        "报告日期": _of("reported_on"), "备注": _of("note"), "记入时间": _of("recorded_at"), "记入人": _of("entered_by"),
    }  # fmt: skip
    evaluation = {
        "事项标识": _of("matter_id"), "所据记录数": _of("version"), "回执": _of("receipt_id"), "推算时间": _of("created_at"),
        "推算人": _of("actor"), "规则库": _of("rulebook_id"), "散列值": _of("sha256"),
    }  # fmt: skip
    return {
        "attachment": ExportSheet("附件", attachment),
        "inspection": ExportSheet("督查", inspection),
        "evaluation": ExportSheet("处理建议", evaluation),
    }


def _of(name: str) -> Callable[[Row], str | int | None]:
    def find(row: Row) -> str | int | None:
        value = row[name]
        if isinstance(value, datetime):
            return value.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")
        return value.isoformat() if isinstance(value, date) else value

    return find


def _word(name: str, words: Mapping[str, str]) -> Callable[[Row], str | int | None]:
    return lambda row: words.get(row[name], row[name])


def _number(row: Row) -> str | None:
    return None if row["number"] is None else f"督〔{row['number_year']}〕{row['number']}号"


def _details(row: Row) -> str:
    action = load_rulebook().ledger.actions.get(row["action"])
    if action is None or not isinstance(row["details"], Mapping):
        return "记录损坏"
    actor = Actor(row["actor_name"], row["actor_kind"], row["actor_unit"])
    effect = as_far_as(action, row["details"])
    record = Record(
        row["number"], row["action"], row["done_on"], Hand(actor), row["details"], row["recorded_at"], effect=effect
    )
    return in_words(record, {}, load_rulebook())
