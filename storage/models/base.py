"""What all tables share: the declarative base, column types, and how a column names a learner.

A column that refers to a learner says what erasing that person does to its row; erasure, export
and merging walk the metadata by that mark, so that a new table can't be forgotten.
"""

from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC. SQLite keeps no time zone, so it goes in and comes out here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        assert value.tzinfo is not None, f"a time without a zone: {value!r}"
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that every database can hold: PostgreSQL has no NUL, and UTF-8 no lone surrogate."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if "\x00" in value:
            value = value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
        if value.isascii():
            return value
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


class OnErase(StrEnum):
    """What erasing a learner does to a row that refers to them."""

    DELETE = "delete"
    ANONYMISE = "anonymise"  # the row stays, the reference becomes NULL


class Base(DeclarativeBase):
    type_annotation_map = {  # noqa: RUF012
        str: CleanText,
        datetime: UtcDateTime,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        bytes: LargeBinary,
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def learner_reference(on_erase: OnErase, **options: Any) -> MappedColumn[Any]:
    """A foreign key to a learner, marked with what erasing them does to the row."""
    return mapped_column(ForeignKey("learners.id"), info={"on_erase": on_erase}, **options)


def columns_for(row: type[Base], record: type[Any]) -> list[Any]:
    """The columns that fill a record dataclass, in the order of its fields."""
    return [getattr(row, field.name) for field in fields(record)]


def utc_now() -> datetime:
    """The clock, for the few calls that are not given the time."""
    return datetime.now(UTC)
