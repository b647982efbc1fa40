"""What whoever asks is asked: whether an act is theirs; and their answers."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, g
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from rules.answering import Day, Id, Value, about
from service.answering import carry_out
from service.api.asked import KEY
from service.api.entries import json_body, request_key
from service.api.openapi import DeclaredAnswer, answers, gives, interface
from service.request_context import context
from service.routes import Shows, Writes
from service.usecases.confirming import REPLY, open_questions

routes = interface("confirmations", "本人确认")
_TAKES = {"required": True, "content": {"application/json": {"schema": REPLY.json_schema()}}}
_RECORD = "/<kind>/<subject_id>/<record>/<given>"
_DONE = DeclaredAnswer("已记录", {}, 204)


class QuestionView(Value, frozen=True):
    """Something that somebody is asked: whether an act is theirs."""

    kind: Annotated[str, about("事项或者案件", "matter", "case")]
    id: Annotated[Id, about("事项或者案件的标识")]
    record: Annotated[int, about("请本人确认的记录")]
    title: Annotated[str, about("事项或者案件的标题")]
    action: Annotated[str, about("办理")]
    label: Annotated[str, about("办理名称")]
    on: Annotated[Day, about("办理日期")]
    by: Annotated[str, about("办理人")]
    details: Annotated[dict[str, Any], about("内容")]
    entered_by: Annotated[str, about("录入人")]


@routes.get("/confirmations", "confirmation:answer", Shows("查阅待本人确认的办理"))
@answers("listConfirmations", gives([QuestionView], "待本人确认的办理"))
def asked_of_me(session: Session) -> list[QuestionView]:
    """待本人确认的办理；确认之前不生效"""
    if g.principal.person is None:
        raise Forbidden
    book, found = context().book, open_questions(session, context().books, g.principal)
    actions = {**book.proceedings.actions, **book.ledger.actions}
    return [
        QuestionView(
            one.place.kind,
            one.place.id,
            one.place.record,
            one.title,
            one.act.says.action,
            actions[one.act.says.action].label,
            one.act.says.done_on,
            one.act.says.actor.name,
            dict(one.act.says.details),
            one.act.record.entered_by,
        )
        for one in found
    ]


@routes.post(f"/confirmations{_RECORD}", "confirmation:answer", Writes("答复本人的办理"))
@answers("answerConfirmation", _DONE, headers=(KEY,), body=_TAKES, fails=(409,))
def answer_one(kind: str, subject_id: str, record: str, given: str) -> Response:
    """确认（confirm）、不予确认（decline）、撤回请他人确认的录入（withdraw），对会议记录提出异议（object）；后三项须写明理由"""
    carry_out(kind, subject_id, record, given, json_body(), request_key())
    return Response(status=204)
