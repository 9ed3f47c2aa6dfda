"""Tables of conflicts."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "conflict_rules",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("window_months", sa.BigInteger(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("changed_by_id", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "code IN ('R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13')",
            name=op.f("ck_conflict_rules_code_known"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_conflict_rules")),
    )
    op.create_table(
        "conflict_hits",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("expert_id", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("evidence_key", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("waiver_asked_by_id", sa.Text(), nullable=True),
        sa.Column("waiver_reason", sa.Text(), nullable=True),
        sa.Column("waived_by_id", sa.Text(), nullable=True),
        sa.Column("waived_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "certainty IN ('coded', 'named', 'unclear', 'declared')", name=op.f("ck_conflict_hits_certainty_known")
        ),
        sa.CheckConstraint(
            "rule IN ('R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13')",
            name=op.f("ck_conflict_hits_rule_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'asked', 'confirmed', 'dismissed', 'waiver_asked', 'waived')",
            name=op.f("ck_conflict_hits_state_known"),
        ),
        sa.CheckConstraint("(expert_id IS NULL) <> (agency_id IS NULL)", name=op.f("ck_conflict_hits_one_evaluator")),
        sa.CheckConstraint("staff_id IS NULL OR agency_id IS NOT NULL", name=op.f("ck_conflict_hits_staff_of_agency")),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_conflict_hits_agency_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_conflict_hits_expert_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["agency_staff.id"], name=op.f("fk_conflict_hits_staff_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_conflict_hits_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_hits")),
        sa.UniqueConstraint("task_id", "evidence_key", name=op.f("uq_conflict_hits_task_id_evidence_key")),
    )
    with op.batch_alter_table("conflict_hits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_hits_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_hits_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_hits_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_hits_task_id_state"), ["task_id", "state"], unique=False)

    op.create_table(
        "declarations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seat_id", sa.Text(), nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_declarations_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
    )
    with op.batch_alter_table("declarations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declarations_seat_id"), ["seat_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("declarations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declarations_seat_id"))

    op.drop_table("declarations")
    with op.batch_alter_table("conflict_hits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_hits_task_id_state"))
        batch_op.drop_index(batch_op.f("ix_conflict_hits_staff_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_hits_expert_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_hits_agency_id"))

    op.drop_table("conflict_hits")
    op.drop_table("conflict_rules")
