"""Accountability cases and their records, which nobody can change; numbers of decisions."""

import sqlalchemy as sa
from alembic import op

from models.migrations.immutable import keep

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("rating_bars") as bars:
        bars.add_column(sa.Column("revoked_on", sa.Date))
    op.create_table(
        "cases",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("state", sa.String(50), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("open_key", sa.String(64), unique=True),
        sa.CheckConstraint("version > 0", name="ck_cases_version"),
    )
    op.create_index("ix_cases_state", "cases", ["state", "position"])
    op.create_table(
        "case_records",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), primary_key=True),
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
        sa.UniqueConstraint("case_id", "request_key"),
    )
    op.create_table(
        "case_matters",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("matter_id", sa.String(36), sa.ForeignKey("matters.id"), primary_key=True),
    )
    op.create_index("ix_case_matters_matter_id", "case_matters", ["matter_id"])
    op.create_table(
        "decision_years",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("number", sa.String(100), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("record_number", sa.Integer, nullable=False),
        sa.UniqueConstraint("case_id", "record_number"),
    )
    op.create_index("ix_decisions_case_id", "decisions", ["case_id"])
    for table in ("case_records", "decisions"):
        keep(table)
