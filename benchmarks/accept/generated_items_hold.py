"""500 generated problems over all generators and both languages: right, distinct, silent, sound.

Every key is computed again by another way than the one that made it, and graded by the grader that
learners meet. Controls show that each check can fail: changed keys must be noticed, and hints that
give the key away must be.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.stage.verdict import Verdict, present
from tutor.bank.generators import GENERATORS, generate, recompute
from tutor.bank.generators.soundness import gives_away
from tutor.bank.item import AnswerType, Hint, Item
from tutor.bank.rules import complaints
from tutor.grading.equivalence import says_key
from tutor.grading.grader import grade_quickly
from tutor.grading.verdict import Outcome
from tutor.language import Language

ITEMS = 500
FIRST_SEED = 50_000  # others than the tests use


async def examine(verdict: Verdict) -> None:
    items = await asyncio.to_thread(_items)
    kinds = Counter(item.steps[0].answer.type.value for item in items)
    verdict.note(f"{len(items)} items of {len(GENERATORS)} generators: {dict(kinds)}")
    _judge_coverage(verdict, items)
    _judge_keys(verdict, items)
    _judge_choices(verdict, items)
    _judge_form(verdict, items)
    _judge_hints(verdict, items)
    _judge_twins(verdict, items)


def _items() -> list[Item]:
    """Each generator in turn; a round of them in English, the next in Chinese."""
    names, languages = list(GENERATORS), list(Language)
    return [
        generate(
            names[at % len(names)],
            FIRST_SEED + at // len(names),
            languages[at // len(names) % len(languages)],
        )
        for at in range(ITEMS)
    ]


def _judge_coverage(verdict: Verdict, items: Sequence[Item]) -> None:
    made = {(_generator(item), item.language) for item in items}
    wanted = len(GENERATORS) * len(Language)
    verdict.check(
        "every generator in both languages",
        f"{len(made)} of {wanted} pairs, {len(items)} items",
        len(made) == wanted and len(items) == ITEMS,
    )


def _judge_keys(verdict: Verdict, items: Sequence[Item]) -> None:
    wrong = [item.key for item in items if not recompute(item)]
    _all(verdict, "keys computed again by another way", items, wrong)
    answers = [(item, answer) for item in items for answer in item.steps[0].answer.answers]
    refused = [item.key for item, answer in answers if not _graded(item, answer, Outcome.RIGHT)]
    _all(verdict, "accepted answers that the grader takes", answers, refused)
    changed = [_with_wrong_key(item) for item in items]
    missed = [item.key for item in changed if recompute(item)]
    _all(verdict, "control: changed keys that are noticed", changed, missed)


def _with_wrong_key(item: Item) -> Item:
    """With a wrong choice as the key, or with another digit or letter at its end."""
    step = item.steps[0]
    key = step.answer
    if key.type is AnswerType.CHOICE:
        wrong = next(choice for choice in key.choices if choice not in key.answers)
    elif key.type is AnswerType.TEXT:
        wrong = key.answers[0] + "x"
    else:
        wrong = _with_other_digit(key.answers[0])
    return replace(item, steps=(replace(step, answer=replace(key, answers=(wrong,))),))


def _with_other_digit(answer: str) -> str:
    at = max(place for place, letter in enumerate(answer) if letter.isdigit())
    return f"{answer[:at]}{(int(answer[at]) + 1) % 9 + 1}{answer[at + 1 :]}"


def _judge_choices(verdict: Verdict, items: Sequence[Item]) -> None:
    choosing = [item for item in items if item.steps[0].answer.choices]
    wrong = [
        (item, choice)
        for item in choosing
        for choice in item.steps[0].answer.choices
        if choice not in item.steps[0].answer.answers
    ]
    taken = [item.key for item, choice in wrong if not _graded(item, choice, Outcome.WRONG)]
    _all(verdict, "wrong choices that the grader refuses", wrong, taken)
    also = [item.key for item, choice in wrong if _also_right(item, choice)]
    _all(verdict, "wrong choices that are also wrong when computed", wrong, also)


def _also_right(item: Item, choice: str) -> bool:
    step = item.steps[0]
    return recompute(
        replace(item, steps=(replace(step, answer=replace(step.answer, answers=(choice,))),))
    )


def _judge_form(verdict: Verdict, items: Sequence[Item]) -> None:
    poor = [f"{item.key}: {found[0]}" for item in items if (found := complaints(item))]
    _all(verdict, "valid items, their choices of distinct value", items, poor)


def _judge_hints(verdict: Verdict, items: Sequence[Item]) -> None:
    early = [(item, hint) for item in items for hint in item.steps[0].hints[:-1]]
    _all(
        verdict,
        "hints before the last that keep the key",
        early,
        [f"{item.key}: {hint.text}" for item, hint in early if _tells(item, hint)],
    )
    last = [(item, item.steps[0].hints[-1]) for item in items]
    _all(
        verdict,
        "control: last hints that are seen to give it away",
        last,
        [f"{item.key}: {hint.text}" for item, hint in last if not _tells(item, hint)],
    )


def _tells(item: Item, hint: Hint) -> bool:
    """By the generators' own check or by that of the dialogue, whichever sees it."""
    key = item.steps[0].answer
    return gives_away(key, hint.text) or bool(says_key(key, hint.text))


def _judge_twins(verdict: Verdict, items: Sequence[Item]) -> None:
    """The same seed gives the same problem again, and in the other language the same key."""
    drifted = [item.key for item in items if not _has_its_twin(item)]
    _all(verdict, "items made again alike, with a twin of the same key", items, drifted)


def _has_its_twin(item: Item) -> bool:
    name, seed = item.family.split(":")
    twins = {one.value: generate(name, int(seed), one) for one in Language}
    keys = {twin.steps[0].answer for twin in twins.values()}
    return twins[item.language] == item and len(keys) == 1


def _graded(item: Item, answer: str, wanted: Outcome) -> bool:
    found = grade_quickly(item.steps[0].answer, answer, Language(item.language))
    return found is not None and found.outcome is wanted


def _generator(item: Item) -> str:
    return item.family.split(":")[0]


def _all(verdict: Verdict, claim: str, among: Sequence[object], failed: Sequence[str]) -> None:
    measured = f"{len(among) - len(failed)} of {len(among)}"
    shown = f"; first: {failed[0]}" if failed else ""
    verdict.check(claim, measured + shown, bool(among) and not failed)


def main() -> int:
    return present("Generated items hold", examine)


if __name__ == "__main__":
    sys.exit(main())
