"""What a route declares where it stands: the permission that it needs, and what it leaves in the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Blueprint, Flask, current_app, request

from rules.book.rulebook import Rulebook
from service.access import access
from service.audit import COMMANDS, Audit, is_privileged
from service.audit import Shows as Shows
from service.audit import Writes as Writes

OPEN = None
"""The permission of a route that is open without anybody known."""
_View = TypeVar("_View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Route:
    """permission: by its name in ``access.yaml``, or OPEN; audit: None leaves no event.

    by_docs_cookie: a token in the cookie of the documentation is enough. own: open to whoever is logged in, without a role too;
    before_change: also before a password that somebody else made is changed. uploads: its form brings a file. confirms: whoever is
    logged in has shown the password or a one-time password in the last minutes.
    """

    permission: str | None
    audit: Audit
    by_docs_cookie: bool = False
    own: bool = False
    before_change: bool = False
    uploads: bool = False
    confirms: bool = False


_NONE = Route("", None)


@dataclass(frozen=True, slots=True)
class ServedRoute:
    """A view at its rule. name: of its endpoint."""

    rule: str
    methods: tuple[str, ...]
    route: Route
    name: str
    view: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Routes:
    """The routes of a room, in their order. blueprint: what each application makes its own one of."""

    blueprint: Blueprint
    declared: list[ServedRoute | Callable[[Rulebook], Routes]] = field(default_factory=list)

    def get(self, rule: str, permission: str | None, audit: Audit, **more: bool) -> Callable[[_View], _View]:
        return self.at(rule, ("GET",), Route(permission, audit, **more))

    def post(
        self, rule: str, permission: str | None, audit: Audit, *, endpoint: str | None = None, **more: bool
    ) -> Callable[[_View], _View]:
        return self.at(rule, ("POST",), Route(permission, audit, **more), endpoint)

    def form(self, rule: str, permission: str | None, audit: Audit, **more: bool) -> Callable[[_View], _View]:
        """A form that is shown, and sent to its own address."""
        return self.at(rule, ("GET", "POST"), Route(permission, audit, **more))

    def at(
        self, rule: str, methods: tuple[str, ...], route: Route, endpoint: str | None = None
    ) -> Callable[[_View], _View]:
        def decorate(view: _View) -> _View:
            self.declared.append(ServedRoute(rule, methods, route, endpoint or view.__name__, view))
            return view

        return decorate

    def of_book(self, brought: Callable[[Rulebook], Routes]) -> Callable[[Rulebook], Routes]:
        """In this place stand the routes that a book brings."""
        self.declared.append(brought)
        return brought

    def every(self, book: Rulebook) -> Iterator[ServedRoute]:
        """The routes, those that the book brings among them."""
        for one in self.declared:
            yield from [one] if isinstance(one, ServedRoute) else one(book).every(book)

    def blueprint_of(self, book: Rulebook) -> Blueprint:
        """A blueprint with these routes."""
        made = self.bare()
        for one in self.every(book):
            made.add_url_rule(one.rule, one.name, one.view, methods=one.methods)
        return made

    def bare(self) -> Blueprint:
        known = self.blueprint
        return Blueprint(known.name, known.import_name, template_folder=known.template_folder)


def declared(book: Rulebook, *rooms: Routes) -> Mapping[str, Route]:
    """The routes of all rooms, by their endpoints."""
    return {f"{room.blueprint.name}.{one.name}": one.route for room in rooms for one in room.every(book)}


def hold_to(app: Flask, routes: Mapping[str, Route]) -> None:
    """Let the application serve these. Raises UndeclaredRoute for any other that it has, and for one that cannot be held to."""
    for rule in app.url_map.iter_rules():
        route = routes.get(rule.endpoint)
        if route is None:
            raise UndeclaredRoute(f"{rule.endpoint}：没有声明权限和审计")
        if route.permission is None:
            continue
        permission = access().permissions.get(route.permission)
        if permission is None:
            raise UndeclaredRoute(f"{rule.endpoint}：权限表中没有 {route.permission}")
        if (
            permission.about in ("case", "receipt")
            and "GET" in (rule.methods or ())
            and not isinstance(route.audit, Shows)
        ):
            raise UndeclaredRoute(f"{rule.endpoint}：查阅案件、处理建议的，须留下审计记录")
    app.extensions["routes"] = routes


class UndeclaredRoute(Exception):
    """A route without permission and audit, or with such as do not fit it."""


def asked_route() -> Route:
    """The route of this request; where there is none, one that is open to nobody and leaves no event."""
    routes: Mapping[str, Route] = current_app.extensions["routes"]
    return routes.get(request.endpoint or "", _NONE)


def privileged_actions() -> frozenset[str]:
    """The actions of those events that whose account they are about is told, over routes and by commands."""
    routes: Mapping[str, Route] = current_app.extensions["routes"]
    declared: list[tuple[str, Audit]] = [(name, route.audit) for name, route in routes.items()]
    return frozenset(name for name, audit in (*declared, *COMMANDS.items()) if is_privileged(audit))


def label(action: str, routes: Mapping[str, Route] | None = None) -> str:
    """What the action of an event is called. routes: those in use, where no others are given."""
    route = (current_app.extensions["routes"] if routes is None else routes).get(action)
    audit = route.audit if route is not None else COMMANDS.get(action)
    return action if audit is None else audit.label
