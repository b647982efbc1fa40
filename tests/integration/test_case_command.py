"""An accountability case on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from models.people.units import Unit
from models.store.database import connect, writing
from service.app import create_app
from service.cli import main
from service.cli.db import ready_database
from tests.entering import Entering, on_paper
from tests.integration.case_office import entry, overdue_matter
from tests.integration.conftest import new_token
from tests.integration.ledger_office import OPINION
from tests.lawful_case import EVERYBODY, LAWFUL, OFFICE_NAME, first, until
from tests.registered import register


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["case", *on_paper("case", words)])


@pytest.fixture
def matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A matter of an embedded ledger that was urged three times."""
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with writing(connect(ready_database(new=True))) as session:
        session.add(Unit(name=OPINION["lead_unit"], from_on=LAWFUL[0].on.replace(year=2020)))
        register(session, EVERYBODY)
    app = create_app(ready_database(new=True))
    client = Entering.at(app, new_token(app))
    return overdue_matter(client)


@pytest.fixture
def case(matter: Any, tmp_path: Path) -> str:
    body = entry(LAWFUL[0])
    body["details"]["matters"] = [matter["id"]]
    (tmp_path / "提出.json").write_bytes(orjson.dumps(body))
    opened = run("open", str(tmp_path / "提出.json"))
    assert "【已提出，待批准】" in opened.output
    return opened.stdout.split("　")[0]


def test_a_case_is_taken_to_its_findings_and_shown(case: str, tmp_path: Path) -> None:
    for at, one in enumerate(until("find")[1:]):
        content = tmp_path / f"{at}.json"
        content.write_bytes(orjson.dumps(entry(one)["details"]))
        done = run("act", case, one.action, str(content), "--on", one.on.isoformat(), "--by", one.actor.name)
        assert done.exit_code == 0, done.stderr
    evidence = '[{"reference":"会议纪要"}]'
    words = ["--by", "组长", "--on", "2026-05-20", "--set", "person=P1", "--set", "element=art-8.1.1.not_completed"]
    refused = run("act", case, "认定", *words, "--set", "value=established")
    assert (refused.exit_code, "对调查对象不利的认定须有证据" in refused.stderr) == (2, True)
    done = run("act", case, "认定", *words, "--set", "value=established", "--set", f"evidence={evidence}")
    assert "【调查中】" in done.output
    assert "2026-05-20　认定　组长（第九条第（一）款" in run("show", case).output
    assert case in run("list", "--state", "investigating").output


def test_a_refusal_and_a_fault_end_with_2(case: str) -> None:
    refused = run("act", case, "approve", "--by", "张某", "--on", first("approve").on.isoformat())
    assert (refused.exit_code, "批准人涉及本案" in refused.stderr) == (2, True)
    early = run("act", case, "submit", "--by", "主任")
    assert (early.exit_code, "案件现为“已提出，待批准”" in early.stderr) == (2, True)
    faulty = run(
        "act", case, "form_team", "--by", "主任", "--set", f'members=[{{"name":"组长","unt":"{OFFICE_NAME}"}}]'
    )
    assert "details.members[0].unt" in faulty.stderr
    assert run("show", "nobody").exit_code == 2
    assert run("act", case, "问罪", "--by", "主任").exit_code == 2


def test_a_file_is_attached_listed_and_fetched_until_its_bytes_are_changed(case: str, tmp_path: Path) -> None:
    (tmp_path / "纪要.pdf").write_bytes(b"%PDF-1.7 minutes")
    sent = run("attach", case, str(tmp_path / "纪要.pdf")).stdout.strip()
    assert f"{sent}　纪要.pdf　16 字节　sha256 " in run("attachments", case).output
    out = tmp_path / "out.pdf"
    assert run("attachments", case, sent, "--out", str(out)).exit_code == 0
    assert out.read_bytes() == b"%PDF-1.7 minutes"
    assert "本案没有这个附件" in run("attachments", case, "none").stderr
    assert "没有这个案件" in run("attachments", "nobody").stderr
    files = (path for path in (tmp_path / "var" / "attachments").rglob("*") if path.is_file())
    (kept,) = (path for path in files if path.read_bytes() == b"%PDF-1.7 minutes")
    kept.write_bytes(b"other")
    for words in (("attachments", case, sent), ("package", case, "--out", str(tmp_path / "案卷.zip"))):
        lost = run(*words)
        assert (lost.exit_code, "附件的内容已经缺失或者被改动" in lost.stderr) == (1, True)
    assert not (tmp_path / "案卷.zip").exists()


def test_every_action_tells_who_may_do_it_and_its_fields() -> None:
    listed = run("actions").output
    assert "decide　审议并作出决定（第九条第（二）款" in listed
    assert "由学校党委办理" in listed
    assert "reasonable　是否合理：必填" in run("actions", "答复申辩意见").output
