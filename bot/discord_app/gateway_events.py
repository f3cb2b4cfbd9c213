"""Keeps one odd gateway event from ending the connection.

The library lets an event that it cannot parse end the client, and with it the session. Here what
an event leaves out gets the value that Discord documents as its default, and an event that still
cannot be parsed is logged and dropped. READY and RESUMED are not guarded: without them nothing
works, and the supervisor starts again.
"""

from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

log = structlog.get_logger()

UNGUARDED = frozenset({"READY", "RESUMED"})
DM_CHANNEL = 1

Data = MutableMapping[str, Any]
Parser = Callable[[Any], Any]


def guard(parsers: MutableMapping[str, Parser]) -> None:
    """Replaces each parser of one connection by one that survives its event."""
    for event, parser in list(parsers.items()):
        if event not in UNGUARDED:
            parsers[event] = _guarded(event, parser)


def _guarded(event: str, parser: Parser) -> Parser:
    def parse(data: Any) -> None:
        try:
            if isinstance(data, MutableMapping):
                complete(event, data)
            parser(data)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            log.exception("gateway_event_malformed", event_name=event)

    return parse


def complete(event: str, data: Data) -> None:
    """Puts in what Discord may leave out and the library takes for granted."""
    if event == "INTERACTION_CREATE":
        _complete_interaction(data)
    elif event in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        _complete_message(data)


def _complete_interaction(data: Data) -> None:
    data.setdefault("attachment_size_limit", 10 * 1024 * 1024)
    data.setdefault("version", 1)
    if "channel" not in data and "channel_id" in data:
        channel: dict[str, Any] = {"id": data["channel_id"]}
        if "guild_id" not in data:
            channel["type"] = DM_CHANNEL
        data["channel"] = channel
    if isinstance(data.get("message"), MutableMapping):
        _complete_message(data["message"])


def _complete_message(data: Data) -> None:
    for name, value in (("type", 0), ("content", ""), ("edited_timestamp", None)):
        data.setdefault(name, value)
    for name in ("tts", "pinned", "mention_everyone"):
        data.setdefault(name, False)
    for file in data.get("attachments") or []:
        file.setdefault("proxy_url", file.get("url", ""))
    for name in ("attachments", "embeds", "mentions", "mention_roles"):
        data.setdefault(name, [])
