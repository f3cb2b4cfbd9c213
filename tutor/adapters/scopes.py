"""Where an adapter answers: for one learner, in a channel, a course, a community, or everywhere.

A scope is stored as a string: `learner:COMMUNITY:ID`, `channel:COMMUNITY:CHANNEL`, `course:ID`,
`community:ID` or `global`. The nearest one that has an assignment counts. `learner:ID` is a learner
wherever they write, which is for operators; within a community its own pointer goes before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tutor.i18n import mark, say
from tutor.language import Language

GLOBAL = "global"


class Level(StrEnum):
    """From the nearest to the widest."""

    LEARNER = "learner"
    CHANNEL = "channel"
    COURSE = "course"
    COMMUNITY = "community"
    GLOBAL = "global"


NEAREST_FIRST = tuple(Level)
NAMES = {
    Level.LEARNER: mark("for one learner"),
    Level.CHANNEL: mark("in a channel"),
    Level.COURSE: mark("in a course"),
    Level.COMMUNITY: mark("in a community"),
    Level.GLOBAL: mark("everywhere"),
}
NAMED = {
    Level.LEARNER: mark("for {name} alone"),
    Level.CHANNEL: mark("in the channel {name}"),
    Level.COURSE: mark("in the course {name}"),
    Level.COMMUNITY: mark("in {name}"),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """`id` is that of the learner or course, or the platform's of the channel; `community` is ""
    where the scope lies in none that its string could tell."""

    level: Level
    id: str = ""
    community: str = ""

    def __str__(self) -> str:
        return ":".join(filter(None, (self.level.value, self.community, self.id)))


def parse(text: str) -> Scope:
    """The scope of a stored string; raises ValueError for anything else."""
    level, _, rest = text.partition(":")
    first, _, second = rest.partition(":")
    match level:
        case Level.LEARNER if first and rest == first:
            return Scope(Level.LEARNER, first)
        case Level.LEARNER if first and second and ":" not in second:
            return Scope(Level.LEARNER, second, first)
        case Level.CHANNEL if first and second:
            return Scope(Level.CHANNEL, second, first)
        case Level.COURSE if rest and ":" not in rest:
            return Scope(Level.COURSE, rest)
        case Level.COMMUNITY if rest and ":" not in rest:
            return Scope(Level.COMMUNITY, community=rest)
    if text == GLOBAL:
        return Scope(Level.GLOBAL)
    raise ValueError(f"{text!r} is no scope")


def for_learner(learner_id: str, community_id: str = "") -> str:
    """A learner in one community; without one wherever they write."""
    return str(Scope(Level.LEARNER, learner_id, community_id))


def for_channel(community_id: str, channel: str) -> str:
    return str(Scope(Level.CHANNEL, channel, community_id))


def for_course(course_id: str) -> str:
    return str(Scope(Level.COURSE, course_id))


def for_community(community_id: str) -> str:
    return str(Scope(Level.COMMUNITY, community=community_id))


def nearest_first(scopes: Iterable[str]) -> list[str]:
    """In the order in which they count."""
    return sorted(scopes, key=_distance)


def _distance(scope: str) -> tuple[int, bool]:
    parsed = parse(scope)
    return NEAREST_FIRST.index(parsed.level), not parsed.community


def community_of(scope: str) -> str | None:
    """The community that a scope lies in, where its string tells."""
    return parse(scope).community or None


def scope_name(scope: str, language: Language, name: str = "") -> str:
    """Where that is, in words; `name` is what people call the place or person."""
    level = parse(scope).level
    if name and level in NAMED:
        return say(language, NAMED[level], name=name)
    return say(language, NAMES[level])
