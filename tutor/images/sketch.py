"""What is to be drawn, as plain data: it goes into a button and to the drawing process. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from random import Random
from typing import Any, Self

SHOWN, BIGGER = 128, 256
"""How wide a picture is at first, and after the button that makes it bigger; in pixels."""
TOUCH = 0.35
"""How much of a second style is mixed into another picture in the same style."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """One picture: `concepts` stand side by side (the digits of a number), each `size` pixels wide.

    The seed decides the noise, and with `varied` also a second style that is mixed into `style`: an
    icon has one right picture for each style, so that is where variety is. `fixed`: somebody asked
    for this very style.
    """

    concepts: tuple[str, ...]
    style: str
    seed: int
    size: int = SHOWN
    varied: bool = False
    fixed: bool = False

    def mixture(self, styles: Sequence[str]) -> Mapping[str, float]:
        """How much of each style there is in it."""
        others = [one for one in styles if one != self.style]
        if not (self.varied and others):
            return {self.style: 1.0}
        return {self.style: 1 - TOUCH, Random(self.seed).choice(others): TOUCH}  # noqa: S311

    def another(self, styles: Sequence[str]) -> Self:
        """The same things in another way: in another style, unless this one was asked for."""
        seed = (self.seed + 1) % 2**31
        if self.fixed or len(styles) == 1:
            return replace(self, seed=seed, varied=True)
        others = [one for one in styles if one != self.style]
        return replace(self, seed=seed, style=Random(seed).choice(others), varied=False)  # noqa: S311

    def in_style(self, style: str) -> Self:
        """The same in a style that somebody wants."""
        return replace(self, style=style, varied=False, fixed=True)

    def within(self, styles: Sequence[str]) -> Self:
        """The same in one of these styles; itself where it is in one, or where there are none."""
        if not styles or self.style in styles:
            return self
        return replace(self, style=styles[0], varied=False, fixed=False)

    def in_next_style(self, styles: Sequence[str]) -> Self:
        """The same in the style that comes next in the list."""
        place = styles.index(self.style) if self.style in styles else -1
        return self.in_style(styles[(place + 1) % len(styles)])

    def bigger(self) -> Self:
        return replace(self, size=BIGGER)

    @property
    def concept(self) -> str | None:
        """The one thing that it shows; None where there are several."""
        return self.concepts[0] if len(self.concepts) == 1 else None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def sketch_from(record: Mapping[str, Any]) -> Sketch:
    """What `to_json` wrote, also after it was stored."""
    return Sketch(**{**record, "concepts": tuple(record["concepts"])})
