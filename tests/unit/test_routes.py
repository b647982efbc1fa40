"""A route states its permission and its audit where it stands; one that does not lets nothing start."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask

from rules.book.contract.asking import Aside
from rules.book.loading import load_rulebook
from service.access import access
from service.app import create_app, routes
from service.routes import OPEN, Route, Routes, Shows, UndeclaredRoute, Writes, declared, hold_to, label

SILENT = {"audit-pages.verify", "single-sign-on.ended_by_cas", "web.log_in_with_token"}
"""What is sent, and yet nothing is changed for whoever is known: no event."""


def test_a_route_without_permission_and_audit_fails_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "service.web.register", lambda app, book: app.add_url_rule("/unlisted", "unlisted", lambda: "open")
    )
    with pytest.raises(UndeclaredRoute, match="unlisted：没有声明权限和审计"):
        create_app("sqlite://")


def test_a_route_cannot_be_made_without_both() -> None:
    routes = Routes(Blueprint("x", __name__))
    with pytest.raises(TypeError, match="permission"):
        routes.get("/x")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="audit"):
        routes.get("/x", "case:read")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("permission", "audit", "said"),
    [
        ("case:reed", Shows("查阅"), "权限表中没有 case:reed"),
        ("case:read", None, "须留下审计记录"),
        ("case:read", Writes("办理"), "须留下审计记录"),
        ("recommendation:read", None, "须留下审计记录"),
        ("case:read", Shows("查阅"), None),
        ("ledger:read", None, None),
        (OPEN, None, None),
    ],
)
def test_what_a_route_declares_has_to_fit_it(
    permission: str | None, audit: Shows | Writes | None, said: str | None
) -> None:
    app, own = Flask(__name__, static_folder=None), Routes(Blueprint("x", __name__))
    own.get("/x", permission, audit)(lambda: "x")
    app.register_blueprint(own.blueprint_of(load_rulebook()))
    if said is None:
        hold_to(app, declared(load_rulebook(), own))
        assert app.extensions["routes"] == {"x.<lambda>": Route(permission, audit)}
        return
    with pytest.raises(UndeclaredRoute, match=said):
        hold_to(app, declared(load_rulebook(), own))


def test_every_permission_of_the_table_is_asked_by_a_route() -> None:
    assert set(access().permissions) == {route.permission for route in routes(load_rulebook()).values()} - {OPEN}


def test_an_event_is_called_as_its_route_or_command_is() -> None:
    book = load_rulebook()
    for room, actions in (("cases", book.proceedings.actions), ("ledger", book.ledger.actions)):
        acts = {
            name: label(f"{room}.act_{name}", routes(load_rulebook()))
            for name in actions
            if f"{room}.act_{name}" in routes(load_rulebook())
        }
        assert acts == {name: actions[name].label for name in acts}
        asides = [name for name, action in actions.items() if issubclass(action.effect, Aside)]
        assert len(acts) >= len(actions) - len(asides) - 2
    assert (
        label("case-papers.one", routes(load_rulebook())) == label("case-paper", routes(load_rulebook())) == "取得文书"
    )
    assert label("of an older release", routes(load_rulebook())) == "of an older release"


def test_whatever_is_sent_leaves_an_event_or_is_named_here_as_silent() -> None:
    app = create_app("sqlite://")
    sent = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert {name for name in sent if routes(load_rulebook())[name].audit is None} == SILENT
