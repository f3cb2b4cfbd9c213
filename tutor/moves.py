"""What the tutor does next: one move a turn, decided by code, never by the model."""

from enum import StrEnum

from tutor.engine.profiles import UNKNOWN, ModelProfile
from tutor.language import Language, detect
from tutor.pedagogy.dialogue import Policy
from tutor.turn import Turn


class Move(StrEnum):
    ANSWER = "answer"
    CONTINUE = "continue"
    EXPLAIN = "explain"
    TRANSLATE = "translate"
    REWRITE = "rewrite"
    SUMMARISE = "summarise"
    NAME_LIMIT = "name_limit"  # the model can't do it: say what is missing and what would do it
    DIAGNOSE = "diagnose"  # asks where the learner is stuck, or for a first attempt
    ASK = "ask"  # puts the step's question
    CLARIFY = "clarify"  # the answer could not be read: asks for it again
    CONFIRM = "confirm"  # the answer is right
    CORRECT = "correct"  # the answer is wrong: names what it was and lets them try again
    HINT = "hint"
    WORKED_STEP = "worked_step"  # shows how a part is done, not the result
    REVEAL = "reveal"  # shows the answer, which is recorded
    TWIN = "twin"  # a problem like the one that was revealed
    REFLECT = "reflect"  # looks back: what made the difference
    DECLINE = "decline"  # a reveal that is not allowed yet, or a trick
    NO_HELP = "no_help"  # an examination runs
    RECORD = "record"  # takes an answer whose verdict is withheld until the examination is over
    CONTEST = "contest"  # a grade or key is doubted: offers to pass it on to a teacher
    CANNOT_CHECK = "cannot_check"  # there is no key: says so, never says right or wrong
    FINISH = "finish"  # the lesson or quiz is over
    CARE = "care"  # a fixed careful answer where somebody may be in danger
    CITE = "cite"  # answers out of the course's material
    WRITE = "write"
    DRAW = "draw"  # a picture by the generator


def decide(turn: Turn, profile: ModelProfile) -> Move:
    """Answer, unless an examination runs, or the model knows neither the learner's language nor
    that of the message."""
    if turn.policy is Policy.EXAM:
        return Move.NO_HELP
    written_in = detect(turn.text) or turn.language
    if speaks(profile, written_in) or speaks(profile, turn.language):
        return Move.ANSWER
    return Move.NAME_LIMIT


def speaks(profile: ModelProfile, language: Language) -> bool:
    """Whether the model knows the language; a model that nobody described may try."""
    return profile.family == UNKNOWN.family or profile.speaks(language.value)
