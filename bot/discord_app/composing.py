"""Makes the messages of a draft: the renderer's parts, then marks, formulas, files and buttons.

Formulas are drawn for the final text only; until then their readable text stands in the message.
"""

from collections.abc import Sequence

from bot.adapter import Draft
from bot.discord_app.outgoing import TEXT_CHARACTERS, Outgoing, Part, assemble, ending_mark
from bot.discord_app.rest import Upload
from bot.render import long_text, rendered
from bot.render.discord_text import render_discord
from bot.render.painter import FormulaPainter
from tutor.language import Language


class Composer:
    """`language` is that of the marks; `file_bytes` the largest file that Discord takes here."""

    def __init__(self, painter: FormulaPainter, language: Language, file_bytes: int) -> None:
        self._painter = painter
        self._language = language
        self._file_bytes = file_bytes

    async def compose(self, draft: Draft) -> Sequence[Outgoing]:
        final = draft.ending is not None
        whole = await long_text.rendered(draft.text, render_discord, draft.text, final=final)
        parts = whole.parts
        if not final:
            status = f"-# {draft.status}" if draft.status else ""
            texts = _with_line([Part(part.text) for part in parts], status)
            shown = Draft(choices=draft.choices if texts else ())
            return assemble(texts, shown, self._language, self._file_bytes)
        drawn = [Part(part.text, await self._pictures(part)) for part in parts]
        drawn = _with_line(drawn, ending_mark(self._language, draft.ending))
        return assemble(drawn, draft, self._language, self._file_bytes)

    async def _pictures(self, part: rendered.Part) -> tuple[Upload, ...]:
        picture = await self._painter.draw(part.formulas)
        if picture is None:
            return ()
        return (Upload(picture.name, picture.data, picture.alt),)


def _with_line(parts: list[Part], line: str) -> list[Part]:
    """`line` under the last part, or by itself where that is full."""
    if not line:
        return parts
    if parts and len(parts[-1].text) + 1 + len(line) <= TEXT_CHARACTERS:
        last = parts[-1]
        return [*parts[:-1], Part(f"{last.text}\n{line}", last.pictures)]
    return [*parts, Part(line)]
