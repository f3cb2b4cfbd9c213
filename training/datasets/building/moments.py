"""The moments of a step at which the tutor speaks, each with the brief that a lesson makes.

Plays the real dialogue with a scripted learner; nothing is worded, graded or stored.
"""

from collections.abc import AsyncGenerator, Coroutine, Sequence
from typing import NoReturn

from tutor.bank.item import AnswerKey, Item
from tutor.engine.profiles import EMBEDDED
from tutor.grading.verdict import Outcome, Stage, Verdict
from tutor.language import Language
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.dialogue import DialogueState, Event, Intent, Policy
from tutor.pedagogy.phrasing import PHRASABLE, Phraser, Piece
from tutor.pedagogy.policy import ladder
from tutor.pedagogy.session import Context, StepDialogue


def moments(item: Item, index: int, wrong: Sequence[str], right: str) -> list[Brief]:
    """The briefs of a lesson about one step: two wrong answers, the second of which brings a hint,
    the other hints, then the answer.

    `wrong` and `right` are what the learner types. Without a wrong answer they ask for help only.
    """
    language = Language(item.language)
    events = [Event(Intent.DONT_KNOW, "idk")] if not wrong else []
    events += [Event(Intent.ATTEMPT, text, _verdict(Outcome.WRONG)) for text in wrong[:2]]
    rungs = len(ladder(item.steps[index])) + 1  # all hints, and the way without its result
    events += [Event(Intent.HINT, "hint")] * (rungs - (len(wrong) > 1))
    if right:
        events.append(Event(Intent.ATTEMPT, right, _verdict(Outcome.RIGHT)))
    return _at_once(_played(item, index, events, language))


def _verdict(outcome: Outcome) -> Verdict:
    return Verdict(outcome, stage=Stage.KEY)


class _Listener(Phraser):
    """Keeps the briefs of the moves that a model may word."""

    def __init__(self) -> None:
        super().__init__(None, EMBEDDED)
        self.heard: list[Brief] = []

    async def phrase(self, brief: Brief, learner_id: str = "") -> AsyncGenerator[Piece, None]:
        if brief.move in PHRASABLE:
            self.heard.append(brief)
        yield Piece(brief.template)


class _NoGrades:
    """What is played here was graded before."""

    async def grade(
        self, key: AnswerKey, answer: str, language: Language, question: str = ""
    ) -> NoReturn:
        raise AssertionError(answer)


async def _played(
    item: Item, index: int, events: Sequence[Event], language: Language
) -> list[Brief]:
    listener = _Listener()
    dialogue = StepDialogue(
        item, index, DialogueState(), Policy.GUIDED, grader=_NoGrades(), phraser=listener
    )
    said: tuple[str, ...] = ()
    for number, event in enumerate(events):
        async for _ in dialogue.follow(event, Context(language, said=said, seed=number)):
            pass
        said = (*said, event.text)
        if dialogue.state.closed:
            break
    return listener.heard


def _at_once(coroutine: Coroutine[None, None, list[Brief]]) -> list[Brief]:
    """The result of something that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: list[Brief] = end.value
        return result
    raise AssertionError("nothing here waits")
