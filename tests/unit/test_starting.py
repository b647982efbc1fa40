"""What a command costs before it begins: help reads nothing but its own table."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service.cli import COMMANDS, main
from tests.conftest import ROOT

_STARTED = """
import importlib, pkgutil, sys
from service.cli import main
main(["--help"], standalone_mode=False)
print([name for name in ("sqlalchemy", "flask", "marshmallow", "rules") if name in sys.modules])
read = []
sys.addaudithook(lambda event, said: read.append(str(said[0])) if event == "open" else None)
import models, rules, service
for room in (rules, models, service):
    for found in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
        if ".migrations." not in found.name:
            importlib.import_module(found.name)
print([path for path in read if "/rules/books/" in path and path.endswith((".yaml", ".md"))])
"""


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What a fresh interpreter prints: the help, what it imported for that, what it read of the book to import everything."""
    done = subprocess.run([sys.executable, "-c", _STARTED], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()


def test_the_help_imports_none_of_the_commands(told: list[str]) -> None:
    assert any("recommend" in line for line in told)
    assert told[-2] == "[]"


def test_importing_the_product_reads_no_file_of_the_book(told: list[str]) -> None:
    assert told[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_tells_what_the_command_says_of_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert command.help is not None
    assert command.help.splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize(
    ("library", "words"),
    [("z3", ["rules", "verify"]), ("polars", ["rules", "columns"]), ("sqlglot", ["rules", "columns"])],
)
def test_a_command_of_the_analysis_says_what_to_install(
    library: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("rules.analysis.columns")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 2
    assert told.output.startswith(f"Error: 缺少 {library}：")
    assert "wenze[analysis]" in told.output


def test_what_the_machine_lacks_is_told_in_one_line_whatever_the_locale(tmp_path: Path) -> None:
    for name in ("bash", "id", "ls"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    path = {"PATH": str(tmp_path), "LC_ALL": "C", "PYTHON": sys.executable}
    told = subprocess.run(["bash", ROOT / ".ci/system-packages", "tests"], env=path, capture_output=True)
    assert told.returncode == 1
    (line,) = told.stderr.decode().splitlines()
    assert line.startswith("缺少系统软件：C 编译器、")
    assert "gcc libc6-dev" in line


def test_where_apt_get_fails_one_line_says_what_is_lacking_and_why(tmp_path: Path) -> None:
    for name in ("bash", "ls", "mktemp", "grep", "tail", "rm"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    for name, does in (("id", "echo 0"), ("apt-get", "echo W: old; echo E: first; echo E: no room; exit 100")):
        (tmp_path / name).write_text(f"#!{tmp_path}/bash\n{does}\n")
        (tmp_path / name).chmod(0o755)
    path = {"PATH": str(tmp_path), "LC_ALL": "C", "TMPDIR": str(tmp_path)}
    told = subprocess.run(["bash", ROOT / ".ci/system-packages", "spark"], env=path, capture_output=True)
    assert told.returncode == 1
    begun, line = told.stderr.decode().splitlines()
    assert begun.startswith("安装系统软件：")
    assert line.startswith("缺少系统软件：")
    assert "openjdk-17-jre-headless" in line
    assert line.endswith("；apt-get 没有装上：E: no room")
