"""Who is involved in which case, and when a case is to be looked at; the rows are made of the records afterwards, some at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
_HANDS = sa.text("relation IN ('inquiry', 'decision', 'review')")


def upgrade() -> None:
    op.create_table(
        "involvements",
        sa.Column("case_position", sa.Integer, sa.ForeignKey("cases.position"), primary_key=True, autoincrement=False),
        sa.Column("relation", sa.String(20), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("person", sa.String(100), primary_key=True),
        sa.Column("since", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "relation IN ('investigated', 'recused', 'assigned', 'inquiry', 'decision', 'review')",
            name="ck_involvements_relation",
        ),
    )
    op.create_index("ix_involvements_name", "involvements", ["name", "relation", "case_position"])
    op.create_index(
        "uq_involvements_hand",
        "involvements",
        ["case_position", "person", "name"],
        unique=True,
        sqlite_where=_HANDS,
        postgresql_where=_HANDS,
    )
    op.add_column("cases", sa.Column("involved", sa.Integer))
    op.add_column("cases", sa.Column("look_until", sa.Date))
    op.add_column("cases", sa.Column("look_on", sa.Date))
    op.create_index("ix_cases_look_until", "cases", ["look_until"])
    op.create_index("ix_cases_look_on", "cases", ["look_on"])
    op.drop_table("case_hands")
