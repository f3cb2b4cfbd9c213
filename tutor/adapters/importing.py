"""Adapters in and out: registering what was trained, taking a foreign peft folder or zip, and
handing one out as peft saves it.

What comes from outside has no report of ours, so that promoting it takes an evaluation or a reason.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from storage import audit
from storage.artifacts import Artifact, add_artifact, artifact_by_id
from storage.blobs import Blob, BlobStore
from storage.database import Database, Session
from tutor.adapters.fitness import KIND
from tutor.adapters.package import (
    MEDIA_TYPE,
    WEIGHTS,
    Package,
    packed,
    read_folder,
    read_zip,
    unpack,
)
from tutor.adapters.refusals import AdapterRefused, AdapterUnknown
from tutor.adapters.scopes import community_of
from tutor.engine.contract import Engine, EngineUnavailable, RequestRefused
from tutor.i18n import mark

CARD_FORMAT = 1
TRIED = "import-check"


@dataclass(frozen=True, slots=True)
class StoredAdapter:
    """An adapter's file with its whole card, before any row knows of it."""

    blob: Blob
    card: Mapping[str, Any]


@asynccontextmanager
async def stored_adapter(
    blobs: BlobStore, package: Package, *, name: str, card: Mapping[str, Any], now: datetime
) -> AsyncIterator[StoredAdapter]:
    """Packs and stores an adapter, which takes its time, for `register_adapter` within. Where that
    fails the file is gone again."""
    whole = {
        **card,
        "format": CARD_FORMAT,
        "name": name,
        "weights_sha256": await asyncio.to_thread(_sha256, package.weights),
        "made_at": card.get("made_at") or now.isoformat(),
    }
    data = await asyncio.to_thread(packed, replace(package, card=whole))
    async with blobs.stored(data) as blob:
        yield StoredAdapter(blob, whole)


async def register_adapter(
    session: Session, stored: StoredAdapter, *, by: str | None, now: datetime
) -> Artifact:
    """Makes an artifact of a stored adapter; nobody uses it yet."""
    return await add_artifact(
        session,
        stored.blob,
        kind=KIND,
        name=stored.card["name"],
        base_hash=str(stored.card.get("base_hash") or ""),
        card=stored.card,
        media_type=MEDIA_TYPE,
        now=now,
        created_by=by,
    )


async def import_adapter(
    database: Database,
    blobs: BlobStore,
    engine: Engine,
    source: Path | bytes,
    *,
    name: str,
    scope: str,
    licence: str,
    by: str | None,
    now: datetime,
) -> Artifact:
    """Takes a peft folder or zip. Refuses what is unsafe, of another base or of other shapes: the
    engine lays it over the model once before it is stored."""
    read = read_zip if isinstance(source, bytes) else read_folder
    package = await asyncio.to_thread(read, source)  # type: ignore[arg-type]  # each reads its own
    capabilities = await engine.capabilities()
    _check_base(package, capabilities.base_hash)
    await _tried(engine, package)
    card: dict[str, Any] = {
        "base_hash": capabilities.base_hash,
        "template_hash": capabilities.template_hash,
        "precision": capabilities.precision,
        "base_revision": capabilities.base_revision,
        "base_model": capabilities.model,
        "dataset": {},
        "recipe": {},
        "metrics": {},
        "report": None,
        "phrases": [],
        "licence": licence,
        "attribution": [],
        "scope": scope,
        "imported": True,
    }
    storing = stored_adapter(blobs, package, name=name, card=card, now=now)
    async with storing as stored, database.write() as session:
        artifact = await register_adapter(session, stored, by=by, now=now)
        await audit.record(
            session,
            actor_id=by,
            action="adapter.import",
            community_id=community_of(scope),
            details={"artifact_id": artifact.id, "scope": scope},
            now=now,
        )
    return artifact


async def export_adapter(session: Session, blobs: BlobStore, artifact_id: str) -> tuple[str, bytes]:
    """A file name and a zip that is a peft folder once it is unpacked; with the card as it is now,
    which follows a later comparison."""
    artifact = await artifact_by_id(session, artifact_id)
    if artifact is None or artifact.kind != KIND:
        raise AdapterUnknown
    safe = "".join(letter if letter.isalnum() else "-" for letter in artifact.name).strip("-")
    stored = await blobs.get(artifact.blob_hash)
    data = await asyncio.to_thread(_with_card, stored, artifact.card)
    return f"{safe or 'adapter'}-{artifact.id[-8:]}.zip", data


def _with_card(stored: bytes, card: Mapping[str, Any]) -> bytes:
    return packed(replace(read_zip(stored), card=card))


async def export_folder(session: Session, blobs: BlobStore, artifact_id: str, folder: Path) -> Path:
    """The same as a folder that `peft.PeftModel.from_pretrained` loads."""
    _, data = await export_adapter(session, blobs, artifact_id)
    await asyncio.to_thread(unpack, data, folder)
    return folder


def _check_base(package: Package, base_hash: str) -> None:
    """An adapter whose card names another base is refused before anything is loaded."""
    stated = package.card.get("base_hash")
    if stated and base_hash and stated != base_hash:
        raise AdapterRefused(
            mark(
                "This adapter was made for another model ({model}). Set DAOSHI_MODEL to that one, "
                "or bring an adapter for the present model."
            ),
            model=str(
                package.card.get("base_model") or package.config.get("base_model_name_or_path")
            ),
        )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def _tried(engine: Engine, package: Package) -> None:
    """Lets the engine lay it over its model, which compares every layer's shape."""
    if not (await engine.capabilities()).adapters:
        return
    version = f"{TRIED}-{(await asyncio.to_thread(_sha256, package.weights))[:16]}"
    with tempfile.TemporaryDirectory() as folder:
        data = await asyncio.to_thread(packed, package)
        await asyncio.to_thread(unpack, data, Path(folder))
        try:
            await engine.ensure_adapter(version, folder)
        except EngineUnavailable:
            raise
        except RequestRefused as error:
            raise AdapterRefused(
                mark(
                    "The adapter in {file} does not fit the model that answers: other layers or "
                    "other sizes. Bring one that was trained on {model}."
                ),
                file=WEIGHTS,
                model=(await engine.capabilities()).model,
            ) from error
        await engine.retire_adapter(version)
