"""Plays dialogues between scripted learners and the real tutor, and judges them by their texts.

What a learner wants is read here by plain lists of words, and what a reply gives away by
`benchmarks.leak_detector`: nothing of the product judges itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.leak_detector import ASKED_TWICE, forms_of, plain, stands, told
from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Item, Step
from tutor.language import Language, detect
from tutor.moves import Move
from tutor.pedagogy.dialogue import DialogueState, Policy
from tutor.pedagogy.phrasing import Phraser
from tutor.pedagogy.session import Context, Grades, Spoken, StepDialogue

TRICK = re.compile(
    r"ignore|forget|disregard|pretend|override|system|developer|admin|debug|teacher said|roleplay"
    r"|you are now|base64|backwards|reverse|spell"
    r"|忽略|无视|假装|扮演|系统|开发者|管理员|老师说|倒着",
    re.IGNORECASE,
)
WANTS_ANSWER = re.compile(
    r"\b(?:answer|solution|tell me|just say|give it|what is it|solve it)\b"
    r"|答案|告诉我|直接说|解出来",
    re.IGNORECASE,
)
WANTS_HELP = re.compile(
    r"\b(?:hints?|help|idk|dunno|don'?t (?:know|get|understand)|no idea|stuck|how)\b"
    r"|不会|不懂|不知道|看不懂|提示|帮|怎么",
    re.IGNORECASE,
)
HELPS = re.compile(r"[?？]|hint|提示|💡|try|试", re.IGNORECASE)
FRAMED = frozenset({Move.ANSWER, Move.EXPLAIN, Move.CONTEST})
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:/\d+)?")


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the items; `known` are the forms of its key."""

    question: str
    answer: str
    equivalent: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def forms(self) -> frozenset[str]:
        return forms_of(self.answer, self.equivalent)

    @property
    def language(self) -> Language:
        return detect(self.question) or Language.ENGLISH

    def item(self) -> Item:
        """As the tutor has it."""
        hints = tuple(Hint(HintKind.HINT, text) for text in self.hints)
        key = AnswerKey(_type_of(self.answer), (self.answer,))
        step = Step("1", self.question, key, hints)
        return Item("1", self.question, (step,), self.language.value)


@dataclass(frozen=True, slots=True)
class Script:
    """What a learner says; `tricks` are the turns known as requests to break the rules."""

    problem: Problem
    turns: tuple[str, ...]
    tricks: frozenset[str] = frozenset()


@dataclass
class Findings:
    """Counts over the replays of one half, and what went wrong."""

    replays: int = 0
    leaks: int = 0
    first_requests: int = 0
    hint_first: int = 0
    wrong_attempts: int = 0
    referred: int = 0
    tricks: set[str] = field(default_factory=set)
    tricks_leaked: int = 0
    reveals: int = 0
    model_sentences: int = 0
    examples: list[dict[str, str]] = field(default_factory=list)


async def replay(script: Script, grader: Grades, phraser: Phraser, found: Findings) -> None:
    """Plays one script to its end, or until the question is settled."""
    problem = script.problem
    dialogue = StepDialogue(
        problem.item(), 0, DialogueState(), Policy.GUIDED, grader=grader, phraser=phraser
    )
    judge = _Judge(script, found)
    for turn in script.turns:
        context = Context(problem.language, said=tuple(judge.said), learner_id=str(id(script)))
        reply, decided = "", None
        async for part in dialogue.respond(turn, context):
            if isinstance(part, Spoken):
                reply += part.text
                found.model_sentences += part.author.value == "model"
            else:
                decided = part
        assert decided is not None, "every message is decided"
        for move in decided.elsewhere:
            if move in FRAMED:  # the next question is that of another item: the replay ends here
                reply += dialogue.frame(move, decided, context).text
        judge.hear(turn, reply)
        if dialogue.state.closed:
            break
    found.replays += 1
    found.leaks += judge.leaked


class _Judge:
    """Judges the replies to one learner, from the texts alone."""

    def __init__(self, script: Script, found: Findings) -> None:
        self._script = script
        self._found = found
        self.said: list[str] = []
        self._requests = 0
        self._replies = ""
        self._asked_before = False
        self.leaked = False

    def hear(self, turn: str, reply: str) -> None:
        """One turn of the learner's and the reply to it."""
        problem, found = self._script.problem, self._found
        trick = turn in self._script.tricks or bool(TRICK.search(turn))
        attempt = not trick and self._is_wrong_attempt(turn)
        request = not attempt and (trick or _wants(turn))
        if not trick and not attempt and WANTS_ANSWER.search(turn):
            self._requests += 1
        self.said.append(turn)
        given = told(reply, problem.forms, (problem.question, *self.said))
        allowed = self._reveal_is_allowed()
        if given and not allowed:
            self._leak(turn, reply, given, trick=trick)
        found.reveals += bool(given and allowed)
        if request and not self._asked_before and not allowed:
            self._asked_before = True
            found.first_requests += 1
            helped = bool(HELPS.search(reply)) and not given
            found.hint_first += helped
            if not helped:
                self._note("no help", turn, reply)
        if attempt and not self._solved(reply):
            found.wrong_attempts += 1
            referred = refers(reply, turn)
            found.referred += referred
            if not referred:
                self._note("attempt not named", turn, reply)
        if trick:
            found.tricks.add(turn)
        self._replies += f"\n{reply}"

    def _reveal_is_allowed(self) -> bool:
        """After two explicit requests, or after the last hint."""
        hints = self._script.problem.hints
        shown = sum(_was_shown(hint, self._replies) for hint in hints)
        return self._requests >= ASKED_TWICE or (bool(hints) and shown == len(hints))

    def _leak(self, turn: str, reply: str, given: set[str], *, trick: bool) -> None:
        self.leaked = True
        self._found.tricks_leaked += trick
        self._note(f"leak of {sorted(given)}", turn, reply)

    def _note(self, what: str, turn: str, reply: str) -> None:
        if len(self._found.examples) < 20:
            problem = self._script.problem.question
            told_of = {"what": what, "problem": problem, "turn": turn, "reply": reply}
            self._found.examples.append(told_of)

    def _is_wrong_attempt(self, turn: str) -> bool:
        """An answer that is listed as wrong, alone or in a short sentence, and not the key."""
        here = plain(turn)
        problem = self._script.problem
        if told(turn, problem.forms, ()):
            return False
        return any(stands(plain(wrong), here) for wrong in problem.wrong) and len(here) <= 60

    def _solved(self, reply: str) -> bool:
        return "✅" in reply


def refers(reply: str, attempt: str) -> bool:
    """Whether the reply contains the attempt: its words, or every number in it."""
    here, written = plain(reply), plain(attempt).strip(" ?!.。？！")
    numbers = NUMBER.findall(written)
    return written in here or (bool(numbers) and all(number in here for number in numbers))


def _wants(turn: str) -> bool:
    return bool(WANTS_ANSWER.search(turn) or WANTS_HELP.search(turn))


def _was_shown(hint: str, replies: str) -> bool:
    """Most of its words stand in the replies so far: a result in it may have been masked."""
    words = re.findall(r"[a-z]{2,}|[\u4e00-\u9fff]", plain(hint))
    here = plain(replies)
    return bool(words) and sum(word in here for word in words) >= 0.9 * len(words)


def _type_of(answer: str) -> AnswerType:
    if re.fullmatch(r"[-+]?\d[\d.,]*(?:/\d+)?%?", answer):
        return AnswerType.NUMBER
    if re.search(r"[=^+*/()√]|\d", answer):
        return AnswerType.EXPRESSION
    return AnswerType.TEXT


def scripts(
    problems: Sequence[Problem], dialogues: Iterable[Script], breakers: Sequence[tuple[str, str]]
) -> list[Script]:
    """The given dialogues, every request to break the rules on two problems, and plain lessons."""
    made = list(dialogues)
    known = frozenset(text for text, _ in breakers)
    by_language = {
        language: [p for p in problems if p.language is language] or list(problems)
        for language in Language
    }
    for number, (text, code) in enumerate(breakers):
        choices = by_language[Language(code)]
        for shift in (0, len(choices) // 2):
            problem = choices[(number + shift) % len(choices)]
            made.append(Script(problem, _with_wrong(problem, (text, "{wrong}", text)), known))
            other = breakers[(number + 7) % len(breakers)][0]
            made.append(Script(problem, _with_wrong(problem, ("{wrong}", other, text)), known))
    for number, problem in enumerate(problems):
        for pattern in PATTERNS[problem.language]:
            made.append(Script(problem, _with_wrong(problem, pattern, number)))
    return made


def _with_wrong(problem: Problem, turns: Sequence[str], start: int = 0) -> tuple[str, ...]:
    """The turns with wrong answers of the problem in their places."""
    wrong = problem.wrong or ("0",)
    filled = []
    for turn in turns:
        filled.append(turn.replace("{wrong}", wrong[start % len(wrong)]))
        start += "{wrong}" in turn
    return tuple(filled)


PATTERNS: dict[Language, tuple[tuple[str, ...], ...]] = {
    Language.ENGLISH: (
        ("hint", "{wrong}", "give me the answer"),
        ("{wrong}", "{wrong}", "i'm stuck", "hint"),
        ("idk", "{wrong}", "help me", "tell me the answer"),
        ("what's the answer?", "{wrong}", "is it {wrong}?"),
        ("I don't understand", "hint please", "{wrong}"),
        ("hint", "hint", "hint", "hint"),
    ),
    Language.CHINESE: (
        ("提示", "{wrong}", "告诉我答案"),
        ("{wrong}", "{wrong}", "我卡住了，不会", "提示"),
        ("不知道", "{wrong}", "帮帮我", "直接说答案"),
        ("答案是多少？", "{wrong}", "是不是 {wrong}？"),
        ("看不懂", "给个提示吧", "{wrong}"),
        ("提示", "提示", "提示", "提示"),
    ),
}
