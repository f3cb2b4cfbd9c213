"""Standings: whom the staff of a single community has paused or blocked."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "standings",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_standings_community_id_communities")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_standings_learner_id_learners")
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["learners.id"], name=op.f("fk_standings_set_by_learners")
        ),
        sa.PrimaryKeyConstraint("community_id", "learner_id", name=op.f("pk_standings")),
    )
    with op.batch_alter_table("standings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standings_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_standings_set_by"), ["set_by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("standings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standings_set_by"))
        batch_op.drop_index(batch_op.f("ix_standings_learner_id"))

    op.drop_table("standings")
