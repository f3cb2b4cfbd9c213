"""How a question is put: where we are, the problem, what is asked, and the choices."""

from tutor.bank.item import AnswerKey, AnswerType
from tutor.i18n import mark
from tutor.pedagogy.dialogue import Intent
from tutor.pedagogy.scene import Scene, letter

_GREETED = (
    mark("I'm here. Let's look at our question again:"),
    mark("Glad you're here! This is where we are:"),
    mark("Back to our question:"),
)
_TAKEN = (
    mark("Good. So what do you get for this one?"),
    mark("Great, then it's your turn:"),
    mark("All right. Have a go:"),
)
_EASIER_DONE = (
    mark("Now use that for the question itself:"),
    mark("With that, go back to the question:"),
)
_PLACE = mark("Question {number}")
_PLACE_OF = mark("Question {number} of {total}")
_HOW_TO_ANSWER = {
    AnswerType.CHOICE: mark("Answer with a letter."),
    AnswerType.CHOICES: mark("Several can be right. Answer with all their letters, such as A, C."),
    AnswerType.OPEN: mark("Answer in your own words."),
}


def ask(scene: Scene) -> str:
    """The whole question; the easier one where that is open."""
    opening = _opening(scene)
    open_hint = scene.state.scaffold
    if open_hint is not None:
        hint = scene.step.hints[open_hint]
        return joined(opening, hint.text, choices(scene, hint.key))
    return joined(opening, question(scene))


def question(scene: Scene) -> str:
    """Progress, stem, prompt, choices. A stem that is all of the question is always said."""
    step, item = scene.step, scene.item
    parts = [progress(scene)]
    prompt = step.prompt.strip()
    if not prompt or (not scene.problem_shown and item.stem.strip() != prompt):
        parts.append(item.stem)
    parts += [step.prompt, choices(scene, step.answer)]
    return joined(*parts)


def progress(scene: Scene) -> str:
    """“Question 2 of 5”; "" outside of a series."""
    if not scene.number:
        return ""
    place = scene.say(_PLACE_OF if scene.total else _PLACE, number=scene.number, total=scene.total)
    return f"**{place}**"


def choices(scene: Scene, key: AnswerKey | None) -> str:
    """One lettered line for each choice, and how to answer."""
    if key is None:
        return ""
    lines = [f"{letter(index)}) {choice}" for index, choice in enumerate(key.choices)]
    how = _HOW_TO_ANSWER.get(key.type)
    if how and (lines or key.type is AnswerType.OPEN):
        lines.append(f"*{scene.say(how)}*")
    return "\n".join(lines)


def _opening(scene: Scene) -> str:
    state = scene.state
    if scene.on_scaffold and state.scaffold is None:
        return scene.pick(_EASIER_DONE)
    if scene.intent is Intent.CHAT:
        return scene.pick(_GREETED)
    if scene.intent is Intent.CONFIRM and (state.hints or state.worked or state.diagnosed):
        return scene.pick(_TAKEN)
    return ""


def joined(*parts: str) -> str:
    """The parts that say something, as paragraphs."""
    return "\n\n".join(part.strip() for part in parts if part.strip())
