"""The Discord messages that show a draft whose text has been rendered. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.adapter import Draft, Ending
from bot.discord_app.buttons import button_rows
from bot.discord_app.rest import Upload
from tutor.i18n import mark, say
from tutor.language import Language

TEXT_CHARACTERS = 2000
FILES = 10
DEFAULT_FILE_BYTES = 10 * 1024 * 1024
SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
SILENT = 1 << 12

ENDINGS = {
    Ending.STOPPED: mark("⏹ Stopped"),
    Ending.INTERRUPTED: mark("⚠ Cut off"),
    Ending.FAILED: mark("⚠ Not finished"),
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as it should be."""

    content: str
    uploads: tuple[Upload, ...] = ()
    components: tuple[Json, ...] = ()

    @property
    def files_key(self) -> str:
        """What its files are, to tell whether they must be sent again."""
        digest = hashlib.sha256()
        for upload in self.uploads:
            digest.update(f"{upload.name}\0{upload.description}\0{len(upload.data)}\0".encode())
            digest.update(upload.data)
        return digest.hexdigest() if self.uploads else ""

    @property
    def text_key(self) -> str:
        """What it says and which buttons it has."""
        return self.content + "\0" + json.dumps(self.components, sort_keys=True)

    def body(self) -> Json:
        return {
            "content": self.content,
            "components": list(self.components),
            "allowed_mentions": {"parse": [], "replied_user": False},
        }


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text that fits into one message, with the pictures of its formulas."""

    text: str
    pictures: tuple[Upload, ...] = ()


def ending_mark(language: Language, ending: Ending | None) -> str:
    """The small line under a reply that did not end as it should."""
    sentence = ENDINGS.get(ending) if ending else None
    return f"-# {say(language, sentence)}" if sentence else ""


def assemble(
    parts: Sequence[Part], draft: Draft, language: Language, file_bytes: int
) -> list[Outgoing]:
    """The messages of a draft; pictures, files and buttons go under the last text."""
    messages = [Outgoing(part.text, part.pictures[:FILES]) for part in parts]
    uploads = [Upload(p.name, p.data, p.alt) for p in draft.pictures]
    uploads += [Upload(f.name, f.data) for f in draft.files]
    for part in parts:
        uploads += part.pictures[FILES:]
    fitting = [upload for upload in uploads if len(upload.data) <= file_bytes]
    for upload in uploads:
        if upload not in fitting:
            messages.append(Outgoing(_too_large(upload, language)))
    messages = _attach(messages, fitting)
    if draft.choices:
        messages = messages or [Outgoing("\u200b")]
        messages[-1] = replace(messages[-1], components=tuple(button_rows(draft.choices)))
    return messages


def _attach(messages: list[Outgoing], uploads: Sequence[Upload]) -> list[Outgoing]:
    rest = list(uploads)
    if messages and rest:
        room = FILES - len(messages[-1].uploads)
        last = messages[-1]
        messages[-1] = replace(last, uploads=(*last.uploads, *rest[:room]))
        rest = rest[room:]
    while rest:
        messages.append(Outgoing("", tuple(rest[:FILES])))
        rest = rest[FILES:]
    return messages


def _too_large(upload: Upload, language: Language) -> str:
    return say(
        language,
        "The file {name} has {size} MiB, more than Discord takes here.",
        name=upload.name,
        size=f"{len(upload.data) / 2**20:.1f}",
    )
