"""The annexes as files: docx to edit, PDF to sign, and the monthly table also as xlsx."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, current_app, request
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest, NotFound

from models.store.database import reading
from service.api.openapi import answers
from service.documents.forms import Document
from service.usecases.forms import NeverUrged, registration_form_of, status_table_of, urging_notice_of

blueprint = Blueprint("documents", __name__, description="附件1至附件3")
_KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _format(*kinds: str) -> dict[str, Any]:
    schema = {"type": "string", "enum": list(kinds), "default": kinds[0]}
    return {"in": "query", "name": "format", "required": False, "description": "文件格式", "schema": schema}


def _file(*kinds: str) -> dict[str, Any]:
    shape = {"schema": {"type": "string", "format": "binary"}}
    return {"200": {"description": "文件", "content": {_KINDS[kind]: shape for kind in kinds}}}


def _day(name: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "date"}
    return {"in": "query", "name": name, "required": True, "description": "日期", "schema": schema}


@blueprint.get("/matters/<matter_id>/registration-form")
@blueprint.doc(
    operationId="registrationForm",
    summary="登记表（附件1）",
    parameters=[_format("docx", "pdf")],
    responses=_file("docx", "pdf"),
)
@answers(blueprint, 401, 403, 404)
def registration(matter_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        return _drawn(registration_form_of(session, _plain(matter_id)), "registration-form", "docx", "pdf")


@blueprint.get("/matters/<matter_id>/urging-notice")
@blueprint.doc(
    operationId="urgingNotice",
    summary="催办通知（附件2），最近一次催办",
    parameters=[_format("docx", "pdf")],
    responses=_file("docx", "pdf"),
)
@answers(blueprint, 401, 403, 404)
def urging(matter_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        try:
            found = urging_notice_of(session, _plain(matter_id))
        except NeverUrged:
            raise NotFound from None
    return _drawn(found, "urging-notice", "docx", "pdf")


@blueprint.get("/status-table")
@blueprint.doc(
    operationId="statusTable",
    summary="办理情况表（附件3）：截止日之前交办、尚未结项的事项",
    parameters=[_format("docx", "pdf", "xlsx"), _day("cutoff"), _day("submit_by")],
    responses=_file("docx", "pdf", "xlsx"),
)
@answers(blueprint, 401, 403)
def status() -> Response:
    cutoff, submit_by = _asked_day("cutoff"), _asked_day("submit_by")
    if submit_by < cutoff:
        raise BadRequest(f"上交日期 submit_by（{submit_by}）不得早于统计截止日期 cutoff（{cutoff}）")
    with reading(current_app.extensions["database"]) as session:
        found = status_table_of(session, month=cutoff, cutoff=cutoff, submit_by=submit_by)
    return _drawn(found, "status-table", "docx", "pdf", "xlsx")


def _drawn(document: Document, name: str, *kinds: str) -> Response:
    kind = request.args.get("format", kinds[0])
    if kind not in kinds:
        raise BadRequest(f"format 只能取：{'、'.join(kinds)}")
    from service.documents import drawing  # here, since its libraries take half of a start-up

    mimetype = _KINDS[kind]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(drawing.DRAW[kind](document), 200, headers, mimetype=mimetype)


def _asked_day(name: str) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        raise BadRequest(f"{name} 应为日期，格式 YYYY-MM-DD") from None


def _plain(matter_id: str) -> str:
    if "\x00" in matter_id:
        raise NotFound
    return matter_id
