"""Starting afresh, and stopping when nothing is running."""

from collections.abc import AsyncIterator

from bot.services import Services
from storage import conversations
from tutor.i18n import say
from tutor.messages import ReplyPart, Text
from tutor.pedagogy.dialogue import Intent
from tutor.turn import Turn


async def new(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Ends the person's conversation here and begins another; nothing is deleted."""
    current = turn.conversation
    async with services.database.write() as session:
        await conversations.start_new_conversation(
            session,
            platform=current.platform,
            community_id=current.community_id,
            channel=current.channel,
            thread=current.thread,
            learner_id=current.learner_id,
            now=services.now(),
        )
    yield Text(say(turn.language, "A new conversation. What would you like to understand?"))
    if turn.question.place.community:
        yield Text(
            "\n"
            + say(
                turn.language,
                "In a channel every new mention begins a conversation of its own.",
            )
        )


async def stop(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Ends the lesson that is open here. Reached only when no reply is running: a running one is
    ended before any command is run."""
    running = await services.lessons.here(turn)
    if running is not None:
        async for part in services.lessons.act(turn, running, Intent.STOP, services.tutor.beside):
            yield part
        return
    yield Text(say(turn.language, "There is nothing to stop."))
