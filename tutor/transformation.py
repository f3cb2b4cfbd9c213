"""The instructions for working on a given text, and whether a model can follow them. Pure."""

from tutor.engine.profiles import ModelProfile
from tutor.language import Language, detect
from tutor.moves import Move, speaks

EXPLAIN = "Explain the following text in simple words, step by step:"
SUMMARISE = "Summarise the following conversation in at most five short points:"
TRANSLATE = {
    Language.ENGLISH: "Translate the following text into English. Give the translation only:",
    Language.CHINESE: "把下面的内容翻译成简体中文，只给出译文：",
}
REWRITE = {
    "clearer": "Rewrite the following text so that it is clearer. Give the new text only:",
    "shorter": "Rewrite the following text so that it is much shorter. Give the new text only:",
    "friendlier": "Rewrite the following text in a friendlier tone. Give the new text only:",
    "formal": "Rewrite the following text in a formal tone. Give the new text only:",
    "corrected": "Correct spelling and grammar of the following text and change nothing else:",
}


def is_possible(profile: ModelProfile, move: Move, wanted: Language, text: str) -> bool:
    """Whether the model knows the languages at hand, and can translate where that is asked."""
    needed = {wanted, detect(text) or wanted}
    if move is Move.TRANSLATE and not profile.translation:
        return False
    return all(speaks(profile, language) for language in needed)
