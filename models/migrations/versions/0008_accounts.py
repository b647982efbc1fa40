"""Accounts, roles from day to day, sessions, failed log-ins; who had which hand in a case; a token that acts for an account."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
_PARTED = {
    "ledger:read": "ledger:list office:read",
    "ledger:write": "ledger:open office:write",
    "case:read": "case:list case:own case:check",
    "case:write": "case:open",
    "recommendation:evaluate": "ledger:evaluate",
}
"""Permission that a token had → those that are told apart from it now."""


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("login", sa.String(100), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("subject", sa.String(200), unique=True),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("disabled_at", moment),
    )
    op.create_table(
        "role_grants",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("role", sa.String(50), nullable=False),
        sa.Column("unit", sa.String(200)),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id")),
        sa.Column("person", sa.String(100)),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("to_on", sa.Date),
        sa.Column("granted_by", sa.String(200), nullable=False),
        sa.Column("granted_at", moment, nullable=False),
        sa.Column("revoked_at", moment),
        sa.Column("revoked_by", sa.String(200)),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ck_role_grants_days"),
    )
    op.create_index("ix_role_grants_account_id", "role_grants", ["account_id"])
    op.create_table(
        "web_sessions",
        sa.Column("id_sha256", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("ended_at", moment),
    )
    op.create_index("ix_web_sessions_account_id", "web_sessions", ["account_id"])
    op.create_table(
        "failed_logins",
        sa.Column("key_sha256", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
    )
    op.create_table(
        "case_hands",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("person", sa.String(100), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("hand", sa.String(20), nullable=False),
        sa.CheckConstraint("hand IN ('inquiry', 'decision', 'review')", name="ck_case_hands_hand"),
    )
    with op.batch_alter_table("tokens") as tokens:
        tokens.add_column(sa.Column("account_id", sa.String(36)))
        tokens.create_foreign_key("fk_tokens_account_id", "accounts", ["account_id"], ["id"])
    for had, gets in _PARTED.items():
        op.execute(f"UPDATE tokens SET permissions = permissions || ' {gets}' WHERE permissions LIKE '%{had}%'")
