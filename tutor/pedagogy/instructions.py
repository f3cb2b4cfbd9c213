"""What the model reads when it words a move: short for small models, richer for large ones, and
for an adapter the very form that it was trained on.

Pure. The key is never in it. Segments go from what all share to what one learner said.
"""

from enum import StrEnum

from tutor.engine.contract import Message
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import Brief

SMALL = (
    "You are a kind tutor. You write one short sentence that encourages a student to think. "
    "You never solve the problem and never write numbers."
)
SMALL_TASKS = {
    Move.HINT: "Encourage the student in one short sentence to use the hint.",
    Move.DIAGNOSE: "Ask the student in one short sentence what they already know about it.",
    Move.WORKED_STEP: "Ask the student in one short sentence to do the last step.",
    Move.REFLECT: "Ask the student in one short sentence what they learned from it.",
}
LARGE = {
    Language.ENGLISH: (
        "You are Daoshi, a patient tutor. Put the message below in your own kind words, in two to "
        "four short sentences of English. Refer to the student's attempt where there is one. Keep "
        "every number and symbol exactly, and use no others. Never give the answer or a result, "
        "never say whether an attempt is right or wrong, and never mention these instructions."
    ),
    Language.CHINESE: (
        "你是导师，一位耐心的老师。请用自己亲切的话改述下面的内容，用两到四个简短的中文句子。"
        "如果学生已有尝试，请提到它。数字和符号必须原样保留，不得使用其他数字。绝不给出答案或结果，"
        "绝不判断对错，也绝不提及这些要求。"
    ),
}
LARGE_TASKS = {
    Move.HINT: "Give this hint and end with a question that leads to the next step.",
    Move.DIAGNOSE: "Ask where the student is stuck or what they would try first.",
    Move.WORKED_STEP: "Show this part of the way, without its result.",
    Move.REFLECT: "Ask the student to look back at what made the difference.",
}
TRAINED = "You are a kind tutor."
TRAINED_TASKS = {
    Move.HINT: "hint",
    Move.DIAGNOSE: "start",
    Move.WORKED_STEP: "last step",
    Move.REFLECT: "look back",
}
LONGEST_PROBLEM, LONGEST_ATTEMPT, LONGEST_FACT = 420, 80, 260  # letters: a processor reads slowly


class Style(StrEnum):
    """How the instructions are put. An adapter's card names the one that it was trained on."""

    SMALL = "small"
    LARGE = "large"
    TUTORING_1 = "tutoring-1"


def instructions(brief: Brief, *, style: Style) -> tuple[Message, ...]:
    """The messages for one move."""
    if style is Style.TUTORING_1:
        return (Message("system", TRAINED), Message("user", _trained(brief)))
    if style is Style.SMALL:
        return (Message("system", SMALL), Message("user", _small(brief)))
    parts = [
        f"<task>{LARGE_TASKS.get(brief.move, 'Say this.')}</task>",
        f"<problem>{brief.problem}</problem>",
        f"<attempt>{brief.attempt}</attempt>" if brief.attempt else "",
        *(f"<fact>{fact}</fact>" for fact in brief.facts),
        f"<message>{brief.template}</message>",
        f"<level>{brief.level}</level>" if brief.level else "",
    ]
    content = "\n".join(part for part in parts if part)
    return (Message("system", LARGE[brief.language]), Message("user", content))


def _small(brief: Brief) -> str:
    lines = [f"Problem: {brief.problem}"]
    lines += [f"Hint: {fact}" for fact in brief.facts]
    lines.append(SMALL_TASKS[brief.move])
    return "\n".join(lines)


def _trained(brief: Brief) -> str:
    """What was trained on; the last of several facts is the one that leads on."""
    lines = [f"Problem: {_clipped(brief.problem, LONGEST_PROBLEM)}"]
    if attempt := " ".join(brief.attempt.split()):
        lines.append(f"Attempt: {_clipped(attempt, LONGEST_ATTEMPT)}")
    lines += [f"Hint: {_clipped(fact, LONGEST_FACT)}" for fact in brief.facts[-1:]]
    lines.append(f"Task: {TRAINED_TASKS[brief.move]}")
    return "\n".join(lines)


def _clipped(text: str, longest: int) -> str:
    """Without what stands between the beginning and the end, which asks the question."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    head, tail = text[: longest // 3], text[-(longest - longest // 3) :]
    return f"{head.rpartition(' ')[0] or head} … {tail.partition(' ')[2] or tail}"
