"""Recommendations: evaluated, kept as receipts, read back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Annotated, Any

from flask import Response, current_app, g, request
from msgspec import UNSET, UnsetType
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from models.receipts import receipts
from models.store.audit_notes import tell
from models.store.database import reading, writing
from rules.answering import Value, about
from rules.latitude.answer import Admissible
from rules.latitude.view import MOST_DISPUTED
from rules.reasoning.answer import Recommendation
from service.api.answers import as_json
from service.api.asked import Parameter, flag, text
from service.api.entries import json_body
from service.api.openapi import answers, asks, gives, interface, takes
from service.documents.recommending.proof_file import written
from service.request_context import context
from service.routes import Shows, Writes
from service.usecases.cases.belonging import belongs_to
from service.usecases.cases.prove import prove
from service.usecases.recommending.kept_receipts import receipt_latitude, to_be_kept
from service.usecases.recommending.recommend import recommend, unstored
from service.usecases.recommending.store_receipt import InCase, store_receipt

routes = interface("recommendations", "处理建议")
STORE = flag(
    "store",
    "是否存为不可更改的回执；false 只推算，承担在办案件工作的人员除外：其推算一律存为该案的回执",
    True,
    words=True,
)
CASE = text("case", "所属的在办案件的标识；承担几个在办案件工作的人员必须写明", most=36)
_REDACTED = flag("redacted", "送本人的副本，遮盖他人的姓名、谈话和证据；有几名人员的，须写明 person", words=True)
_PERSON = text("person", "人员的编号；只留这一名", most=100)


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
    "disputed",
    "有争议的督办行为的日期，可以重复；督办次数由此成为区间",
    {"type": "array", "items": {"type": "string", "format": "date"}, "maxItems": MOST_DISPUTED, "uniqueItems": True},
    _days,
    list[date],
    many=True,
)
_BODY = takes("CaseFile", description="案卷；字段之间的限制（如日期先后）不满足的，答复 422 并逐项说明")
_LOCATION = {"Location": {"description": "回执的地址", "schema": {"type": "string"}}}
MADE = gives("StoredRecommendation", "已存为回执", 201, headers=_LOCATION)
_KEPT_BOOK = "；回执所依的规则库没有留存的，答复 409"


class ProofLeaf(Value, frozen=True):
    """A part: its value with the salt, or the hash that stands for it where it was removed."""

    path: Annotated[str, about("部分的名称")]
    salt: Annotated[str | UnsetType, about("盐", pattern="^[0-9a-f]{32}$")] = UNSET
    value: Annotated[Any, about("内容")] = UNSET
    removed: Annotated[str | UnsetType, about("已遮盖的部分的散列值", pattern="^[0-9a-f]{64}$")] = UNSET


class ProofPackage(Value, frozen=True):
    """A proof package as it is answered."""

    format: Annotated[str, about("格式", "wenze-proof/1")]
    root: Annotated[str, about("全部部分的散列值之根", pattern="^[0-9a-f]{64}$")]
    leaves: Annotated[tuple[ProofLeaf, ...], about("各部分，按名称排列")]


@routes.post("/recommendations", "recommendation:evaluate", Writes("请求处理建议"))
@asks(STORE, CASE)
@answers("evaluate", gives("Recommendation", "只推算，没有保存"), MADE, body=_BODY)
def evaluate(store: bool, case: str | None) -> Response:
    """请求处理建议"""
    data = json_body()
    answer = recommend(data, "POST /api/v1/recommendations", context().books)
    belongs = in_case(case)
    if belongs is None and not store:
        return tried(answer)
    kept = to_be_kept(data, context().books)  # before the other writers are made to wait
    with writing(current_app.extensions["database"]) as session:
        made = store_receipt(
            session, context().books, data, answer, kept, actor=g.actor, now=datetime.now(UTC), belongs=belongs
        )
    return stored(*made)


def in_case(named: str | None, matter_id: str | None = None) -> InCase | None:
    """The case to which whatever is evaluated now belongs. Raises CaseFileError."""
    with reading(current_app.extensions["database"]) as session:
        found = belongs_to(session, context().books, g.principal, named=named, matter_id=matter_id)
    return None if found is None else InCase(found, g.principal.id)


def tried(answer: Recommendation) -> Response:
    """What is kept nowhere, though the trail tells which account tried what."""
    if g.principal.personal:
        asked = sha256(request.get_data()).hexdigest()
        with writing(current_app.extensions["database"]) as session:
            tell(session, outcome="tried", asked=asked)
    return as_json(unstored(answer))


def stored(receipt_id: str, body: bytes) -> Response:
    """A receipt that was made just now."""
    return as_json(body, 201, Location=f"/api/v1/recommendations/{receipt_id}")


@routes.get("/recommendations/<receipt_id>", "recommendation:read", Shows("查阅处理建议回执"))
@answers("readReceipt", gives("StoredRecommendation", "回执"))
def read(session: Session, receipt_id: str) -> bytes:
    """读取回执，与当时的答复逐字节相同"""
    body = receipts.answer(session, receipt_id)
    if body is None:
        raise NotFound
    return body


@routes.get("/recommendations/<receipt_id>/admissible", "recommendation:read", Shows("查阅裁量空间", ("disputed",)))
@asks(_DISPUTED)
@answers("readLatitude", gives("Admissible", f"裁量空间{_KEPT_BOOK}"), fails=(409, 422))
def admissible(session: Session, receipt_id: str, disputed: list[date]) -> Admissible:
    """回执的裁量空间：可以作出的全部处理，其余各依何条款排除"""
    found = receipt_latitude(session, context().books, receipt_id, disputed)
    if found is None:
        raise NotFound
    return found


@routes.get("/recommendations/<receipt_id>/proof", "recommendation:read", Shows("取得证明包"))
@asks(_PERSON, _REDACTED)
@answers("readProof", gives(ProofPackage, f"证明包{_KEPT_BOOK}"), fails=(409, 422, 507))
def proof(receipt_id: str, person: str | None, redacted: bool) -> bytes:
    """回执的证明包：事实、条款和规则、推理、排除、解释，可以不用本系统核验

    每次取得的盐和 root 不同，root 记入审计记录。核验用 wenze proof check，或者其中的脚本。
    """
    database = current_app.extensions["database"]
    with reading(database) as session:
        package = prove(
            session, context().books, receipt_id, person=person, redacted=redacted, seed=secrets.token_bytes(32)
        )
    if package is None:
        raise NotFound
    with writing(database) as session:
        tell(session, outcome="read", proof=package["root"])
    return written(package)
