"""Tables of plans."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "panel_templates",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("english_name", sa.Text(), nullable=True),
        sa.Column("seats", sa.BigInteger(), nullable=False),
        sa.Column("wants_field", sa.BigInteger(), nullable=False),
        sa.Column("wants_finance", sa.BigInteger(), nullable=False),
        sa.Column("wants_senior", sa.BigInteger(), nullable=False),
        sa.Column("employer_max", sa.BigInteger(), nullable=False),
        sa.Column("region_max", sa.BigInteger(), nullable=True),
        sa.Column("reserves", sa.BigInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats IN (3, 5, 7)", name=op.f("ck_panel_templates_seats_odd")),
        sa.CheckConstraint(
            "wants_field <= seats AND wants_finance <= seats AND wants_senior <= seats",
            name=op.f("ck_panel_templates_quotas_fit"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_templates")),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("spending_fen", sa.BigInteger(), nullable=False),
        sa.Column("target_weight", sa.BigInteger(), nullable=False),
        sa.Column("submitted_by_id", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved')", name=op.f("ck_plans_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("year", name=op.f("uq_plans_year")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("english_name", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reply_hours", sa.BigInteger(), nullable=False),
        sa.Column("scoring_due_at", sa.BigInteger(), nullable=True),
        sa.Column("documents_due_on", sa.Date(), nullable=True),
        sa.Column("report_due_on", sa.Date(), nullable=True),
        sa.Column("hearing_workdays", sa.BigInteger(), nullable=False),
        sa.Column("submitted_by_id", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("policy", sa.JSON(), nullable=True),
        sa.Column("policy_hash", sa.Text(), nullable=True),
        sa.Column("policy_fixed_at", sa.BigInteger(), nullable=True),
        sa.Column("policy_proposed", sa.JSON(), nullable=True),
        sa.Column("policy_proposed_by_id", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'closed')", name=op.f("ck_rounds_state_known")
        ),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_rounds_order_of_days")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_rounds_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rounds_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_picks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "category IN ('livelihood', 'engineering', 'other')", name=op.f("ck_plan_picks_category_known")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_picks_plan_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_plan_picks_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_picks")),
        sa.UniqueConstraint("plan_id", "project_id", name=op.f("uq_plan_picks_plan_id_project_id")),
    )
    with op.batch_alter_table("plan_picks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_picks_project_id"), ["project_id"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("framework_edition_id", sa.Text(), nullable=False),
        sa.Column("panel_template_id", sa.Text(), nullable=False),
        sa.Column("reserves", sa.BigInteger(), nullable=False),
        sa.Column("wants_agency", sa.Boolean(), nullable=False),
        sa.Column("method", sa.JSON(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=False),
        sa.Column("work_from_on", sa.Date(), nullable=False),
        sa.Column("work_until_on", sa.Date(), nullable=False),
        sa.Column("scoring_due_at", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=False),
        sa.Column("deputy_approver_id", sa.Text(), nullable=False),
        sa.Column("first_evaluation_id", sa.Text(), nullable=True),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("panel_closed_at", sa.BigInteger(), nullable=True),
        sa.Column("state_before", sa.Text(), nullable=True),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('finance', 're_evaluation', 'department_whole', 'policy', 'ex_ante', 'mid_term')",
            name=op.f("ck_tasks_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('candidate', 'planned', 'resourcing', 'assigned', 'accepted', 'notified', 'preparing', 'plan_approved', 'executing', 'scored', 'draft_report', 'consulting', 'expert_review', 'revising', 'final', 'approved', 'fed_back', 'applying', 'archived', 'suspended', 'cancelled', 'redo')",
            name=op.f("ck_tasks_state_known"),
        ),
        sa.CheckConstraint("approver_id <> deputy_approver_id", name=op.f("ck_tasks_deputy_is_another")),
        sa.CheckConstraint("officer_id <> approver_id", name=op.f("ck_tasks_approver_is_another")),
        sa.CheckConstraint("work_until_on >= work_from_on", name=op.f("ck_tasks_order_of_days")),
        sa.ForeignKeyConstraint(["approver_id"], ["accounts.id"], name=op.f("fk_tasks_approver_id")),
        sa.ForeignKeyConstraint(["deputy_approver_id"], ["accounts.id"], name=op.f("fk_tasks_deputy_approver_id")),
        sa.ForeignKeyConstraint(["field_code"], ["fields.code"], name=op.f("fk_tasks_field_code")),
        sa.ForeignKeyConstraint(["first_evaluation_id"], ["tasks.id"], name=op.f("fk_tasks_first_evaluation_id")),
        sa.ForeignKeyConstraint(
            ["framework_edition_id"], ["framework_editions.id"], name=op.f("fk_tasks_framework_edition_id")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["accounts.id"], name=op.f("fk_tasks_officer_id")),
        sa.ForeignKeyConstraint(["panel_template_id"], ["panel_templates.id"], name=op.f("fk_tasks_panel_template_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_tasks_project_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_tasks_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("code", name=op.f("uq_tasks_code")),
        sa.UniqueConstraint("round_id", "project_id", "kind", name=op.f("uq_tasks_round_id_project_id_kind")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_round_id_state"), ["round_id", "state"], unique=False)

    op.create_table(
        "bureau_conflicts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.Column("lift_asked_by_id", sa.Text(), nullable=True),
        sa.Column("lift_asked_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by_id", sa.Text(), nullable=True),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "lifted_by_id IS NULL OR (lifted_by_id <> lift_asked_by_id AND lifted_by_id <> account_id)",
            name=op.f("ck_bureau_conflicts_lifted_by_two_others"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_bureau_conflicts_account_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_bureau_conflicts_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau_conflicts")),
    )
    with op.batch_alter_table("bureau_conflicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bureau_conflicts_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "uq_bureau_conflicts_open",
            ["task_id", "account_id"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("bureau_conflicts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bureau_conflicts_open",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_bureau_conflicts_account_id"))

    op.drop_table("bureau_conflicts")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tasks_round_id_state"))
        batch_op.drop_index(batch_op.f("ix_tasks_project_id"))

    op.drop_table("tasks")
    with op.batch_alter_table("plan_picks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_picks_project_id"))

    op.drop_table("plan_picks")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rounds_plan_id"))

    op.drop_table("rounds")
    op.drop_table("plans")
    op.drop_table("panel_templates")
