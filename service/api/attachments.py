"""Files attached to a matter: sent, listed, fetched. They are only ever handed out as downloads."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from flask import Response, current_app, g, send_file
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from models.schemas.errors import CaseFileError, FieldError
from models.schemas.matter_view import AttachmentView
from models.store import attachments
from models.store.attachments import Attachment, Owner, content
from models.store.database import writing
from service import config
from service.api.answers import as_json, view_of
from service.api.files import BINARY
from service.api.openapi import DeclaredAnswer, answers, gives, interface
from service.api.uploads import FORM, uploaded
from service.routes import Shows, Writes
from service.usecases.cases.attach import MOST_BYTES, Upload, UploadRefused, attach, attached

routes = interface("attachments", "附件材料")
_SAVED, _LISTED = gives(AttachmentView, "已保存", 201), gives([AttachmentView], "附件")
_BYTES = DeclaredAnswer("附件", {"application/octet-stream": BINARY})


@routes.post("/matters/<matter_id>/attachments", "ledger:write", Writes("上传附件"))
@answers("attachFile", _SAVED, body=FORM)
def send(matter_id: str) -> Response:
    """为事项上传附件材料，最多 20 MB"""
    return _kept("matter", matter_id)


@routes.get("/matters/<matter_id>/attachments", "ledger:read", Shows("查阅附件一览"))
@answers("listAttachments", _LISTED)
def every(session: Session, matter_id: str) -> list[AttachmentView]:
    """事项的附件材料"""
    return [_row(found) for found in attached(session, "matter", matter_id)]


@routes.get("/matters/<matter_id>/attachments/<attachment_id>", "ledger:read", Shows("取得附件"))
@answers("fetchAttachment", _BYTES)
def one(session: Session, matter_id: str, attachment_id: str) -> Response:
    """下载附件，核对散列值之后交付"""
    return _fetched(attachments.find(session, "matter", matter_id, attachment_id))


@routes.post("/cases/<case_id>/attachments", "case:write", Writes("上传附件"))
@answers("attachCaseFile", _SAVED, body=FORM)
def send_to_case(case_id: str) -> Response:
    """为案件上传证据材料，最多 20 MB"""
    return _kept("case", case_id)


@routes.get("/cases/<case_id>/attachments", "case:read", Shows("查阅附件一览"))
@answers("listCaseAttachments", _LISTED)
def every_of_case(session: Session, case_id: str) -> list[AttachmentView]:
    """案件的附件材料"""
    return [_row(found) for found in attached(session, "case", case_id)]


@routes.get("/cases/<case_id>/attachments/<attachment_id>", "case:read", Shows("取得附件"))
@answers("fetchCaseAttachment", _BYTES)
def one_of_case(session: Session, case_id: str, attachment_id: str) -> Response:
    """下载案件的附件，核对散列值之后交付"""
    return _fetched(attachments.find(session, "case", case_id, attachment_id))


def _kept(owner: Owner, owner_id: str) -> Response:
    name, raw = uploaded(MOST_BYTES)
    with writing(current_app.extensions["database"]) as session:
        try:
            found = attach(
                session,
                owner,
                owner_id,
                Upload(name, raw),
                folder=config.attachments_folder(),
                now=datetime.now(UTC),
                entered_by=g.actor,
            )
        except UploadRefused as error:
            raise CaseFileError([FieldError("file", str(error))]) from None
        return as_json(_row(found), 201, Location=f"/api/v1/{owner}s/{owner_id}/attachments/{found.id}")


def _fetched(found: Attachment | None) -> Response:
    if found is None:
        raise NotFound
    raw = content(config.attachments_folder(), found.sha256)
    return send_file(
        io.BytesIO(raw), mimetype="application/octet-stream", as_attachment=True, download_name=found.file_name
    )


def _row(found: Attachment) -> AttachmentView:
    return view_of(AttachmentView, found, uploaded_at=found.uploaded_at.isoformat())
