"""Every measure can be taken: the program of the measures is run once, with sizes whose figures mean nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.soak
def test_every_measure_can_be_taken() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.bench", "--quick"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "已写入" in done.stdout
