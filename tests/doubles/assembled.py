"""The whole tutor on a database and a text engine of a test's choosing, with a fixed chance."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from bot.services import Services
from bot.settings import Settings
from bot.wiring import assemble
from storage.blobs import BlobStore
from storage.database import Database
from tutor.engine.profiles import UNKNOWN, ModelProfile
from tutor.images.atlas import Atlas

STRONGER = "a stronger model"


def assembled(
    database: Database,
    engine: Any,
    now: Callable[[], datetime],
    folder: Path,
    *,
    settings: Settings | None = None,
    profile: ModelProfile = UNKNOWN,
    seed: int = 1,
    atlas: Atlas | None = None,
    artist: Any = None,
) -> Services:
    """Whoever has anything graded or computed closes them."""
    return assemble(
        settings or Settings(data_dir=folder, _env_file=None),  # type: ignore[call-arg]  # see pydantic
        database,
        BlobStore(folder / "blobs"),
        engine,
        profile,
        now,
        Random(seed),
        stronger_model=STRONGER,
        atlas=atlas,
        artist=artist,
    )
