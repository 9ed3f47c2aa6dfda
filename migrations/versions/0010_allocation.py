"""Tables of allocation."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "allocation_runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("policy_hash", sa.Text(), nullable=False),
        sa.Column("instance", sa.JSON(), nullable=True),
        sa.Column("instance_hash", sa.Text(), nullable=True),
        sa.Column("exclusions", sa.JSON(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("reserves", sa.JSON(), nullable=True),
        sa.Column("seats_wanted", sa.BigInteger(), nullable=True),
        sa.Column("seats_filled", sa.BigInteger(), nullable=True),
        sa.Column("total_millionths", sa.BigInteger(), nullable=True),
        sa.Column("worst_millionths", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested_by_id", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("job_id", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('experts', 'agencies')", name=op.f("ck_allocation_runs_kind_known")),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'cancelled', 'failed')", name=op.f("ck_allocation_runs_state_known")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_allocation_runs_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_runs")),
        sa.UniqueConstraint("code", name=op.f("uq_allocation_runs_code")),
        sa.UniqueConstraint("round_id", "kind", "number", name=op.f("uq_allocation_runs_round_id_kind_number")),
    )
    with op.batch_alter_table("allocation_runs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allocation_runs_round_id_kind_requested_at"),
            ["round_id", "kind", "requested_at"],
            unique=False,
        )

    op.create_table(
        "seat_plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("gap_reason", sa.Text(), nullable=True),
        sa.Column("named_count", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("submitted_by_id", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('experts', 'agencies')", name=op.f("ck_seat_plans_kind_known")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'replaced')",
            name=op.f("ck_seat_plans_state_known"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_seat_plans_round_id")),
        sa.ForeignKeyConstraint(["run_id"], ["allocation_runs.id"], name=op.f("fk_seat_plans_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_plans")),
    )
    with op.batch_alter_table("seat_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_plans_round_id"), ["round_id"], unique=False)

    op.create_table(
        "planned_seats",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("expert_id", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("is_reserve", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("replaces_expert_id", sa.Text(), nullable=True),
        sa.Column("suitability_millionths", sa.BigInteger(), nullable=False),
        sa.Column("suitability_terms", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_planned_seats_agency_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_planned_seats_expert_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["seat_plans.id"], name=op.f("fk_planned_seats_plan_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_planned_seats_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_seats")),
        sa.UniqueConstraint(
            "plan_id",
            "task_id",
            "is_reserve",
            "position",
            name=op.f("uq_planned_seats_plan_id_task_id_is_reserve_position"),
        ),
    )
    with op.batch_alter_table("planned_seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_seats_task_id"), ["task_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("planned_seats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_seats_task_id"))

    op.drop_table("planned_seats")
    with op.batch_alter_table("seat_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_plans_round_id"))

    op.drop_table("seat_plans")
    with op.batch_alter_table("allocation_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_runs_round_id_kind_requested_at"))

    op.drop_table("allocation_runs")
