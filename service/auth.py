"""Who may call what: every endpoint needs a permission of the one declared table (``access.yaml``), default deny.

Whoever asks shows an API token, or the cookie of a session. What the roles allow with the relation that they have to the
case decides; a case that one may not see answers exactly as one that does not exist. Nothing is remembered of a person from
one request to the next: who has left a team, was recused or disabled is refused at once.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from models.domain.matter import Actor
from models.store import accounts
from models.store.database import reading, writing
from rules.loading import load_rulebook
from service import config
from service.access import NONE, access
from service.usecases.act_on_matter import LOCAL
from service.usecases.api_tokens import Holder, holder
from service.usecases.attach import MOST_BYTES
from service.usecases.log_in import is_stale, seen, session_of
from service.usecases.patrol import Finding
from service.usecases.principals import RELATION_TO, Principal, of_account, of_token, relation_to_case

OPEN = frozenset(
    {
        "health.healthz", "web.login_page", "web.log_in", "web.log_in_with_token", "docs.style", "docs.asset", "calendar.feed",
        "single-sign-on.to_cas", "single-sign-on.from_cas", "single-sign-on.ended_by_cas", "single-sign-on.to_oidc",
        "single-sign-on.from_oidc",
    }
)  # fmt: skip
"""Without anybody known; the calendar feed's address is its credential, and it asks for that itself."""
PERMISSION_OF = {
    "recommendations.evaluate": "recommendation:evaluate",
    "recommendations.read": "recommendation:read",
    "recommendations.admissible": "recommendation:read",
    "recommendations.proof": "recommendation:read",
    "ledger.open_one": "ledger:open",
    **{f"ledger.act_{action}": "ledger:write" for action in load_rulebook().ledger.actions},
    "ledger.read_one": "ledger:read",
    "ledger.read_case": "ledger:read",
    "ledger.list_matters": "ledger:list",
    "cases.open_one": "case:open",
    **{f"cases.act_{action}": "case:write" for action in load_rulebook().proceedings.actions},
    "cases.read_one": "case:read",
    "cases.points": "case:read",
    "cases.duties": "case:read",
    "cases.checkup": "case:check",
    "cases.list_cases": "case:list",
    "case-papers.every": "case:read",
    "case-papers.one": "case:read",
    "case-papers.package": "case:read",
    "evaluations.evaluate": "ledger:evaluate",
    "evaluations.every": "ledger:evaluate",
    "attachments.send": "ledger:write",
    "attachments.every": "ledger:read",
    "attachments.one": "ledger:read",
    "attachments.send_to_case": "case:write",
    "attachments.every_of_case": "case:read",
    "attachments.one_of_case": "case:read",
    "office.inspect": "office:write",
    "office.report": "office:write",
    "office.list_inspections": "office:read",
    "office.list_duties": "office:read",
    "office.bar": "office:write",
    "office.list_bars": "office:read",
    "documents.registration": "ledger:read",
    "documents.urging": "ledger:read",
    "documents.status": "office:read",
    "documents.bulletin_of": "office:read",
    "documents.report_of": "office:read",
    "documents.assessment_of": "office:read",
    "documents.archive_package": "ledger:read",
    "exchange.list_todo": "ledger:list",
    "exchange.list_deliveries": "ledger:read",
    "organisation.list_units": "ledger:list",
    "organisation.list_posts": "office:read",
    "export.everything": "office:read",
    "imports.units": "office:write",
    "imports.people": "office:write",
    "imports.status_table": "office:write",
    "imports.ledger": "office:write",
    "rulebooks.list_rulebooks": "rulebook:read",
    "rulebooks.list_periods": "rulebook:read",
    "rulebooks.list_provisions": "rulebook:read",
    "rulebooks.read_provision": "rulebook:read",
    "audit.every": "audit:read",
    "audit.history": "case:read",
    "api-docs.openapi_json": "documentation:read",
    "me.read": "documentation:read",
    "access.read": "access:read",
    "web.password_page": "documentation:read",
    "web.set_password": "documentation:read",
    "docs.docs_page": "documentation:read",
    "docs.docs_asset": "documentation:read",
    "work.home": "documentation:read",
    "work.me": "documentation:read",
    "matter-pages.every": "ledger:list",
    "matter-pages.one": "ledger:read",
    "matter-pages.act": "ledger:write",
    "matter-pages.new": "ledger:open",
    "matter-pages.send_file": "ledger:write",
    "case-pages.every": "case:list",
    "case-pages.one": "case:read",
    "case-pages.check": "case:check",
    "case-pages.act": "case:write",
    "case-pages.new": "case:open",
    "case-pages.send_file": "case:write",
    "recommendation-pages.one": "recommendation:read",
    "committee-pages.sheets": "case:read",
    "committee-pages.decide": "case:write",
    "own-pages.one": "case:own",
    "own-pages.act": "case:write",
    "own-pages.paper": "case:own",
    "regulation-pages.text": "rulebook:read",
    "regulation-pages.provision": "rulebook:read",
    "regulation-pages.citing": "case:list",
    "regulation-pages.readings": "rulebook:read",
    "regulation-pages.periods": "rulebook:read",
    "regulation-pages.compliance": "rulebook:read",
    "office-pages.home": "office:read",
    "office-pages.bulletin_page": "office:read",
    "office-pages.chart": "office:read",
    "office-pages.report": "office:read",
    "office-pages.assessment_page": "office:read",
    "office-pages.units": "office:read",
    "inspection-pages.every": "office:read",
    "inspection-pages.inspect": "office:write",
    "inspection-pages.report": "office:write",
    "inspection-pages.bars": "office:read",
    "inspection-pages.bar": "office:write",
    "import-pages.every": "office:write",
    "import-pages.send": "office:write",
    "admin-pages.home": "accounts:manage",
    "admin-pages.add": "accounts:manage",
    "admin-pages.one": "accounts:manage",
    "admin-pages.grant": "accounts:manage",
    "admin-pages.revoke": "accounts:manage",
    "admin-pages.disable": "accounts:manage",
    "admin-pages.enable": "accounts:manage",
    "admin-pages.end": "accounts:manage",
    "admin-pages.reset": "accounts:manage",
    "admin-table-pages.access_table": "access:read",
    "admin-table-pages.tokens": "accounts:manage",
    "admin-table-pages.revoke": "accounts:manage",
    "admin-table-pages.calendar": "adoption:record",
    "adoption-pages.confirm": "adoption:record",
    "adoption-pages.withdraw": "adoption:record",
    "adoption-pages.year": "adoption:record",
    "audit-pages.every": "audit:read",
    "audit-pages.verify": "audit:read",
    "web.log_out": "documentation:read",
    "web.log_out_of_pages": "documentation:read",
}
DOCS_COOKIE = "wenze_docs"
_BY_DOCS_COOKIE = frozenset({"api-docs.openapi_json", "docs.docs_page", "docs.docs_asset", "web.log_out"})
_BEFORE_CHANGE = frozenset({"web.password_page", "web.set_password", "web.log_out", "web.log_out_of_pages"})
"""What is open to an account whose password was made by somebody else, until it is changed."""
_UPLOADS = frozenset({"matter-pages.send_file", "case-pages.send_file", "import-pages.send"})
REMEMBERED_SECONDS = 2.0
"""How long a token of no person that was found valid is not looked up again, and so outlives its revocation at most."""
_SAFE = ("GET", "HEAD", "OPTIONS")


class NotThisActor(Exception):
    """An entry says that somebody did it for whom the account may not enter anything."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(actor.kind)
        self.actor = actor


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
    """Check every request before it is handled; an endpoint that the table does not name is refused."""
    app.extensions["tokens"] = Remembered()
    app.before_request(_check)


def _check() -> Response | None:
    endpoint = request.endpoint
    if endpoint in OPEN:
        return None
    found = _principal(endpoint)
    if found is None:
        if endpoint is not None and not request.path.startswith("/api/v1") and request.accept_mimetypes.accept_html:
            return redirect("/login", 303)  # type: ignore[return-value]
        raise Unauthorized
    g.principal, g.actor, g.token_id = found, found.name, found.id
    if g.get("must_change") and endpoint not in _BEFORE_CHANGE:
        return redirect("/password", 303)  # type: ignore[return-value]
    if endpoint is None:  # no such address, or not by this method: that is answered as such
        return None
    if (
        endpoint in _BEFORE_CHANGE and found.personal
    ):  # one's own password and log-out are open to whoever is logged in, without a role too
        return None
    permission = PERMISSION_OF.get(endpoint)
    allowed = found.relations(permission) if permission is not None else frozenset()
    if permission is None or not allowed:
        raise Forbidden
    if _relation(found, access().permissions[permission].about) not in allowed:
        raise NotFound
    return None


def _relation(principal: Principal, about: str) -> str | None:
    """How the principal stands to what the address names; None where there is no such thing."""
    if about == NONE:
        return NONE
    asked = str((request.view_args or {})[f"{about}_id"])
    if "\x00" in asked:
        raise NotFound
    with reading(current_app.extensions["database"]) as session:
        return RELATION_TO[about](session, principal, asked)


def may_see_case(case_id: str, permission: str = "case:read") -> bool:
    """Whether whoever asks may read a case, or has another permission in it."""
    principal: Principal = g.principal
    with reading(current_app.extensions["database"]) as session:
        return relation_to_case(session, principal, case_id) in principal.relations(permission)


def in_sight(found: Iterable[Finding]) -> Iterator[Finding]:
    """The to-dos that are about no case, or about one that whoever asks may read."""
    return (one for one in found if one.case_id is None or may_see_case(one.case_id))


def own_units() -> frozenset[str] | None:
    """The units whose matters alone whoever asks may see; None: every unit's."""
    principal: Principal = g.principal
    return None if NONE in principal.relations("ledger:read") else principal.units


def check_actor(actor: Actor) -> None:
    """Raises NotThisActor where an entry must not say that this actor did it."""
    if not g.principal.may_act_as(actor):
        raise NotThisActor(actor)


def _principal(endpoint: str | None) -> Principal | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _by_token(secret.strip())
    cookie = request.cookies.get(session_cookie())
    if cookie:
        return _by_session(cookie)
    return _by_token(request.cookies.get(DOCS_COOKIE)) if endpoint in _BY_DOCS_COOKIE else None


def session_cookie() -> str:
    """The name of the session's cookie: with the prefix that binds it to this host, wherever the page came over TLS."""
    return "__Host-wenze" if request.is_secure else "wenze"


def _by_session(secret: str) -> Principal | None:
    now = datetime.now(UTC)
    engine = current_app.extensions["database"]
    with reading(engine) as session:
        found = session_of(session, secret, idle=config.session_idle(), now=now)
        if found is None:
            return None
        opened, account = found
        made, stale = of_account(session, account, today=now.astimezone(LOCAL).date()), is_stale(opened, now)
        g.csrf, g.session_secret = opened.csrf, secret
        g.must_change = (
            account.must_change and opened.credential_sha256 is None
        )  # the single sign-on asks for no password
    if request.method not in _SAFE:
        _same_site(g.csrf)
    if stale:
        with writing(engine) as session:
            seen(session, secret, now=now)
    return made


def _same_site(csrf: str) -> None:
    """A change that is asked for with a cookie comes from a page of ours. Raises Forbidden."""
    if request.endpoint in _UPLOADS:
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
    known = remembered.get(secret, clock) or look_up(secret)
    if known is None:
        return None
    if known.account_id is None:
        remembered.put(secret, known, clock)
        return of_token(known.id, known.name, known.permissions)
    return _for_account(known)


def _for_account(known: Holder) -> Principal | None:
    """A token that acts for an account: what both allow."""
    with reading(current_app.extensions["database"]) as session:
        account = accounts.find(session, known.account_id or "")
        if account is None or account.disabled_at is not None:
            return None
        made = of_account(session, account, today=datetime.now(LOCAL).date())
    return Principal(made.id, made.name, made.roles, known.permissions)


def look_up(secret: str) -> Holder | None:
    """Whose token this is, asked of the database."""
    with reading(current_app.extensions["database"]) as session:
        return holder(session, secret, now=datetime.now(UTC))
