"""The adapter that comes with the program: registered once, and used unless somebody chose other.

It lies in `shipped/NAME` as peft saved it, with its card. A newer one takes the place of the older
shipped one, and of nothing else.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from storage.artifacts import Artifact, artifacts
from storage.assignments import assign, assignment_at, assignment_history
from storage.blobs import BlobStore
from storage.database import Database, Session
from storage.exclusive import wait_for_turn
from tutor.adapters.fitness import KIND
from tutor.adapters.importing import register_adapter, stored_adapter
from tutor.adapters.package import CARD, CONFIG, read_folder
from tutor.adapters.scopes import GLOBAL

SHIPPED = Path(__file__).with_name("shipped")
REASON = "shipped"
MOST_ARTIFACTS = 500
log = structlog.get_logger()


async def ensure_shipped(
    database: Database, blobs: BlobStore, now: datetime, folder: Path = SHIPPED
) -> Artifact | None:
    """The newest shipped adapter, registered and, where it may be, in use everywhere; None where
    nothing is shipped. Costs a single query where all is as it should be."""
    newest = await asyncio.to_thread(_newest, folder)
    if newest is None:
        return None
    place, card = newest
    async with database.read() as session:
        known = await _registered(session, card)
        if known is not None and not await _takes_over(session, known):
            return known
    package = await asyncio.to_thread(read_folder, place)
    whole = {**card, REASON: True}
    name = str(card.get("name") or place.name)
    storing = stored_adapter(blobs, package, name=name, card=whole, now=now)
    async with storing as stored, database.long_write() as session:
        await wait_for_turn(session, REASON)
        known = await _registered(session, card)
        if known is None:
            known = await register_adapter(session, stored, by=None, now=now)
        if await _takes_over(session, known):
            await assign(
                session,
                scope=GLOBAL,
                kind=KIND,
                artifact_id=known.id,
                by=None,
                reason=REASON,
                now=now,
            )
            log.info("shipped_adapter_in_use", artifact_id=known.id, name=known.name)
    return known


def _newest(folder: Path) -> tuple[Path, Mapping[str, Any]] | None:
    """The shipped folder whose card is the latest."""
    found = [
        (place, json.loads((place / CARD).read_text(encoding="utf-8")))
        for place in sorted(folder.glob("*/"))
        if (place / CARD).is_file() and (place / CONFIG).is_file()
    ]
    return max(found, key=lambda one: str(one[1].get("made_at") or ""), default=None)


async def _registered(session: Session, card: Mapping[str, Any]) -> Artifact | None:
    """The artifact of these weights."""
    wanted = card["weights_sha256"]
    made = await artifacts(session, KIND, with_retired=True, limit=MOST_ARTIFACTS)
    return next((one for one in made if one.card.get("weights_sha256") == wanted), None)


async def _takes_over(session: Session, shipped: Artifact) -> bool:
    """Whether it is to answer everywhere: nobody ever chose, or an older shipped one answers."""
    present = await assignment_at(session, GLOBAL, KIND)
    if present is None:
        return not await assignment_history(session, scope=GLOBAL, kind=KIND, limit=1)
    current = present.artifact
    if current is None or current.id == shipped.id or not current.card.get(REASON):
        return False
    return str(current.card.get("made_at") or "") < str(shipped.card.get("made_at") or "")
