"""The Engine contract: what every text engine promises, and nothing of how it does it.

Imports neither torch nor a platform. Times are seconds, limits are tokens.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Literal, Protocol


class Priority(IntEnum):
    """Lower runs first: a learner who waits goes before an evaluation."""

    LEARNER = 0
    BACKGROUND = 10


class FinishReason(StrEnum):
    STOP = "stop"  # end of turn or a stop string
    LENGTH = "length"  # max_tokens or the context window
    CANCELLED = "cancelled"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message. `cache_scope` names who may share this segment's cached computation
    (for example `community:42` or `learner:7`); "" may be shared by all."""

    role: Literal["system", "user", "assistant"]
    content: str
    cache_scope: str = ""


@dataclass(frozen=True, slots=True)
class Sampling:
    """`temperature` 0 is greedy. `seed` makes a sampled text repeatable."""

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0  # 0 means all
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Grammar:
    """A constraint on the output; an engine whose capabilities lack it refuses the request."""

    kind: Literal["json_schema", "regex", "choice"]
    value: str


@dataclass(frozen=True, slots=True)
class TextRequest:
    """What to generate: exactly one of `messages` and `token_ids`.

    `adapter` is an immutable adapter version that `ensure_adapter` made known, None for the base.
    `fairness_key` is whose turn it uses (a learner id); the queue is fair between keys.
    `deadline_seconds` counts from the moment of the request and covers waiting and generating.
    """

    messages: tuple[Message, ...] = ()
    token_ids: tuple[int, ...] = ()
    adapter: str | None = None
    sampling: Sampling = field(default_factory=Sampling)
    stop: tuple[str, ...] = ()
    grammar: Grammar | None = None
    max_tokens: int = 256
    priority: Priority = Priority.LEARNER
    deadline_seconds: float | None = None
    fairness_key: str = ""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A step of the answer. While the request waits: `queue_position` (1 is next) and no text.

    The last delta carries `finish` and the token counts. Text never splits a character, and a stop
    string is never part of it.
    """

    text: str = ""
    token_ids: tuple[int, ...] = ()
    queue_position: int | None = None
    finish: FinishReason | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`base_revision` changes whenever the same request could give another text.

    `base_hash` names the weights alone, wherever they lie: an adapter fits one of them.
    `template_hash` is that of the chat template, `precision` such as float32 or nf4. All three are
    empty where an engine cannot tell.
    """

    model: str
    base_revision: str
    context_tokens: int
    adapters: bool
    score: bool
    grammars: frozenset[str] = frozenset()
    device: str = "cpu"
    base_hash: str = ""
    template_hash: str = ""
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """`paused_until`: it is not ready on purpose, and when that is expected to end."""

    ready: bool
    detail: str
    queued: int = 0
    running: int = 0
    resident_bytes: int | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    paused_until: datetime | None = None


class EngineError(Exception):
    """Base of what an engine reports; the text is for the operator's log."""


class EngineUnavailable(EngineError):
    """The engine is starting, crashed or unreachable; the request may be sent again."""


class ModelUnusable(EngineUnavailable):
    """The model cannot be loaded: missing, unsafe, too large, of a kind that does not work here.

    `sentence` is marked for the catalogue, so that `say(language, sentence, **fields)` puts it to
    the operator in their language.
    """

    def __init__(self, sentence: str, **fields: str) -> None:
        super().__init__(sentence.format(**fields))
        self.sentence = sentence
        self.fields = fields


class EnginePaused(EngineUnavailable):
    """A training has the engine's memory; `until` is when it is expected to be back."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"The text engine is paused for a training until about {until:%F %R} UTC.")
        self.until = until


class EngineBusy(EngineError):
    """The queue is full, for everybody or for this fairness key; nothing was generated."""


class RequestRefused(EngineError):
    """The request can never succeed here: too long, unknown adapter, unsupported grammar."""


class Engine(Protocol):
    """A text engine. Closing the iterator of `stream` (`aclosing`) cancels its request."""

    def stream(self, request: TextRequest) -> AsyncGenerator[TextDelta, None]: ...

    async def score(self, token_ids: Sequence[int], adapter: str | None = None) -> list[float]:
        """Natural-log probability of each token given those before it; one fewer than the ids."""
        ...

    async def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """The token ids of each text, without special tokens. A remote engine may estimate."""
        ...

    async def ensure_adapter(self, version: str, folder: str) -> None:
        """Makes the peft folder known under an immutable version; returns when it can be used."""
        ...

    async def retire_adapter(self, version: str) -> None: ...

    async def capabilities(self) -> Capabilities: ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
