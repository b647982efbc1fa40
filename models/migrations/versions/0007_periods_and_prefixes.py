"""What operators confirm of the influence-period table; numbers of decisions by prefix and year."""

import sqlalchemy as sa
from alembic import op

from models.migrations.immutable import keep

revision = "0007"
down_revision = "0006"
_FIRST_PREFIX = "问责决定"


def upgrade() -> None:
    op.create_table(
        "period_acts",
        sa.Column("row", sa.String(50), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("done_on", sa.Date, nullable=False),
        sa.Column("by", sa.String(200)),
        sa.Column("document", sa.String(500)),
        sa.Column("months", sa.Integer),
        sa.Column("start", sa.String(10)),
        sa.Column("reason", sa.Text),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(200), nullable=False),
        sa.CheckConstraint("(number % 2 = 1) = (kind = 'confirm')", name="ck_period_acts_turns"),
        sa.CheckConstraint("months IS NULL OR months > 0", name="ck_period_acts_months"),
    )
    keep("period_acts")
    op.create_table(
        "decision_numbers",
        sa.Column("prefix", sa.String(20), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.execute(f"INSERT INTO decision_numbers SELECT '{_FIRST_PREFIX}', year, last FROM decision_years")
    op.drop_table("decision_years")
