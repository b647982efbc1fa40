"""The check-up of procedure on paper: how many of each grade, then every duty of the case and of each person. Source: art-9.

It is a working paper of those who run and audit the case: it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from models.domain.cases.checkup import Checked, CheckUp, check_up
from rules.rulebook import Rulebook
from service.documents.case_dossier import Stored
from service.documents.case_words import cited, regulation
from service.documents.forms import day
from service.documents.paper import Block, Line, Paper, Table, listing

CHECKUP = "程序体检表"
_MARK, _MARK_NOTE = "工作底稿", "内部使用，不是问责决定"
_COLUMNS, _WIDTHS = ("程序职责", "依据", "结论", "如何补正", "记录"), (42.0, 35.0, 18.0, 44.0, 17.0)
_SUMMARY_WIDTH, _COUNT_WIDTH = 46.0, 22.0
_FILED = "入卷的本表以最后一条记录之日为准，此后到期的事项不在其内。"


def checkup_paper(stored: Stored) -> Paper:
    """The paper as of a day; for the case's file the same case makes the same paper on every day."""
    book = stored.book
    found = check_up(stored.title, stored.records, stored.on, book, stored.calendar)
    blocks: list[Block] = [
        Line(CHECKUP, "title"),
        Line(f"（{found.title}）", "number"),
        Line(
            f"按{day(found.on)}的情形，依照{regulation(book)}逐项核对本案的记录得出。{_FILED if stored.filed else ''}"
            "本表是内部工作底稿，供核对和补正程序，不是问责决定，也不代替学校党委对程序的审查。"
        ),
        Line("各项结论的数目", "caption"),
        _summary(found, book),
    ]
    for name, rows in found.parts():
        blocks += [Line(name, "caption"), listing(_COLUMNS, _rows(rows, book), _WIDTHS, centred=frozenset({2, 4}))]
    return Paper(f"{CHECKUP}（{found.title}）", tuple(blocks), mark=_MARK, mark_note=_MARK_NOTE)


def _summary(found: CheckUp, book: Rulebook) -> Table:
    grades = book.checkup.grades
    counted = [(name, [sum(row.grade == grade for row in rows) for grade in grades]) for name, rows in found.parts()]
    counted.append(("合计", [found.count(grade) for grade in grades]))
    rows = ((name, *map(str, numbers)) for name, numbers in counted)
    widths = (_SUMMARY_WIDTH, *[_COUNT_WIDTH] * len(grades))
    return listing(("范围", *grades.values()), rows, widths, centred=frozenset(range(len(widths))))


def _rows(rows: Iterable[Checked], book: Rulebook) -> Iterator[tuple[str, ...]]:
    for row in rows:
        grade = book.checkup.grades[row.grade]
        yield row.label, cited(row.provision, book), grade, row.remedy or "", _numbers(row.records)


def _numbers(records: tuple[int, ...]) -> str:
    """Numbers of records, three or more in a row as a span."""
    spans: list[list[int]] = []
    for number in records:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return "、".join(
        f"{span[0]}至{span[-1]}" if len(span) > 2 else "、".join(map(str, span)) for span in spans
    )  # fmt: skip
