"""What people read while a training has the engine's memory. Pure."""

from datetime import datetime

from tutor.i18n import say_count
from tutor.language import Language


def away(language: Language, until: datetime, now: datetime) -> str:
    """What goes on meanwhile, and when the rest is back."""
    minutes = max(1, round((until - now).total_seconds() / 60))
    return say_count(
        language,
        "I'm being trained just now and can talk freely again in about {count} minute. Lessons, "
        "quizzes and reviews go on as usual.",
        "I'm being trained just now and can talk freely again in about {count} minutes. Lessons, "
        "quizzes and reviews go on as usual.",
        minutes,
    )
