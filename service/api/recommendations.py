"""Recommendations: evaluated, kept as receipts, read back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from flask import Response, current_app, g
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest, NotFound

from models.schemas.proof_view import ProofPackage
from models.store import receipts
from models.store.audit_notes import tell
from models.store.database import reading, writing
from rules.answer import Recommendation
from rules.latitude_view import MOST_DISPUTED
from service.api.answers import as_json
from service.api.asked import Parameter, asks, flag, text
from service.api.entries import body_of, json_body
from service.api.openapi import Operations, answers
from service.documents.proof_file import written
from service.request_context import context
from service.routes import Shows, Writes
from service.usecases.kept_receipts import receipt_latitude, to_be_kept
from service.usecases.prove import prove
from service.usecases.recommend import recommend
from service.usecases.store_receipt import store_receipt

blueprint = Blueprint("recommendations", __name__, description="处理建议")
routes = Operations(blueprint)
STORE = flag("store", "是否存为不可更改的回执；false 只推算", True, words=True)
_REDACTED = flag("redacted", "送本人的副本，遮盖他人的姓名、谈话和证据；有几名人员的，须写明 person", words=True)
_PERSON = text("person", "人员的编号；只留这一名", lambda: None, most=100)


def _days(given: Sequence[str]) -> list[date]:
    """Different days. Raises BadRequest."""
    try:
        found = [date.fromisoformat(one) for one in given if len(one) == len("2026-01-01")]
    except ValueError:
        found = []
    if len(found) != len(given) or len(set(found)) != len(found):
        raise BadRequest("disputed 应为日期（如 2026-05-08），可以写几个不同的日期")
    return found


_DISPUTED = Parameter(
    "disputed", "有争议的督办行为的日期，可以重复；督办次数由此成为区间",
    {"type": "array", "items": {"type": "string", "format": "date"}, "maxItems": MOST_DISPUTED, "uniqueItems": True},
    _days, list[date], many=True,
)  # fmt: skip
_BODY = body_of("CaseFile", description="案卷；字段之间的限制（如日期先后）不满足的，答复 422 并逐项说明")
_LOCATION = {"Location": {"description": "回执的地址", "schema": {"type": "string"}}}


@routes.post("/recommendations", "recommendation:evaluate", Writes("请求处理建议"))
@blueprint.doc(requestBody=_BODY)
@asks(STORE)
@blueprint.doc(operationId="evaluate", summary="请求处理建议")
@answers(blueprint, 401, 403, 413, 415, 422, 507)
@blueprint.alt_response(200, schema="Recommendation", description="只推算，没有保存")
@blueprint.response(201, "StoredRecommendation", description="已存为回执", headers=_LOCATION)
def evaluate() -> Response:
    store = STORE.asked()
    data = json_body()
    answer = recommend(data, "POST /api/v1/recommendations", context().books)
    return _stored(data, answer) if store else as_json(answer)


def _stored(data: Any, answer: Recommendation) -> Response:
    kept = to_be_kept(data, context().books)  # before the other writers are made to wait
    with writing(current_app.extensions["database"]) as session:
        receipt_id, body = store_receipt(
            session, context().books, data, answer, kept, actor=g.actor, now=datetime.now(UTC)
        )
    return as_json(body, 201, Location=f"/api/v1/recommendations/{receipt_id}")


@routes.get("/recommendations/<receipt_id>", "recommendation:read", Shows("查阅处理建议回执"))
@blueprint.doc(operationId="readReceipt", summary="读取回执，与当时的答复逐字节相同")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, "StoredRecommendation", description="回执")
def read(receipt_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        body = receipts.answer(session, receipt_id)
    if body is None:
        raise NotFound
    return as_json(body)


@routes.get("/recommendations/<receipt_id>/admissible", "recommendation:read", Shows("查阅裁量空间"))
@asks(_DISPUTED)
@blueprint.doc(
    operationId="readLatitude",
    summary="回执的裁量空间：可以作出的全部处理，其余各依何条款排除",
)
@answers(blueprint, 401, 403, 404, 409, 422)
@blueprint.response(200, "Admissible", description="裁量空间；回执所依的规则库没有留存的，答复 409")
def admissible(receipt_id: str) -> Response:
    disputed = _DISPUTED.asked()
    with reading(current_app.extensions["database"]) as session:
        found = receipt_latitude(session, context().books, receipt_id, disputed)
    if found is None:
        raise NotFound
    return as_json(found)


@routes.get("/recommendations/<receipt_id>/proof", "recommendation:read", Shows("取得证明包"))
@asks(_PERSON, _REDACTED)
@blueprint.doc(
    operationId="readProof",
    summary="回执的证明包：事实、条款和规则、推理、排除、解释，可以不用本系统核验",
    description="每次取得的盐和 root 不同，root 记入审计记录。核验用 wenze proof check，或者其中的脚本。",
)
@answers(blueprint, 401, 403, 404, 409, 422, 507)
@blueprint.response(200, ProofPackage, description="证明包；回执所依的规则库没有留存的，答复 409")
def proof(receipt_id: str) -> Response:
    person, redacted = _PERSON.asked(), _REDACTED.asked()
    database = current_app.extensions["database"]
    with reading(database) as session:
        package = prove(
            session, context().books, receipt_id, person=person, redacted=redacted, seed=secrets.token_bytes(32)
        )
    if package is None:
        raise NotFound
    with writing(database) as session:
        tell(session, outcome="read", proof=package["root"])
    return as_json(written(package))
