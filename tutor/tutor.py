"""The Tutor use case: one question in, the parts of one reply out, and both remembered.

Knows neither platforms nor models: it asks an Engine, and reads and writes through `storage`. No
database session is open while a model works.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from storage.conversations import set_summary
from storage.database import Database
from storage.turns import StoredTurn, recent_turns
from tutor import transformation
from tutor.adapters.pinned import Pins
from tutor.engine.contract import Engine, EngineError, EnginePaused, Message, Sampling
from tutor.engine.profiles import ModelProfile, Quality
from tutor.i18n import say
from tutor.images.picturing import Picturing
from tutor.images.request import Unclear
from tutor.knowledge.retrieval import Source
from tutor.knowledge.sources import Sources, cited, quoted_answer, with_passages
from tutor.language import Language, detect
from tutor.memory import exchanges, extend_summary, fit, without_pictures
from tutor.messages import Provenance, ReplyPart, Text, Visibility
from tutor.moves import Move, decide, speaks
from tutor.pedagogy import gate
from tutor.pedagogy.controls import question_buttons
from tutor.pedagogy.courtesy import Courtesies, Courtesy, courtesy_in
from tutor.pedagogy.dialogue import Policy
from tutor.pedagogy.distress import is_distress
from tutor.pedagogy.guarding import Guard
from tutor.pedagogy.guiding import Guiding, guard_of
from tutor.pedagogy.help_text import shown_answer
from tutor.pedagogy.nothing_open import NothingOpen
from tutor.pedagogy.putting import types_freely
from tutor.pedagogy.running import Running
from tutor.prompt import (
    conversation_messages,
    join_system,
    request_of,
    system_messages,
)
from tutor.set_phrases import careful_words, first_contact_tip, limit_sentence
from tutor.speaking import Answer, Limits, Speaker
from tutor.translating.translations import Translations
from tutor.tuning.away import away
from tutor.turn import Turn
from tutor.writing.request import WriteRequest
from tutor.writing.writer import Writer

log = structlog.get_logger()

CHAT = Sampling(temperature=0.2, top_p=0.9, repetition_penalty=1.1)
ANOTHER_TRY = Sampling(temperature=0.8, top_p=0.95, repetition_penalty=1.1)
REMEMBERED_TURNS = 40
FIRST_CONTACT = timedelta(minutes=10)
CONTINUE = "Continue exactly where you stopped."
APART = frozenset({Move.EXPLAIN, Move.TRANSLATE, Move.REWRITE, Move.SUMMARISE, Move.WRITE})
"""Moves on a given text or for a new one: recorded, but no part of a conversation."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What this reply may know of the conversation, oldest first."""

    turns: tuple[StoredTurn, ...]
    summary: str


class Tutor:
    def __init__(
        self,
        engine: Engine,
        database: Database,
        profile: ModelProfile,
        now: Callable[[], datetime],
        stronger_model: str,
        guiding: Guiding,
        sources: Sources,
        pins: Pins | None = None,
        picturing: Picturing | None = None,
    ) -> None:
        """`stronger_model` is what is named where the present one falls short."""
        self._picturing = picturing
        self._guiding = guiding
        self._nothing_open = NothingOpen(database, now)
        self._courtesies = Courtesies(database)
        self._sources = sources
        self._stronger_model = stronger_model
        self._speaker = Speaker(engine, database, now, pins)
        self._database = database
        self._now = now
        self._profile = profile
        self.writer = Writer(engine, self._speaker, profile, now, stronger_model)
        self._translations = Translations(
            engine, database, self._speaker, profile, guiding, now, stronger_model
        )

    async def reply(self, turn: Turn) -> AsyncGenerator[ReplyPart, None]:
        """Care where somebody may be in danger, else a picture that is wished for, else the open
        lesson, else a problem to be worked on, else an answer."""
        parts = (
            self._care(turn)
            or await self._picture(turn)
            or await self._guiding.lesson(turn, self.beside)
            or await self._guiding.problem(turn, request_of(turn), self.beside)
            or await self._nothing_open.reply(turn)
            or await self._courtesy(turn)
            or self._answer(turn)
        )
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def ask_about(
        self, turn: Turn, question: str, sources: Sequence[Source]
    ) -> AsyncGenerator[ReplyPart, None]:
        """A question about given passages. Care and teaching come first here as well."""
        asked = replace(turn.question, text=question)
        turn = replace(turn, question=asked, questions=(), material=())
        guard = await self._guiding.guard(turn)
        parts = (
            self._care(turn)
            or await self._guiding.problem(turn, question, self.beside)
            or self._answer(turn, guard, given=tuple(sources))
        )
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def beside(
        self, turn: Turn, running: Running, move: Move
    ) -> AsyncGenerator[ReplyPart, None]:
        """An answer to something else while a question is open: it keeps the question's key."""
        if move is Move.CARE:
            yield Text(careful_words(turn.language))
            return
        opening = self._guiding.opening(turn, running) if move is Move.EXPLAIN else ""
        try:
            async for part in self._answer(turn, guard_of(turn, running), opening):
                yield part
        except EnginePaused as error:
            yield Text(away(turn.language, error.until, self._now()))
        except EngineError as error:
            log.warning("answer_beside_failed", error=str(error))
            yield Text(say(turn.language, "I can't answer that without my language model."))
        yield Text("\n\n" + self._guiding.reminder(turn, running))

    async def _courtesy(self, turn: Turn) -> AsyncGenerator[ReplyPart, None] | None:
        """A greeting and the like, where the model could not take it up."""
        if not self._is_small and speaks(self._profile, turn.language):
            return None
        parts = await self._courtesies.reply(turn)
        if parts is None or courtesy_in(turn.text) is not Courtesy.GREETING:
            return parts
        return self._with_tip(turn, parts)

    async def _with_tip(
        self, turn: Turn, parts: AsyncGenerator[ReplyPart, None]
    ) -> AsyncGenerator[ReplyPart, None]:
        """The same, with the tip of a first reply behind its text."""
        memory = await self._recall(turn)
        async with aclosing(parts):
            async for part in parts:
                yield part
                if isinstance(part, Text) and self._is_first_contact(turn, memory):
                    yield Text(first_contact_tip(turn.language, small_model=self._is_small))

    async def _answer(
        self,
        turn: Turn,
        guard: Guard | None = None,
        opening: str = "",
        given: tuple[Source, ...] = (),
    ) -> AsyncGenerator[ReplyPart, None]:
        """Recall, decide the move, ground it, generate and check, record."""
        memory = await self._recall(turn)
        move = decide(turn, self._profile)
        result = await self._computed(turn)
        closed = guard is not None or move is Move.NO_HELP
        sources = () if closed else given or await self._sources_for(turn)
        if sources and (self._is_small or move is Move.NAME_LIMIT):
            quoted = quoted_answer(turn.language, turn.text, sources)
            parts = self._speaker.say(turn, result + quoted, Move.CITE)
        elif move is Move.NAME_LIMIT:
            parts = self._speaker.say(
                turn,
                result or limit_sentence(turn.language, self._profile.family, self._stronger_model),
                move,
            )
        elif move is Move.NO_HELP:
            parts = self._no_help(turn)
        else:
            generated = self._generated(turn, memory, move, sources, guard, opening or result)
            parts = self._or_quoted(turn, generated, sources)
        async for part in parts:
            yield part
        if guard is None and self._is_first_contact(turn, memory):
            yield Text(first_contact_tip(turn.language, small_model=self._is_small))

    async def _generated(
        self,
        turn: Turn,
        memory: Memory,
        move: Move,
        sources: Sequence[Source],
        guard: Guard | None,
        opening: str,
    ) -> AsyncGenerator[ReplyPart, None]:
        """What the model says, out of the sources where there are any."""
        async for part in self._speaker.wake(turn):
            yield part
        prompt = await self._ground(turn, memory, with_passages(request_of(turn), sources))
        parts = self._speaker.generate(
            turn, prompt, CHAT, move, asked=turn.text, guard=guard, opening=opening
        )
        async with aclosing(cited(turn.language, parts, sources)) as shown:
            async for part in shown:
                yield part

    async def _or_quoted(
        self, turn: Turn, parts: AsyncGenerator[ReplyPart, None], sources: Sequence[Source]
    ) -> AsyncGenerator[ReplyPart, None]:
        """The same; where the model is away, what the material says."""
        begun = False
        try:
            async with aclosing(parts):
                async for part in parts:
                    begun = begun or isinstance(part, Text)
                    yield part
        except EngineError as error:
            if begun or not sources:
                raise
            log.warning("answer_quoted", error=str(error))
            quoted = quoted_answer(turn.language, turn.text, sources)
            async for part in self._speaker.say(turn, quoted, Move.CITE):
                yield part

    async def _sources_for(self, turn: Turn) -> tuple[Source, ...]:
        """What the material says about the question; a file in the message speaks for itself."""
        return () if turn.material else await self._sources.for_turn(turn, turn.text)

    def _care(self, turn: Turn) -> AsyncGenerator[ReplyPart, None] | None:
        """The one place where safety comes before everything else."""
        if not is_distress(turn.text):
            return None
        return self._speaker.say(turn, careful_words(turn.language), Move.CARE)

    async def _picture(self, turn: Turn) -> AsyncGenerator[ReplyPart, None] | None:
        """What somebody wants drawn. An open question stays as it is: nothing of this counts, and
        what can't be drawn is then taken for an answer."""
        wish = await self._picturing.read(turn) if self._picturing else None
        if self._picturing is None or wish is None:
            return None
        running = await self._guiding.open_question(turn)
        if running is not None and isinstance(wish.reading, Unclear):
            return None
        parts = self._picturing.answer(turn, wish, bare=running is not None)
        return self._drawn(turn, running, parts)

    async def _drawn(
        self, turn: Turn, running: Running | None, parts: AsyncGenerator[ReplyPart, None]
    ) -> AsyncGenerator[ReplyPart, None]:
        """The same, recorded by its words; then back to the open question."""
        said, move = "", Move.DRAW
        async with aclosing(parts):
            async for part in parts:
                said += part.text if isinstance(part, Text) else ""
                move = Move(part.move) if isinstance(part, Provenance) else move
                yield part
        if running is not None:
            yield Text("\n\n" + self._guiding.reminder(turn, running))
            yield question_buttons(
                running, turn.language, turn.policy, types_freely=types_freely(turn)
            )
        await self._speaker.record(turn, turn.text, Answer(said), move)

    async def _computed(self, turn: Turn) -> str:
        """Under the open policy: what a problem comes to, before the model explains it."""
        if turn.policy is not Policy.OPEN:
            return ""
        brought = await self._guiding.brought(turn, request_of(turn))
        if brought is None or brought.key is None:
            return ""
        result = shown_answer(brought.key)
        return say(turn.language, "**Result: {result}**", result=result) + "\n\n"

    async def regenerate(self, turn: Turn, question: StoredTurn) -> AsyncGenerator[ReplyPart, None]:
        """Another answer to a stored question, from what was known when it was asked."""
        parts = self._no_help(turn) if gate.closed(turn) else None
        parts = parts or await self._guiding.problem(turn, question.text, self.beside)
        if parts is None:
            memory = await self._recall(turn, before=question.id)
            guard = await self._guiding.guard(turn)
            sources = () if guard else await self._sources.for_turn(turn, question.text)
            prompt = await self._ground(turn, memory, with_passages(question.text, sources))
            generated = self._speaker.generate(
                turn, prompt, ANOTHER_TRY, Move.ANSWER, question_id=question.id, guard=guard
            )
            parts = cited(turn.language, generated, sources)
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def go_on(self, turn: Turn, reply: StoredTurn) -> AsyncGenerator[ReplyPart, None]:
        """The rest of a stored reply, which ended at the length limit."""
        if gate.closed(turn):
            async for part in self._no_help(turn):
                yield part
            return
        memory = await self._recall(turn, before=reply.id)
        request = CONTINUE
        if memory.turns:
            memory = replace(memory, turns=(*memory.turns, reply))
        else:  # a model reads no conversation that begins with its own words
            request = f"{CONTINUE}\n\n{reply.text}"
        prompt = await self._ground(turn, memory, request)
        guard = await self._guiding.guard(turn)
        async for part in self._speaker.generate(turn, prompt, CHAT, Move.CONTINUE, guard=guard):
            yield part

    async def explain(self, turn: Turn, text: str) -> AsyncGenerator[ReplyPart, None]:
        """A text in simple words; a problem is not explained but worked on."""
        parts = await self._guiding.problem(turn, text, self.beside, checkable=True)
        parts = parts or self._transform(turn, transformation.EXPLAIN, text, Move.EXPLAIN)
        async with aclosing(parts):
            async for part in parts:
                yield part

    def translate(
        self, turn: Turn, text: str, language: Language, name: str = ""
    ) -> AsyncGenerator[ReplyPart, None]:
        """A text, or what the file called `name` says, in another language."""
        return self._translations.translate(turn, text, language, name)

    def rewrite(self, turn: Turn, kind: str, text: str) -> AsyncGenerator[ReplyPart, None]:
        return self._transform(turn, transformation.REWRITE[kind], text, Move.REWRITE)

    def summarise(self, turn: Turn, text: str) -> AsyncGenerator[ReplyPart, None]:
        return self._transform(turn, transformation.SUMMARISE, text, Move.SUMMARISE)

    async def write(self, turn: Turn, request: WriteRequest) -> AsyncGenerator[ReplyPart, None]:
        """A new text of some kind."""
        guard = await self._guiding.guard_for(turn, request.brief)
        async with aclosing(self.writer.write(turn, request, guard)) as parts:
            async for part in parts:
                yield part

    async def greeting(self, turn: Turn) -> str:
        """What a learner reads first in a private place, before they have said anything."""
        name = turn.learner.display_name
        memory = await self._recall(turn)
        asked = [stored.text for stored in memory.turns if stored.role == "user"]
        if not asked:
            return say(
                turn.language,
                "Hello {name}, I'm Daoshi, your tutor. What would you like to understand?",
                name=name,
            )
        last = " ".join(asked[-1].split())[:80]
        return say(
            turn.language,
            "Welcome back, {name}. Last time you asked: “{last}”",
            name=name,
            last=last,
        )

    async def remember_partly(self, turn: Turn, text: str) -> Provenance | None:
        """Records a question whose answer was stopped or broke off after `text`."""
        recorded = await self._speaker.record(turn, turn.text, Answer(text), Move.ANSWER)
        return recorded.provenance()

    async def _recall(self, turn: Turn, before: str | None = None) -> Memory:
        """The turns of this very conversation: of nobody else's, and of no other place.

        What was worked on apart from the conversation (a translation) is no part of it.
        """
        conversation = turn.conversation
        async with self._database.read() as session:
            stored = await recent_turns(
                session, conversation.id, REMEMBERED_TURNS, after_id=conversation.summary_until
            )
        said = tuple(
            earlier
            for earlier in stored
            if earlier.move not in APART and (before is None or earlier.id < before)
        )
        return Memory(said, conversation.summary or "")

    async def _ground(self, turn: Turn, memory: Memory, request: str) -> tuple[Message, ...]:
        """The prompt within its token budget; what no longer fits goes into the summary."""
        limits = await self._speaker.limits()
        language = self._model_language(turn)
        scope = f"conversation:{turn.conversation.id}"
        system = system_messages(turn, language, memory.summary, simple=self._is_small)
        latest = Message("user", shortened(request, limits), scope)
        fixed = [message.content for message in (*system, latest)]
        turns = without_pictures(memory.turns) if self._is_small else memory.turns
        said = [replace(one, text=shortened(one.text, limits)) for one in turns]
        counts = await self._speaker.count([*fixed, *(stored.text for stored in said)])
        budget = limits.prompt_tokens - sum(counts[: len(fixed)])
        window = fit(said, counts[len(fixed) :], budget)
        if window.dropped:
            await self._summarise_dropped(turn, memory.summary, window.dropped)
        earlier = conversation_messages(exchanges(window.kept), scope)
        return join_system((*system, *earlier, latest))

    async def _transform(
        self,
        turn: Turn,
        instruction: str,
        text: str,
        move: Move,
    ) -> AsyncGenerator[ReplyPart, None]:
        """Works on a given text, apart from the conversation and without recording it."""
        if gate.closed(turn):
            async for part in self._no_help(turn):
                yield part
            return
        wanted = self._model_language(turn)
        if not transformation.is_possible(self._profile, move, wanted, text):
            yield Text(limit_sentence(turn.language, self._profile.family, self._stronger_model))
            yield Provenance(Move.NAME_LIMIT.value)
            return
        request = f"{instruction}\n\n{shortened(text, await self._speaker.limits())}"
        system = system_messages(turn, wanted, "", simple=self._is_small)
        theirs = Message("user", request, f"learner:{turn.learner.id}")
        prompt = join_system((*system, theirs))
        guard = await self._guiding.guard_for(turn, text)
        async for part in self._speaker.generate(turn, prompt, CHAT, move, guard=guard):
            yield part

    def _no_help(self, turn: Turn) -> AsyncGenerator[ReplyPart, None]:
        """What is said while an examination runs."""
        return self._speaker.say(turn, gate.no_help(turn.language), Move.NO_HELP)

    async def _summarise_dropped(
        self, turn: Turn, summary: str, dropped: Sequence[StoredTurn]
    ) -> None:
        async with self._database.write() as session:
            await set_summary(
                session, turn.conversation.id, extend_summary(summary, dropped), dropped[-1].id
            )

    @property
    def _is_small(self) -> bool:
        """Whether the model can do little more than phrase."""
        return self._profile.quality is Quality.PHRASING

    def _is_first_contact(self, turn: Turn, memory: Memory) -> bool:
        """Whether this learner, known for minutes only, gets their first reply in private."""
        if turn.question.visibility is not Visibility.PRIVATE or memory.turns or memory.summary:
            return False
        return turn.learner.is_new or self._now() - turn.learner.created_at < FIRST_CONTACT

    def _model_language(self, turn: Turn) -> Language:
        """The learner's language where the model has it, else that of their message."""
        if speaks(self._profile, turn.language):
            return turn.language
        return detect(turn.text) or Language.ENGLISH


def shortened(text: str, limits: Limits) -> str:
    """A very long message keeps its beginning and its end, where the question usually is."""
    most = limits.prompt_tokens * 2  # characters, safe for Chinese as well
    if len(text) <= most:
        return text
    return f"{text[: most // 2]}\n[…]\n{text[-most // 2 :]}"
