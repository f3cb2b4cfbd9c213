"""Keeps a connection alive: builds a new client whenever one ends, with back-off and jitter.

Ends only for what waiting cannot mend: a refused token or refused intents.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable

import discord
import structlog

from bot.adapter import CredentialsRefused
from tutor.i18n import mark

log = structlog.get_logger()

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 120.0
STABLE_SECONDS = 60.0
TOKEN_REFUSED = 4004
INTENTS_REFUSED = (4013, 4014)


class DiscordTokenRefused(CredentialsRefused):
    """Discord does not know the token; the message says what to do."""


class DiscordIntentsRefused(CredentialsRefused):
    """The app may not have the intents it asks for; the message says what to do."""


TOKEN_SENTENCE = mark(
    "Discord refused the token. Copy it again from discord.com/developers (Bot → Reset Token) "
    "into DISCORD_TOKEN."
)
INTENTS_SENTENCE = mark(
    "Discord refused the message content intent. Switch it on at discord.com/developers (Bot → "
    "Message Content Intent), or remove DAOSHI_DISCORD_MESSAGE_CONTENT."
)

Session = Callable[[], Awaitable[None]]
"""One life of the connection: returns or raises when it is over."""


async def keep_connected(
    session: Session,
    closing: Callable[[], bool],
    *,
    first_seconds: float = FIRST_SECONDS,
) -> None:
    """Runs sessions one after the other until `closing`.

    Raises DiscordTokenRefused or DiscordIntentsRefused.
    """
    loop = asyncio.get_running_loop()
    failures = 0
    while not closing():
        began = loop.time()
        try:
            await session()
        except Exception as error:  # whatever ended this client, the next one may work
            refusal = refusal_of(error)
            if refusal is not None:
                raise refusal from error
            log.warning("discord_connection_lost", exc_info=error)
        if closing():
            return
        failures = 0 if loop.time() - began > STABLE_SECONDS else failures + 1
        pause = back_off(failures, first_seconds)
        log.info("discord_reconnects", seconds=round(pause, 1), failures=failures)
        await asyncio.sleep(pause)


def back_off(failures: int, first_seconds: float = FIRST_SECONDS) -> float:
    """Doubles with each failure up to two minutes, and spreads by half."""
    longest = min(first_seconds * 2.0 ** max(failures - 1, 0), LONGEST_SECONDS)
    spread: float = random.uniform(0.5, 1.0)  # noqa: S311  # spreads load, hides nothing
    return longest * spread


def refusal_of(error: BaseException) -> Exception | None:
    """The named error, if this one will never go away by itself."""
    if isinstance(error, discord.LoginFailure):
        return DiscordTokenRefused(TOKEN_SENTENCE)
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return DiscordIntentsRefused(INTENTS_SENTENCE)
    if isinstance(error, discord.ConnectionClosed):
        if error.code == TOKEN_REFUSED:
            return DiscordTokenRefused(TOKEN_SENTENCE)
        if error.code in INTENTS_REFUSED:
            return DiscordIntentsRefused(INTENTS_SENTENCE)
    return None
