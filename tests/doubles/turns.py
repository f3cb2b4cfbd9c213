"""Turns and stored turns made by hand, for tests of pure code."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.communities import ChannelSettings, Community
from storage.conversations import Conversation
from storage.learners import Learner
from storage.turns import StoredTurn
from tests.doubles.questions import question
from tutor.language import Language
from tutor.messages import Question
from tutor.turn import Turn

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def turn(asked: Question | None = None, **more: Any) -> Turn:
    """A turn of a known learner called Ann in an English community, unless told otherwise."""
    asked = asked or question()
    place = asked.place
    learner = more.pop("learner", None) or Learner("L1", "Ann", None, "active", NOON)
    community = more.pop("community", None) or Community(
        "C1", place.platform, place.community, "", None, None, "guided", None, {}
    )
    conversation = more.pop("conversation", None) or Conversation(
        "V1", place.platform, "C1", place.channel, place.thread, learner.id, "", None, NOON
    )
    return Turn(
        question=asked,
        learner=learner,
        community=community,
        channel=more.pop("channel", ChannelSettings(place.channel)),
        conversation=conversation,
        language=more.pop("language", Language.ENGLISH),
        **more,
    )


def dialogue(*texts: str, first_role: str = "user") -> list[StoredTurn]:
    """Stored turns that alternate between the person and the tutor."""
    roles = ["user", "assistant"] if first_role == "user" else ["assistant", "user"]
    return [
        StoredTurn(f"T{n:03}", "V1", roles[n % 2], "L1", text, NOON + timedelta(minutes=n))
        for n, text in enumerate(texts)
    ]
