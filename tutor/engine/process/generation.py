"""One request from its arrival to its last delta: its tokens, its text, and when it ends.

Knows neither the model nor the batch.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch

from tutor.engine.contract import (
    EngineError,
    FinishReason,
    Priority,
    RequestRefused,
    TextDelta,
    TextRequest,
)
from tutor.engine.process.detokenise import Detokenizer
from tutor.engine.stop_text import StopText

Outcome = TextDelta | EngineError
Send = Callable[[Outcome], None]


@dataclass(eq=False, slots=True)
class Generation:
    """`adapter` is the internal name; `expires_at` is a time of the monotonic clock."""

    request: TextRequest
    prompt_ids: list[int]
    expires_at: float | None
    send: Send
    decode: Callable[[Sequence[int]], str]
    end_ids: frozenset[int]
    adapter: str | None = None
    cancelled: bool = False
    done: bool = False
    position: int | None = None
    read: int = 0  # prompt tokens that the model has read
    output_ids: list[int] = field(default_factory=list)
    generator: torch.Generator | None = None
    _unsent_ids: list[int] = field(default_factory=list)
    _detokenizer: Detokenizer = field(init=False)
    _stop_text: StopText = field(init=False)

    def __post_init__(self) -> None:
        self._detokenizer = Detokenizer(self.decode)
        self._stop_text = StopText(self.request.stop)
        if self.request.sampling.temperature > 0:
            self.generator = torch.Generator()
            seed = self.request.sampling.seed
            self.generator.seed() if seed is None else self.generator.manual_seed(seed)

    @property
    def is_learners(self) -> bool:
        return self.request.priority <= Priority.LEARNER

    @property
    def tokens_needed(self) -> int:
        """The room that the whole request may take in the cache."""
        return len(self.prompt_ids) + self.request.max_tokens

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and time.monotonic() >= self.expires_at

    def wait_at(self, position: int) -> None:
        """Tells the place in the queue (1 is next), if it changed."""
        if self.position != position:
            self.position = position
            self.send(TextDelta(queue_position=position))

    def accept(self, token_id: int, context_tokens: int) -> bool:
        """Takes the next token and sends what it completes; True if the answer goes on."""
        if token_id in self.end_ids:
            self.finish(FinishReason.STOP)
            return False
        self.output_ids.append(token_id)
        self._unsent_ids.append(token_id)
        self._send_text(self._stop_text.feed(self._detokenizer.feed(token_id)))
        if self._stop_text.stopped:
            self._unsent_ids.clear()
            self.finish(FinishReason.STOP)
        elif (
            len(self.output_ids) >= self.request.max_tokens
            or len(self.prompt_ids) + len(self.output_ids) >= context_tokens
        ):
            self.finish(FinishReason.LENGTH)
        return not self.done

    def finish(self, reason: FinishReason) -> None:
        """Sends what was held back, then the last delta."""
        if not self._stop_text.stopped:
            self._send_text(self._stop_text.feed(self._detokenizer.flush()))
        if not self._stop_text.stopped:
            self._send_text(self._stop_text.flush())
        self.done = True
        self.send(
            TextDelta(
                token_ids=tuple(self._unsent_ids),
                finish=reason,
                prompt_tokens=len(self.prompt_ids),
                completion_tokens=len(self.output_ids),
            )
        )

    def fail(self, error: EngineError) -> None:
        self.done = True
        self.send(error)

    def _send_text(self, text: str) -> None:
        if text:
            self.send(TextDelta(text=text, token_ids=tuple(self._unsent_ids)))
            self._unsent_ids.clear()


def check_request(request: TextRequest, prompt_ids: Sequence[int], vocabulary_size: int) -> None:
    """Refuses what no engine could answer."""
    sampling = request.sampling
    complaints = {
        "There is nothing to answer.": not prompt_ids,
        "max_tokens must be at least 1.": request.max_tokens < 1,
        "A token id is outside of the vocabulary.": any(
            not 0 <= token < vocabulary_size for token in request.token_ids
        ),
        "temperature must be 0 or more.": not 0 <= sampling.temperature < float("inf"),
        "top_p must be above 0 and at most 1.": not 0 < sampling.top_p <= 1,
        "min_p must be between 0 and 1.": not 0 <= sampling.min_p <= 1,
        "top_k must be 0 or more.": sampling.top_k < 0,
        "repetition_penalty must be above 0.": not 0 < sampling.repetition_penalty < float("inf"),
        "This engine has no grammars.": request.grammar is not None,
    }
    for sentence, wrong in complaints.items():
        if wrong:
            raise RequestRefused(sentence)
