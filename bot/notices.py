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
    pictures = [
        Picture(await blobs.get(picture["hash"]), picture["name"], picture["alt"])
        for picture in body.get("pictures", ())
    ]
    for chart in body.get("charts", ()):
        pictures.append(await asyncio.to_thread(drawn, chart))
    files = [
        File(await blobs.get(file["hash"]), file["name"], file["media_type"])
        for file in body.get("files", ())
    ]
    return Draft(
        text=body["text"],
        choices=CHOICES.validate_python(body.get("choices", [])),
        pictures=tuple(pictures),
        files=tuple(files),
        ending=Ending.DONE,
    )
