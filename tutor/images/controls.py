"""The buttons under a picture. Pure; what a press does is `tutor.images.picturing`'s business."""

from collections.abc import Sequence

from tutor.i18n import say
from tutor.images.atlas import Atlas
from tutor.images.composing import styles_of
from tutor.images.concepts import Concept
from tutor.images.request import Style
from tutor.images.sketch import BIGGER, Sketch
from tutor.language import Language
from tutor.messages import Button, Offer

DRAW, ANOTHER, RESTYLE = "picture_draw", "picture_another", "picture_style"
ENLARGE, MORPH, NAME = "picture_bigger", "picture_morph", "picture_name"
MOST_MORPHS = 5


def picture_buttons(sketches: Sequence[Sketch], atlas: Atlas, language: Language) -> Offer:
    """What can be done next with one picture, or with several at once."""
    carried = {"sketches": [sketch.to_json() for sketch in sketches]}
    buttons = [Button(ANOTHER, say(language, "Another"), carried, emoji="🎲")]
    if all(len(styles_of(one, atlas)) > 1 for one in sketches):
        buttons.append(Button(RESTYLE, say(language, "Change style"), carried, emoji="🎨"))
    if all(one.size < BIGGER for one in sketches):
        buttons.append(Button(ENLARGE, say(language, "Bigger"), carried, emoji="🔍"))
    concept = _single(sketches, atlas)
    if concept is not None and not concept.is_digit:
        naming = {"concept": concept.id}
        buttons.append(Button(NAME, say(language, "What is this?"), naming, emoji="❓"))
        buttons += _morphs(sketches[0], concept, atlas, language)
    return Offer(tuple(buttons))


def nearest_buttons(concepts: Sequence[Concept], style: Style | None, language: Language) -> Offer:
    """Things that can be drawn in place of what was asked for."""
    more = {"style": style.value} if style else {}
    return Offer(
        tuple(
            Button(DRAW, one.named(language), {"concept": one.id, **more}, emoji="🖼️")
            for one in concepts
        )
    )


def _single(sketches: Sequence[Sketch], atlas: Atlas) -> Concept | None:
    concept_id = sketches[0].concept if len(sketches) == 1 else None
    return atlas.concepts.get(concept_id) if concept_id else None


def _morphs(sketch: Sketch, concept: Concept, atlas: Atlas, language: Language) -> list[Button]:
    """The nearest things as one menu; in a terminal each is a choice of its own."""
    menu = say(language, "Morph into …")
    return [
        Button(
            MORPH,
            say(language, "into {thing}", thing=other.named(language)),
            {"sketch": sketch.to_json(), "into": other.id},
            emoji="✨",
            menu=menu,
        )
        for other in atlas.neighbours(concept, MOST_MORPHS)
    ]
