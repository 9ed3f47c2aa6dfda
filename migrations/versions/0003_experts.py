"""Tables of experts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "experts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("identity_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("identity_index", sa.Text(), nullable=True),
        sa.Column("identity_masked", sa.Text(), nullable=True),
        sa.Column("mobile_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mobile_index", sa.Text(), nullable=True),
        sa.Column("mobile_masked", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("speciality", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("title_level", sa.Text(), nullable=False),
        sa.Column("titled_on", sa.Date(), nullable=True),
        sa.Column("service_state", sa.Text(), nullable=False),
        sa.Column("supervises_pool", sa.Boolean(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("capacity_year", sa.BigInteger(), nullable=False),
        sa.Column("capacity_at_once", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("term_until_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("submitted_by_id", sa.Text(), nullable=True),
        sa.Column("checked_by_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "service_state IN ('serving', 'retired', 'civil_servant')", name=op.f("ck_experts_service_state_known")
        ),
        sa.CheckConstraint(
            "state IN ('applied', 'first_check', 'supplement', 'second_check', 'public_notice', 'active', 'suspended', 'expiring', 'renewed', 'removed', 'blacklisted')",
            name=op.f("ck_experts_state_known"),
        ),
        sa.CheckConstraint(
            "title_level IN ('full', 'associate', 'middle', 'none')", name=op.f("ck_experts_title_level_known")
        ),
        sa.CheckConstraint(
            "capacity_year >= 0 AND capacity_at_once >= 0", name=op.f("ck_experts_capacity_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts")),
        sa.UniqueConstraint("code", name=op.f("uq_experts_code")),
        sa.UniqueConstraint("identity_index", name=op.f("uq_experts_identity_index")),
    )
    with op.batch_alter_table("experts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_experts_mobile_index"), ["mobile_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_experts_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_experts_region_sort_key"), ["region", "sort_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_experts_sort_key_code"), ["sort_key", "code"], unique=False)
        batch_op.create_index(batch_op.f("ix_experts_state_sort_key_code"), ["state", "sort_key", "code"], unique=False)
        batch_op.create_index(batch_op.f("ix_experts_term_until_on_code"), ["term_until_on", "code"], unique=False)

    op.create_table(
        "fields",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("english_name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('subject', 'finance')", name=op.f("ck_fields_kind_known")),
        sa.CheckConstraint("length(code) IN (2, 4, 6)", name=op.f("ck_fields_code_length")),
        sa.ForeignKeyConstraint(["parent_code"], ["fields.code"], name=op.f("fk_fields_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_fields")),
    )
    op.create_table(
        "undertaking_texts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("english_body", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("valid_from_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('pool', 'seat', 'agency')", name=op.f("ck_undertaking_texts_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking_texts")),
        sa.UniqueConstraint("kind", "edition", name=op.f("uq_undertaking_texts_kind_edition")),
    )
    op.create_table(
        "days_off",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("expert_id", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_days_off_order_of_days")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_days_off_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_days_off")),
    )
    with op.batch_alter_table("days_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_days_off_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "employment_spells",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("expert_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("is_part_time", sa.Boolean(), nullable=False),
        sa.CheckConstraint("precision IN ('day', 'month')", name=op.f("ck_employment_spells_precision_known")),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_employment_spells_order_of_days")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_employment_spells_expert_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_employment_spells_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_spells")),
    )
    with op.batch_alter_table("employment_spells", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employment_spells_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employment_spells_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "expert_bank_accounts",
        sa.Column("expert_id", sa.Text(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("card_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("card_masked", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_expert_bank_accounts_expert_id")),
        sa.PrimaryKeyConstraint("expert_id", name=op.f("pk_expert_bank_accounts")),
    )
    op.create_table(
        "expert_fields",
        sa.Column("expert_id", sa.Text(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("skill", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("rank >= 1 AND rank <= 9", name=op.f("ck_expert_fields_rank_range")),
        sa.CheckConstraint("skill >= 1 AND skill <= 3", name=op.f("ck_expert_fields_skill_range")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_expert_fields_expert_id")),
        sa.ForeignKeyConstraint(["field_code"], ["fields.code"], name=op.f("fk_expert_fields_field_code")),
        sa.PrimaryKeyConstraint("expert_id", "field_code", name=op.f("pk_expert_fields")),
    )
    with op.batch_alter_table("expert_fields", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expert_fields_field_code"), ["field_code"], unique=False)

    op.create_table(
        "expert_licences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("expert_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_expert_licences_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_licences")),
        sa.UniqueConstraint("expert_id", "kind", name=op.f("uq_expert_licences_expert_id_kind")),
    )
    with op.batch_alter_table("expert_licences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expert_licences_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_expert_licences_expires_on"), ["expires_on"], unique=False)

    op.create_table(
        "kin",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("expert_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("relative_expert_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "relation IN ('spouse', 'lineal', 'collateral', 'in_law')", name=op.f("ck_kin_relation_known")
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_kin_expert_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_kin_organisation_id")),
        sa.ForeignKeyConstraint(["relative_expert_id"], ["experts.id"], name=op.f("fk_kin_relative_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kin")),
    )
    with op.batch_alter_table("kin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kin_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kin_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "posts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("expert_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('director', 'supervisor', 'controller', 'head', 'adviser')", name=op.f("ck_posts_kind_known")
        ),
        sa.CheckConstraint("precision IN ('day', 'month')", name=op.f("ck_posts_precision_known")),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_posts_order_of_days")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_posts_expert_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_posts_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posts_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posts_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posts_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_posts_expert_id"))

    op.drop_table("posts")
    with op.batch_alter_table("kin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kin_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_kin_expert_id"))

    op.drop_table("kin")
    with op.batch_alter_table("expert_licences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expert_licences_expires_on"))
        batch_op.drop_index(batch_op.f("ix_expert_licences_expert_id"))

    op.drop_table("expert_licences")
    with op.batch_alter_table("expert_fields", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expert_fields_field_code"))

    op.drop_table("expert_fields")
    op.drop_table("expert_bank_accounts")
    with op.batch_alter_table("employment_spells", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employment_spells_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_employment_spells_expert_id"))

    op.drop_table("employment_spells")
    with op.batch_alter_table("days_off", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_days_off_expert_id"))

    op.drop_table("days_off")
    op.drop_table("undertaking_texts")
    op.drop_table("fields")
    with op.batch_alter_table("experts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_experts_term_until_on_code"))
        batch_op.drop_index(batch_op.f("ix_experts_state_sort_key_code"))
        batch_op.drop_index(batch_op.f("ix_experts_sort_key_code"))
        batch_op.drop_index(batch_op.f("ix_experts_region_sort_key"))
        batch_op.drop_index(batch_op.f("ix_experts_name_key"))
        batch_op.drop_index(batch_op.f("ix_experts_mobile_index"))

    op.drop_table("experts")
