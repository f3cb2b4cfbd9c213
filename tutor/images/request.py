"""What somebody wants drawn, or why it is not drawn, and the sentences that say so.

A request names concepts, never words of the learner: nothing that they wrote reaches a network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tutor.i18n import mark, say
from tutor.images.concepts import Concept
from tutor.language import Language
from tutor.safety.careful import careful_answer
from tutor.safety.concern import Concern

MOST_EACH = 4
"""Pictures of one thing that one message may ask for."""
MOST_THINGS = 6


class Style(StrEnum):
    """The styles that have a name which people use; a generator knows some of them."""

    NOTO = "noto"
    BLOB = "blob"
    FLUENT = "fluent"
    FLAT = "flat"
    TWEMOJI = "twemoji"
    EMOJIONE = "emojione"
    INK = "ink"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing, how often, and how sure it is that this was meant (0 to 1)."""

    concept: Concept
    count: int = 1
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """What to draw, in the order in which it was named; a number is one digit after the other.

    `style` None: nothing was said of it. `left_out` are words that no picture will show ("wearing
    a hat"). `again`: the things of the request before, `other_style` and `bigger`: with that
    changed.
    """

    wanted: tuple[Wanted, ...]
    style: Style | None = None
    left_out: tuple[str, ...] = ()
    again: bool = False
    other_style: bool = False
    bigger: bool = False

    @property
    def confidence(self) -> float:
        """That of the least certain thing."""
        return min(one.confidence for one in self.wanted)

    def remark(self, language: Language) -> str:
        """What to say of words that the picture does not show; "" where it shows all."""
        if not self.left_out:
            return ""
        words = _listed(self.left_out, language)
        return say(
            language, "I draw single things, so you won't see this part: {words}", words=words
        )


@dataclass(frozen=True, slots=True)
class Unclear:
    """A picture is wanted, but not one that can be drawn. `nearest` become buttons.

    `known` is a thing that was understood but is not offered; `words` is what was not understood,
    "" where nothing was named at all.
    """

    words: str = ""
    known: Concept | None = None
    nearest: tuple[Concept, ...] = ()
    style: Style | None = None

    def sentence(self, language: Language) -> str:
        """The whole answer; it names the buttons too, for whoever has none."""
        return " ".join(filter(None, (self._why(language), self._offer(language))))

    def _why(self, language: Language) -> str:
        if self.known is not None:
            name = self.known.named(language)
            return say(
                language, "I know what you mean by “{thing}”, but I can't draw it.", thing=name
            )
        if self.words:
            return say(language, "I can't draw “{thing}”.", thing=self.words)
        return say(
            language, "I draw everyday things: animals, plants, food, weather, tools and more."
        )

    def _offer(self, language: Language) -> str:
        if not self.nearest:
            return ""
        names = _listed([one.named(language) for one in self.nearest], language)
        if self.known is None and not self.words:
            return say(language, "What shall it be? For example: {things}", things=names)
        return say(language, "What I can draw: {things}", things=names)


class Reason(StrEnum):
    """Why something is not drawn for anybody."""

    PERSON = "person"
    UNSAFE = "unsafe"
    CHARACTER = "character"
    NEED = "need"


_REFUSED = {
    Reason.PERSON: mark("I don't draw people, neither real ones nor made-up ones."),
    Reason.UNSAFE: mark("I don't draw that."),
    Reason.CHARACTER: mark(
        "I only draw everyday things. Characters and logos belong to the people who made them."
    ),
}
_OFFER = mark("Name an animal, a plant, a food or another everyday thing, and I'll draw it.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A wish that is turned down. `concern` is set where the words are those of somebody in need:
    then care comes first (`tutor.safety.caring`), and never a remark about pictures."""

    reason: Reason
    concern: Concern | None = None

    def sentence(self, language: Language, country: str = "") -> str:
        """The whole answer; somebody in need reads where to turn."""
        if self.reason is Reason.NEED:
            return careful_answer(self.concern or Concern.SELF_HARM, language, country)
        return f"{say(language, _REFUSED[self.reason])} {say(language, _OFFER)}"


Reading = PictureRequest | Unclear | Refusal | None
"""What a message asks for; None where it asks for no picture."""


def _listed(words: Sequence[str], language: Language) -> str:
    return ("、" if language is Language.CHINESE else ", ").join(words)
