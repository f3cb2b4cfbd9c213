"""Erasing and exporting a person: every table is looked at, because the metadata lists them."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from storage import erase, learners
from storage.blobs import BlobStore
from storage.database import Database, Session
from storage.erase import erase_learner
from storage.export import PROOFS, export_learner
from storage.models import Base
from storage.models.base import OnErase
from storage.personal import learner_columns
from storage.rows import read_rows, tables_of
from tests.doubles.storage_tour import DAY, NOW, Visitor, meet, visit

LEAVER, OTHER = "leaver", "other"  # in no hexadecimal id by chance


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def everything(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as the database has it."""
    return {table.name: list(read_rows(connection, table)) for table in tables_of(connection)}


async def dump(session: Session) -> dict[str, list[dict[str, Any]]]:
    return await session.run_sync(everything)


async def name_in_every_column(session: Session, learner_id: str) -> None:
    """Makes sure that each column which may name the learner does so in some row."""
    for reference in learner_columns():
        named = select(func.count()).where(reference.column == learner_id)
        if (await session.execute(named)).scalar_one():
            continue
        key = list(reference.table.primary_key.columns)
        [*values] = (await session.execute(select(*key).limit(1))).one()
        row = [column == value for column, value in zip(key, values, strict=True)]
        await session.execute(
            update(reference.table).where(*row).values({reference.column: learner_id})
        )
        assert (await session.execute(named)).scalar_one() == 1, reference


async def two_people(database: Database, store: BlobStore) -> tuple[Visitor, Visitor]:
    other = await visit(database, store, OTHER)
    return await visit(database, store, LEAVER), other


def test_every_reference_to_a_learner_says_what_erasing_does() -> None:
    unmarked = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "learners"
        and not isinstance(column.info.get("on_erase"), OnErase)
    ]
    assert unmarked == []


async def test_nothing_of_an_erased_person_remains_in_any_table(
    database: Database, store: BlobStore
) -> None:
    leaver, _ = await two_people(database, store)
    async with database.write() as session:
        await name_in_every_column(session, leaver.learner_id)
        before = await dump(session)
        assert await erase_learner(session, leaver.learner_id, NOW + DAY)
        after = await dump(session)
    assert all(before[reference.table.name] for reference in learner_columns())
    remaining = {
        table: row
        for table, rows in after.items()
        for row in rows
        if leaver.learner_id in json.dumps(row) or LEAVER in json.dumps(row)
    }
    assert remaining == {}
    assert len(after["erasures"]) == 1


async def test_other_people_keep_everything(database: Database, store: BlobStore) -> None:
    leaver, other = await two_people(database, store)
    async with database.write() as session:
        before = await export_learner(session, other.learner_id, NOW, store)
        await erase_learner(session, leaver.learner_id, NOW + DAY)
        after = await export_learner(session, other.learner_id, NOW, store)
    assert before["tables"]["conversations"]
    assert after == before


async def test_a_shared_thread_keeps_no_summary_of_an_erased_person_s_words(
    database: Database, store: BlobStore
) -> None:
    leaver, _ = await two_people(database, store)
    async with database.write() as session:
        summary = "SELECT summary FROM conversations"
        assert set((await session.exec_driver_sql(summary)).scalars()) == {"They spoke of words."}
        await erase_learner(session, leaver.learner_id, NOW + DAY)
        left = await dump(session)
    summaries = {row["channel"]: row["summary"] for row in left["conversations"]}
    assert summaries == {"C1": "", f"D{OTHER}": "They spoke of words."}


async def test_counts_of_the_community_stay(database: Database, store: BlobStore) -> None:
    leaver, _ = await two_people(database, store)
    async with database.write() as session:
        before = (await dump(session))["community_usage"]
        await erase_learner(session, leaver.learner_id, NOW + DAY)
        assert (await dump(session))["community_usage"] == before


async def test_an_erasure_that_breaks_off_erases_nothing(
    database: Database, store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaver, _ = await two_people(database, store)
    async with database.read() as session:
        before = await dump(session)

    async def fail(*_: object) -> None:
        raise ConnectionError("pulled the plug")

    monkeypatch.setattr(erase, "delete_turns", fail)
    with pytest.raises(ConnectionError):
        async with database.write() as session:
            await erase_learner(session, leaver.learner_id, NOW + DAY)
    async with database.read() as session:
        assert await dump(session) == before


async def test_somebody_who_comes_back_is_a_stranger(database: Database, store: BlobStore) -> None:
    leaver, _ = await two_people(database, store)
    async with database.write() as session:
        await erase_learner(session, leaver.learner_id, NOW + DAY)
        assert not await erase_learner(session, leaver.learner_id, NOW + DAY)
        again = await meet(session, LEAVER, "Somebody", NOW + 2 * DAY)
        found = await learners.learner_by_id(session, leaver.learner_id)
    assert again.is_new
    assert again.id != leaver.learner_id
    assert found is None


async def test_an_export_has_every_table_that_knows_the_person(
    database: Database, store: BlobStore
) -> None:
    leaver, _ = await two_people(database, store)
    async with database.write() as session:
        await name_in_every_column(session, leaver.learner_id)
        exported = await export_learner(session, leaver.learner_id, NOW, store)
    missing = {
        reference.table.name
        for reference in learner_columns()
        if not any(
            row.get(reference.column.name) == leaver.learner_id
            for row in exported["tables"][reference.table.name]
        )
    }
    assert missing == set()
    for table in ("learners", "claims", "outbox", "installations", "turn_revisions"):
        assert exported["tables"][table], table


async def test_an_export_holds_their_words_and_nobody_else_s(
    database: Database, store: BlobStore
) -> None:
    leaver, _ = await two_people(database, store)
    async with database.read() as session:
        exported = await export_learner(session, leaver.learner_id, NOW, store)
    text = json.dumps(exported)
    for words in ("question of", "answer to the question of", "rewritten by", "note of", "hello"):
        assert f"{words} {LEAVER}" in text, words
        assert f"{words} {OTHER}" not in text, words
    [file] = exported["files"]
    assert file["name"] == f"homework of {LEAVER}.txt"
    assert base64.b64decode(file["content_base64"]) == f"file of {LEAVER}".encode()


async def test_an_export_holds_no_keys(database: Database, store: BlobStore) -> None:
    leaver, _ = await two_people(database, store)
    async with database.read() as session:
        exported = await export_learner(session, leaver.learner_id, NOW)
    for table, columns in PROOFS.items():
        for row in exported["tables"][table]:
            assert not columns & row.keys()


async def test_an_export_for_staff_hides_the_words_of_those_who_reported(
    database: Database, store: BlobStore
) -> None:
    leaver, _ = await two_people(database, store)
    async with database.write() as session:
        await session.exec_driver_sql(f"UPDATE reports SET handled_by = '{leaver.staff_id}'")
        exported = await export_learner(session, leaver.staff_id, NOW)
    assert {report["note"] for report in exported["tables"]["reports"]} == {None}
