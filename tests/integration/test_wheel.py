"""The wheel holds what the program needs: built from what git holds, installed where no source tree is, and used there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

ROOMS = ("rules", "models", "service", "features")
USED = """
import json, sys
from pathlib import Path
from click.testing import CliRunner
import rules.packaged
from service.cli import main
from service.documents.rulebook.scenarios import written_scenarios

def run(*words):
    done = CliRunner().invoke(main, list(words))
    return {"code": done.exit_code, "out": done.output, "error": repr(done.exception)}

Path("results.json").write_text(json.dumps([row | {"result": "passed"} for row in written_scenarios()]), encoding="utf-8")
said = {" ".join(words): run(*words) for words in (
    ("rules", "check"), ("recommend", "case.yaml"), ("compliance", "results.json", "report"), ("db", "upgrade", "--new"),
)}
print(json.dumps({"from": str(rules.packaged.ROOT), "scenarios": len(written_scenarios()), "said": said}))
"""
"""Runs where the wheel was installed: several commands in one process, since a start costs more than the work."""


@pytest.fixture(scope="module")
def held() -> list[str]:
    """What git holds of the rooms, asked of git itself."""
    said = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", *ROOMS], capture_output=True, text=True, check=True
    )
    return sorted(name for name in said.stdout.split("\0") if name and (ROOT / name).exists())


@pytest.fixture(scope="module")
def wheel(held: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once, from a copy of what git holds, so that nothing else of this folder gets in, nor anything into it."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in [*held, "pyproject.toml", "README.md", "LICENSE"]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    build = [sys.executable, "-m", "uv", "build", "-q", "--wheel", "--out-dir", str(out), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (found,) = out.glob("*.whl")
    return found


def test_the_wheel_holds_every_file_of_the_rooms_and_nothing_else(wheel: Path, held: list[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = sorted(name for name in archive.namelist() if ".dist-info/" not in name)
    assert names == held
    assert sum(not name.endswith(".py") for name in names) > 100


def test_what_was_installed_elsewhere_works_without_the_source_tree(
    wheel: Path, held: list[str], tmp_path: Path
) -> None:
    target = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)  # all that installing a wheel of pure Python does
    shutil.copy(ROOT / "examples" / "plan-task-missed.yaml", tmp_path / "case.yaml")
    (tmp_path / "use.py").write_text(USED, encoding="utf-8")
    # -S: no .pth of the environment is read, and thereby not the one that leads to the source tree
    paths = f"{target}:{sysconfig.get_path('purelib')}"
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": paths,
        "WENZE_DATA_DIR": str(tmp_path / "var"),
        "LANG": "C.UTF-8",
    }
    (tmp_path / "var").mkdir(mode=0o700)
    done = subprocess.run(
        [sys.executable, "-S", "use.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["from"] == str(target)
    assert {words: said["code"] for words, said in found["said"].items()} == dict.fromkeys(found["said"], 0), found
    assert "结论：有应予问责的情形" in found["said"]["recommend case.yaml"]["out"]
    written = [line.strip() for name in held if name.endswith(".feature") for line in (ROOT / name).read_text("utf-8").splitlines()]  # fmt: skip
    assert found["scenarios"] == sum(line.startswith(("场景:", "场景大纲:")) for line in written) > 150
    report = json.loads((tmp_path / "report" / "compliance.json").read_text("utf-8"))
    assert len(report) == 159
    assert sum(row["state"] == "specified" for row in report) > 50
    assert (tmp_path / "report" / "index.html").stat().st_size > 100_000
