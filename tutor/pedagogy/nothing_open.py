"""A word for an open question ("hint", "skip", "b", "12") where no question is open.

Answered by code: a model would invent the question. Only whole messages of this kind are meant,
and figures or letters only where no chat went on that they could belong to.
"""

import re
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime, timedelta

from storage.courses import Course, courses_open_to
from storage.database import Database
from storage.practices import Practice, practices_of
from storage.turns import recent_turns
from tutor.i18n import say
from tutor.messages import Button, Offer, Provenance, ReplyPart, Style, Text
from tutor.moves import Move
from tutor.names import name_in
from tutor.pedagogy import gate
from tutor.pedagogy.controls import START
from tutor.pedagogy.plan import PracticeKind
from tutor.turn import Turn

MOST_COURSES = 3
JUST_ENDED = timedelta(hours=1)
_POLITE = r"(?:please |pls |plz |请|给我|来个|a |the |one |another |next |下一个|再来?一?个)*"
_ABOUT_A_QUESTION = re.compile(
    rf"\s*{_POLITE}(?:hints?|clue|answer|skip(?: it| this)?|reveal|show (?:me )?the answer"
    r"|提示|线索|答案|看答案|跳过|揭晓|下一题)"
    r"(?: please| pls|一下|吧)?\s*[.!?。！？]*\s*",
    re.IGNORECASE,
)
_BARE_ANSWER = re.compile(
    r"\s*(?:[(（]?[a-hA-H][)）.]?|[-−]?\d{1,6}(?:[.,/]\d{1,6})?%?)\s*[.!?。！？]?\s*"
)


class NothingOpen:
    """Says so, and offers what there is to begin."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def reply(self, turn: Turn) -> AsyncGenerator[ReplyPart, None] | None:
        """The reply to such a word; None for whatever else is said."""
        bare = bool(_BARE_ANSWER.fullmatch(turn.text))
        if (
            gate.closed(turn)
            or turn.material
            or not (bare or _ABOUT_A_QUESTION.fullmatch(turn.text))
        ):
            return None
        async with self._database.read() as session:
            practices = await practices_of(session, turn.learner.id, limit=1)
            courses = await courses_open_to(session, turn.learner.id)
            said = await recent_turns(session, turn.conversation.id, 1)
        ended = self._just_ended(turn, practices)
        chatted = bool(said) and (ended is None or said[-1].created_at > ended.updated_at)
        return None if bare and chatted else _offer(turn, ended, courses)

    def _just_ended(self, turn: Turn, practices: list[Practice]) -> Practice | None:
        """What this learner worked on here until a moment ago."""
        for practice in practices:
            here = practice.conversation_id == turn.conversation.id
            if here and practice.ended_at and self._now() - practice.ended_at < JUST_ENDED:
                return practice
        return None


async def _offer(
    turn: Turn, ended: Practice | None, courses: Sequence[Course]
) -> AsyncGenerator[ReplyPart, None]:
    language = turn.language
    text = say(language, "No question is open right now. What would you like to do?")
    if ended is not None:
        text = say(language, "That question is done, and no other is open. Shall we go on?")
    yield Text(text)
    yield to_begin(turn, courses, ended)
    yield Provenance(Move.DECLINE.value)


def to_begin(turn: Turn, courses: Sequence[Course], ended: Practice | None = None) -> Offer:
    """What there is to learn, to practise and to review, as buttons."""
    review = {"kind": PracticeKind.REVIEW.value}
    label = say(turn.language, "Review")
    return Offer(
        (*_to_learn(turn, ended, courses), Button(START, label, review, Style.SECONDARY, "🗂️"))
    )


def _to_learn(turn: Turn, ended: Practice | None, courses: Sequence[Course]) -> list[Button]:
    """The course that was just worked on, to learn or practise; else the first ones there are."""
    language = turn.language
    for course in courses:
        if ended is not None and course.id == ended.course_id:
            on = say(language, "Go on learning")
            more = say(language, "Practise more")
            return [
                _begin(PracticeKind.LESSON, course, on, "📘"),
                _begin(PracticeKind.PRACTICE, course, more, "🔁"),
            ]
    return [
        _begin(PracticeKind.LESSON, course, name_in(course.names, language), "📘")
        for course in courses[:MOST_COURSES]
    ]


def _begin(kind: PracticeKind, course: Course, label: str, emoji: str) -> Button:
    return Button(START, label, {"kind": kind.value, "course_id": course.id}, emoji=emoji)
