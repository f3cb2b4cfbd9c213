"""An edited message changes what is remembered; an answer that was given stays given."""

from bot.services import Services
from storage import turns
from tutor.messages import Question


async def rewrite_asked(services: Services, question: Question) -> None:
    """Puts the new text into the history, keeping the old version beside it."""
    async with services.database.write() as session:
        stored = await turns.turn_by_message(
            session, question.place.platform, question.place.channel, question.message_id
        )
        if stored is not None and stored.role == "user":
            await turns.rewrite_turn(session, stored.id, question.text, services.now())
