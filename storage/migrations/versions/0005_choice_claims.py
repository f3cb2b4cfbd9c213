"""Which claim used a choice up, so that it counts again when that claim is taken up again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("choice_sets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("used_by", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("choice_sets", schema=None) as batch_op:
        batch_op.drop_column("used_by")
