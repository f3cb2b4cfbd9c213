"""How the model words a move, if it can; the template stands wherever it cannot.

A small model adds a sentence to the template, which is shown at once; a larger one words the move
itself, and the template follows where its words lack what the move needs. Every sentence passes
`tutor.pedagogy.release` first. Verdicts and questions are never the model's.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from copy import copy
from dataclasses import dataclass
from enum import StrEnum

import structlog

from tutor.adapters.pin import Pinned
from tutor.adapters.pinned import Pins
from tutor.engine.contract import (
    Engine,
    EngineBusy,
    EngineError,
    FinishReason,
    RequestRefused,
    Sampling,
    TextDelta,
    TextRequest,
)
from tutor.engine.profiles import ModelProfile, Quality
from tutor.moves import Move, speaks
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.instructions import Style, instructions
from tutor.pedagogy.release import Reason, Refused, Release
from tutor.safety.output import harm_in
from tutor.turn import Turn

PHRASABLE = frozenset({Move.HINT, Move.DIAGNOSE, Move.WORKED_STEP, Move.REFLECT})
# SmolLM2-135M answers the problem or talks about "the student" instead: 5 of 6 of its sentences are
# refused, and what is left helps nobody. Until a model of that size is trained to it, templates do.
PHRASED = {
    Quality.PHRASING: frozenset[Move](),
    Quality.BASIC: frozenset({Move.HINT, Move.DIAGNOSE, Move.REFLECT}),
    Quality.GOOD: PHRASABLE,
    Quality.STRONG: PHRASABLE,
}
SENTENCE = re.compile(r"[^\n]*?(?:[.!?…]+[\"'”’)*]*(?=\s)|[。！？]+[”’）]*|\n)", re.DOTALL)
ENDS = re.compile(r"[.!?…。！？][\"'”’）)*]*\s*$")
WORD = re.compile(r"[a-z]{4,}|\d+(?:\.\d+)?|[\u4e00-\u9fff]{2}", re.IGNORECASE)
COVERED = 0.6

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a learner waits for the model's first word, and from there to its last."""

    first_seconds: float
    whole_seconds: float


INSTEAD = Patience(5.0, 15.0)  # of the template
BESIDE = Patience(2.0, 5.0)  # it stands already, and what is added delays the buttons below it


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked for and shown, and how it is drawn."""

    sentences: int
    tokens: int
    sampling: Sampling


LIMITS = {
    Style.SMALL: Limits(1, 40, Sampling(repetition_penalty=1.1)),
    Style.LARGE: Limits(5, 160, Sampling(repetition_penalty=1.1)),
    # The attempt, then a question; both copy from what stands above, which a penalty would spoil.
    Style.TUTORING_1: Limits(2, 64, Sampling()),
}


class Why(StrEnum):
    """Why the template stands, whole or as well."""

    NONE = ""  # the model's words were enough
    CODE = "code"  # the move is never the model's
    OFF = "off"
    LANGUAGE = "language"
    LATE = "late"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    LACKING = "lacking"  # nothing that may be shown, or not what the move needs


@dataclass(frozen=True, slots=True)
class Piece:
    """The next piece of what is said; the pieces, joined, are the whole."""

    text: str
    by_model: bool = False
    adapter: str | None = None


@dataclass(frozen=True, slots=True)
class Phrased:
    """How one move came to be worded: `model` says whether any sentence was the model's."""

    move: Move
    model: bool
    why: Why = Why.NONE
    refused: Reason | None = None


def unobserved(phrased: Phrased) -> None:
    """Counts nothing."""


class Phraser:
    """Words moves with one engine, None where the model is off.

    `observe` is told of every move how it was worded. `moves` are those that the model may word, if
    not the ones that are known to suit a model of its quality.
    """

    def __init__(
        self,
        engine: Engine | None,
        profile: ModelProfile,
        *,
        moves: frozenset[Move] | None = None,
        observe: Callable[[Phrased], None] = unobserved,
        patience: Patience | None = None,
        pins: Pins | None = None,
    ) -> None:
        self._engine = engine
        self._profile = profile
        self._moves = PHRASED[profile.quality] if moves is None else moves & PHRASABLE
        self._observe = observe
        self._adds = profile.quality <= Quality.BASIC  # to the template, which is shown first
        self._patience = patience or (BESIDE if self._adds else INSTEAD)
        self._pins = pins
        self._turn: Turn | None = None

    def for_turn(self, turn: Turn) -> "Phraser":
        """The same for one turn, with the adapter that answers it."""
        theirs = copy(self)
        theirs._turn = turn
        return theirs

    async def phrase(self, brief: Brief, learner_id: str = "") -> AsyncGenerator[Piece, None]:
        """The move in sentences that may be shown; always says at least the template's matter."""
        if self._adds:
            yield Piece(brief.template)  # before anything is waited for
        pinned = await self._pinned(brief)
        why = self._why_not(brief, pinned)
        if why is not Why.NONE or self._engine is None:
            if not self._adds:
                yield Piece(brief.template)
            self._observe(Phrased(brief.move, model=False, why=why))
            return
        attempt = _Attempt(brief)
        sentences = self._sentences(self._engine, brief, learner_id, attempt, pinned)
        async with aclosing(sentences):
            async for sentence in sentences:
                first = not attempt.released
                attempt.released += sentence
                yield Piece(
                    ("\n\n" if self._adds and first else "") + sentence,
                    by_model=True,
                    adapter=pinned.version if pinned else None,
                )
        lacks = not attempt.released or not (self._adds or covers(attempt.released, brief))
        if lacks and attempt.why is Why.NONE:
            attempt.why = Why.LACKING
        if lacks and not self._adds:
            yield Piece(("\n\n" if attempt.released else "") + brief.template)
        self._observe(attempt.outcome)

    async def _pinned(self, brief: Brief) -> Pinned | None:
        """The turn's adapter, where it may word this move and is there in time."""
        if self._pins is None or self._turn is None or self._engine is None:
            return None
        if brief.move not in PHRASABLE or not speaks(self._profile, brief.language):
            return None
        try:
            async with asyncio.timeout(self._patience.first_seconds):
                pinned = await self._pins.of(self._turn)
        except TimeoutError:
            _log.info("phrasing_without_adapter")
            return None
        words = pinned is not None and brief.move.value in pinned.phrases
        return pinned if words else None

    def _why_not(self, brief: Brief, pinned: Pinned | None) -> Why:
        if pinned is None and brief.move not in self._moves:
            return Why.CODE
        if self._engine is None:
            return Why.OFF
        return Why.NONE if speaks(self._profile, brief.language) else Why.LANGUAGE

    async def _sentences(
        self,
        engine: Engine,
        brief: Brief,
        learner_id: str,
        attempt: "_Attempt",
        pinned: Pinned | None,
    ) -> AsyncGenerator[str, None]:
        """The sentences that may be shown, up to the first that may not. Never raises."""
        style = _style(pinned, small=self._adds)
        limits = LIMITS[style]
        most = limits.sentences
        patience = self._patience
        request = TextRequest(
            messages=instructions(brief, style=style),
            adapter=pinned.version if pinned else None,
            sampling=limits.sampling,
            max_tokens=limits.tokens,
            deadline_seconds=patience.first_seconds + patience.whole_seconds,
            fairness_key=learner_id,
        )
        release = Release(brief)
        whole = ""
        try:
            split = split_sentences(_in_time(engine.stream(request), patience))
            async with aclosing(split):
                async for sentence in split:
                    attempt.refused = release.check(whole + sentence)
                    if attempt.refused or harm_in(sentence):
                        attempt.why = Why.REFUSED
                        return
                    whole += sentence
                    most -= 1
                    yield sentence if most else sentence.rstrip()
                    if not most:
                        return
        except TimeoutError:
            attempt.why = Why.LATE
        except EngineBusy:
            attempt.why = Why.BUSY
        except EngineError as error:
            if pinned is not None and self._pins is not None and isinstance(error, RequestRefused):
                self._pins.loader.forget(pinned.version)  # a new engine may have lost it
            _log.info("phrasing_without_model", error=type(error).__name__)
            attempt.why = Why.UNAVAILABLE


async def _in_time(
    deltas: AsyncGenerator[TextDelta, None], patience: Patience
) -> AsyncGenerator[TextDelta, None]:
    """The deltas; raises TimeoutError where the first text, or later the last, is not in time."""
    clock = asyncio.get_running_loop().time
    async with aclosing(deltas):
        end = clock() + patience.first_seconds
        begun = False
        while True:
            async with asyncio.timeout_at(end):
                delta = await anext(deltas, None)
            if delta is None:
                return
            if not begun and (delta.text or delta.finish):
                begun, end = True, clock() + patience.whole_seconds
            yield delta


@dataclass
class _Attempt:
    """What became of the model's wording so far."""

    brief: Brief
    released: str = ""
    why: Why = Why.NONE
    refused: Refused | None = None

    @property
    def outcome(self) -> Phrased:
        reason = self.refused.reason if self.refused else None
        return Phrased(self.brief.move, bool(self.released), self.why, reason)


async def split_sentences(
    deltas: AsyncGenerator[TextDelta, None],
) -> AsyncGenerator[str, None]:
    """The text in whole sentences, joined as it came; a last one that was cut is left out."""
    waiting = ""
    finish = None
    async with aclosing(deltas):
        async for delta in deltas:
            waiting += delta.text
            finish = delta.finish or finish
            while match := SENTENCE.match(waiting):
                end = (
                    match.end() + len(waiting[match.end() :]) - len(waiting[match.end() :].lstrip())
                )
                if waiting[:end].strip():
                    yield waiting[:end]
                waiting = waiting[end:]
    if waiting.strip() and (finish is FinishReason.STOP or ENDS.search(waiting)):
        yield waiting


def _style(pinned: Pinned | None, *, small: bool) -> Style:
    """The instructions that the adapter was trained on, else those for a model of this size."""
    if pinned is not None and pinned.prompt in set(Style):
        return Style(pinned.prompt)
    return Style.SMALL if small else Style.LARGE


def covers(text: str, brief: Brief) -> bool:
    """Whether the words say what the move needs: most of its facts, a question where it asks."""
    if brief.move is Move.DIAGNOSE:
        return "?" in text or "？" in text
    needed = {word.casefold() for fact in brief.facts for word in WORD.findall(fact)}
    given = text.casefold()
    return not needed or sum(word in given for word in needed) >= COVERED * len(needed)
