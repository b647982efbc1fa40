"""What is deployed is listed with its licences; an audit that could not look never says that all is well."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.conftest import ROOT


def ran(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / ".ci" / script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The document, and what was said of it."""
    target = tmp_path_factory.mktemp("build") / "sbom.cdx.json"
    done = ran("bill_of_materials.py", str(target))
    assert done.returncode == 0, done.stderr
    return target.read_text(encoding="utf-8"), done.stdout


def test_the_bill_of_materials_is_cyclonedx_and_whole(bill: tuple[str, str]) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(bill[0]) is None
    found = {component["name"]: component for component in json.loads(bill[0])["components"]}
    assert {"flask", "durable-rules", "sqlalchemy", "swagger-ui-dist"} <= set(found)
    assert not {"pytest", "ruff"} & set(found)
    assert [
        name for name, component in found.items() if not component["licenses"] and "properties" not in component
    ] == []
    assert found["flask"]["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert found["swagger-ui-dist"]["purl"].startswith("pkg:npm/swagger-ui-dist@")


def test_what_is_not_permissively_licensed_is_named_to_users(bill: tuple[str, str]) -> None:
    named = [
        line.removeprefix("非宽松许可：").split(" ")[0]
        for line in bill[1].splitlines()
        if line.startswith("非宽松许可：")
    ]
    licence = (ROOT / "README.md").read_text(encoding="utf-8").partition("## 许可")[2]
    assert "psycopg" in named
    assert [name for name in named if name not in licence] == []


def weakness(name: str, ident: str) -> dict[str, Any]:
    events = [{"introduced": "0"}, {"fixed": "999.1"}]
    affected = {"package": {"name": name, "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    return {"id": ident, "summary": "测试", "affected": [affected]}


@contextmanager
def database(known: dict[str, str], *, status: int = 200) -> Iterator[str]:
    """A database of vulnerabilities, one for each name that is known."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]["name"]
            answer = {"vulns": [weakness(asked, known[asked])]} if asked in known else {}
            raw = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            """Nothing is said."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
        finally:
            server.shutdown()
            thread.join()


CONTROL = {"django": "PYSEC-CONTROL"}


def test_dependencies_without_known_vulnerabilities_pass() -> None:
    with database(CONTROL) as service:
        done = ran("dependency_audit.py", service)
    assert (done.returncode, done.stdout) == (0, "")
    assert "没有已知漏洞" in done.stderr


def test_a_known_vulnerability_is_named_with_its_remedy() -> None:
    with database(CONTROL | {"flask": "PYSEC-2099-1", "psycopg-binary": "PYSEC-2099-2"}) as service:
        done = ran("dependency_audit.py", service)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "flask：PYSEC-2099-1，修复于 999.1",
        "psycopg-binary：PYSEC-2099-2，修复于 999.1",
    ]


@pytest.mark.parametrize(
    ("known", "status"), [({}, 200), (CONTROL, 500), (CONTROL, 404)], ids=["empty", "failing", "absent"]
)
def test_a_database_that_did_not_look_is_no_audit(known: dict[str, str], status: int) -> None:
    with database(known, status=status) as service:
        done = ran("dependency_audit.py", service)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("未审计：")
    assert "没有已知漏洞" not in done.stderr


def test_a_database_that_cannot_be_reached_is_no_audit() -> None:
    done = ran("dependency_audit.py", "http://127.0.0.1:9/v1/query")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("未审计：")
