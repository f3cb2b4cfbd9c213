"""The use case behind every wish for a picture: a message, a command, or a button under one.

Reads what is wanted, has it drawn, and says what it shows. No word of a learner reaches a network:
what is drawn is chosen among the things that a generator offers.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace

from tutor.i18n import say
from tutor.images import captions
from tutor.images.artist import CannotDraw, Draws
from tutor.images.atlas import Atlas
from tutor.images.atlases import Atlases
from tutor.images.composing import changed, composed, seed_of, styles_of, without_style
from tutor.images.concepts import Concept
from tutor.images.controls import nearest_buttons, picture_buttons
from tutor.images.drawing import drawn
from tutor.images.naming import Naming
from tutor.images.recent import Last, Recent
from tutor.images.request import PictureRequest, Reading, Reason, Refusal, Style, Unclear, Wanted
from tutor.images.sketch import Sketch
from tutor.images.understanding.sieve import may_ask
from tutor.images.understanding.understand import understand
from tutor.language import Language
from tutor.messages import Picture, Provenance, ReplyPart, Status, Text
from tutor.moves import Move
from tutor.pedagogy import gate
from tutor.turn import Turn

Parts = AsyncGenerator[ReplyPart, None]
GAP = "\n\n"
Change = Callable[[Sketch, Sequence[str]], Sketch]
"""Another picture from one, given the styles in which it can be drawn."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a message wants, and what it was held against."""

    reading: PictureRequest | Unclear | Refusal
    atlas: Atlas


class Picturing:
    """Whatever can be drawn for the learner of a turn is looked up once for each wish."""

    def __init__(self, artist: Draws, atlases: Atlases, naming: Naming) -> None:
        self.artist = artist
        self.atlases = atlases
        self._naming = naming
        self._recent = Recent()

    async def read(self, turn: Turn) -> Wish | None:
        """What a message wants drawn; None where it wants none, or may have none now."""
        last = self._recent.of(turn.conversation.id)
        if turn.material or gate.closed(turn):
            return None
        reading: Reading = None
        if may_ask(turn.text, after_picture=last is not None):
            atlas = await self.atlases.of(turn)
            previous = last.request if last else None
            reading = understand(turn.text, atlas.concepts, previous=previous) if atlas else None
            if atlas is not None and reading is not None:
                return Wish(reading, atlas)
        self._recent.forget(turn.conversation.id)
        return None

    async def imagine(self, turn: Turn, words: str, style: Style | None) -> Parts:
        """The answer to the command: whatever is written there is wanted as a picture."""
        if gate.closed(turn):
            yield Text(gate.no_help(turn.language))
            return
        atlas = await self.atlases.of(turn)
        if atlas is None:
            yield Text(_no_generator(turn.language))
            return
        reading = understand(words, atlas.concepts, commanded=True) or Unclear(words)
        if style is not None and not isinstance(reading, Refusal):
            reading = replace(reading, style=style)
        async for part in self.answer(turn, Wish(reading, atlas)):
            yield part

    async def answer(self, turn: Turn, wish: Wish, *, bare: bool = False) -> Parts:
        """The pictures, or why there are none; `bare` without buttons, where others follow."""
        match wish.reading:
            case Refusal() as refusal:
                yield Text(refusal.sentence(turn.language, turn.protection.country))
                needed = refusal.reason is Reason.NEED
                yield Provenance((Move.CARE if needed else Move.DECLINE).value)
            case Unclear() as unclear:
                yield Text(unclear.sentence(turn.language))
                if unclear.nearest:
                    yield nearest_buttons(unclear.nearest, unclear.style, turn.language)
                yield Provenance(Move.DECLINE.value)
            case PictureRequest() as request:
                async for part in self._fulfil(turn, request, wish.atlas, bare=bare):
                    yield part

    async def draw(self, turn: Turn, concept_id: str, style: str) -> Parts:
        """One thing that was offered by a button."""
        atlas, [concept] = await self._offered(turn, concept_id)
        if atlas is None or concept is None:
            yield Text(_closed_or_gone(turn))
            return
        wanted = Style(style) if style in tuple(Style) else None
        request = PictureRequest((Wanted(concept),), wanted)
        async for part in self._fulfil(turn, request, atlas, bare=False):
            yield part

    async def another(self, turn: Turn, sketches: Sequence[Sketch]) -> Parts:
        """The same things once more, in another way."""
        async for part in self._changed(turn, sketches, Sketch.another):
            yield part

    async def restyle(self, turn: Turn, sketches: Sequence[Sketch]) -> Parts:
        """The same pictures in the next style."""
        async for part in self._changed(turn, sketches, Sketch.in_next_style):
            yield part

    async def enlarge(self, turn: Turn, sketches: Sequence[Sketch]) -> Parts:
        """The same pictures, larger."""
        async for part in self._changed(turn, sketches, lambda sketch, _: sketch.bigger()):
            yield part

    async def morph(self, turn: Turn, sketch: Sketch, into: str) -> Parts:
        """One thing that becomes another, as an animation."""
        atlas, (start, end) = await self._offered(turn, sketch.concept or "", into)
        card = atlas.generator_of(into) if atlas else None
        if atlas is None or card is None or start is None or end is None:
            yield Text(_closed_or_gone(turn))
            return
        sketch = sketch.within(styles_of(sketch, atlas))
        after = replace(sketch, concepts=(end.id,)).within(card.styles_of(end.id))
        yield Status(say(turn.language, "Drawing…"))
        try:
            gif = await self.artist.morph(card.folder, sketch, after)
        except CannotDraw as error:
            yield Text(error.say(turn.language))
            return
        yield Text(captions.morph_caption(start, end, turn.language))
        alt = captions.morph_alt(start, end, turn.language)
        yield Picture(gif, f"{start.id}-{end.id}.gif", alt)
        yield picture_buttons([after], atlas, turn.language)
        yield Provenance(Move.DRAW.value)

    async def name(self, turn: Turn, concept_id: str) -> Parts:
        """What a picture shows, in both languages, and a word to be practised from now on."""
        _, [concept] = await self._offered(turn, concept_id)
        if concept is None:
            yield Text(_closed_or_gone(turn))
            return
        async for part in self._naming.tell(turn, concept):
            yield part

    async def _fulfil(
        self, turn: Turn, request: PictureRequest, atlas: Atlas, *, bare: bool
    ) -> Parts:
        """New pictures, or those before as a short wish changes them."""
        last = self._recent.of(turn.conversation.id)
        again = changed(request, last.sketches if last else (), atlas)
        made = composed(request, atlas, seed_of(turn.question.claim_key))
        remarks = [request.remark(turn.language)]
        sketches = again or made.sketches
        remarks.append(_style_remark(request, sketches, atlas, turn.language))
        if made.left and again is None:
            remarks.append(say(turn.language, "That is as many as I draw at once."))
        async for part in self._show(turn, request, sketches, atlas, remarks, bare=bare):
            yield part

    async def _changed(self, turn: Turn, sketches: Sequence[Sketch], change: Change) -> Parts:
        """Pictures that a button changes; it names what was offered when it was shown."""
        ids = [one for sketch in sketches for one in sketch.concepts]
        atlas, concepts = await self._offered(turn, *ids)
        if atlas is None or None in concepts:
            yield Text(_closed_or_gone(turn))
            return
        request = PictureRequest(tuple(Wanted(one) for one in concepts if one))
        after = [_after(one, change, styles_of(one, atlas)) for one in sketches]
        async for part in self._show(turn, request, after, atlas, (), bare=False):
            yield part

    async def _show(
        self,
        turn: Turn,
        request: PictureRequest,
        sketches: Sequence[Sketch],
        atlas: Atlas,
        remarks: Sequence[str],
        *,
        bare: bool,
    ) -> Parts:
        """Draws, and says what was drawn; nothing is remembered that could not be drawn."""
        yield Status(say(turn.language, "Drawing…"))
        try:
            pictures = await drawn(self.artist, atlas, sketches, turn.language)
        except CannotDraw as error:
            yield Text(error.say(turn.language))
            yield Provenance(Move.DECLINE.value)
            return
        self._recent.keep(turn.conversation.id, Last(request, tuple(sketches)))
        text = captions.caption(sketches, atlas, turn.language)
        yield Text(GAP.join(filter(None, (text, *remarks))))
        for picture in pictures:
            yield picture
        if not bare:
            yield picture_buttons(sketches, atlas, turn.language)
        yield Provenance(Move.DRAW.value)

    async def _offered(
        self, turn: Turn, *concept_ids: str
    ) -> tuple[Atlas | None, list[Concept | None]]:
        """Things that can be drawn here and now, None for each that can't; none in an exam."""
        atlas = None if gate.closed(turn) else await self.atlases.of(turn)
        if atlas is None:
            return None, [None] * len(concept_ids)
        drawable = [
            atlas.concepts.get(one) if atlas.generator_of(one) else None for one in concept_ids
        ]
        return atlas, drawable


def _after(sketch: Sketch, change: Change, styles: Sequence[str]) -> Sketch:
    """What a button makes of a picture, which may be older than the generator of today."""
    return change(sketch.within(styles), styles)


def _style_remark(
    request: PictureRequest, sketches: Sequence[Sketch], atlas: Atlas, language: Language
) -> str:
    """Why a style that was asked for is not what is seen; "" where it is."""
    without = without_style(request, sketches, atlas)
    if not without:
        return ""
    if not any(request.style in card.styles for card in atlas.generators):
        return say(language, "I don't have that style here, so I took another one.")
    named = dict.fromkeys(captions.things(one, atlas, language) for one in without)
    return say(
        language,
        "I don't have this in that style, so I took another one: {things}",
        things=say(language, ", ").join(named),
    )


def _no_generator(language: Language) -> str:
    return say(
        language,
        "I can't draw: this installation has no picture generator. An administrator can train one "
        "with `/gan train`.",
    )


def _closed_or_gone(turn: Turn) -> str:
    """Why a button does nothing: an exam runs, or the generator is another one by now."""
    return gate.no_help(turn.language) if gate.closed(turn) else _gone(turn.language)


def _gone(language: Language) -> str:
    return say(language, "I can't draw that any more. Ask me for something else!")
