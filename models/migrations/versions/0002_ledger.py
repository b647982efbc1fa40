"""The ledger: units of the school, matters, and their records, which nobody can change."""

import sqlalchemy as sa
from alembic import op

from models.migrations.immutable import keep

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "units",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("to_on", sa.Date),
    )
    op.create_table(
        "years", sa.Column("year", sa.Integer, primary_key=True), sa.Column("last", sa.Integer, nullable=False)
    )
    op.create_table(
        "matters",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("number_year", sa.Integer),
        sa.Column("number", sa.Integer),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("category", sa.String(50), nullable=False),
        sa.Column("lead_unit", sa.String(200)),
        sa.Column("state", sa.String(50), nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("number_year", "number"),
        sa.CheckConstraint("version > 0", name="ck_matters_version"),
    )
    op.create_index("ix_matters_state", "matters", ["state", "position"])
    op.create_index("ix_matters_lead_unit", "matters", ["lead_unit", "position"])
    op.create_index("ix_matters_due_on", "matters", ["state", "due_on"])
    op.create_index("ix_matters_unit_due_on", "matters", ["lead_unit", "state", "due_on"])
    op.create_table(
        "records",
        sa.Column("matter_id", sa.String(36), sa.ForeignKey("matters.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("action", sa.String(50), nullable=False),
        sa.Column("done_on", sa.Date, nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("actor_kind", sa.String(20), nullable=False),
        sa.Column("actor_unit", sa.String(200)),
        sa.Column("details", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(200), nullable=False),
        sa.Column("request_key", sa.String(64)),
        sa.UniqueConstraint("matter_id", "request_key"),
    )
    keep("records")
