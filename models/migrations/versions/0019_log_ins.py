"""What log-ins are held against: known devices, passwords of before, the second factor; when a session was last confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)

    def account(primary_key: bool = False) -> sa.Column[str]:
        of = sa.ForeignKey("accounts.id")
        return sa.Column("account_id", sa.String(36), of, nullable=False, primary_key=primary_key)

    op.create_table(
        "known_devices",
        sa.Column("id_sha256", sa.String(64), primary_key=True),
        account(),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("ended_at", moment),
    )
    op.create_index("ix_known_devices_account_id", "known_devices", ["account_id"])
    op.create_table(
        "past_passwords",
        account(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("ended_at", moment, nullable=False),
    )
    op.create_table(
        "second_factors",
        account(primary_key=True),
        sa.Column("secret", sa.String(500), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("confirmed_at", moment),
        sa.Column("last_step", sa.Integer, nullable=False),
        sa.Column("reset_at", moment),
        sa.Column("reset_by", sa.String(200)),
        sa.Column("seen_at", moment),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_sha256", sa.String(64), primary_key=True),
        account(),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("used_at", moment),
    )
    op.create_index("ix_recovery_codes_account_id", "recovery_codes", ["account_id"])
    op.add_column("web_sessions", sa.Column("confirmed_at", moment))
    op.add_column("web_sessions", sa.Column("code_at", moment))
    op.add_column("web_sessions", sa.Column("awaits_code", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_failed_logins_last_at", "failed_logins", ["last_at"])
    op.execute(
        sa.text("DELETE FROM failed_logins")
    )  # counted by other keys from now on; none was kept for longer than a day
