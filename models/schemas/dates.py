"""What the fields of a case file must be to each other: the order of days, and what belongs together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.schemas.errors import FieldError
from rules.book.rulebook import Rulebook
from rules.reasoning.facts import CaseFacts, MatterFacts


def order_faults(case: CaseFacts, book: Rulebook) -> list[FieldError]:
    """Every fault between fields, each at the later field, naming both."""
    return [*_faults(case), *_forbidden(case.matter, book)]


def _faults(case: CaseFacts) -> Iterator[FieldError]:
    matter, planned = case.matter, case.planned
    yield from _not_before("matter.due_on", "办结时限", matter.due_on, "交办日期", matter.assigned_on)
    yield from _not_before("matter.reported_on", "报结日期", matter.reported_on, "交办日期", matter.assigned_on)
    yield from _not_before("matter.returned_on", "退回日期", matter.returned_on, "报结日期", matter.reported_on)
    yield from _not_before("matter.redone_on", "补办重办报结日期", matter.redone_on, "退回日期", matter.returned_on)
    yield from _not_before(
        "planned.decided_on", "拟作出决定之日", planned.decided_on, "提出问责之日", case.trigger_date
    )
    start = planned.decided_on or case.trigger_date
    yield from _not_before("planned.received_on", "拟送达之日", planned.received_on, "决定之日", start)
    yield from _review_faults(matter)
    for at, act in enumerate(matter.acts):
        if act.supported is None and act.entered_on is not None and act.entered_on > act.on:
            message = (
                f"录入日期（{act.entered_on}）晚于日期（{act.on}）的，必须填写是否有材料证明当时已经办理（supported）"
            )
            yield FieldError(f"matter.acts[{at}].supported", message)
    extension = matter.extension
    if extension is not None:
        place = "matter.extension"
        yield from _not_before(
            f"{place}.decided_on", "延期决定日期", extension.decided_on, "申请日期", extension.requested_on
        )
        if extension.granted and extension.new_due_on and matter.due_on and extension.new_due_on <= matter.due_on:
            message = f"新的办结时限（{extension.new_due_on}）必须晚于原办结时限（{matter.due_on}）"
            yield FieldError(f"{place}.new_due_on", message)


def _not_before(path: str, label: str, day: date | None, other: str, earliest: date | None) -> Iterator[FieldError]:
    if day is not None and earliest is not None and day < earliest:
        yield FieldError(path, f"{label}（{day}）不得早于{other}（{earliest}）")


def _review_faults(matter: MatterFacts) -> Iterator[FieldError]:
    if matter.review is not None and matter.reported_on is None:
        yield FieldError("matter.review", "有审查结果（review）的，必须填写报结日期（reported_on）")
    if matter.redo_review is not None and matter.redone_on is None:
        yield FieldError(
            "matter.redo_review", "有补办重办审查结果（redo_review）的，必须填写补办重办报结日期（redone_on）"
        )


def _forbidden(matter: MatterFacts, book: Rulebook) -> Iterator[FieldError]:
    """What a provision forbids, each with the provision that does."""
    if matter.review != "returned":
        for name in ("returned_on", "redone_on", "redo_review"):
            if getattr(matter, name) is not None:
                yield _citing(book, "redone_only_if_returned", f"matter.{name}")
    extension = matter.extension
    if extension is None:
        return
    if (extension.new_due_on is not None) is not bool(extension.granted):
        yield _citing(book, "extension_new_due_date", "matter.extension.new_due_on")
    if extension.granted and extension.decided_by != "school_leader":
        yield _citing(book, "extension_by_school_leader", "matter.extension.decided_by")


def _citing(book: Rulebook, guard_id: str, path: str) -> FieldError:
    guard = book.guards[guard_id]
    return FieldError(path, f"{guard.text}（{book.provisions[guard.provision].citation}）", guard.provision)
