"""What to practise next: the skill that is ready, and the item that is neither dull nor too hard.

Success near 75 % is aimed at: R. Wilson et al., "The eighty five percent rule for optimal
learning", Nature Communications 10 (2019), less what keeps learners of school age in practice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from storage import attempts, courses, items, skill_states
from storage.courses import Skill
from storage.items import Outline
from storage.session import Session
from storage.skill_states import SkillState
from tutor.bank.generators import GENERATORS, generate
from tutor.bank.store import ItemRefused, add_item
from tutor.language import Language
from tutor.learner.prediction import Forecast, forecast

AIMED_SUCCESS = 0.75
NEAR = 0.03  # differences of expected success that make none
LOOKED_AT = 200  # items of a skill
SEEDS = 2**31
DRAWS = 5


@dataclass(frozen=True, slots=True)
class _Candidate:
    item: Outline
    skill_id: str
    seen_at: datetime | None


async def choose_skill(
    session: Session, *, learner_id: str, course_id: str, now: datetime
) -> str | None:
    """The skill of a course to practise next; None where the course has nothing to practise.

    Those begun come before new ones, the weakest first; new ones once all that they require is
    mastered, in the course's order. When all is mastered, what was practised longest ago.
    """
    skills = await practisable(session, course_id)
    if not skills:
        return None
    ids = [skill.id for skill in skills]
    states = await skill_states.skill_states(session, learner_id, ids)
    requires = await courses.prerequisites_of(session, course_id)
    ready = [skill_id for skill_id in ids if _is_ready(skill_id, requires, states, set(ids))]
    begun = [states[skill_id] for skill_id in ready if skill_id in states]
    unfinished = [state for state in begun if state.mastered_at is None]
    if unfinished:
        return min(unfinished, key=lambda state: state.mastery).skill_id
    fresh = [skill_id for skill_id in ready if skill_id not in states]
    if fresh:
        return fresh[0]
    return min(begun, key=lambda state: state.last_at).skill_id if begun else None


async def choose_item(
    session: Session,
    *,
    learner_id: str,
    skill_ids: Sequence[str],
    language: Language,
    exclude: Collection[str],
    now: datetime,
    rng: Random,
) -> str | None:
    """An item that practises one of the skills; None where there is none but those excluded.

    Never seen before seen, the learner's language before others, another family than what was
    excluded, and expected success near the aim. When a skill's items were all seen, a generator
    makes a new one. What the learner answered last is never asked again at once.
    """
    latest = await attempts.latest_attempts(session, learner_id, limit=1)
    barred = set(exclude) | {attempt.item_id for attempt in latest}
    found = await _candidates(session, learner_id, skill_ids)
    families = {one.item.family for one in found if one.item.id in barred and one.item.family}
    open_ = [one for one in found if one.item.id not in barred]
    if not any(_is_new(one, language) for one in open_):
        made = await _generate(session, skill_ids, language, now, rng)
        if made is not None:
            return made
    if not open_:
        return None
    predicted = await forecast(
        session, learner_id, skill_ids, [candidate.item.id for candidate in open_]
    )
    return _best(open_, families, language, predicted, rng)


async def choose_twin(
    session: Session,
    *,
    learner_id: str,
    item_id: str,
    skill_ids: Sequence[str],
    language: Language,
    exclude: Collection[str],
    now: datetime,
    rng: Random,
) -> str | None:
    """Another item like this one: of its family in the learner's language, else of its skills."""
    item = await items.item_by_id(session, item_id)
    barred = {item_id, *exclude}
    if item is not None and item.family:
        twins = [
            one.item.id
            for one in await _candidates(session, learner_id, skill_ids)
            if one.item.family == item.family
            and one.item.language == language.value
            and one.item.id not in barred
        ]
        if twins and item.language == language.value:
            return rng.choice(twins)
    return await choose_item(
        session,
        learner_id=learner_id,
        skill_ids=skill_ids,
        language=language,
        exclude=barred,
        now=now,
        rng=rng,
    )


async def practisable(session: Session, course_id: str) -> list[Skill]:
    """The skills for which there are items, or something that makes them, in order."""
    stocked = await items.skills_with_items(session, course_id)
    found = await courses.skills_of(session, course_id)
    return [skill for skill in found if skill.id in stocked or skill.generator in GENERATORS]


def _is_ready(
    skill_id: str,
    requires: Mapping[str, Sequence[str]],
    states: Mapping[str, SkillState],
    practisable: Collection[str],
) -> bool:
    """Whether what it requires is mastered; what can't be practised is required of nobody."""
    needed = [one for one in requires.get(skill_id, ()) if one in practisable]
    return all(one in states and states[one].mastered_at is not None for one in needed)


async def _candidates(
    session: Session, learner_id: str, skill_ids: Sequence[str]
) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for skill_id in dict.fromkeys(skill_ids):
        seen = await attempts.seen_items(session, learner_id, skill_id)
        for item in await items.outlines_of_skill(session, skill_id, LOOKED_AT):
            found.setdefault(item.id, _Candidate(item, skill_id, seen.get(item.id)))
    return list(found.values())


def _is_new(candidate: _Candidate, language: Language) -> bool:
    return candidate.seen_at is None and candidate.item.language == language.value


def _best(
    candidates: Sequence[_Candidate],
    families: Collection[str],
    language: Language,
    predicted: Forecast,
    rng: Random,
) -> str:
    """The best by the rules of `choose_item`; among equals any."""

    def rank(candidate: _Candidate) -> tuple[bool, bool, bool, int, float, float]:
        item, seen = candidate.item, candidate.seen_at
        success = predicted.expect([candidate.skill_id], item.id)
        return (
            item.language != language.value,
            seen is not None,
            item.family in families,
            round(abs(success - AIMED_SUCCESS) / NEAR) if seen is None else 0,
            seen.timestamp() if seen else 0.0,
            rng.random(),
        )

    return min(candidates, key=rank).item.id


async def _generate(
    session: Session, skill_ids: Sequence[str], language: Language, now: datetime, rng: Random
) -> str | None:
    """A new item for one of the skills that has a generator."""
    found = await courses.skills_by_ids(session, list(skill_ids))
    made_for = [skill for skill in found if skill.generator in GENERATORS]
    if not made_for:
        return None
    skill = rng.choice(made_for)
    assert skill.generator is not None
    for _ in range(DRAWS):
        item = generate(skill.generator, rng.randrange(SEEDS), language, skills=[skill.key])
        try:
            stored = await add_item(
                session, item, course_id=skill.course_id, owner_id=None, now=now
            )
        except ItemRefused:  # this very problem was drawn before
            continue
        return stored.id
    return None
