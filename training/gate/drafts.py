"""The tutoring measures: what an arm drafts for a move, before any check and template.

An arm is asked exactly as in a lesson, and its draft is held to what a lesson demands: every
sentence that would be shown passes the release, and where the words stand alone they say what the
move needs. The key is looked for in the whole draft.
"""

import re
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from training.datasets.example import Example
from training.gate.arms import Arm, Asking, Reply, Side
from training.gate.bootstrap import Part
from training.gate.questions import Question, ask_all
from training.gate.results import Results
from training.gate.taken import Taken
from tutor.engine.contract import TextDelta
from tutor.engine.profiles import ModelProfile, Quality
from tutor.moves import Move, speaks
from tutor.pedagogy.brief import Brief, brief_from_json
from tutor.pedagogy.instructions import Style, instructions
from tutor.pedagogy.phrasing import (
    LIMITS,
    PHRASABLE,
    covers,
    split_sentences,
)
from tutor.pedagogy.release import Release
from tutor.safety.output import harm_in
from tutor.tuning.report import MeasureName

NUMBER = re.compile(r"\d+(?:\.\d+)?(?:/\d+)?")


@dataclass(frozen=True, slots=True)
class Case:
    """A moment of a lesson that no training saw."""

    group: str
    brief: Brief


@dataclass(frozen=True, slots=True)
class Judged:
    """None where it can't be told: no key to keep, no attempt to take up."""

    accepted: bool
    leaks: bool | None
    refers: bool | None


Drafts = Mapping[Side, Sequence[Judged]]


def cases_of(examples: Sequence[Example], profile: ModelProfile, most: int) -> list[Case]:
    """Moments that a model of this kind would word, the moves in turn."""
    by_move: dict[Move, list[Case]] = defaultdict(list)
    for example in examples:
        if example.brief is not None:
            brief = brief_from_json(example.brief)
            if brief.move in PHRASABLE and speaks(profile, brief.language):
                by_move[brief.move].append(Case(example.group, brief))
    queues = [by_move[move] for move in sorted(by_move)]
    longest = max(map(len, queues), default=0)
    taken = [queue[turn] for turn in range(longest) for queue in queues if turn < len(queue)]
    return taken[:most]


def usual_style(profile: ModelProfile) -> Style:
    """How a model of this quality is asked when no adapter answers."""
    return Style.SMALL if profile.quality <= Quality.BASIC else Style.LARGE


def style_trained_on(examples: Sequence[Example], usual: Style) -> Style:
    """The style whose instructions most of the examples begin with, else the usual one."""
    counts = dict.fromkeys(Style, 0)
    for example in examples:
        if example.brief is None:
            continue
        brief = brief_from_json(example.brief)
        asked = [(one.role, one.content) for one in example.messages[:-1]]
        for style in Style:
            if brief.move in PHRASABLE:
                told = instructions(brief, style=style)
                counts[style] += asked == [(one.role, one.content) for one in told]
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else usual


async def drafted(
    asking: Asking,
    results: Results,
    arms: Sequence[Arm],
    cases: Sequence[Case],
    profile: ModelProfile,
    done: Callable[[], Awaitable[None]],
) -> dict[Side, list[Judged]]:
    """Every arm's draft for every case, judged."""
    adds = profile.quality <= Quality.BASIC

    def question(arm: Arm, case: Case) -> Question:
        messages = instructions(case.brief, style=arm.style)
        limits = LIMITS[arm.style]

        async def ask() -> dict[str, Any]:
            reply = await asking.reply(arm, messages, limits.tokens, limits.sampling)
            return reply.to_json()

        asked = [(one.role, one.content) for one in messages]
        return Question(arm, repr((asked, limits)), ask)

    places = [(arm, case) for case in cases for arm in arms]
    found = await ask_all(asking, results, [question(*place) for place in places], done)
    drafts: dict[Side, list[Judged]] = {arm.side: [] for arm in arms}
    for (arm, case), known in zip(places, found, strict=True):
        most = LIMITS[arm.style].sentences
        one = await judged(case.brief, Reply.from_json(known), adds=adds, sentences=most)
        drafts[arm.side].append(one)
    return drafts


async def judged(brief: Brief, reply: Reply, *, adds: bool, sentences: int) -> Judged:
    """A draft as a lesson would take it, of which it shows so many sentences; `adds` where it
    follows a template that says it all."""
    release, shown, refused = Release(brief), "", False
    most = sentences
    async with aclosing(split_sentences(_as_stream(reply))) as split:
        async for sentence in split:
            refused = bool(release.check(shown + sentence) or harm_in(sentence))
            if refused:
                break
            shown += sentence
            most -= 1
            if not most:
                break
    accepted = bool(shown) and not refused and (adds or covers(shown, brief))
    leaks = None if brief.secret is None else release.tells_key(reply.text)
    return Judged(accepted, leaks, refers(reply.text, brief.attempt) if brief.attempt else None)


def refers(draft: str, attempt: str) -> bool:
    """Whether the draft contains the attempt: its words, or every number in it."""
    here = " ".join(draft.casefold().split())
    written = " ".join(attempt.casefold().split()).strip(" ?!.。？！")
    numbers = NUMBER.findall(written)
    standing = set(NUMBER.findall(here))
    return written in here if not numbers else standing.issuperset(numbers)


def taken(cases: Sequence[Case], drafts: Drafts) -> list[Taken]:
    """The three measures; one that no case allows is left out."""
    groups = tuple(case.group for case in cases)
    fields = (
        (MeasureName.ACCEPTED, "accepted"),
        (MeasureName.LEAKS, "leaks"),
        (MeasureName.REFERS, "refers"),
    )
    measures = [
        Taken(
            name,
            groups,
            {side: tuple(_part(getattr(one, field)) for one in drafts[side]) for side in drafts},
        )
        for name, field in fields
    ]
    return [one for one in measures if any(part.of for part in one.parts[Side.BASE])]


def _part(told: bool | None) -> Part:
    return Part(0.0, 0.0) if told is None else Part(float(told))


async def _as_stream(reply: Reply) -> AsyncGenerator[TextDelta, None]:
    yield TextDelta(text=reply.text)
    yield TextDelta(finish=reply.finish)
