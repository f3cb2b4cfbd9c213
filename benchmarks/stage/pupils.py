"""Pupils with an open question, each of whom answers in one way: typed, written into a form, or
pressed. How long they wait is measured where they look: at the platform."""

from dataclasses import dataclass

from benchmarks.stage.front_ends import Discord, Slack, Timed
from benchmarks.stage.open_question import LETTERS, OpenQuestion
from tests.doubles.discord_world import Channel, Member
from tutor.bank.item import AnswerType

MESSAGE, FORM, PRESS = "message", "form", "press"
ANSWER = "Answer"


@dataclass
class Pupil:
    """`front` is where they learn."""

    front: Discord | Slack
    presses: bool

    async def answer(self, question: OpenQuestion, text: str) -> "Answered":
        """Gives the answer and waits until its verdict is there with what can be done next."""
        before = self.front.seen()
        way, sent_at = await self._give(question, text)
        timed = await self.front.timed(before, sent_at)
        return Answered(self.front.title, way, _names(question, text), timed)

    async def _give(self, question: OpenQuestion, text: str) -> tuple[str, float]:
        if self.presses and question.step.answer.type is AnswerType.CHOICE:
            return PRESS, await self.front.send_press(f"{text})")
        if self.presses and isinstance(self.front, Discord):
            return FORM, await self.front.send_form(ANSWER, text=text)
        return MESSAGE, await self.front.send(text)


@dataclass(frozen=True, slots=True)
class Answered:
    """`way` is how the answer was given, `names` are the words by which one may refer to it;
    `timed` tells when its verdict stood there, and when with buttons."""

    platform: str
    way: str
    names: tuple[str, ...]
    timed: Timed

    @property
    def is_referred_to(self) -> bool:
        return any(name in self.timed.reply.text for name in self.names)


def _names(question: OpenQuestion, text: str) -> tuple[str, ...]:
    """What was typed or, of a choice, its letter and what it says."""
    key = question.step.answer
    if key.type is not AnswerType.CHOICE:
        return (text,)
    return f"{text})", key.choices[LETTERS.index(text)]


def in_a_channel(front: Discord, channel: Channel) -> Discord:
    """Makes somebody a member of the server whose channel they learn in."""
    world = front.platforms.discord.world
    assert channel.guild_id is not None, channel
    world.guilds[channel.guild_id].members[front.user.id] = Member(front.user)
    front.channel = channel
    return front
