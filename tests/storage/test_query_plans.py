"""No statement of the product reads a growing table from end to end, on either database."""

import inspect
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, UniqueConstraint, event

from storage import (
    adapter_origins,
    adapter_pointers,
    adapter_trials,
    arrivals,
    artifacts,
    assignments,
    attempts,
    audit,
    blobs,
    checklists,
    choices,
    claims,
    class_activity,
    class_records,
    communities,
    consents,
    conversations,
    corrections,
    course_places,
    courses,
    datasets,
    disputes,
    erase,
    erasures,
    export,
    goals,
    homework,
    installations,
    items,
    jobs,
    join_codes,
    learner_activity,
    learners,
    links,
    materials,
    members,
    merging,
    outbox,
    policies,
    practices,
    predictors,
    ratings,
    reports,
    retention,
    reviews,
    schedules,
    skill_states,
    standings,
    teaching_roles,
    tuning_runs,
    turns,
    usage,
)
from storage.blobs import BlobStore
from storage.database import Database
from storage.models import Base
from tests.doubles.storage_tour import DAY, NOW, see_everything, visit

MODULES = (
    adapter_origins,
    adapter_pointers,
    adapter_trials,
    arrivals,
    artifacts,
    assignments,
    attempts,
    audit,
    blobs,
    checklists,
    choices,
    claims,
    class_activity,
    class_records,
    communities,
    consents,
    conversations,
    corrections,
    course_places,
    courses,
    datasets,
    disputes,
    erase,
    erasures,
    export,
    goals,
    homework,
    installations,
    items,
    jobs,
    join_codes,
    learner_activity,
    learners,
    links,
    materials,
    members,
    merging,
    outbox,
    policies,
    practices,
    predictors,
    ratings,
    reports,
    retention,
    reviews,
    schedules,
    skill_states,
    standings,
    teaching_roles,
    tuning_runs,
    turns,
    usage,
)

SMALL = {  # grow with the number of places and products, not with use
    "communities",
    "channels",
    "installations",
    "oauth_states",
    "artifacts",
    "assignments",
    "alembic_version",
    "checklists",
    "courses",
    "predictors",
    "link_codes",  # ten minutes of codes
    "link_attempts",
    "course_places",
    "teaching_roles",
    "class_records",
    "datasets",
    "dataset_versions",
}
READ_IN_FULL_ON_PURPOSE = {
    # a restore compares every identity with every erasure, once
    "FROM erasures": "restore",
    "FROM identities": "restore",
    # cleaning up compares all old blobs with all references, once a day
    "NOT (EXISTS (SELECT * FROM blob_references": "clean-up",
    # pages of everything, the newest first: the primary key's order with a limit
    "FROM audit_log ORDER BY audit_log.id DESC": "newest page",
    "FROM jobs ORDER BY jobs.id DESC": "newest page",
    "WHERE jobs.finished_at IS NULL ORDER BY jobs.id DESC": "newest page of what is unfinished",
}
Statements = dict[str, Any]


def growing() -> set[str]:
    return set(Base.metadata.tables) - SMALL


def partial_indices() -> set[str]:
    """Indices over unfinished or open rows only: reading one in full is not reading the table."""
    return {
        str(index.name)
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }


@contextmanager
def recorded(database: Database) -> Iterator[Statements]:
    """Every statement that the product sends meanwhile, with one set of its parameters."""
    statements: Statements = {}
    backend: Any = database.backend
    engines: list[Engine] = [
        getattr(engine, "sync_engine", engine)
        for engine in (backend.reader, backend.writer, backend.long)
    ]

    def note(_c: Any, _k: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        statements.setdefault(statement, parameters[0] if many else parameters)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def public_functions() -> dict[str, tuple[Any, str]]:
    """Every function that is given a session, by its full name."""
    return {
        f"{module.__name__}.{name}": (module, name)
        for module in MODULES
        for name, function in vars(module).items()
        if inspect.iscoroutinefunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
        and "session" in inspect.signature(function).parameters
    }


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The full names of the functions of storage that were called."""
    names: set[str] = set()

    def counting(full_name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            names.add(full_name)
            return function(*arguments, **named)

        return call

    for full_name, (module, name) in public_functions().items():
        monkeypatch.setattr(module, name, counting(full_name, getattr(module, name)))
    return names


@pytest.fixture
async def statements(
    database: Database, tmp_path: Path, called: set[str]
) -> AsyncIterator[Statements]:
    """What the product sends when everything in storage is used."""
    store = BlobStore(tmp_path / "blobs")
    with recorded(database) as found:
        visitor = await visit(database, store)
        await see_everything(database, store, visitor)
        leaver, other = await visit(database, store, "300"), await visit(database, store, "400")
        async with database.write() as session:
            await export.export_learner(session, visitor.learner_id, NOW, store)
            await erase.erase_learner(session, leaver.learner_id, NOW)
            await merging.merge_learners(
                session, keep_id=visitor.learner_id, gone_id=other.learner_id, now=NOW
            )
            known = await erasures.erasures(session)
            await erasures.add_erasures(session, known)
            await erasures.record_erasure(session, "slack", "T9", "U9", NOW)
            await erasures.learners_to_erase_again(session)
        await retention.apply_retention(database, NOW + 200 * DAY)
        await blobs.delete_unreferenced(database, store, NOW + 200 * DAY)
    yield found


def scans_in_sqlite(connection: Connection, statement: str, parameters: Any) -> list[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    found = []
    for *_, detail in plan:
        words = detail.split()
        partial = bool(set(words) & partial_indices())
        if words[0] == "SCAN" and words[1] in growing() and not partial:
            found.append(detail)
    return found


def scans_in_postgresql(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """With sequential scans made dear, one that is still planned has no index to use instead."""
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    raw = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    plan = json.loads(raw) if isinstance(raw, str) else raw
    return [
        f"{node['Node Type']} on {node['Relation Name']}"
        for node in nodes(plan[0]["Plan"])
        if node.get("Relation Name") in growing()
        and node["Node Type"] != "ModifyTable"
        and "Index Cond" not in node
        and node["Node Type"] != "Bitmap Heap Scan"
        and node.get("Index Name") not in partial_indices()
    ]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def is_explainable(statement: str) -> bool:
    return statement.split(maxsplit=1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


def is_read_in_full_on_purpose(statement: str) -> bool:
    flat = " ".join(statement.split())
    return any(part in flat for part in READ_IN_FULL_ON_PURPOSE)


def find_scans(connection: Connection, statements: Statements) -> dict[str, list[str]]:
    look = scans_in_sqlite if connection.dialect.name == "sqlite" else scans_in_postgresql
    found = {
        statement: look(connection, statement, parameters)
        for statement, parameters in statements.items()
        if is_explainable(statement) and not is_read_in_full_on_purpose(statement)
    }
    return {statement: scans for statement, scans in found.items() if scans}


async def test_no_statement_of_any_function_reads_a_growing_table_from_end_to_end(
    database: Database, statements: Statements, called: set[str]
) -> None:
    assert public_functions().keys() - called == set()
    assert len(statements) > 150
    async with database.write() as session:
        scans = await session.run_sync(find_scans, statements)
    assert not scans, "\n\n".join(f"{found}\n{statement}" for statement, found in scans.items())


async def test_a_scan_would_be_noticed(database: Database) -> None:
    async with database.write() as session:
        scans = await session.run_sync(find_scans, {"SELECT id FROM turns WHERE move = 'x'": ()})
    assert len(scans) == 1


def test_every_foreign_key_is_indexed() -> None:
    """Deleting a row looks for those that refer to it."""
    missing = []
    for table in Base.metadata.tables.values():
        indexed = {next(iter(index.columns)).name for index in table.indexes}
        indexed.add(next(iter(table.primary_key.columns)).name)
        unique = (c for c in table.constraints if isinstance(c, UniqueConstraint))
        indexed |= {next(iter(constraint.columns)).name for constraint in unique}
        for column in table.columns:
            if column.foreign_keys and column.name not in indexed:
                missing.append(f"{table.name}.{column.name}")
    assert missing == []
