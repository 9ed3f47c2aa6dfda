"""Tables of results."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "results",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("total_points", sa.BigInteger(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("one_rater_decides", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("input_hash", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("correction_reason", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("hearing_opened_by_id", sa.Text(), nullable=True),
        sa.Column("hearing_opened_at", sa.BigInteger(), nullable=True),
        sa.Column("hearing_due_on", sa.Date(), nullable=True),
        sa.Column("hearing_answered_by_id", sa.Text(), nullable=True),
        sa.Column("hearing_answered_at", sa.BigInteger(), nullable=True),
        sa.Column("hearing_receipt", sa.Text(), nullable=True),
        sa.Column("submitted_by_id", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("signed_by_id", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("grade IN ('excellent', 'good', 'fair', 'poor')", name=op.f("ck_results_grade_known")),
        sa.CheckConstraint(
            "state IN ('draft', 'hearing', 'heard', 'submitted', 'returned', 'signed', 'superseded')",
            name=op.f("ck_results_state_known"),
        ),
        sa.CheckConstraint("status IN ('final', 'below_quorum')", name=op.f("ck_results_status_known")),
        sa.CheckConstraint(
            "total_points IS NULL OR (total_points >= 0 AND total_points <= 10000)", name=op.f("ck_results_total_range")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_results_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        sa.UniqueConstraint("task_id", "number", name=op.f("uq_results_task_id_number")),
    )
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_results_state"), ["state"], unique=False)

    op.create_table(
        "findings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("result_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("indicator_code", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("points_lost", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("reply_text", sa.Text(), nullable=True),
        sa.Column("reply_file_id", sa.Text(), nullable=True),
        sa.Column("replied_by_id", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decision_text", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("decision IN ('kept', 'changed', 'withdrawn')", name=op.f("ck_findings_decision_known")),
        sa.CheckConstraint("reply IN ('accepted', 'disputed')", name=op.f("ck_findings_reply_known")),
        sa.ForeignKeyConstraint(["reply_file_id"], ["stored_files.id"], name=op.f("fk_findings_reply_file_id")),
        sa.ForeignKeyConstraint(["result_id"], ["results.id"], name=op.f("fk_findings_result_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("result_id", "position", name=op.f("uq_findings_result_id_position")),
    )


def downgrade() -> None:
    op.drop_table("findings")
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_results_state"))

    op.drop_table("results")
