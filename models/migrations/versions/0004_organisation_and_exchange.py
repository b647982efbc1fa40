"""People and their posts, aliases of units; attachments, the outbox to OA, evaluations of matters, bars from ratings, mail sent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("units") as units:
        units.add_column(sa.Column("email", sa.String(200)))
    with op.batch_alter_table("inspections") as inspections:
        inspections.add_column(sa.Column("reported_on", sa.Date))
    with op.batch_alter_table("tokens") as tokens:
        tokens.add_column(sa.Column("unit", sa.String(200)))
    with op.batch_alter_table("matters") as matters:
        matters.add_column(sa.Column("open_key", sa.String(64)))
        matters.add_column(sa.Column("look_on", sa.Date))
        matters.create_unique_constraint("uq_matters_open_key", ["open_key"])
    op.execute("UPDATE matters SET look_on = due_on")
    op.drop_index("ix_matters_due_on", "matters")
    op.drop_index("ix_matters_unit_due_on", "matters")
    op.create_index("ix_matters_look_on", "matters", ["state", "look_on"])
    op.create_index("ix_matters_unit_state", "matters", ["lead_unit", "state", "position"])
    op.create_table(
        "unit_aliases",
        sa.Column("alias", sa.String(200), primary_key=True),
        sa.Column("unit", sa.String(200), sa.ForeignKey("units.name"), nullable=False),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("staff_number", sa.String(50), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(200), sa.ForeignKey("units.name"), nullable=False),
        sa.Column("post", sa.String(200), nullable=False),
        sa.Column("rank", sa.String(20), nullable=False),
        sa.Column("managed_by", sa.String(20), nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("to_on", sa.Date),
        sa.UniqueConstraint("staff_number", "unit", "post", "from_on"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ck_posts_days"),
    )
    op.create_index("ix_posts_unit", "posts", ["unit", "from_on"])
    op.create_table(
        "desk",
        sa.Column("unit", sa.String(200), primary_key=True),
        sa.Column("matter_id", sa.String(36), sa.ForeignKey("matters.id"), primary_key=True),
    )
    op.create_index("ix_desk_matter_id", "desk", ["matter_id"])
    op.execute(
        "INSERT INTO desk (unit, matter_id) SELECT lead_unit, id FROM matters "
        "WHERE lead_unit IS NOT NULL AND state IN ('assigned', 'reported', 'returned')"
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("matter_id", sa.String(36), sa.ForeignKey("matters.id"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(200), nullable=False),
    )
    op.create_index("ix_attachments_matter_id", "attachments", ["matter_id"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("matter_id", sa.String(36), sa.ForeignKey("matters.id"), nullable=False),
        sa.Column("record_number", sa.Integer, nullable=False),
        sa.Column("form", sa.String(50), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True)),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("message_id", sa.String(200)),
        sa.Column("error", sa.String(500)),
        sa.UniqueConstraint("matter_id", "record_number"),
    )
    op.create_index("ix_outbox_next_try_at", "outbox", ["next_try_at"])
    op.create_table(
        "evaluations",
        sa.Column("receipt_id", sa.String(36), sa.ForeignKey("receipts.id"), primary_key=True),
        sa.Column("matter_id", sa.String(36), sa.ForeignKey("matters.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_evaluations_matter_id", "evaluations", ["matter_id"])
    op.create_table(
        "rating_bars",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("decision_number", sa.String(100), nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("statement", sa.Text),
        sa.Column("rating_final", sa.Boolean, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(200), nullable=False),
        sa.UniqueConstraint("decision_number", "kind", "name", "unit"),
        sa.CheckConstraint("kind = 'person' OR (kind = 'unit' AND statement IS NOT NULL)", name="ck_rating_bars_kind"),
    )
    op.create_index("ix_rating_bars_decided_on", "rating_bars", ["decided_on"])
    op.create_table(
        "mailed",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("recipient", sa.String(200), primary_key=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    )
