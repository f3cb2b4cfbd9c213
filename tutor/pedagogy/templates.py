"""What the tutor says for each move without a language model: a complete lesson in itself.

The key stands in no template before a reveal. Items keep their own language; what is said around
them is in the learner's.
"""

from collections.abc import Callable, Mapping

from tutor.bank.item import Item, Step
from tutor.grading.verdict import Verdict
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy import finish_text, help_text, question_text, verdict_text
from tutor.pedagogy.dialogue import DialogueState, Intent
from tutor.pedagogy.scene import Scene, Summary

_TEXTS: Mapping[Move, Callable[[Scene], str]] = {
    Move.DIAGNOSE: help_text.diagnose,
    Move.ASK: question_text.ask,
    Move.CLARIFY: verdict_text.clarify,
    Move.CONFIRM: verdict_text.confirm,
    Move.CORRECT: verdict_text.correct,
    Move.HINT: help_text.hint,
    Move.WORKED_STEP: help_text.worked_step,
    Move.REVEAL: help_text.reveal,
    Move.TWIN: help_text.twin,
    Move.REFLECT: help_text.reflect,
    Move.DECLINE: help_text.decline,
    Move.NO_HELP: help_text.no_help,
    Move.RECORD: verdict_text.record,
    Move.CANNOT_CHECK: verdict_text.cannot_check,
    Move.CONTEST: finish_text.contest,
    Move.EXPLAIN: finish_text.explain,
    Move.ANSWER: finish_text.back,
    Move.FINISH: finish_text.finish,
}


def template(
    move: Move,
    language: Language,
    *,
    item: Item,
    step: Step,
    state: DialogueState,
    verdict: Verdict | None = None,
    hint: int | None = None,
    answer: str = "",
    intent: Intent | None = None,
    moves: tuple[Move, ...] = (),
    on_scaffold: bool = False,
    problem_shown: bool = False,
    number: int = 0,
    total: int = 0,
    summary: Summary | None = None,
    seed: int = 0,
) -> str:
    """The text of one move of the turn `moves`; what the fields mean is said at `Scene`.

    Parts of one turn are shown as paragraphs. CARE is `tutor.safety`'s; EXPLAIN and ANSWER give
    only what stands around an explanation.
    """
    scene = Scene(
        language=language,
        item=item,
        step=step,
        state=state,
        verdict=verdict,
        hint=hint,
        answer=answer,
        intent=intent,
        moves=moves,
        on_scaffold=on_scaffold,
        problem_shown=problem_shown,
        number=number,
        total=total,
        summary=summary,
        seed=seed,
    )
    return _TEXTS[move](scene)
