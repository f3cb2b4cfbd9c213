"""What a learner writes for a goal: the skill, and by when. Pure: the clock is an argument.

English ("I want to master fractions by friday") and Chinese (周五前掌握分数).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tutor.classes.dates import DateUnreadable, parse_time

_WISH = re.compile(
    r"(?:(?:i(?:'d| would) like to|i (?:want|need|have) to|i wanna|i'll|我?(?:想要?|要|得))\s*)?"
    r"(?:(?:master|learn|understand|finish|get (?:good|better) at)\s+|掌握|学会|学完|学好)?",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?P<what>.+?)[\s,，]+(?:by|until|till|before|no later than)\s+(?P<when>.+)", re.IGNORECASE
)
_BEFORE = re.compile(
    r"(?:我?(?:想要?|要|得))?(?:在|到)?(?P<when>[^，,]{1,20}?)(?:之前|以前|前)[，,]?(?P<what>.+)"
)


@dataclass(frozen=True, slots=True)
class GoalWords:
    """`unread` is what stands where a date is expected and is none that is still to come.

    Then `whole` may be the skill's name ("multiplying by fractions").
    """

    subject: str
    due_at: datetime | None = None
    unread: str = ""
    whole: str = ""


def goal_in(words: str, now: datetime, zone: ZoneInfo) -> GoalWords:
    """The skill in a few words, with the date behind it."""
    match = _BY.fullmatch(words.strip()) or _BEFORE.fullmatch(words.strip())
    if match is None:
        return GoalWords(_without_wish(words))
    subject, typed = _without_wish(match["what"]), match["when"].strip(" .!。！")
    try:
        due_at = parse_time(typed, now, zone, after=now)
    except DateUnreadable:
        return GoalWords(subject, unread=typed, whole=_without_wish(words))
    return GoalWords(subject, due_at) if due_at > now else GoalWords(subject, unread=typed)


def _without_wish(words: str) -> str:
    """The skill alone; all of it where nothing else is left."""
    words = words.strip(" .!。！")
    match = _WISH.match(words)
    return words[match.end() :].strip() if match and match.end() < len(words) else words
