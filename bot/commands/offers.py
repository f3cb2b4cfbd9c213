"""Buttons: stores what a press will mean and gives the localised Choice for it.

A button carries nothing but the id of its row, so a forged, foreign or late press does no harm.
"""

from collections.abc import Sequence
from datetime import timedelta

from bot.commands.forms import form_for
from bot.services import Services
from storage.choices import ChoiceOption, create_choices
from storage.database import Session
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Button, Choice, Choices, Platform, Provenance, Style, Visibility
from tutor.turn import Turn

STOP_ACTION = "stop"
AUTOMATIC_LANGUAGE = "auto"
LASTING = timedelta(days=30)
SHORT = timedelta(minutes=10)


async def offer(
    services: Services,
    turn: Turn,
    buttons: Sequence[Button],
    *,
    turn_id: str | None = None,
    anybody: bool = False,
    valid: timedelta = LASTING,
) -> Choices:
    """Buttons that only this learner may press, or `anybody` who sees them."""
    async with services.database.write() as session:
        return await offer_in(
            session,
            services,
            turn,
            buttons,
            turn_id=turn_id,
            learner_id=None if anybody else turn.learner.id,
            valid=valid,
        )


async def offer_in(
    session: Session,
    services: Services,
    turn: Turn,
    buttons: Sequence[Button],
    *,
    learner_id: str | None,
    turn_id: str | None = None,
    valid: timedelta = LASTING,
    language: Language | None = None,
) -> Choices:
    """Like `offer`, in a transaction that is open already; for `learner_id` alone unless None."""
    now = services.now()
    ids = await create_choices(
        session,
        learner_id=learner_id,
        conversation_id=turn.conversation.id,
        turn_id=turn_id,
        options=[
            ChoiceOption(b.action, b.label, b.payload, once=b.once, closes=b.closes)
            for b in buttons
        ],
        expires_at=now + valid,
        now=now,
    )
    reader = language or turn.language
    return Choices(tuple(_shown(reader, id_, b) for id_, b in zip(ids, buttons, strict=True)))


async def reply_controls(services: Services, turn: Turn, made: Provenance) -> Choices:
    """What stands under every reply. In a shared place anybody may rate, report and answer there,
    and only the one who asked may have it written again."""
    turn_id = made.turn_id
    assert turn_id is not None, made
    own = _own_controls(turn.language, made)
    open_to_all = _open_controls(services, turn, turn_id)
    if turn.question.visibility is Visibility.PRIVATE:
        return await offer(services, turn, (*open_to_all, *own), turn_id=turn_id)
    async with services.database.write() as session:
        everybodys = await offer_in(
            session, services, turn, open_to_all, learner_id=None, turn_id=turn_id
        )
        if not own:
            return everybodys
        authors = await offer_in(
            session, services, turn, own, learner_id=turn.learner.id, turn_id=turn_id
        )
    return Choices((*everybodys.options, *authors.options))


async def stop_control(session: Session, services: Services, turn: Turn) -> Choices:
    """The button that ends the reply while it is being written, for its learner alone."""
    payload = {"claim": turn.question.claim_key}
    button = Button(STOP_ACTION, say(turn.language, "Stop"), payload, emoji="⏹️", once=True)
    return await offer_in(
        session, services, turn, [button], learner_id=turn.learner.id, valid=timedelta(hours=1)
    )


async def language_choices(services: Services, turn: Turn) -> Choices:
    """Every language in one tap, and to follow the messages again; the present one is left out."""
    return await offer(services, turn, language_buttons(turn.learner.language, turn.language))


def language_buttons(current: str | None, reader: Language) -> list[Button]:
    """A button for each language but the current setting. Each language is named in itself."""
    names = {language.value: language.native_name for language in Language}
    names[AUTOMATIC_LANGUAGE] = say(reader, "Automatic")
    return [
        Button("set_language", name, {"language": value}, emoji="🌐")
        for value, name in names.items()
        if value != (current or AUTOMATIC_LANGUAGE)
    ]


async def reading_choices(services: Services, turn: Turn, text: str) -> Choices:
    """Whether what was read from a picture is right: yes, or a form to correct it."""
    buttons = [
        Button(
            "ocr_confirm",
            say(turn.language, "Yes, that's right"),
            {"text": text},
            Style.PRIMARY,
            closes=True,
        ),
        Button("ocr_correct", say(turn.language, "Correct it"), {"text": text}, closes=True),
    ]
    return await offer(services, turn, buttons)


def _own_controls(language: Language, made: Provenance) -> list[Button]:
    """Going on where the reply was cut; and another try, if it answered a stored question."""
    buttons = []
    if made.cut:
        label = say(language, "Continue")
        reply = {"turn_id": made.turn_id}
        buttons.append(Button("continue", label, reply, Style.PRIMARY, emoji="▶️", once=True))
    if made.question_id is not None:
        label = say(language, "Try again")
        question = {"question_id": made.question_id}
        buttons.append(Button("regenerate", label, question, emoji="🔄", once=True))
    return buttons


def _open_controls(services: Services, turn: Turn, turn_id: str) -> list[Button]:
    payload = {"turn_id": turn_id}
    buttons = [
        Button(action, say(turn.language, label), payload, emoji=emoji)
        for action, label, emoji in _RATING
    ]
    if _needs_answer_button(services, turn):
        answer = Button("answer", say(turn.language, "Answer"), payload, Style.PRIMARY, emoji="💬")
        buttons.insert(0, answer)
    return buttons


_RATING = (
    ("rate_up", mark("Helpful"), "👍"),
    ("rate_down", mark("Not helpful"), "👎"),
    ("report", mark("Report"), "🚩"),
)


def _needs_answer_button(services: Services, turn: Turn) -> bool:
    """Without the message-content intent a plain message in a Discord server has no text."""
    place = turn.question.place
    in_server = place.platform is Platform.DISCORD and bool(place.community)
    return in_server and not services.settings.discord_message_content


def _shown(language: Language, choice_id: str, button: Button) -> Choice:
    return Choice(
        choice_id,
        button.label,
        button.style,
        button.emoji,
        form_for(button.action, button.payload, language),
        button.menu,
        button.typed,
    )
