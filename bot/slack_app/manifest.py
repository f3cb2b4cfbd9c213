"""The app manifest: what to paste at api.slack.com/apps → Create New App → From a manifest."""

from typing import Any

from bot.commands import COMMANDS, Command, Menu
from bot.slack_app.home import PROMPTS
from bot.slack_app.http_events import EVENTS_PATH, REDIRECT_PATH
from tutor.i18n import say
from tutor.language import Language

BOT_SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "users:read",
)
BOT_EVENTS = (
    "agent_session_stopped",
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "tokens_revoked",
)
DESCRIPTION = "A patient tutor: explains, asks back, gives hints, and remembers what you know."


def manifest(
    *, name: str = "Daoshi", command: str = "daoshi", public_url: str = ""
) -> dict[str, Any]:
    """The manifest for Socket Mode, or for HTTP events where `public_url` is given.

    `command` is the slash command's name, to be changed where another app has it already.
    """
    socket_mode = not public_url
    events_url = public_url.rstrip("/") + EVENTS_PATH
    settings: dict[str, Any] = {
        "event_subscriptions": {"bot_events": list(BOT_EVENTS)},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": socket_mode,
        "token_rotation_enabled": False,
    }
    oauth: dict[str, Any] = {"scopes": {"bot": list(BOT_SCOPES)}}
    if not socket_mode:
        settings["event_subscriptions"]["request_url"] = events_url
        settings["interactivity"]["request_url"] = events_url
        oauth["redirect_urls"] = [public_url.rstrip("/") + REDIRECT_PATH]
    return {
        "display_information": {"name": name, "description": DESCRIPTION},
        "features": _features(name, command, "" if socket_mode else events_url),
        "oauth_config": oauth,
        "settings": settings,
    }


def shortcut_commands() -> list[Command]:
    """The commands that stand in a message's menu."""
    return [command for command in COMMANDS if command.menu is not Menu.NONE]


def _features(name: str, command: str, url: str) -> dict[str, Any]:
    english = Language.ENGLISH
    slash = {
        "command": f"/{command}",
        "description": "Ask, or give a command: try help",
        "usage_hint": "help | ask … | history | settings | data export",
        "should_escape": True,
    }
    return {
        "agent_view": {
            "agent_description": DESCRIPTION,
            "suggested_prompts": [
                {"title": say(english, title), "message": say(english, message)}
                for title, message in PROMPTS
            ],
        },
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": name, "always_online": True},
        "shortcuts": [
            {
                "name": say(english, command.menu_title),
                "type": "message",
                "callback_id": command.name,
                "description": say(english, command.description),
            }
            for command in shortcut_commands()
        ],
        "slash_commands": [slash | ({"url": url} if url else {})],
    }
