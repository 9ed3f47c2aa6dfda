"""Tables of projects."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "departments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("budget_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("line_section", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('department', 'street_office')", name=op.f("ck_departments_kind_known")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_departments_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint("budget_code", name=op.f("uq_departments_budget_code")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_departments_organisation_id")),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("budget_code", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_units_department_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_units_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("budget_code", name=op.f("uq_units_budget_code")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_units_organisation_id")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_department_id"), ["department_id"], unique=False)

    op.create_table(
        "projects",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=True),
        sa.Column("function_class", sa.Text(), nullable=True),
        sa.Column("fund_kind", sa.Text(), nullable=False),
        sa.Column("recurrence", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=True),
        sa.Column("initial_fen", sa.BigInteger(), nullable=False),
        sa.Column("adjusted_fen", sa.BigInteger(), nullable=False),
        sa.Column("spent_fen", sa.BigInteger(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("leader_name", sa.Text(), nullable=True),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "category IN ('livelihood', 'engineering', 'other')", name=op.f("ck_projects_category_known")
        ),
        sa.CheckConstraint(
            "fund_kind IN ('general', 'government_fund', 'state_capital', 'social_insurance')",
            name=op.f("ck_projects_fund_kind_known"),
        ),
        sa.CheckConstraint(
            "recurrence IN ('standing', 'continuing', 'one_off')", name=op.f("ck_projects_recurrence_known")
        ),
        sa.CheckConstraint(
            "initial_fen >= 0 AND adjusted_fen >= 0 AND spent_fen >= 0", name=op.f("ck_projects_amounts_not_negative")
        ),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_projects_department_id")),
        sa.ForeignKeyConstraint(["field_code"], ["fields.code"], name=op.f("fk_projects_field_code")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_projects_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("code", "year", name=op.f("uq_projects_code_year")),
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_projects_department_id_year"), ["department_id", "year"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_year_code"), ["year", "code"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_year_sort_key_code"), ["year", "sort_key", "code"], unique=False)

    op.create_table(
        "contractors",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role IN ('builder', 'supplier', 'designer', 'supervisor', 'service')",
            name=op.f("ck_contractors_role_known"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_contractors_organisation_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_contractors_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contractors")),
        sa.UniqueConstraint(
            "project_id", "organisation_id", "role", name=op.f("uq_contractors_project_id_organisation_id_role")
        ),
    )
    with op.batch_alter_table("contractors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contractors_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contractors_project_id"), ["project_id"], unique=False)

    op.create_table(
        "participations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("expert_id", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("took_part_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "role IN ('study', 'design', 'budget', 'supervision', 'audit', 'ex_ante', 'goal_setting', 'department_evaluation')",
            name=op.f("ck_participations_role_known"),
        ),
        sa.CheckConstraint(
            "(expert_id IS NULL) <> (agency_id IS NULL)", name=op.f("ck_participations_one_participant")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_participations_agency_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_participations_expert_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_participations_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
    )
    with op.batch_alter_table("participations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participations_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participations_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participations_project_id"), ["project_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("participations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participations_project_id"))
        batch_op.drop_index(batch_op.f("ix_participations_expert_id"))
        batch_op.drop_index(batch_op.f("ix_participations_agency_id"))

    op.drop_table("participations")
    with op.batch_alter_table("contractors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contractors_project_id"))
        batch_op.drop_index(batch_op.f("ix_contractors_organisation_id"))

    op.drop_table("contractors")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_projects_year_sort_key_code"))
        batch_op.drop_index(batch_op.f("ix_projects_year_code"))
        batch_op.drop_index(batch_op.f("ix_projects_department_id_year"))

    op.drop_table("projects")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_units_department_id"))

    op.drop_table("units")
    op.drop_table("departments")
