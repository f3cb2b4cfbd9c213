"""The kind sentences for everything that cannot be answered just now. Pure."""

from datetime import datetime

from storage.choices import PressOutcome
from tutor.engine.contract import (
    EngineBusy,
    EngineError,
    EnginePaused,
    EngineUnavailable,
    RequestRefused,
)
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.tuning.away import away


def over_quota(language: Language, resets_at: datetime, now: datetime) -> str:
    minutes = max(1, round((resets_at - now).total_seconds() / 60))
    return say_count(
        language,
        "That was a lot of questions for one hour. I'm here again in {count} minute.",
        "That was a lot of questions for one hour. I'm here again in {count} minutes.",
        minutes,
    )


def blocked(language: Language, status: str) -> str:
    if status == "paused":
        return say(language, "The staff of this community has paused our conversation for now.")
    return say(language, "The staff of this community has ended our conversation.")


def class_not_ready(language: Language) -> str:
    return say(
        language,
        "Your class is for people under 18, and a form that it needs is not filled in yet. Until "
        "your teacher has done that, I may not work with what you write, and keep none of it. "
        "Please tell your teacher; {report} shows them what is missing.",
        report="`/class record`",
    )


def not_allowed(language: Language, command: str) -> str:
    return say(language, "The command {command} is for the staff here.", command=f"`/{command}`")


def channel_is_off(language: Language) -> str:
    return say(language, "I'm switched off in this channel. You can write to me directly.")


def engine_failed(language: Language, error: EngineError, *, begun: bool, now: datetime) -> str:
    """What a learner reads when the text engine could not finish."""
    match error:
        case EngineBusy():
            return say(
                language, "Too many people are asking at once. Please ask again in a minute."
            )
        case RequestRefused():
            return say(language, "That is too long for me to read at once. Please shorten it.")
        case EnginePaused():
            return away(language, error.until, now)
        case EngineUnavailable() if begun:
            return say(
                language, "My language model stopped in the middle. Press regenerate to try again."
            )
        case _:
            return say(
                language,
                "My language model is not answering just now. Your question is safe; please ask "
                "again in a minute.",
            )


def broken(language: Language) -> str:
    return say(
        language,
        "Something went wrong on my side. The operator has been told; please try again.",
    )


def memory_away(language: Language) -> str:
    return say(
        language,
        "I can't reach my memory just now, so I can't answer. Please send that again in a minute.",
    )


def interrupted(language: Language) -> str:
    return say(language, "I was interrupted here. Please ask again if you still need the answer.")


def nothing_to_say(language: Language) -> str:
    return say(language, "I have nothing to say to that. Could you put it another way?")


def nothing_to_stop(language: Language) -> str:
    return say(language, "There is nothing to stop.")


def press(language: Language, outcome: PressOutcome) -> str | None:
    """Why a press did nothing; None where it counts."""
    match outcome:
        case PressOutcome.OK:
            return None
        case PressOutcome.FOREIGN:
            return say(language, "This button belongs to somebody else's conversation.")
        case PressOutcome.ALREADY:
            return say(language, "That is done already.")
        case PressOutcome.EXPIRED | PressOutcome.UNKNOWN:
            return say(language, "This button has expired. Just write to me.")
