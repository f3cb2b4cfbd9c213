"""The last words of a lesson or quiz, and what stands between a question and something else."""

from tutor.i18n import mark, say_count
from tutor.pedagogy.scene import Scene

_END = (
    mark("That's it for now. Well done for staying with it!"),
    mark("Done! Every question you worked on counts."),
)
_STOPPED = (
    mark("All right, we stop here. You can go on whenever you like."),
    mark("Okay, that's enough for now. See you next time!"),
)
_WITHHELD = mark(
    "Your answers are recorded. With `/progress` and `/feedback` you see how it went when the exam "
    "is over."
)
_CONTEST = (
    mark("You may be right, and I take that seriously. A teacher can look at the question."),
    mark("Thank you for saying so. Questions can have mistakes; a teacher can check this one."),
)
_CONTEST_HOW = mark("Send it to the teacher, or go on with your own answer.")
_EXPLAIN = (
    mark("Good question. Let's look at what it means before you go on:"),
    mark("Let's clear that up first:"),
)
_BACK = (
    mark("And then back to our question: what do you get?"),
    mark("Our question is still open. Ready to go on?"),
)


def finish(scene: Scene) -> str:
    """How it went, in plain counts."""
    summary = scene.summary
    if summary is None or not summary.asked:
        return scene.pick(_STOPPED)
    if not summary.graded:
        return scene.together(scene.pick(_END), scene.say(_WITHHELD))
    counts = say_count(
        scene.language,
        "You answered {count} question, {right} of them right.",
        "You answered {count} questions, {right} of them right.",
        summary.asked,
        right=summary.right,
    )
    return scene.together(scene.pick(_END), counts, *_details(scene))


def _details(scene: Scene) -> list[str]:
    summary = scene.summary
    assert summary is not None
    details = []
    if summary.aided:
        details.append(
            say_count(
                scene.language,
                "{count} of them took a hint.",
                "{count} of them took hints.",
                summary.aided,
            )
        )
    if summary.revealed:
        details.append(
            say_count(
                scene.language,
                "{count} we looked at together; we'll come back to it.",
                "{count} we looked at together; we'll come back to them.",
                summary.revealed,
            )
        )
    return details


def contest(scene: Scene) -> str:
    return scene.together(scene.pick(_CONTEST), scene.say(_CONTEST_HOW))


def explain(scene: Scene) -> str:
    """What introduces an explanation that somebody else gives."""
    return scene.pick(_EXPLAIN)


def back(scene: Scene) -> str:
    """Leads back to the open question after something beside it."""
    return scene.pick(_BACK)
