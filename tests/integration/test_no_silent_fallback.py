"""A command without settings makes no database and says so; each says which one it worked on; the pages load the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import orjson
import pytest
from click.testing import CliRunner

from models.store.database import connect, upgrade
from rules.book.loading import load_rulebook
from service.cli import main
from service.documents.writing.forms import status_columns
from tests.integration.case_office import entry
from tests.integration.test_audit_events import PEOPLE, UNITS
from tests.lawful_case import LAWFUL

LEDGER = "工作任务,事项来源,立项依据,交办日期,牵头单位,办结时限\n任务,规划计划,要点,2026-01-05,甲处,2026-04-30\n"
PAGES = sorted(Path("docs/deploy").glob("*.md"))
LOAD = re.compile(r"set -a; \. /etc/wenze\.env; set \+a|EnvironmentFile=/etc/wenze\.env")
CALL = re.compile(r"(?:bin/wenze|(?:^|[#$;] ?)wenze) [a-z]")
MAKES = {"serve", "demo"}
"""What README starts in an empty folder."""


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that can be called."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from leaves(found, (*path, name))
        if not command.invoke_without_command:
            return
    yield path, command


def filled(command: click.Command, folder: Path) -> list[str]:
    """Something for every argument and option that is required."""
    given: list[str] = []
    for parameter in command.params:
        if not parameter.required:
            continue
        kind = parameter.type
        value = "1"
        if isinstance(kind, click.Path):
            value = str(folder / "given.yaml")
        elif isinstance(kind, click.Choice):
            value = str(next(iter(kind.choices)))
        elif isinstance(kind, click.DateTime):
            value = "2026-01-05"
        given += [parameter.opts[0], value] if isinstance(parameter, click.Option) else [value]
    return given


GIVEN = {
    ("assessment",): ["2026"], ("audit", "anchor"): ["--out", "anchor"], ("backup",): ["--out", "b.zip"],
    ("case", "act"): ["c", "approve", "--by", "书记", "--set", "opinion=同意"], ("case", "open"): ["case.json"],
    ("ledger", "import"): ["ledger.csv"], ("matter", "act"): ["m", "progress", "--by", "王五", "--set", "note=x"],
    ("oa", "run"): [], ("org", "import"): ["units.csv"], ("org", "import-people"): ["people.csv"],
    ("proof", "export"): ["r", "--out", "p.zip"], ("ratings", "list"): ["2026"], ("replay",): ["--out", "replayed"],
    ("report",): ["2026-01"],
    ("status-table", "draw"): ["t.xlsx", "--cutoff", "2026-01-25", "--submit-by", "2026-01-28"],
    ("status-table", "import"): ["table.csv", "--unit", "甲处", "--actor", "王五"],
}  # fmt: skip
"""What a command is given where what stands for its arguments would be refused before any database is asked for."""
NEEDS_NONE = {
    ("access",), ("backup", "verify"), ("calendar", "import"), ("calendar", "list"), ("case", "actions"), ("compliance",),
    ("config", "check"), ("config", "list"), ("matter", "actions"), ("proof", "check"), ("recommend",), ("rules", "check"),
    ("rules", "check-columns"), ("rules", "columns"), ("rules", "coverage"), ("rules", "verify"), ("user", "roles"),
}  # fmt: skip
"""Commands on files, settings and the regulation."""
COMMANDS = [pair for pair in leaves(main) if pair[0][0] not in MAKES and pair[0][:2] != ("rules", "mutate")]


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_no_command_makes_a_database_where_there_is_none_and_each_that_needs_one_names_it(
    path: tuple[str, ...], command: click.Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "given.yaml").write_text("{}", encoding="utf-8")
    (tmp_path / "case.json").write_bytes(orjson.dumps(entry(LAWFUL[0])))
    for name, content in (("units", UNITS.format("丁处")), ("people", PEOPLE), ("ledger", LEDGER)):
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    (tmp_path / "table.csv").write_text(",".join(status_columns(load_rulebook())) + "\n1,2,3,4,5,6\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENZE_OA_FOLDER", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("WENZE_DATA_DIR", raising=False)
    ended = CliRunner().invoke(main, [*path, *GIVEN.get(path, filled(command, tmp_path))], input="")
    assert not list(tmp_path.rglob("*.sqlite3*")), ended.output
    assert "Traceback" not in ended.output
    if path not in NEEDS_NONE:
        said = f"没有数据库 {tmp_path / 'var' / 'wenze.sqlite3'}，没有新建：请设置 DATABASE_URL"
        assert (ended.exit_code, said in ended.stderr) == (1, True), ended.output


@pytest.mark.parametrize("address", ["  ", "/srv/wenze.sqlite3", "postergsql://u@h/d"])
def test_an_address_that_is_none_is_told_by_its_name(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", address)
    for words in (["patrol"], ["db", "upgrade"]):
        ended = CliRunner().invoke(main, words)
        assert (ended.exit_code, ended.stderr.count("\n"), "DATABASE_URL 应为" in ended.stderr) == (1, 1, True), (
            ended.output
        )
    assert not list(tmp_path.iterdir())


def test_a_new_one_is_made_where_that_is_asked_for_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("WENZE_DATA_DIR", raising=False)
    place = tmp_path / "var" / "wenze.sqlite3"
    made = CliRunner().invoke(main, ["db", "upgrade", "--new"])
    assert (made.exit_code, place.exists()) == (0, True), made.output
    shown = CliRunner().invoke(main, ["patrol", "--format", "json"])
    assert shown.stderr.splitlines()[0] == f"数据库：{place}"
    assert "数据库" not in shown.stdout


def test_an_empty_file_is_no_database_and_is_filled_only_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("WENZE_DATA_DIR", raising=False)
    place = tmp_path / "var" / "wenze.sqlite3"
    place.parent.mkdir()
    place.touch()
    for words in (["db", "upgrade"], ["token", "list"]):
        ended = CliRunner().invoke(main, words)
        assert (ended.exit_code, f"没有数据库 {place}，没有新建" in ended.stderr) == (1, True), ended.output
        assert place.stat().st_size == 0
    made = CliRunner().invoke(main, ["db", "upgrade", "--new"])
    assert (made.exit_code, place.stat().st_size > 0) == (0, True), made.output


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_address_is_told_without_its_password(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade(database_url)
    engine = connect(database_url)
    secret = engine.url.set(password="Geheim7").update_query_dict({"application_name": "Geheim8"})
    engine.dispose()
    monkeypatch.setenv("DATABASE_URL", secret.render_as_string(hide_password=False))
    said = CliRunner().invoke(main, ["token", "list"]).stderr
    assert said.startswith("数据库：postgresql")
    assert "Geheim" not in said


@pytest.mark.parametrize("deployed", PAGES, ids=lambda deployed: deployed.name)
def test_each_command_of_the_pages_is_under_a_load_of_the_settings(deployed: Path) -> None:
    told = deployed.read_text(encoding="utf-8")
    for block in re.findall(r"^ *```[a-z]*\n(.*?)^ *```", told, re.S | re.M):
        loaded = False
        for line in block.splitlines():
            loaded = loaded or LOAD.search(line) is not None
            assert loaded or CALL.search(line.strip()) is None, line
    prose = re.sub(r"^ *```.*?^ *```", "", told, flags=re.S | re.M)
    steps = [line for line in prose.splitlines() if re.match(r" *[0-9]+\. ", line)]
    assert not [line for line in steps if "`wenze " in line]


def test_the_patrol_anchors_although_the_mail_server_is_not_there_or_not_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings = {"WENZE_DATA_DIR": str(tmp_path / "data"), "WENZE_AUDIT_ANCHOR": str(tmp_path / "anchor"),
                "WENZE_SMTP_HOST": "127.0.0.1", "WENZE_SMTP_PORT": "1", "WENZE_SMTP_FROM": "wenze@example.edu.cn",
                "WENZE_SMTP_STARTTLS": "false", "WENZE_OFFICE_EMAIL": "office@example.edu.cn"}  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert CliRunner().invoke(main, ["db", "upgrade", "--new"]).exit_code == 0
    (tmp_path / "data" / "mail.lock").mkdir()  # worse than a server that is not there: the round cannot even begin
    ended = CliRunner().invoke(main, ["patrol", "--mail"])
    assert ended.exit_code == 1, ended.output
    assert len((tmp_path / "anchor").read_text("utf-8").splitlines()) == 1
    for at, (name, value) in enumerate(
        {"WENZE_SMTP_PORT": "x", "WENZE_AUDIT_MAIL": "无", "WENZE_SMTP_HOST": ""}.items(), 1
    ):
        monkeypatch.setenv("WENZE_AUDIT_ANCHOR", str(tmp_path / f"anchor {at}"))
        monkeypatch.setenv(name, value)
        ended = CliRunner().invoke(main, ["patrol", "--mail"])
        assert (ended.exit_code, name in ended.stderr) == (1, True), ended.output
        assert len((tmp_path / f"anchor {at}").read_text("utf-8").splitlines()) == 1
