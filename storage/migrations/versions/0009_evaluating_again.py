"""Runs that only compare an adapter again, and make none."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FOREIGN_KEY = "fk_tuning_runs_evaluates_id_artifacts"
INDEX = "ix_tuning_runs_evaluates_id"


def upgrade() -> None:
    with op.batch_alter_table("tuning_runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("evaluates_id", sa.Text(), nullable=True))
        batch_op.create_foreign_key(op.f(FOREIGN_KEY), "artifacts", ["evaluates_id"], ["id"])
        batch_op.create_index(op.f(INDEX), ["evaluates_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tuning_runs", schema=None) as batch_op:
        batch_op.drop_index(op.f(INDEX))
        batch_op.drop_constraint(op.f(FOREIGN_KEY), type_="foreignkey")
        batch_op.drop_column("evaluates_id")
