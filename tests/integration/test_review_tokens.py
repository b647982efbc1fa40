"""What to look at after 0.1.0: acts of people that a token of no person entered."""

from __future__ import annotations

import io
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from models.schemas.entries import matter_entries
from models.store.database import reading, writing
from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.administration.review import tokens_of_nobody
from service.usecases.entry import Entry
from tests.approved import AGREED, DIRECTOR, as_json
from tests.backdated import moment
from tests.integration.conftest import TOKEN
from tests.integration.ledger_office import OFFICE, OPINION, UNIT
from tests.integration.test_token_of_nobody import OF_0_1_0, stored_token
from tests.registered import act_on_matter, open_matter

OLD = "对接"
LEDGER = "工作任务,事项来源,立项依据,交办日期,牵头单位,办结时限,催办日期\n旧事项,规划计划,要点,2026-01-05,甲处,2026-04-30,2026-05-06\n"


def entered(action: str, on: str, actor: dict[str, str], details: dict[str, object]) -> Entry:
    """An entry of 0.1.0, under the name of a token."""
    return Entry(
        action,
        **matter_entries(load_rulebook()).load(action, {"on": on, "actor": actor, "details": details}),
        entered_by=OLD,
    )


def test_tokens_of_no_person_and_the_acts_entered_by_them_are_named(app: Flask, office: FlaskClient) -> None:
    with writing(app.extensions["database"]) as session:
        session.add(stored_token(OLD, "secret", OF_0_1_0["0.1.0, ledger alone"]))
        made = open_matter(
            session, books(), entered("propose", "2026-01-05", OFFICE, OPINION), now=moment(date(2026, 1, 5))
        )
        register = {"route": "direct"}
        steps = [entered("endorse_registration", "2026-01-06", as_json(DIRECTOR), dict(AGREED)),
                 entered("register", "2026-01-06", OFFICE, register), entered("assign", "2026-01-08", OFFICE, {"channel": "oa"}),
                 entered("acknowledge", "2026-01-09", UNIT, {"signed_by": "王五"})]  # fmt: skip
        for version, one in enumerate(steps, 1):
            act_on_matter(session, books(), made.id, one, expected=version, now=moment(one.on))
    with reading(app.extensions["database"]) as session:
        found = [line for line in tokens_of_nobody(session) if TOKEN not in line.partition("（")[0]]
    assert found[0].startswith(f"令牌“{OLD}”（")
    assert "不能办理" in found[0]
    assert "导入表格" in found[0]
    assert "办理事项" not in found[0]
    assert [line.partition("，")[0] for line in found[1:]] == [
        f"事项 {made.id} 记录1：督查督办工作办公室“李四”的办理",
        f"事项 {made.id} 记录2：督查督办工作办公室主任“主任”的办理",
        *(f"事项 {made.id} 记录{number}：督查督办工作办公室“李四”的办理" for number in (3, 4)),
        f"事项 {made.id} 记录5：单位“王五”的办理",
    ]


def test_what_an_older_ledger_brought_in_is_no_act_of_a_person(app: Flask, office: FlaskClient) -> None:
    table = {"file": (io.BytesIO(LEDGER.encode()), "台账.csv")}
    assert office.post("/api/v1/imports/ledger?apply=true", data=table).json["applied"]
    with reading(app.extensions["database"]) as session:
        assert [line for line in tokens_of_nobody(session) if line.startswith("事项")] == []
