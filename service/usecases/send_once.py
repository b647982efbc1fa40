"""Carry out what a form of a page asks for once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.schemas.errors import CaseFileError, FieldError
from models.store import sent_forms
from models.store.audit_notes import tell


@dataclass(frozen=True, slots=True)
class FormSent:
    """A form as it was sent. key: what the form carries, None where it carries none; sha256: of who sent it and what."""

    key: str | None
    sha256: str


def send_once(session: Session, sent: FormSent, do: Callable[[], str], *, now: datetime) -> str:
    """The address that ``do`` tells; that of the first time where the form has been carried out before.

    Raises CaseFileError where something else was sent under the same key; it would be lost without a word.
    """
    if sent.key is None:
        return do()
    form, first = sent_forms.taken(session, sent.key, sent.sha256, now)
    if first:
        form.led_to = do()
    elif form.sha256 != sent.sha256:
        raise CaseFileError([FieldError("", "这份表单已经办理过，所填的内容又有改动；没有保存，请重新打开表单填写")])
    else:
        tell(session, outcome="repeated")
    return form.led_to
