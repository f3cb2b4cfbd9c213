"""Where an adapter answers: for one learner, in a channel, a course, a community, or everywhere.

A scope is stored as a string: `learner:ID`, `channel:COMMUNITY:CHANNEL`, `course:ID`,
`community:ID` or `global`. The nearest one that has an assignment counts.
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
    """`id` is that of the learner, course or community; `channel` that of the platform."""

    level: Level
    id: str = ""
    channel: str = ""

    def __str__(self) -> str:
        if self.level is Level.GLOBAL:
            return GLOBAL
        return ":".join(filter(None, (self.level.value, self.id, self.channel)))


def parse(text: str) -> Scope:
    """The scope of a stored string; raises ValueError for anything else."""
    level, _, rest = text.partition(":")
    id_, _, channel = rest.partition(":")
    if level == Level.CHANNEL:
        whole = bool(id_ and channel)
    elif level == Level.GLOBAL:
        whole = text == GLOBAL
    else:
        whole = level in set(Level) and bool(id_) and not channel
    if not whole:
        raise ValueError(f"{text!r} is no scope")
    return Scope(Level(level), id_, channel)


def for_learner(learner_id: str) -> str:
    return str(Scope(Level.LEARNER, learner_id))


def for_channel(community_id: str, channel: str) -> str:
    return str(Scope(Level.CHANNEL, community_id, channel))


def for_course(course_id: str) -> str:
    return str(Scope(Level.COURSE, course_id))


def for_community(community_id: str) -> str:
    return str(Scope(Level.COMMUNITY, community_id))


def nearest_first(scopes: Iterable[str]) -> list[str]:
    """In the order in which they count."""
    return sorted(scopes, key=lambda scope: NEAREST_FIRST.index(parse(scope).level))


def community_of(scope: str) -> str | None:
    """The community that a scope lies in, where its string tells."""
    parsed = parse(scope)
    return parsed.id if parsed.level in (Level.COMMUNITY, Level.CHANNEL) else None


def scope_name(scope: str, language: Language, name: str = "") -> str:
    """Where that is, in words; `name` is what people call the place or person."""
    level = parse(scope).level
    if name and level in NAMED:
        return say(language, NAMED[level], name=name)
    return say(language, NAMES[level])
