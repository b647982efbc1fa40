"""Files attached to a matter: sent, listed, fetched. They are only ever handed out as downloads."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, g, send_file
from flask_smorest import Blueprint
from werkzeug.exceptions import NotFound

from models.schemas.errors import CaseFileError, FieldError
from models.schemas.matter_view import AttachmentView
from models.store import attachments
from models.store.attachments import Attachment, Owner, content
from models.store.database import reading, writing
from service import config
from service.api.answers import as_json
from service.api.openapi import Operations, answers
from service.api.uploads import FORM, uploaded
from service.routes import Shows, Writes
from service.usecases.attach import MOST_BYTES, Upload, UploadRefused, attach, attached

blueprint = Blueprint("attachments", __name__, description="附件材料")
routes = Operations(blueprint)
_BYTES = {"200": {"description": "附件", "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}  # fmt: skip


@routes.post("/matters/<matter_id>/attachments", "ledger:write", Writes("上传附件"))
@blueprint.doc(operationId="attachFile", summary="为事项上传附件材料，最多 20 MB", requestBody=FORM)
@answers(blueprint, 401, 403, 404, 413, 415, 422, 507)
@blueprint.response(201, AttachmentView, description="已保存")
def send(matter_id: str) -> Response:
    return _kept("matter", matter_id)


@routes.get("/matters/<matter_id>/attachments", "ledger:read", Shows("查阅附件一览"))
@blueprint.doc(operationId="listAttachments", summary="事项的附件材料")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, AttachmentView(many=True), description="附件")
def every(matter_id: str) -> Response:
    return _listed("matter", matter_id)


@routes.get("/matters/<matter_id>/attachments/<attachment_id>", "ledger:read", Shows("取得附件"))
@blueprint.doc(operationId="fetchAttachment", summary="下载附件，核对散列值之后交付", responses=_BYTES)
@answers(blueprint, 401, 403, 404)
def one(matter_id: str, attachment_id: str) -> Response:
    return _fetched("matter", matter_id, attachment_id)


@routes.post("/cases/<case_id>/attachments", "case:write", Writes("上传附件"))
@blueprint.doc(operationId="attachCaseFile", summary="为案件上传证据材料，最多 20 MB", requestBody=FORM)
@answers(blueprint, 401, 403, 404, 413, 415, 422, 507)
@blueprint.response(201, AttachmentView, description="已保存")
def send_to_case(case_id: str) -> Response:
    return _kept("case", case_id)


@routes.get("/cases/<case_id>/attachments", "case:read", Shows("查阅附件一览"))
@blueprint.doc(operationId="listCaseAttachments", summary="案件的附件材料")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, AttachmentView(many=True), description="附件")
def every_of_case(case_id: str) -> Response:
    return _listed("case", case_id)


@routes.get("/cases/<case_id>/attachments/<attachment_id>", "case:read", Shows("取得附件"))
@blueprint.doc(operationId="fetchCaseAttachment", summary="下载案件的附件，核对散列值之后交付", responses=_BYTES)
@answers(blueprint, 401, 403, 404)
def one_of_case(case_id: str, attachment_id: str) -> Response:
    return _fetched("case", case_id, attachment_id)


def _kept(owner: Owner, owner_id: str) -> Response:
    name, raw = uploaded(MOST_BYTES)
    with writing(current_app.extensions["database"]) as session:
        try:
            found = attach(
                session, owner, owner_id, Upload(name, raw), folder=config.attachments_folder(),
                now=datetime.now(UTC), entered_by=g.actor,
            )  # fmt: skip
        except UploadRefused as error:
            raise CaseFileError([FieldError("file", str(error))]) from None
        return as_json(_row(found), 201, Location=f"/api/v1/{owner}s/{owner_id}/attachments/{found.id}")


def _listed(owner: Owner, owner_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        return as_json([_row(found) for found in attached(session, owner, owner_id)])


def _fetched(owner: Owner, owner_id: str, attachment_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        found = attachments.find(session, owner, owner_id, attachment_id)
    if found is None:
        raise NotFound
    raw = content(config.attachments_folder(), found.sha256)
    return send_file(
        io.BytesIO(raw), mimetype="application/octet-stream", as_attachment=True, download_name=found.file_name
    )


def _row(found: Attachment) -> dict[str, Any]:
    return {"id": found.id, "file_name": found.file_name, "media_type": found.media_type, "size": found.size,
            "sha256": found.sha256, "uploaded_at": found.uploaded_at.isoformat(), "uploaded_by": found.uploaded_by}  # fmt: skip
