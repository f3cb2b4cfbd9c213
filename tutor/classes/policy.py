"""How much help a learner gets now: the strictest of what holds for them, wherever they write.

Linked identities are one learner, so a window of a course follows its learners through direct
messages and platforms. Teachers of a course are not bound by it.
"""

from collections.abc import Iterable
from datetime import datetime

from storage.database import Session
from storage.policies import policies_in_force
from tutor.pedagogy.dialogue import Policy

STRICTNESS = (Policy.OPEN, Policy.GUIDED, Policy.EXAM)
"""Each leaves less than those before it."""


def strictest(policies: Iterable[Policy]) -> Policy:
    """The policy that leaves least; open where none is named."""
    return max(policies, key=STRICTNESS.index, default=Policy.OPEN)


async def policy_for(
    session: Session, learner_id: str, community: str, channel: str | None, now: datetime
) -> Policy:
    """The strictest of the place's policy (the channel's, else the community's) and those of all
    courses that somebody learns in."""
    of_courses = await policies_in_force(session, learner_id, now)
    return strictest(map(Policy, (channel or community, *of_courses)))
