"""The one hint in a thread whose messages Discord does not let us read, with a button to answer.

The button belongs to the adapter, since it works around a limit of the platform; what is written
in its form becomes an ordinary message.
"""

from collections import OrderedDict
from typing import Any

import discord
import structlog

from bot.discord_app.buttons import button_rows
from bot.discord_app.outgoing import Outgoing
from bot.discord_app.posts import nonce_of
from bot.discord_app.questions import locale_of
from bot.discord_app.rest import Rest
from tutor.i18n import say
from tutor.language import Language, from_locale
from tutor.messages import Choice, Form, FormField, Style

log = structlog.get_logger()

WRITE_HERE = "daoshi:write-here"
FIELD = "text"
REMEMBERED = 5000


class Hints:
    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._hinted: OrderedDict[str, None] = OrderedDict()

    async def show(self, message: discord.Message) -> None:
        """Shows the hint once a thread, also across restarts."""
        thread = str(message.channel.id)
        if thread in self._hinted:
            return
        self._hinted[thread] = None
        if len(self._hinted) > REMEMBERED:
            self._hinted.popitem(last=False)
        language = from_locale(locale_of(message.guild))
        try:
            if not any(_is_hint(m) for m in await self._rest.latest_messages(thread)):
                hint = _hint(language or Language.ENGLISH)
                await self._rest.create_message(thread, hint.body(), (), nonce_of(thread, "hint"))
        except discord.HTTPException as error:
            log.info("hint_not_shown", thread=thread, code=error.code)


def _hint(language: Language) -> Outgoing:
    text = say(
        language,
        "Discord lets me read a message here only if it mentions me. Mention me, or write to me "
        "with this button:",
    )
    button = Choice(WRITE_HERE, say(language, "Write to Daoshi"), Style.PRIMARY)
    return Outgoing(text, components=tuple(button_rows([button])))


def write_here_form(language: Language) -> Form:
    field = FormField(FIELD, say(language, "Your message"), multiline=True, max_length=4000)
    return Form(say(language, "Write to Daoshi"), (field,), say(language, "Send"))


def _is_hint(message: dict[str, Any]) -> bool:
    rows = message.get("components") or []
    return any(
        button.get("custom_id") == WRITE_HERE
        for row in rows
        for button in row.get("components") or []
    )
