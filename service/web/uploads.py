"""A file sent by a page."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, current_app, g, request

from models.schemas.errors import CaseFileError
from models.store.attachments import Owner
from models.store.database import writing
from service import config
from service.usecases.cases.attach import Upload, UploadRefused, attach
from service.usecases.send_once import send_once
from service.web.pages import page, see_other, sent_form


def received(owner: Owner, owner_id: str, back: str) -> Response:
    """Keep the file of the form for a matter or a case; what is refused is told with the way back."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise UploadRefused("请选择一个文件")
        upload, now = Upload(sent.filename, sent.read()), datetime.now(UTC)
        with writing(current_app.extensions["database"]) as session:

            def keep() -> str:
                attach(
                    session, owner, owner_id, upload, folder=config.attachments_folder(), now=now, entered_by=g.actor
                )
                return back

            send_once(session, sent_form(upload.name.encode(), upload.raw), keep, now=now)
    except (UploadRefused, CaseFileError) as error:
        return page("told.html", 422, title="没有上传", said=str(error), back=back)
    return see_other(back)
