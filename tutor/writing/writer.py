"""The Writer use case: a request in, the parts of a reply out, labelled and remembered.

What is written never counts as anybody's attempt, and is no part of a conversation.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime

from tutor.engine.contract import Engine
from tutor.engine.profiles import ModelProfile
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import File, Picture, Provenance, ReplyPart, Text, Visibility
from tutor.moves import Move
from tutor.pedagogy import gate
from tutor.pedagogy.guarding import Guard, gives_away
from tutor.prompt import about_learner
from tutor.safety.output import harm_in
from tutor.speaking import Answer, Speaker
from tutor.turn import Turn
from tutor.writing.composing import Composer, Draft
from tutor.writing.document import file_of, preview, title_of
from tutor.writing.kinds import FORMS, Kind
from tutor.writing.request import FileFormat, WriteRequest, is_fit
from tutor.writing.singing import Engraved, engraved

FILE_CHARACTERS = 1500
SONG_TRIES = 2


class Writer:
    """`stronger_model` is what is named where the present model falls short."""

    def __init__(
        self,
        engine: Engine,
        speaker: Speaker,
        profile: ModelProfile,
        now: Callable[[], datetime],
        stronger_model: str,
    ) -> None:
        self._engine = engine
        self._speaker = speaker
        self._profile = profile
        self._now = now
        self._stronger_model = stronger_model

    async def write(
        self, turn: Turn, request: WriteRequest, guard: Guard | None = None
    ) -> AsyncGenerator[ReplyPart, None]:
        """Checks that it may and can, composes, and shows it; a long text as a file.

        `guard` keeps the key of the learner's open question.
        """
        parts = self._refused(turn, request) or self._written(turn, request, guard)
        async with aclosing(parts):
            async for part in parts:
                yield part

    def _refused(self, turn: Turn, request: WriteRequest) -> AsyncGenerator[ReplyPart, None] | None:
        if gate.closed(turn):
            return self._speaker.say(turn, gate.no_help(turn.language), Move.NO_HELP)
        if is_fit(self._profile, request):
            return None
        return self._without_record(self._limit_sentence(turn.language, request), Move.NAME_LIMIT)

    async def _written(
        self, turn: Turn, request: WriteRequest, guard: Guard | None
    ) -> AsyncGenerator[ReplyPart, None]:
        draft = Draft()
        steps = self._compose(turn, request)
        async with aclosing(steps):
            async for step in steps:
                if isinstance(step, Draft):
                    draft = step
                else:
                    yield step
        if refusal := _refusal(turn.language, request, draft, guard):
            async for part in self._without_record(refusal, Move.DECLINE):
                yield part
            return
        sung = draft.sung
        shown = self._sung(turn, sung) if sung else await self._shown(turn, request, draft)
        for part in shown:
            yield part
        recorded = await self._speaker.record(turn, "", Answer(draft.text), Move.WRITE)
        yield recorded.provenance() or Provenance(Move.WRITE.value)

    async def _compose(
        self, turn: Turn, request: WriteRequest
    ) -> AsyncGenerator[ReplyPart | Draft, None]:
        """One draft; of a song another one where the first can't be sung."""
        async for waking in self._speaker.wake(turn):
            yield waking
        private = turn.question.visibility is Visibility.PRIVATE
        about = about_learner(turn) if request.personal and private else ""
        composer = Composer(self._engine, turn.learner.id, about)
        most = (await self._speaker.limits()).reply_tokens
        draft = Draft()
        for _ in range(SONG_TRIES if request.kind is Kind.SONG else 1):
            steps = composer.compose(request, turn.language, most)
            async with aclosing(steps):
                async for step in steps:
                    if isinstance(step, Draft):
                        draft = step
                    else:
                        yield step
            if request.kind is Kind.SONG:
                draft.sung = await engraved(draft.text)
            if draft.sung:
                break
        yield draft

    async def _shown(self, turn: Turn, request: WriteRequest, draft: Draft) -> list[ReplyPart]:
        """The text, or its beginning and a file."""
        text, label = draft.text, self._label(turn.language)
        below = _small(label)
        if draft.cut:
            cut = say(turn.language, "It ends early: my language model writes no longer than this.")
            below = f"{cut}\n\n{below}"
        if len(text) <= FILE_CHARACTERS and request.format is FileFormat.MARKDOWN:
            return [Text(f"{text}\n\n{below}")]
        file = await self.file(turn.language, request.kind, request.format, text)
        return [Text(f"{preview(text)}\n\n{below}"), file]

    def _sung(self, turn: Turn, sung: Engraved) -> list[ReplyPart]:
        """The sheet of a song and its notation."""
        title = sung.song.title or say(turn.language, "Song")
        alt = say(turn.language, "The sheet of the song “{title}”", title=title)
        label = self._label(turn.language)
        notation = f"{sung.song.abc.rstrip()}\nN:{label}\n"
        return [
            Text(f"**{title}**\n\n{_small(label)}"),
            Picture(sung.png, "song.png", alt),
            File(notation.encode(), "song.abc", "text/vnd.abc"),
        ]

    async def file(self, reader: Language, kind: Kind, format: FileFormat, text: str) -> File:
        """A written text as a file that says who wrote it."""
        title = title_of(text, say(reader, FORMS[kind].name))
        label = self._label(reader)
        return await asyncio.to_thread(file_of, text, title, format, label, self._now())

    def _label(self, language: Language) -> str:
        return say(
            language, "Written by AI ({model}); please check it.", model=self._profile.family
        )

    async def _without_record(self, text: str, move: Move) -> AsyncGenerator[ReplyPart, None]:
        """A sentence that is no part of any conversation, as the request was none."""
        yield Text(text)
        yield Provenance(move.value)

    def _limit_sentence(self, language: Language, request: WriteRequest) -> str:
        """What is missing, and which model would do it."""
        return say(
            language,
            "My present language model, {model}, can't write that well enough: {kind} in "
            "{language}. Whoever runs me can choose a stronger one with the setting "
            "DAOSHI_MODEL, for example {better}.",
            model=self._profile.family,
            kind=say(language, FORMS[request.kind].name),
            language=request.language.native_name,
            better=self._stronger_model,
        )


def _refusal(reader: Language, request: WriteRequest, draft: Draft, guard: Guard | None) -> str:
    """Why a text is not shown; "" where it is."""
    if not draft.text or harm_in(draft.text):
        return say(reader, "I could not write that. Please say it differently.")
    if gives_away(guard, draft.text):
        return say(
            reader,
            "I won't write that for you now, since it would give away what you are asked to find "
            "yourself. Once you have solved it I'll gladly write about it.",
        )
    if request.kind is Kind.SONG and draft.sung is None:
        return say(reader, "I tried twice, but what I wrote can't be sung. Please try again.")
    return ""


def _small(label: str) -> str:
    return f"*{label}*"
