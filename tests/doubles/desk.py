"""A desk at which commands are given and buttons pressed, on a real database, without a platform.

It does what the dispatcher does around a handler: looks the turn up, presses the stored choice,
and decides who may see the answer.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.commands.forms import form_for
from bot.commands.offers import offer
from bot.commands.run import action_visibility, command_visibility, run_action, run_command
from bot.dispatch.opening import look_up
from bot.services import Services
from storage.choices import PressOutcome, peek_choice, press_choice
from tests.doubles import questions
from tests.doubles.fake_engine import FakeEngine
from tutor.language import Language
from tutor.messages import (
    Choice,
    Choices,
    File,
    Form,
    Kind,
    Offer,
    Person,
    Platform,
    Provenance,
    Question,
    ReplyPart,
    Role,
    Text,
    Visibility,
)
from tutor.turn import Turn

ADMIN = frozenset({Role.LEARNER, Role.ADMIN})
TEACHER = frozenset({Role.LEARNER, Role.TEACHER})
ANN = questions.person("Ann")
BOB = questions.person("Bob")
ANN_IN_SLACK = questions.person("Ann L.", Platform.SLACK)


@dataclass
class Answer:
    """What somebody got to see, and who else could."""

    turn: Turn
    parts: list[ReplyPart] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def choices(self) -> list[Choice]:
        return [c for part in self.parts if isinstance(part, Choices) for c in part.options]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.choices]

    @property
    def files(self) -> list[File]:
        return [part for part in self.parts if isinstance(part, File)]

    @property
    def move(self) -> str:
        """What the tutor did, as `daoshi chat --json` says it."""
        return [part.move for part in self.parts if isinstance(part, Provenance)][-1]

    @property
    def private(self) -> bool:
        return self.turn.question.visibility is Visibility.PRIVATE

    def button(self, label: str) -> Choice:
        return next(choice for choice in self.choices if choice.label == label)


@dataclass
class Desk:
    services: Services
    engine: FakeEngine
    clock: list[datetime]
    language: Language | None = None

    def wait(self, **time: float) -> None:
        """Lets time pass."""
        self.clock[0] += timedelta(**time)

    async def turn(self, question: Question) -> Turn:
        turn = await look_up(self.services.database, question, self.clock[0])
        setting = turn.learner.language
        return turn if setting or not self.language else replace(turn, language=self.language)

    async def say(self, text: str, **more: Any) -> Answer:
        """A message to the tutor."""
        turn = await self.turn(questions.question(text, **more))
        return await self._shown(turn, self.services.tutor.reply(turn))

    async def give(self, name: str, arguments: dict[str, str] | None = None, **more: Any) -> Answer:
        """A command, shown as the dispatcher would show it."""
        asked = questions.command(name, arguments=arguments, **more)
        asked = replace(asked, visibility=command_visibility(asked))
        turn = await self.turn(asked)
        return await self._shown(turn, run_command(self.services, turn))

    async def press(
        self, choice: Choice, fields: dict[str, str] | None = None, **more: Any
    ) -> Answer:
        """A press that must count."""
        asked = questions.press(choice.id, fields=fields, **more)
        turn = await self.turn(asked)
        async with self.services.database.write() as session:
            result = await press_choice(session, choice.id, turn.learner.id, self.clock[0])
        assert result.outcome is PressOutcome.OK, result.outcome
        assert result.option is not None
        asked = replace(asked, visibility=action_visibility(asked, result.option.action))
        turn = replace(turn, question=asked, questions=(asked,))
        parts = run_action(self.services, turn, result.option.action, result.option.payload)
        return await self._shown(turn, parts)

    async def _shown(self, turn: Turn, parts: AsyncIterator[ReplyPart]) -> Answer:
        """The parts as they are shown: buttons that are offered become stored choices."""
        answer = Answer(turn)
        async for part in parts:
            shown: ReplyPart = part
            if isinstance(part, Offer):
                shown = await offer(self.services, turn, part.buttons)
            answer.parts.append(shown)
        return answer

    async def outcome(self, choice: Choice, person: Person) -> PressOutcome:
        """What a press by somebody would come to."""
        turn = await self.turn(questions.press(choice.id, author=person))
        async with self.services.database.write() as session:
            return (await press_choice(session, choice.id, turn.learner.id, self.clock[0])).outcome

    async def form(self, choice: Choice) -> Form | None:
        async with self.services.database.read() as session:
            option = await peek_choice(session, choice.id)
        assert option is not None
        return form_for(option.action, option.payload, self.language or Language.ENGLISH)


def shared(kind: Kind = Kind.COMMAND, **more: Any) -> dict[str, Any]:
    """Where a question in a channel of a server is."""
    return {"community": "guild-1", "channel": "general", **more}
