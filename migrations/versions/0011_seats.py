"""Tables of seats."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "seats",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("planned_seat_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("expert_id", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("is_reserve", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_suspended", sa.Boolean(), nullable=False),
        sa.Column("suspended_reason", sa.Text(), nullable=True),
        sa.Column("invited_at", sa.BigInteger(), nullable=True),
        sa.Column("reply_due_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("undertaken_at", sa.BigInteger(), nullable=True),
        sa.Column("undertaking_hash", sa.Text(), nullable=True),
        sa.Column("declared_at", sa.BigInteger(), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.Column("refusal_text", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("replaced_by_id", sa.Text(), nullable=True),
        sa.Column("lead_staff_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'expert') = (expert_id IS NOT NULL)", name=op.f("ck_seats_kind_fits")),
        sa.CheckConstraint("kind IN ('expert', 'agency')", name=op.f("ck_seats_kind_known")),
        sa.CheckConstraint(
            "state IN ('proposed', 'notified', 'accepted', 'declined', 'no_reply', 'recused', 'checked_in', 'working', 'done', 'appraised', 'paid', 'absent', 'replaced', 'withdrawn')",
            name=op.f("ck_seats_state_known"),
        ),
        sa.CheckConstraint("(expert_id IS NULL) <> (agency_id IS NULL)", name=op.f("ck_seats_one_evaluator")),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_seats_agency_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_seats_expert_id")),
        sa.ForeignKeyConstraint(["lead_staff_id"], ["agency_staff.id"], name=op.f("fk_seats_lead_staff_id")),
        sa.ForeignKeyConstraint(["planned_seat_id"], ["planned_seats.id"], name=op.f("fk_seats_planned_seat_id")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["seats.id"], name=op.f("fk_seats_replaced_by_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_seats_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
    )
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seats_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seats_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seats_state_reply_due_at"), ["state", "reply_due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_seats_task_id_kind_state"), ["task_id", "kind", "state"], unique=False)
        batch_op.create_index(
            "uq_seats_expert_on_task",
            ["task_id", "expert_id"],
            unique=True,
            sqlite_where=sa.text("expert_id IS NOT NULL"),
            postgresql_where=sa.text("expert_id IS NOT NULL"),
        )

    op.create_table(
        "seat_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seat_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_seat_events_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_events")),
    )
    with op.batch_alter_table("seat_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_events_seat_id"), ["seat_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("seat_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_events_seat_id"))

    op.drop_table("seat_events")
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_seats_expert_on_task",
            sqlite_where=sa.text("expert_id IS NOT NULL"),
            postgresql_where=sa.text("expert_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_seats_task_id_kind_state"))
        batch_op.drop_index(batch_op.f("ix_seats_state_reply_due_at"))
        batch_op.drop_index(batch_op.f("ix_seats_expert_id"))
        batch_op.drop_index(batch_op.f("ix_seats_agency_id"))

    op.drop_table("seats")
