"""What an import did, or would do, row by row; kept only as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from sqlalchemy.orm import Session

from models.store.audit_notes import keep_silent, tell
from rules.answering import about

OUTCOMES = {"new": "新增", "changed": "变更", "same": "无变化", "known": "已有", "refused": "有误"}


@dataclass(frozen=True, slots=True)
class RowReport:
    """A row: its line, what it is about, and all that is wrong with it (then ``outcome`` is refused).

    known: the row is there already, and is not written; ``problems`` say where.
    number: the number of the matter that it became or concerns. renamed: the name before, where somebody has another one now.
    """

    line: Annotated[int, about("行")]
    subject: Annotated[str, about("所指的单位、任职或者事项")]
    outcome: Annotated[
        Literal["new", "changed", "same", "known", "refused"],
        about("新增、变更、无变化、已有（不写入）或者有误", *OUTCOMES, type="string"),
    ]
    problems: Annotated[tuple[str, ...], about("不对之处")] = ()
    number: Annotated[str | None, about("立项编号")] = None
    renamed: Annotated[str | None, about("更名的，原来的姓名")] = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Every row. applied: whether it has been written; if not, nothing has."""

    rows: tuple[RowReport, ...]
    applied: bool

    @property
    def refused(self) -> tuple[RowReport, ...]:
        """The rows that something is wrong with."""
        return tuple(row for row in self.rows if row.outcome == "refused")

    @property
    def known(self) -> tuple[RowReport, ...]:
        """The rows that are there already, and were left out."""
        return tuple(row for row in self.rows if row.outcome == "known")

    def summary(self) -> str:
        """共 3 行：新增 2、有误 1；没有写入."""
        counts: Counter[str] = Counter(row.outcome for row in self.rows)
        parts = "、".join(f"{label} {counts[outcome]}" for outcome, label in OUTCOMES.items() if counts[outcome])
        return f"共 {len(self.rows)} 行{'：' if parts else ''}{parts}；{'已写入' if self.applied else '没有写入'}"


def outcome_of(known: object | None, wanted: object) -> Literal["new", "changed", "same"]:
    """What writing ``wanted`` over what is ``known`` does."""
    return "new" if known is None else "same" if known == wanted else "changed"


def as_a_whole(session: Session, bring_in: Callable[[], Iterable[RowReport]], *, apply: bool) -> ImportReport:
    """Bring rows in, and take everything back unless it was to be applied and every row was fit.

    A dry run is thereby the same run, and its report exact.
    """
    savepoint = session.begin_nested()
    rows = tuple(bring_in())
    keep = apply and not any(row.outcome == "refused" for row in rows)
    if keep:
        savepoint.commit()
    else:
        savepoint.rollback()
        tell(session, outcome="tried")
    if apply and not keep:
        keep_silent(session)
    return ImportReport(rows, keep)
