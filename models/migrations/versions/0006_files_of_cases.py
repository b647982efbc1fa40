"""A file is attached to a matter or to a case."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("attachments") as attachments:
        attachments.alter_column("matter_id", existing_type=sa.String(36), nullable=True)
        attachments.add_column(sa.Column("case_id", sa.String(36)))
        attachments.create_foreign_key("fk_attachments_case_id", "cases", ["case_id"], ["id"])
        attachments.create_check_constraint("ck_attachments_owner", "(matter_id IS NULL) <> (case_id IS NULL)")
    op.create_index("ix_attachments_case_id", "attachments", ["case_id"])
