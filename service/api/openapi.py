"""The operations of the interface: each declares where it stands what the document says of it, which is OpenAPI 3.1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from inspect import signature
from typing import Any

from flask import Blueprint, Response, current_app

from models.schemas.answers import answer_schemas, lists_of
from models.schemas.case_file import case_file_schemas
from models.schemas.entries import case_entries, matter_entries
from models.schemas.office_entries import office_entry_schemas
from models.store.database import reading
from rules.book.rulebook import Rulebook
from service.api.answers import as_json
from service.api.asked import KEY, Parameter, asked
from service.api.problems import DETAILS
from service.routes import OPEN, Routes, ServedRoute

routes = Routes(Blueprint("api-docs", __name__))

_ABOUT = """调查组交来认定，系统逐人给出处理建议：引用条款，区分应当与可以，列明未查明的事实和会改变结果的变化。
仅供调查组和学校党委参考，不构成问责决定。"""
_BEARER = (
    "访问令牌，由 wenze token create 生成。办理、登记和上传须用代表账号的令牌（--for 账号）；"
    "不代表账号的只能查阅、请求处理建议和导入表格，其余答复 403（acts-for-nobody）。"
)
_NO_KEY = f"不读取 {KEY['name']}：每次提交都办理一次。"
_ID = re.compile(r"<(\w+)>")
_ANY, _KNOWN, _NAMED, _SENT = {400, 500, 503}, {401, 403}, {404}, {413, 415, 422, 507}
"""The problems of any operation, of one that somebody has to be known for, of one on something named, of one that is sent something."""


@dataclass(frozen=True, slots=True)
class DeclaredAnswer:
    """What is answered where nothing is wrong. content: media type → a schema, a type, the name of a component, a list of either."""

    about: str
    content: Mapping[str, Any]
    status: int = 200
    more: Mapping[str, Any] = field(default_factory=dict)

    def documented(self, names: Mapping[type, str]) -> dict[str, Any]:
        content = {kind: {"schema": _schema(of, names)} for kind, of in self.content.items()}
        return {"description": self.about, **self.more} | ({"content": content} if content else {})


def gives(of: Any, about: str, status: int = 200, **more: Any) -> DeclaredAnswer:
    """An answer in JSON."""
    return DeclaredAnswer(about, {"application/json": of}, status, more)


def takes(component: str, **about: str) -> dict[str, Any]:
    """A body in JSON that a component describes."""
    return {"required": True, **about, "content": {"application/json": {"schema": _schema(component, {})}}}


def _schema(of: Any, names: Mapping[type, str]) -> Any:
    if isinstance(of, list):
        return {"type": "array", "items": _schema(of[0], names)}
    if isinstance(of, Mapping):
        return of
    return {"$ref": f"#/components/schemas/{of if isinstance(of, str) else names[of]}"}


@dataclass(frozen=True, slots=True)
class Operation:
    """A view with what the document says of it.

    view: its docstring is the summary, and after that the description. reads: whether it is given a session for reading;
    query: what it asks for, None where it may be asked with anything; fails: with which problems beside those of its kind.
    """

    view: Callable[..., Any]
    name: str
    answers: Sequence[DeclaredAnswer]
    reads: bool = False
    summary: str = ""
    query: Sequence[Parameter] | None = ()
    headers: Sequence[Mapping[str, Any]] = ()
    body: Mapping[str, Any] | None = None
    fails: Iterable[int] = ()

    def documented(self, at: ServedRoute, names: Mapping[type, str]) -> dict[str, Any]:
        known, sends = at.route.permission is not OPEN, "POST" in at.methods
        fails = {*_ANY, *(_KNOWN if known else ()), *(_NAMED if "<" in at.rule else ()), *(_SENT if sends else ())}
        problem = {"application/problem+json": {"schema": _schema("Problem", {})}}
        responses = {str(one.status): one.documented(names) for one in self.answers}
        for status in sorted(fails.union(self.fails)):
            responses[str(status)] = {"description": DETAILS[status][1], "content": problem}
        summary, _, description = (self.summary or self.view.__doc__ or "").partition("\n")
        told: dict[str, Any] = {
            "summary": summary,
            "description": description.strip() + (_NO_KEY if sends and KEY not in self.headers else ""),
            "parameters": [*self.headers, *(one.documented() for one in self.query or ())],
            "requestBody": self.body,
        }
        shown = {name: value for name, value in told.items() if value}
        asked_of: dict[str, Any] = {"x-permission": at.route.permission} if known else {"security": []}
        return {"operationId": self.name, **shown, "responses": responses, **asked_of}

    @property
    def __name__(self) -> str:
        return str(self.view.__name__)

    def __call__(self, **given: Any) -> Response:
        """Answer a request."""
        if self.query is not None:
            given |= asked(self.query)
        if self.reads:
            with reading(current_app.extensions["database"]) as session:
                found = self.view(session=session, **given)
        else:
            found = self.view(**given)
        return found if isinstance(found, Response) else as_json(found, self.answers[0].status)


def answers(name: str, *told: DeclaredAnswer, **more: Any) -> Callable[[Callable[..., Any]], Operation]:
    """A view is an operation of this name, with these answers."""
    return lambda view: Operation(view, name, told, reads="session" in signature(view).parameters, **more)


def asks(*query: Parameter) -> Callable[[Operation], Operation]:
    """An operation asks for these parameters; the answer to any other, or to one given twice, is 400."""
    return lambda operation: replace(operation, query=query)


@dataclass(frozen=True, slots=True)
class Operations(Routes):
    """The operations of a part of the interface. about: what the document says of the part; prefix: where it is."""

    about: str = ""
    prefix: str = "/api/v1"

    def operations(self, book: Rulebook) -> Iterator[tuple[ServedRoute, Operation]]:
        """Each with where it is served."""
        for one in self.every(book):
            if isinstance(one.view, Operation):
                yield one, one.view


def interface(name: str, about: str, prefix: str = "/api/v1") -> Operations:
    """A part of the interface."""
    return Operations(Blueprint(name, __name__), about=about, prefix=prefix)


def document(rooms: Sequence[Operations], named: Mapping[str, type], book: Rulebook) -> dict[str, Any]:
    """The document of the interface. named: component → its type, where it is not called as that."""
    served = {**named, **{kind.__name__: kind for kind in _types(rooms, book) if kind not in named.values()}}
    names = {kind: name for name, kind in served.items()}
    paths: dict[str, dict[str, Any]] = {}
    for room in rooms:
        for one, operation in room.operations(book):
            path = paths.setdefault(_ID.sub(r"{\1}", f"{room.prefix}{one.rule}"), {})
            if ids := [_path_parameter(name) for name in _ID.findall(one.rule)]:
                path["parameters"] = ids
            path[one.methods[0].lower()] = {"tags": [room.blueprint.name], **operation.documented(one, names)}
    entries = matter_entries(book).schemas() | case_entries(book).schemas() | office_entry_schemas(book)
    bearer = {"type": "http", "scheme": "bearer", "description": _BEARER}
    info = {"title": "督查督办与问责辅助决策", "version": "v1", "description": _ABOUT}
    told = {
        "openapi": "3.1.0",
        "info": info | {"license": {"name": "MIT", "identifier": "MIT"}},
        "security": [{"bearerAuth": []}],
        "tags": [{"name": room.blueprint.name, "description": room.about} for room in rooms],
        "paths": paths,
        "components": {
            "schemas": case_file_schemas(book) | entries | answer_schemas(served, book),
            "securitySchemes": {"bearerAuth": bearer},
        },
    }
    made: dict[str, Any] = _filled_in(told, lists_of(book))
    return made


def _filled_in(told: Any, lists: Mapping[str, Iterable[str]]) -> Any:
    """A document with the lists of the book in the places of their names."""
    match told:
        case {"x-of": str(of), "type": kind, **rest}:
            return {"type": kind, "enum": [*lists[of], *([None] if "null" in kind else [])], **rest}
        case Mapping():
            return {name: _filled_in(one, lists) for name, one in told.items()}
        case list():
            return [_filled_in(one, lists) for one in told]
        case plain:
            return plain


def _types(rooms: Iterable[Operations], book: Rulebook) -> list[type]:
    """Every type that is answered, once, in the order of the document."""
    operations = (operation for room in rooms for _, operation in room.operations(book))
    told = (of for operation in operations for answer in operation.answers for of in answer.content.values())
    kinds = (kind for of in told for kind in (of if isinstance(of, list) else [of]))
    return list(dict.fromkeys(kind for kind in kinds if isinstance(kind, type)))


def _path_parameter(name: str) -> dict[str, Any]:
    return {"in": "path", "name": name, "required": True, "schema": {"type": "string", "minLength": 1}}


@routes.get("/openapi.json", "documentation:read", None, by_docs_cookie=True)
def openapi_json() -> Response:
    """The description itself."""
    return Response(current_app.extensions["documented"](), mimetype="application/json")
