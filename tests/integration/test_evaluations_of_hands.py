"""Whoever has a hand in a running case evaluates into that case and nowhere else; others may try, and are told that nothing is kept."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import orjson
import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from models.audit.events import AuditEvent
from models.people.accounts import Account
from models.receipts.case_receipts import CaseReceipt, next_number
from models.receipts.receipts import Receipt
from models.store.attachments import put_content
from models.store.database import connect, reading, upgrade, writing
from rules.book.loading import load_rulebook
from service import config
from service.usecases.people.accounts import Asked
from tests.conftest import example
from tests.entering import PAPER_RAW
from tests.integration.case_office import overdue_matter, proposed, taken
from tests.integration.page_case import ALONE, browser, submitted
from tests.integration.stages import Stage, at
from tests.lawful_case import APPEAL, first, stands_down, until
from tests.people import LONG_AGO, by_token, logged_in, made

API = "/api/v1"
HANDS = {
    "who proposed it": ("主任", "office_clerk"), "who entered for others": ("测试", "office_clerk"),
    "who approved it": ("书记", "office_clerk"), "the head of the team": ("组长", "team_member"),
    "of the team, who entered nothing": ("组员乙", "team_member"), "the committee's secretary": ("郑秘书", "committee_secretary"),
}  # fmt: skip
QUESTION = example("plan-task-missed")
OF_LEDGER = {name: part for name, part in QUESTION.items() if name not in ("matter", "expected")}


def investigated(client: FlaskClient) -> Any:
    return taken(client, proposed(client).json, *until("evaluate", ALONE)[1:])


def decided(client: FlaskClient) -> Any:
    return taken(client, proposed(client).json, *until("appeal", ALONE)[1:])


@pytest.fixture
def case(stage: Stage) -> Any:
    return stage.case


def account(app: Flask, name: str, *roles: str) -> FlaskClient:
    login = f"login{len(name)}{name.encode().hex()}"[:90]
    made(app, login, *(Asked(role, LONG_AGO) for role in roles), name=name)
    return by_token(app, login)


def ways(case: Any, query: str = "?store=false") -> list[tuple[str, Any]]:
    """Every way to evaluate, with what is sent."""
    return [(f"{API}/recommendations{query}", QUESTION),
            (f"{API}/matters/{case['matters'][0]}/recommendations{query}", OF_LEDGER)]  # fmt: skip


def numbers(app: Flask, case_id: str) -> list[int]:
    with reading(app.extensions["database"]) as session:
        wanted = select(CaseReceipt.number).where(CaseReceipt.case_id == case_id)
        return sorted(session.scalars(wanted))


def rows(app: Flask, table: Any) -> int:
    with reading(app.extensions["database"]) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def last_event(app: Flask) -> AuditEvent:
    with reading(app.extensions["database"]) as session:
        return session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()


def account_id(app: Flask, name: str) -> str:
    with reading(app.extensions["database"]) as session:
        return session.scalars(select(Account.id).where(Account.name == name)).one()


@at(submitted, "sqlite", "postgresql")
def test_whatever_a_hand_evaluates_is_a_numbered_receipt_of_the_case_with_who(app: Flask, case: Any) -> None:
    before, given = numbers(app, case["id"]), []
    assert before == [1, 2, 3]  # what the team asked for
    for (name, role), query in product(HANDS.values(), ("", "?store=false")):
        client = account(app, name, role)
        for path, question in ways(case, query):
            if role == "committee_secretary" and "matters" in path:
                continue  # they have no part in the ledger
            answer = client.post(path, json=question)
            assert answer.status_code == 201, (name, path, answer.json)
            told = answer.json["of_case"]
            assert (told["case"], "一律存为本案的回执" in told["notice"]) == (case["id"], True)
            assert answer.headers["Location"].endswith(answer.json["id"])
            given.append(told["number"])
            event = last_event(app)
            assert (event.actor, event.actor_id, event.outcome) == (name, account_id(app, name), "done")
            assert (event.subject_kind, event.subject_id) == ("case", case["id"])
    assert given == list(range(4, 4 + len(given)))
    assert numbers(app, case["id"]) == [*before, *given]
    with reading(app.extensions["database"]) as session:
        kept = {row.receipt_id: row.account_id for row in session.scalars(select(CaseReceipt))}
    assert sum(found is None for found in kept.values()) == 3


@at(investigated)
def test_a_member_reads_what_they_tried_and_others_of_the_team_do_too(app: Flask, case: Any) -> None:
    made(app, "head", Asked("team_member", LONG_AGO), name="组长")
    tab, other = logged_in(app, "head"), account(app, "组员甲", "team_member")
    outsider = account(app, "旁人", "team_member")
    for path, question in ways(case):
        found = tab.post(path, json=question)  # a second tab is the same account
        place = found.headers["Location"]
        assert (found.status_code, tab.get(place).data, other.get(place).data) == (201, found.data, found.data)
        assert outsider.get(place).status_code == 404


@at(investigated)
def test_others_may_try_and_are_told_that_nothing_is_kept(app: Flask, case: Any) -> None:
    before = rows(app, Receipt)
    client = account(app, "旁人", "office_clerk")
    for path, question in ways(case):
        answer = client.post(path, json=question)
        assert (answer.status_code, answer.json["stored"], "id" in answer.json) == (200, False, False)
        assert "没有存为回执" in answer.json["stored_notice"]
        event = last_event(app)
        assert (event.actor, event.actor_id, event.outcome) == ("旁人", account_id(app, "旁人"), "tried")
    assert rows(app, Receipt) == before
    kept = client.post(ways(case, "")[0][0], json=QUESTION)
    assert (kept.status_code, "of_case" in kept.json, "stored" in kept.json) == (201, False, False)
    assert numbers(app, case["id"]) == []


@at(investigated)
def test_a_token_of_no_person_tries_and_belongs_to_no_case(app: Flask, stage: Stage, case: Any) -> None:
    bearer = {"Authorization": stage.entry.environ_base["HTTP_AUTHORIZATION"]}
    for path, question in ways(case):
        answer = stage.entry.post(path, json=question, headers=bearer)
        assert (answer.status_code, answer.json["stored"]) == (200, False)
        named = stage.entry.post(f"{path}&case={case['id']}", json=question, headers=bearer)
        assert (named.status_code, list(named.json["errors"])) == (422, ["case"])
    assert numbers(app, case["id"]) == []


@at(investigated)
def test_who_was_recused_is_investigated_or_only_bears_such_a_name_has_no_hand(
    app: Flask, stage: Stage, case: Any
) -> None:
    gone = stands_down("组员甲", "2026-05-30")
    taken(stage.entry, case, gone)
    for name in ("组员甲", "张某", "组 长"):
        answer = account(app, name, "office_clerk").post(*ways(case)[0][:1], json=QUESTION)
        assert (answer.status_code, answer.json["stored"]) == (200, False)
    assert numbers(app, case["id"]) == []


@at(investigated)
def test_whoever_has_several_names_the_case_and_none_but_their_own(app: Flask, stage: Stage, case: Any) -> None:
    second = proposed(stage.entry).json
    other = proposed(stage.entry, "third").json
    with writing(app.extensions["database"]) as session:
        for table in ("case_records",):
            session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_update"))
        session.execute(
            text("UPDATE case_records SET actor_name = '别的主任', entered_by = '别的主任' WHERE case_id = :id"),
            {"id": other["id"]},
        )
    client, free = account(app, "主任", "office_clerk"), ways(case)[0][0]
    unnamed = client.post(free, json=QUESTION)
    (fault,) = unnamed.json["errors"]["case"]
    assert (unnamed.status_code, case["id"] in fault, second["id"] in fault, other["id"] in fault) == (
        422,
        True,
        True,
        False,
    )
    for one in (case, second):
        assert client.post(f"{free}&case={one['id']}", json=QUESTION).json["of_case"]["case"] == one["id"]
    wrong = [
        client.post(f"{free}&case={one}", json=QUESTION)
        for one in (other["id"], "00000000-0000-0000-0000-000000000000")
    ]
    assert [(answer.status_code, list(answer.json["errors"])) for answer in wrong] == [(422, ["case"])] * 2
    assert wrong[0].json["errors"] == wrong[1].json["errors"]
    of_second = f"{API}/matters/{second['matters'][0]}/recommendations?store=false"
    assert client.post(of_second, json=OF_LEDGER).json["of_case"]["case"] == second["id"]  # its matter names it
    assert client.post(f"{of_second}&case={case['id']}", json=OF_LEDGER).status_code == 422
    apart = f"{API}/matters/{overdue_matter(stage.entry)['id']}/recommendations?store=false"
    assert client.post(apart, json=OF_LEDGER).status_code == 422  # of no case of theirs: named all the same
    assert client.post(f"{apart}&case={case['id']}", json=OF_LEDGER).json["of_case"]["case"] == case["id"]
    assert (numbers(app, case["id"]), numbers(app, second["id"]), numbers(app, other["id"])) == ([1, 2], [1, 2], [])


@at(investigated)
def test_a_case_file_that_differs_belongs_to_the_case_all_the_same_and_a_wrong_one_to_nothing(
    app: Flask, case: Any
) -> None:
    client, free = account(app, "组长", "team_member"), ways(case)[0][0]
    changed = QUESTION | {"title": "另一个案件", "persons": [QUESTION["persons"][0] | {"id": "X", "name": "某甲"}]}
    assert client.post(free, json=changed).json["of_case"] == {
        "case": case["id"], "number": 1, "notice": client.post(free, json=QUESTION).json["of_case"]["notice"],
    }  # fmt: skip
    assert client.post(free, json=QUESTION | {"trigger_date": "昨天"}).status_code == 422
    assert numbers(app, case["id"]) == [1, 2]


@at(decided)
def test_a_hand_ends_with_the_decision_and_begins_again_with_an_appeal(app: Flask, stage: Stage, case: Any) -> None:
    clients = [account(app, "主任", "office_clerk"), account(app, "郑秘书", "committee_secretary")]
    free = ways(case)[0][0]
    assert [client.post(free, json=QUESTION).status_code for client in clients] == [200, 200]
    case = taken(stage.entry, case, APPEAL[0])
    assert [client.post(free, json=QUESTION).status_code for client in clients] == [201, 201]
    taken(stage.entry, case, APPEAL[1])
    assert [client.post(free, json=QUESTION).status_code for client in clients] == [200, 200]


@at(investigated)
def test_the_committee_has_a_hand_only_while_the_case_lies_before_it(app: Flask, stage: Stage, case: Any) -> None:
    client, free = account(app, "郑秘书", "committee_secretary"), ways(case)[0][0]
    assert client.post(free, json=QUESTION).json["stored"] is False
    rest = ALONE[len(until("evaluate", ALONE)) : len(until("decide", ALONE))]
    taken(stage.entry, case, *rest)
    assert client.post(free, json=QUESTION).json["of_case"]["number"] == 2


@at(investigated, "sqlite", "postgresql")
def test_of_many_at_once_no_two_have_one_number(app: Flask, case: Any) -> None:
    clients = [account(app, name, role) for name, role in HANDS.values() if role != "committee_secretary"]

    def ask(at: int) -> int:
        path, question = ways(case)[at % 2]
        answer = clients[at % len(clients)].post(path, json=question)
        return int(answer.json["of_case"]["number"]) if answer.status_code == 201 else -answer.status_code

    with ThreadPoolExecutor(6) as pool:
        given = sorted(pool.map(ask, range(18)))
    assert given == list(range(1, 19))
    assert numbers(app, case["id"]) == given
    with pytest.raises(DBAPIError), writing(app.extensions["database"]) as session:
        session.execute(text("UPDATE case_receipts SET number = number + 100"))


def test_the_step_of_the_case_is_numbered_too_and_says_so_in_its_receipt(office: FlaskClient, app: Flask) -> None:
    case = taken(office, investigated(office), first("evaluate", ALONE))
    (receipt_id,) = case["persons"][0]["evaluations"]
    assert office.get(f"{API}/recommendations/{receipt_id}").json["of_case"] == {"case": case["id"], "number": 1}


@at(submitted)
def test_the_committee_sees_every_receipt_with_who_what_for_and_how_it_differs(
    app: Flask, stage: Stage, case: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    put_content(config.attachments_folder(), PAPER_RAW)
    client = account(app, "组长", "team_member")
    final = stage.entry.get(f"{API}/cases/{case['id']}").json["persons"][0]["evaluations"][-1]
    with reading(app.extensions["database"]) as session:
        asked = orjson.loads(session.scalars(select(Receipt.facts).where(Receipt.id == final)).one())
    milder = {name: part for name, part in asked.items() if name != "matter"}
    milder["persons"] = [asked["persons"][0] | {"harm": "none", "findings": {
        **asked["persons"][0]["findings"], "art-8.1.1": {"not_completed": "open"},
    }}]  # fmt: skip
    same = client.post(ways(case)[1][0], json={name: part for name, part in asked.items() if name != "matter"})
    tried = client.post(ways(case)[1][0], json=milder)
    other = client.post(ways(case)[0][0], json=QUESTION | {"title": "另一份案卷"})
    acts = client.post(
        ways(case)[0][0], json=asked | {"matter": asked["matter"] | {"acts": asked["matter"]["acts"][:-1]}}
    )
    assert [one.json["of_case"]["number"] for one in (same, tried, other, acts)] == [4, 5, 6, 7]
    secretary = browser(app, "zheng", "郑秘书", "committee_secretary")
    page = secretary.get(f"/cases/{case['id']}/committee").text
    paper = _paper(stage.entry.get(f"{API}/cases/{case['id']}/papers/review-material?person=P1").data)
    said = ("就张某请求处理建议（第2次）", "对张某的最后一次请求", "张某：与最后一次相同", "损害程度：没有造成不良影响",
            "（最后一次：已查明）", "自行填写的案卷“另一份案卷”", "督办记录缺少", "对王某的最后一次请求")  # fmt: skip
    harm = load_rulebook().vocabulary.enumerations["harm"]["none"]
    alone = ("王某", "另一份案卷")  # the paper on one person tells nothing of the other, nor what a file was called
    for words in (one.replace("没有造成不良影响", harm) for one in said):
        assert words in page, words
        assert (words in paper) is not any(part in words for part in alone), words
    assert ("王某" in paper, "就另一名调查对象请求处理建议" in paper, "不涉及本人" in paper) == (False, True, True)
    assert "影响全局" not in next(row for row in page.split("<tr>") if "与最后一次相同" in row)
    with zipfile.ZipFile(io.BytesIO(stage.entry.get(f"{API}/cases/{case['id']}/archive-package").data)) as package:
        rows = orjson.loads(package.read("index.json"))["receipts"]
        assert [(row["number"], row["step"]) for row in rows] == [(at, at < 4) for at in range(1, 8)]
        for row, answer in zip(rows[3:], (same, tried, other, acts), strict=True):
            assert (row["by"], package.read(row["file"])) == ("组长", answer.data)


def _paper(docx: bytes) -> str:
    found = Document(io.BytesIO(docx))
    return "\n".join(cell.text for table in found.tables for row in table.rows for cell in row.cells)


def _put(engine: Engine, table: str, /, **values: Any) -> None:
    names = ", ".join(values)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(values)})"), values)


def test_the_receipts_of_the_revision_before_are_numbered_in_the_order_of_their_records(bare_url: str) -> None:
    upgrade(bare_url, import_module("models.migrations.versions.0016_case_receipts").down_revision)
    engine, moment = connect(bare_url), "2026-05-30 01:00:00+00:00"
    for receipt in ("r1", "r2", "r3", "r4"):
        _put(engine, "receipts", id=receipt, created_at=moment, actor="组长", rulebook_id="r", rulebook_sha256="0", engine="e",
             facts=b"{}", recommendation=b"{}", sha256="0")  # fmt: skip
    named = {"a": (b'{"receipt_id": "r3"}', b"{}", b'{"receipt_id": "r1"}', b"torn", b'["r4"]', b'{"receipt_id": "gone"}'),
             "b": (b'{"receipt_id": 7}', b'{"receipt_id": "r2"}')}  # fmt: skip
    for case_id, details in named.items():
        _put(engine, "cases", id=case_id, title="案", state="investigating", version=len(details))
        for number, detail in enumerate(details, 1):
            _put(engine, "case_records", case_id=case_id, number=number, action="evaluate", done_on="2026-05-30", actor_name="组长",
                 actor_kind="team", details=detail, recorded_at=moment, entered_by="组长")  # fmt: skip
    upgrade(bare_url)
    upgrade(bare_url)  # once more changes nothing
    with reading(engine) as session:
        found = session.execute(
            text("SELECT case_id, number, receipt_id, account_id FROM case_receipts ORDER BY case_id, number")
        )
        assert [tuple(row) for row in found] == [("a", 1, "r3", None), ("a", 2, "r1", None), ("b", 1, "r2", None)]
        assert next_number(session, "a") == 3
    engine.dispose()
