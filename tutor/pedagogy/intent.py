"""What a learner's message about the present step wants, read by rules and without a model.

English, Simplified Chinese and both mixed; typos, slang, full width, emoji. What the rules look for
is in `phrases`, `rule_breaking` and `attempts`; this is the order in which they decide.
"""

from collections.abc import Callable
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tutor.bank.item import AnswerType, Step
from tutor.pedagogy.attempts import Attempt, answer_part, attempt_in, readable
from tutor.pedagogy.dialogue import DialogueState, Intent
from tutor.pedagogy.distress import is_distress
from tutor.pedagogy.mixed_text import in_chinese
from tutor.pedagogy.normal_text import normal
from tutor.pedagogy.phrases import NOT_WANTED, PATTERNS, WORDS
from tutor.pedagogy.rule_breaking import breaks_rules

_WITH_ATTEMPT = frozenset({Intent.DONT_KNOW, Intent.CHAT, Intent.CONFIRM})
"""What may stand around a marked answer: "idk maybe its 12"."""

_WITH_VALUE = frozenset({Intent.CONFIRM, Intent.CHAT})

_REAL_WORDS = frozenset(
    [
        "step",
        "steps",
        "shop",
        "text",
        "hind",
        "hit",
        "mint",
        "hunt",
        "now",
        "snow",
        "meant",
        "mine",
        "men",
        "knew",
        "hold",
        "heap",
        "held",
        "night",
        "light",
        "weight",
        "height",
        "might",
        "bright",
        "while",
        "white",
        "what",
        "want",
        "went",
        "again",
        "against",
        "skin",
        "ship",
        "slip",
        "stock",
        "spot",
        "stuff",
        "struck",
        "means",
        "moan",
        "think",
        "thing",
        "things",
        "thin",
        "thank",
        "clue",
        "glue",
        "blue",
        "ides",
        "ideal",
        "card",
        "herd",
        "heard",
        "share",
        "shown",
        "best",
        "rest",
        "test",
        "nest",
        "neat",
        "need",
        "tall",
        "till",
        "dell",
        "sell",
        "bell",
        "fell",
        "well",
        "tale",
        "late",
        "gave",
        "live",
        "five",
        "love",
        "pass",
        "past",
        "path",
        "wrote",
        "rights",
        "write",
        "answer",
    ]
)


def read_intent(
    text: str,
    step: Step,
    state: DialogueState,
    *,
    distressed: Callable[[str], bool] = is_distress,
) -> Intent:
    """The intent; `distressed` looks at the message before anything else does."""
    if distressed(text):
        return Intent.DISTRESS
    text = readable(text)
    easier = easier_step(step, state)
    if easier is not None and _intent(text, easier, state) is Intent.ATTEMPT:
        return Intent.ATTEMPT
    return _intent(text, step, state)


def easier_step(step: Step, state: DialogueState) -> Step | None:
    """The open question of a scaffold, as a step of its own."""
    hint = step.hints[state.scaffold] if state.scaffold is not None else None
    return replace(step, prompt=hint.text, answer=hint.key, hints=()) if hint and hint.key else None


def _intent(text: str, step: Step, state: DialogueState) -> Intent:
    said = normal(text)
    if not said.strip(" ?!.…。"):
        return Intent.DONT_KNOW
    found = attempt_in(text, step, state)
    attempt = found.attempt
    if attempt is Attempt.BARE and (step.answer.choices or _is_answer(found.answer, step)):
        return Intent.ATTEMPT
    if breaks_rules(said):
        return Intent.BREAK_RULES
    wish = _wish(said)
    if attempt is Attempt.MARKED and _stands_beside(wish, said, step):
        return Intent.ATTEMPT
    if wish is not None:
        return wish
    if attempt is Attempt.POSSIBLE and step.answer.type is not AnswerType.TEXT:
        return Intent.ATTEMPT
    respelt = _respelt(said)
    wish = _wish(respelt) if respelt != said else None
    if wish is not None:
        return Intent.BREAK_RULES if breaks_rules(respelt) else wish
    return Intent.ATTEMPT if attempt is Attempt.POSSIBLE else Intent.OTHER


def _is_answer(value: str, step: Step) -> bool:
    """ "one more clue" looks like a number with a unit, and is a wish; "stop" may be the answer."""
    if value.strip().casefold() in map(str.casefold, step.answer.answers):
        return True
    return not any(map(str.isalpha, value)) or _wish(normal(value)) in (None, *_WITH_VALUE)


def _stands_beside(wish: Intent | None, said: str, step: Step) -> bool:
    """Whether the wish only goes along with a marked answer; a phrase may ask for nothing."""
    if wish is None:
        return True
    phrase = step.answer.type is AnswerType.TEXT
    return wish in _WITH_ATTEMPT and not (phrase and _wish(answer_part(said)))


def _wish(said: str) -> Intent | None:
    """What is asked for besides an answer, in the order of the patterns."""
    wanted = said
    for refused in NOT_WANTED:
        wanted = refused.sub(" ", wanted)
    wanted = " ".join(wanted.split())
    if not wanted.strip(" ,.!?，。！？"):
        return Intent.CONFIRM
    readings = {wanted, in_chinese(wanted)}
    found = next(
        (intent for intent, pattern in PATTERNS if any(map(pattern.search, readings))), None
    )
    return found or (Intent.CONFIRM if wanted != said else None)


def _respelt(said: str) -> str:
    """Misspelt words replaced by the nearest word that means something here."""
    return " ".join(_nearest(word) for word in said.split())


def _nearest(word: str) -> str:
    bare = word.strip(".,!?;:")
    if len(bare) < 4 or not bare.isascii() or not bare.isalpha() or bare in _REAL_WORDS:
        return word
    allowed = 1 if len(bare) < 7 else 2
    found = process.extractOne(bare, WORDS, scorer=OSA.distance, score_cutoff=allowed)
    return found[0] if found else word
