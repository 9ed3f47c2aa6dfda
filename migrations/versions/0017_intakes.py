"""Tables of intakes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "intakes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("ticked", sa.JSON(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_rows", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "noun IN ('experts', 'agencies', 'departments', 'projects')", name=op.f("ck_intakes_noun_known")
        ),
        sa.CheckConstraint("state <> 'open' OR sealed_rows IS NOT NULL", name=op.f("ck_intakes_open_has_rows")),
        sa.CheckConstraint(
            "state = 'open' OR (sealed_rows IS NULL AND wrapped_key IS NULL)", name=op.f("ck_intakes_ended_has_none")
        ),
        sa.CheckConstraint("state IN ('open', 'written', 'discarded')", name=op.f("ck_intakes_state_known")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_intakes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intakes")),
    )
    with op.batch_alter_table("intakes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intakes_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_intakes_state_expires_at"), ["state", "expires_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("intakes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intakes_state_expires_at"))
        batch_op.drop_index(batch_op.f("ix_intakes_account_id"))

    op.drop_table("intakes")
