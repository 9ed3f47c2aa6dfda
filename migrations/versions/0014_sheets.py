"""Tables of sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "sheets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("seat_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("saved_at", sa.BigInteger(), nullable=True),
        sa.Column("saved_lines", sa.BigInteger(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("receipt_hmac", sa.Text(), nullable=True),
        sa.Column("returned_reason", sa.Text(), nullable=True),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.Column("total_points", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("source IN ('experts', 'agency')", name=op.f("ck_sheets_source_known")),
        sa.CheckConstraint(
            "state IN ('issued', 'draft', 'submitted', 'returned', 'locked', 'reopened', 'aggregated')",
            name=op.f("ck_sheets_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'locked', 'aggregated') OR receipt IS NOT NULL",
            name=op.f("ck_sheets_receipt_given"),
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_sheets_seat_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_sheets_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheets")),
        sa.UniqueConstraint("receipt", name=op.f("uq_sheets_receipt")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_sheets_seat_id")),
    )
    with op.batch_alter_table("sheets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheets_task_id_state"), ["task_id", "state"], unique=False)

    op.create_table(
        "sheet_editions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sheet_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheets.id"], name=op.f("fk_sheet_editions_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_editions")),
        sa.UniqueConstraint("receipt", name=op.f("uq_sheet_editions_receipt")),
        sa.UniqueConstraint("sheet_id", "number", name=op.f("uq_sheet_editions_sheet_id_number")),
    )
    op.create_table(
        "sheet_lines",
        sa.Column("sheet_id", sa.Text(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("full_points", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("document_item_id", sa.Text(), nullable=True),
        sa.Column("page", sa.BigInteger(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "points IS NULL OR (points >= 0 AND points <= full_points)", name=op.f("ck_sheet_lines_points_range")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheets.id"], name=op.f("fk_sheet_lines_sheet_id")),
        sa.PrimaryKeyConstraint("sheet_id", "indicator_code", name=op.f("pk_sheet_lines")),
    )


def downgrade() -> None:
    op.drop_table("sheet_lines")
    op.drop_table("sheet_editions")
    with op.batch_alter_table("sheets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheets_task_id_state"))

    op.drop_table("sheets")
