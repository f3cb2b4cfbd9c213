"""How a stored notice is shown: an outbox row's JSON body as a Draft."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.adapter import Draft, Ending
from storage.blobs import BlobStore
from tutor.messages import File, Picture
from tutor.notices import CHOICES
from tutor.tuning.pictures import drawn


async def draft_of(body: Mapping[str, Any], blobs: BlobStore) -> Draft:
    """The message that a stored body stands for; raises BlobMissing where a file is gone."""
    files = [
        File(await blobs.get(file["hash"]), file["name"], file["media_type"])
        for file in body.get("files", ())
    ]
    return Draft(
        text=body["text"],
        choices=CHOICES.validate_python(body.get("choices", [])),
        pictures=await pictures_of(body, blobs),
        files=tuple(files),
        ending=Ending.DONE,
    )


async def pictures_of(body: Mapping[str, Any], blobs: BlobStore) -> tuple[Picture, ...]:
    """The stored pictures of a body, and those that are drawn from its figures."""
    stored = [
        Picture(await blobs.get(picture["hash"]), picture["name"], picture["alt"])
        for picture in body.get("pictures", ())
    ]
    charts = [await asyncio.to_thread(drawn, chart) for chart in body.get("charts", ())]
    return (*stored, *charts)
