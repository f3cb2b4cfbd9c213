"""What an answer means beside its verdict, in a line: a slip that comes again, a goal reached.

Said with the first answer to a question alone, never in an exam or a quiz, and never where a number
or a name in it could be taken for the key.
"""

from dataclasses import replace

from tutor.grading.equivalence import says_key
from tutor.language import Language
from tutor.learner.answer_facts import AttemptFacts
from tutor.learner.feedback import after_attempt
from tutor.pedagogy.dialogue import Policy
from tutor.pedagogy.plan import PracticeKind
from tutor.pedagogy.running import Running
from tutor.pedagogy.session import Decided

NOTHING = AttemptFacts()


def meaning(
    running: Running, decided: Decided, facts: AttemptFacts, policy: Policy, language: Language
) -> str:
    """The line, or "". `running` is the practice as it was before the answer."""
    kind = running.plan.kind
    silent = policy is Policy.EXAM or kind is PracticeKind.QUIZ or running.stored is None
    if silent or decided.decision.state.tries != 1:
        return ""
    if kind is PracticeKind.LESSON:  # its end says that
        facts = replace(facts, mastered=())
    text = after_attempt(facts, language)
    steps = running.item.item.steps
    return "" if any(says_key(step.answer, text) for step in steps) else text
