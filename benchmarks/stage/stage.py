"""A whole scene: both platforms, a model, `daoshi serve` between them, and people who write."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.stage.learners import DiscordLearner, Learner, SlackLearner
from benchmarks.stage.platforms import Platforms, platforms
from benchmarks.stage.prepared_model import lend_model
from benchmarks.stage.serving import Serve
from benchmarks.stage.spoken_model import SpokenModel

SETTLE_SECONDS = 2.5


@dataclass
class Stage:
    """`model` is None where the embedded model speaks."""

    serve: Serve
    platforms: Platforms
    model: SpokenModel | None
    learners: list[Learner] = field(default_factory=list)

    @property
    def spoken(self) -> SpokenModel:
        assert self.model is not None, "this scene has the embedded model"
        return self.model

    def on_discord(self) -> DiscordLearner:
        """Somebody new on Discord."""
        learner = DiscordLearner(f"Dora{len(self.learners) + 1}", self.platforms)
        self.learners.append(learner)
        return learner

    def on_slack(self) -> SlackLearner:
        """Somebody new in Slack."""
        learner = SlackLearner(f"Sam{len(self.learners) + 1}", self.platforms)
        self.learners.append(learner)
        return learner

    def on_both(self) -> list[Learner]:
        return [self.on_discord(), self.on_slack()]

    async def once(self, *learners: Learner, seconds: float = 60.0) -> str:
        """Waits until each has one answer to each question, then a little for what comes twice.

        Returns "" where every question got exactly one answer or a word about it, else what did
        not.
        """
        await self.platforms.until(lambda: all(one.is_served() for one in learners), seconds)
        await asyncio.sleep(SETTLE_SECONDS)
        return "; ".join(filter(None, (learner.complaint() for learner in learners)))


@asynccontextmanager
async def stage(
    *, embedded: bool = False, settings: Mapping[str, str] | None = None, start: bool = True
) -> AsyncIterator[Stage]:
    """Everything started and connected; everything ended and removed afterwards."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="daoshi-accept-")))
        both = await stack.enter_async_context(platforms())
        environment = {**both.settings}
        model = None
        if embedded:
            await asyncio.to_thread(lend_model, folder / "data")
        else:
            model = await stack.enter_async_context(SpokenModel())
            environment["DAOSHI_ENGINE_URL"] = model.url
        serve = Serve(folder, {**environment, **(settings or {})})
        await stack.enter_async_context(serve)
        if start:
            await serve.start()
        yield Stage(serve, both, model)
