"""Tokens: does the platform take them? Where it can't be reached, that is said and no more."""

import asyncio
from collections.abc import Mapping
from importlib import metadata
from typing import Any

import aiohttp

from bot.doctor.finding import Finding, Level
from bot.settings import Settings
from tutor.i18n import say
from tutor.language import Language

LIMIT_SECONDS = 6.0
USER_AGENT = f"DiscordBot (daoshi, {metadata.version('daoshi')})"  # Discord refuses others


async def tokens(settings: Settings, language: Language) -> list[Finding]:
    """One finding for each platform and token that is set."""
    checks = []
    timeout = aiohttp.ClientTimeout(total=LIMIT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as client:
        if settings.discord_configured:
            checks.append(_discord(client, settings, language))
        if settings.slack_bot_token.get_secret_value():
            checks.append(_slack(client, settings, "SLACK_BOT_TOKEN", language))
        if settings.slack_app_token.get_secret_value():
            checks.append(_slack(client, settings, "SLACK_APP_TOKEN", language))
        found = list(await asyncio.gather(*checks))
    if not settings.discord_configured:
        found.append(_absent("Discord", "DISCORD_TOKEN", language))
    if not settings.slack_configured:
        names = "SLACK_BOT_TOKEN, SLACK_APP_TOKEN"
        found.append(_absent("Slack", names, language))
    return found


async def _discord(
    client: aiohttp.ClientSession, settings: Settings, language: Language
) -> Finding:
    token = settings.discord_token.get_secret_value()
    url = f"{settings.discord_api_base.rstrip('/')}/users/@me"
    headers = {"Authorization": f"Bot {token}", "User-Agent": USER_AGENT}
    try:
        async with client.get(url, headers=headers) as answer:
            body = await _json(answer)
            if answer.status == 401:
                return _refused("Discord", "DISCORD_TOKEN", language)
            if answer.status != 200:
                return _unclear("Discord", f"HTTP {answer.status}", language)
    except (aiohttp.ClientError, TimeoutError) as error:
        return _unclear("Discord", type(error).__name__, language)
    return _accepted("Discord", "DISCORD_TOKEN", str(body.get("username", "?")), language)


async def _slack(
    client: aiohttp.ClientSession, settings: Settings, variable: str, language: Language
) -> Finding:
    is_app = variable == "SLACK_APP_TOKEN"
    token = (settings.slack_app_token if is_app else settings.slack_bot_token).get_secret_value()
    method = "apps.connections.open" if is_app else "auth.test"
    url = f"{settings.slack_api_base.rstrip('/')}/{method}"
    try:
        async with client.post(url, headers={"Authorization": f"Bearer {token}"}) as answer:
            body = await _json(answer)
    except (aiohttp.ClientError, TimeoutError) as error:
        return _unclear("Slack", type(error).__name__, language)
    if body.get("ok"):
        return _accepted("Slack", variable, str(body.get("team", "Socket Mode")), language)
    if body.get("error") in ("ratelimited", None):
        return _unclear("Slack", str(body.get("error") or f"HTTP {answer.status}"), language)
    return _refused("Slack", variable, language, str(body.get("error")))


async def _json(answer: aiohttp.ClientResponse) -> Mapping[str, Any]:
    try:
        body = await answer.json(content_type=None)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _accepted(area: str, variable: str, name: str, language: Language) -> Finding:
    text = say(language, "{variable} is accepted ({name})", variable=variable, name=name)
    return Finding(area, Level.OK, text)


def _refused(area: str, variable: str, language: Language, error: str = "401") -> Finding:
    return Finding(
        area,
        Level.BROKEN,
        say(language, "{variable} is refused ({error})", variable=variable, error=error),
        say(language, "Copy the token again from the application's page; README.md says where."),
    )


def _unclear(area: str, reason: str, language: Language) -> Finding:
    return Finding(
        area,
        Level.NOTE,
        say(
            language,
            "The platform can't be asked from here ({reason}); only the token's form was checked.",
            reason=reason,
        ),
    )


def _absent(area: str, names: str, language: Language) -> Finding:
    text = say(language, "Not set up. It needs: {names}", names=names)
    return Finding(area, Level.OK, text)
