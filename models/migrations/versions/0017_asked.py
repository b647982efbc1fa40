"""What is asked of whom: no record from before asks anybody."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "asked",
        sa.Column("person_id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("subject_id", sa.String(36), primary_key=True),
        sa.Column("record", sa.Integer, primary_key=True, autoincrement=False),
    )
    op.create_index("ix_asked_subject_id", "asked", ["subject_id"])
