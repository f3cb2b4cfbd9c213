"""Whose words may be trained on: asked once for each learner in a build."""

from collections.abc import Iterable

from storage.database import Session
from tutor.safety.protection import may_train_on


class Consenting:
    """Answers by the operator's switch, each person's consent, and never for minors."""

    def __init__(self, session: Session, *, switched_on: bool) -> None:
        self._session = session
        self._switched_on = switched_on
        self._known: dict[str, bool] = {}

    async def all_of(self, learner_ids: Iterable[str | None]) -> bool:
        """Whether every one of them agrees; somebody who is not known any more does not."""
        for learner_id in learner_ids:
            if learner_id is None or not await self._agrees(learner_id):
                return False
        return True

    async def _agrees(self, learner_id: str) -> bool:
        if learner_id not in self._known:
            self._known[learner_id] = await may_train_on(
                self._session, learner_id, switched_on=self._switched_on
            )
        return self._known[learner_id]
