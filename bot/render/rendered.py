"""What a dialect makes of a text: parts to send, and the formulas that want a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula to draw. `text` is how the part itself writes it, and the picture's alt text."""

    latex: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One message's text, and its formulas in the order in which the text names them.

    Their pictures belong to this part's message, below the text. The text reads well without.
    """

    text: str
    formulas: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """Parts in order; none for a text with nothing to see."""

    parts: tuple[Part, ...]

    @property
    def texts(self) -> list[str]:
        return [part.text for part in self.parts]
