"""The Writer use case: a request in, the parts of a reply out, labelled and remembered.

What is written never counts as anybody's attempt, and is no part of a conversation.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import datetime

import structlog

from tutor.engine.contract import Engine
from tutor.engine.profiles import ModelProfile
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import File, Picture, Provenance, ReplyPart, Status, Text, Visibility
from tutor.moves import Move
from tutor.pedagogy import gate
from tutor.pedagogy.guarding import Guard, Valve
from tutor.prompt import about_learner
from tutor.speaking import Answer, Speaker
from tutor.turn import Turn
from tutor.writing.composing import Composer, Draft
from tutor.writing.document import file_of, title_of
from tutor.writing.kinds import FORMS, Kind
from tutor.writing.music import NoMusic, Song, sheet, song_in
from tutor.writing.request import FileFormat, WriteRequest, is_fit

FILE_CHARACTERS = 1500
PREVIEW_CHARACTERS = 500
SONG_TRIES = 2

log = structlog.get_logger()


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
        refusal = self._refusal(turn, request)
        if refusal is not None:
            async for part in self._speaker.say(turn, *refusal):
                yield part
            return
        draft = Draft()
        async for step in self._compose(turn, request):
            if isinstance(step, Status):
                yield step
            else:
                draft = step
        text = _kept(draft.text, guard)
        if not text:
            yield Text(say(turn.language, "I could not write that. Please say it differently."))
            return
        for shown in await self._shown(turn, request, text):
            yield shown
        recorded = await self._speaker.record(turn, request.brief, Answer(text), Move.WRITE)
        yield recorded.provenance() or Provenance(Move.WRITE.value)

    def _refusal(self, turn: Turn, request: WriteRequest) -> tuple[str, Move] | None:
        if gate.closed(turn):
            return gate.no_help(turn.language), Move.NO_HELP
        if not is_fit(self._profile, request):
            return self._limit_sentence(turn.language, request), Move.NAME_LIMIT
        return None

    async def _compose(
        self, turn: Turn, request: WriteRequest
    ) -> AsyncGenerator[Status | Draft, None]:
        """One draft; of a song another one where the first can't be sung."""
        private = turn.question.visibility is Visibility.PRIVATE
        about = about_learner(turn) if request.personal and private else ""
        composer = Composer(self._engine, turn.learner.id, about)
        most = (await self._speaker.limits()).reply_tokens
        for _ in range(SONG_TRIES if request.kind is Kind.SONG else 1):
            async for step in composer.compose(request, turn.language, most):
                if isinstance(step, Draft):
                    draft = step
                else:
                    yield step
            if request.kind is not Kind.SONG or await _engraved(draft.text):
                break
        yield draft

    async def _shown(self, turn: Turn, request: WriteRequest, text: str) -> list[ReplyPart]:
        """The text, or its beginning and a file; of a song the sheet and the notation."""
        label = self._label(turn.language)
        reader, now = turn.language, self._now()
        title = title_of(text, say(reader, FORMS[request.kind].name))
        if request.kind is Kind.SONG:
            return _song_parts(reader, await _engraved(text), label)
        if len(text) <= FILE_CHARACTERS and request.format is FileFormat.MARKDOWN:
            return [Text(f"{text}\n\n{_small(label)}")]
        file = await asyncio.to_thread(file_of, text, title, request.format, label, now)
        return [Text(f"{_preview(text)}\n\n{_small(label)}"), file]

    def _label(self, language: Language) -> str:
        return say(
            language, "Written by AI ({model}); please check it.", model=self._profile.family
        )

    def _limit_sentence(self, language: Language, request: WriteRequest) -> str:
        return say(
            language,
            "My present language model, {model}, can't write that well enough: {kind}. Whoever "
            "runs me can choose a stronger one with the setting DAOSHI_MODEL, for example "
            "{better}.",
            model=self._profile.family,
            kind=say(language, FORMS[request.kind].name),
            better=self._stronger_model,
        )


def _kept(text: str, guard: Guard | None) -> str:
    """What may be shown of a text beside an open question."""
    valve = Valve(guard)
    return (valve.add(text) + valve.rest()).strip()


async def _engraved(text: str) -> tuple[Song, bytes] | None:
    """The song in a text with its sheet; None where it can't be read."""
    try:
        song = song_in(text)
        return song, await asyncio.to_thread(sheet, song)
    except NoMusic as error:
        log.info("song_not_engraved", why=str(error))
        return None


def _song_parts(
    reader: Language, engraved: tuple[Song, bytes] | None, label: str
) -> list[ReplyPart]:
    if engraved is None:
        return [
            Text(say(reader, "I tried twice, but what I wrote can't be sung. Please try again."))
        ]
    song, png = engraved
    title = song.title or say(reader, "Song")
    alt = say(reader, "The sheet of the song “{title}”", title=title)
    return [
        Text(f"**{title}**\n\n{_small(label)}"),
        Picture(png, "song.png", alt),
        File(song.abc.encode(), "song.abc", "text/vnd.abc"),
    ]


def _preview(text: str) -> str:
    """The beginning, up to the end of a paragraph or line."""
    if len(text) <= PREVIEW_CHARACTERS:
        return text
    end = text.rfind("\n", 0, PREVIEW_CHARACTERS)
    return text[: end if end > PREVIEW_CHARACTERS // 3 else PREVIEW_CHARACTERS].rstrip() + " …"


def _small(label: str) -> str:
    return f"*{label}*"
