"""The one place where everything is put together; everything else is given what it needs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

from bot.dispatch.dispatcher import Dispatcher
from bot.services import Services
from bot.settings import Settings
from storage.blobs import BlobStore
from storage.database import Database
from storage.migrate import upgrade
from tutor.adapters.pinned import Pins
from tutor.adapters.shipped import ensure_shipped
from tutor.bank.starter.installing import ensure_starter
from tutor.engine.connect import connect
from tutor.engine.contract import Engine
from tutor.engine.embedded import is_embedded
from tutor.engine.profiles import ModelProfile, profile_for
from tutor.grading.grader import Grader
from tutor.images.artist import Artist, Draws
from tutor.images.atlas import Atlas, shipped_atlas
from tutor.images.atlases import Atlases
from tutor.images.illustrating import Illustrating
from tutor.images.naming import Naming
from tutor.images.picturing import Picturing
from tutor.knowledge.embedding import Embedder
from tutor.knowledge.retrieval import Library
from tutor.knowledge.sources import Sources
from tutor.learner.paraphrase import Paraphraser
from tutor.pedagogy.guiding import Guiding
from tutor.pedagogy.lessons import Lessons
from tutor.pedagogy.opinion import ModelRubric
from tutor.pedagogy.own_work import OwnWork
from tutor.pedagogy.phrasing import Phraser
from tutor.pedagogy.solving import Solver
from tutor.safety.caring import Caring, contact_of
from tutor.tutor import Tutor

SQLITE_FILE = "daoshi.db"
STRONGER_MODEL = "Qwen/Qwen3-4B-Instruct-2507"  # speaks English and Chinese, Apache-2.0
BLOB_FOLDER = "blobs"
BACKUP_FOLDER = "backups"


def now() -> datetime:
    return datetime.now(UTC)


def database_url(settings: Settings) -> str:
    """The configured database, or SQLite in the data folder."""
    return settings.database_url or f"sqlite:///{settings.data_dir / SQLITE_FILE}"


@asynccontextmanager
async def open_services(
    settings: Settings, *, wake_engine: bool = False, warm_up: bool = False
) -> AsyncIterator[Services]:
    """Connects to the text engine, migrates and opens the database; closes both at the end.

    `wake_engine` starts the engine first, so that it loads its model while the rest gets ready;
    `warm_up` loads what else the first messages need, for a program that expects many.
    """
    async with AsyncExitStack() as stack:
        engine = connect(
            data_dir=settings.data_dir,
            model=settings.model,
            engine_url=settings.engine_url,
            engine_api_key=settings.engine_api_key.get_secret_value(),
            redact_remote=settings.redact_remote,
        )
        stack.push_async_callback(engine.close)
        if wake_engine:
            await stack.enter_async_context(_meanwhile(engine.health()))
        url = database_url(settings)
        await upgrade(url, settings.data_dir / BACKUP_FOLDER)
        database = await Database.open(url)
        stack.push_async_callback(database.close)
        atlas = shipped_atlas()
        await ensure_starter(database, now(), atlas.concepts if atlas else None)
        blobs = BlobStore(settings.data_dir / BLOB_FOLDER)
        if is_embedded(settings.model) and not settings.engine_url:
            await ensure_shipped(database, blobs, now())
        profile = profile_for(settings.model)
        rng = Random()  # noqa: S311
        services = assemble(settings, database, blobs, engine, profile, now, rng, atlas=atlas)
        stack.push_async_callback(services.close)
        if warm_up:
            await stack.enter_async_context(_meanwhile(services.warm_up()))
        yield services


def assemble(
    settings: Settings,
    database: Database,
    blobs: BlobStore,
    engine: Engine,
    profile: ModelProfile,
    now: Callable[[], datetime],
    rng: Random,
    *,
    stronger_model: str = STRONGER_MODEL,
    atlas: Atlas | None = None,
    artist: Draws | None = None,
) -> Services:
    """The tutor with all it consists of, on an open database and a text engine.

    Whoever assembles closes the services. `rng` chooses among equal questions, `atlas` is what can
    be drawn, `artist` who draws it.
    """
    grader = Grader(ModelRubric(engine, profile))
    solver = Solver()
    pins = Pins(database, blobs, engine, settings.data_dir, now)
    phraser = Phraser(engine, profile, pins=pins)
    artist = artist or Artist(settings.data_dir)
    lessons = Lessons(
        database,
        grader,
        phraser,
        now,
        rng,
        model=settings.model,
        illustrate=Illustrating(artist, atlas, now),
    )
    guiding = Guiding(lessons, OwnWork(database, solver, now))
    sources = Sources(database, Library(database, Embedder()))
    atlases = Atlases(database, blobs, settings.data_dir, atlas)
    picturing = Picturing(artist, atlases, Naming(database, now))
    tutor = Tutor(engine, database, profile, now, stronger_model, guiding, sources, pins, picturing)
    caring = Caring(
        database,
        now,
        country=settings.country,
        contact=contact_of(settings.safeguarding_contact),
    )
    return Services(
        settings,
        database,
        blobs,
        engine,
        tutor,
        lessons,
        grader,
        solver,
        sources,
        caring,
        Paraphraser(engine, profile),
        now,
        pins,
        picturing,
    )


@asynccontextmanager
async def _meanwhile(starting: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    """Starts something beside the rest; what fails shows at first use."""
    waking = asyncio.create_task(starting)
    await asyncio.sleep(0)
    try:
        yield
    finally:
        waking.cancel()
        await asyncio.gather(waking, return_exceptions=True)


def make_dispatcher(services: Services) -> Dispatcher:
    return Dispatcher(services)
