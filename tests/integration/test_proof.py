"""Proof packages from stored receipts and cases: the interface, the command line, the event that keeps the root."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import text

from models.case.act import PersonUnknown
from models.people.units import Unit
from models.schemas.errors import CaseFileError
from models.store.database import connect, reading, writing
from service.app import create_app
from service.books import books
from service.cli import main
from service.cli.db import ready_database
from service.documents.recommending.proof_file import Package, written
from service.proof_check import verify
from service.usecases.cases.prove import NotEvaluated, prove_case
from tests.conftest import example
from tests.entering import Entering
from tests.integration.case_office import proposed, taken
from tests.integration.conftest import new_token
from tests.integration.ledger_office import OPINION
from tests.integration.paper_cases import AGGRAVATED, STEPS
from tests.integration.test_api import post
from tests.integration.test_openapi import document  # noqa: F401
from tests.lawful_case import LAWFUL, MEETING, SLOTS, Step, until, with_details
from tests.proofs import SEED

JOINT = "joint-matter-three-units"


def asked(client: FlaskClient, case: dict[str, Any], query: str = "") -> Any:
    return client.get(f"{post(client, case).headers['Location']}/proof{query}")


def shown(package: Package) -> dict[str, Any]:
    return {leaf["path"]: leaf["value"] for leaf in package["leaves"] if "value" in leaf}


def steps(before: str) -> tuple[Step, ...]:
    """The lawful history after the proposal, up to an action."""
    return until(before, STEPS)[1:]


def test_the_proof_of_a_receipt_verifies_and_its_root_is_kept_in_the_trail(app: Flask, client: FlaskClient) -> None:
    made = post(client, example("plan-task-missed"))
    answer = client.get(f"{made.headers['Location']}/proof")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    told = verify(answer.data)
    assert told["receipt"] == made.json["id"]
    assert shown(answer.json)["answer/raw"] == made.data.decode()
    with app.extensions["database"].connect() as connection:
        rows = connection.execute(text("SELECT * FROM audit_events")).mappings().all()
    kept = [row for row in rows if row["action"] == "recommendations.proof"]
    assert len(kept) == 1
    assert told["root"] in str(dict(kept[0]))


def test_answers_are_of_the_documented_shape(document: dict[str, Any], user: FlaskClient) -> None:  # noqa: F811
    shape = {"$ref": "#/components/schemas/ProofPackage", "components": document["components"]}
    check = Draft202012Validator(shape)
    for query in ("", "?person=P1", "?person=P1&redacted=true"):
        package = asked(user, example(JOINT), query).json
        check.validate(package)
        assert not check.is_valid(package | {"other": 1})


def test_a_copy_holds_one_person_alone(user: FlaskClient) -> None:
    data = example(JOINT)
    names = [person["name"] for person in data["persons"]]
    for query in ("?person=P2", "?person=P2&redacted=true"):
        answer = asked(user, data, query)
        assert list(verify(answer.data)["persons"]) == [2]
        assert [name for name in names if name in answer.text] == names[1:2]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("?redacted=true", 422, "有几名人员，请写明其中一名：P1、P2、P3"), ("?person=P9", 422, "没有这名人员；可以是：P1、P2、P3"),
        ("?redacted=yes", 400, "只能取 true 或者 false"), ("?person=", 400, "1至100个字"), ("?other=1", 400, "查询参数只有"),
    ],
)  # fmt: skip
def test_what_a_query_may_not_ask(user: FlaskClient, query: str, status: int, said: str) -> None:
    answer = asked(user, example(JOINT), query)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


@pytest.mark.parametrize("receipt", ["nothing", "00000000-0000-0000-0000-000000000000", "a%00b"])
def test_no_receipt_no_proof(user: FlaskClient, receipt: str) -> None:
    assert user.get(f"/api/v1/recommendations/{receipt}/proof").status_code == 404


def test_nobody_without_the_permission_gets_one(embedded: Flask) -> None:
    assert embedded.test_client().get("/api/v1/recommendations/x/proof").status_code == 401


def test_the_proof_of_a_decided_case_holds_the_committees_choices_and_reasons(app: Flask, office: FlaskClient) -> None:
    case = taken(office, proposed(office).json, *steps("serve_decision"))
    with reading(app.extensions["database"]) as session:
        whole = prove_case(session, books(), case["id"], seed=SEED)
        copy = prove_case(session, books(), case["id"], person="P1", redacted=True, seed=SEED)
        with pytest.raises(PersonUnknown):
            prove_case(session, books(), case["id"], person="P9", seed=SEED)
    parts = shown(whole)
    assert (parts["decision"]["outcome"], parts["decision"]["measures"]) == ("held", ["admonition"])
    assert parts["decision/slots/00"] == {"slot": "measure", "choice": "诫勉", "reason": "情节较重"}
    assert parts["decision/meeting"]["attendance"] == list(MEETING["attendance"])
    assert verify(written(whole))["root"] == verify(written(copy))["root"] == whole["root"]
    raw = written(copy).decode()
    assert not [name for name in (*MEETING["attendance"], "组员甲", "组员乙") if name in raw]
    assert "张某" in raw
    assert shown(copy)["decision/slots/00"]["reason"] == "情节较重"


def test_a_reason_that_names_somebody_else_is_removed_from_the_copy(app: Flask, office: FlaskClient) -> None:
    slots = ({**SLOTS[0], "reason": "组员甲认为情节较重"}, *SLOTS[1:], AGGRAVATED)
    named = [with_details(one, decisions=({**one.details["decisions"][0], "slots": slots},)) if one.action == "decide" else one
             for one in steps("issue_decision")]  # fmt: skip
    case = taken(office, proposed(office).json, *named)
    with reading(app.extensions["database"]) as session:
        copy = prove_case(session, books(), case["id"], redacted=True, seed=SEED)
    verify(written(copy))
    assert "组员甲" not in written(copy).decode()
    assert [path for path in shown(copy) if path.startswith("decision/slots")] == [
        "decision/slots/01", "decision/slots/02", "decision/slots/03",
    ]  # fmt: skip


def test_before_any_evaluation_there_is_nothing_to_prove(app: Flask, office: FlaskClient) -> None:
    case = proposed(office).json
    with reading(app.extensions["database"]) as session, pytest.raises(NotEvaluated, match="还没有处理建议"):
        prove_case(session, books(), case["id"], seed=SEED)


def test_a_case_of_several_persons_needs_a_name(app: Flask, office: FlaskClient) -> None:
    persons = [{**dict(LAWFUL[0].details["persons"][0]), "id": name, "name": name} for name in ("P1", "P2")]
    case = proposed(office, persons=persons).json
    with reading(app.extensions["database"]) as session, pytest.raises(CaseFileError):
        prove_case(session, books(), case["id"], seed=SEED)


# --- the command line -------------------------------------------------------------------------------------------------


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["proof", *words])


@pytest.fixture
def decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A decided case of an embedded ledger."""
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with writing(connect(ready_database(new=True))) as session:
        session.add_all(
            [Unit(name=name, from_on=LAWFUL[0].on.replace(year=2020)) for name in (OPINION["lead_unit"], "乙处")]
        )
    app = create_app(ready_database(new=True))
    client = Entering.at(app, new_token(app))
    return taken(client, proposed(client).json, *steps("serve_decision"))


def test_a_case_is_exported_checked_and_a_changed_file_refused(decided: Any, tmp_path: Path) -> None:
    out, archive = tmp_path / "证明.json", tmp_path / "副本.zip"
    made = run("export", decided["id"], "--out", str(out))
    assert made.exit_code == 0, made.output
    root = made.stdout.strip().removeprefix("root　")
    checked = run("check", str(out), "--root", root)
    assert (checked.exit_code, "核验通过" in checked.stdout) == (0, True), checked.output
    assert run("export", decided["persons"][0]["evaluations"][-1], "--redacted", "--out", str(archive)).exit_code == 0
    assert run("check", str(archive)).exit_code == 0
    with zipfile.ZipFile(archive) as found:
        assert sorted(found.namelist()) == ["proof.json", "proof_check.py", "说明.txt"]
        assert json.loads(found.read("proof.json"))["root"] in found.read("说明.txt").decode()
    out.write_bytes(out.read_bytes().replace("诫勉".encode(), "免予".encode(), 1))
    changed = run("check", str(out), "--root", root)
    assert (changed.exit_code, "核验不通过" in changed.stderr) == (1, True)


def test_what_cannot_be_exported_leaves_no_file(decided: Any, tmp_path: Path) -> None:
    out = tmp_path / "证明.json"
    for words, said in (
        (("nobody",), "没有这个案件"), ((decided["id"], "--person", "P9"), "本案没有这名调查对象"),
    ):  # fmt: skip
        done = run("export", *words, "--out", str(out))
        assert (done.exit_code, said in done.stderr, out.exists()) == (2, True, False), done.stderr
    other = run("export", decided["id"], "--out", str(tmp_path / "证明.txt"))
    assert (other.exit_code, ".json 或者 .zip" in other.stderr) == (2, True)


def test_the_export_leaves_one_event_with_the_root(decided: Any, tmp_path: Path) -> None:
    made = run("export", decided["id"], "--out", str(tmp_path / "证明.json"))
    with reading(connect(ready_database(new=True))) as session:
        rows = session.execute(text("SELECT * FROM audit_events WHERE action = 'proof export'")).mappings().all()
    assert len(rows) == 1
    assert made.stdout.strip().removeprefix("root　") in str(dict(rows[0]))
