"""Evidence that names files, ledger records and hearings: looked up when the finding is made, and kept as it then was."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from models.schemas.case_entries import load_case_entry
from models.schemas.errors import CaseFileError
from service.documents.case_words import evidence_words
from tests.integration.case_office import entry, proposed, take, taken
from tests.integration.test_attachments import send_to
from tests.lawful_case import first, found, until

RAW = b"%PDF-1.7 minutes"
SHA256 = hashlib.sha256(RAW).hexdigest()
ELEMENT = "art-8.1.1.not_completed"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    return tmp_path / "attachments"


@pytest.fixture
def case(office: FlaskClient) -> Any:
    """A case whose team may find."""
    return taken(office, proposed(office).json, *until("find")[1:])


def sent(client: FlaskClient, case: Any, name: str = "纪要.pdf") -> str:
    answer: str = send_to(client, f"/api/v1/cases/{case['id']}/attachments", name, RAW).json["id"]
    return answer


def of_matter(client: FlaskClient, case: Any) -> str:
    answer: str = send_to(client, f"/api/v1/matters/{case['matters'][0]}/attachments", "台账.pdf", RAW).json["id"]
    return answer


def number(client: FlaskClient, case: Any) -> str:
    answer: str = client.get(f"/api/v1/matters/{case['matters'][0]}").json["number"]  # type: ignore[index]
    return answer


def finding(client: FlaskClient, case: Any, *evidence: Any) -> Any:
    return take(client, case, found(ELEMENT, "established", "2026-06-01", evidence=evidence))


def test_what_is_named_is_written_down_as_it_was(office: FlaskClient, case: Any) -> None:
    ours, theirs, matter = sent(office, case), of_matter(office, case), number(office, case)
    case = taken(office, case, found("harm", "grave"), first("serve_fact_material"), first("hear"))
    heard = case["records"][-1]["number"]
    answer = finding(
        office, case, {"attachment": ours, "page": 3}, {"attachment": theirs, "sha256": SHA256},
        {"ledger_record": f"{matter}#4"}, {"hearing": heard, "text": "承认逾期"}, {"kind": "document", "reference": "他处档案"}, "口头",
    )  # fmt: skip
    assert answer.status_code == 200, answer.json
    kept = answer.json["records"][-1]["details"]["evidence"]
    assert kept == [
        {"attachment": ours, "page": 3, "file_name": "纪要.pdf", "sha256": SHA256},
        {"attachment": theirs, "sha256": SHA256, "file_name": "台账.pdf"},
        {"ledger_record": f"{matter}#4", "action": "催办", "on": "2026-05-04"},
        {"hearing": heard, "text": "承认逾期", "by": "张某", "on": "2026-05-27"},
        {"kind": "document", "reference": "他处档案"},
        "口头",
    ]
    assert evidence_words(kept).split("\n") == [
        f"纪要.pdf（散列值{SHA256[:12]}），页码：3",
        f"台账.pdf（散列值{SHA256[:12]}）",
        f"台账记录{matter}#4（催办，2026-05-04）",
        f"谈话笔录（办理记录第{heard}号，张某，2026-05-27），承认逾期",
        "他处档案（文件）",
        "口头",
    ]


def test_every_piece_that_names_what_is_not_there_is_told_and_nothing_is_written(
    office: FlaskClient, case: Any
) -> None:
    other = proposed(office).json
    foreign, of_other, matter = sent(office, other), of_matter(office, other), number(office, case)
    wrong = (
        {"attachment": "none"}, {"attachment": foreign}, {"attachment": of_other}, {"ledger_record": f"{matter}#99"},
        {"ledger_record": f"{number(office, other)}#1"}, {"ledger_record": matter}, {"hearing": 1},
        {"attachment": sent(office, case), "sha256": "0" * 64},
    )  # fmt: skip
    refused = finding(office, case, *wrong)
    assert refused.status_code == 422
    paths = [*("attachment",) * 3, *("ledger_record",) * 3, "hearing", "sha256"]
    errors = refused.json["errors"]
    assert set(errors) == {f"details.evidence[{at}].{name}" for at, name in enumerate(paths)}
    assert "本案和所涉事项都没有这个附件" in errors["details.evidence[1].attachment"][0]
    assert f"{matter}#1至6" in errors["details.evidence[4].ledger_record"][0]
    assert "本案现有：尚无" in errors["details.evidence[6].hearing"][0]
    assert SHA256 in errors["details.evidence[7].sha256"][0]
    assert office.get(f"/api/v1/cases/{case['id']}").json["version"] == case["version"]  # type: ignore[index]


def test_the_evidence_of_a_finding_reaches_the_recommendation(office: FlaskClient, case: Any) -> None:
    piece = {"attachment": sent(office, case), **{f"字段{at}": at for at in range(17)}}
    case = finding(office, case, piece).json
    case = taken(office, case, found("role", "principal"), found("harm", "grave"), first("evaluate"))
    receipt = office.get(f"/api/v1/recommendations/{case['persons'][0]['evaluations'][0]}").data
    assert SHA256 in orjson.dumps(orjson.loads(receipt)["persons"]["P1"]["steps"]).decode()
    refused = finding(office, case, {**piece, "字段17": 17})
    assert (refused.status_code, "至多20个字段" in refused.json["errors"]["details.evidence[0]"][0]) == (422, True)


@pytest.mark.parametrize(
    ("piece", "path"),
    [
        ({"attachment": 3}, "[0].attachment"),
        ({"attachment": "x" * 37}, "[0].attachment"),
        ({"attachment": None}, "[0].attachment"),
        ({"ledger_record": True}, "[0].ledger_record"),
        ({"hearing": "9"}, "[0].hearing"),
        ({"hearing": True}, "[0].hearing"),
        ({"hearing": -1}, "[0].hearing"),
        ({"attachment": "a", "hearing": 9}, "[0].hearing"),
    ],
    ids=str,
)
def test_a_reference_of_the_wrong_kind_is_refused_at_its_place(piece: Any, path: str) -> None:
    body = entry(found(ELEMENT, "established", evidence=(piece,)))
    with pytest.raises(CaseFileError) as refused:
        load_case_entry("find", body)
    assert [error.path for error in refused.value.errors] == [f"details.evidence{path}"]


def test_what_only_looks_like_a_reference_in_an_older_record_is_shown_as_it_is() -> None:
    assert evidence_words([{"attachment": "第3号附件"}]) == "attachment：第3号附件"
