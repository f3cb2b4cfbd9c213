"""Has the model write one text: in one go, or planned and then part by part, with progress."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from tutor.engine.contract import Engine, FinishReason, Message, Sampling, TextRequest
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Status
from tutor.writing.kinds import FORMS
from tutor.writing.prompts import (
    headings_of,
    part_prompt,
    plan_prompt,
    system_prompt,
    whole_prompt,
)
from tutor.writing.request import WriteRequest
from tutor.writing.singing import Engraved

DEADLINE_SECONDS = 600.0
TOKENS_A_WORD = {Language.ENGLISH: 1.6, Language.CHINESE: 2.4}
PLANNED_WORDS = 450
"""From this length on a text is planned and written in parts."""


@dataclass
class Draft:
    """What has been written so far. `cut`: the model did not come to an end by itself.

    `sung` is the song in it, once it has been engraved.
    """

    text: str = ""
    cut: bool = False
    sung: Engraved | None = None


class Composer:
    """Writes with one engine for one person."""

    def __init__(self, engine: Engine, fairness_key: str, about_person: str = "") -> None:
        self._engine = engine
        self._fairness_key = fairness_key
        self._about_person = about_person

    async def compose(
        self, request: WriteRequest, reader: Language, most_tokens: int
    ) -> AsyncGenerator[Status | Draft, None]:
        """Progress for `reader`, then the finished draft. `most_tokens` is for one part."""
        form = FORMS[request.kind]
        headings: list[str] = []
        if form.sections and request.words >= PLANNED_WORDS:
            yield Status(say(reader, "I'm making a plan…"))
            plan = await self._ask(request, plan_prompt(request), 160)
            headings = headings_of(plan.text, request)
        if len(headings) < 2:
            yield Status(say(reader, "I'm writing…"))
            yield await self._ask(request, whole_prompt(request), most_tokens)
            return
        draft = Draft()
        for number, heading in enumerate(headings, 1):
            status = say(reader, "I'm writing part {n} of {count}…", n=number, count=len(headings))
            yield Status(status)
            part = await self._ask(request, part_prompt(request, headings, number), most_tokens)
            draft.text += f"## {heading}\n\n{_without_heading(part.text, heading)}\n\n"
            draft.cut = draft.cut or part.cut
        yield draft

    async def _ask(self, request: WriteRequest, prompt: str, most_tokens: int) -> Draft:
        scope = f"learner:{self._fairness_key}"
        wanted = int(request.words * TOKENS_A_WORD[request.language]) + 80
        asked = TextRequest(
            messages=(
                Message("system", system_prompt(request, self._about_person), scope),
                Message("user", prompt, scope),
            ),
            sampling=Sampling(FORMS[request.kind].temperature, 0.95, repetition_penalty=1.1),
            max_tokens=min(wanted, most_tokens),
            deadline_seconds=DEADLINE_SECONDS,
            fairness_key=self._fairness_key,
        )
        draft = Draft()
        async with aclosing(self._engine.stream(asked)) as deltas:
            async for delta in deltas:
                draft.text += delta.text
                draft.cut = delta.finish in (FinishReason.LENGTH, FinishReason.DEADLINE)
        draft.text = whole_sentences(draft.text) if draft.cut else draft.text.strip()
        return draft


def whole_sentences(text: str) -> str:
    """A text that was cut ends after its last whole sentence or line, if that loses little."""
    end = max(text.rfind(mark) for mark in (".", "!", "?", "。", "！", "？", "\n", "```"))
    return text[: end + 1].rstrip() if end > len(text) * 0.5 else text.rstrip()


def _without_heading(text: str, heading: str) -> str:
    """Models often repeat the heading that they were told to leave out."""
    lines: Sequence[str] = text.strip().split("\n")
    if lines and lines[0].strip("#* ：:").lower() == heading.lower():
        lines = lines[1:]
    return "\n".join(lines).strip()
