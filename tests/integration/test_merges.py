"""Two entries that are one person count as one everywhere once two others said so, and as two again when that is undone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from models.people import accounts, merges, persons
from models.people.asked import AskedRow
from models.people.persons import PersonRow
from models.schemas.errors import CaseFileError
from models.store.database import reading, writing
from rules.book.contract.people import PersonRef
from service.books import books
from service.usecases.administration import make_asked, make_involvements
from service.usecases.administration.merge_persons import decide, propose
from service.usecases.people.accounts import Asked, set_disabled
from tests.integration.case_office import entry, proposed, take, taken
from tests.integration.ledger_office import LEADER
from tests.integration.test_hands import DECISION, answered, asking, bearer, entered
from tests.lawful_case import MEMBERS, PERSONS, first, with_details
from tests.people import LONG_AGO, by_token, made
from tests.registered import register

NOW = datetime.now(UTC)


class Merging:
    """The registry of an application, with two who decide."""

    def __init__(self, app: Flask) -> None:
        self.engine = app.extensions["database"]
        with writing(self.engine) as session:
            found = register(session, ["提出人", "确认人"])
        self.first, self.second = found["提出人"], found["确认人"]

    def propose(self, person: str, into: str, by: PersonRef | None = None, *, undoes: bool = False) -> str:
        with writing(self.engine) as session:
            return propose(session, person, into, "工号重复", undoes=undoes, by=by or self.first, now=NOW)

    def decide(self, merge_id: str, by: PersonRef | None = None, *, confirms: bool = True) -> None:
        with writing(self.engine) as session:
            decide(session, books(), merge_id, confirms=confirms, by=by or self.second, now=NOW)

    def merge(self, person: str, into: str, *, undoes: bool = False) -> None:
        self.decide(self.propose(person, into, undoes=undoes))

    def number(self, number: str) -> PersonRow:
        with reading(self.engine) as session:
            row = persons.by_number(session, number)
            assert row is not None
            session.expunge(row)
            return row


def clerk_of(app: Flask, name: str) -> FlaskClient:
    made(app, name, Asked("office_clerk", LONG_AGO), name=name)
    return by_token(app, name)


def differences(merging: Merging) -> list[str]:
    with reading(merging.engine) as session:
        return list(make_involvements.rows(session, books()))


def test_who_is_investigated_under_either_entry_is_kept_out_and_parted_from_the_team(
    app: Flask, office: FlaskClient
) -> None:
    case = taken(office, proposed(office).json, first("approve"))
    clerk, merging = clerk_of(app, "章谋"), Merging(app)
    address = f"/api/v1/cases/{case['id']}"
    assert clerk.get(address).status_code == 200
    merging.merge(PERSONS[0]["name"], "章谋")
    assert clerk.get(address).status_code == 404
    assert [row["id"] for row in clerk.get("/api/v1/cases").json] == []
    team = with_details(first("form_team"), members=(*MEMBERS, {"name": "章谋", "unit": "审计处", "head": False}))
    refused = take(office, case, team)
    assert (refused.status_code, [row["guard"] for row in refused.json["refusals"]]) == (409, ["team_not_involved"])
    assert differences(merging) == []
    merging.merge(PERSONS[0]["name"], "章谋", undoes=True)
    assert clerk.get(address).status_code == 200
    assert take(office, case, team).status_code == 200
    assert differences(merging) == []


def test_whoever_is_of_the_team_under_either_entry_is_let_in_by_the_account_that_goes_on(
    app: Flask, office: FlaskClient
) -> None:
    case = taken(office, proposed(office).json, first("approve"), first("form_team"))
    made(app, "member", name=MEMBERS[1]["name"])
    made(app, "own", Asked("team_member", LONG_AGO), name="祖员甲")
    own, merging = by_token(app, "own"), Merging(app)
    address = f"/api/v1/cases/{case['id']}"
    assert own.get(address).status_code == 404
    with pytest.raises(CaseFileError, match="先停用其中一个"):
        merging.propose(MEMBERS[1]["name"], "祖员甲")
    with writing(merging.engine) as session:
        set_disabled(session, "member", True, now=NOW)
    merging.merge(MEMBERS[1]["name"], "祖员甲")
    assert own.get(address).status_code == 200
    with writing(merging.engine) as session, pytest.raises(CaseFileError, match="已经并入"):
        set_disabled(session, "member", False, now=NOW)
    merging.merge(MEMBERS[1]["name"], "祖员甲", undoes=True)
    assert own.get(address).status_code == 404


def test_the_account_of_the_entry_that_was_merged_goes_on_and_gets_back_its_own(app: Flask) -> None:
    merging = Merging(app)
    made(app, "goes-on", name="甲甲")
    made(app, "is-off", name="乙乙")

    def whose() -> dict[str, str | None]:
        with reading(merging.engine) as session:
            return {row.login: row.person_id for row in accounts.every(session) if row.login in ("goes-on", "is-off")}

    before = whose()
    with writing(merging.engine) as session:
        set_disabled(session, "is-off", True, now=NOW)
    merging.merge("甲甲", "乙乙")
    assert whose() == {"goes-on": before["is-off"], "is-off": before["goes-on"]}
    merging.merge("甲甲", "乙乙", undoes=True)
    assert whose() == before


def test_nobody_merges_alone_nor_what_is_their_own_and_what_was_decided_stays(app: Flask) -> None:
    merging = Merging(app)
    with writing(merging.engine) as session:
        found = register(session, ["丙丙", "丁丁", "戊戊"])

    def refused(words: str, do: Any) -> None:
        with pytest.raises(CaseFileError, match=words):
            do()

    refused("由他人提出", lambda: merging.propose("丙丙", "丁丁", found["丁丁"]))
    merge_id = merging.propose("丙丙", "丁丁")
    refused("已有待确认", lambda: merging.propose("戊戊", "丁丁"))
    for by in (merging.first, found["丙丙"], found["丁丁"]):
        refused("另一人确认", lambda by=by: merging.decide(merge_id, by))
    merging.decide(merge_id, merging.first, confirms=False)
    refused("没有这一待确认", lambda: merging.decide(merge_id))
    assert merging.number("丙丙").merged_into is None
    merging.merge("丙丙", "丁丁")
    assert merging.number("丙丙").merged_into == found["丁丁"].id
    refused("没有并入其他", lambda: merging.propose("丙丙", "戊戊"))
    refused("已有登记并入", lambda: merging.propose("丁丁", "戊戊"))
    refused("没有并入另一", lambda: merging.propose("丁丁", "丙丙", undoes=True))
    with reading(merging.engine) as session:
        told = [
            (row.confirmed, row.proposed_by, row.decided_by) for row in merges.of_person(session, str(found["丙丙"].id))
        ]
        named, bearing = persons.named(session, {"丙丙"}), persons.bearing(session, {"丙丙"})
    first_, second = merging.first.id, merging.second.id
    assert sorted(told, key=str) == [(False, first_, first_), (True, first_, second)]
    assert named == {"丙丙": PersonRef("丁丁", found["丁丁"].id)}
    assert bearing == {"丙丙": frozenset({found["丁丁"].id})}


def test_what_an_entry_is_asked_is_answered_by_the_one_in_whose_place_it_stands(
    app: Flask, office: FlaskClient
) -> None:
    clerk, leader = bearer(office, "周清", "office_clerk"), bearer(office, "校领导", "school_leader")
    other, merging = bearer(office, "校领导（旧工号）", "school_leader"), Merging(app)
    matter = entered(office, asking(office), "decide_extension", LEADER, DECISION, clerk).json
    case = taken(office, proposed(office).json)
    by_own = {"If-Match": f'"{case["version"]}"', **clerk}
    approval = entry(first("approve")) | {"papers": [], "actor": {"name": "校领导", "kind": "leader"}}
    answer = office.post(f"/api/v1/cases/{case['id']}/actions/approve", json=approval, headers=by_own)
    assert answer.status_code == 200, answer.text

    def waiting() -> list[list[str]]:
        told = [office.get("/api/v1/confirmations", headers=one) for one in (leader, other)]
        return [sorted(row["kind"] for row in one.json) if one.status_code == 200 else [] for one in told]

    def told() -> list[str]:
        with reading(merging.engine) as session:
            return list(make_asked.rows(session, books()))

    assert waiting() == [["case", "matter"], []]
    with writing(merging.engine) as session:
        account = accounts.by_person(session, str(merging.number("校领导").id))
        assert account is not None
        set_disabled(session, account.login, True, now=NOW)
    merging.merge("校领导", "校领导（旧工号）")
    assert (waiting()[1], told()) == (["case", "matter"], [])
    with writing(merging.engine) as session:
        session.execute(delete(AskedRow).where(AskedRow.kind == "matter"))
        session.execute(update(AskedRow).values(record=99))
    assert waiting()[1] == []
    lines = told()
    assert [("没有列入" in line, matter["id"] in line) for line in lines] == [
        (True, True),
        (True, False),
        (False, False),
    ]
    with writing(merging.engine) as session:
        for kind in ("matter", "case"):
            assert make_asked.make_next(session, books(), 0, kind=kind) is not None
    assert (waiting()[1], told()) == (["case", "matter"], [])
    assert answered(office, matter, "confirm", other) == 204
    now = office.get(f"/api/v1/matters/{matter['id']}").json
    assert (now["records"][-1]["action"], now["records"][-1]["vouched"]) == ("decide_extension", "confirmed")
    merging.merge("校领导", "校领导（旧工号）", undoes=True)
    assert (waiting()[1], told()) == ([], [])
