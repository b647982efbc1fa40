"""The tour of the README: from a matter of the ledger to the end of a case, against the running service."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT
from tests.e2e.conftest import Service


def test_the_tour_goes_from_a_matter_to_the_end_of_its_case(service: Service) -> None:
    script = ROOT / "examples/journey.py"
    done = subprocess.run(
        [sys.executable, script, service.url, service.token], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "处理建议：accountable" in done.stdout
    assert "closed，问责决定〔2026〕" in done.stdout.splitlines()[-1]
