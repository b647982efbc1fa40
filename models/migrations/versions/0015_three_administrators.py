"""Three administrators: whoever was the only kind becomes the system's. Whose roles sleep, and what an owner has taken note of."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("unconfirmed_at", sa.DateTime(timezone=True)))
    for name in ("told", "acknowledged"):
        op.add_column("accounts", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE accounts SET acknowledged = COALESCE((SELECT MAX(number) FROM audit_head), 0)")
    op.execute("UPDATE role_grants SET role = 'system_administrator' WHERE role = 'administrator'")
