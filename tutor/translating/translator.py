"""Has the model translate one text piece by piece, with progress, and puts it together again."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from tutor.engine.contract import Engine, FinishReason, Message, Sampling, TextRequest
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Status
from tutor.transformation import TRANSLATE
from tutor.translating.glossary import Terms
from tutor.translating.pieces import Piece, masked, pieces_of, unmasked

SAMPLING = Sampling(temperature=0.2, top_p=0.9)
DEADLINE_SECONDS = 180.0
TRIES = 2
_KEEP = {
    Language.ENGLISH: "Keep the Markdown, and leave marks such as ⟦1⟧ as they are.",
    Language.CHINESE: "保留 Markdown 格式，⟦1⟧ 这样的记号原样保留。",
}
_TERMS = {
    Language.ENGLISH: "Use these words: {terms}.",
    Language.CHINESE: "请使用这些术语：{terms}。",
}


@dataclass(frozen=True, slots=True)
class Translation:
    """`left` pieces could not be translated and stand in their own language."""

    text: str
    left: int


class Translator:
    """Translates with one engine for one person."""

    def __init__(self, engine: Engine, fairness_key: str) -> None:
        self._engine = engine
        self._fairness_key = fairness_key

    async def translate(
        self, text: str, target: Language, reader: Language, terms: Terms, most_tokens: int
    ) -> AsyncGenerator[Status | Translation, None]:
        """Progress for `reader`, then the whole translation."""
        pieces = pieces_of(text)
        count = sum(not piece.kept for piece in pieces)
        done, left, translated = 0, 0, []
        for piece in pieces:
            if piece.kept:
                translated.append(piece.text)
                continue
            done += 1
            yield Status(say(reader, "I'm translating part {n} of {count}…", n=done, count=count))
            made = await self._piece(piece, target, terms, most_tokens)
            left += made is None
            translated.append(piece.text if made is None else made)
        yield Translation("".join(translated), left)

    async def _piece(
        self, piece: Piece, target: Language, terms: Terms, most_tokens: int
    ) -> str | None:
        """The piece in the target language; None where the model lost a part of it, twice."""
        text, kept = masked(piece.text)
        for _ in range(TRIES):
            answer = await self._ask(f"{instruction(target, terms, text)}\n\n{text}", most_tokens)
            made = unmasked(answer, kept) if answer else None
            if made is not None:
                return made
        return None

    async def _ask(self, prompt: str, most_tokens: int) -> str:
        """The model's words, "" where it came to no end."""
        request = TextRequest(
            messages=(Message("user", prompt, f"learner:{self._fairness_key}"),),
            sampling=SAMPLING,
            max_tokens=most_tokens,
            deadline_seconds=DEADLINE_SECONDS,
            fairness_key=self._fairness_key,
        )
        said, finish = "", None
        async with aclosing(self._engine.stream(request)) as deltas:
            async for delta in deltas:
                said, finish = said + delta.text, delta.finish
        return said.strip() if finish is FinishReason.STOP else ""


def instruction(target: Language, terms: Terms, text: str) -> str:
    """What the model is told before the text: with the terms that stand in it."""
    used = [
        f"{own} = {theirs}" for own, theirs in terms.items() if own.casefold() in text.casefold()
    ]
    lines = [TRANSLATE[target].rstrip(":：") + ".", _KEEP[target]]
    if target is Language.CHINESE:
        lines[0] = TRANSLATE[target].rstrip(":：") + "。"
    if used:
        lines.append(_TERMS[target].format(terms="; ".join(used)))
    return " ".join(lines)
