"""What is said about an answer: right, not right yet, unreadable, taken, or not to be checked."""

from collections.abc import Mapping

from tutor.grading.verdict import Outcome, Pattern, Stage
from tutor.i18n import mark
from tutor.moves import Move
from tutor.pedagogy.scene import Scene

_RIGHT = (
    mark("Yes, {attempt} is right! ✅"),
    mark("Correct! ✅ You wrote {attempt}, and that's it."),
    mark("{attempt}: exactly right. ✅"),
    mark("That's it! ✅ {attempt} is correct."),
)
_RIGHT_AFTER_WORK = (
    mark("{attempt} is right! ✅ You stayed with it, and it paid off."),
    mark("Now you have it: {attempt} is right. ✅"),
    mark("Yes, {attempt}! ✅ Well worked out."),
)
_EASIER_RIGHT = (
    mark("Right, {attempt}. 👍"),
    mark("Yes, {attempt} is right for this part. 👍"),
)
_WRONG = (
    mark("You wrote {attempt}. That's not it yet."),
    mark("Your answer was {attempt}. It isn't right yet, but every try gets you closer."),
    mark("Not quite: you wrote {attempt}, and that doesn't fit here."),
    mark("Thanks for trying {attempt}. It isn't the answer yet."),
)
_PARTLY = (
    mark("You wrote {attempt}. Part of that is right, but something is missing or too much."),
    mark("You're on the way: your {attempt} is partly right."),
)
_TRY_AGAIN = (
    mark("Look at it once more: how did you get there?"),
    mark("Go through your steps again. Where could it have turned?"),
    mark("Check it against the question once more, or ask me for a hint."),
)
_ALL_HELP_GIVEN = (
    mark("I have no more hints. Try once more, or ask for the answer, and I'll show you the way."),
)
_BY_PATTERN: Mapping[Pattern, str] = {
    Pattern.SIGN: mark("Look closely at the sign: plus or minus?"),
    Pattern.UNIT_MISSING: mark("The number alone isn't enough here: which unit does it have?"),
    Pattern.UNIT_WRONG: mark("Check the unit: is it the one that was asked for?"),
    Pattern.POWER_OF_TEN: mark("Check the decimal point: it slipped by a factor of ten or more."),
    Pattern.ROUNDING: mark("You're very close. How exactly does it have to be rounded?"),
    Pattern.INVERSE: mark("It looks turned upside down: which number belongs on top?"),
    Pattern.OFF_BY_ONE: mark("You're just one off. Count once more."),
    Pattern.NOT_SIMPLIFIED: mark("The value is fine, but it can be simplified further."),
    Pattern.INCOMPLETE: mark("What you have is a start: there is more than one solution."),
    Pattern.SPELLING: mark("That's nearly the word: check the spelling."),
}
_UNREADABLE = (
    mark("I couldn't read {attempt} as an answer. Can you write just the answer?"),
    mark("I'm not sure what you mean by {attempt}. Write only your answer, please."),
)
_UNREADABLE_EMPTY = (mark("I couldn't read that as an answer. Can you write just the answer?"),)
_UNREADABLE_CHOICE = (mark("I couldn't tell which one you mean. Answer with a letter, please."),)
_TAKEN = (
    mark("Noted: {attempt}."),
    mark("Your answer {attempt} is recorded."),
)
_UNCHECKED = (
    mark("Thank you for your answer. I can't check this one, so I won't call it right or wrong."),
    mark("I've read it. There's no key for this question, so I can't say right or wrong."),
)
_OPINIONS = (
    mark("My impression, which is only an opinion and doesn't count: the main points are missing."),
    mark("My impression, which is only an opinion and doesn't count: part of it is there."),
    mark("My impression, which is only an opinion and doesn't count: the main points are there."),
)


def confirm(scene: Scene) -> str:
    if scene.on_scaffold:
        return scene.pick(_EASIER_RIGHT, attempt=scene.attempt)
    worked = scene.state.hints or scene.state.worked or scene.state.tries > 1
    return scene.pick(_RIGHT_AFTER_WORK if worked else _RIGHT, attempt=scene.attempt)


def correct(scene: Scene) -> str:
    """Names the attempt, then the kind of mistake, else what to do next."""
    verdict = scene.verdict
    partly = verdict is not None and verdict.outcome is Outcome.PARTLY
    told = scene.pick(_PARTLY if partly else _WRONG, attempt=scene.attempt)
    return scene.together(told, _next_step(scene))


def _next_step(scene: Scene) -> str:
    pattern = scene.verdict.pattern if scene.verdict else Pattern.NONE
    if pattern in _BY_PATTERN:
        return scene.say(_BY_PATTERN[pattern])
    if not {Move.HINT, Move.WORKED_STEP}.isdisjoint(scene.moves):
        return ""
    return scene.pick(_ALL_HELP_GIVEN if scene.state.worked else _TRY_AGAIN)


def clarify(scene: Scene) -> str:
    if scene.step.answer.choices:
        return scene.pick(_UNREADABLE_CHOICE)
    if not scene.answer.strip():
        return scene.pick(_UNREADABLE_EMPTY)
    return scene.pick(_UNREADABLE, attempt=scene.attempt)


def record(scene: Scene) -> str:
    return scene.pick(_TAKEN, attempt=scene.attempt)


def cannot_check(scene: Scene) -> str:
    verdict = scene.verdict
    if verdict is None or verdict.stage is not Stage.RUBRIC:
        return scene.pick(_UNCHECKED)
    opinion = _OPINIONS[round(verdict.score * (len(_OPINIONS) - 1))]
    return f"{scene.say(opinion)} {scene.pick(_UNCHECKED)}"
