"""The registry of persons; what names in earlier records mean is made of it afterwards, some at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
_UNIQUE = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
"""What the constraints are called that were made without a name; PostgreSQL calls them otherwise."""


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "persons",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("number", sa.String(50), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("compared", sa.String(200), nullable=False),
        sa.Column("unproved", sa.Boolean, nullable=False),
        sa.Column("outside", sa.Boolean, nullable=False),
        sa.Column("organisation", sa.String(200)),
        sa.Column("phone", sa.String(50)),
        sa.Column("mail", sa.String(200)),
        sa.Column("merged_into", sa.String(36), sa.ForeignKey("persons.id")),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
    )
    op.create_index("ix_persons_name", "persons", ["name"])
    op.create_index("ix_persons_compared", "persons", ["compared"])
    op.create_table(
        "former_names",
        sa.Column("person_id", sa.String(36), sa.ForeignKey("persons.id"), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("compared", sa.String(200), nullable=False),
        sa.Column("until", sa.Date, nullable=False),
    )
    op.create_index("ix_former_names_name", "former_names", ["name"])
    op.create_index("ix_former_names_compared", "former_names", ["compared"])
    op.create_table(
        "own_numbers",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    named = "accounts_name_key" if op.get_bind().dialect.name == "postgresql" else "uq_accounts_name"
    with op.batch_alter_table("accounts", naming_convention=_UNIQUE) as accounts:
        accounts.drop_constraint(named, type_="unique")
        accounts.add_column(sa.Column("person_id", sa.String(36)))
        accounts.create_foreign_key("fk_accounts_person_id", "persons", ["person_id"], ["id"])
        accounts.create_unique_constraint("uq_accounts_person_id", ["person_id"])
        accounts.create_index("ix_accounts_name", ["name"])
    for table in ("matters", "cases"):
        op.add_column(table, sa.Column("known", sa.LargeBinary))
    with op.batch_alter_table("involvements") as involvements:
        involvements.alter_column("name", new_column_name="who")
    op.drop_index("ix_involvements_name", "involvements")
    op.create_index("ix_involvements_who", "involvements", ["who", "relation", "case_position"])
