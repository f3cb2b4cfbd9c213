"""What stands beside a picture: what it shows, in which style, and that no person drew it. Pure."""

from collections.abc import Mapping, Sequence

from tutor.i18n import mark, say
from tutor.images.atlas import Atlas
from tutor.images.concepts import DIGIT, Concept
from tutor.images.sketch import Sketch
from tutor.language import Language

STYLES: Mapping[str, str] = {
    "noto": mark("Noto"),
    "blob": mark("blob"),
    "fluent": mark("soft 3D"),
    "flat": mark("flat"),
    "twemoji": mark("Twemoji"),
    "emojione": mark("EmojiOne"),
    "ink": mark("ink"),
    "handwritten": mark("handwriting"),
}
_VARIANT = "variant-"  # where pictures of a thing differ in no style that has a name
_NOTE = mark("*Drawn by a small neural network of this project, not by a person.*")


def style_name(style: str, language: Language) -> str:
    """A style as learners read it; one that an administrator named stays as it is."""
    if style.startswith(_VARIANT):
        return say(language, "variant {number}", number=style.removeprefix(_VARIANT))
    return say(language, STYLES[style]) if style in STYLES else style


def things(sketch: Sketch, atlas: Atlas, language: Language) -> str:
    """What a picture shows: "volcano"; a number as its digits."""
    found = [atlas.concepts.get(one) for one in sketch.concepts]
    if all(one is not None and one.is_digit for one in found):
        return "".join(one.removeprefix(DIGIT) for one in sketch.concepts)
    separator = say(language, ", ")
    return separator.join(one.named(language) for one in found if one)


def alt_text(sketch: Sketch, atlas: Atlas, language: Language) -> str:
    """For whoever can't see it."""
    return say(
        language,
        "A drawing of: {thing}. Style: {style}",
        thing=things(sketch, atlas, language),
        style=style_name(sketch.style, language),
    )


def caption(sketches: Sequence[Sketch], atlas: Atlas, language: Language) -> str:
    """The text of the message: each thing once, the styles, and the note."""
    named = dict.fromkeys(things(one, atlas, language) for one in sketches)
    styles = dict.fromkeys(style_name(one.style, language) for one in sketches)
    separator = say(language, ", ")
    shown = say(
        language,
        "🖼️ **{things}** · style: {styles}",
        things=separator.join(named),
        styles=separator.join(styles),
    )
    return f"{shown}\n{note(language)}"


def morph_caption(start: Concept, end: Concept, language: Language) -> str:
    """The text over one thing that becomes another."""
    shown = say(
        language,
        "✨ **{start}** becomes **{end}**",
        start=start.named(language),
        end=end.named(language),
    )
    return f"{shown}\n{note(language)}"


def morph_alt(start: Concept, end: Concept, language: Language) -> str:
    return say(
        language,
        "An animation: {start} turns into {end} and back",
        start=start.named(language),
        end=end.named(language),
    )


def note(language: Language) -> str:
    """Stands in every message with a drawing."""
    return say(language, _NOTE)


def both_names(concept: Concept) -> str:
    """The word in both languages, with its pronunciation where that is known."""
    reading = pinyin_of(concept.zh)
    return f"**{concept.en}** · **{concept.zh}**" + (f" ({reading})" if reading else "")


def pinyin_of(word: str) -> str:
    """How a Chinese word is read, "" where the dictionary for it is not installed."""
    try:
        from pypinyin import Style, pinyin
    except ImportError:
        return ""
    return "".join(syllable for [syllable] in pinyin(word, style=Style.TONE))
