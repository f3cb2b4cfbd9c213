"""A learner's progress as pictures: what of the database goes into which."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from storage import courses, learner_activity, reviews, skill_states
from storage.learners import Learner
from storage.reviews import ReviewCard
from storage.session import Session
from tutor.charts.activity import WEEKS, activity_picture
from tutor.charts.forgetting import MOST, Fading, forgetting_picture
from tutor.charts.mastery import SkillBar, mastery_picture
from tutor.language import Language
from tutor.learner.mastery import THRESHOLD
from tutor.learner.reminding import reminders_of
from tutor.learner.reviewing import RETENTION, recall, scheduler_of
from tutor.messages import Picture
from tutor.names import name_in

FADING_DAYS = 28
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """`days` are answers by day of the learner's zone; the weakest skill comes last."""

    today: date
    skills: tuple[SkillBar, ...]
    days: Mapping[date, int]
    fading: tuple[Fading, ...]
    fading_others: int


async def progress_of(
    session: Session, learner: Learner, language: Language, now: datetime
) -> Progress:
    """What a learner's pictures show."""
    states = await skill_states.skill_states(session, learner.id)
    found = await courses.skills_by_ids(session, sorted(states)) if states else []
    names = {skill.id: name_in(skill.names, language) for skill in found}
    bars = [
        SkillBar(names[id_], round(100 * state.mastery), state.mastered_at is not None)
        for id_, state in states.items()
        if id_ in names
    ]
    bars.sort(key=lambda bar: (-bar.percent, bar.name))
    zone = ZoneInfo(reminders_of(learner).zone)
    moments = await learner_activity.answer_moments(
        session, learner.id, since=now - WEEKS * 7 * DAY, until=now
    )
    days = Counter(moment.astimezone(zone).date() for moment in moments)
    cards = [card for card in await reviews.cards_of(session, learner.id) if card.skill_id in names]
    fading = await _fading(session, learner.id, cards[:MOST], names, now)
    today = now.astimezone(zone).date()
    return Progress(today, tuple(bars), days, fading, len(cards) - len(fading))


async def draw(progress: Progress, language: Language) -> list[Picture]:
    """Up to three pictures, drawn beside the event loop; only those that have something to show."""
    return await asyncio.to_thread(_draw, progress, language)


def _draw(progress: Progress, language: Language) -> list[Picture]:
    pictures = []
    if progress.skills:
        threshold = round(100 * THRESHOLD)
        pictures.append(mastery_picture(progress.skills, threshold, language))
    if progress.days:
        pictures.append(activity_picture(progress.days, progress.today, language))
    if progress.fading:
        others = progress.fading_others
        pictures.append(forgetting_picture(progress.fading, RETENTION, language, others=others))
    return pictures


async def _fading(
    session: Session,
    learner_id: str,
    cards: Sequence[ReviewCard],
    names: Mapping[str, str],
    now: datetime,
) -> tuple[Fading, ...]:
    """What is left of each card's skill on each day from now."""
    scheduler = await scheduler_of(session, learner_id)
    return tuple(
        Fading(
            names[card.skill_id or ""],
            tuple(recall(scheduler, card.card, now + DAY * ahead) for ahead in _ahead()),
        )
        for card in cards
    )


def _ahead() -> Sequence[int]:
    return range(FADING_DAYS + 1)
