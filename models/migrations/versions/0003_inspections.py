"""Inspections that took place."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "inspections",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("form", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(50)),
        sa.Column("done_on", sa.Date, nullable=False),
        sa.Column("reported_to", sa.String(200)),
        sa.Column("task", sa.String(500)),
        sa.Column("members", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(200), nullable=False),
    )
    op.create_index("ix_inspections_done_on", "inspections", ["done_on"])
