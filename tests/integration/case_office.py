"""An accountability case over HTTP: the lawful history as entries, on a matter of the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask.testing import FlaskClient

from tests.integration.ledger_office import OFFICE, act, assigned
from tests.lawful_case import LAWFUL, Step

_OURS = {"evaluate": ("receipt_id",), "issue_decision": ("number",), "bar_ratings": ("year",)}
"""What the system itself contributes to an entry."""


def plain(value: Any) -> Any:
    """Tuples as lists, days as text: as JSON carries them."""
    if isinstance(value, dict):
        return {name: plain(found) for name, found in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(found) for found in value]
    return value.isoformat() if isinstance(value, date) else value


def entry(one: Step) -> dict[str, Any]:
    """A step as the body of a request."""
    details = {name: value for name, value in one.details.items() if name not in _OURS.get(one.action, ())}
    actor = {"name": one.actor.name, "kind": one.actor.kind} | ({"unit": one.actor.unit} if one.actor.unit else {})
    return {"on": one.on.isoformat(), "actor": actor, "details": plain(details)}


def overdue_matter(client: FlaskClient, matter: Any = None) -> Any:
    """A matter of the ledger that was urged three times."""
    matter = matter or assigned(client)
    for day in ("2026-05-04", "2026-05-06", "2026-05-08"):
        matter = act(client, matter, "urge", day, OFFICE).json
    return matter


def proposed(client: FlaskClient, key: str | None = None, **change: Any) -> Any:
    """The answer to the proposal of a case on an overdue matter."""
    body = entry(LAWFUL[0])
    matters = {} if "matters" in change else {"matters": [overdue_matter(client)["id"]]}
    body["details"] |= matters | change
    return client.post("/api/v1/cases", json=body, headers={"Idempotency-Key": key} if key else {})


def take(client: FlaskClient, case: Any, one: Step, key: str | None = None) -> Any:
    """The answer to one more step."""
    headers = {"If-Match": f'"{case["version"]}"'} | ({"Idempotency-Key": key} if key else {})
    return client.post(f"/api/v1/cases/{case['id']}/actions/{one.action}", json=entry(one), headers=headers)


def taken(client: FlaskClient, case: Any, *steps: Step) -> Any:
    """The case after these steps, each of which must be allowed; whoever stands down no longer sees it."""
    for one in steps:
        answer = take(client, case, one)
        if answer.status_code == 204 and one.action == "recuse":
            answer = client.get(f"/api/v1/cases/{case['id']}")
        assert answer.status_code == 200, (one.action, answer.json)
        case = answer.json
    return case
