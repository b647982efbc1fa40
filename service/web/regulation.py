"""The regulation to read: its text, each provision with what rests on it, the readings, the periods, the compliance report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, current_app, g
from werkzeug.exceptions import NotFound

from models.schemas.periods import STARTS
from models.store.database import reading
from rules.book.rulebook import MARKS, Provision, Reading, Rulebook
from rules.book.uses import uses
from rules.reasoning.calendar import LOCAL
from service.documents.rulebook.compliance import RESULTS, STATES, TREATMENTS, compliance_rows, coverage_rows, part_of
from service.documents.rulebook.entries_in_words import MODALITIES, Resting, in_words
from service.documents.rulebook.scenarios import Ran, last_run, written_scenarios
from service.request_context import context
from service.routes import Routes, Shows
from service.usecases.adopting.influence_periods import book_in_use
from service.usecases.cases.cases_citing import LOOKED_AT, cases_citing
from service.web.pages import page

routes = Routes(Blueprint("regulation-pages", __name__, template_folder="templates"))
_BOX, _MARKUP = re.compile("<input[^>]*>"), re.compile("<[^>]*>")
_KINDS: Mapping[str, str] = {
    "meta": "文件信息", "principle": "原则", "definition": "定义", "duty": "职责", "power": "职权", "step": "步骤", "condition": "条件",
    "consequence": "后果", "deadline": "期限", "report": "报告", "form": "表单", "reference": "援引",
}  # fmt: skip
_STATUS: Mapping[str, str] = {"project_default": "项目默认，尚未由有权机构通过", "adopted": "已通过"}
_CHAPTER = "ch"
_WORDS: dict[str, Any] = {
    "marks": MARKS,
    "starts": STARTS,
    "statuses": _STATUS,
    "states": STATES,
    "results": RESULTS,
    "treatments": TREATMENTS,
}


@dataclass(slots=True)
class Section:
    """A part of the text under its heading. level: 2 for a chapter or what stands outside of them, 3 for an article."""

    level: int
    title: str
    anchor: str
    paragraphs: list[list[Provision]] = field(default_factory=list)


@routes.get("/regulation", "rulebook:read", None)
def text() -> Response:
    """The whole text with its table of contents; every provision leads to its own page."""
    return page(
        "regulation/text.html", book=context().book, sections=list(_sections(context().book)), words=shown_words
    )


def shown_words(provision: Provision) -> str:
    """The words without the marks of layout that the annexes have in the text."""
    return _MARKUP.sub("", _BOX.sub("□", provision.text))


def _sections(book: Rulebook) -> Iterator[Section]:
    """The provisions in the order of the text, those that follow one another directly in one paragraph."""
    here, heading, ends = Section(2, "", ""), "", -1
    seen: set[str] = set()
    for provision in book.provisions.values():
        chapter = provision.id.startswith(f"{_CHAPTER}-")
        title = provision.text if chapter else part_of(provision.id)
        if title != heading:
            if here.title:
                yield here
            again, level = title in seen, 3 if provision.id.startswith("art") else 2
            here = Section(level, provision.citation if again else title, provision.id)
            heading, ends = title, -1
            seen.add(title)
        if chapter:
            continue
        if provision.span[0] != ends:
            here.paragraphs.append([])
        here.paragraphs[-1].append(provision)
        ends = provision.span[1]
    yield here


@routes.get("/regulation/<provision_id>", "rulebook:read", None)
def provision(provision_id: str) -> Response:
    """A provision: its words, how the system treats it, what rests on it, its readings and scenarios."""
    book = context().book
    found = book.provisions.get(provision_id)
    if found is None:
        raise NotFound
    row, at = list(book.provisions.values()), list(book.provisions).index(provision_id)
    before, after = row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None
    entries: list[Resting] = [in_words(book, entry) for entry in uses(book).get(provision_id, ())]
    readings = [one for one in book.readings.values() if provision_id in one.provisions]
    run = last_run()
    ran = run.rows if run is not None else written_scenarios()
    return page(
        "regulation/provision.html",
        provision=found,
        book=book,
        entries=[one for one in entries if not one.id.startswith("reading:")],
        readings=readings,
        scenarios=[row for row in ran if provision_id in row["tags"]],
        run_at=_run_at(run),
        before=before,
        after=after,
        kinds=_KINDS,
        modalities=MODALITIES,
        words=shown_words,
        **_WORDS,
    )


def _run_at(run: Ran | None) -> str | None:
    return f"{run.at.astimezone(LOCAL):%Y-%m-%d %H:%M}" if run is not None else None


@routes.get("/regulation/<provision_id>/cases", "case:list", Shows("查阅涉及条款的案件"))
def citing(provision_id: str) -> Response:
    """The cases that concern a provision, as far as whoever asks may read them."""
    book = context().book
    if provision_id not in book.provisions:
        raise NotFound
    with reading(current_app.extensions["database"]) as session:
        found = cases_citing(session, context().books, provision_id, g.principal)
    return page(
        "regulation/cases.html",
        provision=book.provisions[provision_id],
        found=found,
        looked_at=LOOKED_AT,
        case_states=book.proceedings.states,
        words=shown_words,
    )


@routes.get("/regulation/readings", "rulebook:read", None)
def readings() -> Response:
    """Every reading: the question, what may be read, what is used, who adopted it; and the policy table."""
    book = context().book
    rows: list[Reading] = list(book.readings.values())
    open_ones = sum(one.adopted is None for one in rows)
    harms, roles = (tuple(dict.fromkeys(cell[at] for cell in book.policy)) for at in (0, 1))
    return page(
        "regulation/readings.html",
        book=book,
        readings=rows,
        open_ones=open_ones,
        harms=harms,
        roles=roles,
        words=book.vocabulary.enumerations,
        **_WORDS,
    )


@routes.get("/regulation/periods", "rulebook:read", None)
def periods() -> Response:
    """The influence-period table: where each row comes from, and who confirmed it."""
    with reading(current_app.extensions["database"]) as session:
        rows = book_in_use(session, context().books).periods
    return page("regulation/periods.html", rows=rows, **_WORDS)


@routes.get("/regulation/compliance", "rulebook:read", None)
def compliance() -> Response:
    """The compliance report over the last run of the scenarios."""
    book, run = context().book, last_run()
    rows = compliance_rows(book, run.rows if run is not None else ())
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        parts.setdefault(part_of(row["provision"]), []).append(row)
    failed = sum(one["result"] == "failed" for row in rows for one in row["scenarios"])
    return page(
        "regulation/compliance.html",
        book=book,
        parts=parts,
        counts=Counter(row["state"] for row in rows),
        total=len(rows),
        failed=failed,
        coverage=coverage_rows(book),
        run_at=_run_at(run),
        **_WORDS,
    )
