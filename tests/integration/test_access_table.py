"""The table of access for people: as Markdown in the documentation, as a paper, over the interface."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from service.access import access
from service.cli import main
from tests.conftest import ROOT


def test_the_documentation_is_what_the_command_makes() -> None:
    """A changed cell shows in the documentation, or fails here: wenze access > docs/access.md."""
    made = CliRunner().invoke(main, ["access", "--format", "md"])
    assert made.exit_code == 0
    assert made.stdout == (ROOT / "docs" / "access.md").read_text("utf-8")


def test_every_cell_of_the_table_is_in_the_documentation() -> None:
    text, table = (ROOT / "docs" / "access.md").read_text("utf-8"), access()
    for permission in table.permissions.values():
        rows = [line.split(" | ") for line in text.splitlines() if line.startswith(f"| {permission.label} | ")]
        assert sum(row.count("●") + row[-1].count("● |") for row in rows) == (
            0 if permission.about == "none" else sum(map(len, permission.allow.values()))
        ), permission.id
        for role in permission.allow:
            assert any(table.roles[role].label in row[1] for row in rows), (permission.id, role)


def test_the_paper_has_every_role_and_permission(tmp_path: Path) -> None:
    out = tmp_path / "权限表.docx"
    assert CliRunner().invoke(main, ["access", "--out", str(out)]).exit_code == 0
    told = {
        cell.text for table in Document(io.BytesIO(out.read_bytes())).tables for row in table.rows for cell in row.cells
    }
    assert {one.label for one in (*access().roles.values(), *access().permissions.values())} <= told
    pdf = tmp_path / "权限表.pdf"
    assert CliRunner().invoke(main, ["access", "--out", str(pdf)]).exit_code == 0
    assert pdf.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["权限表.xlsx", "权限表"])
def test_another_kind_of_file_is_refused_and_not_written(tmp_path: Path, name: str) -> None:
    refused = CliRunner().invoke(main, ["access", "--out", str(tmp_path / name)])
    assert (refused.exit_code, ".md、.docx 或者 .pdf" in refused.output) == (2, True)
    assert not list(tmp_path.iterdir())


def test_the_interface_tells_the_whole_table_in_the_documented_shape(user: FlaskClient) -> None:
    document = user.get("/api/v1/openapi.json").json
    told, table = user.get("/api/v1/access").json, access()
    schema = {"$ref": "#/components/schemas/AccessView", "components": document["components"]}
    Draft202012Validator(schema).validate(told)
    assert {one["id"]: {row["role"]: set(row["relations"]) for row in one["allow"]} for one in told["permissions"]} == {
        one.id: dict(one.allow) for one in table.permissions.values()
    }
    assert [one["id"] for one in told["roles"]] == list(table.roles)
    assert user.get("/api/v1/access?role=x").status_code == 400
