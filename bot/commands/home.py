"""A learner's own page: questions, settings, consent and links at a glance, each in one tap."""

from collections.abc import AsyncIterator

from bot.commands import data, settings
from bot.commands.history import latest_questions, question_line
from bot.commands.link import link_state
from bot.commands.offers import offer
from bot.services import Services
from storage import consents
from tutor.i18n import say
from tutor.messages import ReplyPart, Text, Visibility
from tutor.turn import Turn

SHOWN_QUESTIONS = 5


async def home_page(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The page of the learner in `turn`, who alone sees it."""
    assert turn.question.visibility is Visibility.PRIVATE, turn.question.event_id
    language = turn.language
    async with services.database.read() as session:
        agreed = await consents.current_consents(session, turn.learner.id)
    yield Text(
        "\n\n".join(
            [
                await _questions(services, turn),
                settings.describe(turn.learner, language),
                data.describe_consent(agreed, services, language),
                await link_state(services, turn),
            ]
        )
    )
    buttons = [
        *settings.buttons(turn.learner, language),
        *data.consent_buttons(agreed, language),
    ]
    yield await offer(services, turn, buttons)


async def _questions(services: Services, turn: Turn) -> str:
    questions, _ = await latest_questions(services, turn.learner.id, SHOWN_QUESTIONS)
    if not questions:
        return say(turn.language, "Write to me under Messages; I'm glad to help.")
    title = say(turn.language, "**Your latest questions** (times in UTC)")
    return "\n".join([title, *map(question_line, questions)])
