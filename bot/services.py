"""What handlers are given: the few long-lived things that `bot.wiring` made."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.settings import Settings
from storage.blobs import BlobStore
from storage.database import Database
from tutor.engine.contract import Engine
from tutor.grading.grader import Grader
from tutor.knowledge.sources import Sources
from tutor.learner.paraphrase import Paraphraser
from tutor.pedagogy.lessons import Lessons
from tutor.pedagogy.solving import Solver
from tutor.safety.caring import Caring
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

    async def close(self) -> None:
        """Ends the processes that were started for them."""
        await asyncio.gather(self.grader.close(), self.solver.close(), self.sources.close())
