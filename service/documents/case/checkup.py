"""The check-up of procedure on paper: how many of each grade, then every duty of the case and of each person. Source: art-9.

It is a working paper of those who run and audit the case: it decides nothing.
"""

from __future__ import annotations

from dataclasses import replace

from service.documents.parts.paper import Paper
from service.documents.writing.dossier import StoredCase
from service.documents.writing.hand_words import checked_remarks
from service.documents.writing.laid_out import laid_out

CHECKUP = "程序体检表"


def checkup_paper(stored: StoredCase) -> Paper:
    """The paper as of a day; for the case's file the same case makes the same paper on every day."""
    found = stored.check_up()
    values = {
        "found": found,
        "parts": list(found.parts()),
        "filed": stored.filed,
        "spans": _spans,
        "remarks": checked_remarks(found),
    }
    paper = laid_out("checkup", f"{CHECKUP}（{found.title}）", stored.book, **values)
    return replace(paper, mark="工作底稿", mark_note="内部使用，不是问责决定")


def _spans(records: tuple[int, ...]) -> str:
    """Numbers of records, three or more in a row as a span."""
    spans: list[list[int]] = []
    for number in records:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return "、".join(f"{span[0]}至{span[-1]}" if len(span) > 2 else "、".join(map(str, span)) for span in spans)
