"""Which adapter answers a turn: the nearest scope's, read once and kept until the reply has ended.

Promotion and roll-back change nothing for a reply that has begun. Where nothing was ever assigned
the database is not asked.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from storage.adapter_pointers import KIND, Pointer, pointers
from storage.artifacts import Artifact, artifact_by_id
from storage.blobs import BlobStore
from storage.database import Database, Session
from tutor.adapters.fitness import fits_base
from tutor.adapters.loading import Loader
from tutor.adapters.pin import Pinned, pinned_from
from tutor.adapters.scopes import (
    GLOBAL,
    for_channel,
    for_community,
    for_learner,
    nearest_first,
)
from tutor.adapters.trials import gets_candidate
from tutor.engine.contract import Engine, EngineError, RequestRefused, TextDelta, TextRequest
from tutor.turn import Turn

log = structlog.get_logger()


class Pins:
    """Finds, loads and keeps the adapters of replies; one for each process."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        engine: Engine,
        data_dir: Path,
        now: Callable[[], datetime],
    ) -> None:
        self.loader = Loader(database, blobs, engine, data_dir, now)
        self._database = database
        self._engine = engine
        self._artifacts: dict[str, Artifact] = {}  # they never change
        self._parked: set[str] = set()

    async def of(self, turn: Turn) -> Pinned | None:
        """What answers this turn, None for the model as it is. Reads once for each turn."""
        pin = turn.pin
        if not pin.read:
            pin.pinned = await self._find(turn) if turn.adapters_in_use else None
            pin.read = True
        return pin.pinned

    async def stream(
        self, request: TextRequest, lost: Callable[[], None] = lambda: None
    ) -> AsyncGenerator[TextDelta, None]:
        """The engine's answer; one that it no longer has the adapter for comes without it, and
        `lost` is called."""
        begun = False
        try:
            async with aclosing(self._engine.stream(request)) as deltas:
                async for delta in deltas:
                    begun = True
                    yield delta
            return
        except RequestRefused as error:
            if begun or request.adapter is None:
                raise
            log.warning("adapter_lost", artifact_id=request.adapter, error=str(error))
            self.loader.forget(request.adapter)
            lost()
        async with aclosing(self._engine.stream(replace(request, adapter=None))) as deltas:
            async for delta in deltas:
                yield delta

    async def _find(self, turn: Turn) -> Pinned | None:
        async with self._database.read() as session:
            found = await pointers_of(session, turn)
            artifact = await self._artifact(session, chosen(found, turn.learner.id))
        if artifact is None or not await self._fits(artifact):
            return None
        if not await self.loader.load(artifact):
            return None
        return pinned_from(artifact.id, {**artifact.card, "name": artifact.name})

    async def _artifact(self, session: Session, artifact_id: str | None) -> Artifact | None:
        if artifact_id is None:
            return None
        if artifact_id not in self._artifacts:
            found = await artifact_by_id(session, artifact_id)
            assert found is not None, artifact_id
            self._artifacts[artifact_id] = found
        return self._artifacts[artifact_id]

    async def _fits(self, artifact: Artifact) -> bool:
        """Whether the model is the one that it was made for; says once that it is parked."""
        try:
            capabilities = await self._engine.capabilities()
        except EngineError as error:
            log.info("adapter_left_out", artifact_id=artifact.id, error=type(error).__name__)
            return False
        if fits_base(artifact.base_hash, capabilities):
            self._parked.discard(artifact.id)
            return capabilities.adapters
        if artifact.id not in self._parked:
            self._parked.add(artifact.id)
            log.warning("adapter_parked", artifact_id=artifact.id, name=artifact.name)
        return False


async def pointers_of(session: Session, turn: Turn, kind: str = KIND) -> list[Pointer]:
    """What is assigned for this learner, here, in their courses, and everywhere."""
    community, channel = turn.community.id, turn.channel.channel
    scopes = (
        for_learner(turn.learner.id, community),
        for_learner(turn.learner.id),
        for_channel(community, channel),
        for_community(community),
        GLOBAL,
    )
    return await pointers(
        session,
        scopes,
        learner_id=turn.learner.id,
        community_id=community,
        channel=channel,
        kind=kind,
    )


def chosen(found: Sequence[Pointer], learner_id: str) -> str | None:
    """The artifact of the nearest scope; where a trial runs there, that of the learner's side."""
    by_scope: dict[str, Pointer] = {}
    for pointer in found:
        if pointer.trial_id is not None or pointer.scope not in by_scope:
            by_scope[pointer.scope] = pointer
    if not by_scope:
        return None
    nearest = by_scope[nearest_first(sorted(by_scope))[0]]
    if nearest.trial_id is None:
        return nearest.artifact_id
    on_trial = gets_candidate(nearest.trial_id, nearest.share or 0.0, learner_id)
    return nearest.candidate_id if on_trial else nearest.artifact_id
