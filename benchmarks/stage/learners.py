"""People in a scene: they ask questions that carry a code, and see what comes back.

The spoken model repeats the codes of what it was asked, so an answer says which question it
belongs to, however it was batched, restarted or moved.
"""

import itertools
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.stage.platforms import Platforms, Shown
from bot.dispatch import refusals
from tests.doubles.discord_world import User
from tests.doubles.slack_state import Delivery
from tutor.engine.contract import EngineUnavailable
from tutor.language import Language

_codes = itertools.count(1001)
ENGLISH = Language.ENGLISH
WORDS_ABOUT_TROUBLE = (
    refusals.interrupted(ENGLISH),
    refusals.broken(ENGLISH),
    refusals.memory_away(ENGLISH),
    *(
        refusals.engine_failed(ENGLISH, EngineUnavailable(), begun=begun, now=datetime.now(UTC))
        for begun in (True, False)
    ),
)


@dataclass
class Learner:
    """`asked` holds the codes of the questions, `place` where the answers are expected."""

    name: str
    platforms: Platforms
    place: str = ""
    asked: list[str] = field(default_factory=list)

    async def ask(self, text: str = "Please explain") -> str:
        """Asks in a direct message; returns the code of the question."""
        code = self.next_code()
        await self.write(f"{text} {code}")
        return code

    def next_code(self) -> str:
        """The code of a question that is about to be asked, in whatever way."""
        code = f"Q{next(_codes)}"
        self.asked.append(code)
        return code

    async def write(self, text: str) -> None:
        raise NotImplementedError

    def seen(self) -> list[Shown]:
        """What Daoshi shows in this person's place."""
        return [shown for shown in self.platforms.shown() if shown.place == self.place]

    def answers(self, code: str) -> list[Shown]:
        """The messages, wherever they are, that answer a question or have begun to."""
        word = re.compile(rf"\b{code}\b")
        return [shown for shown in self.platforms.shown() if word.search(shown.text)]

    def is_whole(self, shown: Shown, code: str) -> bool:
        return re.search(rf"end of [Q\d ]*\b{code}\b", shown.text) is not None

    def words_about_trouble(self) -> int:
        """How many messages here say that something went wrong."""
        return sum(any(word in shown.text for word in WORDS_ABOUT_TROUBLE) for shown in self.seen())

    def is_served(self) -> bool:
        """Whether every question has a whole answer, or there is a word for each that has none."""
        missing = sum(not self._has_whole(code) for code in self.asked)
        return missing <= self.words_about_trouble()

    def complaint(self) -> str:
        """What this person would complain about; "" if nothing."""
        twice = [code for code in self.asked if len(self.answers(code)) > 1]
        if twice:
            return f"{self.name}: answered more than once: {', '.join(twice)}"
        if not self.is_served():
            silent = [code for code in self.asked if not self._has_whole(code)]
            return f"{self.name}: no answer and no word: {', '.join(silent)}"
        if len(self.seen()) > len(self.asked):
            return f"{self.name}: {len(self.seen())} messages for {len(self.asked)} questions"
        return ""

    def whole(self) -> int:
        """How many questions have a whole answer."""
        return sum(self._has_whole(code) for code in self.asked)

    def begun(self) -> bool:
        """Whether the answer to the latest question has begun to appear."""
        return bool(self.answers(self.asked[-1]))

    def _has_whole(self, code: str) -> bool:
        return any(self.is_whole(shown, code) for shown in self.answers(code))


@dataclass
class DiscordLearner(Learner):
    user: User = field(init=False)

    def __post_init__(self) -> None:
        self.user = self.platforms.discord.user(self.name)
        self.place = self.platforms.discord.world.dm(self.user).id

    async def write(self, text: str) -> None:
        await self.platforms.discord.dm(self.user, text)


@dataclass
class SlackLearner(Learner):
    user: str = field(init=False)
    sent: list[Delivery] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.user = self.platforms.slack.user(self.name)
        self.place = self.platforms.slack.dm_channel(self.user)

    async def write(self, text: str) -> None:
        self.sent.append(await self.platforms.slack.dm(self.user, text))
