"""Grades an answer: key → numbers → algebra → verifier → text → opinion, the first that can tell.

The cheap stages run where they are called; the verifier runs in a process that can be killed. Says
RIGHT only for an answer that reads wholly as the key; what it cannot read is asked for again.
"""

import asyncio
import re
from functools import lru_cache

from tutor.bank.item import AnswerKey, AnswerType
from tutor.grading import text, units
from tutor.grading.choices import grade_choice
from tutor.grading.expressions import grade_expression, read_key
from tutor.grading.forms import Form, demanded
from tutor.grading.normalise import hedges, is_evasive, plain, stripped
from tutor.grading.numbers import numbers_in
from tutor.grading.quantity import grade_number, is_out_of_bounds, read_quantity
from tutor.grading.rubric import Rubric
from tutor.grading.text import grade_text, same_text
from tutor.grading.verdict import Outcome, Pattern, Stage, Verdict
from tutor.grading.verifier import Verifier
from tutor.language import Language
from tutor.worker import NoAnswer

LONGEST = 1_000  # an answer that is longer is no answer of these kinds
_COMMAND = re.compile(r"\\[A-Za-z]+")
_WORD = re.compile(r"[A-Za-z]{4,}|[\u4e00-\u9fff]")


class Grader:
    """Grades answers; owns the verifier's process and, if there is one, the rubric's model."""

    def __init__(self, rubric: Rubric | None = None, verifier: Verifier | None = None) -> None:
        self._rubric = rubric
        self._verifier = verifier or Verifier()

    async def grade(
        self, key: AnswerKey, answer: str, language: Language, question: str = ""
    ) -> Verdict:
        """The verdict. With the question's text, its demands on the form are held as well."""
        if key.type is AnswerType.OPEN:
            return await self._opinion(key, answer, language)
        verdict = grade_quickly(key, answer, language, question)
        return verdict if verdict is not None else await self._verified(key, answer)

    async def ready(self) -> None:
        """Waits until everything is warm; else the first answers take a second or are asked for
        again."""
        await asyncio.gather(
            asyncio.to_thread(text.warm), asyncio.to_thread(units.warm), self._verifier.ready()
        )

    async def close(self) -> None:
        await self._verifier.close()

    async def _opinion(self, key: AnswerKey, answer: str, language: Language) -> Verdict:
        if self._rubric is None:
            return Verdict(Outcome.OPINION)
        score = await self._rubric.opinion(key.rubric, answer, language)
        if score is None:
            return Verdict(Outcome.OPINION)
        return Verdict(Outcome.OPINION, score, Stage.RUBRIC)

    async def _verified(self, key: AnswerKey, answer: str) -> Verdict:
        read_as = stripped(plain(answer))[:80]
        try:
            for wanted in key.answers:
                if await self._verifier.same(_for_verifier(wanted), _for_verifier(answer)):
                    return Verdict(Outcome.RIGHT, 1.0, Stage.VERIFIER, read_as=read_as)
        except NoAnswer:
            return Verdict(Outcome.UNREADABLE, 0.0, Stage.VERIFIER, read_as=read_as)
        return Verdict(Outcome.WRONG, 0.0, Stage.VERIFIER, read_as=read_as)


def grade_quickly(
    key: AnswerKey, answer: str, language: Language, question: str = ""
) -> Verdict | None:
    """The verdict of the stages that need no process; None where only the verifier can tell."""
    if key.type is AnswerType.OPEN:
        return Verdict(Outcome.OPINION)
    if not answer.strip() or len(answer) > max(LONGEST, 2 * max(map(len, key.answers), default=0)):
        return Verdict(Outcome.UNREADABLE)
    if key.type in (AnswerType.CHOICE, AnswerType.CHOICES):
        return _evasive(key, answer) or grade_choice(key, answer)
    return (
        _by_key(key, answer)
        or _evasive(key, answer)
        or _echo(key, answer, question)
        or _by_kind(key, plain(answer), answer, demanded(question) if question else Form.NONE)
    )


def _by_key(key: AnswerKey, answer: str) -> Verdict | None:
    """The very text of a key is right, whatever else it could mean."""
    said = answer.strip()
    if said in key.answers or _squeezed(said) in {_squeezed(wanted) for wanted in key.answers}:
        if key.type is AnswerType.NUMBER and key.unit and numbers_in(said):
            return None  # a unit may be missing
        return Verdict(Outcome.RIGHT, 1.0, Stage.KEY, read_as=said)
    return None


@lru_cache(maxsize=1024)
def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", plain(text))


def _evasive(key: AnswerKey, answer: str) -> Verdict | None:
    if not is_evasive(answer) or any(is_evasive(wanted) for wanted in key.answers):
        return None
    if any(same_text(wanted, stripped(plain(answer))) for wanted in (*key.answers, *key.choices)):
        return None
    if read_quantity(plain(answer)) is not None:
        return None
    return Verdict(Outcome.UNREADABLE)


def _echo(key: AnswerKey, answer: str, question: str) -> Verdict | None:
    """The question's own expression given back is no answer, though it is equal to the key."""
    said = _squeezed(stripped(plain(answer)))
    if not question or len(said) < 3 or not re.search(r"[-+*/^√(]", said.lstrip("-")):
        return None
    if said in {_squeezed(wanted) for wanted in key.answers} or said not in _squeezed(question):
        return None
    return Verdict(Outcome.UNREADABLE, 0.0, Stage.KEY, Pattern.NOT_SIMPLIFIED, said[:80])


def _by_kind(key: AnswerKey, said: str, answer: str, form: Form) -> Verdict | None:
    verdict = None
    if key.type is AnswerType.TEXT:
        return grade_text(key, answer)
    if key.type is AnswerType.NUMBER:
        if not any("!" in wanted for wanted in key.answers):
            said = said.rstrip("! ") or said  # "12!" is said with joy, not a factorial
        verdict = grade_number(key, said, form)
        if verdict is not None:
            return verdict
        if not _is_mathematical(said):
            outcome = Outcome.WRONG if numbers_in(said) else Outcome.UNREADABLE
            return Verdict(outcome, 0.0, Stage.NUMBER, read_as=stripped(said)[:80])
    verdict = grade_expression(key, said, form)
    if verdict is not None:
        return verdict
    return _unread(key, said, answer, form)


def _unread(key: AnswerKey, said: str, answer: str, form: Form) -> Verdict | None:
    """What algebra could not read: a number in words, a phrase, or a matter for the verifier."""
    number = grade_number(key, said, form)
    if number is not None:
        return number
    worded = grade_text(key, answer)
    if worded.outcome is Outcome.RIGHT and worded.pattern is Pattern.NONE:
        return worded
    if any(
        read_key(wanted) is None and _WORD.search(_COMMAND.sub("", wanted))
        for wanted in key.answers
    ):
        return worded
    if key.type is AnswerType.NUMBER and is_out_of_bounds(said):
        return Verdict(Outcome.WRONG, 0.0, Stage.NUMBER, read_as=stripped(said)[:80])
    is_key_read = all(read_key(wanted) is not None for wanted in key.answers)
    is_plain_number = not is_key_read and read_quantity(said) is not None
    if not (_is_mathematical(said) or is_plain_number) or hedges(_COMMAND.sub(" ", said)):
        outcome = Outcome.WRONG if re.search(r"\d|[=<>]", said) else Outcome.UNREADABLE
        return Verdict(outcome, 0.0, Stage.ALGEBRA, read_as=stripped(said)[:80])
    return None


def _is_mathematical(said: str) -> bool:
    """Whether a text may be mathematics that our parser does not know: no words, some signs."""
    words = [w for w in re.findall(r"[A-Za-z]{3,}|[\u4e00-\u9fff]", said) if w not in _MATH_WORDS]
    return not words and len(said) < 300 and bool(re.search(r"[-+*/^=<>√(\\|]|\d[a-z]", said))


_MATH_WORDS = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "sec",
        "csc",
        "cot",
        "log",
        "sqrt",
        "root",
        "lim",
        "int",
        "sum",
        "prod",
        "exp",
        "pmod",
        "mod",
        "max",
        "min",
        "det",
        "sinh",
        "cosh",
        "tanh",
        "arcsin",
        "arccos",
        "arctan",
        "alpha",
        "beta",
        "theta",
        "gamma",
        "lambda",
        "binom",
        "sigma",
    ]
)


def _for_verifier(text: str) -> str:
    return text.strip().strip("$").replace("**", "^")
