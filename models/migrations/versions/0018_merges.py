"""Proposals that two entries of the registry are one person, each with who proposed and who confirmed it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "merges",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("person_id", sa.String(36), sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("into_id", sa.String(36), sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("undoes", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("proposed_by", sa.String(36), sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("decided_by", sa.String(36), sa.ForeignKey("persons.id")),
        sa.Column("decided_at", moment),
        sa.Column("confirmed", sa.Boolean),
        sa.Column("swapped", sa.Boolean, nullable=False),
    )
    op.create_index("ix_merges_person_id", "merges", ["person_id"])
