"""What judges free text by a rubric: an opinion, which never counts."""

from typing import Protocol

from tutor.language import Language


class Rubric(Protocol):
    """A model that reads an answer with a rubric beside it."""

    async def opinion(self, rubric: str, answer: str, language: Language) -> float | None:
        """From 0 to 1; None if there is no opinion, for instance without a model."""
        ...
