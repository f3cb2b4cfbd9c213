"""Brings an adapter's file into the engine: blob, folder in the data folder, engine.

Whatever goes wrong costs a reply its adapter and never the reply: one record is logged, and
`problems` says it to whoever asks for the state.
"""

import asyncio
import hashlib
import os
import shutil
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from storage.adapter_pointers import adapters_in_use
from storage.artifacts import Artifact
from storage.blobs import BlobDamaged, BlobMissing, BlobStore
from storage.database import Database
from tutor.adapters.package import CARD, WEIGHTS, unpack
from tutor.adapters.refusals import AdapterRefused
from tutor.engine.contract import Engine, EngineError, EngineUnavailable

FOLDER = "adapters"
MOST_LOADED = 8
TRY_AGAIN = timedelta(minutes=1)
log = structlog.get_logger()


class Loader:
    """One for each process. The engine's own client loads them again into a new engine process."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        engine: Engine,
        data_dir: Path,
        now: Callable[[], datetime],
        *,
        most_loaded: int = MOST_LOADED,
    ) -> None:
        self.problems: dict[str, str] = {}  # artifact's name → what went wrong
        self._database = database
        self._blobs = blobs
        self._engine = engine
        self._folder = data_dir / FOLDER
        self._now = now
        self._most_loaded = most_loaded
        self._loaded: OrderedDict[str, None] = OrderedDict()  # the longest unused first
        self._loading: dict[str, asyncio.Task[bool]] = {}
        self._failed: dict[str, datetime] = {}

    async def load(self, artifact: Artifact) -> bool:
        """Whether the engine has it; loads it once however many ask, and goes on if one leaves."""
        if artifact.id in self._loaded:
            self._loaded.move_to_end(artifact.id)
            return True
        failed = self._failed.get(artifact.id)
        if failed is not None and self._now() - failed < TRY_AGAIN:
            return False
        task = self._loading.get(artifact.id)
        if task is None:
            task = asyncio.create_task(self._load(artifact))
            self._loading[artifact.id] = task
            task.add_done_callback(lambda _: self._loading.pop(artifact.id, None))
        return await asyncio.shield(task)

    def forget(self, version: str) -> None:
        """The engine says that it does not have it after all."""
        self._loaded.pop(version, None)

    async def close(self) -> None:
        """Waits for nothing that is still being loaded."""
        for task in self._loading.values():
            task.cancel()
        await asyncio.gather(*self._loading.values(), return_exceptions=True)

    async def _load(self, artifact: Artifact) -> bool:
        try:
            folder = await self.folder_of(artifact)
            await self._engine.ensure_adapter(artifact.id, str(folder))
        except EngineUnavailable as error:  # no fault of the adapter: it is tried with the next
            log.warning("adapter_waits_for_engine", artifact_id=artifact.id, error=str(error))
            return False
        except (EngineError, AdapterRefused, BlobMissing, BlobDamaged, OSError) as error:
            log.error(  # noqa: TRY400 - the reason says enough
                "adapter_not_loaded", artifact_id=artifact.id, name=artifact.name, error=str(error)
            )
            self._failed[artifact.id] = self._now()
            self.problems[artifact.name] = str(error)
            return False
        self._failed.pop(artifact.id, None)
        self.problems.pop(artifact.name, None)
        self._loaded[artifact.id] = None
        await self._make_room(artifact.id)
        return True

    async def folder_of(self, artifact: Artifact) -> Path:
        """Its files in the data folder, written once; they appear all at once."""
        folder = self._folder / artifact.id
        stated = str(artifact.card.get("weights_sha256") or "")
        if not await asyncio.to_thread(_is_whole, folder, stated):
            data = await self._blobs.get(artifact.blob_hash)  # compares the hash
            await asyncio.to_thread(_publish, data, folder)
        return folder

    async def _make_room(self, newest: str) -> None:
        """Retires what nobody uses any more, and the longest unused where there are too many.

        A request that runs keeps its adapter in the engine until it has ended.
        """
        async with self._database.read() as session:
            in_use = await adapters_in_use(session)
        unused = [version for version in self._loaded if version not in in_use]
        excess = len(self._loaded) - self._most_loaded
        oldest = [version for version in self._loaded if version in in_use][
            : max(0, excess - len(unused))
        ]
        for version in {*unused, *oldest} - {newest}:
            self._loaded.pop(version, None)
            await self._engine.retire_adapter(version)
            log.info("adapter_retired", artifact_id=version)


def _is_whole(folder: Path, weights_sha256: str) -> bool:
    """Whether the folder holds the weights that the card names."""
    weights = folder / WEIGHTS
    if not ((folder / CARD).is_file() and weights.is_file()):
        return False
    with weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == weights_sha256


def _publish(data: bytes, folder: Path) -> None:
    """Writes beside its place, then moves it there in one step."""
    building = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(building, ignore_errors=True)
    try:
        unpack(data, building)
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
