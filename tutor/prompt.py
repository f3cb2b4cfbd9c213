"""Composes what the model reads. Pure: settings, memory and a message in, chat messages out.

Segments go from what many share to what one learner said last, each with the scope that may reuse
its computation: community, then learner, then summary and turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.engine.contract import Message
from tutor.language import Language
from tutor.messages import Visibility
from tutor.pedagogy.dialogue import Policy
from tutor.turn import Turn

PERSONA = {
    Policy.GUIDED: (
        "You are Daoshi, a patient and friendly tutor. Explain step by step in simple words, "
        "check understanding with a question, and be honest when you are not sure."
    ),
    Policy.OPEN: (
        "You are Daoshi, a helpful and precise assistant. Answer directly and briefly, and be "
        "honest when you are not sure."
    ),
}
SIMPLE_PERSONA = "You are Daoshi, a friendly tutor. Answer in a few simple sentences."
"""For the smallest models, which lose themselves in longer instructions."""

ANSWER_IN = {Language.ENGLISH: "Answer in English.", Language.CHINESE: "请用简体中文回答。"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a person or the tutor said earlier in this conversation."""

    role: str
    text: str


def system_messages(
    turn: Turn, language: Language, summary: str, *, simple: bool = False
) -> tuple[Message, ...]:
    """What holds for the whole conversation, the most widely shared segment first.

    `simple` is for models that follow only the shortest instructions. In an examination no model
    is asked (`tutor.pedagogy.gate`).
    """
    shared = f"{turn.community.platform}:{turn.community.external_id}"
    persona = SIMPLE_PERSONA if simple else PERSONA[turn.policy]
    instructions = [persona, ANSWER_IN[language]]
    segments = [Message("system", " ".join(instructions), shared)]
    if about := about_channel(turn):
        segments.append(Message("system", about, f"{shared}:{turn.channel.channel}"))
    if turn.question.visibility is Visibility.PRIVATE:
        segments.append(Message("system", about_learner(turn), f"learner:{turn.learner.id}"))
    if summary:
        scope = f"conversation:{turn.conversation.id}"
        segments.append(Message("system", f"Earlier in this conversation: {summary}", scope))
    return tuple(segments)


def about_channel(turn: Turn) -> str:
    """What the community's staff told the tutor about this channel, if anything."""
    topic = turn.channel.settings.get("topic")
    return f"This channel is about: {topic}." if topic else ""


def about_learner(turn: Turn) -> str:
    """What the tutor knows of the person it talks to alone. Never used in a shared place."""
    facts = [f"The learner's name is {turn.learner.display_name}."]
    if level := turn.learner.settings.get("level"):
        facts.append(f"Explain at this level: {level}.")
    return " ".join(facts)


def conversation_messages(exchanges: Sequence[Exchange], scope: str) -> tuple[Message, ...]:
    """The exchanges as chat messages, oldest first."""
    return tuple(
        Message("assistant" if exchange.role == "assistant" else "user", exchange.text, scope)
        for exchange in exchanges
    )


def join_system(messages: Sequence[Message]) -> tuple[Message, ...]:
    """One system message from the leading several: many chat templates take only one.

    The narrowest scope wins, since the joined text holds what only that learner may reuse.
    """
    system = [message for message in messages if message.role == "system"]
    rest = tuple(message for message in messages if message.role != "system")
    if not system:
        return rest
    text = "\n".join(message.content for message in system)
    return (Message("system", text, system[-1].cache_scope), *rest)


def request_of(turn: Turn) -> str:
    """The learner's words, behind the text of the files that came with them."""
    files = [f"File “{material.name}”:\n{material.text}" for material in turn.material]
    return "\n\n".join([*files, turn.text]).strip()
