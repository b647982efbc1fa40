"""The 督查通报 of a period, and the year's figures for the assessment of units. They only read: no accountability follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.domain.figures import Figures, of_period
from models.domain.matter import Matter
from models.store import matters
from service.usecases.act_on_matter import transitions

LABELS = {
    "registered": "立项", "assigned": "交办", "completed_in_time": "按时办结", "completed_late": "逾期办结",
    "returned": "退回补办或者重办", "extensions_granted": "准予延期", "formal_supervisions": "督办", "urgings": "催办",
    "overdue": "期末逾期未办结",
}  # fmt: skip
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The figures of a period: the whole, and each lead unit in the order of their names."""

    first: date
    last: date
    whole: Figures
    units: tuple[tuple[str, Figures], ...]

    def lines(self) -> list[list[str]]:
        """The per-unit table with its heading and its sum."""
        heading = ["单位", *LABELS.values()]
        body = [[name, *(str(value) for value in asdict(found).values())] for name, found in self.units]
        return [heading, *body, ["合计", *(str(value) for value in asdict(self.whole).values())]]


def bulletin(session: Session, *, first: date, last: date) -> Bulletin:
    """The figures from ``first`` to ``last``, both days included."""
    whole, by_unit = of_period(_every(session), first, last)
    return Bulletin(first, last, whole, tuple(sorted(by_unit.items())))


def assessment(session: Session, *, year: int) -> Bulletin:
    """The figures of a calendar year, for the assessment of each unit."""
    return bulletin(session, first=date(year, 1, 1), last=date(year, 12, 31))


def _every(session: Session) -> Iterator[Matter]:
    after = 0
    while rows := matters.page(session, state=None, unit=None, due_before=None, after=after, limit=_BATCH):
        for _, matter in matters.load_many(session, rows, transitions()):
            yield matter
        after = rows[-1].position
        session.expunge_all()
