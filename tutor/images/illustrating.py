"""Pictures in lessons: those that a question is about, and now and then one for a young learner.

What a question is about must not be told by its picture's name or alt text. A picture that only
illustrates shows the one thing that the text names, never something that is asked for.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from tutor.bank.item import Item, Step
from tutor.bank.pictures import concept_of, in_other_words
from tutor.i18n import say
from tutor.images.artist import CannotDraw, Draws
from tutor.images.atlas import Atlas
from tutor.images.captions import alt_text, note
from tutor.images.composing import seed_of
from tutor.images.concepts import Concept
from tutor.images.sketch import Sketch
from tutor.language import Language
from tutor.messages import Picture, ReplyPart, Text
from tutor.pedagogy.dialogue import Policy
from tutor.pedagogy.running import Running
from tutor.turn import Turn

PAUSE = timedelta(minutes=10)
MOST_LEARNERS = 10_000
SHORTEST_WORD = 3  # letters of an English word, one Chinese character less
LEFT_OUT = frozenset({"symbols", "shapes", "digits"})
"""What stands for something else, or for one of many: any triangle is not this triangle."""
_SENTENCE_ENDS = re.compile(r"[.!?](?=\s|$)|[。！？\n]")


class Illustrating:
    """Draws for questions. When a learner saw a picture last is kept in memory alone."""

    def __init__(self, artist: Draws, atlas: Atlas | None, now: Callable[[], datetime]) -> None:
        self._artist = artist
        self._atlas = atlas
        self._now = now
        self._shown: OrderedDict[str, datetime] = OrderedDict()

    async def __call__(self, turn: Turn, running: Running) -> tuple[ReplyPart, ...]:
        """What to show under a question that is put."""
        if self._atlas is None:
            return ()
        asked = concept_of(running.item.item)
        if asked is not None:
            return await self._asked(self._atlas, asked, turn.language, running)
        subject = self._subject(self._atlas, turn, running)
        return await self._beside(self._atlas, subject, turn, running) if subject else ()

    async def _asked(
        self, atlas: Atlas, concept_id: str, language: Language, running: Running
    ) -> tuple[ReplyPart, ...]:
        """The picture that is to be named; without one, the name in the other language."""
        concept, card = atlas.concepts.get(concept_id), atlas.generator_of(concept_id)
        if concept is None:
            return ()
        number = running.plan.number
        try:
            if card is None:
                raise CannotDraw.replaced()
            seed = seed_of(f"{running.id}:{running.place}")
            styles = card.styles_of(concept_id)
            style = styles[seed % len(styles)]
            [png] = await self._artist.draw(card.folder, [Sketch((concept.id,), style, seed)])
        except CannotDraw:
            words = in_other_words(running.item.item, concept)
            return (Text("\n\n" + say(language, "I can't draw it just now.") + f" {words}"),)
        alt = say(language, "A drawing of the thing to be named")
        return (Text(f"\n\n{note(language)}"), Picture(png, f"question-{number}.png", alt))

    async def _beside(
        self, atlas: Atlas, concept: Concept, turn: Turn, running: Running
    ) -> tuple[ReplyPart, ...]:
        card = atlas.generator_of(concept.id)
        assert card is not None, concept.id
        style = card.styles_of(concept.id)[0]
        sketch = Sketch((concept.id,), style, seed_of(f"{running.id}:{running.place}"))
        try:
            [png] = await self._artist.draw(card.folder, [sketch])
        except CannotDraw:
            return ()  # nobody was promised one
        self._note(turn.learner.id)
        alt = alt_text(sketch, atlas, turn.language)
        return (Text(f"\n\n{note(turn.language)}"), Picture(png, f"{concept.id}.png", alt))

    def _subject(self, atlas: Atlas, turn: Turn, running: Running) -> Concept | None:
        """What a picture helps a young learner to see: at the first step, seldom, and unless they
        switched pictures off or write an exam."""
        young = turn.protection.minor and turn.policy is not Policy.EXAM
        if not (young and turn.learner.settings.get("pictures", True)) or running.index:
            return None
        shown = self._shown.get(turn.learner.id)
        if shown is not None and self._now() - shown < PAUSE:
            return None
        return subject_of(running.item.item, running.step, atlas)

    def _note(self, learner_id: str) -> None:
        self._shown.pop(learner_id, None)
        self._shown[learner_id] = self._now()
        while len(self._shown) > MOST_LEARNERS:
            self._shown.popitem(last=False)


def subject_of(item: Item, step: Step, atlas: Atlas) -> Concept | None:
    """The one offered thing that a problem begins with; None where it names several there, or asks
    for it anywhere."""
    language = Language(item.language)
    text = _SENTENCE_ENDS.split(item.stem.strip() or step.prompt.strip(), maxsplit=1)[0]
    named = [
        one
        for one in atlas.concepts.offered
        if one.category not in LEFT_OUT and not one.is_digit and _names(text, one, language)
    ]
    longest = [one for one in named if not any(_is_within(one, other, language) for other in named)]
    if len(longest) != 1 or _asks_for(step, longest[0]):
        return None
    return longest[0]


def _names(text: str, concept: Concept, language: Language) -> bool:
    word = concept.named(language)
    if language is Language.CHINESE:
        return len(word) >= SHORTEST_WORD - 1 and word in text
    pattern = rf"\b{re.escape(word)}(?:s|es)?\b"
    return len(word) >= SHORTEST_WORD and re.search(pattern, text, re.IGNORECASE) is not None


def _is_within(one: Concept, other: Concept, language: Language) -> bool:
    """Whether a word only stands there as a part of another one ("apple" in "red apple")."""
    return one is not other and one.named(language).lower() in other.named(language).lower()


def _asks_for(step: Step, concept: Concept) -> bool:
    """Whether the thing is among what can be answered, in either language."""
    words = {word.casefold() for word in _words(concept)}
    said = " | ".join((*step.answer.answers, *step.answer.choices)).casefold()
    return any(word in said for word in words)


def _words(concept: Concept) -> Iterable[str]:
    return filter(None, (concept.en, concept.zh, *concept.tags_en, *concept.tags_zh))
