"""``wenze people`` and the table of posts: the registry of persons on the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.people.units import Unit
from models.store.database import connect, writing
from service.cli import main
from service.cli.db import ready_database

HEAD = "工号,姓名,单位,职务,职级,干部管理,起,止,电话,邮箱\n"
ROW = "1001,{},甲处,{},正职,学校党委管理,2020-01-01,,{}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with writing(connect(ready_database(new=True))) as session:
        session.add(Unit(name="甲处", from_on=date(2020, 1, 1)))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def test_a_person_is_entered_found_renamed_and_shown(run: Callable[..., Result]) -> None:
    assert run("people", "add", "沈言", "--number", "1003", "--phone", "2601").stdout == "1003\n"
    assert "已有这个工号" in run("people", "add", "沈砚", "--number", "1003").stderr
    assert "本校人员须有工号" in run("people", "add", "沈砚").stderr
    assert "空格" in run("people", "add", "沈 砚", "--number", "1004").stderr
    outside = run("people", "add", "欧阳外", "--organisation", "某局").stdout.strip()
    assert outside.startswith("自编")
    assert run("people", "list", "某局").stdout == f"欧阳外　校外　某局　{outside}\n"
    assert run("people", "rename", "1003", "沈砚").exit_code == 0
    assert run("people", "change", "1003", "--mail", "s@example.org").exit_code == 0
    assert run("people", "list", "沈言").stdout == "沈砚　1003\n"
    assert run("people", "show", "1003").stdout.split() == [
        "1003",
        "沈砚",
        "曾用名：沈言",
        "电话：2601",
        "邮箱：s@example.org",
    ]
    unknown = run("people", "show", "无")
    assert (unknown.exit_code, "没有这个工号" in unknown.stderr) == (2, True)
    assert (run("people", "merges").stdout, run("people", "names").stdout) == ("", "")


def test_a_table_of_posts_goes_by_the_number_and_tells_a_renaming(run: Callable[..., Result], tmp_path: Path) -> None:
    table = tmp_path / "人员.csv"
    table.write_text(HEAD + ROW.format("沈言", "处长", "2601,"), "utf-8")
    assert run("org", "import-people", table, "--apply").exit_code == 0
    table.write_text(HEAD + ROW.format("沈砚", "处长", ",s@example.org"), "utf-8")
    tried = run("org", "import-people", table)
    assert "沈砚（更名，原为沈言）" in tried.stdout
    assert run("people", "list", "1001").stdout == "沈言　甲处处长　1001\n"  # only tried
    assert run("org", "import-people", table, "--apply").exit_code == 0
    told = run("people", "show", "1001").stdout
    assert all(one in told for one in ("沈砚", "曾用名：沈言", "电话：2601", "邮箱：s@example.org"))
    table.write_text(HEAD + ROW.format("沈砚", "处长", ",") + ROW.format("沈研", "科长", ","), "utf-8")
    assert "姓名不一致：沈研、沈砚" in run("org", "import-people", table).output
