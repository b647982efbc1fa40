"""Matters and cases whose stored records were damaged: every edge refuses them by number, and what looks at all goes on without them.

One database holds a sound matter and a sound case beside a copy of each for every kind of damage and for every torn column.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import docx
import openpyxl
import orjson
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from models.case.cases import CaseMatter, CaseRecordRow, CaseRow
from models.case.involvements import InvolvementRow
from models.matter.matters import Desk, MatterRow, RecordRow
from models.people.units import Unit
from models.store.database import reading, writing
from service.books import books
from service.cli import main
from service.usecases.entry import Entry
from service.usecases.exchange.calendar_feed import calendar_entries
from tests.audit_trail import damaged
from tests.backdated import moment
from tests.conftest import example
from tests.damage import (
    CASES,
    HISTORIES,
    MATTER,
    MATTERS,
    ROW,
    History,
    damages,
    one_of_each,
    said_of_each,
)
from tests.integration.case_office import entry, taken
from tests.integration.ledger_office import UNIT
from tests.integration.page_case import browser, entering
from tests.lawful_case import first, until
from tests.people import LONG_AGO
from tests.registered import act_on_matter, open_matter

URGED = MATTER[: next(at for at, one in enumerate(MATTER) if one.action == "request_extension")]
"""A matter that is overdue and was urged."""
TO_FILE = until("file_decision")
"""A case that is decided and leaves duties."""
ROWS: Mapping[str, Any] = {"matter": MatterRow, "case": CaseRow}
RECORDS: Mapping[str, Any] = {"matter": RecordRow, "case": CaseRecordRow}
BESIDE: Mapping[str, Any] = {"matter": (Desk,), "case": (CaseMatter, InvolvementRow)}
TORN = ("CAST(x'ff41' AS TEXT)", "x'ff'", "'garbage'")
"""What any column may hold in SQLite, as SQL: no text at all, bytes, and a word."""
TEXTS = {"title", "category", "lead_unit", "open_key", "request_key", "actor_name", "actor_unit", "entered_by"}
"""Columns in which a word is a text like any other."""
BLIND = {"request_key"}
"""Columns from which nothing is read of a matter or a case."""
READERS: Mapping[str, tuple[str, str, dict[str, str]]] = {
    "clerk": ("李四", "office_clerk", {}), "leader": ("书记", "school_leader", {}), "member": ("组长", "team_member", {}),
    "unit": ("王五", "unit_head", {"unit": "甲处"}), "committee": ("委员一", "committee_member", {}),
    "auditor": ("审计员", "auditor", {}),
}  # fmt: skip


@dataclass(frozen=True)
class Ruin:
    """One thing of the store. named: the number that it is refused by; None: it is whole. number: of a matter, as it is shown."""

    about: str
    id: str
    title: str
    named: int | None = None
    number: str | None = None

    @property
    def left_out(self) -> str:
        """How it is named where it was not counted."""
        return f"{self.number or self.id}（{'台账的登记行' if self.named == ROW else f'第{self.named}条记录'}）"

    @property
    def said(self) -> str:
        """What a refusal must say of it."""
        return "登记行损坏" if self.named == ROW else f"第{self.named}条记录损坏或者缺失"


@dataclass(frozen=True)
class Ruins:
    """sound: what is whole; ruined: what is not; torn: where one column of a row is torn, by its name; before: what every list
    answered everybody before anything was damaged."""

    app: Flask
    readers: Mapping[str, FlaskClient]
    sound: Mapping[str, Ruin]
    ruined: tuple[Ruin, ...]
    torn: Mapping[tuple[str, str, str], Ruin]
    before: Mapping[tuple[str, str], Any]

    @property
    def token(self) -> FlaskClient:
        return self.readers["token"]

    def every(self, about: str) -> list[Ruin]:
        """All that there is beside the sound one, also what is torn where nothing is read."""
        return [one for one in (*self.ruined, *self.torn.values()) if one.about == about]

    def of(self, about: str) -> tuple[Ruin, ...]:
        return tuple(one for one in self.ruined if one.about == about)


def lived_matter(engine: Engine) -> str:
    """The matter, entered by its use cases."""
    opening, *others = (Entry(one.action, one.details, one.actor, one.on, "测试") for one in URGED)
    with writing(engine) as session:
        session.add(Unit(name="丙处", from_on=LONG_AGO))
        session.flush()
        found = open_matter(session, books(), opening, now=moment(opening.on))
        for one in others:
            found = act_on_matter(session, books(), found.id, one, expected=found.matter.version, now=moment(one.on))
    return found.id


def lying(value: Any) -> Any:
    """A value as SQLite holds it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value


def put(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> int:
    names = ", ".join(row)
    signs = ", ".join("?" for _ in row)
    made = connection.execute(f"INSERT INTO {table} ({names}) VALUES ({signs})", [lying(one) for one in row.values()])
    return made.lastrowid or 0


def copied(connection: sqlite3.Connection, sound: Ruin, title: str, left: History) -> Ruin:
    """What is sound once more under another title, with these records in the place of its own."""
    about, new = sound.about, str(uuid.uuid4())
    owner = dict(connection.execute(f"SELECT * FROM {about}s WHERE id = ?", [sound.id]).fetchone())
    old = owner.pop("position")
    if about == "matter":
        owner["number"] = connection.execute(
            "SELECT max(number) + 1 FROM matters WHERE typeof(number) = 'integer'"
        ).fetchone()[0]
    told = {"id": new, "title": title, "open_key": None, "version": left.written}
    position = put(connection, f"{about}s", owner | told)
    for one in left.rows:
        put(connection, RECORDS[about].__tablename__, {**one, f"{about}_id": new})
    if about == "matter":
        put(
            connection,
            "case_matters",
            {"case_id": connection.execute("SELECT id FROM cases ORDER BY position").fetchone()[0], "matter_id": new},
        )
    for beside in BESIDE[about]:
        key, was, now = (
            (f"{about}_id", sound.id, new)
            if f"{about}_id" in beside.__table__.columns
            else ("case_position", old, position)
        )
        for row in connection.execute(f"SELECT * FROM {beside.__tablename__} WHERE {key} = ?", [was]).fetchall():
            put(connection, beside.__tablename__, {**row, key: now})
    return Ruin(about, new, title, number=f"督〔2026〕{owner['number']}号" if about == "matter" else None)


def history_of(engine: Engine, sound: Ruin) -> History:
    """The records as they are stored."""
    table = RECORDS[sound.about]
    names = [
        column.name for column in table.__table__.columns if column.name not in (f"{sound.about}_id", "request_key")
    ]
    with reading(engine) as session:
        rows = session.scalars(select(table).filter_by(**{f"{sound.about}_id": sound.id}).order_by(table.number)).all()
        return History(sound.about, [{name: getattr(row, name) for name in names} for row in rows], len(rows))


def torn_columns(connection: sqlite3.Connection, sound: Ruin, left: History) -> Iterator[tuple[str, str, str, Ruin]]:
    """Each column of the row and of one record × each torn value, in a copy of its own."""
    about, records = sound.about, RECORDS[sound.about].__tablename__
    for table, columns in ((f"{about}s", ROWS[about].__table__.columns), (records, RECORDS[about].__table__.columns)):
        for column in columns:
            for value in TORN:
                connection.execute("SAVEPOINT whole")
                one = copied(connection, sound, f"{table}.{column.name} {value}", left)
                where = f"id = '{one.id}'" if table == f"{about}s" else f"{about}_id = '{one.id}' AND number = 2"
                try:
                    connection.execute(f"UPDATE {table} SET {column.name} = {value} WHERE {where}")
                except sqlite3.IntegrityError:  # no row number is a text
                    connection.execute("ROLLBACK TO whole")
                    continue
                yield table, column.name, value, one


def named_by(table: str, column: str, value: str) -> int | None:
    """The number that is told where this column is torn; None where nothing is read from it, or any text is as good.

    What a case is is read of its records alone; its row only says how many there are, and whom names in them mean.
    """
    if (
        column == "request_key"
        or (value == "'garbage'" and column in TEXTS)
        or (table == "cases" and column not in ("id", "known", "version"))
    ):
        return None
    return 2 if table.endswith("records") else ROW


ELSEWHERE = {
    "web.login_page", "single-sign-on.to_cas", "single-sign-on.from_cas", "single-sign-on.to_oidc", "single-sign-on.from_oidc",
    "docs.style", "docs.docs_page", "healthz", "health.healthz", "api-docs.openapi_json", "regulation-pages.text",
    "regulation-pages.compliance", "regulation-pages.periods", "regulation-pages.readings",
}  # fmt: skip
"""Addresses that show nothing of matters and cases."""
BULLETIN, ASSESSMENT = "/api/v1/bulletin", "/api/v1/assessment"
ASKED = {
    BULLETIN: "?format=json&first=2026-01-01&last=2026-06-30", ASSESSMENT: "?format=csv&year=2026",
    "/api/v1/status-table": "?format=xlsx&cutoff=2026-05-31&submit_by=2026-05-31",
    "/api/v1/written-report": "?month=2026-05", "/api/v1/matters": "?limit=200", "/api/v1/todo": "?limit=1000",
    "/office/bulletin": "?first=2026-01-01&last=2026-06-30", "/office/assessment": "?year=2026",
}  # fmt: skip
"""What is asked of an address."""

BY_READER = ("/", "/matters", "/cases")


def lists_of(app: Flask) -> list[str]:
    """Every address that may show something of all that there is."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments)
    return sorted({rule.rule + ASKED.get(rule.rule, "") for rule in rules if rule.endpoint not in ELSEWHERE})


def answers(readers: Mapping[str, FlaskClient], paths: list[str]) -> dict[tuple[str, str], tuple[int, bytes]]:
    """What everybody is answered: the token by the interface, the clerk by every page, the others where it differs by who asks."""
    found = {}
    for reader, client in readers.items():
        for path in paths:
            if path not in BY_READER and reader != ("token" if path.startswith("/api/") else "clerk"):
                continue
            answer = client.get(path)
            found[reader, path.partition("?")[0]] = answer.status_code, answer.data
            answer.close()
    return found


@pytest.fixture(scope="module")
def ruins(embedded: Flask) -> Ruins:
    engine = embedded.extensions["database"]
    token = entering(embedded)
    matter = Ruin("matter", lived_matter(engine), "完好")
    opening = entry(TO_FILE[0])
    opening["details"] |= {"matters": [matter.id]}
    case = Ruin("case", taken(token, token.post("/api/v1/cases", json=opening).json, *TO_FILE[1:])["id"], "完好")
    readers = {name: browser(embedded, name, *who[:2], **who[2]) for name, who in READERS.items()}
    token.environ_base["HTTP_ACCEPT"] = "text/html, application/json"
    readers["token"] = token
    before = answers(readers, lists_of(embedded))
    damaged(engine)  # by whoever takes the triggers away
    ruined, torn = [], {}
    with closing(sqlite3.connect(str(engine.url.database))) as connection:
        connection.row_factory = sqlite3.Row
        for sound in (case, matter):
            whole = history_of(engine, sound)
            for kind, one in one_of_each(whole).items():
                made = copied(connection, sound, f"{sound.about} {kind}", one.left)
                ruined.append(replace(made, named=one.named))
            for table, column, value, made in torn_columns(connection, sound, whole):
                torn[table, column, value] = replace(made, named=named_by(table, column, value))
        connection.commit()
    return Ruins(embedded, readers, {"matter": matter, "case": case}, tuple(ruined), torn, before)


ACTION = {"matter": "progress", "case": "file_decision"}


def body_of(about: str) -> dict[str, Any]:
    """A lawful next act on the sound one."""
    if about == "case":
        return entry(first(ACTION[about]))
    return {"on": "2026-05-10", "actor": UNIT, "details": {"note": "进行中"}}


def hidden(one: Ruin) -> bool:
    """Whether nobody by name is let in, since it is not known any more who is involved: the rows are those of another version."""
    return one.about == "case" and "version" in one.title


@pytest.mark.parametrize("about", ["matter", "case"])
def test_every_kind_of_damage_is_refused_by_its_number_on_every_edge(ruins: Ruins, about: str) -> None:
    assert len(ruins.of(about)) > 25
    for one in ruins.of(about):
        path = f"/api/v1/{about}s/{one.id}"
        act = f"{path}/actions/{ACTION[about]}"
        told = [ruins.token.get(path), ruins.token.post(act, json=body_of(about), headers={"If-Match": '"1"'})]
        for answer in told if not hidden(one) else told[:1]:
            assert (answer.status_code, answer.json["type"]) == (409, f"urn:wenze:problem:{about}-damaged"), (
                one,
                answer.json,
            )
            assert one.said in answer.json["detail"], (one, answer.json)
        shown = ruins.readers["clerk"].get(f"/{about}s/{one.id}")
        assert (shown.status_code, one.said in shown.text) == ((404, False) if hidden(one) else (409, True)), one


GOES_ON = {
    "cases.checkup", "case-pages.check", "audit.history",  # what can be read of each record
    "attachments.every", "attachments.every_of_case", "exchange.list_deliveries",  # what lies beside the records
}  # fmt: skip
BESIDES = {
    "attachments.send", "attachments.send_to_case", "matter-pages.send_file", "case-pages.send_file", "attachments.one",
    "attachments.one_of_case", "recommendation-pages.one",
}  # fmt: skip
"""What is attached, and what was recommended: neither is made of records."""


def test_every_address_of_what_is_damaged_refuses_it(ruins: Ruins) -> None:
    """The kinds of damage in turn, so that all of them meet one address or another."""
    asked, turn = set(), 0
    question = {
        name: value for name, value in example("plan-task-missed").items() if name not in ("matter", "expected")
    }
    for rule in ruins.app.url_map.iter_rules():
        about = next((about for about in ROWS if f"{about}_id" in rule.arguments), None)
        if about is None or rule.endpoint in BESIDES or ".act_" in rule.endpoint:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            some = [one for one in ruins.of(about) if not hidden(one)]
            one, turn = some[turn % len(some)], turn + 1
            own = rule.endpoint.startswith("own-pages.")
            words = {f"{about}_id": one.id, "action": "appeal" if own else ACTION[about], "name": "report"}
            path = rule.build(words, append_unknown=False)
            assert path is not None
            pages = ruins.readers["clerk"] if "-pages." in rule.endpoint else ruins.token
            client = investigated(ruins, one) if own else pages
            more = {"json": question} if rule.endpoint == "evaluations.evaluate" else {}
            answer = client.open(path[1], method=method, **more)
            assert answer.status_code == (200 if rule.endpoint in GOES_ON else 409), (
                rule.endpoint,
                one,
                answer.data[:300],
            )
            assert rule.endpoint in GOES_ON or one.said.encode() in answer.data, (rule.endpoint, one)
            answer.close()
            asked.add(rule.endpoint)
    assert asked > GOES_ON
    assert len(asked) > 20


def investigated(ruins: Ruins, one: Ruin) -> FlaskClient:
    """The browser of the person whom the case is about."""
    return browser(ruins.app, one.id, "张某", "person_investigated", case_id=one.id, person="P1")


def test_nobody_is_let_in_by_damage(ruins: Ruins) -> None:
    """Whoever may read what is whole is told that this is not; whoever may not is answered as ever."""
    for reader, client in ruins.readers.items():
        for about, sound in ruins.sound.items():
            for path in (f"/{about}s/{{}}", f"/api/v1/{about}s/{{}}"):
                allowed = client.get(path.format(sound.id)).status_code
                for one in ruins.of(about)[::7]:
                    expected = 409 if allowed == 200 and not hidden(one) else 404 if allowed == 200 else allowed
                    if reader == "token" and allowed == 200:
                        expected = 409
                    assert client.get(path.format(one.id)).status_code == expected, (reader, path, one)


def test_every_list_goes_on_for_everybody_and_counts_nothing_of_what_is_damaged(ruins: Ruins) -> None:
    after = answers(ruins.readers, lists_of(ruins.app))
    changed = {
        key: (ruins.before[key][0], status) for key, (status, _) in after.items() if ruins.before[key][0] != status
    }
    assert changed == {}
    gone = [one for one in ruins.every("matter") if one.named is not None]
    times = 1 + len(ruins.every("matter")) - len(gone)
    was, now = (orjson.loads(found["token", BULLETIN][1]) for found in (ruins.before, after))
    for part in ("whole", "months", "units"):
        assert now[part] == multiplied(was[part], times), part
    assert {one.left_out for one in ruins.of("matter")} <= set(now["left_out"])
    assert len(now["left_out"]) == len(gone)
    assert f"另有{len(gone)}个事项的记录损坏或者缺失，没有计入：" in after["token", ASSESSMENT][1].decode("utf-8-sig")
    said = f"另有{len(gone)}个事项的记录损坏或者缺失，没有计入："
    sheet = openpyxl.load_workbook(BytesIO(ruins.token.get(f"{ASSESSMENT}?format=xlsx&year=2026").data)).active
    assert any(said in str(cell.value) for cell in sheet["A"])
    drawn = docx.Document(BytesIO(ruins.token.get(f"{ASSESSMENT}?format=docx&year=2026").data))
    assert any(said in paragraph.text for paragraph in drawn.paragraphs)
    listed = orjson.loads(after["token", "/api/v1/matters"][1])
    assert len(listed) == 1 + len(ruins.every("matter"))
    row_torn = [one for one in gone if one.named == ROW]
    assert (
        sum(one.get("damaged", False) for one in listed) == len(row_torn) - 1
    )  # an id that is a text, without records
    for path in ("/matters", "/cases"):
        assert "登记行损坏，须核对" in after["clerk", path][1].decode(), path
    table = openpyxl.load_workbook(BytesIO(after["token", "/api/v1/status-table"][1])).active
    assert sum("审核评估自评报告" in str(cell.value) for row in table.iter_rows() for cell in row) == times
    findings = orjson.loads(after["token", "/api/v1/todo"][1])["findings"]
    told = [one["matter_id"] for one in findings if one["kind"] == "matter_damaged"]
    assert {one.id for one in ruins.of("matter")} <= set(told)
    assert len(told) == len(gone)
    assert {f"问责案件 {one.id[:8]}" for one in ruins.of("case")} <= {
        one["title"] for one in findings if one["kind"] == "case_damaged"
    }
    for reader in ("clerk", "leader"):
        assert "损坏" in after[reader, "/"][1].decode(), reader


def multiplied(figures: Any, times: int) -> Any:
    """Figures of so many times as much."""
    match figures:
        case bool() | str() | None:
            return figures
        case int() | float():
            return figures * times
        case list():
            return [multiplied(one, times) for one in figures]
    return {name: multiplied(value, times) for name, value in figures.items()}


def test_what_is_torn_in_any_column_is_told_and_ends_nothing_else(ruins: Ruins) -> None:
    for place, one in ruins.torn.items():
        if place[1] == "id":
            continue
        answer = ruins.token.get(f"/api/v1/{one.about}s/{one.id}")
        assert answer.status_code == (200 if one.named is None else 409), (place, answer.text)
        assert one.named is None or one.said in answer.json["detail"], (place, answer.text)


def test_the_calendar_goes_on_and_names_what_it_left_out(ruins: Ruins) -> None:
    with reading(ruins.app.extensions["database"]) as session:
        entries = calendar_entries(session, books(), unit=None, today=date(2026, 6, 1))
    left_out = [one.summary for one in entries if "记录损坏" in one.summary]
    gone = [one for one in ruins.every("matter") if one.named is not None]
    assert {f"事项的记录损坏，不在日历中：{one.title}" for one in gone if "title" not in one.title} <= set(left_out)


FAULTS: tuple[type[Exception], ...] = (KeyError, TypeError, AttributeError, StopIteration, ValueError, IndexError)
PLACES = {
    "matter": ("models.matter.matter._changed", "models.records.fold.read"),
    "case": ("models.case.case._changed", "models.records.fold.read"),
}
"""Where a mistake may stand: in what a record makes of a matter or a case, and in how it is read."""


def planted(monkeypatch: pytest.MonkeyPatch, place: str, fault: type[Exception]) -> None:
    def faulty(*_: Any, **__: Any) -> None:
        raise fault("planted")

    monkeypatch.setattr(place, faulty)


def edges(ruins: Ruins, about: str) -> list[tuple[str, Callable[[], Any]]]:
    """Where the sound one is read and written, alone and among all."""
    one = ruins.sound[about]
    path, body = f"/api/v1/{about}s/{one.id}", body_of(about)
    clerk, token, at = ruins.readers["clerk"], ruins.token, {"If-Match": '"1"'}
    return [
        ("page", lambda: clerk.get(f"/{about}s/{one.id}")),
        ("form", lambda: clerk.get(f"/{about}s/{one.id}/act/{ACTION[about]}")),
        ("read", lambda: token.get(path)),
        ("write", lambda: token.post(f"{path}/actions/{ACTION[about]}", json=body, headers=at)),
        ("to-do", lambda: token.get("/api/v1/todo?limit=1000")),
    ]


@pytest.mark.parametrize("about", ["matter", "case"])
def test_a_fault_of_ours_in_a_fold_is_an_error_of_ours_on_every_edge(
    ruins: Ruins, about: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Answered as such, and told in the log by its class and its place; of no record is it said that it is damaged."""
    for turn, (place, (edge, ask)) in enumerate(product(PLACES[about], edges(ruins, about))):
        fault = FAULTS[turn % len(FAULTS)]
        capsys.readouterr()
        with monkeypatch.context() as patched:
            planted(patched, place, fault)
            answer = ask()
        assert (answer.status_code, "损坏" in answer.text) == (500, False), (edge, place, answer.text)
        told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        [row] = [row for row in told if row["event"] not in ("request",)]
        assert row["event"] == "unexpected", row
        # out of a generator a StopIteration comes as a RuntimeError
        assert row["error"] in (fault.__name__, *(["RuntimeError"] if fault is StopIteration else [])), row


def test_what_is_stored_is_refused_by_its_number_on_both_databases(lasting: Engine) -> None:
    for history in (MATTERS, CASES):
        some = [one for one in one_of_each(history).values() if one.typed]
        assert said_of_each(lasting, some) == [one.named for one in some]


@pytest.mark.soak
@pytest.mark.parametrize("name", HISTORIES)
def test_every_damage_that_is_stored_is_refused_by_its_number_on_both_databases(lasting: Engine, name: str) -> None:
    some = [one for one in damages(HISTORIES[name]) if one.typed]
    assert said_of_each(lasting, some) == [one.named for one in some]


@pytest.mark.parametrize("about", ["matter", "case"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_of_ours_in_a_fold_ends_a_command_as_an_error_of_ours(
    ruins: Ruins, about: str, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(monkeypatch, PLACES[about][0], fault)
    one = ruins.sound[about]
    words = ["matter", "show", one.id] if about == "matter" else ["case", "show", one.id]
    ended = commanded(ruins, monkeypatch, *words)
    assert ended.exit_code == 1
    # out of a generator a StopIteration comes as a RuntimeError
    names = [fault.__name__, *(["RuntimeError"] if fault is StopIteration else [])]
    assert any(f"系统内部错误，没有完成；请把这一行报给维护人员：{name}（" in ended.stderr for name in names)
    assert "损坏" not in ended.output


def commanded(ruins: Ruins, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """How a command ends on this database, once ``wenze db upgrade`` made who is involved anew where it was another version's."""
    url = ruins.app.extensions["database"].url
    with closing(sqlite3.connect(str(url.database), isolation_level=None)) as connection:
        connection.execute("UPDATE cases SET involved = version")
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    return CliRunner().invoke(main, words)


def test_the_commands_name_the_record_and_lists_of_them_go_on(
    ruins: Ruins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for about in ROWS:
        one = next(one for one in ruins.of(about) if "no JSON" in one.title)
        written = (
            ("progress", "--by", "王五", "--unit", "甲处", "--set", "note=x")
            if about == "matter"
            else ("submit", "--by", "主任")
        )
        for words in (("show", one.id), ("act", one.id, *written)):
            ended = commanded(ruins, monkeypatch, about, *words)
            assert (ended.exit_code, one.said in ended.stderr) == (2, True), (words, ended.output)
    for words in (["patrol"], ["matter", "list", "--limit", "1000"], ["case", "list"], ["db", "review"],
                  ["ledger", "export", "--out", str(tmp_path / "all.jsonl")]):  # fmt: skip
        ended = commanded(ruins, monkeypatch, *words)
        assert ended.exit_code == 0, (words, ended.output, ended.exception)
        if words[-1] == "1000":
            assert all(one.title in ended.output for one in ruins.of("matter"))
        if words[0] == "case":
            assert all(one.id in ended.output for one in ruins.of("case"))
