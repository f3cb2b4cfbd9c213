"""Whether a message turns from the open question to a problem of its own.

Pure. An answer may look like a problem ("2x = 10"), and whoever quotes the open question asks about
that one: so a message has to ask for something, and bring what was not asked here.
"""

import re

from tutor.bank.item import Step
from tutor.grading.normalise import plain
from tutor.pedagogy.dialogue import DialogueState, Intent
from tutor.pedagogy.intent import read_intent
from tutor.pedagogy.own_problem import recognise

ASKED_TO_DO = re.compile(
    r"\b(?:solve|calculate|compute|evaluate|work out|differentiate|integrate|factori[sz]e|simplify"
    r"|homework|help (?:me )?(?:with|on)|how much is|what(?:'?s| is) (?:the )?(?:answer|solution"
    r"|derivative|integral|mean|median|mode|lcm|gcd|greatest|least|square root|\d|[a-z]\b)"
    r"|find|determine|figure out|derivative|integral"
    r"|(?:i have|here'?s) (?:this|an?|my) (?:equation|problem|question|exercise))\b"
    r"|\bhelp\s*!|=\s*[?？]|^\s*q\d"
    r"|计算|求|解(?:一下|方程|这)|帮我|作业|怎么[做算解]|第\d+题|等于(?:多少|几)|是(?:多少|几)",
    re.IGNORECASE,
)


def brings_another(text: str, step: Step, state: DialogueState, shown: str) -> bool:
    """Whether `text` wants another problem solved than the open one, which reads `shown`."""
    problem = recognise(text)
    if problem is None or _is_quoted(problem.terms, shown):
        return False
    if ASKED_TO_DO.search(text):
        return True
    return read_intent(text, step, state) is Intent.OTHER


def _is_quoted(terms: tuple[str, ...], shown: str) -> bool:
    asked = _squeezed(shown)
    return bool(terms) and all(_squeezed(term) in asked for term in terms)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s*$]", "", plain(text)).casefold()
