"""The rulebooks that receipts were made by, and what each receipt is proved with: kept as they were, whatever changes later."""

import sqlalchemy as sa
from alembic import op

from models.migrations.immutable import keep

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "rulebooks",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("files", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "proofs",
        sa.Column("receipt_id", sa.String(36), sa.ForeignKey("receipts.id"), primary_key=True),
        sa.Column("parts", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    for table in ("rulebooks", "proofs"):
        keep(table)
