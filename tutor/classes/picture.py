"""A class as a map of mastery: learners by the names that the reader may see."""

import asyncio
from collections.abc import Sequence

from storage.skill_states import SkillState
from tutor.charts.class_map import MapRow, class_picture
from tutor.classes.naming import Register, by_call
from tutor.classes.overview import ClassOverview
from tutor.messages import Picture
from tutor.names import name_in


async def class_map(
    overview: ClassOverview, register: Register, states: Sequence[SkillState]
) -> Picture | None:
    """Drawn beside the event loop; None where nobody has practised anything."""
    known = {(state.learner_id, state.skill_id): state.mastery for state in states}
    skills = [facts.skill for facts in overview.skills]
    rows = [
        MapRow(register.call(member), tuple(known.get((member.learner_id, s.id)) for s in skills))
        for member in by_call(overview.learners, register)
    ]
    if not any(mastery is not None for row in rows for mastery in row.masteries):
        return None
    names = [name_in(skill.names, register.language) for skill in skills]
    return await asyncio.to_thread(class_picture, rows, names, register.language)
