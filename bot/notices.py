"""What Daoshi says on its own: stored as an outbox row's JSON body, shown as a Draft.

A body holds the text in the recipient's language, buttons that are stored already, and files by
their content's hash. Knows neither who wants to say it nor how it is delivered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from bot.adapter import Draft, Ending
from storage.blobs import BlobStore
from tutor.messages import Choice, File, Picture

CHOICES = TypeAdapter(tuple[Choice, ...])


def notice_body(
    text: str,
    choices: Sequence[Choice] = (),
    pictures: Sequence[Mapping[str, str]] = (),
    files: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """The JSON body. A picture is {hash, name, alt}, a file {hash, name, media_type}."""
    return {
        "text": text,
        "choices": CHOICES.dump_python(tuple(choices), mode="json"),
        "pictures": [dict(picture) for picture in pictures],
        "files": [dict(file) for file in files],
    }


async def draft_of(body: Mapping[str, Any], blobs: BlobStore) -> Draft:
    """The message that a stored body stands for; raises BlobMissing where a file is gone."""
    pictures = [
        Picture(await blobs.get(picture["hash"]), picture["name"], picture["alt"])
        for picture in body.get("pictures", ())
    ]
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
