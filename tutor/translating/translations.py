"""The translating use case: a text or file in, its translation out; by the model or the dictionary.

A translation is recorded, and is no part of a conversation.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from storage.database import Database
from tutor.engine.contract import Engine, Message
from tutor.engine.profiles import ModelProfile
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.messages import File, Provenance, ReplyPart, Text
from tutor.moves import Move
from tutor.pedagogy import gate
from tutor.pedagogy.guarding import gives_away
from tutor.pedagogy.guiding import Guiding
from tutor.set_phrases import limit_sentence
from tutor.speaking import Answer, Speaker
from tutor.transformation import is_possible
from tutor.translating.glossary import Terms, terms_for
from tutor.translating.phrasebook import dictionary_answer
from tutor.translating.pieces import is_whole
from tutor.translating.translator import SAMPLING, Translation, Translator, instruction
from tutor.turn import Turn
from tutor.writing.document import file_of, preview
from tutor.writing.request import FileFormat

FILE_CHARACTERS = 1500
Parts = AsyncGenerator[ReplyPart, None]


@dataclass(frozen=True, slots=True)
class Translations:
    """`stronger_model` is what is named where the present model falls short."""

    engine: Engine
    database: Database
    speaker: Speaker
    profile: ModelProfile
    guiding: Guiding
    now: Callable[[], datetime]
    stronger_model: str

    async def translate(self, turn: Turn, text: str, target: Language, name: str = "") -> Parts:
        """The translation of a text, or of what a file called `name` says, as such a file."""
        parts = (
            self._refused(turn) if gate.closed(turn) else await self._made(turn, text, target, name)
        )
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def _made(self, turn: Turn, text: str, target: Language, name: str) -> Parts:
        if not is_possible(self.profile, Move.TRANSLATE, target, text):
            return self._without_model(turn, text, target)
        async with self.database.read() as session:
            terms = await terms_for(session, turn, text, target)
        if name or not is_whole(text):
            return self._long(turn, text, target, terms, name)
        return self._short(turn, text, target, terms)

    def _refused(self, turn: Turn) -> Parts:
        return self.speaker.say(turn, gate.no_help(turn.language), Move.NO_HELP)

    async def _without_model(self, turn: Turn, text: str, target: Language) -> Parts:
        """What the dictionary has, else what is missing."""
        answer = await dictionary_answer(turn.language, text, target)
        limit = limit_sentence(turn.language, self.profile.family, self.stronger_model)
        yield Text(answer or limit)
        yield Provenance((Move.TRANSLATE if answer else Move.NAME_LIMIT).value)

    async def _short(self, turn: Turn, text: str, target: Language, terms: Terms) -> Parts:
        """In one go, as it is written."""
        async for waking in self.speaker.wake(turn):
            yield waking
        asked = f"{instruction(target, terms, text)}\n\n{text}"
        prompt = [Message("user", asked, f"learner:{turn.learner.id}")]
        guard = await self.guiding.guard_for(turn, text)
        parts = self.speaker.generate(turn, prompt, SAMPLING, Move.TRANSLATE, guard=guard)
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def _long(
        self, turn: Turn, text: str, target: Language, terms: Terms, name: str
    ) -> Parts:
        """Piece by piece, with progress."""
        async for waking in self.speaker.wake(turn):
            yield waking
        most = (await self.speaker.limits()).reply_tokens
        made = Translation("", 0)
        translator = Translator(self.engine, turn.learner.id)
        steps = translator.translate(text, target, turn.language, terms, most)
        async with aclosing(steps):
            async for step in steps:
                if isinstance(step, Translation):
                    made = step
                else:
                    yield step
        if gives_away(await self.guiding.guard_for(turn, text), made.text):
            yield Text(_declined(turn.language))
            yield Provenance(Move.DECLINE.value)
            return
        for part in await self._shown(turn, made, target, name):
            yield part
        recorded = await self.speaker.record(turn, "", Answer(made.text), Move.TRANSLATE)
        yield recorded.provenance() or Provenance(Move.TRANSLATE.value)

    async def _shown(
        self, turn: Turn, made: Translation, target: Language, name: str
    ) -> list[ReplyPart]:
        """The translation, or its beginning and a file."""
        label = say(
            turn.language,
            "Translated by AI ({model}); please check it.",
            model=self.profile.family,
        )
        below = f"*{label}*"
        if made.left:
            left = say_count(
                turn.language,
                "I could not translate {count} part; it stands as it was.",
                "I could not translate {count} parts; they stand as they were.",
                made.left,
            )
            below = f"{left}\n\n{below}"
        if not name and len(made.text) <= FILE_CHARACTERS:
            return [Text(f"{made.text}\n\n{below}")]
        title = f"{PurePath(name).stem or say(turn.language, 'Translation')} ({target.value})"
        file = await asyncio.to_thread(_file, made.text, title, name, label, self.now())
        return [Text(f"{preview(made.text)}\n\n{below}"), file]


def _file(text: str, title: str, name: str, label: str, now: datetime) -> File:
    """Of the same kind as the file that it translates, Markdown where that can't be written."""
    ending = PurePath(name).suffix.lower()
    format_ = FileFormat.DOCX if ending == ".docx" else FileFormat.MARKDOWN
    made = file_of(text, title, format_, label, now)
    if ending != ".txt":
        return made
    return File(
        f"{text.rstrip()}\n\n{label}\n".encode(), f"{PurePath(made.name).stem}.txt", "text/plain"
    )


def _declined(reader: Language) -> str:
    return say(
        reader,
        "I won't translate that for you now, since it holds what you are asked to find yourself.",
    )
