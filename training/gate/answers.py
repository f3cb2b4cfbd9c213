"""How many questions of held-out items an arm answers right, graded by code as learners are."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from training.datasets.example import Example
from training.gate.arms import Arm, Asking, Side
from training.gate.bootstrap import Part
from training.gate.questions import Question, ask_all
from training.gate.results import Results
from training.gate.taken import Taken
from tutor.bank.item import AnswerKey, AnswerType
from tutor.engine.contract import Message
from tutor.engine.profiles import ModelProfile
from tutor.grading.grader import grade_quickly
from tutor.grading.verdict import Outcome
from tutor.language import Language
from tutor.moves import speaks
from tutor.pedagogy.brief import brief_from_json
from tutor.tuning.report import MeasureName

ANSWER_TOKENS = 24
ASKS = {
    Language.ENGLISH: "Reply with the final answer only.",
    Language.CHINESE: "只回答最后的答案。",
}


@dataclass(frozen=True, slots=True)
class Asked:
    group: str
    problem: str
    key: AnswerKey
    language: Language


def questions_of(examples: Sequence[Example], profile: ModelProfile, most: int) -> list[Asked]:
    """Each problem with a key once."""
    found: dict[str, Asked] = {}
    for example in examples:
        if example.brief is not None:
            brief = brief_from_json(example.brief)
            closed = brief.secret is not None and brief.secret.type is not AnswerType.OPEN
            if brief.secret is not None and closed and speaks(profile, brief.language):
                asked = Asked(example.group, brief.problem, brief.secret, brief.language)
                found.setdefault(brief.problem, asked)
    return list(found.values())[:most]


async def answered(
    asking: Asking,
    results: Results,
    arms: Sequence[Arm],
    questions: Sequence[Asked],
    done: Callable[[], Awaitable[None]],
) -> Taken:
    """The share of right answers."""

    def question(arm: Arm, asked: Asked) -> Question:
        text = f"{asked.problem}\n{ASKS[asked.language]}"

        async def ask() -> dict[str, str]:
            return {"text": (await asking.reply(arm, (Message("user", text),), ANSWER_TOKENS)).text}

        return Question(arm, text, ask)

    places = [(arm, one) for one in questions for arm in arms]
    found = await ask_all(asking, results, [question(*place) for place in places], done)
    parts: dict[Side, tuple[Part, ...]] = {arm.side: () for arm in arms}
    for (arm, asked), known in zip(places, found, strict=True):
        parts[arm.side] += (Part(float(is_right(asked, known["text"]))),)
    return Taken(MeasureName.ANSWERS, tuple(one.group for one in questions), parts)


def is_right(asked: Asked, text: str) -> bool:
    """Whether its first line is graded as right; what code can't decide at once counts as wrong."""
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    if not line:
        return False
    verdict = grade_quickly(asked.key, line, asked.language, asked.problem)
    return verdict is not None and verdict.outcome is Outcome.RIGHT
