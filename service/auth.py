"""Who may call what: every route needs the permission that it declares (``service/routes.py``), default deny.

Whoever asks shows an API token, or the cookie of a session. What the roles allow with the relation that they have to the
case decides; a case that one may not see answers exactly as one that does not exist. Nothing is remembered of a person from
one request to the next: who has left a team, was recused or disabled is refused at once.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Flask, current_app, g, redirect, request
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized
from werkzeug.wrappers import Response

from models.people import persons
from models.people.accounts import Asking
from models.people.tokens import Token
from models.records.record import Actor
from models.schemas.errors import CaseFileError, FieldError
from models.store.database import reading, writing
from rules.book.actions import Action
from rules.book.contract.case_effects import OfMeeting
from service import config
from service.access import NONE, access
from service.request_context import context
from service.routes import OPEN, Route, asked_route
from service.usecases.cases.attach import MOST_BYTES
from service.usecases.chosen import unknown
from service.usecases.entry import Entry
from service.usecases.people.api_tokens import Holder, presented
from service.usecases.people.log_in import is_stale, seen, session_of
from service.usecases.people.principals import (
    RELATION_TO,
    Principal,
    of_account,
    of_token,
    relation_to_case,
    relation_to_receipt,
)
from service.usecases.people.second_factor import is_asked_of

DOCS_COOKIE = "wenze_docs"
REMEMBERED_SECONDS = 2.0
"""How long a token of no person that was found valid is not looked up again, and so outlives its revocation at most."""
SAFE = ("GET", "HEAD", "OPTIONS")
_WAYS_OUT = ("/logout", "/api/logout")


class NotThisActor(Exception):
    """An entry says that somebody did it for whom the account may not enter anything."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(actor.kind)
        self.actor = actor


class ActsForNobody(Forbidden):
    """A token of no person asks for what people alone do."""


class ConfirmFirst(Exception):
    """Whoever is logged in shows the password or a one-time password before this is carried out."""


class Remembered:
    """The holders found in the last moments, so that a busy client does not cost a query a request."""

    def __init__(self, seconds: float = REMEMBERED_SECONDS) -> None:
        self.seconds = seconds
        self.found: dict[str, tuple[float, Holder]] = {}

    def get(self, secret: str, clock: float) -> Holder | None:
        until, known = self.found.get(secret, (0.0, None))
        return known if clock < until else None

    def put(self, secret: str, known: Holder, clock: float) -> None:
        if len(self.found) >= 1000:
            self.found.clear()
        self.found[secret] = (clock + self.seconds, known)


def protect(app: Flask) -> None:
    """Check every request before it is handled; a route that declares nothing is refused."""
    app.extensions["tokens"] = Remembered()
    app.before_request(_guard)


def _guard() -> Response | None:
    """The check, and then the page, read one snapshot."""
    reads = context().reads
    reads.lasting = True
    try:
        return _check()
    finally:
        reads.lasting = False


def _check() -> Response | None:
    route = asked_route()
    if route.permission is OPEN:
        return None
    found = _principal(route)
    if found is None:
        if (
            request.endpoint is not None
            and not request.path.startswith("/api/v1")
            and request.accept_mimetypes.accept_html
        ):
            return redirect("/login", 303)
        raise Unauthorized
    g.principal, g.actor, g.token_id = found, found.name, found.id
    owed = _owed(found)
    if owed is not None and request.path not in _WAYS_OUT and not f"{request.path}/".startswith(f"{owed}/"):
        return redirect(owed, 303)
    if request.endpoint is None:  # no such address, or not by this method: that is answered as such
        return None
    if (route.own or route.before_change) and found.personal:
        return None
    allowed = found.relations(route.permission)
    if not allowed:
        raise _refusal(found, route.permission)
    if _relation(found, access().permissions[route.permission].about) not in allowed:
        raise NotFound
    return None


def _owed(principal: Principal) -> str | None:
    """The page of what whoever is logged in does before anything else."""
    if "session_secret" not in g:
        return None
    if g.awaits_code:
        return "/login/code"
    if g.must_change:
        return "/password"
    return "/second-factor" if g.code_at is None and is_asked_of(principal) else None


def check_confirmed() -> None:
    """Raises ConfirmFirst where a session has shown nothing lately. A token shows itself with every request."""
    if "session_secret" in g and (g.confirmed_at is None or context().now - g.confirmed_at > config.confirmed_for()):
        raise ConfirmFirst


def check_decider(action: Action) -> None:
    """The same of what a meeting of the committee decides."""
    if issubclass(action.effect, OfMeeting):
        check_confirmed()


def _refusal(principal: Principal, permission: str) -> Forbidden:
    """What no token of no person ever may, whatever its scopes, is told apart, since there is a way on."""
    alone = not access().relations_of(permission, access().of_nobody.id)
    return ActsForNobody() if alone and not principal.personal else Forbidden()


def _relation(principal: Principal, about: str) -> str | None:
    """How the principal stands to what the address names; None where there is no such thing."""
    if about == NONE:
        return NONE
    with reading(current_app.extensions["database"]) as session:
        return RELATION_TO[about](session, context().books, principal, str((request.view_args or {})[f"{about}_id"]))


def may_see_case(case_id: str) -> bool:
    """Whether whoever asks may read a case."""
    principal: Principal = g.principal
    with reading(current_app.extensions["database"]) as session:
        return relation_to_case(session, principal, case_id) in principal.relations("case:read")


def may_read_receipt(receipt_id: str) -> bool:
    """Whether whoever asks may read a recommendation, as they stand to the cases that it belongs to."""
    principal: Principal = g.principal
    with reading(current_app.extensions["database"]) as session:
        return relation_to_receipt(session, principal, receipt_id) in principal.relations("recommendation:read")


def own_units() -> frozenset[str] | None:
    """The units whose matters alone whoever asks may see; None: every unit's."""
    principal: Principal = g.principal
    return None if NONE in principal.relations("ledger:read") else principal.units


def acting(actor: Actor) -> Actor:
    """Whom an entry says that they did it, as the registry of persons knows them.

    Raises NotThisActor where it must not say so, CaseFileError where the registry knows nobody of this id or number.
    """
    principal: Principal = g.principal
    found = principal.person
    if found is None or actor.name != found.id:
        with reading(current_app.extensions["database"]) as session:
            found = persons.named(session, {actor.name}).get(actor.name)
    if found is None:
        raise CaseFileError([FieldError("actor.name", unknown(actor.name))])
    known = replace(actor, name=found.name, id=found.id)
    if not principal.may_act_as(known):
        raise NotThisActor(known)
    return known


def entry_of(action: str, loaded: Mapping[str, Any], key: str | None) -> Entry:
    """What somebody who is logged in enters. Raises NotThisActor, CaseFileError."""
    told = {**loaded, "actor": acting(loaded["actor"])}
    return Entry(action, **told, entered_by=g.actor, request_key=key, enterer=enterer())


def enterer() -> str | None:
    """Whoever asks, in the registry of persons; None for a token of no person."""
    principal: Principal = g.principal
    return principal.person.id if principal.person is not None else None


def check_own_part(actor: Actor, details: Mapping[str, Any], case_id: str) -> None:
    """Raises NotThisActor where somebody investigated speaks for another who is, though they bear one name."""
    bound = {held.person for held in g.principal.roles if held.role.of_case and held.case_id == case_id}
    alone = actor.kind == "person" and not any("person" in held.role.enters_for for held in g.principal.roles)
    if alone and bound and "person" in details and details["person"] not in bound:
        raise NotThisActor(actor)


def brought_in_by(actor: Actor, no_person: str) -> Actor:
    """Whom a table is brought in for; a token of no person names nobody. no_person: what stands for no name.

    Raises NotThisActor, ActsForNobody, CaseFileError.
    """
    if actor.name == no_person:
        return actor
    if not g.principal.personal:
        raise ActsForNobody
    return acting(actor)


def _principal(route: Route) -> Principal | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _by_token(secret.strip())
    cookie = request.cookies.get(session_cookie())
    if cookie:
        return _by_session(cookie)
    return _by_token(request.cookies.get(DOCS_COOKIE)) if route.by_docs_cookie else None


def session_cookie() -> str:
    """The name of the session's cookie: with the prefix that binds it to this host, wherever the page came over TLS."""
    return "__Host-wenze" if request.is_secure else "wenze"


def _by_session(secret: str) -> Principal | None:
    now, engine = context().now, current_app.extensions["database"]
    with reading(engine) as session:
        found = session_of(session, secret, idle=config.session_idle(), now=now, today=context().today)
    if found is None:
        return None
    account, asking = found
    opened, made = asking.by, of_account(account, asking.grants, asking.former)
    stale, g.last_event = is_stale(opened, now), asking.last_event
    g.csrf, g.session_secret, g.session_id = opened.csrf, secret, opened.id_sha256
    g.unconfirmed, g.untold = account.unconfirmed_at is not None, (account.acknowledged, account.told)
    g.awaits_code, g.code_at, g.confirmed_at = opened.awaits_code, opened.code_at, opened.confirmed_at
    # the single sign-on asks for no password
    g.must_change = account.must_change and opened.credential_sha256 is None
    if request.method not in SAFE:
        _same_site(g.csrf)
    if stale:
        with writing(engine) as session:
            seen(session, secret, now=now)
    return made


def _same_site(csrf: str) -> None:
    """A change that is asked for with a cookie comes from a page of ours. Raises Forbidden."""
    if asked_route().uploads:
        request.max_content_length = MOST_BYTES + (64 << 10)
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    if site not in ("same-origin", "none") or not hmac.compare_digest(sent.encode(), csrf.encode()):
        raise Forbidden


def _by_token(secret: str | None) -> Principal | None:
    if not secret:
        return None
    remembered: Remembered = current_app.extensions["tokens"]
    clock = time.monotonic()
    known = remembered.get(secret, clock)
    if known is None:
        with reading(current_app.extensions["database"]) as session:
            found = presented(session, secret, now=context().now)
        if found is None:
            return None
        known, asking = found
        g.last_event = asking.last_event
        if known.account_id is not None:
            return _for_account(known, asking)
        remembered.put(secret, known, clock)
    return of_token(known.id, known.name, known.permissions)


def _for_account(known: Holder, asking: Asking[Token]) -> Principal | None:
    """A token that acts for an account: what both allow."""
    if asking.account is None or asking.account.disabled_at is not None:
        return None
    made = of_account(asking.account, asking.grants, asking.former)
    return replace(made, scopes=known.permissions)
