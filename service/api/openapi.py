"""The interface's own description: OpenAPI 3.1, derived from the schemas that read the case file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from apispec import BasePlugin
from flask import Blueprint as Plain
from flask import Flask, Response, current_app
from flask_smorest import Api, Blueprint

from models.schemas.answers import answer_schemas, lists_of
from models.schemas.case_file import case_file_schemas
from models.schemas.entries import case_entries, matter_entries
from models.schemas.office_entries import office_entry_schemas
from rules.rulebook import Rulebook
from service.api.problems import DETAILS
from service.routes import Route, Routes

routes = Routes(Plain("api-docs", __name__))

_ABOUT = """调查组交来认定，系统逐人给出处理建议：引用条款，区分应当与可以，列明未查明的事实和会改变结果的变化。
仅供调查组和学校党委参考，不构成问责决定。"""
_BEARER = (
    "访问令牌，由 wenze token create 生成。办理、登记和上传须用代表账号的令牌（--for 账号）；"
    "不代表账号的只能查阅、请求处理建议和导入表格，其余答复 403（acts-for-nobody）。"
)


_KEY = "Idempotency-Key"
_NO_KEY = f"不读取 {_KEY}：每次提交都办理一次。"


class _Shared(dict[str, Any]):
    """Never changed, and so not copied: flask-smorest copies the description of each operation for every method."""

    def __deepcopy__(self, memo: object) -> _Shared:
        return self


_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PROBLEMS = {status: _Shared(description=description, content=_PROBLEM) for status, (_, description) in DETAILS.items()}


class KeyNotRead(BasePlugin):
    """Every operation that writes and reads no key of the request says so."""

    def operation_helper(self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any) -> None:
        for method, operation in (operations or {}).items():
            read = any(isinstance(one, dict) and one.get("name") == _KEY for one in operation.get("parameters", ()))
            if method != "get" and not read:
                operation["description"] = f"{operation.get('description', '')}{_NO_KEY}"


class Documented(Api):  # type: ignore[misc]
    """Errors are problem details; every operation but the health check needs a bearer token."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask, served: Mapping[str, type], book: Rulebook) -> None:
        about = {"description": _ABOUT, "license": {"name": "MIT", "identifier": "MIT"}}
        options = {"info": about, "security": [{"bearerAuth": []}], "extra_plugins": [KeyNotRead()]}
        super().__init__(app, spec_kwargs=options)
        bearer = {"type": "http", "scheme": "bearer", "description": _BEARER}
        self.spec.components.security_scheme("bearerAuth", bearer)
        for name, schema in (
            case_file_schemas(book)
            | matter_entries(book).schemas()
            | case_entries(book).schemas()
            | office_entry_schemas(book)
            | answer_schemas(served, book)
        ).items():
            self.spec.components.schema(name, schema)

    def _register_error_handlers(self) -> None:
        """Errors are answered by ``service.api.problems``."""


def filled_in(told: Any, book: Rulebook) -> Any:
    """A document with the lists of the book in the places of their names."""
    lists = lists_of(book)

    def filled(part: Any) -> Any:
        match part:
            case {"x-of": str(of), "type": kind, **rest}:
                return {"type": kind, "enum": [*lists[of], *([None] if "null" in kind else [])], **rest}
            case Mapping():
                return {name: filled(one) for name, one in part.items()}
            case list():
                return [filled(one) for one in part]
            case plain:
                return plain

    return filled(told)


def many(component: str) -> dict[str, Any]:
    """The schema of a list of what a component describes."""
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{component}"}}


@routes.get("/openapi.json", "documentation:read", None, by_docs_cookie=True)
def openapi_json() -> Response:
    """The description itself."""
    return Response(current_app.extensions["documented"](), mimetype="application/json")


class Operations(Routes):
    """The routes of the interface: its document names the permission of each."""

    def at(
        self, rule: str, methods: tuple[str, ...], route: Route, endpoint: str | None = None
    ) -> Callable[[Any], Any]:
        served = Routes.at(self, rule, methods, route, endpoint)
        told = {} if route.permission is None else {"x-permission": route.permission}
        return lambda view: served(Blueprint.doc(**told)(view))

    def bare(self) -> Blueprint:
        known = self.blueprint
        return Blueprint(known.name, known.import_name, description=cast(Blueprint, known).description)


def answers(blueprint: Blueprint, *statuses: int) -> Callable[[Any], Any]:
    """Declare the problems that an operation may answer with, beside those that any operation may."""

    known = {str(status): _PROBLEMS[status] for status in sorted({*statuses, 400, 500, 503})}
    decorate: Callable[[Any], Any] = blueprint.doc(responses=known)
    return decorate
