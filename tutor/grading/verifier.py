"""Asks math-verify, in a warm process that is killed when it takes longer than two seconds."""

from tutor.worker import Worker

LIMIT_SECONDS = 2.0


class Verifier(Worker):
    """math-verify, as one worker."""

    def __init__(self, limit_seconds: float = LIMIT_SECONDS) -> None:
        super().__init__("tutor.grading.verifier_worker", limit_seconds)

    async def same(self, key: str, answer: str) -> bool:
        """Whether math-verify holds the answer to be the key; NoAnswer within the limit."""
        return bool(await self.ask([key, answer]))
