"""The audit trail: events that nobody can change, the records that they wrote, and the head of their chain."""

import sqlalchemy as sa
from alembic import op

from models.migrations.immutable import keep

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("actor_kind", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.String(36)),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("subject_kind", sa.String(20)),
        sa.Column("subject_id", sa.String(100)),
        sa.Column("facts", sa.LargeBinary, nullable=False),
        sa.Column("algorithm", sa.String(20), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_events_subject", "audit_events", ["subject_kind", "subject_id", "number"])
    op.create_table(
        "audit_records",
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("owner_id", sa.String(36), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("event", sa.Integer, sa.ForeignKey("audit_events.number"), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_records_event", "audit_records", ["event"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_audit_head_one"),
    )
    op.execute(f"INSERT INTO audit_head VALUES (1, 0, '{'0' * 64}')")
    for table in ("audit_events", "audit_records"):
        keep(table)
