"""What a model can be asked for: one profile for each known family, by the model's name.

The facts are the publishers' own statements (model cards); `quality` is this project's judgement of
how far a tutor may lean on such a model. Nothing here loads a model.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from tutor.engine import embedded


class Quality(IntEnum):
    """What a chat may expect; truth, keys and grades come from no model at all."""

    PHRASING = 1  # may phrase, rephrase and choose among candidates
    BASIC = 2  # short explanations, with errors
    GOOD = 3  # explanations, translation, texts
    STRONG = 4  # long reasoning in several languages


class Reasoning(StrEnum):
    """Whether the model thinks aloud before it answers, and how the thinking is marked."""

    NONE = "none"
    TAGGED = "tagged"  # <think> … </think> in the answer
    OPENED = "opened"  # the template opens <think>; the answer begins inside


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """`languages` are primary codes ("en", "zh"); empty means that nobody has said.

    `context_tokens` is the model's own limit, None if unknown. `template_options` go to the chat
    template, for instance to keep a hybrid model from thinking.
    """

    family: str
    languages: frozenset[str]
    context_tokens: int | None
    quality: Quality
    writing: bool = True
    translation: bool = True
    vision: bool = False
    reasoning: Reasoning = Reasoning.NONE
    template_options: tuple[tuple[str, bool], ...] = ()

    def speaks(self, language: str) -> bool:
        """Whether the model knows a language such as "zh-CN"; unknown languages count as no."""
        return language.split("-")[0].lower() in self.languages


def _languages(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


_EUROPEAN = "en fr de es it pt"
_WIDE = _languages(
    "ar cs da de el en es fa fi fr he hi hu id it ja ko nl pl pt ro ru sv th tr uk vi zh"
)

UNKNOWN = ModelProfile(
    "unknown", _languages("en"), None, Quality.BASIC, writing=True, translation=False
)
EMBEDDED = ModelProfile(
    "SmolLM2", _languages("en"), embedded.CONTEXT_TOKENS, Quality.PHRASING, False, False
)


def profile_for(model: str) -> ModelProfile:
    """The profile of a model by its name."""
    return EMBEDDED if embedded.is_embedded(model) else UNKNOWN
