"""How much is measured: enough to see what matters, in the time that somebody is ready to wait."""

from dataclasses import dataclass

from training.lora.recipe import Effort


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of items; lengths are tokens. `drafts` are spread over the moves."""

    turns: int
    longest: int
    drafts: int
    answers: int
    general: int
    replies: int
    reply_tokens: int
    refusals: int


SIZES = {
    Effort.QUICK: Sizes(30, 384, 48, 12, 48, 12, 48, 12),
    Effort.NORMAL: Sizes(200, 1024, 280, 60, 300, 60, 64, 48),
    Effort.THOROUGH: Sizes(600, 2048, 800, 200, 340, 120, 96, 48),
}
