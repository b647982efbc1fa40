"""The tour of the README: from a matter of the ledger to the end of a case, against the running service."""

from __future__ import annotations

import subprocess
import sys

from models.store.database import connect, writing
from tests.conftest import ROOT
from tests.e2e.conftest import WENZE, Service
from tests.entering import token_of


def test_the_tour_goes_from_a_matter_to_the_end_of_its_case(service: Service) -> None:
    confirmation = ["--by", "学校党委", "--on", "2025-01-02", "--document", "诫勉的影响期（示例）"]
    subprocess.run([WENZE, "periods", "confirm", "诫勉", *confirmation], cwd=service.folder, check=True, timeout=60)
    script = ROOT / "examples/journey.py"
    engine = connect(f"sqlite:///{service.folder / 'var/wenze.sqlite3'}")
    with writing(engine) as session:
        hands = (("李四", "office_clerk"), ("组长", "team_member"), ("党委秘书", "committee_secretary"))
        tokens = [token_of(session, name, role) for name, role in hands]
    engine.dispose()
    done = subprocess.run([sys.executable, script, service.url, *tokens], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert "处理建议：accountable" in done.stdout
    assert "2025-12-22　影响期满（art-9.5）" in done.stdout
    assert "closed，问责决定〔2025〕" in done.stdout.splitlines()[-1]
