"""Pictures and files on their way to Slack."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import ImageBlock
from slack_sdk.models.blocks.basic_components import SlackFile

from bot.adapter import Draft
from bot.render.rendered import Formula
from bot.render.slack_text import render_slack
from bot.slack_app.clients import Workspace
from bot.slack_app.content import MESSAGE_CHARACTERS, Payload
from bot.slack_app.errors import error_code
from bot.slack_app.posted import Target
from tutor.messages import Picture

ALT_CHARACTERS = 2000
PROCESSING_SECONDS = 0.3
log = structlog.get_logger()


class Painter(Protocol):
    """Draws formulas; `bot.render.painter.FormulaPainter` does."""

    async def draw(self, formulas: Sequence[Formula]) -> Picture | None: ...

    async def close(self) -> None: ...


async def formula_blocks(
    workspace: Workspace, painter: Painter | None, draft: Draft
) -> dict[int, list[Payload]]:
    """Image blocks for the formulas of a finished draft, by the number of their message."""
    if painter is None or draft.ending is None:
        return {}
    blocks: dict[int, list[Payload]] = {}
    parts = render_slack(draft.text, final=True, limit=MESSAGE_CHARACTERS).parts
    for number, part in enumerate(parts):
        picture = await painter.draw(part.formulas) if part.formulas else None
        block = await image_block(workspace, picture) if picture else None
        if block:
            blocks[number] = [block]
    return blocks


async def share(target: Target, draft: Draft, already: frozenset[str] = frozenset()) -> None:
    """Puts the draft's pictures and files into the thread, but for names `already` there."""
    uploads = [
        {"file": picture.data, "filename": picture.name, "title": picture.alt[:250],
         "alt_txt": picture.alt[:ALT_CHARACTERS]}
        for picture in draft.pictures
    ] + [
        {"file": file.data, "filename": file.name, "title": file.name} for file in draft.files
    ]  # fmt: skip
    wanted = [upload for upload in uploads if upload["filename"] not in already]
    if wanted:
        await target.workspace.client.files_upload_v2(
            file_uploads=wanted, channel=target.channel, thread_ts=target.thread or None
        )


async def image_block(workspace: Workspace, picture: Picture) -> Payload | None:
    """An image inside the message; None where Slack does not take it, the text reads without."""
    try:
        answer = await workspace.client.files_upload_v2(
            file=picture.data, filename=picture.name, alt_txt=picture.alt[:ALT_CHARACTERS]
        )
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        log.info("slack_picture_refused", error=error_code(error) or type(error).__name__)
        return None
    await asyncio.sleep(PROCESSING_SECONDS)  # Slack refuses a picture it has not yet looked at
    file_id = str(answer["files"][0]["id"])
    block = ImageBlock(slack_file=SlackFile(id=file_id), alt_text=picture.alt[:ALT_CHARACTERS])
    return block.to_dict()
