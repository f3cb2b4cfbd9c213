"""Messages as teenagers write them lead to the right move, in English, Chinese and both mixed.

The whole way is taken: the intent is read, an attempt is graded, the policy decides. The share of
messages on which nothing was tuned is printed by itself.
"""

import asyncio
import sys

from benchmarks.messages import (
    STATES,
    STEPS,
    Message,
    Part,
    decided,
    intent_of,
    leads_to,
    messages,
    share,
)
from tutor.grading.grader import Grader
from tutor.language import Language
from tutor.pedagogy.attempts import answer_in
from tutor.pedagogy.dialogue import Intent

FEWEST, TARGET = 300, 0.95


async def _led_to(message: Message, grader: Grader) -> str:
    intent = intent_of(message)
    verdict = None
    if intent is Intent.ATTEMPT:
        step = STEPS[message.step]
        answer = answer_in(message.text, step, STATES[message.state])
        verdict = await grader.grade(step.answer, answer, Language.ENGLISH)
    return leads_to(decided(message, intent, verdict))


async def _measured() -> dict[Part, list[bool]]:
    grader = Grader()
    hits: dict[Part, list[bool]] = {part: [] for part in Part}
    try:
        await grader.ready()
        for message in messages():
            move = await _led_to(message, grader)
            hits[message.part].append(move in message.expected)
            if move not in message.expected:
                wanted = " or ".join(message.expected)
                print(f"{message.text!r} ({message.step}, {message.state}): {move}, not {wanted}")
    finally:
        await grader.close()
    return hits


def main() -> int:
    """0 if enough messages lead to the right move."""
    hits = asyncio.run(_measured())
    whole = [hit for part in hits.values() for hit in part]
    shares = ", ".join(f"{part.value} {share(found):.1%}" for part, found in hits.items())
    print(f"{share(whole):.1%} of {len(whole)} messages lead to the right move ({shares})")
    return 0 if len(whole) >= FEWEST and share(whole) >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
