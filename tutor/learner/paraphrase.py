"""Feedback in the model's words, if it can begin soon and changes no number and no name.

Nothing of it is shown before all of it is checked; whatever fails leaves the template.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from enum import StrEnum

import structlog

from tutor.engine.contract import (
    Engine,
    EngineError,
    FinishReason,
    Message,
    Sampling,
    TextDelta,
    TextRequest,
)
from tutor.engine.profiles import ModelProfile, Quality
from tutor.grading.numbers import numbers_in
from tutor.language import Language, detect
from tutor.learner.mistake_text import NAMES, mistake_name
from tutor.moves import speaks
from tutor.names import Names

FIRST_TOKEN_SECONDS = 5.0
WHOLE_SECONDS = 20.0
LONGEST = 1.5  # times the template
MOST_TOKENS = 700
SAMPLING = Sampling(repetition_penalty=1.05)
INSTRUCTIONS = {
    Language.ENGLISH: (
        "You are Daoshi, a kind tutor. Say the feedback below to the student in your own warm "
        "words, in English, no longer than it is. Keep every number, date, percentage, skill name "
        "and `command` exactly as it stands, each as often as it stands there, and use no others. "
        "Change no meaning and add no facts."
    ),
    Language.CHINESE: (
        "你是导师，一位亲切的老师。请用自己温暖的中文话语把下面的反馈说给学生听，不要比原文长。"
        "每个数字、日期、百分比、知识点名称和 `命令` 都必须原样保留，出现次数相同，"
        "不得使用其他数字或名称。"
        "不要改变意思，也不要添加内容。"
    ),
}
STYLES = {
    "simple": {
        Language.ENGLISH: " Use short sentences and simple words.",
        Language.CHINESE: "请用短句和简单的词。",
    },
    "detailed": {
        Language.ENGLISH: " Explain what each point means for the student.",
        Language.CHINESE: "请说明每一点对学生意味着什么。",
    },
}
_COMMAND = re.compile(r"`[^`\n]+`")
_UP = re.compile(r"📈")
_DOWN = re.compile(r"📉")

_log = structlog.get_logger(__name__)


class Unfaithful(StrEnum):
    """Why a paraphrase is dropped."""

    EMPTY = "empty"
    LANGUAGE = "language"
    LENGTH = "length"
    NUMBERS = "numbers"
    NAMES = "names"
    COMMANDS = "commands"
    ORDER = "order"
    TREND = "trend"


_Kept = tuple[Unfaithful, str]
"""Something that has to stay: of which kind, and what."""


def unfaithful(
    original: str, said: str, language: Language, names: Sequence[str]
) -> Unfaithful | None:
    """What a paraphrase changed that it may not; None where it may be shown. Pure.

    `names` are those of all skills that could be named; kinds of mistakes are names as well.
    """
    if not said.strip():
        return Unfaithful.EMPTY
    if detect(said) is not language:
        return Unfaithful.LANGUAGE
    if len(said) > LONGEST * len(original):
        return Unfaithful.LENGTH
    known = {*names, *(mistake_name(pattern, language) for pattern in NAMES)}
    before, after = _kept(original, known), _kept(said, known)
    for kind in (Unfaithful.COMMANDS, Unfaithful.NAMES, Unfaithful.NUMBERS):
        if _count(before, kind) != _count(after, kind):
            return kind
    if before != after:
        return Unfaithful.ORDER  # a number or a name that says something else now
    for arrow in (_UP, _DOWN):
        if bool(arrow.search(original)) != bool(arrow.search(said)):
            return Unfaithful.TREND
    return None


def every_name(names: Sequence[Names]) -> tuple[str, ...]:
    """Names in all their languages."""
    return tuple({name for one in names for name in one.values()})


class Paraphraser:
    """Words feedback with one engine, where the model is good enough for it; None is off."""

    def __init__(
        self,
        engine: Engine | None,
        profile: ModelProfile,
        *,
        first_token_seconds: float = FIRST_TOKEN_SECONDS,
    ) -> None:
        self._engine = engine
        self._profile = profile
        self._first_token_seconds = first_token_seconds

    async def paraphrase(
        self,
        text: str,
        language: Language,
        names: Sequence[str],
        *,
        level: str = "",
        learner_id: str = "",
    ) -> str:
        """The text in other words, or as it is."""
        able = self._profile.quality >= Quality.GOOD and speaks(self._profile, language)
        if self._engine is None or not able:
            return text
        said = await self._ask(self._engine, text, language, level, learner_id)
        if said is None:
            return text
        reason = unfaithful(text, said, language, names)
        if reason is not None:
            _log.info("paraphrase_dropped", reason=reason.value)
            return text
        return said.strip()

    async def _ask(
        self, engine: Engine, text: str, language: Language, level: str, learner_id: str
    ) -> str | None:
        """What the model says, whole; None where it is late, unavailable or cut."""
        style = STYLES.get(level, {}).get(language, "")
        request = TextRequest(
            messages=(Message("system", INSTRUCTIONS[language] + style), Message("user", text)),
            sampling=SAMPLING,
            max_tokens=MOST_TOKENS,
            deadline_seconds=WHOLE_SECONDS + self._first_token_seconds,
            fairness_key=learner_id,
        )
        whole, finish = "", None
        try:
            async with aclosing(engine.stream(request)) as deltas:
                first = await self._first(deltas)
                whole, finish = first.text, first.finish
                async for delta in deltas:
                    whole += delta.text
                    finish = delta.finish or finish
        except (TimeoutError, EngineError) as error:
            _log.info("feedback_without_model", error=type(error).__name__)
            return None
        return whole if finish is FinishReason.STOP else None

    async def _first(self, deltas: AsyncGenerator[TextDelta, None]) -> TextDelta:
        """The first delta with text or an end; raises TimeoutError if there is none in time."""
        async with asyncio.timeout(self._first_token_seconds):
            async for delta in deltas:
                if delta.text or delta.finish:
                    return delta
        return TextDelta()


def _kept(text: str, names: set[str]) -> list[_Kept]:
    """The commands, names and numbers of a text in order; a number in a name is no number."""
    found: list[tuple[int, _Kept]] = []
    rest = text
    for kind, pattern in ((Unfaithful.COMMANDS, _COMMAND), (Unfaithful.NAMES, _any_of(names))):
        for match in pattern.finditer(rest):
            found.append((match.start(), (kind, match.group().casefold())))
        rest = pattern.sub(lambda match: "\n" * len(match.group()), rest)
    for number in numbers_in(rest):
        percent = "%" if number.unit == "%" else ""
        found.append((number.start, (Unfaithful.NUMBERS, f"{number.value}{percent}")))
    return [token for _, token in sorted(found)]


def _count(kept: Sequence[_Kept], kind: Unfaithful) -> Counter[str]:
    return Counter(token for found, token in kept if found is kind)


def _any_of(names: set[str]) -> re.Pattern[str]:
    """Any of the names, a longer one before one that is part of it; nothing where there is none."""
    longest_first = sorted(filter(None, names), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)
