"""What the tutor does next: one move a turn, decided by code, never by the model."""

from enum import StrEnum

from tutor.engine.profiles import UNKNOWN, ModelProfile
from tutor.language import Language, detect
from tutor.turn import Turn


class Move(StrEnum):
    ANSWER = "answer"
    CONTINUE = "continue"
    EXPLAIN = "explain"
    TRANSLATE = "translate"
    REWRITE = "rewrite"
    SUMMARISE = "summarise"
    NAME_LIMIT = "name_limit"  # the model can't do it: say what is missing and what would do it


def decide(turn: Turn, profile: ModelProfile) -> Move:
    """Answer, unless the model knows neither the learner's language nor that of the message."""
    written_in = detect(turn.text) or turn.language
    if speaks(profile, written_in) or speaks(profile, turn.language):
        return Move.ANSWER
    return Move.NAME_LIMIT


def speaks(profile: ModelProfile, language: Language) -> bool:
    """Whether the model knows the language; a model that nobody described may try."""
    return profile.family == UNKNOWN.family or profile.speaks(language.value)
