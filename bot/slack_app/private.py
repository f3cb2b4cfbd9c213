"""Words for one person alone: ephemeral in a channel, an ordinary message in a DM."""

from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.render.mrkdwn import to_mrkdwn
from bot.slack_app.clients import Workspace
from bot.slack_app.errors import UNREACHABLE, error_code
from bot.slack_app.ownership import notice_metadata

log = structlog.get_logger()

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False, "link_names": False}
"""Nothing that a model wrote fetches a page or calls anybody."""


async def tell(workspace: Workspace, channel: str, user: str, text: str, thread: str = "") -> None:
    """Says `text` to `user` where they are, or in a direct message if we are not there.

    A notice that can't be delivered is logged: nobody waits for it.
    """
    text = to_mrkdwn(text)[0]
    try:
        try:
            if channel.startswith("D"):
                await _post(workspace, channel, text, thread)
            else:
                await workspace.once.chat_postEphemeral(
                    channel=channel,
                    user=user,
                    thread_ts=thread or None,
                    text=text,
                    link_names=False,
                )
        except SlackApiError as error:
            if error_code(error) not in UNREACHABLE:
                raise
            opened = await workspace.client.conversations_open(users=[user])
            await _post(workspace, str(opened["channel"]["id"]), text)
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("slack_notice_lost", error=error_code(error) or type(error).__name__)


async def _post(workspace: Workspace, channel: str, text: str, thread: str = "") -> None:
    await workspace.once.chat_postMessage(
        channel=channel,
        thread_ts=thread or None,
        text=text,
        metadata=notice_metadata("whisper"),
        **QUIET,
    )
