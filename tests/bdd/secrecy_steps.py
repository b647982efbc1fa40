"""Who may see what: a token that is confined to a part of the work."""

from __future__ import annotations

from datetime import UTC, datetime

from pytest_bdd import given, parsers, then, when

from rules.book.loading import load_rulebook
from service.app import routes
from service.usecases.people.api_tokens import SCOPES, Holder, create_token, holder
from tests.bdd.ledger_steps import Office

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PARTS = {"台账": "ledger", "问责案件": "case", "处理建议": "recommendation"}
SEEN_BY = {"台账": "ledger.read_one", "问责案件": "cases.read_one", "处理建议": "recommendations.read"}


@given(parsers.re("一个只准使用(?P<part>台账|问责案件|处理建议)的人"), target_fixture="bearer")
def confined(office: Office, part: str) -> Holder:
    assert PARTS[part] in SCOPES
    secret = create_token(office.session, "经办人", now=NOW, expires_at=None, scopes=[PARTS[part]])
    found = holder(office.session, secret, now=NOW)
    assert found is not None
    return found


@when(parsers.re("查看(?P<part>台账|问责案件|处理建议)"), target_fixture="allowed_to_see")
def look(bearer: Holder, part: str) -> bool:
    return routes(load_rulebook())[SEEN_BY[part]].permission in bearer.permissions


@then(parsers.re("(?P<result>准予|不予)查看"))
def seen(allowed_to_see: bool, result: str) -> None:
    assert allowed_to_see is (result == "准予")
