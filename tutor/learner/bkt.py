"""Bayesian knowledge tracing with fixed priors: how likely a skill is known.

A. Corbett & J. Anderson, "Knowledge tracing", User Modeling and User-Adapted Interaction 4 (1995).
The priors are fixed, since fitted ones are barely better and tempt to master too early. Pure.
"""

P_INIT = 0.3
P_LEARN = 0.1
P_SLIP = 0.1
P_GUESS = 0.25


def observe(known: float, right: bool, guess: float = P_GUESS) -> float:
    """The probability that the skill was known, now that an answer is seen."""
    if right:
        evidence = known * (1.0 - P_SLIP)
        return evidence / (evidence + (1.0 - known) * guess)
    evidence = known * P_SLIP
    return evidence / (evidence + (1.0 - known) * (1.0 - guess))


def trace(known: float, right: bool, guess: float = P_GUESS) -> float:
    """The probability that the skill is known after an answer, with what was learnt from it."""
    seen = observe(known, right, guess)
    return seen + (1.0 - seen) * P_LEARN
