"""How the buttons under pictures are come by. An artist without a network draws here."""

from typing import Any

from tests.bot.discord_app.simulated.conftest import School
from tests.bot.discord_app.simulated.reaching import Offered, Reach, command, hang
from tutor.images.sketch import Sketch


def hanging(action: str, payload: dict[str, Any]) -> Reach:
    """For what stands in a menu, or under a sentence that says what can't be drawn."""

    async def reach(school: School) -> Offered:
        return Offered(school.ann, await hang(school, "ann", action, payload))

    return reach


PICTURES: dict[str, Reach] = {
    "picture_draw": hanging("picture_draw", {"concept": "dog"}),
    "picture_another": command("imagine", what="a dog"),
    "picture_style": command("imagine", what="a dog"),
    "picture_bigger": command("imagine", what="a dog"),
    "picture_name": command("imagine", what="a dog"),
    "picture_morph": hanging(
        "picture_morph", {"sketch": Sketch(("dog",), "noto", 1).to_json(), "into": "cat"}
    ),
}
