"""The song in a text with its sheet, engraved in a process that can be killed."""

import base64
import json
from dataclasses import dataclass

import structlog

from tutor.knowledge.bounded import ask_process
from tutor.writing.music import NoMusic, Song, song_in

ENGRAVER = "tutor.writing.engrave"
ENGRAVING_SECONDS = 20.0
MAX_ANSWER_BYTES = 8 * 1024 * 1024
LONGEST_CHARACTERS = 8000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Engraved:
    song: Song
    png: bytes


async def engraved(text: str) -> Engraved | None:
    """None where the notation can't be read."""
    try:
        song = song_in(text[:LONGEST_CHARACTERS])
        return Engraved(song, await _sheet(song))
    except NoMusic as error:
        log.info("song_not_engraved", why=str(error))
        return None


async def _sheet(song: Song) -> bytes:
    request = json.dumps({"abc": song.abc}).encode()
    answer = await ask_process(ENGRAVER, request, ENGRAVING_SECONDS, MAX_ANSWER_BYTES)
    if answer is None or "png" not in answer:
        raise NoMusic(answer["problem"] if answer else "the engraver ended")
    return base64.b64decode(answer["png"])
