"""What a model can be asked for: one profile for each known family, by the model's name.

The facts are the publishers' own statements (model cards); `quality` is this project's judgement of
how far a tutor may lean on such a model. Nothing here loads a model.
"""

import json
import re
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any

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


def profile_for(model: str) -> ModelProfile:
    """The profile of a model by its id, or of a folder by its name and `config.json`."""
    if embedded.is_embedded(model):
        return EMBEDDED
    name = _described(model).lower()
    for pattern, profile in FAMILIES:
        if re.search(pattern, name):
            return replace(profile, **_by_size(name, profile))
    return replace(UNKNOWN, **_by_size(name, UNKNOWN))


def _languages(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


ENGLISH = _languages("en")
EUROPEAN = _languages("en fr es de it pt")
WIDE = _languages("en zh ar cs de el es fa fr he hi hu id it ja ko nl pl pt ro ru th tr uk vi")
NO_THINKING = (("enable_thinking", False),)

UNKNOWN = ModelProfile("unknown", ENGLISH, None, Quality.BASIC, translation=False)
EMBEDDED = ModelProfile(
    "SmolLM2", ENGLISH, embedded.CONTEXT_TOKENS, Quality.PHRASING, writing=False, translation=False
)
_SMOL2 = replace(EMBEDDED, quality=Quality.BASIC)
_QWEN25 = ModelProfile("Qwen2.5", WIDE, 32_768, Quality.GOOD)
_QWEN3 = replace(_QWEN25, family="Qwen3", reasoning=Reasoning.TAGGED, template_options=NO_THINKING)
_LLAMA = ModelProfile("Llama 3", _languages("en de fr it pt hi es th"), 131_072, Quality.GOOD)
_GEMMA = ModelProfile("Gemma 2", ENGLISH, 8_192, Quality.GOOD, translation=False)
_PHI = ModelProfile("Phi", ENGLISH, 16_384, Quality.GOOD, translation=False)
_MISTRAL = ModelProfile("Mistral", EUROPEAN, 32_768, Quality.GOOD)
_T5 = ModelProfile("T5", ENGLISH, 2_048, Quality.PHRASING, writing=False, translation=False)

# The first pattern that is found in the lower-case name wins: special members before their family.
FAMILIES: tuple[tuple[str, ModelProfile], ...] = (
    (r"deepseek-r1-distill|qwq", replace(_QWEN25, family="R1", reasoning=Reasoning.OPENED)),
    (r"smollm3", replace(_QWEN3, family="SmolLM3", languages=EUROPEAN, context_tokens=65_536)),
    (r"smollm2?", _SMOL2),
    (
        r"qwen3.*thinking-2507",
        replace(_QWEN3, context_tokens=262_144, reasoning=Reasoning.OPENED, template_options=()),
    ),
    (
        r"qwen3.*instruct-2507",
        replace(_QWEN3, context_tokens=262_144, reasoning=Reasoning.NONE, template_options=()),
    ),
    (r"qwen3-?vl", replace(_QWEN3, family="Qwen3-VL", vision=True)),
    (r"qwen3(?![\d.])", _QWEN3),
    (r"qwen2\.?5?-?_?vl", replace(_QWEN25, family="Qwen2.5-VL", vision=True)),
    (r"qwen2", _QWEN25),
    (r"llama-?3\.2.*vision", replace(_LLAMA, vision=True)),
    (r"llama-?3\.[1-3]", _LLAMA),
    (r"llama-?3", replace(_LLAMA, languages=ENGLISH, context_tokens=8_192, translation=False)),
    (
        r"gemma-?3.*\b(270m|1b)",
        replace(_GEMMA, family="Gemma 3", context_tokens=32_768),
    ),
    (
        r"gemma-?3(?!n)",
        replace(
            _GEMMA,
            family="Gemma 3",
            languages=WIDE,
            context_tokens=131_072,
            translation=True,
            vision=True,
        ),
    ),
    (r"gemma-?2", _GEMMA),
    (r"phi-?4-?mini", replace(_PHI, languages=WIDE - {"el", "hi", "fa", "id", "ro", "vi"})),
    (r"phi-?[34]", _PHI),
    (r"mistral-nemo", replace(_MISTRAL, languages=WIDE, context_tokens=131_072)),
    (r"mistral|ministral", _MISTRAL),
    (r"(?<![a-z])(flan|m|um|by)?[-_]?t5", _T5),
)
# Billions of parameters up to which a model counts as so good; beyond the last it is strong.
TIERS = ((0.7, Quality.PHRASING), (3.5, Quality.BASIC), (24.0, Quality.GOOD))


def _described(model: str) -> str:
    """The name, for a folder with what its configuration says of its origin."""
    folder = Path(model).expanduser()
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return f"{folder.name} {config.get('_name_or_path', '')} {config.get('model_type', '')}"
    except (OSError, ValueError, AttributeError):
        return model


def _by_size(name: str, profile: ModelProfile) -> dict[str, Any]:
    """What the number of parameters in a name changes: small models only phrase."""
    sizes = [float(n) / (1 if unit == "b" else 1000) for n, unit in SIZE.findall(name)]
    if not sizes:
        return {}
    quality = next((tier for limit, tier in TIERS if max(sizes) <= limit), Quality.STRONG)
    able = quality >= Quality.BASIC
    return {
        "quality": quality,
        "writing": profile.writing and able,
        "translation": profile.translation and quality >= Quality.GOOD,
    }


SIZE = re.compile(r"(?<![a-z\d.])(\d+(?:\.\d+)?)([bm])(?![a-z\d])")
