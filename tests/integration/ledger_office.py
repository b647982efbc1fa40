"""The Office at its ledger over HTTP, for the tests of what builds on a matter."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.approved import AGREED, as_json, rests_on

OFFICE = {"name": "李四", "kind": "office"}
UNIT = {"name": "王五", "kind": "unit", "unit": "甲处"}
LEADER = {"name": "校领导", "kind": "leader"}
OPINION = {"title": "审核评估自评报告", "category": "plan", "basis": "2026年工作要点第7项", "consulted_with": "甲处",
           "lead_unit": "甲处", "due_on": "2026-04-30"}  # fmt: skip


def opened(client: FlaskClient, key: str | None = None, **change: Any) -> Any:
    """The answer to a registration opinion."""
    body = {"on": "2026-01-05", "actor": OFFICE, "details": OPINION | change}
    return client.post("/api/v1/matters", json=body, headers={"Idempotency-Key": key} if key else {})


def act(
    client: FlaskClient, matter: Any, action: str, on: str, actor: Any, key: str | None = None, **details: Any
) -> Any:
    """The answer to an action on the matter as it was last answered."""
    headers = {"If-Match": f'"{matter["version"]}"'} | ({"Idempotency-Key": key} if key else {})
    body = {"on": on, "actor": actor, "details": details}
    return client.post(f"/api/v1/matters/{matter['id']}/actions/{action}", json=body, headers=headers)


def approved(client: FlaskClient, matter: Any, action: str, on: str, **details: Any) -> Any:
    """The answer to an action of the Office, after the leader, or the director, said yes to it."""
    rests = rests_on(action, details)
    if rests is not None:
        matter = act(client, matter, rests[0], on, as_json(rests[1]), **AGREED).json
    return act(client, matter, action, on, OFFICE, **details)


def assigned(client: FlaskClient, **change: Any) -> Any:
    """A matter that was registered and assigned."""
    matter = opened(client, **change).json
    matter = approved(client, matter, "register", "2026-01-06", route="direct").json
    return act(client, matter, "assign", "2026-01-08", OFFICE, channel="oa", message_id="OA-1").json
