"""The gate before every help: while an examination runs for somebody, no model speaks to them.

Answers to a running exercise are still taken; that is for `tutor.pedagogy.policy`. Whatever else
would explain, translate or write asks here first, and `tutor.speaking` asks once more.
"""

from tutor.i18n import say
from tutor.language import Language
from tutor.pedagogy.dialogue import Policy
from tutor.turn import Turn


def closed(turn: Turn) -> bool:
    """Whether nothing may be explained to this learner now, wherever they ask."""
    return turn.policy is Policy.EXAM


def no_help(language: Language) -> str:
    """What is said instead of any help."""
    return say(
        language,
        "An exam of your course is running, so I can't help with anything until it is over, here "
        "or anywhere else. Good luck!",
    )
