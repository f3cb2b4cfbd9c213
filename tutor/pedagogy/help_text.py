"""What is said to help: a question back, a hint, the way, the answer, or why not yet."""

from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind
from tutor.i18n import mark
from tutor.pedagogy.dialogue import Intent
from tutor.pedagogy.policy import ladder
from tutor.pedagogy.question_text import choices, joined, question
from tutor.pedagogy.scene import Scene, letter

_DIAGNOSE = (
    mark("No problem, everybody gets stuck. What does the question ask for, in your own words?"),
    mark("That's fine, let's find out together. Which part is clear to you, and which isn't?"),
    mark("Not knowing yet is where learning starts. What would be your first step?"),
)
_DIAGNOSE_MORE = (
    mark("A guess is welcome too, and if you like, ask me for a hint."),
    mark("Even a wrong try helps us. Or ask for a hint."),
)
_HINT = (
    mark("💡 Hint {number}:"),
    mark("💡 Here's hint {number}:"),
    mark("💡 This may help (hint {number}):"),
)
_EASIER = (
    mark("💡 Let's take a smaller question first:"),
    mark("💡 Try this easier part first:"),
)
_AFTER_HINT = (
    mark("What do you get now?"),
    mark("Does that help? Give it a try."),
    mark("Try the next step with that."),
)
_WORKED = (
    mark("Let's put the way together, up to the last step:"),
    mark("This is how far the way goes, without the last step:"),
)
_WORKED_END = (
    mark("The last step is yours. What comes out?"),
    mark("Now only the end is missing. What do you get?"),
)
_METHOD = (
    mark("Write down what is given."),
    mark("Write down what is asked for."),
    mark("Which rule, formula or fact connects the two?"),
    mark("Do one small step with it, and tell me what you get."),
)
_NOT_YET = (
    mark("I won't give it away just yet: finding it yourself is what sticks."),
    mark("I know you'd like the answer now. Give it one more go first."),
)
_POSSIBLE_HINT = (
    mark(
        "I can give you a hint, or you try a guess. If you ask for the answer again, I'll show it."
    ),
    mark("How about a hint? And if you still want the answer then, ask again and you'll get it."),
)
_POSSIBLE = (
    mark("Try a guess, however rough. If you ask for the answer again, I'll show it."),
    mark(
        "Tell me your first idea. If you still want the answer then, ask again and you'll get it."
    ),
)
_NO_HINTS_LEFT = (
    mark("I have no further hints for this one. Try a guess, or ask for the answer."),
)
_TRICK = (
    mark("Nice try! 🙂 I stick to helping you find it yourself."),
    mark("That doesn't get it out of me. 🙂 But I'll gladly help you get there."),
    mark("I don't work around my rules, whoever says so. But you can do this one."),
)
_TRICK_HINT = (
    mark("Do you want a hint, or would you like to try?"),
    mark("Say “hint” for a push in the right direction, or send me what you have so far."),
)
_TRICK_NO_HINT = (
    mark("Send me what you have so far, and we go on from there."),
    mark("What would be your first step?"),
)
_REVEAL = (
    mark("Here it is. The answer is {answer}."),
    mark("All right, let's look at it together. The answer is {answer}."),
)
_REVEAL_AGAIN = (mark("Here's how it goes. The answer is {answer}."),)
_HOW = mark("How to get there:")
_TWIN = (
    mark("Now it's your turn, with one of the same kind:"),
    mark("Let's see whether it sticks. Try this similar one:"),
)
_TWIN_ALONE = mark(
    "Next I'll give you one of the same kind, so that you can try the same way yourself."
)
_REFLECT = (
    mark("Before we go on: what made the difference this time?"),
    mark("One look back: what would you do first when you meet a question like this again?"),
    mark("Quick question: which step was the tricky one, and how did you get past it?"),
)
_REFLECT_OUT = mark("A few words are enough, or say “next”.")
_NO_HELP = (
    mark("This is an exam, so I can't help with the questions now. Just give your best answer."),
    mark("I may not help during an exam. Answer as well as you can, or skip this question."),
)


def diagnose(scene: Scene) -> str:
    return scene.together(scene.pick(_DIAGNOSE), scene.pick(_DIAGNOSE_MORE))


def hint(scene: Scene) -> str:
    """The hint as its author wrote it; a scaffold with its own choices."""
    assert scene.hint is not None, "a hint is chosen before it is said"
    shown = scene.step.hints[scene.hint]
    if shown.kind is HintKind.SCAFFOLD and shown.key is not None:
        return joined(scene.pick(_EASIER), shown.text, choices(scene, shown.key))
    opening = scene.pick(_HINT, number=scene.state.hints)
    return joined(scene.together(opening, shown.text), scene.pick(_AFTER_HINT))


def worked_step(scene: Scene) -> str:
    """The hints so far as one way; where there are none, how to begin with any problem."""
    rungs = ladder(scene.step)
    lines = [_with_part(scene, scene.step.hints[index]) for index in rungs]
    lines = lines or list(map(scene.say, _METHOD))
    opening = scene.pick(_WORKED) if rungs else ""
    closing = scene.pick(_WORKED_END) if rungs else ""
    return joined(opening, numbered(lines), closing)


def decline(scene: Scene) -> str:
    """Says no and what is possible instead."""
    left = scene.state.hints < len(ladder(scene.step))
    if scene.intent is Intent.BREAK_RULES:
        return scene.together(
            scene.pick(_TRICK), scene.pick(_TRICK_HINT if left else _TRICK_NO_HINT)
        )
    if scene.intent is Intent.REVEAL:
        return scene.together(
            scene.pick(_NOT_YET), scene.pick(_POSSIBLE_HINT if left else _POSSIBLE)
        )
    return scene.pick(_NO_HINTS_LEFT)


def reveal(scene: Scene) -> str:
    """The answer, and the way to it out of every hint there is."""
    answer = shown_answer(scene.step.answer)
    opening = scene.pick(_REVEAL_AGAIN if scene.state.solved else _REVEAL, answer=answer)
    lines = [_with_answer(hint.text, hint.key) for hint in scene.step.hints]
    return joined(opening, f"{scene.say(_HOW)}\n\n{numbered(lines)}" if lines else "")


def twin(scene: Scene) -> str:
    """The similar question, where the scene's item is it already."""
    if scene.state.revealed:
        return scene.say(_TWIN_ALONE)
    return joined(scene.pick(_TWIN), question(scene))


def reflect(scene: Scene) -> str:
    return scene.together(scene.pick(_REFLECT), scene.say(_REFLECT_OUT))


def no_help(scene: Scene) -> str:
    return scene.pick(_NO_HELP)


def shown_answer(key: AnswerKey) -> str:
    """The key as it is shown: with letter or unit, and safe from Markdown."""
    if key.type in (AnswerType.CHOICE, AnswerType.CHOICES):
        right = [c for c in enumerate(key.choices) if c[1] in key.answers]
        return ", ".join(f"**{letter(index)}) {choice}**" for index, choice in right)
    answer = key.answers[0] if key.answers else ""
    if key.unit and not answer.endswith(key.unit):
        answer = f"{answer} {key.unit}"
    if "\\" in answer and "$" not in answer:
        return f"${answer}$"
    return f"`{answer}`" if "*" in answer or "_" in answer else f"**{answer}**"


def numbered(lines: list[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def _with_part(scene: Scene, hint: Hint) -> str:
    """A scaffold with its own answer, unless that is the answer to the step."""
    result = set(scene.step.answer.answers)
    if hint.key is None or result & set(hint.key.answers):
        return hint.text
    return _with_answer(hint.text, hint.key)


def _with_answer(text: str, key: AnswerKey | None) -> str:
    return f"{text} → {shown_answer(key)}" if key and key.answers else text
