"""`/imagine` and `/credits` with what their buttons do."""

from bot.commands.command import Command, Option
from bot.commands.courses.teaching import ActionHandler
from bot.commands.pictures import credits, imagine
from tutor.i18n import mark
from tutor.images import controls
from tutor.images.captions import STYLES
from tutor.images.request import Style

COMMANDS: tuple[Command, ...] = (
    Command(
        "imagine",
        mark("Have something drawn: an animal, a food, a tool…"),
        imagine.imagine,
        options=(
            Option(
                "style",
                mark("In which style"),
                required=False,
                values=tuple((style.value, STYLES[style.value]) for style in Style),
            ),
            Option("what", mark("What to draw")),
        ),
        private=False,
        aliases=("画", "画图"),
    ),
    Command(
        "credits",
        mark("Whose pictures and words Daoshi learnt from"),
        credits.show_credits,
        aliases=("致谢",),
    ),
)

ACTIONS: dict[str, ActionHandler] = {
    controls.DRAW: imagine.draw,
    controls.ANOTHER: imagine.another,
    controls.RESTYLE: imagine.restyle,
    controls.ENLARGE: imagine.enlarge,
    controls.MORPH: imagine.morph,
    controls.NAME: imagine.name,
}

SHARED_ACTIONS = frozenset(ACTIONS) - {controls.NAME}
"""A picture belongs where the button is; a word to be learnt is the learner's own."""
