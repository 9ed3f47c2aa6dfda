"""Tables of agencies."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("legal_representative", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_mobile_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_mobile_masked", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("capacity_year", sa.BigInteger(), nullable=False),
        sa.Column("capacity_at_once", sa.BigInteger(), nullable=False),
        sa.Column("quality_points", sa.BigInteger(), nullable=True),
        sa.Column("on_credit_platform", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("term_until_on", sa.Date(), nullable=True),
        sa.Column("submitted_by_id", sa.Text(), nullable=True),
        sa.Column("checked_by_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "nature IN ('consulting', 'accounting', 'appraisal', 'law', 'institute', 'university')",
            name=op.f("ck_agencies_nature_known"),
        ),
        sa.CheckConstraint(
            "state IN ('applied', 'first_check', 'supplement', 'second_check', 'public_notice', 'active', 'suspended', 'expiring', 'renewed', 'removed', 'blacklisted')",
            name=op.f("ck_agencies_state_known"),
        ),
        sa.CheckConstraint(
            "capacity_year >= 0 AND capacity_at_once >= 0", name=op.f("ck_agencies_capacity_not_negative")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_agencies_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("code", name=op.f("uq_agencies_code")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_agencies_organisation_id")),
    )
    with op.batch_alter_table("agencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agencies_sort_key_code"), ["sort_key", "code"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_agencies_state_sort_key_code"), ["state", "sort_key", "code"], unique=False
        )

    op.create_table(
        "agency_fields",
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("skill", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_agency_fields_agency_id")),
        sa.ForeignKeyConstraint(["field_code"], ["fields.code"], name=op.f("fk_agency_fields_field_code")),
        sa.PrimaryKeyConstraint("agency_id", "field_code", name=op.f("pk_agency_fields")),
    )
    op.create_table(
        "agency_licences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_agency_licences_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_licences")),
        sa.UniqueConstraint("agency_id", "kind", name=op.f("uq_agency_licences_agency_id_kind")),
    )
    with op.batch_alter_table("agency_licences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_licences_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "agency_staff",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("identity_index", sa.Text(), nullable=True),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("title_level", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("is_lead_evaluator", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("expert_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_agency_staff_agency_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_agency_staff_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_staff")),
    )
    with op.batch_alter_table("agency_staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_staff_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "paid_business",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_paid_business_agency_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_paid_business_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paid_business")),
    )
    with op.batch_alter_table("paid_business", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paid_business_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paid_business_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "staff_spells",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('employment', 'director', 'supervisor', 'controller', 'head')",
            name=op.f("ck_staff_spells_kind_known"),
        ),
        sa.CheckConstraint("precision IN ('day', 'month')", name=op.f("ck_staff_spells_precision_known")),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_staff_spells_order_of_days")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_staff_spells_organisation_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["agency_staff.id"], name=op.f("fk_staff_spells_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_spells")),
    )
    with op.batch_alter_table("staff_spells", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_spells_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_spells_staff_id"), ["staff_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("staff_spells", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_spells_staff_id"))
        batch_op.drop_index(batch_op.f("ix_staff_spells_organisation_id"))

    op.drop_table("staff_spells")
    with op.batch_alter_table("paid_business", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paid_business_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_paid_business_agency_id"))

    op.drop_table("paid_business")
    with op.batch_alter_table("agency_staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_staff_agency_id"))

    op.drop_table("agency_staff")
    with op.batch_alter_table("agency_licences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_licences_agency_id"))

    op.drop_table("agency_licences")
    op.drop_table("agency_fields")
    with op.batch_alter_table("agencies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agencies_state_sort_key_code"))
        batch_op.drop_index(batch_op.f("ix_agencies_sort_key_code"))

    op.drop_table("agencies")
