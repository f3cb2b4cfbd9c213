"""One file with everything in it: a tar of a manifest, one JSONL file for each table, and blobs.

The manifest comes first and names every other member with its SHA-256, so that an archive is
checked as a whole before anything of it is used. The same file fits SQLite and PostgreSQL.
"""

import asyncio
import hashlib
import json
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from storage.rows import JsonRow, read_rows, tables_of
from storage.session import Session

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK_BYTES = 1 << 20


class ArchiveDamaged(Exception):
    """The file is no archive of ours, or not what was written; nothing of it was used."""


@dataclass(frozen=True, slots=True)
class Member:
    """`rows` is None for a blob."""

    sha256: str
    size_bytes: int
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """`revision` is that of the schema; members by their path in the archive."""

    created_at: str
    revision: str
    members: Mapping[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def tables(self) -> list[str]:
        """The names of the tables, each after those that it refers to."""
        return [Path(name).stem for name, member in self.members.items() if member.rows is not None]

    @property
    def blobs(self) -> list[str]:
        """The hashes of the blobs."""
        return [Path(name).name for name, member in self.members.items() if member.rows is None]


async def write_tables(
    session: Session, file: Path, now: datetime, blobs: Mapping[str, Path] | None = None
) -> Manifest:
    """Writes every table that the session sees, and blobs by their hash, into a new archive."""
    with tempfile.TemporaryDirectory() as folder:
        revision, rows = await session.run_sync(_dump, Path(folder))
        return await asyncio.to_thread(
            _pack, file, Path(folder), rows, dict(blobs or {}), revision, now
        )


def verify(file: Path) -> Manifest:
    """Reads the whole archive and compares every member with the manifest."""
    with _opened(file) as tar:
        manifest = _manifest(tar)
        missing = dict(manifest.members)
        for info in islice(tar, 1, None):
            expected = missing.pop(info.name, None)
            content = tar.extractfile(info)
            if expected is None or content is None:
                raise ArchiveDamaged(f"{file} holds something that it does not list: {info.name}")
            if _digest(content) != expected.sha256:
                raise ArchiveDamaged(f"{info.name} in {file} is not what was written.")
        if missing:
            raise ArchiveDamaged(f"{file} lacks {', '.join(sorted(missing))}.")
        return manifest


def member_of(table: str) -> str:
    """The path of a table's rows in an archive."""
    return f"tables/{table}.jsonl"


def read_table(file: Path, table: str) -> Iterator[JsonRow]:
    """The rows of one table."""
    with _opened(file) as tar:
        content = tar.extractfile(member_of(table))
        assert content is not None, table
        for line in content:
            yield json.loads(line)


def read_blobs(file: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Every blob with its hash, one after the other."""
    with _opened(file) as tar:
        for info in tar:
            content = tar.extractfile(info) if info.name.startswith("blobs/") else None
            if content is not None:
                yield Path(info.name).name, content


def _dump(connection: Connection, folder: Path) -> tuple[str, dict[str, int]]:
    """Writes each table into a file of its own; returns the revision and the counts of rows."""
    counts = {}
    for table in tables_of(connection):
        counts[table.name] = 0
        with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as lines:
            for row in read_rows(connection, table):
                lines.write(json.dumps(row) + "\n")
                counts[table.name] += 1
    revision = MigrationContext.configure(connection).get_current_revision()
    return revision or "", counts


def _pack(
    file: Path,
    folder: Path,
    rows: Mapping[str, int],
    blobs: Mapping[str, Path],
    revision: str,
    now: datetime,
) -> Manifest:
    """Puts everything into one file, which appears under its name only when it is whole."""
    sources = {member_of(table): folder / f"{table}.jsonl" for table in rows}
    sources |= {f"blobs/{digest}": path for digest, path in sorted(blobs.items())}
    members = {
        name: Member(_digest_of(path), path.stat().st_size, rows.get(Path(name).stem))
        for name, path in sources.items()
    }
    manifest = Manifest(now.isoformat(), revision, members)
    listing = folder / MANIFEST
    listing.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.touch(mode=0o600)
    with tarfile.open(unfinished, "w") as tar:
        tar.add(listing, MANIFEST)
        for name, path in sources.items():
            tar.add(path, name)
    unfinished.replace(file)
    return manifest


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, KeyError) as error:  # a key: a link that leads nowhere
        raise ArchiveDamaged(f"{file} is no whole backup archive.") from error


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if content is None:
        raise ArchiveDamaged(f"{tar.name!r} does not begin with a manifest.")
    try:
        raw = json.loads(content.read())
        members = {name: Member(**member) for name, member in raw.pop("members").items()}
        manifest = Manifest(**raw, members=members)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ArchiveDamaged(f"The manifest of {tar.name!r} can't be read.") from error
    if manifest.format != FORMAT:
        raise ArchiveDamaged(f"{tar.name!r} was written by a newer version of Daoshi.")
    return manifest


def _digest_of(path: Path) -> str:
    with path.open("rb") as content:
        return _digest(content)


def _digest(content: IO[bytes]) -> str:
    return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
