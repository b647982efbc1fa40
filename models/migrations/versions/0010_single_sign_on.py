"""What opened a session at the single sign-on: good once, and how its end is told."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
_INDEX = "ix_web_sessions_credential_sha256"


def upgrade() -> None:
    op.add_column("web_sessions", sa.Column("credential_sha256", sa.String(64)))
    op.create_index(_INDEX, "web_sessions", ["credential_sha256"], unique=True)
