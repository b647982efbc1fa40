"""Every error as RFC 9457 problem details: a stable type, a Chinese detail, all field errors at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from models.case.act import PersonUnknown, WrongStage
from models.case.involvements import OtherHand
from models.matter.act import ActRefused, WrongDay, WrongState
from models.office.inspection import InspectionIncomplete
from models.office.ratings import UnitNotNamed
from models.records.damage import Damaged, MatterDamaged
from models.schemas.errors import CaseFileError, FieldError
from models.schemas.interface import Problem, Refusal
from models.schemas.reading import Unreadable
from models.schemas.tables import TableUnreadable
from models.store.attachments import ContentLost
from models.store.database import FAULTS, Faults, failure_of
from rules.answering import written
from rules.reasoning.engine import EngineFault
from service import logs
from service.auth import ActsForNobody, ConfirmFirst, NotThisActor
from service.request_context import context
from service.usecases.cases.act_on_case import CaseUnknown, ChoicesRefused
from service.usecases.matters.act_on_matter import EntryImpossible, MatterUnknown, Stale
from service.usecases.recommending.kept_receipts import RulebookChanged
from service.usecases.refusals import explained, incomplete, label_of, said_of

DETAILS = {
    400: ("bad-request", "请求有误"),
    401: ("unauthenticated", "需要有效的访问令牌（Authorization: Bearer …）"),
    403: ("forbidden", "没有此项权限"),
    404: ("not-found", "没有找到"),
    405: ("method-not-allowed", "不支持这种请求方法"),
    408: ("timeout", "请求超时"),
    409: ("refused", "本办法不允许这样办理"),
    412: ("stale", "他人已先行办理，请先查看新的记录"),
    413: ("too-large", "请求内容过大；一般请求最多 1 MB，上传的文件另有限制"),
    414: ("uri-too-long", "地址过长"),
    415: ("unsupported-media-type", "请求内容应为 application/json"),
    422: ("invalid", "请求内容不符合要求"),
    428: ("version-required", "请在 If-Match 中写明所见事项的版本"),
    429: ("too-many-requests", "请求过于频繁，请稍后再试"),
    500: ("internal", "系统内部错误，本次请求没有产生结果"),
    503: (
        "unavailable",
        "数据库或者存放文件的地方暂时不能使用，本次请求没有保存，请稍后再试；一直如此的，请联系管理员",
    ),
    507: ("storage-full", "存储空间已满，本次请求没有保存，请联系管理员"),
}
_RETRY_SECONDS = "5"
_FOR_NOBODY = (
    "这个令牌不代表任何账号，只能查阅、请求处理建议和导入表格（不写填报人、办理人），不能办理、登记或者上传；"
    "请登录后办理，或者用 wenze token create --for 账号 生成代表该账号的令牌"
)
_CONFIRM = "办理此事前，须再次填写密码或者动态验证码；请在页面上办理"
_ENGINE = "规则引擎与参照计算不一致，本次没有产生结果，请联系管理员"
_LOST = "附件的内容丢失或者已被改动，请联系管理员从备份恢复"
_PLAIN: Mapping[type[Exception], tuple[int, str]] = {
    Unreadable: (400, "unreadable"),
    TableUnreadable: (422, "unreadable-table"),
    WrongState: (409, "wrong-state"),
    WrongStage: (409, "wrong-state"),
    OtherHand: (409, "other-hand"),
    RulebookChanged: (409, "rulebook-changed"),
}
"""What is told by its own words → status and kind."""
_UNKNOWN = (CaseUnknown, MatterUnknown)
_OURS: Mapping[type[Exception], tuple[str, str | None, str | None]] = {
    EngineFault: ("engine", "engine-fault", _ENGINE),
    ContentLost: ("content", "content-lost", _LOST),
    Exception: ("unexpected", None, None),
}
"""A fault of ours → its name in the log, and what it is told as."""


def register(app: Flask) -> None:
    """Answer every error, expected or not."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CaseFileError, _case_file)
    app.register_error_handler(ActRefused, _refused)
    app.register_error_handler(Damaged, _damaged)
    app.register_error_handler(NotThisActor, _not_this_actor)
    app.register_error_handler(ActsForNobody, lambda _: problem(403, slug="acts-for-nobody", detail=_FOR_NOBODY))
    app.register_error_handler(ConfirmFirst, lambda _: problem(403, slug="confirm-first", detail=_CONFIRM))
    app.register_error_handler(WrongDay, lambda error: _at_field("on", error))
    app.register_error_handler(PersonUnknown, lambda error: _at_field("details.person", error))
    app.register_error_handler(EntryImpossible, lambda error: _at_field(error.path, error))
    app.register_error_handler(InspectionIncomplete, _incomplete)
    app.register_error_handler(UnitNotNamed, lambda error: _refused(ActRefused((error.guard,))))
    app.register_error_handler(Stale, _stale)
    for kind in _PLAIN:
        app.register_error_handler(kind, _plain)
    for kind in _UNKNOWN:
        app.register_error_handler(kind, lambda _: problem(404))
    for kind in FAULTS:
        app.register_error_handler(kind, store_problem)
    for kind in _OURS:
        app.register_error_handler(kind, _ours)


def problem(
    status: int, *, slug: str | None = None, detail: str | None = None, more: Mapping[str, Any] | None = None
) -> Response:
    """Problem details. more: ``errors`` and ``provisions`` by field path."""
    known_slug, known_detail = DETAILS.get(status, ("error", "请求不能处理"))
    name = slug or known_slug
    said, asked = detail or known_detail, g.get("request_id", "")
    body = Problem(f"urn:wenze:problem:{name}", name, status, said, asked, **(more or {}))
    return Response(written(body), status, mimetype="application/problem+json")


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(status=status, headers=error.get_response().headers)
    said = error.description if status in (400, 415) and error.description and not error.description.isascii() else None
    response = problem(status, detail=said)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _case_file(error: CaseFileError) -> Response:
    return problem(
        422, slug="invalid-case-file", detail=f"所填内容有 {len(error.errors)} 处错误", more=_at_fields(error)
    )


def _at_field(path: str, error: Exception) -> Response:
    """What is told by its own words, at a field."""
    return _case_file(CaseFileError([FieldError(path, explained(error, context().books))]))


def _at_fields(error: CaseFileError) -> dict[str, Any]:
    """Each fault at its field, with the provisions that it rests on."""
    more: dict[str, Any] = {"errors": error.by_path()}
    cited: dict[str, list[str]] = {}
    for fault in error.errors:
        if fault.provision:
            cited.setdefault(fault.path or "$", []).append(fault.provision)
    if cited:
        more["provisions"] = cited
    return more


def _refused(error: ActRefused) -> Response:
    book = context().book
    guards = [book.guards[name] for name in error.guards]
    rows = [
        Refusal(guard=guard.id, reason=said_of(guard), **book.cite(guard.provision), policy=guard.policy)
        for guard in guards
    ]
    more = _at_fields(CaseFileError(list(error.faults))) if isinstance(error, ChoicesRefused) else {}
    return problem(409, detail=explained(error, context().books), more={"refusals": rows, **more})


def _incomplete(error: InspectionIncomplete) -> Response:
    cited = context().book.cite(error.provision)
    row = Refusal(guard="inspection_complete", reason=incomplete(error), **cited)
    return problem(409, detail=explained(error, context().books), more={"refusals": [row]})


def _damaged(error: Damaged) -> Response:
    slug = "matter-damaged" if isinstance(error, MatterDamaged) else "case-damaged"
    logs.fault(slug, error, record=error.number, request_id=g.get("request_id", ""))
    return problem(409, slug=slug, detail=explained(error, context().books))


def _not_this_actor(error: NotThisActor) -> Response:
    """Who may be named as the actor of an entry is a matter of roles."""
    said = f"您不能以“{context().book.actors[error.actor.kind]}”的身份，或者以他人的姓名办理"
    return problem(403, slug="not-this-actor", detail=said, more={"errors": {"actor": [said]}})


def _stale(error: Stale) -> Response:
    rows = [
        {
            "number": record.number,
            "label": label_of(error, record, context().books),
            "on": record.on.isoformat(),
            "by": record.actor.name,
        }
        for record in error.since
    ]
    return problem(412, detail=explained(error, context().books), more={"version": error.version, "since": rows})


def store_problem(error: Faults) -> Response:
    """What the database or the files beside it did not do, and whether to try again."""
    failure = failure_of(error)
    logs.fault("store", error, failure=failure, request_id=g.get("request_id", ""))
    if failure == "full":
        return problem(507)
    response = problem(503)
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def _plain(error: Exception) -> Response:
    status, slug = next(told for kind, told in _PLAIN.items() if isinstance(error, kind))
    return problem(status, slug=slug, detail=explained(error, context().books))


def _ours(error: Exception) -> Response:
    name, slug, detail = next(told for kind, told in _OURS.items() if isinstance(error, kind))
    logs.fault(name, error, request_id=g.get("request_id", ""))
    return problem(500, slug=slug, detail=detail)
