"""The receipts of each case with their numbers: those that its records name are numbered in the order of these records."""

from collections.abc import Iterator

import orjson
import sqlalchemy as sa
from alembic import op

from models.migrations.immutable import keep

revision = "0016"
down_revision = "0015"
_BATCH = 500


def upgrade() -> None:
    made = op.create_table(
        "case_receipts",
        sa.Column("receipt_id", sa.String(36), sa.ForeignKey("receipts.id"), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id")),
        sa.UniqueConstraint("case_id", "number"),
    )
    rows = list(_numbered(op.get_bind()))
    for at in range(0, len(rows), _BATCH):
        op.bulk_insert(made, rows[at : at + _BATCH])
    keep("case_receipts")


def _numbered(connection: sa.Connection) -> Iterator[dict[str, object]]:
    """What names no receipt that there is, is left out, and so is what cannot be read."""
    there = set(connection.scalars(sa.text("SELECT id FROM receipts")))
    last: dict[str, int] = {}
    for case_id, details in connection.execute(
        sa.text("SELECT case_id, details FROM case_records ORDER BY case_id, number")
    ):
        receipt_id = _receipt(details)
        if receipt_id in there:
            there.remove(receipt_id)
            last[case_id] = last.get(case_id, 0) + 1
            yield {"receipt_id": receipt_id, "case_id": case_id, "number": last[case_id], "account_id": None}


def _receipt(details: object) -> object:
    try:
        found = orjson.loads(details) if isinstance(details, bytes | memoryview | str) else None
    except orjson.JSONDecodeError:
        return None
    receipt_id = found.get("receipt_id") if isinstance(found, dict) else None
    return receipt_id if isinstance(receipt_id, str) else None
