"""The documents of a case as files: how it stands with each, one of them, and the case's file as a package."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from models.case.act import PersonUnknown
from rules.reasoning.calendar import LOCAL
from service import config
from service.api.asked import text, word
from service.api.files import as_file, file_answer, package_answer
from service.api.openapi import answers, asks, gives, interface
from service.documents.case.papers import KINDS, STATES, PaperStanding, PersonToName
from service.request_context import context
from service.routes import Shows
from service.usecases.cases.papers import NoSuchPaper, case_paper, papers_of
from service.usecases.exchange.case_package import write_case_package

routes = interface("case-papers", "问责案件的文书和案卷")
_FORMATS = ("docx", "pdf")
_FORMAT = word("format", "文件格式", _FORMATS)
_NULLABLE = {"type": ["string", "null"]}
_ROW = {
    "name": {"type": "string", "enum": list(KINDS), "title": "文书的标识"},
    "title": {"type": "string", "title": "文书"},
    "person": {**_NULLABLE, "title": "调查对象的编号；全案的文书没有"},
    "state": {"type": "string", "enum": list(STATES), "title": "、".join(STATES.values())},
    "times": {"type": "integer", "minimum": 0, "title": "制作过几份；案卷中各份都有"},
    "why": {**_NULLABLE, "title": "为何是草稿或者尚不能制作"},
    "provision": {**_NULLABLE, "title": "所依据的条款"},
}
_LISTED = {
    "type": "array",
    "items": {"type": "object", "properties": _ROW, "required": list(_ROW), "additionalProperties": False},
}
_NAMES = "、".join(f"{kind.name}（{kind.title}）" for kind in KINDS.values())
_PAPER = f"""一个案件的一份文书；尚未到相应阶段的为草稿，各页有标记
name 可以是：{_NAMES}。决定及其后的文书须有学校党委的决定和文号；程序体检表按今天的情形。"""
_WHOLE = "、".join(kind.title for kind in KINDS.values() if not kind.per_person)
_PERSON = text("person", f"调查对象的编号；全案的文书（{_WHOLE}）不写", most=100)


@routes.get("/cases/<case_id>/papers", "case:read", Shows("查阅文书一览"))
@answers("listCasePapers", gives(_LISTED, "文书"))
def every(session: Session, case_id: str) -> list[dict[str, Any]]:
    """一个案件的文书：已有的、草稿和尚不能制作的及其原因"""
    return [_row(found) for found in papers_of(session, context().books, case_id)]


def _row(found: PaperStanding) -> dict[str, Any]:
    told = {"name": found.kind.name, "title": found.kind.title, "person": found.person, "state": found.state}
    return told | {"times": len(found.papers), "why": found.why or None, "provision": found.provision}


@routes.get("/cases/<case_id>/papers/<name>", "case:read", Shows("取得文书", ("person",)))
@asks(_PERSON, _FORMAT)
@answers("casePaper", as_file(*_FORMATS), fails=(409,), summary=_PAPER)
def one(session: Session, case_id: str, name: str, format: str, person: str | None) -> Response:
    try:
        found = case_paper(session, context().books, case_id, name, person, today=datetime.now(LOCAL).date())
    except (NoSuchPaper, PersonUnknown):
        raise NotFound from None
    except PersonToName as error:
        raise BadRequest(str(error)) from None
    from service.documents.drawing import formats  # here, since its libraries take half of a start-up

    return file_answer(formats.PAGES[format](found), f"case-{name}", format)


@routes.get("/cases/<case_id>/archive-package", "case:read", Shows("取得案卷"))
@answers("caseArchivePackage", as_file("zip"))
def package(session: Session, case_id: str) -> Response:
    """一个案件的案卷：已有的文书、全部记录、历次处理建议、附件、目录和各文件的散列值"""
    return package_answer(
        "case-archive-package",
        lambda out: write_case_package(session, context().books, case_id, out, folder=config.attachments_folder()),
    )
