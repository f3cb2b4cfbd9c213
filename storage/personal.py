"""Where learners stand in the schema: found by the marks of columns, not by a list of tables."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, or_

from storage.claims import author_key
from storage.learners import Identity
from storage.models import Base, ClaimRow, InstallationRow, OutboxRow
from storage.models.base import OnErase


@dataclass(frozen=True, slots=True)
class LearnerColumn:
    """A column that refers to a learner, and what erasing them does to its row."""

    table: Table
    column: Any
    on_erase: OnErase


def learner_columns() -> list[LearnerColumn]:
    """Every column that refers to a learner; rows that others refer to come last."""
    return [
        LearnerColumn(table, column, column.info["on_erase"])
        for table in reversed(Base.metadata.sorted_tables)
        for column in table.columns
        if "on_erase" in column.info
    ]


def by_identity(identities: list[Identity]) -> dict[str, ColumnElement[bool]]:
    """Conditions for the rows that name a person by their platform identity, by table."""
    return {
        ClaimRow.__tablename__: or_(
            *(
                and_(
                    ClaimRow.platform == known.platform,
                    ClaimRow.author == author_key(known.workspace, known.user_id),
                )
                for known in identities
            )
        ),
        OutboxRow.__tablename__: or_(
            *(
                and_(OutboxRow.platform == known.platform, OutboxRow.recipient == known.user_id)
                for known in identities
            )
        ),
        InstallationRow.__tablename__: or_(
            *(
                and_(
                    InstallationRow.platform == known.platform,
                    InstallationRow.user_id == known.user_id,
                )
                for known in identities
            )
        ),
    }
