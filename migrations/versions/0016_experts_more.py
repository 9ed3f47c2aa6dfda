"""Tables of experts, continued."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "person_undertakings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("expert_id", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_person_undertakings_agency_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_person_undertakings_expert_id")),
        sa.ForeignKeyConstraint(["text_id"], ["undertaking_texts.id"], name=op.f("fk_person_undertakings_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_undertakings")),
    )
    with op.batch_alter_table("person_undertakings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_undertakings_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_undertakings_expert_id"), ["expert_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("person_undertakings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_undertakings_expert_id"))
        batch_op.drop_index(batch_op.f("ix_person_undertakings_agency_id"))

    op.drop_table("person_undertakings")
