"""What handlers are given: the few long-lived things that `bot.wiring` made."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.settings import Settings
from storage.blobs import BlobStore
from storage.database import Database
from tutor.adapters.pinned import Pins
from tutor.engine.contract import Engine
from tutor.grading.grader import Grader
from tutor.i18n import say
from tutor.images.atlas import Atlas
from tutor.images.picturing import Picturing
from tutor.images.understanding.understand import prepare
from tutor.knowledge.sources import Sources
from tutor.language import Language
from tutor.learner.paraphrase import Paraphraser
from tutor.pedagogy.lessons import Lessons
from tutor.pedagogy.own_problem import recognise
from tutor.pedagogy.solving import Solver
from tutor.safety.caring import Caring
from tutor.safety.concern import find_concern
from tutor.tutor import Tutor


@dataclass(frozen=True, slots=True)
class Services:
    """`now` is the clock, in UTC."""

    settings: Settings
    database: Database
    blobs: BlobStore
    engine: Engine
    tutor: Tutor
    lessons: Lessons
    grader: Grader
    solver: Solver
    sources: Sources
    caring: Caring
    paraphraser: Paraphraser
    now: Callable[[], datetime]
    pins: Pins
    picturing: Picturing

    async def warm_up(self) -> None:
        """Loads, beside the event loop, what the first messages would have to wait for."""
        words = asyncio.to_thread(_load_words, self.picturing.atlases.shipped)
        await asyncio.gather(self.grader.ready(), words)

    async def close(self) -> None:
        """Ends the processes that were started for them."""
        await asyncio.gather(
            self.grader.close(),
            self.solver.close(),
            self.sources.close(),
            self.pins.loader.close(),
            self.picturing.artist.close(),
        )


def _load_words(atlas: Atlas | None) -> None:
    """The patterns that every message is read with, and the sentences of every language."""
    if atlas is not None:
        prepare(atlas.concepts)
    find_concern("")
    recognise("2x + 3 = 7")
    for language in Language:
        say(language, "Saved.")
