"""A file sent by a page."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, current_app, g, redirect, request

from models.store.attachments import Owner
from models.store.database import writing
from service import config
from service.usecases.attach import Upload, UploadRefused, attach
from service.web.pages import page


def received(owner: Owner, owner_id: str, back: str) -> Response:
    """Keep the file of the form for a matter or a case; what is refused is told with the way back."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise UploadRefused("请选择一个文件")
        with writing(current_app.extensions["database"]) as session:
            attach(session, owner, owner_id, Upload(sent.filename, sent.read()), folder=config.attachments_folder(),
                   now=datetime.now(UTC), entered_by=g.actor)  # fmt: skip
    except UploadRefused as error:
        return page("told.html", 422, title="没有上传", said=str(error), back=back)
    return redirect(back, 303)  # type: ignore[return-value]
