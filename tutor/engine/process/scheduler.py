"""The step loop of continuous batching: who runs, what runs next, and what becomes of it.

Each step admits what fits, reads one piece of one prompt (or of a text to score) and writes one
token of every running answer, so that a long prompt delays the others by one piece only. All of it
runs in the model's thread; results leave through each request's `send`.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from tutor.engine.contract import (
    EngineBusy,
    EngineError,
    EngineUnavailable,
    FinishReason,
    RequestRefused,
)
from tutor.engine.process.adapters import Adapters
from tutor.engine.process.fair_queue import FairQueue
from tutor.engine.process.generation import Generation
from tutor.engine.process.runner import Runner
from tutor.engine.process.sampling import choose, is_broken

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """`cache_tokens` bounds rows times the longest row; learners always find `reserved_rows`."""

    max_rows: int
    context_tokens: int
    cache_tokens: int
    max_waiting: int = 256
    max_waiting_per_key: int = 8

    @property
    def reserved_rows(self) -> int:
        return self.max_rows // 4


@dataclass(eq=False, slots=True)
class Scoring:
    """A text whose tokens are being scored; `send` gets the list or an error."""

    token_ids: Sequence[int]
    adapter: str | None
    send: Callable[[list[float] | EngineError], None]
    cache: Any
    scores: list[float] = field(default_factory=list)


class Scheduler:
    """Owned by one thread. `step` returns whether there is more to do."""

    def __init__(self, runner: Runner, adapters: Adapters, limits: Limits) -> None:
        self._runner = runner
        self._adapters = adapters
        self._limits = limits
        self._queue: FairQueue[Generation] = FairQueue(
            limits.max_waiting, limits.max_waiting_per_key
        )
        self._rows: list[Generation] = []  # in the order of the runner's slots
        self._reading: Generation | None = None  # its row is the last
        self._scorings: deque[Scoring] = deque()
        self._score_next = False

    @property
    def context_tokens(self) -> int:
        """How long prompt and answer may be together."""
        return self._limits.context_tokens

    @property
    def queued(self) -> int:
        return len(self._queue)

    @property
    def running(self) -> int:
        return len(self._rows) + (self._reading is not None)

    def submit(self, generation: Generation) -> None:
        """Queues a request, or sends it the error that keeps it out."""
        try:
            if len(generation.prompt_ids) >= self._limits.context_tokens:
                raise RequestRefused(
                    f"{len(generation.prompt_ids)} tokens do not fit into a context of "
                    f"{self._limits.context_tokens}."
                )
            request = generation.request
            generation.adapter = self._adapters.hold(request.adapter)
            try:
                self._queue.push(generation, request.fairness_key, request.priority)
            except EngineBusy:
                self._adapters.release(generation.adapter)
                raise
        except EngineError as error:
            generation.fail(error)

    def score(self, scoring: Scoring, version: str | None) -> None:
        """Queues a text for scoring."""
        try:
            if len(scoring.token_ids) > self._limits.context_tokens:
                raise RequestRefused(f"{len(scoring.token_ids)} tokens are too many to score.")
            if len(self._scorings) >= self._limits.max_waiting:
                raise EngineBusy("Too many texts are waiting to be scored.")
            scoring.adapter = self._adapters.hold(version)
        except EngineError as error:
            scoring.send(error)
            return
        scoring.cache = self._runner.new_cache()
        self._scorings.append(scoring)

    @torch.inference_mode()
    def step(self) -> bool:
        """Schedule, run, hand out: one pass over everything that is going on."""
        self._let_go()
        self._admit()
        self._tell_positions()
        self._read_a_piece()
        self._write_a_token()
        return bool(self._rows or self._reading or self._scorings or self._queue)

    def _let_go(self) -> None:
        """Ends what was cancelled or whose time is over, waiting or running."""
        for generation in self._queue.remove_where(lambda g: g.cancelled or g.expired):
            self._end_early(generation)
            self._adapters.release(generation.adapter)
        for generation in [*self._rows, *filter(None, [self._reading])]:
            if generation.cancelled or generation.expired:
                self._end_early(generation)
                self._leave(generation)

    def _end_early(self, generation: Generation) -> None:
        cancelled = generation.cancelled
        generation.finish(FinishReason.CANCELLED if cancelled else FinishReason.DEADLINE)

    def _admit(self) -> None:
        """Gives the next waiting request a row, if one is free and the cache has room."""
        waiting = self._queue.peek()
        if self._reading is not None or waiting is None or not self._has_room(waiting):
            return
        self._reading = self._queue.pop()
        self._runner.slots.take()

    def _has_room(self, generation: Generation) -> bool:
        limits = self._limits
        rows = limits.max_rows - (0 if generation.is_learners else limits.reserved_rows)
        longest = max(
            min(g.tokens_needed, limits.context_tokens) for g in [generation, *self._rows]
        )
        fits = (len(self._rows) + 1) * longest <= limits.cache_tokens
        return len(self._rows) < rows and (fits or not self._rows)

    def _tell_positions(self) -> None:
        for place, generation in enumerate(self._queue, start=1):
            generation.wait_at(place)

    def _read_a_piece(self) -> None:
        """Prompts and scorings take turns, so that neither starves."""
        if self._scorings and (self._reading is None or self._score_next):
            self._score_next = False
            self._score_a_piece(self._scorings[0])
        elif self._reading is not None:
            self._score_next = True
            self._read_prompt(self._reading)

    def _read_prompt(self, generation: Generation) -> None:
        row = self._runner.slots.count - 1
        size = self._runner.piece_tokens
        piece = generation.prompt_ids[generation.read : generation.read + size]
        try:
            logits = self._runner.prefill(row, piece, generation.adapter)
        except Exception as error:
            self._fail(generation, error)
            return
        generation.read += len(piece)
        if generation.read < len(generation.prompt_ids) and not bool(is_broken(logits[None])):
            return
        self._reading = None
        self._rows.append(generation)
        self._take_token(generation, logits)

    def _score_a_piece(self, scoring: Scoring) -> None:
        start, size = len(scoring.scores), self._runner.piece_tokens
        ids = scoring.token_ids[start : start + size]
        next_ids = scoring.token_ids[start + 1 : start + size + 1]
        try:
            scoring.scores += self._runner.score_piece(
                ids, next_ids, scoring.adapter, scoring.cache
            )
        except Exception as error:
            log.exception("Scoring failed")
            scoring.scores = []
            self._end_scoring(scoring, EngineUnavailable(f"Scoring failed: {_brief(error)}"))
            return
        if len(scoring.scores) >= len(scoring.token_ids) - 1:
            self._end_scoring(scoring, scoring.scores)

    def _end_scoring(self, scoring: Scoring, result: list[float] | EngineError) -> None:
        self._scorings.remove(scoring)
        self._adapters.release(scoring.adapter)
        scoring.send(result)

    def _write_a_token(self) -> None:
        """One token for every row that has its last one; those that end leave the batch."""
        rows = list(self._rows)
        if not rows:
            return
        try:
            logits = self._runner.decode(
                [g.output_ids[-1] for g in rows], [g.adapter for g in rows]
            )
        except Exception:
            log.exception("A batch of %d failed; its rows are tried one by one", len(rows))
            self._write_singly(rows)
            return
        broken = is_broken(logits).tolist()
        chosen = logits.argmax(-1).tolist()
        for row, generation in enumerate(rows):
            plain = _is_plain(generation) and not broken[row]
            self._take_token(generation, logits[row], chosen[row] if plain else None)

    def _write_singly(self, rows: list[Generation]) -> None:
        for generation in rows:
            row = self._rows.index(generation)
            try:
                logits = self._runner.decode_alone(
                    row, generation.output_ids[-1], generation.adapter
                )
            except Exception as error:
                self._fail(generation, error)
            else:
                self._take_token(generation, logits)

    def _take_token(
        self, generation: Generation, logits: torch.Tensor, chosen: int | None = None
    ) -> None:
        if chosen is None:
            if bool(is_broken(logits[None])):
                log.error("The model gave no usable numbers (adapter %s)", generation.adapter)
                generation.fail(RequestRefused("The model gave no usable numbers for this."))
                self._leave(generation, broken=True)
                return
            seen = [*generation.prompt_ids, *generation.output_ids]
            chosen = choose(logits, generation.request.sampling, seen, generation.generator)
        if not generation.accept(chosen, self._limits.context_tokens):
            self._leave(generation)

    def _fail(self, generation: Generation, error: Exception) -> None:
        log.error("A request failed alone", exc_info=error)
        generation.fail(EngineUnavailable(f"The model failed on this request: {_brief(error)}"))
        self._leave(generation, broken=True)

    def _leave(self, generation: Generation, broken: bool = False) -> None:
        """Frees the row: the last writing row moves into it, then the one being read behind."""
        slots = self._runner.slots
        last = len(self._rows) - 1
        row = last + 1 if generation is self._reading else self._rows.index(generation)
        if broken:
            slots.wipe(row)
        if generation is self._reading:
            self._reading = None
        else:
            if row != last:
                slots.move(last, row)
                self._rows[row] = self._rows[last]
            self._rows.pop()
            if self._reading is not None:
                slots.move(last + 1, last)
        slots.drop_last()
        slots.shrink()
        self._adapters.release(generation.adapter)


def _is_plain(generation: Generation) -> bool:
    sampling = generation.request.sampling
    return sampling.temperature <= 0 and sampling.repetition_penalty == 1.0


def _brief(error: Exception) -> str:
    """The kind of an error: its text could quote the request."""
    return type(error).__name__
